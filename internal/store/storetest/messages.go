package storetest

import (
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"seance/internal/seance"
)

func testAliasing(t *testing.T, b bench) {
	s := b.opens(t, "MASK-110")
	m := answer(seance.Message{Session: s.ID}, "NO")
	m.Score = &seance.Score{Seed: 1, Stops: []seance.Stop{{Glyph: "NO"}}}
	stored := b.appends(t, m)
	m.Score.Seed, m.Score.Stops[0].Glyph = 2, "YES"
	stored.Score.Seed, stored.Score.Stops[0].Glyph = 3, "YES"
	read := b.history(t, s.ID)[0]
	same(t, "score", read.Score, &seance.Score{Seed: 1, Stops: []seance.Stop{{Glyph: "NO"}}})
	read.Score.Stops[0].Glyph = "YES"
	same(t, "glyph", b.history(t, s.ID)[0].Score.Stops[0].Glyph, "NO")
}

func testSameID(t *testing.T, b bench) {
	s := b.opens(t, "TWIN-120")
	first := b.appends(t, question(s.ID, "Who is there?"))

	again := first
	again.Seq, again.Text, again.Key, again.At = 0, "Something else", "9", began.Add(time.Hour)
	same(t, "the same id again", b.appends(t, again), first)

	elsewhere := again
	elsewhere.Session = b.opens(t, "TWIN-121").ID
	same(t, "the same id in another session", b.appends(t, elsewhere), first)

	same(t, "history", b.history(t, s.ID), []seance.Message{first})
	if next := b.appends(t, question(s.ID, "And now?")); next.Seq != 2 {
		t.Errorf("next message has seq %d, want 2", next.Seq)
	}
}

func testSameKey(t *testing.T, b bench) {
	s, other := b.opens(t, "TWIN-130"), b.opens(t, "TWIN-131")
	q := question(s.ID, "Who is there?")
	q.Key = "7"
	first := b.appends(t, q)

	again := question(s.ID, "Something else")
	again.Key = "7"
	same(t, "the same key again", b.appends(t, again), first)

	elsewhere := question(other.ID, "Who is there?")
	elsewhere.Key = "7"
	if got := b.appends(t, elsewhere); got.ID != elsewhere.ID || got.Seq != 1 {
		t.Errorf("the same key in another session gave %+v", got)
	}

	// No key is no double.
	b.appends(t, question(s.ID, "Twice?"))
	b.appends(t, question(s.ID, "Twice?"))
	same(t, "history", texts(b.history(t, s.ID)), []string{"Who is there?", "Twice?", "Twice?"})
}

func testTwins(t *testing.T, b bench) {
	s := b.opens(t, "TWIN-140")
	q := question(s.ID, "Who is there?")
	q.Key = "7"
	seqs := make([]uint64, 32)
	allWell(t, together(len(seqs), func(i int) error {
		mine := q
		if i%2 == 1 {
			mine.ID = seance.MessageID(newID()) // as a server would that hears it for the first time
		}
		stored, err := b.Append(t.Context(), mine)
		seqs[i] = stored.Seq
		return err
	}))
	if slices.Max(seqs) != 1 || slices.Min(seqs) != 1 {
		t.Errorf("twins were given seqs %v, want 1", seqs)
	}
	if got := b.history(t, s.ID); len(got) != 1 {
		t.Errorf("%d messages are kept, want 1", len(got))
	}
}

func testGapless(t *testing.T, b bench) {
	const writers, each = 64, 5
	sessions := []seance.Session{b.opens(t, "GAPS-150"), b.opens(t, "GAPS-151"), b.opens(t, "GAPS-152")}
	acknowledged := make([][]seance.Message, writers)
	allWell(t, together(writers, func(i int) error {
		for n := range each {
			m, err := b.Append(t.Context(), question(sessions[(i+n)%len(sessions)].ID, numbered("writer", i)))
			if err != nil {
				return err
			}
			acknowledged[i] = append(acknowledged[i], m)
		}
		return nil
	}))
	total := 0
	for _, s := range sessions {
		history := b.history(t, s.ID)
		gapless(t, history)
		total += len(history)
		last, err := b.LastSeq(t.Context(), s.ID)
		check(t, err)
		if last != uint64(len(history)) {
			t.Errorf("last seq of %s is %d, want %d", s.Code, last, len(history))
		}
	}
	if total != writers*each {
		t.Errorf("%d messages are kept, want %d", total, writers*each)
	}
	for _, mine := range acknowledged {
		for _, m := range mine {
			got, err := b.Message(t.Context(), m.Session, m.Seq)
			check(t, err)
			same(t, "message as acknowledged", got, m)
		}
	}
}

