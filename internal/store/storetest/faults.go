package storetest

import (
	"context"
	"testing"
	"time"

	"seance/internal/seance"
)

// testCancelledMeanwhile cancels calls at any moment of theirs: whatever they hear, a message is kept whole or not at
// all, what was acknowledged is kept, and asking again is safe.
func testCancelledMeanwhile(t *testing.T, b bench) {
	const many = 200
	s := b.opens(t, "STOP-280")
	asked := make([]seance.Message, many)
	stored := make([]seance.Message, many)
	errs := together(many, func(i int) (err error) {
		asked[i] = question(s.ID, numbered("question", i))
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		if i%4 != 0 {
			go cancel()
		}
		stored[i], err = b.Append(ctx, asked[i])
		return err
	})
	history := b.history(t, s.ID)
	gapless(t, history)
	if last, err := b.LastSeq(t.Context(), s.ID); err != nil || last != uint64(len(history)) {
		t.Errorf("last seq %d, %v, want %d", last, err, len(history))
	}
	for i, err := range errs {
		again := b.appends(t, asked[i])
		if err != nil {
			continue
		}
		same(t, "acknowledged message again", again, stored[i])
		same(t, "acknowledged message", history[stored[i].Seq-1], stored[i])
	}
	if after := b.history(t, s.ID); len(after) != many {
		t.Errorf("%d messages are kept, want %d", len(after), many)
	}
}

func testReopen(t *testing.T, open func() seance.Store) {
	b := bench{open()}
	s := b.opens(t, "KEEP-290")
	ann := b.enrols(t, person(s.ID, "Ann"))
	q := question(s.ID, "Will you remember?")
	q.Key = "7"
	asked := b.appends(t, q)
	said := answer(asked, "ALWAYS")
	said.Score = &seance.Score{Seed: 7, Stops: []seance.Stop{{Glyph: "A", At: 500, Hold: 300}}}
	said = b.appends(t, said)
	waiting := b.appends(t, question(s.ID, "And this?"))
	rated := seance.Rating{Session: s.ID, Seq: said.Seq, Participant: ann.ID, Value: 5, At: began}
	check(t, b.Rate(t.Context(), rated))
	ann.KickedAt = began.Add(time.Hour)
	check(t, b.Kick(t.Context(), s.ID, ann.ID, ann.KickedAt))
	yes := true
	s, err := b.Amend(t.Context(), s.ID, seance.Amendment{Locked: &yes})
	check(t, err)
	check(t, b.Touch(t.Context(), s.ID, began.Add(1e9)))
	check(t, b.Reserve(t.Context(), reservation("asked", s.ID, 100)))
	check(t, b.Reserve(t.Context(), reservation("answered", s.ID, 100)))
	check(t, b.Settle(t.Context(), "answered", 30))
	check(t, b.Close())

	b = bench{open()}
	defer func() { check(t, b.Close()) }()
	got, err := b.Session(t.Context(), "keep-290")
	check(t, err)
	same(t, "session", got, s)
	same(t, "history", b.history(t, s.ID), []seance.Message{asked, said, waiting})
	same(t, "unanswered", b.unanswered(t, s.ID), []string{"And this?"})
	same(t, "pending", collect(t, b.Pending(t.Context())), []seance.SessionID{s.ID})
	everyone, err := b.Participants(t.Context(), s.ID)
	check(t, err)
	same(t, "everyone", everyone, []seance.Participant{ann})
	ratings, err := b.Ratings(t.Context(), s.ID)
	check(t, err)
	same(t, "ratings", ratings, []seance.Rating{rated})
	if got := collect(t, b.Idle(t.Context(), began.Add(1e9))); len(got) != 0 {
		t.Errorf("idle: %v", got)
	}

	spent, err := b.Spent(t.Context(), began)
	check(t, err)
	same(t, "spent", spent, map[string]int64{"gemini": 130}) // nobody came back to settle the other one

	// It goes on where it stopped.
	same(t, "the same key again", b.appends(t, q), asked)
	if got := b.appends(t, answer(waiting, "TOO")); got.Seq != 4 {
		t.Errorf("next seq is %d, want 4", got.Seq)
	}
	if got := b.enrols(t, person(s.ID, "Bob")); got.Candle != 2 {
		t.Errorf("next candle is %d, want 2", got.Candle)
	}
}

func testReopenAfterClosing(t *testing.T, open func() seance.Store) {
	b := bench{open()}
	s := b.opens(t, "KEEP-300")
	acknowledged := writeAndClose(t, b, s.ID)

	b = bench{open()}
	defer func() { check(t, b.Close()) }()
	history := b.history(t, s.ID)
	gapless(t, history)
	kept := make(map[seance.MessageID]uint64)
	for _, m := range history {
		kept[m.ID] = m.Seq
	}
	same(t, "messages that were acknowledged", acknowledged, kept)
}
