package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"seance/internal/broker"
	"seance/internal/limit"
	"seance/internal/seance"
	"seance/internal/store"
	"seance/internal/token"
	"seance/internal/wireclient"
	"seance/relay"
	"seance/relay/api"
	"seance/relay/wire"
	"seance/relay/ws"
	"seance/steering"
)

// A whole is the public side as it is served, with real rooms behind it.
type whole struct {
	t     *testing.T
	url   string
	store seance.Archive
	path  string // of the store's file
	keys  *token.Keys
	codes int
}

// yes is a spirit of one word.
type yes struct{}

func (yes) Personas() []steering.Persona {
	return []steering.Persona{{ID: "ada", Title: "Ada", Lang: "en"}}
}

func (yes) Admit(_ context.Context, q seance.Question) (seance.Admission, error) {
	return seance.Admission{Text: q.Message.Text}, nil
}

func (yes) Answer(_ context.Context, _ seance.Question, say func(seance.Part) error) error {
	return say(seance.Part{Kind: seance.PartBoard, Text: "YES", Source: seance.SourceOracle})
}

func serve(t *testing.T) *whole { return serveWith(t, nil) }

// serveWith logs what there is to log.
func serveWith(t *testing.T, log *slog.Logger) *whole {
	t.Helper()
	keys, err := token.New(token.Options{Secret: []byte("a secret for tests, and long enough")})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "seance.db")
	store, err := store.Open(t.Context(), "sqlite:"+path, store.Options{Logger: log})
	if err != nil {
		t.Fatal(err)
	}
	hub := relay.NewHub(relay.Options{
		Journal: store, Register: store, Ratings: store, Watch: store, Broker: broker.NewMemory(), Medium: yes{}, Erasures: store,
		Limits: relay.Limits{Off: true}, Tempo: 0.05, Logger: log,
	})
	server, err := api.New(api.Options{
		Store: store, Souls: store, Hub: hub, Tokens: keys, Personas: yes{}, Version: "test", Logger: log,
		Limits: api.Limits{Passphrase: limit.New(limit.Rate{N: 5, Per: time.Minute})},
	})
	if err != nil {
		t.Fatal(err)
	}
	sockets := ws.Mount(server.App(), ws.Options{Hub: hub, Tokens: keys, Log: log})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	live, leave := context.WithCancel(context.Background())
	rooms, served := make(chan error, 1), make(chan error, 1)
	go func() { rooms <- hub.Run(live) }()
	go func() { served <- server.Serve(ln) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		leave()
		http.DefaultClient.CloseIdleConnections()
		if err := errors.Join(<-rooms, sockets.Close(ctx), server.Shutdown(ctx), <-served, store.Close()); err != nil {
			t.Error(err)
		}
	})
	return &whole{t: t, url: "http://" + ln.Addr().String(), store: store, path: path, keys: keys}
}

// ask makes one request, with a token if there is one.
func (w *whole) ask(method, path, body, bearer string) (int, wire.ErrorCode, http.Header) {
	w.t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	req, err := http.NewRequest(method, w.url+path, reader)
	if err != nil {
		w.t.Fatal(err)
	}
	if bearer != "" {
		req.Header.Set("Authorization", "Bearer "+bearer)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	var said struct{ Error *wire.Error }
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	if res.StatusCode >= 300 {
		if err := json.Unmarshal(raw, &said); err != nil || said.Error == nil {
			w.t.Fatalf("%s %s: %d %q is no refusal: %v", method, path, res.StatusCode, raw, err)
		}
		return res.StatusCode, said.Error.Code, res.Header
	}
	return res.StatusCode, "", res.Header
}

func (w *whole) dials(ctx context.Context, codec wire.Codec) *wireclient.Client {
	w.t.Helper()
	c, err := wireclient.Dial(ctx, w.url, codec)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func codeOf(err error) wire.ErrorCode {
	var refusal *wire.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &refusal):
		return refusal.Code
	}
	return wire.ErrorCode(err.Error())
}

// actors are who try everything.
var actors = []string{"nobody", "player", "spectator", "host", "kicked", "foreign", "expired"}

// A sitting is a session with all of them around it, and an answer at seq 2.
type sitting struct {
	path   string
	tokens map[string]string // by actor; nobody has none
	ids    map[string]seance.ParticipantID
}

func (w *whole) sitting() sitting {
	w.t.Helper()
	session, elsewhere := w.begins(), w.begins()
	s := sitting{path: "/api/sessions/" + session.Code, tokens: map[string]string{}, ids: map[string]seance.ParticipantID{}}
	for actor, role := range map[string]seance.Role{
		"host": seance.Host, "player": seance.Player, "spectator": seance.Spectator, "kicked": seance.Player,
		"foreign": seance.Host, "expired": seance.Host,
	} {
		at, when := session.ID, time.Now()
		switch actor {
		case "foreign":
			at = elsewhere.ID
		case "expired":
			when = when.AddDate(0, 0, -31)
		}
		p, err := w.store.Enrol(w.t.Context(), seance.Participant{
			ID: seance.ParticipantID(newID()), Session: at, Name: actor, Role: role, JoinedAt: when,
		})
		if err != nil {
			w.t.Fatal(err)
		}
		s.ids[actor] = p.ID
		if s.tokens[actor], err = w.keys.Issue(token.Claims{Participant: p.ID, Session: at, Role: role}, when); err != nil {
			w.t.Fatal(err)
		}
	}
	if err := w.store.Kick(w.t.Context(), session.ID, s.ids["kicked"], time.Now()); err != nil {
		w.t.Fatal(err)
	}
	for _, m := range []seance.Message{
		{Kind: seance.KindQuestion, Participant: s.ids["host"], Text: "Are you here?"},
		{Kind: seance.KindAnswer, Refers: 1, Board: "NO", Source: seance.SourceOracle, Score: &seance.Score{}},
	} {
		m.ID, m.Session, m.At = seance.MessageID(newID()), session.ID, time.Now()
		if _, err := w.store.Append(w.t.Context(), m); err != nil {
			w.t.Fatal(err)
		}
	}
	return s
}

func (w *whole) begins() seance.Session {
	w.t.Helper()
	w.codes++
	s := seance.Session{
		ID: seance.SessionID(newID()), Code: fmt.Sprintf("RAVEN-%d", 100+w.codes), Spirit: "ada",
		Settings: seance.DefaultSettings(), StartedAt: time.Now(),
	}
	if err := w.store.OpenSession(w.t.Context(), s); err != nil {
		w.t.Fatal(err)
	}
	return s
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }
