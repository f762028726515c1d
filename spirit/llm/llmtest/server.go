package llmtest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// A Call is what somebody asked the server.
type Call struct {
	Path   string
	Header http.Header
	Body   map[string]any
	Raw    string // the body as it came
}

// A Server plays turns. URL is the base to ask below, as settings have it.
type Server struct {
	URL string

	http    *httptest.Server
	closing chan struct{}

	mu     sync.Mutex
	next   func(n int, c Call) Turn
	calls  []Call
	models []Model
	key    string // what is asked for; empty for none
	live   int
}

// A Model is an entry of the list of models.
type Model struct {
	ID       string `json:"id"`
	Shutdown string `json:"shutdown_date,omitempty"`
}

// New starts a server that plays the turns one after the other and the last one ever after; closed as the test ends.
func New(t testing.TB, turns ...Turn) *Server {
	t.Helper()
	s := &Server{closing: make(chan struct{})}
	s.Play(turns...)
	s.http = httptest.NewServer(http.HandlerFunc(s.serve))
	s.URL = s.http.URL + "/v1"
	t.Cleanup(func() {
		close(s.closing)
		s.http.CloseClientConnections()
		s.http.Close()
	})
	return s
}

// Play begins another script.
func (s *Server) Play(turns ...Turn) {
	at := 0
	s.PlayFunc(func(int, Call) Turn {
		at++
		return turns[min(at, len(turns))-1]
	})
}

// PlayFunc lets next say what becomes of each call; n counts them from 0. One call at a time asks it.
func (s *Server) PlayFunc(next func(n int, c Call) Turn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next = next
}

// List makes the server list these models at /models. It lists none before.
func (s *Server) List(models ...Model) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.models = models
}

// Guard makes the server answer 401 to whoever comes without this key.
func (s *Server) Guard(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.key = key
}

// Calls are those that came so far, lists of models left out.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Call(nil), s.calls...)
}

// Live is how many calls are being answered.
func (s *Server) Live() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.live
}

// Drop closes the connections that clients keep for later.
func (s *Server) Drop() { s.http.CloseClientConnections() }

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if !s.knows(r.Header) {
		http.Error(w, `{"error":{"message":"wrong key","code":"invalid_api_key"}}`, http.StatusUnauthorized)
		return
	}
	if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/models") {
		s.mu.Lock()
		defer s.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"object": "list", "data": s.models}) // the client has left
		return
	}
	raw, err := io.ReadAll(r.Body)
	call := Call{Path: r.URL.Path, Header: r.Header.Clone(), Raw: string(raw)}
	if err != nil || json.Unmarshal(raw, &call.Body) != nil {
		http.Error(w, "no JSON", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	turn := s.next(len(s.calls), call)
	s.calls = append(s.calls, call)
	s.live++
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.live--
	}()
	s.play(w, r, turn)
}

func (s *Server) knows(header http.Header) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.key == "" || header.Get("Authorization") == "Bearer "+s.key || header.Get("X-Api-Key") == s.key
}

func (s *Server) play(w http.ResponseWriter, r *http.Request, turn Turn) {
	stage := &Stage{out: w, gone: r.Context().Done(), closing: s.closing, anthropic: isAnthropic(r.URL.Path)}
	if turn.Wait > 0 && Wait(turn.Wait)(stage) != nil {
		return
	}
	kind := "text/event-stream"
	if turn.Body != "" {
		kind = "application/json"
	}
	w.Header().Set("Content-Type", kind)
	for name, value := range turn.Header {
		w.Header().Set(name, value)
	}
	if turn.Status == 0 {
		turn.Status = http.StatusOK
	}
	w.WriteHeader(turn.Status)
	flusher := http.NewResponseController(w)
	stage.flush = func() { _ = flusher.Flush() } // the next write says if the client has left
	stage.flush()
	if turn.Body != "" {
		_ = stage.Raw(turn.Body)
		return
	}
	for _, step := range turn.Steps {
		if err := step(stage); err != nil {
			panic(http.ErrAbortHandler) // cuts the line
		}
	}
}

// Settled waits until no call is being answered, and reports false if that takes longer than d.
func (s *Server) Settled(d time.Duration) bool {
	for until := time.Now().Add(d); time.Now().Before(until); time.Sleep(time.Millisecond) {
		if s.Live() == 0 {
			return true
		}
	}
	return s.Live() == 0
}
