package hooks

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"seance/internal/seance"
)

// What happens reaches the hooks that wait for it, in order, and those only.
func TestHappened(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRunner(t, map[string]string{
			"b.json": file(agent("last", seance.ParticipantJoined, "3", "")),
			"a.json": file(
				agent("first", seance.ParticipantJoined, "1", ""), agent("mara", seance.ParticipantJoined, "2", `, "matcher": "^Mara$"`),
				agent("tom", seance.ParticipantJoined, "never", `, "matcher": "^Tom$"`),
				agent("off", seance.ParticipantJoined, "never", `, "enabled": false`),
				agent("asked", seance.QuestionAsked, "never", ""), agent("opened", seance.SeanceOpened, "0", ""),
				agent("sulk", seance.AnswerRated, "4", `, "matcher": "^[12]$"`),
				agent("sea", seance.AnswerGiven, "5", `, "matcher": "SEA"`),
			),
		})
		h := &house{takes: time.Second}
		s := sitting("s1")
		r.Happened(seance.Occasion{ID: "o", Trigger: seance.SeanceOpened, Session: s}) // before Run: it waits
		open(t, r, h)
		r.Happened(joined("s1"))
		for _, o := range []seance.Occasion{
			{ID: "q", Trigger: seance.QuestionAsked, Session: s, Question: "Is it far?"},
			{ID: "5", Trigger: seance.AnswerRated, Session: s, Rating: 5}, {ID: "1", Trigger: seance.AnswerRated, Session: s, Rating: 1},
			{ID: "a", Trigger: seance.AnswerGiven, Session: s, Board: "BY THE SEA"}, {ID: "b", Trigger: seance.AnswerGiven, Session: s, Board: "NO"},
		} {
			r.Happened(o)
		}
		time.Sleep(time.Minute)
		if got, want := h.prompts(), "0 1 2 3 4 5"; got != want {
			t.Errorf("spoken: %s, want %s", got, want)
		}
		if o := h.initiatives()[2].Occasion; o.Participant.Name != "Mara" || o.ID != "j-s1" {
			t.Errorf("%+v", o)
		}
		if s := r.Stats(); s.Initiatives != 6 {
			t.Errorf("%+v", s)
		}
	})
}

// An initiative's key is the same wherever its occasion is seen, and another for every other hook and occasion.
func TestKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		files := map[string]string{"a.json": file(
			agent("a", seance.ParticipantJoined, "1", ""), agent("b", seance.ParticipantJoined, "1", ""),
			agent("quiet", seance.SilenceFell, "2", `, "after": 20`), agent("clock", seance.ClockStruck, "3", `, "at": "* * * * *"`),
		)}
		one, two := &house{}, &house{}
		began := time.Now()
		for _, h := range []*house{one, two} {
			r := newRunner(t, files)
			h.set(seance.Circle{Session: sitting("s1"), Present: []seance.Participant{mara}, Stirred: began})
			open(t, r, h)
			r.Happened(joined("s1"))
			r.Happened(joined("s2"))
		}
		time.Sleep(150 * time.Second)
		keys := map[string]int{}
		for _, i := range append(one.initiatives(), two.initiatives()...) {
			keys[i.Key]++
		}
		if len(keys) != 2*2+1+2 {
			t.Errorf("%d keys: %v", len(keys), keys)
		}
		for key, n := range keys {
			if n != 2 || len(key) != 32 {
				t.Errorf("%q comes %d times", key, n)
			}
		}
	})
}

