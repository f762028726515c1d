package hooks

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"seance/internal/seance"
)

// house is a Tables whose tables a test sets and that writes down what spirits are asked to say.
type house struct {
	mu      sync.Mutex
	circles []seance.Circle
	spoken  []seance.Initiative
	at      []time.Time
	busy    error         // what Initiate says
	takes   time.Duration // how long it takes
}

func (h *house) Circles() []seance.Circle {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.circles
}

func (h *house) Initiate(ctx context.Context, i seance.Initiative) error {
	select {
	case <-time.After(h.takes):
	case <-ctx.Done():
		return ctx.Err()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.spoken, h.at = append(h.spoken, i), append(h.at, time.Now())
	return h.busy
}

func (h *house) set(circles ...seance.Circle) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.circles = circles
}

// initiatives returns what was asked for, in order.
func (h *house) initiatives() []seance.Initiative {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.spoken)
}

func (h *house) prompts() string {
	var all []string
	for _, i := range h.initiatives() {
		all = append(all, i.Prompt)
	}
	return strings.Join(all, " ")
}

// open runs r at h until the test, or what is returned, ends it.
func open(t *testing.T, r *Runner, h *house) (end func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx, h) }()
	end = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	t.Cleanup(end)
	return end
}

// file is the text of a hook file.
func file(hooks ...string) string {
	return `{"version": "v1", "hooks": [` + strings.Join(hooks, ",") + `]}`
}

func agent(name string, trigger seance.Trigger, prompt, more string) string {
	return fmt.Sprintf(`{"name": %q, "trigger": %q, "action": {"type": "agent", "prompt": %q}%s}`, name, trigger, prompt, more)
}

func command(name string, trigger seance.Trigger, line, more string) string {
	return fmt.Sprintf(`{"name": %q, "trigger": %q, "action": {"type": "command", "command": %q}%s}`, name, trigger, line, more)
}

// newRunner makes a Runner of files of the séance, whose commands run in a folder of the test. Its log is tested for
// what it must not hold.
func newRunner(t *testing.T, files map[string]string, env ...string) *Runner {
	t.Helper()
	embedded := fstest.MapFS{}
	for name, text := range files {
		embedded[oursAt+"/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	log := &safeBuffer{}
	r, err := NewRunner(Options{
		Dir: filepath.Join(t.TempDir(), ".kiro"), Embedded: embedded, Commands: true, Zone: time.UTC,
		Env:    append([]string{"PATH=" + os.Getenv("PATH")}, env...),
		Logger: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range r.Problems() {
		t.Fatal(p)
	}
	t.Cleanup(func() {
		for _, private := range []string{"Mara", "lighthouse", "Say "} {
			if strings.Contains(log.String(), private) {
				t.Errorf("the log holds %q: %s", private, log.String())
			}
		}
	})
	return r
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

var mara = seance.Participant{ID: "p1", Session: "s1", Name: "Mara", Role: seance.Player}

func sitting(id seance.SessionID) seance.Session { return seance.Session{ID: id, Spirit: "lampkeeper"} }

func joined(id seance.SessionID) seance.Occasion {
	return seance.Occasion{
		ID: "j-" + string(id), Trigger: seance.ParticipantJoined, At: time.Now(), Session: sitting(id),
		Present: []seance.Participant{mara}, Participant: &mara,
	}
}

func question(text string) seance.Question {
	return seance.Question{
		Session: sitting("s1"), Asker: mara, Present: []seance.Participant{mara}, Message: seance.Message{Text: text},
	}
}
