package relay

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"seance/internal/seance"
	"seance/internal/store/inmem"
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
	tb.opts = Options{Journal: tb.journal, Register: tb.journal, Ratings: tb.journal, Watch: tb.journal, Broker: tb.bus, Medium: tb.medium}
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

// A twin is another node: a hub of its own on the same journal and broker.
type twin struct {
	tb     *table
	hub    *Hub
	cancel context.CancelFunc
	closed chan error
}

func (tb *table) twin() *twin {
	ctx, cancel := context.WithCancel(context.Background())
	w := &twin{tb: tb, hub: NewHub(tb.opts), cancel: cancel, closed: make(chan error, 1)}
	go func() { w.closed <- w.hub.Run(ctx) }()
	synctest.Wait()
	return w
}

// joins seats a board at the other node.
func (w *twin) joins(b *board) {
	w.tb.t.Helper()
	sit, err := w.hub.Join(context.Background(), Ticket{Session: w.tb.session.ID, Participant: b.who.ID}, b)
	if err != nil {
		w.tb.t.Fatal(err)
	}
	b.sit = sit
	synctest.Wait()
}

func (w *twin) closes() {
	w.tb.t.Helper()
	w.cancel()
	if err := <-w.closed; err != nil {
		w.tb.t.Error(err)
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
