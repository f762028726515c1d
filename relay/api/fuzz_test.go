package api

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"seance/internal/seance"
	"seance/internal/store/inmem"
	"seance/internal/token"
)

// Whatever a body holds, it is answered in the envelope, and never with a fault of ours.
func FuzzBodies(f *testing.F) {
	keys, err := token.New(token.Options{Secret: []byte("a secret for tests, and long enough")})
	if err != nil {
		f.Fatal(err)
	}
	store := inmem.New()
	s, err := New(Options{Store: store, Hub: &table{store: store}, Tokens: keys, Personas: twoSpirits{}})
	if err != nil {
		f.Fatal(err)
	}
	session := seance.Session{
		ID: seance.SessionID(newID()), Code: "RAVEN-417", Spirit: "ada", Settings: seance.DefaultSettings(), StartedAt: time.Now(),
	}
	if err := store.OpenSession(f.Context(), session); err != nil {
		f.Fatal(err)
	}
	_, host, err := s.seat(f.Context(), session, "Ann", seance.Host, "")
	if err != nil {
		f.Fatal(err)
	}
	routes := []struct{ method, path, bearer string }{
		{"POST", "/api/sessions", ""}, {"POST", "/api/sessions/RAVEN-417/join", ""},
		{"PATCH", "/api/sessions/RAVEN-417", host}, {"POST", "/api/sessions/RAVEN-417/kick", host},
		{"POST", "/api/sessions/RAVEN-417/messages/1/rating", host},
	}
	for _, body := range []string{
		`{"host_name":"Ann","name":"Friday","spirit":"ada","settings":{"tone":"family","spelling":"full","whose_hand":true}}`,
		`{"name":"Bob","role":"spectator"}`, `{"locked":true,"passphrase":null,"settings":{"tone":"adult"}}`,
		`{"participant_id":"x"}`, `{"value":5}`, `null`, `[]`, `{"a":{"b":[{}]}}`, "\xff\x00", `{"name":"\ud800"}`, ``,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		if bytes.Contains([]byte(body), []byte("passphrase")) {
			body = `{"passphrase": 0}` // hashing is slow, and not what is tried here
		}
		for _, route := range routes {
			req := httptest.NewRequest(route.method, route.path, bytes.NewReader([]byte(body)))
			req.Header.Set("Content-Type", "application/json")
			if route.bearer != "" {
				req.Header.Set("Authorization", "Bearer "+route.bearer)
			}
			res, err := s.App().Test(req, -1)
			if err != nil {
				t.Fatal(err)
			}
			raw, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			var said struct{ Success *bool }
			if json.Unmarshal(raw, &said) != nil || said.Success == nil || *said.Success != (res.StatusCode < 300) ||
				res.StatusCode >= http.StatusInternalServerError {
				t.Errorf("%s %s with %q: %d %s", route.method, route.path, body, res.StatusCode, raw)
			}
		}
	})
}
