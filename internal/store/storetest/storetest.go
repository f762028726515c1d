// Package storetest is the contract of seance.Store as a suite: what passes it may keep a séance.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"seance/internal/seance"
)

// Exercise runs the suite. open returns an empty store; the suite closes it.
func Exercise(t *testing.T, open func(t *testing.T) seance.Store) {
	t.Helper()
	cases := []struct {
		name string
		test func(*testing.T, bench)
	}{
		{"sessions are found by id and by code", testFinding},
		{"an id or a code is taken once", testTaken},
		{"a session closes once", testClosing},
		{"what a host changes", testAmend},
		{"changes at once leave each other alone", testAmendAtOnce},
		{"values come back as they were", testRoundTrip},
		{"what is kept cannot be changed from outside", testAliasing},
		{"the same id again changes nothing", testSameID},
		{"the same key again changes nothing", testSameKey},
		{"twins at the same moment are kept once", testTwins},
		{"seq is gapless under many writers", testGapless},
		{"refusals spoil nobody else's write", testRefusals},
		{"appending to nothing", testAppendNowhere},
		{"one answer a question", testOneAnswer},
		{"many answers at once, one is kept", testOneAnswerAtOnce},
		{"the end closes the session and is said once", testEnd},
		{"what was acknowledged stays so after the end", testAfterEnd},
		{"messages behind a seq", testAfter},
		{"a slow reader holds nobody up", testNestedReading},
		{"one message", testMessage},
		{"unanswered questions", testUnanswered},
		{"sessions with pending questions", testPending},
		{"people get candles in order", testEnrol},
		{"candles are unique under many arrivals", testCandles},
		{"who is put out", testKick},
		{"who is known from elsewhere", testBind},
		{"one rating a person and answer", testRate},
		{"ratings of what is no answer", testRateNothing},
		{"many ratings at once", testRateAtOnce},
		{"idle sessions", testIdle},
		{"tokens are set aside and settled", testLedger},
		{"caps on tokens hold, each for itself", testCaps},
		{"caps on tokens hold for many at once", testCapsAtOnce},
		{"days are of UTC", testDays},
		{"reservations that are none", testBadReservations},
		{"a cancelled call writes nothing", testCancelled},
		{"a call that is cancelled meanwhile writes all or nothing", testCancelledMeanwhile},
		{"a closed store is unavailable", testClosed},
		{"closing keeps what was acknowledged", testClosingWhileWriting},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel() // each has a store of its own, and most wait for a disk
			s := open(t)
			t.Cleanup(func() { check(t, s.Close()) })
			c.test(t, bench{s})
		})
	}
}

// Durable runs the part of the suite that needs a store to be opened again. Every call of what at returns opens the
// same place, which is empty at first.
func Durable(t *testing.T, at func(t *testing.T) (open func() seance.Store)) {
	t.Helper()
	t.Run("opened again, everything is there", func(t *testing.T) { testReopen(t, at(t)) })
	t.Run("opened again, what was acknowledged is there", func(t *testing.T) { testReopenAfterClosing(t, at(t)) })
}

// A bench is a store with the handles that tests hold it by.
type bench struct{ seance.Store }

// began is when every session of the suite starts.
var began = time.Date(2026, 11, 22, 20, 0, 0, 123456000, time.UTC)

func newSession(code string) seance.Session {
	return seance.Session{
		ID:        seance.SessionID(newID()),
		Code:      code,
		Name:      "The back parlour",
		Spirit:    "edgar",
		Settings:  seance.DefaultSettings(),
		Seed:      417,
		StartedAt: began,
	}
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

func (b bench) opens(t *testing.T, code string) seance.Session {
	t.Helper()
	s := newSession(code)
	check(t, b.OpenSession(t.Context(), s))
	return s
}

func question(id seance.SessionID, text string) seance.Message {
	return seance.Message{
		ID: seance.MessageID(newID()), Session: id, Kind: seance.KindQuestion, At: began.Add(time.Minute), Text: text,
	}
}

func answer(q seance.Message, board string) seance.Message {
	return seance.Message{
		ID: seance.MessageID(newID()), Session: q.Session, Kind: seance.KindAnswer, At: began.Add(2 * time.Minute),
		Refers: q.Seq, Board: board, Source: seance.SourceOracle,
	}
}

func end(id seance.SessionID, reason seance.EndReason) seance.Message {
	return seance.Message{
		ID: seance.MessageID(newID()), Session: id, Kind: seance.KindEnd, At: began.Add(time.Hour), Text: string(reason),
	}
}

func person(id seance.SessionID, name string) seance.Participant {
	return seance.Participant{
		ID: seance.ParticipantID(newID()), Session: id, Name: name, Role: seance.Player, JoinedAt: began.Add(time.Second),
	}
}

func (b bench) appends(t *testing.T, m seance.Message) seance.Message {
	t.Helper()
	stored, err := b.Append(t.Context(), m)
	check(t, err)
	return stored
}

func (b bench) enrols(t *testing.T, p seance.Participant) seance.Participant {
	t.Helper()
	stored, err := b.Enrol(t.Context(), p)
	check(t, err)
	return stored
}

// history is everything that a session holds.
func (b bench) history(t *testing.T, id seance.SessionID) []seance.Message {
	t.Helper()
	return collect(t, b.After(t.Context(), id, 0))
}

func (b bench) unanswered(t *testing.T, id seance.SessionID) []string {
	t.Helper()
	open, err := b.Unanswered(t.Context(), id)
	check(t, err)
	return texts(open)
}

func collect[T any](t *testing.T, seq iter.Seq2[T, error]) []T {
	t.Helper()
	var found []T
	for one, err := range seq {
		check(t, err)
		found = append(found, one)
	}
	return found
}

func texts(messages []seance.Message) []string {
	var found []string
	for _, m := range messages {
		found = append(found, m.Text)
	}
	return found
}

// gapless fails the test unless the messages stand at 1, 2, 3 and so on.
func gapless(t *testing.T, messages []seance.Message) {
	t.Helper()
	for i, m := range messages {
		if want := uint64(i + 1); m.Seq != want {
			t.Fatalf("message %d has seq %d, want %d", i, m.Seq, want)
		}
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refused fails the test unless err is of the given kind.
func refused(t *testing.T, what string, err, kind error) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("%s: got error %v, want %q", what, err, kind)
	}
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// together calls f for 0 to n-1, all at once, and returns their errors by number.
func together(n int, f func(i int) error) []error {
	type outcome struct {
		i   int
		err error
	}
	outcomes := make(chan outcome)
	start := make(chan struct{})
	for i := range n {
		go func() {
			<-start
			outcomes <- outcome{i, f(i)}
		}()
	}
	close(start)
	errs := make([]error, n)
	for range n {
		o := <-outcomes
		errs[o.i] = o.err
	}
	return errs
}

func allWell(t *testing.T, errs []error) {
	t.Helper()
	for i, err := range errs {
		if err != nil {
			t.Fatalf("call %d: %v", i, err)
		}
	}
}

func numbered(word string, i int) string { return fmt.Sprintf("%s %d", word, i) }

func cancelled(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