// Too much at once: the oldest that is optional goes, is counted, and the rest is done in order.
func TestQueuesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRunner(t, map[string]string{"a.json": file(
			agent("open", seance.SeanceOpened, "open", ""), agent("join", seance.ParticipantJoined, "join", ""),
			agent("given", seance.AnswerGiven, "given", ""),
		)})
		happened := func(trigger seance.Trigger, n int) {
			for i := range n {
				r.Happened(seance.Occasion{ID: fmt.Sprint(trigger, i), Trigger: trigger, Session: sitting("s1"), Participant: &mara})
			}
		}
		happened(seance.SeanceOpened, 1)
		happened(seance.ParticipantJoined, 10)
		happened(seance.AnswerGiven, 60)
		r.Happened(joined("s2")) // another session's
		h := &house{busy: errors.New("people came first")}
		end := open(t, r, h)
		synctest.Wait()
		count := map[string]int{}
		var first string // of that session
		for _, i := range h.initiatives() {
			count[i.Prompt]++
			if first == "" && i.Occasion.Session.ID == "s1" {
				first = i.Prompt
			}
		}
		if diff := cmp.Diff(map[string]int{"open": 1, "join": 3 + 1, "given": 60}, count); diff != "" || first != "open" {
			t.Errorf("%q came first; %s", first, diff)
		}
		if s := r.Stats(); s.Dropped != 7 || s.Initiatives != 0 {
			t.Errorf("%+v", s)
		}
		end()
		happened(seance.AnswerGiven, 100) // nobody is there any more
		if s := r.Stats(); s.Dropped != 7 || len(r.lanes) > 0 {
			t.Errorf("after the end: %+v, %d lanes", s, len(r.lanes))
		}
	})
}

// Run waits for what it began and drops what it has not.
func TestRunEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRunner(t, map[string]string{"a.json": file(agent("join", seance.ParticipantJoined, "join", ""))})
		h := &house{takes: time.Hour}
		end := open(t, r, h)
		for _, id := range []seance.SessionID{"s1", "s1", "s2", "s3"} {
			r.Happened(joined(id))
		}
		synctest.Wait()
		end()
		if h.prompts() != "" || len(r.lanes) > 0 { // and the bubble holds no goroutine
			t.Errorf("%q, %d lanes", h.prompts(), len(r.lanes))
		}
	})
}