func testRefusals(t *testing.T, b bench) {
	open, ended := b.opens(t, "SOUR-160"), b.opens(t, "SOUR-161")
	asked := b.appends(t, question(open.ID, "Once?"))
	b.appends(t, answer(asked, "ONCE"))
	check(t, b.CloseSession(t.Context(), ended.ID, began.Add(time.Hour)))

	kinds := []error{nil, seance.ErrClosed, seance.ErrNotFound, seance.ErrAnswered, seance.ErrExists}
	errs := together(60, func(i int) (err error) {
		switch i % len(kinds) {
		case 0:
			_, err = b.Append(t.Context(), question(open.ID, "Good?"))
		case 1:
			_, err = b.Append(t.Context(), question(ended.ID, "Too late?"))
		case 2:
			_, err = b.Append(t.Context(), question("nowhere", "Lost?"))
		case 3:
			_, err = b.Append(t.Context(), answer(asked, "TWICE"))
		case 4:
			err = b.OpenSession(t.Context(), newSession("SOUR-160"))
		}
		return err
	})
	for i, err := range errs {
		if kind := kinds[i%len(kinds)]; !errors.Is(err, kind) {
			t.Errorf("call %d: got error %v, want %v", i, err, kind)
		}
	}
	history := b.history(t, open.ID)
	gapless(t, history)
	if want := 2 + 60/len(kinds); len(history) != want {
		t.Errorf("%d messages are kept, want %d", len(history), want)
	}
}

func testAppendNowhere(t *testing.T, b bench) {
	for _, m := range []seance.Message{
		question("nowhere", "Who?"), answer(seance.Message{Session: "nowhere", Seq: 1}, "I"), end("nowhere", seance.EndedIdle),
	} {
		_, err := b.Append(t.Context(), m)
		refused(t, string(m.Kind), err, seance.ErrNotFound)
	}
	_, err := b.LastSeq(t.Context(), "nowhere")
	refused(t, "last seq", err, seance.ErrNotFound)
	if got := b.history(t, "nowhere"); len(got) != 0 {
		t.Errorf("nowhere holds %v", got)
	}
	if got := b.unanswered(t, "nowhere"); len(got) != 0 {
		t.Errorf("nowhere waits for %v", got)
	}

	anonymous := question(b.opens(t, "VOID-165").ID, "Who?")
	anonymous.ID = ""
	_, err = b.Append(t.Context(), anonymous)
	refused(t, "a message without an id", err, seance.ErrBadRequest)
}

func testOneAnswer(t *testing.T, b bench) {
	s := b.opens(t, "ONCE-170")
	asked := b.appends(t, question(s.ID, "Shall I?"))
	first := b.appends(t, answer(asked, "YES"))
	same(t, "the same answer again", b.appends(t, first), first)

	_, err := b.Append(t.Context(), answer(asked, "NO"))
	refused(t, "a second answer", err, seance.ErrAnswered)

	// An initiative answers nothing, and a whisper is no answer.
	for range 2 {
		b.appends(t, answer(seance.Message{Session: s.ID}, "HUSH"))
		b.appends(t, seance.Message{
			ID: seance.MessageID(newID()), Session: s.ID, Kind: seance.KindWhisper, Refers: asked.Seq, At: began,
		})
	}
	if last, err := b.LastSeq(t.Context(), s.ID); err != nil || last != 6 {
		t.Errorf("last seq %d, %v, want 6", last, err)
	}

	// The same seq is another question in another session.
	elsewhere := b.appends(t, question(b.opens(t, "ONCE-171").ID, "Shall I?"))
	b.appends(t, answer(elsewhere, "NO"))
}

func testOneAnswerAtOnce(t *testing.T, b bench) {
	s := b.opens(t, "ONCE-180")
	asked := b.appends(t, question(s.ID, "Shall I?"))
	kept := 0
	for _, err := range together(16, func(i int) error {
		_, err := b.Append(t.Context(), answer(asked, "YES"))
		return err
	}) {
		if err == nil {
			kept++
			continue
		}
		refused(t, "one of many answers", err, seance.ErrAnswered)
	}
	if kept != 1 {
		t.Errorf("%d answers were acknowledged, want 1", kept)
	}
	gapless(t, b.history(t, s.ID))
	if last, err := b.LastSeq(t.Context(), s.ID); err != nil || last != 2 {
		t.Errorf("last seq %d, %v, want 2", last, err)
	}
}

