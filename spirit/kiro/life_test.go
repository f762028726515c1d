//go:build unix

package kiro

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seance/spirit"
)

const bell = "SOON\nwait for the bell"

// What is asked for while the turn is canceled is canceled, and the process answers the next question.
func TestCancel(t *testing.T) {
	t.Parallel()
	st := begin(t, prepare(t, script{Plays: []string{"acp-cancel"}}), bare)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := st.Complete(ctx, lighthouse, func(string) error {
		cancel()
		return nil
	})
	if kind(err) != spirit.FailedCanceled {
		t.Errorf("the call ended with %v", err)
	}
	if says, _, err := st.asks(lighthouse); says != bell || err != nil {
		t.Errorf("then said %q, %v", says, err)
	}
	st.consumed()
	if n := len(st.reports()); n != 1 {
		t.Errorf("%d processes were needed", n)
	}
}

// An error of emit ends the call as it is, and a panic of it costs the process, not the Provider.
func TestEmitEnds(t *testing.T) {
	t.Parallel()
	st := begin(t, prepare(t, script{}), nil)
	enough := errors.New("enough")
	if _, err := st.Complete(t.Context(), lighthouse, func(string) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("the call ended with %v", err)
	}
	func() {
		defer func() {
			if got := recover(); got != "boo" {
				t.Errorf("recovered %v", got)
			}
		}()
		_, _ = st.Complete(t.Context(), lighthouse, func(string) error { panic("boo") })
	}()
	if says, _, err := st.asks(lighthouse); says != bell || err != nil {
		t.Errorf("then said %q, %v", says, err)
	}
}

// The caller's deadline is a timeout; Kiro is told to stop, and does.
func TestDeadline(t *testing.T) {
	t.Parallel()
	st := begin(t, prepare(t, script{Plays: []string{"kiro-slow"}}), bare)
	if err := st.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	_, err := st.Complete(ctx, lighthouse, func(text string) error {
		t.Errorf("said %q", text)
		return nil
	})
	if kind(err) != spirit.FailedTimeout {
		t.Errorf("the call ended with %v", err)
	}
	if says, _, err := st.asks(lighthouse); says != bell || err != nil {
		t.Errorf("then said %q, %v", says, err)
	}
	st.consumed()
}

// A turn that does not stop costs the process with everything it started; another one takes its place.
func TestStuckIsKilled(t *testing.T) {
	t.Parallel()
	o := prepare(t, script{Plays: []string{"kiro-stuck"}})
	o.Limits.Cancel = 100 * time.Millisecond
	st := begin(t, o, bare)
	enough := errors.New("enough")
	if _, err := st.Complete(t.Context(), lighthouse, func(string) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("the call ended with %v", err)
	}
	if says, _, err := st.asks(lighthouse); says != bell || err != nil {
		t.Errorf("then said %q, %v", says, err)
	}
	st.consumed()
	if r := st.reports(); len(r) != 2 || r[0].Child == 0 {
		t.Errorf("the agents were %+v", r)
	}
}

// An agent that does not read what it is told is as good as gone.
func TestDoesNotRead(t *testing.T) {
	t.Parallel()
	o := prepare(t, script{Plays: []string{"kiro-deaf"}})
	o.Limits.Write = 100 * time.Millisecond
	st := begin(t, o, bare)
	long := spirit.Prompt{System: strings.Repeat("You are Margery. ", 100_000), Asked: "why?"} // more than a pipe holds
	if _, _, err := st.asks(long); kind(err) != spirit.FailedTruncated {
		t.Errorf("the call ended with %v", err)
	}
	if says, _, err := st.asks(lighthouse); says != bell || err != nil {
		t.Errorf("then said %q, %v", says, err)
	}
	st.consumed()
}

// session/new that never answers is given up, and session/load is no way out.
func TestNewHangs(t *testing.T) {
	t.Parallel()
	o := prepare(t, script{Plays: []string{"acp-fault-new-hangs"}})
	o.Limits.New = 200 * time.Millisecond
	st := begin(t, o, bare)
	eventually(t, "it is given up", func() bool { return strings.Contains(st.log.String(), "session/new: no answer in time") })
	if says, _, err := st.asks(lighthouse); says != bell || err != nil {
		t.Errorf("said %q, %v", says, err)
	}
	st.consumed()
}

