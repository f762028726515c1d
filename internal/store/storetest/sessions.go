package storetest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"seance/internal/seance"
)

func testFinding(t *testing.T, b bench) {
	s := b.opens(t, "RAVEN-417")
	b.opens(t, "RAVEN-418")
	for _, key := range []string{string(s.ID), "RAVEN-417", "raven-417", "Raven-417"} {
		got, err := b.Session(t.Context(), key)
		check(t, err)
		same(t, "session by "+key, got, s)
	}
	for _, key := range []string{"", "RAVEN", "RAVEN-419", newID()} {
		_, err := b.Session(t.Context(), key)
		refused(t, "session by "+key, err, seance.ErrNotFound)
	}
}

func testTaken(t *testing.T, b bench) {
	first := b.opens(t, "OWL-100")

	again := newSession("OWL-101")
	again.ID = first.ID
	refused(t, "the same id", b.OpenSession(t.Context(), again), seance.ErrExists)
	refused(t, "the same code", b.OpenSession(t.Context(), newSession("OWL-100")), seance.ErrExists)
	refused(t, "the same code in small letters", b.OpenSession(t.Context(), newSession("owl-100")), seance.ErrExists)

	check(t, b.CloseSession(t.Context(), first.ID, began.Add(time.Hour)))
	refused(t, "the code of a session that ended", b.OpenSession(t.Context(), newSession("OWL-100")), seance.ErrExists)

	errs := together(16, func(int) error { return b.OpenSession(t.Context(), newSession("OWL-102")) })
	opened := 0
	for _, err := range errs {
		if err == nil {
			opened++
			continue
		}
		refused(t, "one of many with the same code", err, seance.ErrExists)
	}
	if opened != 1 {
		t.Errorf("%d sessions opened with one code, want 1", opened)
	}
}

func testClosing(t *testing.T, b bench) {
	s := b.opens(t, "LAMP-200")
	at := began.Add(time.Hour)
	check(t, b.CloseSession(t.Context(), s.ID, at))
	check(t, b.CloseSession(t.Context(), s.ID, at.Add(time.Hour)))

	s.EndedAt = at
	got, err := b.Session(t.Context(), s.Code)
	check(t, err)
	same(t, "closed session", got, s)

	refused(t, "closing nothing", b.CloseSession(t.Context(), "nowhere", at), seance.ErrNotFound)
}

// testRoundTrip keeps values with everything in them that could get lost.
func testRoundTrip(t *testing.T, b bench) {
	zone := time.FixedZone("CET", 3600)
	fine := time.Date(2026, 11, 22, 21, 0, 0, 987654321, zone) // finer than what is kept, and not in UTC
	keptFine := time.Date(2026, 11, 22, 20, 0, 0, 987654000, time.UTC)

	s := newSession("MOTH-300")
	s.Name, s.Locked, s.Passphrase, s.Seed = "Zoë’s 👻 — «parlour»", true, "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA", 1<<32-1
	s.Settings = seance.Settings{Tone: seance.Adult, Spelling: seance.Full, WhoseHand: false}
	s.StartedAt = fine
	check(t, b.OpenSession(t.Context(), s))
	s.StartedAt = keptFine
	got, err := b.Session(t.Context(), string(s.ID))
	check(t, err)
	same(t, "session", got, s)

	p := person(s.ID, "Þórunn")
	p.Role, p.JoinedAt, p.KickedAt = seance.Spectator, fine, fine.Add(time.Second)
	stored := b.enrols(t, p)
	p.Candle, p.JoinedAt, p.KickedAt = 1, keptFine, keptFine.Add(time.Second)
	same(t, "participant as enrolled", stored, p)
	found, err := b.Participant(t.Context(), s.ID, p.ID)
	check(t, err)
	same(t, "participant", found, p)

	for _, m := range []seance.Message{
		{
			Kind: seance.KindQuestion, Key: "7", Participant: p.ID, Text: "Würdest du’s tun? 🕯️\n\"' \\ %s $1", Position: 3,
			Context: "it rains", Direction: "be brief",
		},
		{
			Kind: seance.KindAnswer, Refers: 1, Board: "SO BE IT", Source: seance.SourceDeflection, Score: &seance.Score{
				Seed: 1<<32 - 1, StartsAt: 1795377600600, EndsAt: 1795377604500,
				Stops: []seance.Stop{{Glyph: "S", At: 565, Hold: 340}, {Glyph: "YES", At: 1550, Hold: 310, Word: true}},
			},
		},
		{Kind: seance.KindAnswer, Board: "YES", Source: seance.SourceInitiative, Score: &seance.Score{}},
		{Kind: seance.KindWhisper, Refers: 2, Text: strings.Repeat("Nichts währt ewig. ", 200)},
		{Kind: seance.KindQuestion, Erased: true},
		{Kind: seance.KindEnd, Text: string(seance.EndedByGoodbye)},
	} {
		m.ID, m.Session, m.At = seance.MessageID(newID()), s.ID, fine
		stored := b.appends(t, m)
		m.Seq, m.At = stored.Seq, keptFine
		same(t, "message as appended", stored, m)
		read, err := b.Message(t.Context(), s.ID, m.Seq)
		check(t, err)
		same(t, "message", read, m)
	}
	gapless(t, b.history(t, s.ID))
}