func testEnd(t *testing.T, b bench) {
	s := b.opens(t, "LAST-190")
	b.appends(t, question(s.ID, "Is it over?"))
	first := b.appends(t, end(s.ID, seance.EndedByHost))
	if first.Seq != 2 {
		t.Errorf("the end has seq %d, want 2", first.Seq)
	}
	s.EndedAt = first.At
	got, err := b.Session(t.Context(), s.Code)
	check(t, err)
	same(t, "session that ended", got, s)

	later := end(s.ID, seance.EndedIdle)
	later.At = later.At.Add(time.Hour)
	same(t, "a second end", b.appends(t, later), first)
	same(t, "the same end again", b.appends(t, first), first)
	got, err = b.Session(t.Context(), s.Code)
	check(t, err)
	same(t, "session that ended twice", got, s)

	// Several who end it at once all hear of one end.
	crowd := b.opens(t, "LAST-191")
	ends := make([]seance.Message, 16)
	allWell(t, together(len(ends), func(i int) (err error) {
		ends[i], err = b.Append(t.Context(), end(crowd.ID, seance.EndedByGoodbye))
		return err
	}))
	for _, e := range ends {
		same(t, "one of many ends", e, ends[0])
	}
	gapless(t, b.history(t, crowd.ID))

	// A session that was closed without a word can still be told so, and keeps its time.
	silent := b.opens(t, "LAST-192")
	check(t, b.CloseSession(t.Context(), silent.ID, began.Add(time.Minute)))
	b.appends(t, end(silent.ID, seance.EndedIdle))
	got, err = b.Session(t.Context(), silent.Code)
	check(t, err)
	same(t, "time of the silent end", got.EndedAt, began.Add(time.Minute))
}

func testAfterEnd(t *testing.T, b bench) {
	s := b.opens(t, "LAST-210")
	q := question(s.ID, "Did you hear me?")
	q.Key = "7"
	acknowledged := b.appends(t, q)
	b.appends(t, end(s.ID, seance.EndedByHost))

	same(t, "acknowledged question again", b.appends(t, q), acknowledged)
	byKey := question(s.ID, "Did you hear me?")
	byKey.Key = "7"
	same(t, "acknowledged question again, by key", b.appends(t, byKey), acknowledged)

	_, err := b.Append(t.Context(), question(s.ID, "And now?"))
	refused(t, "question after the end", err, seance.ErrClosed)
	_, err = b.Append(t.Context(), answer(acknowledged, "YES"))
	refused(t, "answer after the end", err, seance.ErrClosed)
	if got := b.history(t, s.ID); len(got) != 2 {
		t.Errorf("%d messages are kept, want 2", len(got))
	}
}

func testAfter(t *testing.T, b bench) {
	const many = 300 // more than anybody reads at once
	s, other := b.opens(t, "TAPE-220"), b.opens(t, "TAPE-221")
	var want []seance.Message
	for i := range many {
		want = append(want, b.appends(t, question(s.ID, numbered("question", i))))
		if i%50 == 0 {
			b.appends(t, question(other.ID, "Not yours"))
		}
	}
	for _, seq := range []uint64{0, 1, 127, 128, 299, 300, 301, math.MaxInt64, math.MaxInt64 + 1, math.MaxUint64} {
		got := collect(t, b.After(t.Context(), s.ID, seq))
		same(t, "messages behind a seq", got, slices.Concat(want[min(seq, many):]))
	}

	var read []uint64
	for m, err := range b.After(t.Context(), s.ID, 10) {
		check(t, err)
		if read = append(read, m.Seq); len(read) == 3 {
			break
		}
	}
	same(t, "seqs before breaking off", read, []uint64{11, 12, 13})

	// The same sequence may be read again.
	again := b.After(t.Context(), s.ID, 298)
	same(t, "first reading", len(collect(t, again)), 2)
	same(t, "second reading", len(collect(t, again)), 2)

	yields := 0
	for m, err := range b.After(cancelled(t), s.ID, 0) {
		if yields++; err == nil || m.ID != "" {
			t.Errorf("a cancelled call yields %+v, %v", m, err)
		}
	}
	if yields != 1 {
		t.Errorf("a cancelled call yields %d times, want its error once", yields)
	}
}

// testNestedReading has more readers within each other than any store has connections.
func testNestedReading(t *testing.T, b bench) {
	s := b.opens(t, "NEST-230")
	b.appends(t, question(s.ID, "How deep?"))
	depth := 0
	var dive func()
	dive = func() {
		for m, err := range b.After(t.Context(), s.ID, 0) {
			check(t, err)
			if depth++; depth < 20 {
				dive()
				return
			}
			b.appends(t, answer(m, "DEEP"))
			return
		}
	}
	dive()
	if got := len(b.history(t, s.ID)); got != 2 {
		t.Errorf("%d messages are kept, want 2", got)
	}
}

