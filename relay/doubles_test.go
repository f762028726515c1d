package relay

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"seance/internal/broker"
	"seance/internal/seance"
	"seance/internal/store/inmem"
)

// A medium is a spirit that says what it is told to: by default YES, after no time at all.
type medium struct {
	mu     sync.Mutex
	admit  func(context.Context, seance.Question) (seance.Admission, error)
	answer func(context.Context, seance.Question, func(seance.Part) error) error
	asked  []seance.Question
}

func (m *medium) Admit(ctx context.Context, q seance.Question) (seance.Admission, error) {
	m.mu.Lock()
	admit := m.admit
	m.mu.Unlock()
	if admit != nil {
		return admit(ctx, q)
	}
	return seance.Admission{Text: strings.TrimSpace(q.Message.Text)}, nil
}

func (m *medium) Answer(ctx context.Context, q seance.Question, say func(seance.Part) error) error {
	m.mu.Lock()
	m.asked = append(m.asked, q)
	answer := m.answer
	m.mu.Unlock()
	if answer != nil {
		return answer(ctx, q, say)
	}
	return say(spelled("YES"))
}

// answers counts how often an answer was wanted.
func (m *medium) answers() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.asked)
}

// says is a medium's answer after some thought.
func says(thought time.Duration, parts ...seance.Part) func(context.Context, seance.Question, func(seance.Part) error) error {
	return func(ctx context.Context, _ seance.Question, say func(seance.Part) error) error {
		for _, p := range parts {
			select {
			case <-time.After(thought):
			case <-ctx.Done():
				return ctx.Err()
			}
			if err := say(p); err != nil {
				return err
			}
		}
		return nil
	}
}

func spelled(text string) seance.Part {
	return seance.Part{Kind: seance.PartBoard, Text: text, Source: seance.SourceOracle}
}

func whisper(text string) seance.Part { return seance.Part{Kind: seance.PartWhisper, Text: text} }

// A bus is the memory broker with faults that are chosen.
type bus struct {
	*broker.Memory
	mu   sync.Mutex
	subs map[*context.CancelFunc]seance.SessionID
	lose func(seance.Event) bool // nil loses nothing
	fail error                   // Publish and Subscribe return it
}

func newBus() *bus {
	return &bus{Memory: broker.NewMemory(), subs: map[*context.CancelFunc]seance.SessionID{}}
}

func (b *bus) Publish(ctx context.Context, ev seance.Event) error {
	b.mu.Lock()
	fail, lose := b.fail, b.lose
	b.mu.Unlock()
	if fail != nil {
		return fail
	}
	if lose != nil && lose(ev) {
		return nil
	}
	return b.Memory.Publish(ctx, ev)
}

func (b *bus) Subscribe(ctx context.Context, id seance.SessionID) (<-chan seance.Event, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail != nil {
		return nil, b.fail
	}
	ctx, cancel := context.WithCancel(ctx)
	b.subs[&cancel] = id
	context.AfterFunc(ctx, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.subs, &cancel)
	})
	return b.Memory.Subscribe(ctx, id)
}

// hangsUp lets go of every subscription, as a broker does whose server went away.
func (b *bus) hangsUp() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for cancel := range b.subs {
		(*cancel)()
	}
}

func (b *bus) set(fail error, lose func(seance.Event) bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fail, b.lose = fail, lose
}

// subscribers counts who listens to a session.
func (b *bus) subscribers(id seance.SessionID) (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, session := range b.subs {
		if session == id {
			n++
		}
	}
	return n
}

// shaky is a store that can be made to fail.
type shaky struct {
	*inmem.Store
	mu    sync.Mutex
	fail  func(seance.Message) error // of Append
	other func(op string) error      // of LastSeq and Touch
}

var errDisk = errors.New("disk on fire")

func (s *shaky) Append(ctx context.Context, m seance.Message) (seance.Message, error) {
	s.mu.Lock()
	fail := s.fail
	s.mu.Unlock()
	if fail != nil {
		if err := fail(m); err != nil {
			return seance.Message{}, err
		}
	}
	return s.Store.Append(ctx, m)
}

func (s *shaky) LastSeq(ctx context.Context, id seance.SessionID) (uint64, error) {
	seq, err := s.Store.LastSeq(ctx, id)
	return seq, errors.Join(err, s.do("LastSeq"))
}

func (s *shaky) Touch(ctx context.Context, id seance.SessionID, at time.Time) error {
	if err := s.do("Touch"); err != nil {
		return err
	}
	return s.Store.Touch(ctx, id, at)
}

func (s *shaky) do(op string) error {
	s.mu.Lock()
	other := s.other
	s.mu.Unlock()
	if other == nil {
		return nil
	}
	return other(op)
}

func (s *shaky) setOther(other func(op string) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.other = other
}

func (s *shaky) set(fail func(seance.Message) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = fail
}

// failing fails for messages of one kind.
func failing(kind seance.Kind) func(seance.Message) error {
	return func(m seance.Message) error {
		if m.Kind == kind {
			return errDisk
		}
		return nil
	}
}
