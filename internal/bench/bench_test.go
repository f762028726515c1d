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
	good := Percentiles{N: 10, P95: 1}
	r := Report{REST: good, Ack: good, FanOut: good, Typing: good, Stir: good, Announce: good}
	if !r.Passed() {
		t.Error("a report with every bar held does not pass")
	}
	for name, spoil := range map[string]func(*Report){
		"too slow":     func(r *Report) { r.Ack.P95 = 51 },
		"not measured": func(r *Report) { r.Stir = Percentiles{} },
		"failures":     func(r *Report) { r.Failures = 1 },
	} {
		bad := r
		spoil(&bad)
		if bad.Passed() {
			t.Errorf("%s: the report passes", name)
		}
	}
	r.Ack.P95 = 51
	r.Stir = Percentiles{}
	var out bytes.Buffer
	r.Print(&out)
	for _, want := range []string{"MISSED", "not measured", "ok"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the report does not say %q:\n%s", want, out.String())
		}
	}
}
