package storetest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seance/internal/seance"
)

// Remember runs the part of the suite that is about what is remembered. open returns an empty archive; the suite closes
// it.
func Remember(t *testing.T, open func(t *testing.T) seance.Archive) {
	t.Helper()
	cases := []struct {
		name string
		test func(*testing.T, seance.Archive)
	}{
		{"a session as turns", testTurns},
		{"turns page by page, from either end", testTurnPages},
		{"facts are kept once", testFacts},
		{"recaps have versions", testRecaps},
		{"what is found by its words", testSearch},
		{"sessions by state and by who sat there", testSessionList},
		{"a message is forgotten and keeps its place", testForgetTurn},
		{"people agree or do not", testPeople},
		{"a soul is found by its secret alone", testSouls},
		{"visits and notes are kept once", testVisits},
		{"notes on questions do not pile up", testNotes},
		{"two people turn out to be one", testMerge},
		{"what somebody has asked", testAsked},
		{"who agrees at the table brings what was kept of them there", testBindLate},
		{"somebody is forgotten everywhere", testForgetPerson},
		{"whose question is forgotten gets no answer", testForgetWhileAnswering},
		{"forgetting can be tried first", testForgetDry},
		{"a person's words elsewhere stay", testForgetOnlyThem},
		{"an everyday word for a name takes nobody else's words along", testForgetEveryday},
		{"responses and scores", testResponses},
		{"ratings are scores", testRatingScores},
		{"what is logged of a question is its answer's", testResponseTurns},
		{"responses are purged", testPurge},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel() // as in Exercise
			a := open(t)
			t.Cleanup(func() { check(t, a.Close()) })
			c.test(t, a)
		})
	}
}

// An evening is a session with two people and two answered questions, of which the second has a whisper.
type evening struct {
	seance.Session
	ann, bob seance.Participant
	asked    []seance.Message
	answered []seance.Message
}

func spend(t *testing.T, a seance.Archive, code, soul string) evening {
	t.Helper()
	e := evening{Session: bench{a}.opens(t, code)}
	for i, p := range []*seance.Participant{&e.ann, &e.bob} {
		*p = seance.Participant{
			ID: seance.ParticipantID(newID()), Session: e.ID, Name: []string{"Annabel", "Bob"}[i], Role: seance.Player, JoinedAt: began,
		}
	}
	e.ann.Role, e.ann.Soul = seance.Host, soul
	for _, p := range []*seance.Participant{&e.ann, &e.bob} {
		kept, err := a.Enrol(t.Context(), *p)
		check(t, err)
		*p = kept
	}
	for i, who := range []seance.Participant{e.ann, e.bob} {
		q := question(e.ID, []string{"Where is my grey cat Thimble?", "Is the lighthouse still lit?"}[i])
		q.Participant = who.ID
		q, err := a.Append(t.Context(), q)
		check(t, err)
		answer, err := a.Append(t.Context(), answer(q, []string{"UNDER THE STAIRS", "YES"}[i]))
		check(t, err)
		e.asked, e.answered = append(e.asked, q), append(e.answered, answer)
	}
	_, err := a.Append(t.Context(), seance.Message{
		ID: seance.MessageID(newID()), Session: e.ID, Kind: seance.KindWhisper, At: began, Refers: e.answered[1].Seq,
		Text: "Every night since the wreck.",
	})
	check(t, err)
	return e
}

func lines(turns []seance.Turn) []string {
	list := []string{}
	for _, t := range turns {
		list = append(list, fmt.Sprintf("%d %s %s %s: %s", t.Seq, t.Kind, t.Speaker, t.Name, t.Text))
	}
	return list
}

