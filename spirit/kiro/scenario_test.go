//go:build unix

package kiro

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"seance/spirit"
)

// A stage is a Provider that runs on the fake.
type stage struct {
	*Provider
	t      testing.TB
	home   string
	cancel context.CancelFunc
	done   chan error
	log    *lines
}

// lines are what was logged.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// hurried are limits for tests: long where nothing should go wrong, however slow the machine.
var hurried = Limits{
	Init: 30 * time.Second, New: 30 * time.Second, Take: 30 * time.Second, Prompt: 30 * time.Second,
	Cancel: 30 * time.Second, Close: 30 * time.Second, Write: 30 * time.Second, End: 10 * time.Second,
	FirstRestart: time.Millisecond, LastRestart: 20 * time.Millisecond,
}

// prepare writes the script and returns options that play it.
func prepare(t testing.TB, s script) Options {
	t.Helper()
	home := t.TempDir()
	for i, play := range s.Plays {
		if play == "" {
			continue
		}
		path, err := filepath.Abs(filepath.Join("testdata", play+".jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		s.Plays[i] = path
	}
	raw, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, "script.json"), raw, 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return Options{
		Command: self, Dir: t.TempDir(), Processes: 1, Version: "0.1.0", Limits: hurried,
		Environ: []string{"HOME=" + home, "PATH=" + os.Getenv("PATH"), "SECRET=of ours", "OPENAI_API_KEY=of ours"},
	}
}

// begin runs a Provider. What it leaves behind is checked when the test ends.
func begin(t testing.TB, o Options, want func(*settings)) *stage {
	t.Helper()
	st := &stage{t: t, home: strings.TrimPrefix(o.Environ[0], "HOME="), done: make(chan error, 1), log: &lines{}}
	o.Logger = slog.New(slog.NewTextHandler(st.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var err error
	if st.Provider, err = New(o); err != nil {
		t.Fatal(err)
	}
	if want != nil {
		want(&st.want)
	}
	ctx, cancel := context.WithCancel(context.Background())
	st.cancel = cancel
	go func() { st.done <- st.Run(ctx) }()
	t.Cleanup(st.end)
	return st
}

// end ends Run and looks at what is left: nothing.
func (st *stage) end() {
	st.t.Helper()
	if st.cancel == nil {
		return
	}
	st.cancel()
	st.cancel = nil
	if err := <-st.done; err != nil {
		st.t.Errorf("Run: %v", err)
	}
	left, err := os.ReadDir(st.o.Dir)
	if err != nil || len(left) > 0 {
		st.t.Errorf("left behind: %v, %v", left, err)
	}
	for _, r := range st.reports() {
		if err := syscall.Kill(r.Pid, 0); !errors.Is(err, syscall.ESRCH) { // ours: waited for, or it would be a zombie
			st.t.Errorf("process %d is still there: %v", r.Pid, err)
		}
		if r.Child > 0 {
			eventually(st.t, "the child of an agent ends", func() bool { return !running(r.Child) })
		}
	}
	if st.t.Failed() {
		st.t.Logf("logged:\n%s", st.log)
	}
}

// reports are what the processes left of themselves, in the order in which they started.
func (st *stage) reports() []report {
	st.t.Helper()
	paths, err := filepath.Glob(filepath.Join(st.home, "report-*.json"))
	if err != nil {
		st.t.Fatal(err)
	}
	var all []report
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			st.t.Fatal(err)
		}
		var r report
		if err := json.Unmarshal(raw, &r); err != nil {
			continue // claimed and killed before it wrote anything
		}
		all = append(all, r)
	}
	return all
}

// consumed waits until every process has seen its whole transcript, ends Run, and fails the test if anything was wrong.
func (st *stage) consumed() {
	st.t.Helper()
	unfinished := func(r report) bool { return r.Wrong == "" && r.Consumed < r.Steps }
	for late := time.Now().Add(20 * time.Second); time.Now().Before(late) && slices.ContainsFunc(st.reports(), unfinished); {
		time.Sleep(2 * time.Millisecond)
	}
	st.end()
	all := st.reports()
	if len(all) == 0 {
		st.t.Fatal("no agent was started")
	}
	for i, r := range all {
		if r.Wrong != "" {
			st.t.Errorf("agent %d: %s", i, r.Wrong)
		}
		if r.Consumed != r.Steps {
			st.t.Errorf("agent %d: %d of %d steps were consumed", i, r.Consumed, r.Steps)
		}
	}
}

var lighthouse = spirit.Prompt{System: "<steering>You are Margery.</steering>", Asked: "Ash asks: are you alone?"}

// asks puts the prompt as soon as a process is up, and returns what was said.
func (st *stage) asks(p spirit.Prompt) (string, spirit.Result, error) {
	st.t.Helper()
	eventually(st.t, "a process comes up", func() bool { return st.down() == nil })
	var said strings.Builder
	result, err := st.Complete(context.Background(), p, func(text string) error {
		said.WriteString(text)
		return nil
	})
	return said.String(), result, err
}

// kind is the kind of failure that err is.
func kind(err error) spirit.FailureKind {
	if f, ok := errors.AsType[*spirit.Failure](err); ok {
		return f.Kind
	}
	return ""
}

// running reports whether a process that is not ours to wait for does anything still.
func running(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return syscall.Kill(pid, 0) == nil && !errors.Is(err, os.ErrNotExist)
	}
	_, state, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(state, "Z")
}

// eventually waits for something that another process does.
func eventually(t testing.TB, what string, done func() bool) {
	t.Helper()
	for late := time.Now().Add(20 * time.Second); !done(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(late) {
			t.Fatalf("it never happens: %s", what)
		}
	}
}

func bare(s *settings) { *s = settings{} }
