package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"seance/internal/bench"
	"seance/internal/wireclient"
	"seance/relay/wire"
)

// built is the real program, as the Makefile builds it; made once, when the first test needs it.
var built struct {
	once    sync.Once
	folder  string
	program string
	err     error
}

// program builds the real program, without the race detector: some tests look at what it needs.
func program(t *testing.T) string {
	t.Helper()
	built.once.Do(func() {
		if built.folder, built.err = os.MkdirTemp("", "seance-program-"); built.err != nil {
			return
		}
		built.program = filepath.Join(built.folder, "seance")
		build := exec.Command("go", "build", "-trimpath", "-o", built.program, ".")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if said, err := build.CombinedOutput(); err != nil {
			built.err = fmt.Errorf("%w: %s", err, said)
		}
	})
	if built.err != nil {
		t.Fatalf("build the program: %v", built.err)
	}
	return built.program
}

// once runs the tests and then removes the program that some of them needed.
type once struct{ tests *testing.M }

func (o once) Run() int {
	defer func() { _ = os.RemoveAll(built.folder) }() // nothing if it was not built
	return o.tests.Run()
}

// long reports whether slow proofs are wanted: make test-long sets it.
func long() bool { return os.Getenv("SEANCE_TEST_LONG") != "" }

// A place is somebody's at a table of the real program, over REST.
type place struct {
	Session     struct{ ID, Code string }
	Participant struct{ ID string }
	Token       string
}

// rest makes a call and reads what a success says into out. Connections are not kept: the program may be killed.
func rest(ctx context.Context, method, url, token, body string, out any) error {
	req, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Close = true
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %s %s", method, url, res.Status, raw)
	}
	return json.Unmarshal(raw, &struct{ Data any }{out})
}

// started runs the real program in a folder until the test ends or kills it.
func started(t *testing.T, o bench.ServerOptions) *bench.Server {
	t.Helper()
	o.Program = program(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	server, err := bench.StartServer(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Kill() }) // a test that failed has not stopped it
	return server
}

// faultless holds a program's log against what should never be in one.
func faultless(t *testing.T, log string) {
	t.Helper()
	for line := range strings.Lines(log) {
		if strings.Contains(line, "panic") || strings.Contains(line, "level=ERROR") || strings.Contains(line, "fatal error") {
			t.Errorf("the program says %s", line)
		}
	}
}

// A guest asks at a table of the real program and hears what is answered.
type guest struct {
	place
	board *wireclient.Client
}

// sitDown opens a session as Ann and takes a seat at it.
func sitDown(ctx context.Context, t *testing.T, server string) *guest {
	t.Helper()
	g := &guest{}
	if err := rest(ctx, http.MethodPost, server+"/api/sessions", "", `{"host_name":"Ann"}`, &g.place); err != nil {
		t.Fatal(err)
	}
	g.board = sit(ctx, t, server, wire.Plain, g.Token, nil)
	t.Cleanup(g.board.Cut)
	return g
}

// A spelling is an answer as a board is told of it.
type spelling struct {
	wire.SpiritResponse
	after time.Duration // from the question
	quiet bool          // the board was told that the line is quiet
}

// ask asks and waits for the board line of its answer.
func (g *guest) ask(ctx context.Context, t *testing.T, question string) (h spelling) {
	t.Helper()
	began := time.Now()
	asked, err := g.board.Ask(ctx, newID(), question)
	if err != nil {
		t.Fatal(err)
	}
	for event := range g.board.Events() {
		switch event.Name {
		case wire.EventSpiritQuiet:
			h.quiet = true
		case wire.EventSpiritResponse:
			if err := json.Unmarshal(event.Data, &h.SpiritResponse); err != nil {
				t.Fatal(err)
			}
			if h.QuestionSeq == nil || *h.QuestionSeq != asked.Seq {
				continue // spoken unasked
			}
			h.after = time.Since(began)
			return h
		}
	}
	t.Fatalf("no answer to %q: %v", question, g.board.Err())
	return h
}