// write puts a file below a folder.
func write(t *testing.T, dir, name, text string) {
	t.Helper()
	at := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// names lists the hooks as file:name:prompt.
func names(r *Runner) string {
	var all []string
	for _, h := range r.Hooks() {
		all = append(all, fmt.Sprintf("%s:%s:%s", path.Base(h.Path), h.Name, h.Action.Prompt))
	}
	return strings.Join(all, " ")
}

// A save takes effect; a broken one keeps the last good version and says so; of files with one path the nearest counts.
func TestReload(t *testing.T) {
	dir, user := filepath.Join(t.TempDir(), ".kiro"), filepath.Join(t.TempDir(), ".kiro")
	one := func(prompt string) string { return file(agent("x", seance.SeanceOpened, prompt, "")) }
	log := &safeBuffer{}
	r, err := NewRunner(Options{
		Dir: dir, User: user, Logger: slog.New(slog.NewTextHandler(log, nil)),
		Embedded: fstest.MapFS{oursAt + "/a.json": {Data: []byte(one("embedded"))}, oursAt + "/b.json": {Data: []byte(one("embedded"))}},
	})
	if err != nil {
		t.Fatal(err)
	}
	step := func(what, want string, problems int) {
		t.Helper()
		if err := r.Reload(); err != nil {
			t.Fatal(err)
		}
		if got := names(r); got != want || len(r.Problems()) != problems {
			t.Errorf("%s: %s, want %s; %v", what, got, want, r.Problems())
		}
	}
	step("nothing of one's own", "a.json:x:embedded b.json:x:embedded", 0)
	write(t, user, "hooks/seance/a.json", one("user"))
	write(t, user, "hooks/seance/c.json", one("user"))
	step("the user's", "a.json:x:user b.json:x:embedded c.json:x:user", 0)
	write(t, dir, "hooks/seance/a.json", one("own"))
	step("one's own", "a.json:x:own b.json:x:embedded c.json:x:user", 0)
	write(t, dir, "hooks/seance/a.json", `{"version": "v1", "hooks": [{`)
	write(t, dir, "hooks/seance/b.json", `{"version": "v1", "hooks": []}`)
	step("two that are broken", "a.json:x:own b.json:x:embedded c.json:x:user", 2)
	step("again", "a.json:x:own b.json:x:embedded c.json:x:user", 2)
	if !strings.Contains(log.String(), "last_good_kept=true") {
		t.Errorf("the log does not tell: %s", log)
	}
	write(t, dir, "hooks/seance/a.json", one("mended"))
	write(t, dir, "hooks/seance/d.json", "{")
	step("one is mended, one is new and broken", "a.json:x:mended b.json:x:embedded c.json:x:user", 2)
	for _, name := range []string{"a", "b", "d"} {
		if err := os.Remove(filepath.Join(dir, "hooks/seance", name+".json")); err != nil {
			t.Fatal(err)
		}
	}
	step("they are gone", "a.json:x:user b.json:x:embedded c.json:x:user", 0)

	fresh, err := NewRunner(Options{Embedded: fstest.MapFS{oursAt + "/a.json": {Data: []byte(one("embedded"))}}, Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "hooks/seance/a.json", one("own")[1:])
	if fresh, err = NewRunner(fresh.o); err != nil || names(fresh) != "" || len(fresh.Problems()) != 1 {
		t.Errorf("broken from the start, it hides what it would replace: %s, %v", names(fresh), err)
	}
}

// What lies in the folder beside sound files.
func TestOddFiles(t *testing.T) {
	base := t.TempDir()
	dir := filepath.Join(base, ".kiro")
	sound := file(agent("x", seance.SeanceOpened, "y", ""))
	write(t, dir, "hooks/seance/sound.JSON", sound)
	write(t, dir, "hooks/seance/deep/er.hook", sound)
	write(t, dir, "hooks/elsewhere/sound.hook.json", sound)
	write(t, dir, "hooks/seance/.hidden.json", sound)
	write(t, dir, "hooks/.git/hidden.json", sound)
	write(t, dir, "hooks/seance/script.sh", "exit 2")
	write(t, dir, "hooks/seance/folder.json/x.md", "no hook")
	write(t, dir, "hooks/seance/large.json", sound+strings.Repeat(" ", maxBytes))
	write(t, dir, "hooks/seance/empty.json", "")
	write(t, base, "secret.json", sound)
	if err := os.Symlink("../../../secret.json", filepath.Join(dir, "hooks/seance/out.json")); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "hooks/seance/pipe.json"), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := NewRunner(Options{Dir: dir, Commands: true})
	if err != nil {
		t.Fatal(err)
	}
	var states []string
	for _, h := range r.Hooks() {
		states = append(states, strings.TrimPrefix(h.Path, hooksAt)+" "+string(r.State(h)))
	}
	want := []string{"/elsewhere/sound.hook.json " + string(ForKiro), "/seance/deep/er.hook runs", "/seance/sound.JSON runs"}
	if diff := cmp.Diff(want, states); diff != "" {
		t.Error(diff)
	}
	var refused []string
	for _, p := range r.Problems() {
		if p.Severity == Error {
			refused = append(refused, path.Base(p.Path))
		}
	}
	if diff := cmp.Diff([]string{"empty.json", "large.json", "out.json", "pipe.json"}, refused); diff != "" {
		t.Error(diff)
	}
	if _, err := NewRunner(Options{Dir: filepath.Join(base, "secret.json")}); err == nil {
		t.Error("a file is no folder")
	}
}

func TestFind(t *testing.T) {
	r := newRunner(t, map[string]string{
		"a.json": file(agent("x", seance.SeanceOpened, "1", ""), agent("y", seance.SeanceOpened, "2", "")),
		"b.json": file(agent("x", seance.SeanceOpened, "3", "")),
	})
	if h, err := r.Find("y"); err != nil || h.Action.Prompt != "2" {
		t.Errorf("%+v, %v", h, err)
	}
	if h, err := r.Find(oursAt + "/b.json#x"); err != nil || h.Action.Prompt != "3" {
		t.Errorf("%+v, %v", h, err)
	}
	if _, err := r.Find("x"); err == nil || !strings.Contains(err.Error(), oursAt+"/b.json#x") {
		t.Errorf("%v", err)
	}
	if _, err := r.Find("z"); !errors.Is(err, seance.ErrNotFound) {
		t.Errorf("%v", err)
	}
}
