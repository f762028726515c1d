package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"seance/web"
)

func TestMain(m *testing.M) {
	testscript.Main(once{m}, map[string]func(){"seance": main})
}

// The scripts run the real program as a person or a service manager would.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("SEANCE_OPERATOR_ADDR", "off") // scripts run side by side, and it has one usual address
			e.Setenv("SEANCE_KIRO_USER", "off")     // nor do they look into anybody's home
			fixtures, err := filepath.Abs("../../steering/testdata/kiro")
			if err != nil {
				return err
			}
			e.Setenv("FIXTURES", fixtures)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"free":  free,
			"await": await,
			"http":  request,
			"begin": begun,
			"term":  term,
			"squat": squat,
		},
		Condition: func(name string) (bool, error) { // [linux] and the like are there already
			if name != "board" {
				return false, fmt.Errorf("no condition %q", name)
			}
			_, built := web.Board()
			return built, nil
		},
	})
}

// free NAME sets NAME to an address of this machine that nobody listens on.
func free(ts *testscript.TestScript, _ bool, args []string) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv(args[0], ln.Addr().String())
	ts.Setenv(args[0]+"_PORT", strconv.Itoa(ln.Addr().(*net.TCPAddr).Port))
	ts.Check(ln.Close())
}

// await URL waits until URL answers 200.
func await(ts *testscript.TestScript, _ bool, args []string) {
	deadline := time.Now().Add(20 * time.Second)
	for time.Now().Before(deadline) {
		res, err := http.Get(args[0])
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(20 * time.Millisecond) // another process: there is nothing else to wait on
	}
	ts.Fatalf("%s does not answer", args[0])
}

// http METHOD URL STATUS [TEXT] makes a request and holds its answer against what is wanted.
func request(ts *testscript.TestScript, _ bool, args []string) {
	req, err := http.NewRequest(args[0], args[1], nil)
	ts.Check(err)
	res, err := http.DefaultClient.Do(req)
	ts.Check(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	ts.Check(err)
	if got := strconv.Itoa(res.StatusCode); got != args[2] {
		ts.Fatalf("%s: %s %s, want %s", args[1], got, body, args[2])
	}
	if len(args) > 3 && !strings.Contains(string(body), args[3]) {
		ts.Fatalf("%s: %s, want it to hold %q", args[1], body, args[3])
	}
}

// begin URL opens a session and sets CODE to its code.
func begun(ts *testscript.TestScript, _ bool, args []string) {
	res, err := http.Post(args[0]+"/api/sessions", "application/json", bytes.NewBufferString(`{"host_name":"Ann"}`))
	ts.Check(err)
	defer res.Body.Close()
	var answer struct {
		Data struct {
			Session struct{ Code string }
		}
	}
	ts.Check(json.NewDecoder(res.Body).Decode(&answer))
	if answer.Data.Session.Code == "" {
		ts.Fatalf("status %d without a code", res.StatusCode)
	}
	ts.Setenv("CODE", answer.Data.Session.Code)
}

// term sends SIGTERM to what runs in the background, as service managers do.
func term(ts *testscript.TestScript, _ bool, _ []string) {
	for _, cmd := range ts.BackgroundCmds() {
		ts.Check(cmd.Process.Signal(syscall.SIGTERM))
	}
}

// squat NAME sets NAME to an address of this machine that somebody else listens on while the script runs.
func squat(ts *testscript.TestScript, _ bool, args []string) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv(args[0], ln.Addr().String())
	ts.Defer(func() { ts.Check(ln.Close()) })
}
