package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"seance/internal/seance"
)

// held keeps the writer busy, so that what is written meanwhile waits, until release.
func held(t *testing.T, s *Store) (release func()) {
	t.Helper()
	begun, free, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- s.writer.write(t.Context(), func(context.Context, *sql.Tx) error {
			close(begun)
			<-free
			return nil
		})
	}()
	<-begun
	return func() {
		close(free)
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// waiting has a write wait in the queue, in the order of the calls, and returns how to hear its outcome.
func waiting(t *testing.T, s *Store, do func(ctx context.Context, tx *sql.Tx) error) (outcome func() error) {
	t.Helper()
	item := &write{do: do, done: make(chan struct{})}
	if err := s.writer.accept(t.Context(), item); err != nil {
		t.Fatal(err)
	}
	return func() error {
		<-item.done
		return item.err
	}
}

func touchAll(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `UPDATE sessions SET touched_at = touched_at + 1`)
	return err
}

func touched(t *testing.T, s *Store) (n int) {
	t.Helper()
	if err := s.read.QueryRowContext(t.Context(), `SELECT touched_at FROM sessions`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestGroup(t *testing.T) {
	refuse := func(context.Context, *sql.Tx) error { return fmt.Errorf("no: %w", seance.ErrClosed) }
	breakOff := func(ctx context.Context, tx *sql.Tx) error {
		if err := touchAll(ctx, tx); err != nil { // half of it is done when it fails
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO participants (session) VALUES ('nowhere')`)
		return err
	}
	loseTransaction := func(ctx context.Context, tx *sql.Tx) error { // as SQLite itself does when the disk is full
		if _, err := tx.ExecContext(ctx, `ROLLBACK`); err != nil {
			return err
		}
		return errors.New("gone")
	}
	cases := []struct {
		name string
		bad  func(ctx context.Context, tx *sql.Tx) error
		kind error
	}{
		{"a refusal", refuse, seance.ErrClosed},
		{"a failed statement", breakOff, seance.ErrUnavailable},
		{"a lost transaction", loseTransaction, seance.ErrUnavailable},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := open(t, empty(t), Options{})
			defer s.Close()
			if err := s.OpenSession(t.Context(), seance.Session{ID: "s", Code: "BULB-1"}); err != nil {
				t.Fatal(err)
			}
			before := touched(t, s)
			release := held(t, s)
			first, bad, last := waiting(t, s, touchAll), waiting(t, s, c.bad), waiting(t, s, touchAll)
			release()
			if err := first(); err != nil {
				t.Errorf("write before it: %v", err)
			}
			if err := last(); err != nil {
				t.Errorf("write behind it: %v", err)
			}
			if err := bad(); !errors.Is(err, c.kind) {
				t.Errorf("got error %v, want %q", err, c.kind)
			}
			if got := touched(t, s) - before; got != 2 {
				t.Errorf("%d writes are kept, want 2", got)
			}
		})
	}
}

// What waits together is committed together, at most so many at once.
func TestGroupSize(t *testing.T) {
	for _, c := range []struct{ group, want int }{{1, 6}, {4, 2}, {defaultGroup, 1}} {
		t.Run(fmt.Sprint(c.group), func(t *testing.T) {
			s := open(t, empty(t), Options{Group: c.group})
			defer s.Close()
			release := held(t, s)
			transactions := make(map[*sql.Tx]bool)
			var outcomes []func() error
			for range 6 {
				outcomes = append(outcomes, waiting(t, s, func(_ context.Context, tx *sql.Tx) error {
					transactions[tx] = true
					return nil
				}))
			}
			release()
			for _, outcome := range outcomes {
				if err := outcome(); err != nil {
					t.Fatal(err)
				}
			}
			if len(transactions) != c.want {
				t.Errorf("%d transactions, want %d", len(transactions), c.want)
			}
		})
	}
}

// Every transaction is told of once, with how many shared it and whether they are kept.
func TestObserve(t *testing.T) {
	type heard struct {
		writes int
		kept   bool
	}
	var told []heard
	s := open(t, empty(t), Options{Observe: func(writes int, took time.Duration, err error) {
		if took <= 0 {
			t.Errorf("a transaction took %s", took)
		}
		told = append(told, heard{writes, err == nil})
	}})
	release := held(t, s)
	good := func(context.Context, *sql.Tx) error { return nil }
	bad := func(context.Context, *sql.Tx) error { return errors.New("gone") }
	outcomes := []func() error{waiting(t, s, good), waiting(t, s, bad), waiting(t, s, good)}
	release()
	for _, outcome := range outcomes {
		_ = outcome() // TestGroup's business
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	want := []heard{{1, true}, {3, false}, {1, true}, {1, false}, {1, true}}
	if !slices.Equal(told, want) {
		t.Errorf("heard of %v, want %v", told, want)
	}
}

func TestCloseWritesWhatWasAccepted(t *testing.T) {
	path := file(t)
	s := open(t, path, Options{})
	if err := s.OpenSession(t.Context(), seance.Session{ID: "s", Code: "BULB-1"}); err != nil {
		t.Fatal(err)
	}
	before := touched(t, s)
	release := held(t, s)
	outcome := waiting(t, s, touchAll)
	closed := make(chan error, 1)
	go func() { closed <- s.Close() }()
	release()
	if err := errors.Join(outcome(), <-closed); err != nil {
		t.Fatal(err)
	}
	s = open(t, path, Options{})
	defer s.Close()
	if got := touched(t, s) - before; got != 1 {
		t.Errorf("%d writes are kept, want 1", got)
	}
}

// A caller who gives up while the queue is full has written nothing.
func TestFullQueue(t *testing.T) {
	s := open(t, empty(t), Options{})
	defer s.Close()
	release := held(t, s)
	var last func() error
	for range queued {
		last = waiting(t, s, func(context.Context, *sql.Tx) error { return nil })
	}
	reason := errors.New("tired of waiting")
	ctx, cancel := context.WithCancelCause(t.Context())
	gaveUp := make(chan error, 1)
	go func() { gaveUp <- s.OpenSession(ctx, seance.Session{ID: "s", Code: "BULB-1"}) }()
	cancel(reason)
	if err := <-gaveUp; !errors.Is(err, reason) {
		t.Errorf("got error %v, want %q", err, reason)
	}
	release()
	if err := last(); err != nil {
		t.Error(err)
	}
	if _, err := s.Session(t.Context(), "BULB-1"); !errors.Is(err, seance.ErrNotFound) {
		t.Errorf("session: %v, want %q", err, seance.ErrNotFound)
	}
}

// A full disk refuses what it cannot keep, loses nothing that it has kept, and goes on once there is room.
func TestFullDisk(t *testing.T) {
	s := open(t, empty(t), Options{})
	defer s.Close()
	if err := s.OpenSession(t.Context(), seance.Session{ID: "s", Code: "BULB-1"}); err != nil {
		t.Fatal(err)
	}
	room := func(pages string) {
		t.Helper()
		if _, err := s.write.ExecContext(t.Context(), `PRAGMA max_page_count = `+pages); err != nil {
			t.Fatal(err)
		}
	}
	text := make([]byte, 3000)
	for i := range text {
		text[i] = 'A'
	}
	ask := func() error {
		_, err := s.Append(t.Context(), seance.Message{
			ID: seance.MessageID(newID()), Session: "s", Kind: seance.KindQuestion, Text: string(text),
		})
		return err
	}
	room("1") // as many as there are
	var err error
	asked := uint64(0)
	for ; asked < 100; asked++ {
		if err = ask(); err != nil {
			break
		}
	}
	if !errors.Is(err, seance.ErrUnavailable) {
		t.Fatalf("a full disk gives %v, want %q", err, seance.ErrUnavailable)
	}
	room("1000")
	if err := ask(); err != nil {
		t.Fatal(err)
	}
	if got, err := s.LastSeq(t.Context(), "s"); err != nil || got != asked+1 {
		t.Errorf("last seq %d, %v, want %d", got, err, asked+1)
	}
}
