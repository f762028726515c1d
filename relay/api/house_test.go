package api

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"seance/internal/seance"
	"seance/internal/store/inmem"
	"seance/internal/token"
	"seance/relay/wire"
	"seance/steering"
)

// A house is a server on a real port, with everything behind it in memory. Every JSON answer that a test gets is held
// against the OpenAPI document on its way.
type house struct {
	t     *testing.T
	url   string
	store *inmem.Store
	keys  *token.Keys
	judge judge
}

// table stands in for the hub: who sits where, and the end of a session as the journal has it.
type table struct {
	store *inmem.Store
	taken map[seance.SessionID]bool
	heard []seance.Session // what the table was told of, in order
	began []seance.Session // what it was told is open, in order

	known  []seance.Participant // who it was told is known elsewhere
	looked int                  // how often it was to look for what was erased
}

func (tb *table) Present(id seance.SessionID) int {
	if tb.taken[id] {
		return 50
	}
	return 0
}

func (tb *table) Full(id seance.SessionID, role seance.Role) bool {
	return tb.taken[id] && role != seance.Spectator
}

func (tb *table) End(ctx context.Context, id seance.SessionID, reason seance.EndReason) error {
	_, err := tb.store.Append(ctx, seance.Message{
		ID: seance.MessageID(newID()), Session: id, Kind: seance.KindEnd, At: time.Now().UTC(), Text: string(reason),
	})
	return err
}

func (tb *table) Kick(ctx context.Context, id seance.SessionID, who seance.ParticipantID) error {
	return tb.store.Kick(ctx, id, who, time.Now().UTC())
}

func (tb *table) Opened(s seance.Session) { tb.began = append(tb.began, s) }

func (tb *table) Rate(ctx context.Context, r seance.Rating) error { return tb.store.Rate(ctx, r) }

func (tb *table) Update(_ context.Context, s seance.Session) { tb.heard = append(tb.heard, s) }

func (tb *table) Known(_ context.Context, p seance.Participant) { tb.known = append(tb.known, p) }

func (tb *table) LookForErased(context.Context) error { tb.looked++; return nil }

type twoSpirits struct{}

func (twoSpirits) Personas() []steering.Persona {
	return []steering.Persona{
		{ID: "ada", Title: "Ada", Description: "A clockmaker's widow", Lang: "en"},
		{ID: "bram", Title: "Bram", Description: "A drowned pilot", Lang: "en"},
	}
}

var smallBoard = fstest.MapFS{
	".keep":                         {},
	"index.html":                    {Data: []byte("<!doctype html><title>lobby</title>" + strings.Repeat("<p>candle</p>", 200))},
	"s.html":                        {Data: []byte("<!doctype html><title>table</title>")},
	"404.html":                      {Data: []byte("<!doctype html><title>lost</title>")},
	"sw.js":                         {Data: []byte("self")},
	"_next/static/chunks/[a]b.js":   {Data: []byte(strings.Repeat("console.log(1);", 200))},
	"_next/static/media/fell.woff2": {Data: []byte(strings.Repeat("\x00", 2000))},
}

// open starts a server; change may alter its options before.
func open(t *testing.T, change ...func(*Options)) *house {
	t.Helper()
	h := &house{t: t, store: inmem.New(), keys: testKeys(t)}
	o := Options{
		Store: h.store, Hub: &table{store: h.store}, Tokens: h.keys, Personas: twoSpirits{}, Board: smallBoard,
		Version: "test",
	}
	for _, f := range change {
		f(&o)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve(ln) }()
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			t.Errorf("shut down: %v", err)
		}
		if err := <-served; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	h.url = "http://" + ln.Addr().String()

	_, _, raw := h.send(http.MethodGet, "/openapi.json", nil, "")
	if err := json.Unmarshal(raw, &h.judge.doc); err != nil {
		t.Fatalf("openapi.json: %v", err)
	}
	return h
}

// send makes one request; headers come in pairs.
func (h *house) send(method, path string, body io.Reader, bearer string, headers ...string) (int, http.Header, []byte) {
	h.t.Helper()
	req, err := http.NewRequest(method, h.url+path, body)
	if err != nil {
		h.t.Fatal(err)
	}
	if bearer != "" {
		req.Header.Set("Authorization", "Bearer "+bearer)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			req.Host = headers[i+1]
		}
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		h.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		h.t.Fatalf("%s %s: %v", method, path, err)
	}
	return res.StatusCode, res.Header, raw
}