func testMessage(t *testing.T, b bench) {
	s := b.opens(t, "ITEM-240")
	want := b.appends(t, question(s.ID, "Who?"))
	got, err := b.Message(t.Context(), s.ID, 1)
	check(t, err)
	same(t, "message", got, want)
	for _, seq := range []uint64{0, 2, math.MaxInt64 + 1, math.MaxUint64} {
		_, err := b.Message(t.Context(), s.ID, seq)
		refused(t, "message at a seq that is not there", err, seance.ErrNotFound)
	}
	_, err = b.Message(t.Context(), "nowhere", 1)
	refused(t, "message of no session", err, seance.ErrNotFound)
}

func testUnanswered(t *testing.T, b bench) {
	s := b.opens(t, "WAIT-250")
	first := b.appends(t, question(s.ID, "first"))
	second := b.appends(t, question(s.ID, "second"))
	third := b.appends(t, question(s.ID, "third"))
	b.appends(t, question(b.opens(t, "WAIT-251").ID, "elsewhere"))
	same(t, "all three", b.unanswered(t, s.ID), []string{"first", "second", "third"})

	whole, err := b.Unanswered(t.Context(), s.ID)
	check(t, err)
	same(t, "as kept", whole, []seance.Message{first, second, third})

	b.appends(t, answer(second, "TWO"))
	b.appends(t, answer(seance.Message{Session: s.ID}, "UNASKED"))
	same(t, "without the second", b.unanswered(t, s.ID), []string{"first", "third"})
	b.appends(t, answer(first, "ONE"))
	b.appends(t, answer(third, "THREE"))
	if got := b.unanswered(t, s.ID); len(got) != 0 {
		t.Errorf("still waiting: %v", got)
	}
}

func testPending(t *testing.T, b bench) {
	waiting := func() []seance.SessionID { return collect(t, b.Pending(t.Context())) }
	if got := waiting(); len(got) != 0 {
		t.Errorf("an empty store waits for %v", got)
	}
	quiet, asked, ended := b.opens(t, "WAIT-260"), b.opens(t, "WAIT-261"), b.opens(t, "WAIT-262")
	b.appends(t, answer(seance.Message{Session: quiet.ID}, "HUSH"))
	q := b.appends(t, question(asked.ID, "first"))
	b.appends(t, question(asked.ID, "second"))
	b.appends(t, question(ended.ID, "too late"))
	b.appends(t, end(ended.ID, seance.EndedByHost))
	same(t, "pending", waiting(), []seance.SessionID{asked.ID})

	b.appends(t, answer(q, "ONE"))
	same(t, "pending with one of two answered", waiting(), []seance.SessionID{asked.ID})

	const more = 130 // than anybody reads at once
	for i := range more {
		b.appends(t, question(b.opens(t, numbered("MANY", i)).ID, "Who?"))
	}
	got := waiting()
	if len(got) != more+1 {
		t.Errorf("%d sessions are pending, want %d", len(got), more+1)
	}
	if slices.Sort(got); len(slices.Compact(got)) != more+1 {
		t.Error("a session is pending twice")
	}
	for id, err := range b.Pending(t.Context()) {
		check(t, err)
		open, err := b.Unanswered(t.Context(), id) // what it is for
		check(t, err)
		if len(open) == 0 {
			t.Errorf("%s is pending without a question", id)
		}
		break
	}
}

func testCancelled(t *testing.T, b bench) {
	s := b.opens(t, "STOP-270")
	ctx := cancelled(t)
	q := question(s.ID, "Nobody waits for this?")
	if _, err := b.Append(ctx, q); err == nil {
		t.Error("append went on")
	}
	if _, err := b.Enrol(ctx, person(s.ID, "Ann")); err == nil {
		t.Error("enrol went on")
	}
	if err := b.OpenSession(ctx, newSession("STOP-271")); err == nil {
		t.Error("open went on")
	}
	if err := b.CloseSession(ctx, s.ID, began); err == nil {
		t.Error("close went on")
	}
	if got := b.history(t, s.ID); len(got) != 0 {
		t.Errorf("kept %v", got)
	}
	_, err := b.Session(t.Context(), "STOP-271")
	refused(t, "session", err, seance.ErrNotFound)
	if got := b.enrols(t, person(s.ID, "Bob")); got.Candle != 1 {
		t.Errorf("first candle is %d", got.Candle)
	}
	if got := b.appends(t, q); got.Seq != 1 {
		t.Errorf("first seq is %d", got.Seq)
	}
}
