package main

import (
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"seance/internal/bench"
	"seance/relay/wire"
)

// A document that is saved while people sit there is in force for the next question; one that is broken stays as it was,
// and the log and lint say where and why.
func TestSavesTakeEffectInAHouseThatIsOpen(t *testing.T) {
	kiro := filepath.Join(t.TempDir(), ".kiro") // made later
	server := started(t, bench.ServerOptions{Data: t.TempDir(), Env: []string{"SEANCE_KIRO=" + kiro, "SEANCE_TEMPO=0.05"}})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()

	pearl := filepath.Join(kiro, "steering", "pearl.md")
	save := func(text string) {
		t.Helper()
		if err := errors.Join(os.MkdirAll(filepath.Dir(pearl), 0o755), os.WriteFile(pearl, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	until := func(what string, there func() bool) {
		t.Helper()
		for !there() {
			if ctx.Err() != nil {
				t.Fatalf("never %s; the log says\n%s", what, server.Log())
			}
			time.Sleep(20 * time.Millisecond) // another process: there is nothing else to wait on
		}
	}
	title := func() string {
		t.Helper()
		var listed struct{ Spirits []struct{ ID, Title string } }
		if err := rest(ctx, http.MethodGet, server.Address+"/api/spirits", "", "", &listed); err != nil {
			t.Fatal(err)
		}
		for _, s := range listed.Spirits {
			if s.ID == "pearl" {
				return s.Title
			}
		}
		return ""
	}

	save("---\nseance: spirit\ninclusion: manual\ntitle: One\n---\n# Pearl\n")
	until("summoned", func() bool { return title() == "One" })

	save("---\nseance: spirit\ninclusion: manual\ntitle: [Two\n---\n# Pearl\n")
	const still = "; the version of before stays in force"
	until("told of the broken save", func() bool { return strings.Contains(server.Log(), still) })
	if log := server.Log(); !strings.Contains(log, "path=.kiro/steering/pearl.md line=") || !strings.Contains(log, "the front matter is not YAML: ") {
		t.Errorf("the log says neither where nor why:\n%s", log)
	}
	if got := title(); got != "One" {
		t.Errorf("after a broken save the spirit is %q", got)
	}
	if err := rest(ctx, http.MethodPost, server.Address+"/api/sessions", "", `{"host_name":"Ann","spirit":"pearl"}`, new(place)); err != nil {
		t.Errorf("nobody can sit down with it: %v", err)
	}
	lint := exec.Command(program(t), "steering", "lint", "--kiro", kiro)
	lint.Env = append(os.Environ(), "SEANCE_KIRO_USER=off")
	said, err := lint.Output()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != exitFailed || !strings.HasPrefix(string(said), ".kiro/steering/pearl.md:") ||
		!strings.Contains(string(said), ": error: the front matter is not YAML: ") {
		t.Errorf("lint says %q, %v", said, err)
	}

	save("---\nseance: spirit\ninclusion: manual\ntitle: Two\n---\n# Pearl\n")
	until("mended", func() bool { return title() == "Two" })
	if err := os.RemoveAll(kiro); err != nil {
		t.Fatal(err)
	}
	until("gone", func() bool { return title() == "" })
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	faultless(t, server.Log())
}

// Two people play while the spirit's document is edited: the next answer is another, and nobody loses their seat.
func TestASaveDropsNoSeat(t *testing.T) {
	kiro := filepath.Join(t.TempDir(), ".kiro")
	pearl := filepath.Join(kiro, "steering", "pearl.md")
	save := func(weights string) {
		t.Helper()
		text := "---\nseance: spirit\ninclusion: manual\nname: pearl\nweights: {" + weights + "}\n---\n# Pearl\n"
		if err := errors.Join(os.MkdirAll(filepath.Dir(pearl), 0o755), os.WriteFile(pearl, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	save("yes: 1, no: 0, maybe: 0")
	server := started(t, bench.ServerOptions{Data: t.TempDir(), Env: []string{
		"SEANCE_KIRO=" + kiro, "SEANCE_TEMPO=0.02", "SEANCE_LOG_LEVEL=debug", "SEANCE_LIMIT_QUESTION_EVERY=1ms", "SEANCE_LIMIT_ROOM_QUESTIONS=1000",
	}})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	ann, bob := &guest{}, &guest{}
	if err := rest(ctx, http.MethodPost, server.Address+"/api/sessions", "", `{"host_name":"Ann","spirit":"pearl"}`, &ann.place); err != nil {
		t.Fatal(err)
	}
	join := server.Address + "/api/sessions/" + ann.Session.Code + "/join"
	if err := rest(ctx, http.MethodPost, join, "", `{"name":"Bob"}`, &bob.place); err != nil {
		t.Fatal(err)
	}
	boards := []*guest{ann, bob}
	for i, b := range boards {
		b.board = sit(ctx, t, server.Address, []wire.Codec{wire.Plain, wire.SocketIO}[i], b.Token, nil)
		t.Cleanup(b.board.Cut)
	}
	for _, q := range []string{"Will it rain in the morning?", "Will the bread rise?"} {
		if got := ann.ask(ctx, t, q).Board; strings.HasPrefix(got, "NO") {
			t.Errorf("one who only says yes spells %q to %q\n%s", got, q, server.Log())
		}
	}
	save("yes: 0, no: 1, maybe: 0")
	things := []string{"kettle", "door", "clock", "lamp", "stove", "tram", "gate", "stair", "window", "garden", "river", "market"}
	for i, thing := range things { // the same question would get the same answer
		if strings.HasPrefix(ann.ask(ctx, t, "Will the "+thing+" be painted?").Board, "NO") {
			break
		}
		if i == len(things)-1 {
			t.Fatalf("the save takes no effect; the log says\n%s", server.Log())
		}
	}
	for _, q := range []string{"Will it snow in the evening?", "Will the soup be good?"} {
		if got := bob.ask(ctx, t, q).Board; strings.HasPrefix(got, "YES") {
			t.Errorf("one who only says no spells %q", got)
		}
	}
	for _, b := range boards {
		select {
		case <-b.board.Done():
			t.Errorf("a board lost its seat: %v", b.board.Err())
		default:
		}
	}
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	faultless(t, server.Log())
}