func testEnrol(t *testing.T, b bench) {
	s := b.opens(t, "ROOK-400")
	ann := b.enrols(t, person(s.ID, "Ann"))
	bob := b.enrols(t, person(s.ID, "Bob"))
	if ann.Candle != 1 || bob.Candle != 2 {
		t.Errorf("candles %d and %d, want 1 and 2", ann.Candle, bob.Candle)
	}

	again := ann
	again.Name, again.Candle, again.Role = "Somebody else", 9, seance.Host
	same(t, "enrolled again", b.enrols(t, again), ann)

	everyone, err := b.Participants(t.Context(), s.ID)
	check(t, err)
	same(t, "everyone", everyone, []seance.Participant{ann, bob})

	_, err = b.Participant(t.Context(), s.ID, "nobody")
	refused(t, "nobody", err, seance.ErrNotFound)
	other := b.opens(t, "ROOK-401")
	_, err = b.Participant(t.Context(), other.ID, ann.ID)
	refused(t, "somebody of another session", err, seance.ErrNotFound)
	nobody, err := b.Participants(t.Context(), other.ID)
	check(t, err)
	if len(nobody) != 0 {
		t.Errorf("an empty session has %v", nobody)
	}

	_, err = b.Enrol(t.Context(), person("nowhere", "Cid"))
	refused(t, "enrolling nowhere", err, seance.ErrNotFound)
	check(t, b.CloseSession(t.Context(), s.ID, began.Add(time.Hour)))
	_, err = b.Enrol(t.Context(), person(s.ID, "Cid"))
	refused(t, "enrolling after the end", err, seance.ErrClosed)
	same(t, "enrolled again after the end", b.enrols(t, ann), ann)
}

func testCandles(t *testing.T, b bench) {
	const many = 40
	s := b.opens(t, "CROW-500")
	allWell(t, together(many, func(i int) error {
		_, err := b.Enrol(t.Context(), person(s.ID, numbered("guest", i)))
		return err
	}))
	everyone, err := b.Participants(t.Context(), s.ID)
	check(t, err)
	if len(everyone) != many {
		t.Fatalf("%d people, want %d", len(everyone), many)
	}
	for i, p := range everyone {
		if p.Candle != i+1 {
			t.Errorf("person %d has candle %d", i, p.Candle)
		}
	}
}

