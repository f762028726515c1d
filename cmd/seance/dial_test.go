package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"seance/internal/bench"
	"seance/spirit/llm/llmtest"
)

// With no key configured the program calls nobody: while a table is played at, every socket that it connects, of
// whatever kind, goes to this machine itself. The kernel is asked, through strace, which sees what any library does.
func TestNobodyIsCalled(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the kernel's own account of connections is read with strace, which is Linux's")
	}
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Fatal("strace is missing: .ci/needs installs it")
	}
	trace, traced := below(t, strace)
	addr, err := bench.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	// Open to the Wi-Fi, so that it looks for its address there, too.
	_, port, _ := strings.Cut(addr, ":")
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	server, err := bench.StartServer(ctx, bench.ServerOptions{
		Program: traced, Addr: "0.0.0.0:" + port, Data: t.TempDir(),
		Env: []string{"SEANCE_TEMPO=0.02", "SEANCE_LIMITS=on", "SEANCE_LIMIT_QUESTION_EVERY=1ms"},
	})
	if err != nil {
		t.Fatal(err)
	}
	guest := sitDown(ctx, t, server.Address)
	for _, question := range []string{"Who is there?", "What is your name?", "Will it rain?", "Where are you from?", "Goodbye?"} {
		if h := guest.ask(ctx, t, question); h.Source != "oracle" {
			t.Errorf("%q is answered by %s", question, h.Source)
		}
	}
	for _, path := range []string{"/", "/api/spirits", "/healthz", "/api/sessions/" + guest.Session.Code + "/history"} {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, server.Address+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+guest.Token)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
	}
	guest.board.Cut()
	if err := server.Stop(); err != nil {
		t.Errorf("closing: %v", err)
	}
	written(t, trace)
	outbound, seen := foreign(t, trace)
	for _, line := range outbound {
		t.Errorf("called out: %s", line)
	}
	t.Logf("%d calls of the kernel name an address", seen)

	// And strace does see it when the program calls somebody.
	mind := llmtest.New(t, llmtest.Say("YES"))
	trace, traced = below(t, strace)
	ask := exec.CommandContext(ctx, traced, "ask", "--provider", "openai", "--json", "Is anyone there?")
	ask.Env = []string{"OPENAI_API_KEY=k", "SEANCE_OPENAI_MODEL=m", "SEANCE_OPENAI_BASE_URL=" + mind.URL}
	if said, err := ask.CombinedOutput(); err != nil || !strings.Contains(string(said), `"board":"YES"`) {
		t.Fatalf("%v: %s", err, said)
	}
	written(t, trace)
	if _, seen := foreign(t, trace); seen == 0 {
		t.Error("strace does not see a call to a mind")
	}
}

// below makes a program that runs the real one below strace, under the process id that it has alone, and the file in
// which strace puts down whom it calls.
func below(t *testing.T, strace string) (trace, traced string) {
	t.Helper()
	dir := t.TempDir()
	trace, traced = filepath.Join(dir, "trace"), filepath.Join(dir, "traced")
	script := fmt.Sprintf("#!/bin/sh\nexec '%s' -D -f -q -e trace=connect,sendto,sendmsg,sendmmsg -e signal=none -o '%s' '%s' \"$@\"\n",
		strace, trace, program(t))
	if err := os.WriteFile(traced, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return trace, traced
}

// written waits until strace has put down the end of the program.
func written(t *testing.T, trace string) {
	t.Helper()
	for until := time.Now().Add(20 * time.Second); time.Now().Before(until); time.Sleep(10 * time.Millisecond) {
		raw, err := os.ReadFile(trace)
		if lines := strings.Split(strings.TrimSpace(string(raw)), "\n"); err == nil && strings.HasSuffix(lines[len(lines)-1], "+++ exited with 0 +++") {
			return
		}
	}
	t.Fatal("strace does not tell of the program's end")
}

// What the reader of traces takes for a call to elsewhere.
func TestForeign(t *testing.T) {
	trace := filepath.Join(t.TempDir(), "trace")
	if err := os.WriteFile(trace, []byte(strings.Join([]string{
		`1 connect(7, {sa_family=AF_UNIX, sun_path="/run/x"}, 9) = 0`,
		`1 connect(7, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.53")}, 16) = 0`,
		`1 connect(7, {sa_family=AF_INET6, sin6_port=htons(80), inet_pton(AF_INET6, "::1", &sin6_addr)}, 28 <unfinished ...>`,
		`1 connect(7, {sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("192.0.2.1")}, 16) = 0`,
		`1 connect(7, {sa_family=AF_INET6, sin6_port=htons(443), inet_pton(AF_INET6, "2001:db8::1", &sin6_addr)}, 28) = -1`,
		`1 sendto(7, "x", 1, 0, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("8.8.8.8")}, 16) = 1`,
		`1 sendto(7, "x", 1, 0, NULL, 0) = 1`,
	}, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	if outbound, seen := foreign(t, trace); len(outbound) != 3 || seen != 6 {
		t.Errorf("%d of %d go elsewhere: %q", len(outbound), seen, outbound)
	}
}

var addressed = regexp.MustCompile(`sa_family=(AF_\w+)`)
var within = regexp.MustCompile(`inet_addr\("127\.|inet_pton\(AF_INET6, "::1"|inet_pton\(AF_INET6, "::ffff:127\.`)

// foreign lists the lines of a trace in which an address is named that is none of this machine, and counts all that name
// one. Netlink is how interfaces are read.
func foreign(t *testing.T, trace string) (outbound []string, seen int) {
	t.Helper()
	f, err := os.Open(trace)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		family := addressed.FindStringSubmatch(lines.Text())
		if family == nil {
			continue
		}
		seen++
		switch {
		case family[1] == "AF_UNIX" || family[1] == "AF_NETLINK" || family[1] == "AF_UNSPEC":
		case within.MatchString(lines.Text()):
		default:
			outbound = append(outbound, lines.Text())
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return outbound, seen
}
