package main

import (
	"net"
	"net/netip"
	"os"
	"strings"
	"testing"

	"rsc.io/qr"
)

func TestReach(t *testing.T) {
	wifi := func() (netip.Addr, bool) { return netip.MustParseAddr("192.168.1.20"), true }
	none := func() (netip.Addr, bool) { return netip.Addr{}, false }
	for name, test := range map[string]struct {
		listens string
		lan     func() (netip.Addr, bool)
		want    reach
	}{
		"everywhere":              {"[::]:8000", wifi, reach{here: "http://localhost:8000", lan: "http://192.168.1.20:8000"}},
		"everywhere, no wifi":     {"0.0.0.0:8000", none, reach{here: "http://localhost:8000"}},
		"here alone":              {"127.0.0.1:8000", wifi, reach{here: "http://127.0.0.1:8000", alone: true}},
		"here alone by IPv6":      {"[::1]:8000", wifi, reach{here: "http://[::1]:8000", alone: true}},
		"on one of its addresses": {"10.0.0.7:80", wifi, reach{here: "http://10.0.0.7:80", lan: "http://10.0.0.7:80"}},
	} {
		t.Run(name, func(t *testing.T) {
			at := net.TCPAddrFromAddrPort(netip.MustParseAddrPort(test.listens))
			if got := reachOf(at, test.lan); got != test.want {
				t.Errorf("%+v, want %+v", got, test.want)
			}
		})
	}
}

// A camera reads what is drawn: the blocks, put back into modules, are the code.
func TestCodeForPhones(t *testing.T) {
	const url = "http://192.168.1.20:8000"
	drawn, err := qrCode(url)
	if err != nil {
		t.Fatal(err)
	}
	code, err := qr.Encode(url, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	for row, line := range strings.Split(strings.TrimSuffix(drawn, "\n"), "\n") {
		line = strings.TrimSuffix(strings.TrimPrefix(line, "  \x1b[30;107m"), "\x1b[0m")
		for column, block := range []rune(line) {
			x, y := column-quiet, 2*row-quiet
			if got, want := block == '█' || block == '▀', code.Black(x, y); got != want {
				t.Fatalf("module %d,%d is %v, want %v", x, y, got, want)
			}
			if got, want := block == '█' || block == '▄', code.Black(x, y+1); got != want {
				t.Fatalf("module %d,%d is %v, want %v", x, y+1, got, want)
			}
		}
		if n := len([]rune(line)); n != code.Size+2*quiet {
			t.Fatalf("row %d is %d wide, want %d", row, n, code.Size+2*quiet)
		}
	}
}

func TestHello(t *testing.T) {
	wifi := reach{here: "http://localhost:8000", lan: "http://192.168.1.20:8000"}
	said := func(c config, r reach) string {
		var b strings.Builder
		if err := hello(&b, &c, r, c.features(false, nil)); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	for name, test := range map[string]struct {
		said  string
		wants []string
	}{
		"in the Wi-Fi":               {said(config{Limits: "on"}, wifi), []string{"On this machine   http://localhost:8000", "In the same Wi-Fi http://192.168.1.20:8000", "off  board", "make build"}},
		"in the world":               {said(config{PublicURL: "https://seance.example"}, wifi), []string{"Everywhere        https://seance.example", "on   public address"}},
		"alone":                      {said(config{}, reach{here: "http://127.0.0.1:8000", alone: true}), []string{"not to be reached: --addr :8000"}},
		"for who runs it":            {said(config{Operator: "127.0.0.1:8001"}, wifi), []string{"on   operator's side", "127.0.0.1:8001: /healthz, /metrics"}},
		"not for who runs it":        {said(config{}, wifi), []string{"off  operator's side", "SEANCE_OPERATOR_ADDR=host:port"}},
		"a database with a password": {said(config{Database: "postgres://ann:hunter2@db/seance"}, wifi), []string{"postgres://…@db/seance"}},
	} {
		for _, want := range test.wants {
			if !strings.Contains(test.said, want) {
				t.Errorf("%s: lacks %q in\n%s", name, want, test.said)
			}
		}
		if strings.Contains(test.said, "hunter2") || strings.Contains(test.said, "█") {
			t.Errorf("%s: says too much:\n%s", name, test.said)
		}
	}
}

func TestTerminal(t *testing.T) {
	f, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if isTerminal(f) || isTerminal(&strings.Builder{}) {
		t.Error("a file is taken for a terminal")
	}
}