// A process that leaves in mid-handshake is started again, and the log says its last words.
func TestExitInHandshake(t *testing.T) {
	t.Parallel()
	st := begin(t, prepare(t, script{Plays: []string{"acp-fault-exit-in-handshake"}}), bare)
	if says, _, err := st.asks(lighthouse); says != bell || err != nil {
		t.Errorf("said %q, %v", says, err)
	}
	st.consumed()
	if !strings.Contains(st.log.String(), "Bad file descriptor (os error 9)") {
		t.Error("the log does not hold the last words")
	}
}

// A process that dies while nobody asks is replaced before anybody does.
func TestDiesIdle(t *testing.T) {
	t.Parallel()
	st := begin(t, prepare(t, script{Plays: []string{"kiro-dies-idle", "kiro-dies-idle"}}), bare)
	eventually(t, "a third process starts", func() bool { return len(st.reports()) == 3 })
	if says, _, err := st.asks(lighthouse); says != bell || err != nil {
		t.Errorf("said %q, %v", says, err)
	}
	st.consumed()
}

// An agent that asks for things while nobody asks it gets its answers.
func TestAsksWhileIdle(t *testing.T) {
	t.Parallel()
	st := begin(t, prepare(t, script{Plays: []string{"kiro-idle"}}), bare)
	eventually(t, "it has its answers", func() bool {
		r := st.reports()
		return len(r) == 1 && r[0].Steps > 0 && r[0].Consumed >= r[0].Steps-3
	})
	if says, _, err := st.asks(lighthouse); says != "YES" || err != nil {
		t.Errorf("said %q, %v", says, err)
	}
	if says, _, err := st.asks(lighthouse); says != bell || err != nil {
		t.Errorf("then said %q, %v", says, err)
	}
	st.consumed()
}

// Nobody is signed in: callers hear so at once, and it is the real error that is logged.
func TestSignedOut(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]script{
		"the agent says it": {Plays: []string{"kiro-signed-out"}},
		"whoami says it":    {Plays: []string{"acp-fault-exit-in-handshake"}, SignedOut: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := prepare(t, s)
			o.Limits.FirstRestart, o.Limits.LastRestart = time.Hour, time.Hour
			st := begin(t, o, bare)
			if err := st.Ready(t.Context()); kind(err) != spirit.FailedAuth {
				t.Errorf("Ready: %v", err)
			}
			if _, err := st.Complete(t.Context(), lighthouse, nil); kind(err) != spirit.FailedAuth {
				t.Errorf("the call ended with %v", err)
			}
			st.consumed()
		})
	}
}

// Where neither our agent nor supervision is in force, nothing that people write gets to Kiro.
func TestTools(t *testing.T) {
	t.Parallel()
	for _, e := range []engine{V2, V3} {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			o := prepare(t, script{Plays: []string{"kiro-armed-" + string(e)}})
			o.Engine = string(e)
			o.Limits.FirstRestart, o.Limits.LastRestart = time.Hour, time.Hour
			st := begin(t, o, nil)
			if err := st.Ready(t.Context()); kind(err) != spirit.FailedBadRequest {
				t.Errorf("Ready: %v", err)
			}
			if _, err := st.Complete(t.Context(), lighthouse, nil); kind(err) != spirit.FailedBadRequest {
				t.Errorf("the call ended with %v", err)
			}
			st.consumed()
		})
	}
}

// One prompt at a time, one session a question, each closed; a process that served its time is replaced.
func TestProcessesAreReplaced(t *testing.T) {
	t.Parallel()
	for _, e := range []engine{V2, V3} {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			o := prepare(t, script{})
			o.Engine, o.Sessions = string(e), 2
			st := begin(t, o, nil)
			for range 5 {
				if says, _, err := st.asks(lighthouse); says != bell || err != nil {
					t.Errorf("said %q, %v", says, err)
				}
			}
			eventually(t, "what replaced processes kept is gone", func() bool {
				houses, err := filepath.Glob(filepath.Join(o.Dir, "*", "*"))
				return err == nil && len(houses) == 1
			})
			st.consumed()
			life := []string{"session/new", "session/prompt", e.closing()}
			if e == V3 {
				life = slices.Insert(life, 1, "session/set_config_option")
			}
			want := slices.Concat([]string{"initialize"}, life, life)
			for i, r := range st.reports()[:2] {
				if diff := cmp.Diff(want, r.Methods); diff != "" {
					t.Errorf("process %d was asked (-want +got):\n%s", i, diff)
				}
			}
		})
	}
}

// The agent may give itself another version than the program has: both are logged, neither decides anything.
func TestVersionsDiffer(t *testing.T) {
	t.Parallel()
	st := begin(t, prepare(t, script{}), nil)
	if says, _, err := st.asks(lighthouse); says != bell || err != nil {
		t.Errorf("said %q, %v", says, err)
	}
	eventually(t, "both versions are logged", func() bool {
		return strings.Contains(st.log.String(), `version="kiro-cli 2.16.0"`) && strings.Contains(st.log.String(), "agent_version=2.15.2")
	})
}

