package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"seance/internal/bench"
	"seance/internal/seance"
	"seance/relay/wire"
)

// Hooks of the real program: the spirit greets, a question is refused, what a command reads holds no key and no cry for
// help, a save takes effect while people play, and no process is left at the end.
func TestHooksAtATable(t *testing.T) {
	const marker = "9734.25" // seconds of sleep, by which a process is known
	root := t.TempDir()
	kiro := filepath.Join(root, ".kiro")
	file := filepath.Join(kiro, "hooks", "seance", "table.json")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	save := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	table := func(refusal string) string {
		return fmt.Sprintf(`{"version": "v1", "hooks": [
			{"name": "ledger", "trigger": "QuestionAsked", "action": {"type": "command", "command": "cat >> asked; env > env"}},
			{"name": "no-addresses", "trigger": "QuestionAsked", "matcher": "(?i)address",
				"action": {"type": "command", "command": "echo '%s' >&2; exit 2"}},
			{"name": "hangs", "trigger": "AnswerGiven", "action": {"type": "command", "command": "sleep %s & touch hangs; sleep %[2]s"}}]}`,
			refusal, marker)
	}
	save(table("No addresses here."))
	server := started(t, bench.ServerOptions{Data: t.TempDir(), Env: []string{
		"SEANCE_HOOKS=on", "SEANCE_HOOK_COMMANDS=true", "SEANCE_KIRO=" + kiro, "SEANCE_TEMPO=0.05", "SEANCE_LOG_LEVEL=debug",
		"SEANCE_SPIRIT=oracle", "OPENAI_API_KEY=sk-never", "JWT_SECRET=" + strings.Repeat("never", 10),
	}})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	ann := sitDown(ctx, t, server.Address)

	var greeting wire.SpiritResponse
	err := json.Unmarshal(heard(ctx, t, ann.board, wire.EventSpiritResponse, []string{wire.EventQuestionAsked}).Data, &greeting)
	if err != nil || greeting.Source != seance.SourceInitiative || greeting.QuestionSeq != nil || greeting.Board == "" {
		t.Errorf("the newcomer hears %+v, %v", greeting, err)
	}

	refused := func() string {
		t.Helper()
		_, err := ann.board.Ask(ctx, newID(), "What is her address?")
		var e *wire.Error
		if !errors.As(err, &e) || e.Code != wire.CodeRefused {
			t.Fatalf("a question that is refused: %v", err)
		}
		return e.Message
	}
	if got, want := refused(), "No addresses here."; got != want {
		t.Errorf("the board reads %q, want %q", got, want)
	}
	if asked, err := ann.board.Ask(ctx, newID(), "i want to kms tonight"); err != nil || !asked.Care {
		t.Errorf("a cry for help: %+v, %v", asked, err)
	}
	if h := ann.ask(ctx, t, "Who keeps the light?"); h.Board == "" || h.QuestionSeq == nil {
		t.Errorf("a question like any other: %+v", h)
	}

	save(table("Not even tonight."))
	for got := ""; got != "Not even tonight."; time.Sleep(20 * time.Millisecond) { // another process looks at the file
		if got = refused(); ctx.Err() != nil {
			t.Fatal("a save takes no effect")
		}
	}
	save(`{"version": "v1", "hooks": [{`)
	for !strings.Contains(server.Log(), "last_good_kept=true") {
		if time.Sleep(20 * time.Millisecond); ctx.Err() != nil {
			t.Fatal("the log does not tell of a broken save")
		}
	}
	if got, want := refused(), "Not even tonight."; got != want {
		t.Errorf("after a broken save the board reads %q, want %q", got, want)
	}

	for !exists(filepath.Join(root, "hangs")) {
		if time.Sleep(20 * time.Millisecond); ctx.Err() != nil {
			t.Fatal("nothing hangs")
		}
	}
	ann.board.Cut()
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS == "linux" {
		for processes(t, marker) > 0 {
			if time.Sleep(20 * time.Millisecond); ctx.Err() != nil {
				t.Fatal("a process is left")
			}
		}
	}
	asked, err := os.ReadFile(filepath.Join(root, "asked"))
	if err != nil {
		t.Fatal(err)
	}
	env, err := os.ReadFile(filepath.Join(root, "env"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(asked), "Who keeps the light?") || strings.Contains(string(asked), "kms") {
		t.Errorf("hooks heard %s", asked)
	}
	if strings.Contains(string(env), "never") || !strings.Contains(string(env), "PATH=") {
		t.Errorf("a command has the environment %s", env)
	}
	faultless(t, server.Log())
	for _, private := range []string{"Ann", "light", "address?", "kms", "sk-never", "Not even"} {
		if strings.Contains(server.Log(), private) {
			t.Errorf("the log holds %q", private)
		}
	}
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// processes counts those whose command line ends in marker.
func processes(t *testing.T, marker string) (n int) {
	t.Helper()
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		if said, err := os.ReadFile(line); err == nil && strings.HasSuffix(string(said), marker+"\x00") { // else it is gone
			n++
		}
	}
	return n
}

// Whoever serves hears which hooks are left out, and that none run at all if hooks are off.
func TestHooksLeftOut(t *testing.T) {
	root := t.TempDir()
	kiro := filepath.Join(root, ".kiro", "hooks", "seance")
	if err := os.MkdirAll(kiro, 0o700); err != nil {
		t.Fatal(err)
	}
	text := `{"version": "v1", "hooks": [{"name": "bell", "trigger": "SeanceOpened", "action": {"type": "command", "command": "touch rung"}}]}`
	if err := os.WriteFile(filepath.Join(kiro, "bell.json"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		env   string
		named bool
	}{
		{"SEANCE_HOOKS=on", true},
		{"SEANCE_HOOKS=off", false},
	} {
		server := started(t, bench.ServerOptions{Env: []string{test.env, "SEANCE_KIRO=" + filepath.Join(root, ".kiro")}})
		var p place
		if err := rest(t.Context(), http.MethodPost, server.Address+"/api/sessions", "", `{"host_name":"Ann"}`, &p); err != nil {
			t.Fatal(err)
		}
		log := server.Log()
		if err := server.Stop(); err != nil {
			t.Fatal(err)
		}
		if named := strings.Contains(log, ".kiro/hooks/seance/bell.json#bell"); named != test.named {
			t.Errorf("%s: named is %t:\n%s", test.env, named, log)
		}
	}
	if exists(filepath.Join(root, "rung")) {
		t.Error("a command ran without leave")
	}
}
