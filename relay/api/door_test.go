package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"seance/internal/seance"
	"seance/internal/wireclient"
	"seance/relay/wire"
)

// What the host does over REST is felt at the table: everybody hears of the lock, and who is put out is gone for good.
func TestHostAtTheTable(t *testing.T) {
	w := serve(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	s := w.sitting()
	boards := map[string]*wireclient.Client{}
	for i, actor := range []string{"host", "player", "spectator"} {
		boards[actor] = w.dials(ctx, wire.Codec(i%2))
		defer boards[actor].Cut()
		if _, err := boards[actor].Join(ctx, s.tokens[actor], nil); err != nil {
			t.Fatal(err)
		}
	}
	hears := func(actor, event string) json.RawMessage {
		t.Helper()
		for {
			select {
			case ev, open := <-boards[actor].Events():
				if !open {
					t.Fatalf("%s is gone before %s", actor, event)
				}
				if ev.Name == event {
					return ev.Data
				}
			case <-ctx.Done():
				t.Fatalf("%s does not hear %s", actor, event)
			}
		}
	}

	if status, code, _ := w.ask("PATCH", s.path, `{"locked": true, "passphrase": "wax", "settings": {"tone": "adult"}}`, s.tokens["host"]); status != 200 {
		t.Fatalf("%d %s", status, code)
	}
	for actor := range boards {
		var said wire.SessionUpdated
		raw := hears(actor, wire.EventSessionUpdated)
		if err := json.Unmarshal(raw, &said); err != nil || !said.Session.Locked || said.Session.Settings.Tone != seance.Adult ||
			said.Session.Participants != 2 {
			t.Errorf("%s hears %s", actor, raw)
		}
		if strings.Contains(string(raw), "wax") || strings.Contains(string(raw), "argon2") {
			t.Errorf("%s hears the passphrase: %s", actor, raw)
		}
	}

	kick := fmt.Sprintf(`{"participant_id": %q}`, s.ids["player"])
	if status, code, _ := w.ask("POST", s.path+"/kick", kick, s.tokens["host"]); status != 200 {
		t.Fatalf("%d %s", status, code)
	}
	<-boards["player"].Done()
	if got := wire.CloseCode(boards["player"].CloseCode()); got != wire.CloseKicked {
		t.Errorf("who was put out sees %d, want %d", got, wire.CloseKicked)
	}
	for _, actor := range []string{"host", "spectator"} {
		var said wire.UserLeft
		if err := json.Unmarshal(hears(actor, wire.EventUserLeft), &said); err != nil || said.Reason != seance.LeftKicked ||
			said.ParticipantID != s.ids["player"] || said.Count != 1 {
			t.Errorf("%s hears %+v", actor, said)
		}
	}
	again := w.dials(ctx, wire.Plain)
	if _, err := again.Join(ctx, s.tokens["player"], nil); codeOf(err) != wire.CodeForbidden {
		t.Errorf("who was put out comes back: %v", err)
	}
	<-again.Done()
	for _, route := range []string{"GET /history", "GET /transcript", "POST /join"} {
		method, path, _ := strings.Cut(route, " ")
		if status, code, _ := w.ask(method, s.path+path, "", s.tokens["player"]); status != 401 || code != wire.CodeUnauthorized {
			t.Errorf("%s with the token of who was put out: %d %s", route, status, code)
		}
	}
}

// Five wrong passphrases a minute from one address are wrong; after that nothing is looked at.
func TestGuessing(t *testing.T) {
	w := serve(t)
	s := w.sitting()
	if status, code, _ := w.ask("PATCH", s.path, `{"passphrase": "wax and wick"}`, s.tokens["host"]); status != 200 {
		t.Fatalf("%d %s", status, code)
	}
	try := func(passphrase string) (int, wire.ErrorCode, string) {
		status, code, header := w.ask("POST", s.path+"/join", fmt.Sprintf(`{"name": "Eve", "passphrase": %q}`, passphrase), "")
		return status, code, header.Get("Retry-After")
	}
	if status, code, _ := try("wax and wick"); status != 200 {
		t.Errorf("the right one: %d %s", status, code)
	}
	for i := range 5 {
		if status, code, wait := try(fmt.Sprint("guess ", i)); status != 403 || code != wire.CodeWrongPassphrase || wait != "" {
			t.Errorf("guess %d: %d %s, Retry-After %q", i+1, status, code, wait)
		}
	}
	for _, passphrase := range []string{"guess 6", "wax and wick"} {
		if status, code, wait := try(passphrase); status != 429 || code != wire.CodeRateLimited || wait == "" || wait == "0" {
			t.Errorf("%q after five guesses: %d %s, Retry-After %q", passphrase, status, code, wait)
		}
	}
}