func testIdle(t *testing.T, b bench) {
	at := func(minutes int) time.Time { return began.Add(time.Duration(minutes) * time.Minute) }
	forgotten := b.opens(t, "DUST-600")
	touched := b.opens(t, "DUST-601")
	ended := b.opens(t, "DUST-602")
	check(t, b.Touch(t.Context(), touched.ID, at(30)))
	check(t, b.Touch(t.Context(), touched.ID, at(20))) // late news takes nothing back
	check(t, b.CloseSession(t.Context(), ended.ID, at(1)))
	check(t, b.Touch(t.Context(), "nowhere", at(1)))

	for _, c := range []struct {
		since time.Time
		want  []seance.SessionID
	}{
		{at(0), nil},
		{at(0).Add(time.Microsecond), []seance.SessionID{forgotten.ID}},
		{at(30), []seance.SessionID{forgotten.ID}},
		{at(31), []seance.SessionID{forgotten.ID, touched.ID}},
	} {
		same(t, "idle since "+c.since.Format(time.TimeOnly), collect(t, b.Idle(t.Context(), c.since)), c.want)
	}

	for _, err := range b.Idle(t.Context(), at(31)) {
		check(t, err)
		break // early
	}
	const more = 130 // than anybody reads at once
	for i := range more {
		b.opens(t, numbered("MIST", i))
	}
	if got := len(collect(t, b.Idle(t.Context(), at(31)))); got != more+2 {
		t.Errorf("%d idle sessions, want %d", got, more+2)
	}
	for id, err := range b.Idle(cancelled(t), at(31)) {
		if err == nil || id != "" {
			t.Errorf("a cancelled call yields %q, %v", id, err)
		}
	}
}

func testClosed(t *testing.T, b bench) {
	s := b.opens(t, "DOOR-700")
	check(t, b.Close())
	_, err := b.Append(t.Context(), question(s.ID, "Is anybody there?"))
	refused(t, "append", err, seance.ErrUnavailable)
	_, err = b.Session(t.Context(), s.Code)
	refused(t, "session", err, seance.ErrUnavailable)
	for _, err := range b.After(t.Context(), s.ID, 0) {
		refused(t, "after", err, seance.ErrUnavailable)
	}
	_, err = b.Amend(t.Context(), s.ID, seance.Amendment{})
	refused(t, "amend", err, seance.ErrUnavailable)
	refused(t, "kick", b.Kick(t.Context(), s.ID, "ann", began), seance.ErrUnavailable)
	refused(t, "rate", b.Rate(t.Context(), seance.Rating{Session: s.ID, Seq: 1, Value: 1}), seance.ErrUnavailable)
	_, err = b.Ratings(t.Context(), s.ID)
	refused(t, "ratings", err, seance.ErrUnavailable)
	refused(t, "reserve", b.Reserve(t.Context(), reservation("a", s.ID, 1)), seance.ErrUnavailable)
	refused(t, "settle", b.Settle(t.Context(), "a", 1), seance.ErrUnavailable)
	_, err = b.Spent(t.Context(), began)
	refused(t, "spent", err, seance.ErrUnavailable)
	check(t, b.Close())
}

// testClosingWhileWriting closes a store among many writers: each of them hears that its message is kept, or that the
// store is unavailable. testReopenAfterClosing holds stores on disk to the first.
func testClosingWhileWriting(t *testing.T, b bench) {
	acknowledged := writeAndClose(t, b, b.opens(t, "DOOR-701").ID)
	if len(acknowledged) == 0 {
		t.Error("nothing was acknowledged before the store closed")
	}
}

// writeAndClose has many write until the store is closed under them, and returns what was acknowledged.
func writeAndClose(t *testing.T, b bench, id seance.SessionID) map[seance.MessageID]uint64 {
	t.Helper()
	const writers = 16
	acknowledged := make([]map[seance.MessageID]uint64, writers)
	underway := make(chan struct{}, writers)
	closed := make(chan error, 1)
	go func() {
		for range writers {
			<-underway
		}
		closed <- b.Close()
	}()
	errs := together(writers, func(i int) error {
		acknowledged[i] = make(map[seance.MessageID]uint64)
		for {
			m, err := b.Append(t.Context(), question(id, numbered("writer", i)))
			select {
			case underway <- struct{}{}:
			default:
			}
			if err != nil {
				return err
			}
			acknowledged[i][m.ID] = m.Seq
		}
	})
	check(t, <-closed)
	all := make(map[seance.MessageID]uint64)
	for i, err := range errs {
		if !errors.Is(err, seance.ErrUnavailable) {
			t.Errorf("writer %d stopped by %v, want %q", i, err, seance.ErrUnavailable)
		}
		for id, seq := range acknowledged[i] {
			all[id] = seq
		}
	}
	return all
}
