package hooks

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"seance/internal/seance"
	"seance/internal/watch"
)

// eventually waits for other processes: there is nothing else to wait on.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not to be seen: %s", what)
		}
	}
}

// processes counts those whose command line ends in marker.
func processes(t *testing.T, marker string) int {
	t.Helper()
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil || len(lines) == 0 {
		t.Fatalf("processes cannot be counted: %v", err)
	}
	n := 0
	for _, line := range lines {
		if said, err := os.ReadFile(line); err == nil && strings.HasSuffix(string(said), marker+"\x00") { // else it is gone
			n++
		}
	}
	return n
}

// What commands may do wrong, and what becomes of it. None of them leaves a process behind.
func TestCommandsThatMisbehave(t *testing.T) {
	const marker = "9731.25" // seconds of sleep, by which the processes are known
	long := `{"question": "` + strings.Repeat("x", 1<<20) + `"}`
	for name, test := range map[string]struct {
		command        string
		event          string
		status         int
		stopped        bool
		stdout, stderr string
	}{
		"says something":           {command: "echo yes; echo no >&2", stdout: "yes\n", stderr: "no\n"},
		"ignores its input":        {command: "exec <&-; echo deaf", event: long, stdout: "deaf\n"},
		"reads a little":           {command: "head -c 2", event: long, stdout: `{"`},
		"fails":                    {command: "exit 7", status: 7},
		"is not found":             {command: "/no/such/command 2>/dev/null", status: 127},
		"ends itself":              {command: "kill -9 $$", status: -1},
		"hangs":                    {command: "sleep " + marker, status: -1, stopped: true},
		"hangs and will not go":    {command: "trap '' TERM INT HUP; while :; do sleep " + marker + "; done", status: -1, stopped: true},
		"forks":                    {command: "for i in 1 2 3 4 5 6; do sleep " + marker + " & done; wait", status: -1, stopped: true},
		"leaves others behind":     {command: "sleep " + marker + " & echo gone", stdout: "gone\n"},
		"leaves its output open":   {command: "(sleep " + marker + "; echo late) & exit 4", status: 4},
		"leaves others in silence": {command: "sleep " + marker + " >/dev/null 2>&1 & exit 0"},
		"floods and ends":          {command: "head -c 3000000 /dev/zero | tr '\\0' a; head -c 90000 /dev/zero | tr '\\0' b >&2", stdout: strings.Repeat("a", maxStdout), stderr: strings.Repeat("b", maxStderr)},
		"floods":                   {command: "yes", status: -1, stopped: true, stdout: strings.Repeat("y\n", maxStdout/2)},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRunner(t, map[string]string{"a.json": file(command("x", Manual, test.command, `, "timeout": 0.4`))})
			h, err := r.Find("x")
			if err != nil {
				t.Fatal(err)
			}
			if !test.stopped { // what is expected to end has time to
				h.Timeout = usualTimeout
			}
			out, err := r.RunCommand(t.Context(), h, []byte(test.event))
			if stopped := errors.Is(err, context.DeadlineExceeded); stopped != test.stopped || err != nil && !stopped {
				t.Errorf("stopped is %t: %v", stopped, err)
			}
			if out.Status != test.status && !(test.stopped && out.Status > 0) || out.Stdout != test.stdout || out.Stderr != test.stderr {
				t.Errorf("status %d, %.40q (%d), %.40q (%d)", out.Status, out.Stdout, len(out.Stdout), out.Stderr, len(out.Stderr))
			}
			eventually(t, "the end of all processes", func() bool { return processes(t, marker) == 0 })
		})
	}
}

