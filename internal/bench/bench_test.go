package bench

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"
)

func TestPercentiles(t *testing.T) {
	var s samples
	for i := range 1000 {
		s.add(time.Duration(i+1) * time.Millisecond)
	}
	if got, want := s.percentiles(), (Percentiles{N: 1000, P50: 501, P95: 951, P99: 991, Max: 1000}); got != want {
		t.Errorf("percentiles are %+v, want %+v", got, want)
	}
	if got := new(samples).percentiles(); got != (Percentiles{}) {
		t.Errorf("nothing measured gives %+v", got)
	}
}

func TestLoadStaysOnThisMachine(t *testing.T) {
	for _, address := range []string{"http://192.168.1.7:8000", "http://example.org", "http://10.0.0.1", "::", ""} {
		if _, err := Run(context.Background(), Options{Address: address}); err == nil || strings.Contains(err.Error(), "open a table") {
			t.Errorf("%q was loaded: %v", address, err)
		}
	}
}

func TestReportSaysWhatWasMissed(t *testing.T) {
	good := func() Report {
		return Report{Latencies: []Latency{
			{Key: "ack", Name: "acknowledgement", Percentiles: Percentiles{N: 10, P95: 1}, PromisedP95: 50},
			{Key: "back", Name: "back again", Percentiles: Percentiles{N: 10, P95: 1000}},
		}}
	}
	if !good().Passed() {
		t.Error("a report with every promise held does not pass")
	}
	for name, spoil := range map[string]func(*Report){
		"MISSED":       func(r *Report) { r.Latencies[0].P95 = 51 },
		"not measured": func(r *Report) { r.Latencies[0].Percentiles = Percentiles{} },
		"1 failures":   func(r *Report) { r.Failures = 1 },
	} {
		bad := good()
		spoil(&bad)
		if bad.Passed() {
			t.Errorf("%s: the report passes", name)
		}
		var out bytes.Buffer
		bad.Print(&out)
		if !strings.Contains(out.String(), name) {
			t.Errorf("the report does not say %q:\n%s", name, out.String())
		}
	}
}

func TestLoadIsBounded(t *testing.T) {
	for name, o := range map[string]Options{
		"people":     {Sessions: 10_000, Players: 10},
		"a table":    {Players: 51},
		"hands":      {Players: 2, Hands: 3},
		"minus one":  {Sessions: -1},
		"too long":   {Duration: time.Hour},
		"too dense":  {QuestionEvery: time.Microsecond},
		"no such":    {Scenario: "ragnarok"},
		"sockets":    {Scenario: "storm", Connections: 1_000_000},
		"frames":     {Scenario: "hostile", Frames: 100_000_000},
		"REST calls": {RESTPerSecond: 1 << 30},
	} {
		o.Address = "http://127.0.0.1:1"
		if _, err := Run(context.Background(), o); err == nil || strings.Contains(err.Error(), "refused") {
			t.Errorf("%s: the load was begun: %v", name, err)
		}
	}
}

// The fields are those of proc(5); a program's name may hold anything.
func TestProcIsRead(t *testing.T) {
	stat := "417 (sea (nce) R 1) S 1 417 417 0 -1 4194560 9000 0 12 0 1234 66 0 0 20 0 9 0 55 1250000 4000 18446744073709551615"
	if got, err := cpuIn([]byte(stat)); err != nil || got != 13*time.Second {
		t.Errorf("CPU is %v, %v, want 13 s", got, err)
	}
	if _, err := cpuIn([]byte("417 (seance) S 1")); err == nil {
		t.Error("a stat file that is cut off is read")
	}
	rollup := "00400000-7ffe ---p 00000000 00:00 0 [rollup]\nRss:    24572 kB\nAnonymous:         1744 kB\nSwap: 0 kB\n"
	if got, err := anonymousIn([]byte(rollup)); err != nil || got != 1744<<10 {
		t.Errorf("memory is %d, %v, want 1744 KB", got, err)
	}
	if got, err := privateIn([]byte("5000 300 100 10 0 90 0"), 4096); err != nil || got != 200*4096 {
		t.Errorf("memory is %d, %v, want 200 pages", got, err)
	}
}

func TestCostSaysWhyItIsUnknown(t *testing.T) {
	var m meter
	m.before()
	m.begin()
	m.end(10)
	m.seated(3)
	var out bytes.Buffer
	m.report().print(&out)
	if !strings.Contains(out.String(), errNotOurs.Error()) {
		t.Errorf("of somebody else's server it says %q", out.String())
	}
}