// said is an answer under /api.
type said struct {
	Status  int
	Header  http.Header
	Success bool
	Data    json.RawMessage
	Error   *struct {
		Code    wire.ErrorCode
		Message string
		Details []struct{ Path, Message string }
	}
}

// paths are the details' paths, joined.
func (s said) paths() string {
	var paths []string
	if s.Error != nil {
		for _, d := range s.Error.Details {
			paths = append(paths, d.Path)
		}
	}
	return strings.Join(paths, " ")
}

// code is the error's code, empty on success.
func (s said) code() wire.ErrorCode {
	if s.Error == nil {
		return ""
	}
	return s.Error.Code
}

// ask sends JSON to the API, and holds what comes back against the document if route, the path as the document has it,
// is not empty.
func (h *house) ask(method, route, path, body, bearer string, headers ...string) said {
	h.t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	status, header, raw := h.send(method, path, reader, bearer, headers...)
	out := said{Status: status, Header: header}
	if err := json.Unmarshal(raw, &out); err != nil {
		h.t.Fatalf("%s %s: %d %q is no envelope: %v", method, path, status, raw, err)
	}
	if good := status < 300; out.Success != good || (out.Error == nil) != good || (string(out.Data) == "null") == good {
		h.t.Errorf("%s %s: %d with envelope %s", method, path, status, raw)
	}
	if mime := header.Get("Content-Type"); mime != "application/json" {
		h.t.Errorf("%s %s: Content-Type %q", method, path, mime)
	}
	if bytes.Contains(raw, []byte("goroutine")) || strings.Contains(string(raw), ".go:") {
		h.t.Errorf("%s %s tells of our insides: %s", method, path, raw)
	}
	if route != "" {
		schema, err := h.judge.response(method, route, strconv.Itoa(status), "application/json")
		if err != nil {
			h.t.Error(err)
			return out
		}
		v, _ := decode(raw)
		for _, wrong := range h.judge.check(schema, v, "answer") {
			h.t.Errorf("%s %s %d is not as the document says: %s", method, path, status, wrong)
		}
	}
	return out
}

const (
	sessionsRoute   = "/api/sessions"
	sessionRoute    = "/api/sessions/{key}"
	joinRoute       = "/api/sessions/{key}/join"
	kickRoute       = "/api/sessions/{key}/kick"
	historyRoute    = "/api/sessions/{key}/history"
	transcriptRoute = "/api/sessions/{key}/transcript"
	qrRoute         = "/api/sessions/{key}/qr.svg"
	ratingRoute     = "/api/sessions/{key}/messages/{seq}/rating"
)

// seated is what create and join return.
type seated struct {
	Session     wire.Session
	Participant wire.Participant
	Token       string
	JoinURL     string `json:"join_url"`
}

// begin opens a session as Ann; more is more members of the request.
func (h *house) begin(more string) seated {
	h.t.Helper()
	return h.place(h.ask("POST", sessionsRoute, "/api/sessions", `{"host_name":"Ann"`+more+`}`, ""), http.StatusCreated)
}

// joins has somebody new take a place; more is more members of the request.
func (h *house) joins(at seated, name, more string) seated {
	h.t.Helper()
	return h.place(h.ask("POST", joinRoute, "/api/sessions/"+at.Session.Code+"/join", `{"name":"`+name+`"`+more+`}`, ""), 200)
}

func (h *house) place(s said, want int) seated {
	h.t.Helper()
	if s.Status != want {
		h.t.Fatalf("status %d (%+v), want %d", s.Status, s.Error, want)
	}
	var out seated
	if err := json.Unmarshal(s.Data, &out); err != nil {
		h.t.Fatal(err)
	}
	return out
}

func testKeys(t *testing.T) *token.Keys {
	t.Helper()
	keys, err := token.New(token.Options{Secret: []byte("a secret for tests, and long enough")})
	if err != nil {
		t.Fatal(err)
	}
	return keys
}
