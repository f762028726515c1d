package relay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"seance/internal/broker"
	"seance/internal/seance"
	"seance/internal/store/inmem"
	"seance/relay/wire"
)

// A table is a session with boards around it, on a hub of its own. It plays inside a synctest bubble: time passes only
// when everybody waits.
type table struct {
	t       *testing.T
	store   *inmem.Store
	journal *shaky
	bus     *bus
	medium  *medium
	opts    Options
	session seance.Session

	hub    *Hub
	close  context.CancelFunc
	closed chan error
	boards map[string]*board
	asks   int
}

// play runs a story at a table. Change what is special about the table in arrange, which may be nil.
func play(t *testing.T, arrange func(*table), story func(*table)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		tb := newTable(t)
		if arrange != nil {
			arrange(tb)
		}
		tb.opens()
		story(tb)
		tb.closes()
	})
}

func newTable(t testing.TB) *table {
	store := inmem.New()
	tb := &table{
		store: store, journal: &shaky{Store: store}, bus: newBus(), medium: &medium{}, boards: map[string]*board{},
		session: seance.Session{
			ID: "s1", Code: "RAVEN-417", Name: "Friday", Spirit: "morgan", Settings: seance.DefaultSettings(), Seed: 417,
			StartedAt: time.Now(),
		},
	}
	tb.t, _ = t.(*testing.T)
	tb.opts = Options{Journal: tb.journal, Register: tb.journal, Watch: tb.journal, Broker: tb.bus, Medium: tb.medium}
	if err := store.OpenSession(context.Background(), tb.session); err != nil {
		t.Fatal(err)
	}
	return tb
}

// opens starts a hub, as a process that starts would.
func (tb *table) opens() {
	ctx, cancel := context.WithCancel(context.Background())
	tb.hub, tb.close, tb.closed = NewHub(tb.opts), cancel, make(chan error, 1)
	hub, closed := tb.hub, tb.closed
	go func() { closed <- hub.Run(ctx) }()
	synctest.Wait()
}

// closes ends the hub and holds it to its promise.
func (tb *table) closes() {
	tb.t.Helper()
	began := time.Now()
	tb.close()
	if err := <-tb.closed; err != nil {
		tb.t.Errorf("hub closed: %v", err)
	}
	if took := time.Since(began); took > 10*time.Second {
		tb.t.Errorf("closing took %v, want at most 10 s", took)
	}
	for name, b := range tb.boards {
		for _, wrong := range b.wrong {
			tb.t.Errorf("%s: %s", name, wrong)
		}
	}
}

// As is the board of a player. Whoever is named for the first time sits down.
func (tb *table) As(name string) *board { return tb.as(name, seance.Player) }

// Watches is the board of a spectator.
func (tb *table) Watches(name string) *board { return tb.as(name, seance.Spectator) }

func (tb *table) as(name string, role seance.Role) *board {
	tb.t.Helper()
	if b, ok := tb.boards[name]; ok {
		return b
	}
	b := tb.board(name, role)
	tb.boards[name] = b
	b.Joins()
	return b
}

// board is one that has not joined yet.
func (tb *table) board(name string, role seance.Role) *board {
	tb.t.Helper()
	p, err := tb.store.Enrol(context.Background(), seance.Participant{
		ID: seance.ParticipantID("p-" + name), Session: tb.session.ID, Name: name, Role: role, JoinedAt: time.Now(),
	})
	if err != nil {
		tb.t.Fatal(err)
	}
	return &board{tb: tb, who: p}
}

