package main

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"seance/steering"
)

// A reach is where a server can be reached.
type reach struct {
	here  string // from this machine
	lan   string // from the same Wi-Fi; empty if it cannot be
	alone bool   // from this machine only, by the operator's choice
}

// reachOf says where a listener at addr can be reached; in the local network that is lan, if there is one.
func reachOf(addr net.Addr, lan func() (netip.Addr, bool)) reach {
	at := addr.(*net.TCPAddr).AddrPort()
	port := strconv.Itoa(int(at.Port()))
	web := func(host string) string { return "http://" + net.JoinHostPort(host, port) }
	ip := at.Addr().Unmap()
	switch {
	case ip.IsUnspecified():
		r := reach{here: web("localhost")}
		if found, ok := lan(); ok {
			r.lan = web(found.String())
		}
		return r
	case ip.IsLoopback():
		return reach{here: web(ip.String()), alone: true}
	default:
		return reach{here: web(ip.String()), lan: web(ip.String())}
	}
}

// A feature is something this program can do, and what switches it.
type feature struct {
	Name string `json:"name"`
	On   bool   `json:"on"`
	Note string `json:"note"` // what it does or, if it is off, what turns it on
}

func (f feature) state() string {
	if f.On {
		return "on"
	}
	return "off"
}

// hello tells a host what they need: where to go, what to show their friends, what is on and what turns the rest on.
// The code for phones is drawn on terminals only.
func hello(out io.Writer, cfg *config, r reach, features []feature) error {
	var b strings.Builder
	friends := cfg.PublicURL
	if friends == "" {
		friends = r.lan
	}
	fmt.Fprintf(&b, "\n  Séance is open.\n\n  On this machine   %s\n", r.here)
	switch {
	case cfg.PublicURL != "":
		fmt.Fprintf(&b, "  Everywhere        %s\n", cfg.PublicURL)
	case r.lan != "":
		fmt.Fprintf(&b, "  In the same Wi-Fi %s\n", r.lan)
	case r.alone:
		b.WriteString("  In the same Wi-Fi not to be reached: --addr :8000 opens the door\n")
	default:
		b.WriteString("  In the same Wi-Fi no network was found\n")
	}
	if friends != "" && isTerminal(out) {
		code, err := qrCode(friends)
		if err != nil {
			return fmt.Errorf("code for phones: %w", err)
		}
		b.WriteString("\n" + code)
	}
	b.WriteString("\n")
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, f := range features {
		fmt.Fprintf(table, "  %s\t%s\t%s\n", f.state(), f.Name, f.Note)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	b.WriteString("\n  Ctrl-C ends it.\n\n")
	_, err := io.WriteString(out, b.String())
	return err
}

// isTerminal reports whether what is written to w is looked at by a person right away.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// features lists what this build can do, and what turns on what is off.
func (c *config) features(board bool, spirits []steering.Persona) []feature {
	titles := make([]string, len(spirits))
	for i, p := range spirits {
		titles[i] = p.Title
	}
	own := filepath.Join(c.Kiro, "steering")
	_, err := os.Stat(own)
	list := []struct {
		feature
		turnOn string
	}{
		{feature{"board", board, "the game itself, in every browser"}, "make build puts it into this program"},
		{feature{"spirits", len(spirits) > 0, strings.Join(titles, ", ") + ": " + c.speakers()},
			"no document says `seance: spirit`"},
		{feature{"your own spirits", err == nil, "documents in " + own + " go before the program's"},
			"write steering documents in " + own},
		{feature{"hooks", c.Hooks == "on", "the spirit greets, breaks silences and more: seance hooks list"}, "SEANCE_HOOKS=on"},
		{feature{"commands of hooks", c.HookCommands, "hooks run commands on this machine"},
			"SEANCE_HOOK_COMMANDS=true lets hooks run commands on this machine"},
		{feature{"journal", true, shownURL(c.Database)}, ""},
		{feature{"limits", c.Limits == "on", "nobody asks, joins or calls too fast"}, "SEANCE_LIMITS=on"},
		{feature{"public address", c.PublicURL != "", "join links lead to " + c.PublicURL},
			"SEANCE_PUBLIC_URL=https://... for join links that work from everywhere"},
		{feature{"boards hosted apart", len(c.Origins) > 0, strings.Join(c.Origins, ", ")}, "CORS_ORIGINS=https://... lets them in"},
		{feature{"behind a proxy", len(c.Proxies) > 0, "X-Forwarded headers of your proxies count"},
			"SEANCE_TRUSTED_PROXIES names them"},
		{feature{"operator's side", c.Operator != "", c.Operator + ": /healthz, /metrics, /debug/pprof/"},
			"SEANCE_OPERATOR_ADDR=host:port opens it, for health, metrics and profiles"},
	}
	features := make([]feature, len(list))
	for i, f := range list {
		if !f.On {
			f.Note = f.turnOn
		}
		features[i] = f.feature
	}
	return slices.Insert(features, 2, c.mindFeatures()...)
}

// shownURL is a database's URL without what must not be shown.
func shownURL(url string) string {
	if scheme, rest, ok := strings.Cut(url, "://"); ok {
		if _, host, ok := strings.Cut(rest, "@"); ok {
			return scheme + "://…@" + host
		}
	}
	return url
}
