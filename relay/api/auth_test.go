package api

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"seance/internal/seance"
	"seance/internal/token"
	"seance/relay/wire"
)

// Whoever has no token of this table for what they ask is told so in the same way everywhere.
func TestTokens(t *testing.T) {
	h := open(t)
	ann, other := h.begin(""), h.begin("")
	bob := h.place(h.ask("POST", joinRoute, "/api/sessions/"+ann.Session.Code+"/join", `{"name": "Bob"}`, ""), 200)
	hostOf := token.Claims{Participant: ann.Participant.ID, Session: ann.Session.ID, Role: seance.Host}
	issue := func(keys *token.Keys, c token.Claims, at time.Time) string {
		signed, err := keys.Issue(c, at)
		if err != nil {
			t.Fatal(err)
		}
		return signed
	}
	foreign, err := token.New(token.Options{Secret: []byte("somebody else's secret, also long")})
	if err != nil {
		t.Fatal(err)
	}
	nobody := hostOf
	nobody.Participant = seance.ParticipantID(newID())
	kicked, err := h.store.Enrol(t.Context(), seance.Participant{
		ID: seance.ParticipantID(newID()), Session: ann.Session.ID, Name: "Dan", Role: seance.Host,
		JoinedAt: time.Now().UTC(), KickedAt: time.Now().UTC(),
	})
	if err != nil {
		t.Fatal(err)
	}

	for name, test := range map[string]struct {
		bearer  string
		status  int
		code    wire.ErrorCode
		history int // of the history, where that differs
	}{
		"none":               {"", 401, wire.CodeUnauthorized, 0},
		"nonsense":           {"a.b.c", 401, wire.CodeUnauthorized, 0},
		"not signed":         {unsigned(t, ann.Token), 401, wire.CodeUnauthorized, 0},
		"signed elsewhere":   {issue(foreign, hostOf, time.Now()), 401, wire.CodeUnauthorized, 0},
		"expired":            {issue(h.keys, hostOf, time.Now().AddDate(0, 0, -31)), 401, wire.CodeUnauthorized, 0},
		"of nobody":          {issue(h.keys, nobody, time.Now()), 401, wire.CodeUnauthorized, 0},
		"of one put out":     {issue(h.keys, token.Claims{Participant: kicked.ID, Session: ann.Session.ID, Role: seance.Host}, time.Now()), 401, wire.CodeUnauthorized, 0},
		"another session's":  {other.Token, 403, wire.CodeForbidden, 0},
		"a player's":         {bob.Token, 403, wire.CodeForbidden, 200},
		"with a cut-off end": {ann.Token[:len(ann.Token)-4], 401, wire.CodeUnauthorized, 0},
	} {
		t.Run(name, func(t *testing.T) {
			h := &house{t: t, url: h.url, judge: h.judge}
			if got := h.ask("DELETE", sessionRoute, "/api/sessions/"+ann.Session.Code, "", test.bearer); got.Status != test.status || got.code() != test.code {
				t.Errorf("ending: %d %s, want %d %s", got.Status, got.code(), test.status, test.code)
			}
			want := test.status
			if test.history != 0 {
				want = test.history
			}
			if got := h.ask("GET", historyRoute, "/api/sessions/"+ann.Session.Code+"/history", "", test.bearer); got.Status != want {
				t.Errorf("reading: %d, want %d", got.Status, want)
			}
		})
	}
	t.Run("another scheme", func(t *testing.T) {
		got := h.ask("GET", historyRoute, "/api/sessions/"+ann.Session.Code+"/history", "", "", "Authorization", "Basic "+ann.Token)
		if got.Status != 401 {
			t.Errorf("status %d", got.Status)
		}
	})
	t.Run("unknown session", func(t *testing.T) {
		if got := h.ask("DELETE", sessionRoute, "/api/sessions/RAVEN-000", "", ann.Token); got.Status != 404 {
			t.Errorf("status %d", got.Status)
		}
	})
}

// unsigned is a good token with its algorithm changed to "none" and its signature gone.
func unsigned(t *testing.T, good string) string {
	t.Helper()
	parts := strings.Split(good, ".")
	header, err := base64.RawURLEncoding.DecodeString(parts[0])
	if err != nil || !strings.Contains(string(header), `"HS256"`) {
		t.Fatalf("header %q: %v", header, err)
	}
	header = []byte(strings.Replace(string(header), `"HS256"`, `"none"`, 1))
	return base64.RawURLEncoding.EncodeToString(header) + "." + parts[1] + "."
}