// Two processes answer two questions at once, each its own; the third caller waits no longer than is meant.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	o := prepare(t, script{})
	o.Processes = 2
	st := begin(t, o, nil)
	var both sync.WaitGroup
	both.Add(2)
	var calls sync.WaitGroup
	for range 2 {
		calls.Go(func() {
			if _, err := st.Complete(t.Context(), lighthouse, func(string) error {
				both.Done()
				both.Wait() // not before the other one speaks
				return nil
			}); err != nil {
				t.Error(err)
			}
		})
	}
	calls.Wait()
	st.consumed()
	if n := len(st.reports()); n != 2 {
		t.Errorf("%d processes were needed", n)
	}
}

func TestNoSessionIsReady(t *testing.T) {
	t.Parallel()
	o := prepare(t, script{})
	st := begin(t, o, nil)
	if err := st.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err := st.Complete(t.Context(), lighthouse, func(string) error {
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if _, err := st.Complete(ctx, lighthouse, nil); kind(err) != spirit.FailedTimeout {
			t.Errorf("the second call ended with %v", err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// What kiro-cli gets to see: its own directory, an empty home of Kiro, and of our environment what is on the list.
func TestIsolation(t *testing.T) {
	t.Parallel()
	o := prepare(t, script{})
	o.Key = "ksk_of_the_operator"
	st := begin(t, o, nil)
	if err := st.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "its version is known", func() bool { return strings.Contains(st.log.String(), "kiro-cli found") })
	var root []string
	eventually(t, "only the agent's directory is left", func() (one bool) {
		root, _ = filepath.Glob(filepath.Join(o.Dir, "*", "*"))
		return len(root) == 1
	})
	var files []string
	if err := filepath.WalkDir(root[0], func(path string, d os.DirEntry, err error) error {
		rel, _ := filepath.Rel(root[0], path)
		if d != nil && (!d.IsDir() || rel == "home") {
			files = append(files, rel)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"home", "work/.kiro/agents/seance-spirit.json", "work/.kiro/agents/seance-spirit.md"}, files); diff != "" {
		t.Errorf("its directory (-want +got):\n%s", diff)
	}
	want := []string{"HOME=" + st.home, "KIRO_API_KEY=ksk_of_the_operator", "KIRO_HOME=" + root[0] + "/home", "PATH=" + os.Getenv("PATH")}
	st.end()
	got := slices.DeleteFunc(st.reports()[0].Environ, func(pair string) bool { return strings.HasPrefix(pair, "PWD=") })
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("its environment (-want +got):\n%s", diff)
	}
	if strings.Contains(st.log.String(), "ksk_") {
		t.Error("the key is in the log")
	}
}

// Ending Run in the middle of an answer ends the answer, the process and all it started.
func TestRunEndsInMidAnswer(t *testing.T) {
	t.Parallel()
	st := begin(t, prepare(t, script{Plays: []string{"kiro-waits"}}), bare)
	_, err := st.Complete(t.Context(), lighthouse, func(string) error {
		st.cancel()
		return nil
	})
	if kind(err) != spirit.FailedTruncated {
		t.Errorf("the call ended with %v", err)
	}
	st.consumed()
}

// Nothing stays behind: no goroutine either. Not parallel, so that all goroutines of the package are this test's.
func TestNothingIsLeft(t *testing.T) {
	for _, play := range []string{"acp-v2", "kiro-stuck", "kiro-dies", "acp-fault-exit-in-handshake", "kiro-flood"} {
		o := prepare(t, script{Plays: []string{play}})
		o.Limits.Cancel, o.Processes = 50*time.Millisecond, 2
		st := begin(t, o, bare)
		_, _ = st.Complete(t.Context(), lighthouse, func(string) error { return errors.New("enough") })
		st.end()
		eventually(t, "all goroutines end after "+play, func() bool { return !strings.Contains(others(), "spirit/kiro.") })
	}
}

// others are the stacks of all goroutines but this one, the one that runs the tests, and tests that wait for their turn.
func others() string {
	buf := make([]byte, 1<<20)
	stacks := strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n")[1:]
	return strings.Join(slices.DeleteFunc(stacks, func(s string) bool {
		return strings.Contains(s, "testing.(*M).Run") || strings.Contains(s, "testing.(*T).Parallel")
	}), "\n\n")
}