// passes lets time go by, and then everything settle.
func (tb *table) passes(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// kept lists what the journal holds, as "kind text".
func (tb *table) kept() (lines []string) {
	for m, err := range tb.store.After(context.Background(), tb.session.ID, 0) {
		if err != nil {
			tb.t.Fatal(err)
		}
		lines = append(lines, string(m.Kind)+" "+m.Text+m.Board)
	}
	return lines
}

func (tb *table) keeps(want ...string) {
	tb.t.Helper()
	synctest.Wait()
	if got := tb.kept(); !slices.Equal(got, want) {
		tb.t.Errorf("the journal keeps %q, want %q", got, want)
	}
}

// A board is one connection of a person: a Seat that shows what it gets.
type board struct {
	tb  *table
	who seance.Participant
	sit *Sitting

	mu      sync.Mutex
	welcome *wire.Welcome
	frames  []frame
	slow    bool
	code    wire.CloseCode
	wrong   []string // what a Seat's promise forbids
}

// A frame is what a board was sent, with the members that tests look at.
type frame struct {
	Event       string
	Replayed    bool         `json:"replayed"`
	Seq         uint64       `json:"seq"`
	At          int64        `json:"at"`
	QuestionSeq *uint64      `json:"question_seq"`
	Text        string       `json:"text"`
	Board       string       `json:"board"`
	Score       seance.Score `json:"score"`
	Source      string       `json:"source"`
	Position    int          `json:"position"`
	Participant struct {
		Name string `json:"name"`
	} `json:"participant"`
	ParticipantID string `json:"participant_id"`
	Typing        bool   `json:"typing"`
	Reason        string `json:"reason"`
	Count         int    `json:"count"`
}

func (f frame) String() string {
	switch f.Event {
	case wire.EventUserJoined:
		return fmt.Sprintf("%s joined (%d)", f.Participant.Name, f.Count)
	case wire.EventUserLeft:
		return fmt.Sprintf("%s %s (%d)", strings.TrimPrefix(f.ParticipantID, "p-"), f.Reason, f.Count)
	case wire.EventUserTyping:
		return fmt.Sprintf("%s typing %v", strings.TrimPrefix(f.ParticipantID, "p-"), f.Typing)
	case wire.EventQuestionAsked:
		return fmt.Sprintf("%d %s asks %s", f.Seq, f.Participant.Name, f.Text)
	case wire.EventSpiritThinking:
		return fmt.Sprintf("thinking of %d", *f.QuestionSeq)
	case wire.EventSpiritResponse:
		return fmt.Sprintf("%d spells %s", f.Seq, f.Board)
	case wire.EventSpiritWhisper:
		return fmt.Sprintf("%d whispers %s", f.Seq, f.Text)
	case wire.EventSessionEnded:
		return fmt.Sprintf("%d ended by %s", f.Seq, f.Reason)
	}
	return f.Event + " " + f.Text
}

func (b *board) Welcome(w wire.Welcome, missed []*wire.Prepared) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.welcome != nil {
		b.wrong = append(b.wrong, "welcomed twice")
	}
	b.welcome = &w
	for _, f := range missed {
		b.take(f)
	}
}

func (b *board) Send(f *wire.Prepared) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.welcome == nil {
		b.wrong = append(b.wrong, "sent before it was welcomed")
	}
	if b.slow || b.code != 0 {
		return false
	}
	b.take(f)
	return true
}

func (b *board) Close(code wire.CloseCode) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.code = code
}

func (b *board) take(p *wire.Prepared) {
	f := frame{Event: p.Event}
	if err := json.Unmarshal(p.Data, &f); err != nil {
		b.wrong = append(b.wrong, err.Error())
	}
	if last := b.last(); f.Seq != 0 && last != 0 && f.Seq != last+1 {
		b.wrong = append(b.wrong, fmt.Sprintf("seq %d after %d", f.Seq, last))
	}
	b.frames = append(b.frames, f)
}

// last is the newest seq the board has. The caller holds mu.
func (b *board) last() uint64 {
	for _, f := range slices.Backward(b.frames) {
		if f.Seq != 0 {
			return f.Seq
		}
	}
	return 0
}

// Joins sits down.
func (b *board) Joins() *board {
	b.tb.t.Helper()
	if err := b.tries(nil); err != nil {
		b.tb.t.Fatalf("%s joins: %v", b.who.Name, err)
	}
	return b
}