// Commands get the event on their input, where they can, and an environment without our keys.
func TestWhatACommandGets(t *testing.T) {
	r := newRunner(t, map[string]string{"a.json": file(
		command("event", seance.AnswerRated, "cat > event", ""),
		command("env", seance.AnswerRated, "env > env", ""),
		command("done", seance.AnswerRated, "touch done", ""),
	)}, "OPENAI_API_KEY=sk-never", "JWT_SECRET=never", "SEANCE_OPERATOR_TOKEN=never", "LD_PRELOAD=never", "LANG=C.UTF-8", "HOME=/")
	end := open(t, r, &house{})
	r.Happened(seance.Occasion{
		ID: "1", Trigger: seance.AnswerRated, At: time.Date(2026, 10, 31, 23, 0, 0, 0, time.UTC), Session: seance.Session{
			ID: "s1", Code: "OWL-123", Passphrase: "$argon2id$never", Spirit: "lampkeeper",
		},
		Present: []seance.Participant{mara}, Participant: &mara, Seq: 4, Board: "BY THE SEA", Rating: 5,
	})
	eventually(t, "the last command", func() bool { _, err := os.Stat(filepath.Join(r.root, "done")); return err == nil })
	end()
	data, err := os.ReadFile(filepath.Join(r.root, "event"))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"hook_event_name":"AnswerRated","cwd":"` + r.root + `","at":"2026-10-31T23:00:00Z","session_id":"s1",` +
		`"spirit":"lampkeeper","present":[{"id":"p1","name":"Mara","role":"player"}],` +
		`"participant":{"id":"p1","name":"Mara","role":"player"},"answer":"BY THE SEA","seq":4,"rating":5}` + "\n"
	if string(data) != want {
		t.Errorf("the event is %s, want %s", data, want)
	}
	env, err := os.ReadFile(filepath.Join(r.root, "env"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for line := range strings.Lines(string(env)) {
		name, _, _ := strings.Cut(line, "=")
		names = append(names, name)
	}
	names = slices.DeleteFunc(names, func(n string) bool { return n == "PWD" || n == "SHLVL" || n == "_" || n == "OLDPWD" }) // the shell's
	slices.Sort(names)
	if got := strings.Join(names, " "); got != "HOME LANG PATH" {
		t.Errorf("the environment has %s", got)
	}
	if s := r.Stats(); s.Commands != 3 || s.Failed != 0 {
		t.Errorf("%+v", s)
	}
}

// Run ends what still runs, and nothing begins after it.
func TestNothingOutlivesRun(t *testing.T) {
	const marker = "9732.25"
	r := newRunner(t, map[string]string{"a.json": file(command("x", seance.ParticipantJoined, "sleep "+marker+" & sleep "+marker, ""))})
	end := open(t, r, &house{})
	r.Happened(joined("s1"))
	r.Happened(joined("s2"))
	eventually(t, "two processes", func() bool { return processes(t, marker) >= 2 })
	end()
	eventually(t, "no process", func() bool { return processes(t, marker) == 0 })
	r.Happened(joined("s3"))
	if n := len(r.lanes) + len(r.ready); n != 0 {
		t.Errorf("%d lanes after the end", n)
	}
}

// At most two commands run at once; one place is left to questions. In one session they keep their order.
func TestCommandsAreBounded(t *testing.T) {
	const count = "mkdir running/$$; ls running | wc -l >> counts; sleep 0.05; rmdir running/$$"
	r := newRunner(t, map[string]string{"a.json": file(
		command("behind", seance.ParticipantJoined, count+"; cat >> order", ""), command("asked", seance.QuestionAsked, count, ""),
	)})
	if err := os.Mkdir(filepath.Join(r.root, "running"), 0o700); err != nil {
		t.Fatal(err)
	}
	open(t, r, &house{})
	var asked sync.WaitGroup
	for i := range 5 {
		o := joined("s1")
		o.Seq = uint64(i + 1)
		r.Happened(o)
		r.Happened(joined(seance.SessionID("other" + strconv.Itoa(i))))
		asked.Go(func() {
			if _, err := r.Asked(t.Context(), question("Is it far?")); err != nil {
				t.Error(err)
			}
		})
	}
	asked.Wait()
	var counts []byte
	eventually(t, "15 commands", func() bool {
		counts, _ = os.ReadFile(filepath.Join(r.root, "counts"))
		order, _ := os.ReadFile(filepath.Join(r.root, "order"))
		return strings.Count(string(counts), "\n") == 15 && strings.Count(string(order), "\n") == 10
	})
	if most := slices.Max(strings.Fields(string(counts))); most != "1" && most != "2" {
		t.Errorf("%s commands at once", most)
	}
	order, err := os.ReadFile(filepath.Join(r.root, "order"))
	if err != nil {
		t.Fatal(err)
	}
	var last uint64
	for line := range strings.Lines(string(order)) {
		var e event
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		if e.Session == "s1" {
			if e.Seq != last+1 {
				t.Errorf("%d comes after %d", e.Seq, last)
			}
			last = e.Seq
		}
	}
}

// File hooks hear of steering and hook files, and of nothing else.
func TestFilesChanged(t *testing.T) {
	r := newRunner(t, map[string]string{"a.json": file(
		command("any", PostFileSave, "cat >> saved; echo >> saved", ""),
		command("lore", PostFileCreate, "cat >> made", `, "matcher": "/lore-.*\\.md$"`),
		command("last", PostFileDelete, "cat > gone", ""),
	)})
	open(t, r, &house{})
	r.FilesChanged([]watch.Change{
		{Path: ".kiro/steering/a.md", Op: watch.Saved}, {Path: "~/.kiro/hooks/seance/b.json", Op: watch.Saved},
		{Path: "personas.json", Op: watch.Saved}, {Path: ".kiro/settings/mcp.json", Op: watch.Saved},
		{Path: ".kiro/steering/lore-a.md", Op: watch.Created}, {Path: ".kiro/steering/b.md", Op: watch.Created},
		{Path: ".kiro/hooks/old.json", Op: watch.Deleted},
	})
	eventually(t, "the last one", func() bool {
		data, err := os.ReadFile(filepath.Join(r.root, "gone"))
		return err == nil && len(data) > 0
	})
	for name, want := range map[string]string{
		"saved": ".kiro/steering/a.md ~/.kiro/hooks/seance/b.json", "made": ".kiro/steering/lore-a.md", "gone": ".kiro/hooks/old.json",
	} {
		data, err := os.ReadFile(filepath.Join(r.root, name))
		if err != nil {
			t.Fatal(err)
		}
		var paths []string
		for line := range strings.Lines(string(data)) {
			var e event
			if json.Unmarshal([]byte(line), &e) == nil {
				paths = append(paths, e.FilePath)
			}
		}
		if got := strings.Join(paths, " "); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