func equal(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func wants(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}

func omen(e evening, id, text string) seance.Turn {
	return seance.Turn{ID: id, Session: e.ID, Kind: seance.TurnOmen, Speaker: seance.SpeakerSpirit, Text: text, At: began}
}

func testTurns(t *testing.T, a seance.Archive) {
	e := spend(t, a, "RAVEN-417", "soul-1")
	kept, created, err := a.AddTurn(t.Context(), omen(e, "omen-1", "The candle bent."))
	check(t, err)
	if !created || kept.Seq != 1 {
		t.Errorf("created %t with number %d", created, kept.Seq)
	}
	if _, created, err = a.AddTurn(t.Context(), omen(e, "omen-1", "Something else.")); created || err != nil {
		t.Errorf("the same id again: created %t, %v", created, err)
	}
	if _, created, err = a.AddTurn(t.Context(), omen(e, string(e.asked[0].ID), "Something else.")); created || err != nil {
		t.Errorf("a message's id: created %t, %v", created, err)
	}
	_, _, err = a.AddTurn(t.Context(), seance.Turn{ID: "x", Session: "nowhere", Text: "x"})
	wants(t, "a turn of no session", err, seance.ErrNotFound)
	last, err := a.Append(t.Context(), question(e.ID, "Who walks there?"))
	check(t, err)

	turns, next, total, err := a.Turns(t.Context(), seance.TurnQuery{Session: e.ID})
	check(t, err)
	equal(t, "turns", []string{
		"1 question host Annabel: Where is my grey cat Thimble?", "2 answer spirit : UNDER THE STAIRS",
		"3 question player Bob: Is the lighthouse still lit?", "4 answer spirit : YES\nEvery night since the wreck.",
		"1 omen spirit : The candle bent.", "6 question player : Who walks there?",
	}, lines(turns))
	if next != "" || total != 6 || last.Seq != 6 {
		t.Errorf("next %q, total %d, last %d", next, total, last.Seq)
	}
	equal(t, "who asked first, across sessions", "soul-1", turns[0].Participant)
	equal(t, "what was answered", turns[0].ID, turns[1].Refers)

	one, err := a.Turn(t.Context(), string(e.answered[1].ID))
	check(t, err)
	equal(t, "one turn", turns[3], one)
	_, err = a.Turn(t.Context(), "none")
	wants(t, "no turn", err, seance.ErrNotFound)

	turns, _, total, err = a.Turns(t.Context(), seance.TurnQuery{
		Session: e.ID, Kinds: []seance.TurnKind{seance.TurnAnswer, seance.TurnOmen}, Since: 3,
	})
	check(t, err)
	equal(t, "answers and omens behind 3", []string{"4 answer spirit : YES\nEvery night since the wreck.", "1 omen spirit : The candle bent."}, lines(turns))
	equal(t, "how many", 2, total)
	_, _, _, err = a.Turns(t.Context(), seance.TurnQuery{Session: "nowhere"})
	wants(t, "turns of no session", err, seance.ErrNotFound)
}

func testTurnPages(t *testing.T, a seance.Archive) {
	e := spend(t, a, "RAVEN-417", "")
	for i := range 7 {
		_, _, err := a.AddTurn(t.Context(), omen(e, fmt.Sprint("omen-", i), fmt.Sprint("Sign ", i)))
		check(t, err)
	}
	all, _, total, err := a.Turns(t.Context(), seance.TurnQuery{Session: e.ID})
	check(t, err)
	for _, last := range []bool{false, true} {
		var seen []seance.Turn
		after := ""
		for range 20 {
			page, next, n, err := a.Turns(t.Context(), seance.TurnQuery{Session: e.ID, Last: last, Page: seance.Page{Limit: 3, After: after}})
			check(t, err)
			if n != total || len(page) > 3 {
				t.Errorf("%d of %d, total %d", len(page), n, total)
			}
			if last {
				seen = append(page, seen...)
			} else {
				seen = append(seen, page...)
			}
			if after = next; after == "" {
				break
			}
		}
		equal(t, fmt.Sprint("all pages, from the end: ", last), lines(all), lines(seen))
	}
	_, _, _, err = a.Turns(t.Context(), seance.TurnQuery{Session: e.ID, Page: seance.Page{After: "rubbish"}})
	wants(t, "a cursor of nobody's", err, seance.ErrBadRequest)
}

func testFacts(t *testing.T, a seance.Archive) {
	e := spend(t, a, "RAVEN-417", "")
	for i, text := range []string{"The cat is grey.", "The lamp is lit.", "The cat is grey."} {
		f, created, err := a.PinFact(t.Context(), seance.Fact{ID: fmt.Sprint("f", i), Session: e.ID, Text: text, At: began.Add(time.Duration(i) * time.Second)})
		check(t, err)
		if want := i < 2; created != want || i == 2 && f.ID != "f0" {
			t.Errorf("%q: created %t as %s", text, created, f.ID)
		}
	}
	facts, next, err := a.Facts(t.Context(), e.ID, seance.Page{Limit: 1})
	check(t, err)
	equal(t, "the first", "f0", facts[0].ID)
	facts, next, err = a.Facts(t.Context(), e.ID, seance.Page{Limit: 1, After: next})
	check(t, err)
	equal(t, "the second", "f1", facts[0].ID)
	equal(t, "then nothing", "", next)
	_, _, err = a.PinFact(t.Context(), seance.Fact{ID: "f9", Session: "nowhere", Text: "x"})
	wants(t, "a fact of no session", err, seance.ErrNotFound)
	_, _, err = a.Facts(t.Context(), "nowhere", seance.Page{})
	wants(t, "facts of no session", err, seance.ErrNotFound)
}

func testRecaps(t *testing.T, a seance.Archive) {
	e := spend(t, a, "RAVEN-417", "")
	_, err := a.Recap(t.Context(), e.ID)
	wants(t, "no recap yet", err, seance.ErrNotFound)
	for i, want := range []int{1, 1, 2} {
		r, err := a.StoreRecap(t.Context(), seance.Recap{Session: e.ID, UpTo: 4, Text: []string{"Short.", "Short.", "Longer."}[i], At: began})
		check(t, err)
		equal(t, "version", want, r.Version)
	}
	r, err := a.Recap(t.Context(), e.ID)
	check(t, err)
	equal(t, "the newest", "Longer.", r.Text)
}

func found(t *testing.T, a seance.Archive, q seance.Search) []string {
	t.Helper()
	hits, _, err := a.Search(t.Context(), q)
	check(t, err)
	list := []string{}
	for _, h := range hits {
		list = append(list, h.Snippet)
	}
	return list
}

func testSearch(t *testing.T, a seance.Archive) {
	e := spend(t, a, "RAVEN-417", "soul-1")
	other := spend(t, a, "CANDLE-100", "")
	_, _, err := a.PinFact(t.Context(), seance.Fact{ID: "f", Session: e.ID, Text: "The café had a lighthouse on its sign.", At: began})
	check(t, err)
	_, _, err = a.AddTurn(t.Context(), omen(e, "o", "The lighthouse went dark."))
	check(t, err)
	equal(t, "every word, in one session", []string{"Where is my grey cat Thimble?"}, found(t, a, seance.Search{Query: "thimble GREY", Session: e.ID}))
	equal(t, "everywhere", 2, len(found(t, a, seance.Search{Query: "thimble"})))
	equal(t, "accents", []string{"The café had a lighthouse on its sign."}, found(t, a, seance.Search{Query: "cafe"}))
	equal(t, "turns, facts and omens", 3, len(found(t, a, seance.Search{Query: "lighthouse", Session: e.ID})))
	equal(t, "a whisper is found as its answer", []string{"YES\nEvery night since the wreck."}, found(t, a, seance.Search{Query: "wreck", Session: other.ID}))
	equal(t, "what somebody said", 1, len(found(t, a, seance.Search{Query: "thimble", Participant: "soul-1"})))
	equal(t, "what was said to somebody", []string{"UNDER THE STAIRS"}, found(t, a, seance.Search{Query: "stairs", Participant: "soul-1"}))
	equal(t, "nobody else's", 0, len(found(t, a, seance.Search{Query: "lighthouse", Participant: "soul-1", Session: e.ID})))
	for _, query := range []string{`"unclosed`, "NEAR(a", "text:thimble", "a* OR b", "thimble'); DROP TABLE messages"} {
		if _, _, err := a.Search(t.Context(), seance.Search{Query: query}); err != nil {
			t.Errorf("%q: %v", query, err)
		}
	}
	_, _, err = a.Search(t.Context(), seance.Search{Query: " -- "})
	wants(t, "no word", err, seance.ErrBadRequest)
	hits, next, err := a.Search(t.Context(), seance.Search{Query: "lighthouse", Page: seance.Page{Limit: 3}})
	check(t, err)
	rest, last, err := a.Search(t.Context(), seance.Search{Query: "lighthouse", Page: seance.Page{Limit: 3, After: next}})
	check(t, err)
	if len(hits) != 3 || len(rest) != 1 || last != "" {
		t.Errorf("pages of %d and %d, then %q", len(hits), len(rest), last)
	}
	long := seance.Fact{ID: "long", Session: e.ID, Text: strings.Repeat("word ", 50) + "needle" + strings.Repeat(" word", 50), At: began}
	_, _, err = a.PinFact(t.Context(), long)
	check(t, err)
	if got := found(t, a, seance.Search{Query: "needle"})[0]; !strings.Contains(got, "needle") || len(got) > 200 {
		t.Errorf("snippet %q", got)
	}
}

func testSessionList(t *testing.T, a seance.Archive) {
	first, second := spend(t, a, "RAVEN-417", "soul-1"), spend(t, a, "CANDLE-100", "")
	check(t, a.CloseSession(t.Context(), second.ID, began.Add(time.Hour)))
	for what, c := range map[string]struct {
		q    seance.SessionQuery
		want int
	}{
		"all": {seance.SessionQuery{}, 2}, "open": {seance.SessionQuery{State: "open"}, 1},
		"ended": {seance.SessionQuery{State: "ended"}, 1}, "hers": {seance.SessionQuery{Person: "soul-1"}, 1},
		"his": {seance.SessionQuery{Person: string(second.bob.ID)}, 1}, "later": {seance.SessionQuery{Since: began.Add(time.Second)}, 0},
	} {
		list, _, err := a.Sessions(t.Context(), c.q)
		check(t, err)
		equal(t, what, c.want, len(list))
	}
	list, next, err := a.Sessions(t.Context(), seance.SessionQuery{Page: seance.Page{Limit: 1}})
	check(t, err)
	more, _, err := a.Sessions(t.Context(), seance.SessionQuery{Page: seance.Page{Limit: 1, After: next}})
	check(t, err)
	if list[0].ID == more[0].ID || (list[0].ID != first.ID && more[0].ID != first.ID) {
		t.Errorf("pages hold %s and %s", list[0].Code, more[0].Code)
	}
}

func testForgetTurn(t *testing.T, a seance.Archive) {
	e := spend(t, a, "RAVEN-417", "")
	_, _, err := a.PinFact(t.Context(), seance.Fact{ID: "f", Session: e.ID, Text: "Lit.", Source: string(e.answered[1].ID), At: began})
	check(t, err)
	n, err := a.Forget(t.Context(), []string{string(e.answered[1].ID), "unknown"}, false)
	check(t, err)
	equal(t, "counts", seance.Forgotten{Messages: 2, Facts: 1}, n)
	var seqs []uint64
	for m, err := range a.After(t.Context(), e.ID, 0) {
		check(t, err)
		seqs = append(seqs, m.Seq)
		if gone := m.Seq >= 4; m.Erased != gone || gone && m.Text+m.Board != "" {
			t.Errorf("message %d: erased %t, %q", m.Seq, m.Erased, m.Text+m.Board)
		}
	}
	equal(t, "seqs", []uint64{1, 2, 3, 4, 5}, seqs)
	equal(t, "found", 0, len(found(t, a, seance.Search{Query: "wreck"})))
	erased, err := a.Erased(t.Context(), began)
	check(t, err)
	equal(t, "erasures", 2, len(erased))
	waiting, err := a.Unanswered(t.Context(), e.ID)
	check(t, err)
	equal(t, "the question is not asked again", 0, len(waiting))
	n, err = a.Forget(t.Context(), []string{string(e.answered[1].ID)}, false)
	check(t, err)
	equal(t, "again", seance.Forgotten{}, n)
}