// Returns sits down again with what it has, as a board does whose line broke.
func (b *board) Returns() *board {
	b.tb.t.Helper()
	b.mu.Lock()
	last := b.last()
	b.welcome, b.code, b.slow = nil, 0, false
	b.mu.Unlock()
	if err := b.tries(&last); err != nil {
		b.tb.t.Fatalf("%s returns: %v", b.who.Name, err)
	}
	return b
}

func (b *board) tries(since *uint64) error {
	s, err := b.tb.hub.Join(context.Background(), Ticket{b.tb.session.ID, b.who.ID, since}, b)
	if err == nil {
		b.sit = s
	}
	synctest.Wait()
	return err
}

// Second is another connection of the same person.
func (b *board) Second() *board {
	b.tb.t.Helper()
	return (&board{tb: b.tb, who: b.who}).Joins()
}

func (b *board) Leaves() { b.sit.Leave(); synctest.Wait() }

func (b *board) Drops() { b.sit.Lost(); synctest.Wait() }

// Asks asks, which must go well.
func (b *board) Asks(text string) Asked {
	b.tb.t.Helper()
	asked, err := b.Tries(text)
	if err != nil {
		b.tb.t.Fatalf("%s asks %q: %v", b.who.Name, text, err)
	}
	return asked
}

// Tries asks with a key of its own.
func (b *board) Tries(text string) (Asked, error) {
	b.tb.asks++
	return b.Sends(fmt.Sprintf("key-%d", b.tb.asks), text)
}

// Sends asks with the given key.
func (b *board) Sends(key, text string) (Asked, error) {
	asked, err := b.sit.Ask(context.Background(), key, text)
	synctest.Wait()
	return asked, err
}

// Text is what the planchette has spelled by now, as every board reckons it from the score and the clock.
func (b *board) Text() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var text strings.Builder
	for _, f := range slices.Backward(b.frames) {
		if f.Event != wire.EventSpiritResponse {
			continue
		}
		for _, s := range f.Score.Stops {
			reveal := time.UnixMilli(f.Score.StartsAt + int64(s.At)).Add(seance.RevealAfter)
			if time.Now().Before(reveal) {
				break
			}
			if s.Word {
				text.WriteByte(' ')
			}
			text.WriteString(s.Glyph)
		}
		break
	}
	return text.String()
}

// Reads waits for the answer that is being spelled, or about to be, and looks at what is on the board then.
func (b *board) Reads(want string) {
	b.tb.t.Helper()
	b.tb.passes(time.Second)
	for range 30 {
		if b.Text() == want {
			return
		}
		b.tb.passes(time.Second)
	}
	b.tb.t.Errorf("%s reads %q, want %q", b.who.Name, b.Text(), want)
}

// Sees holds what the board was sent since it was last looked at, presence left out, against want.
func (b *board) Sees(want ...string) {
	b.tb.t.Helper()
	b.saw(want, func(f frame) bool { return f.Seq != 0 })
}

// Notices is Sees for everything.
func (b *board) Notices(want ...string) {
	b.tb.t.Helper()
	b.saw(want, func(frame) bool { return true })
}

func (b *board) saw(want []string, care func(frame) bool) {
	b.tb.t.Helper()
	synctest.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	var got []string
	for _, f := range b.frames {
		if care(f) {
			got = append(got, f.String())
		}
	}
	if !slices.Equal(got, want) {
		b.tb.t.Errorf("%s sees\n  %s\nwant\n  %s", b.who.Name, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// Forgets drops what was seen so far from what Sees and Notices look at, but for the last message.
func (b *board) Forgets() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.frames = nil
}

// of lists the frames of one event.
func (b *board) of(event string) (frames []frame) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range b.frames {
		if f.Event == event {
			frames = append(frames, f)
		}
	}
	return frames
}

func (b *board) closedWith() wire.CloseCode {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.code
}

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
