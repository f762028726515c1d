package storetest

import (
	"testing"
	"time"

	"seance/internal/seance"
)

func remember(t *testing.T, a seance.Archive, p seance.Person) seance.Person {
	t.Helper()
	p.CreatedAt, p.SeenAt = began, began
	kept, _, err := a.Remember(t.Context(), p)
	check(t, err)
	return kept
}

func testPeople(t *testing.T, a seance.Archive) {
	p := seance.Person{ID: "p1", Name: "Zoë", Locale: "de", Consent: true, CreatedAt: began, SeenAt: began}
	_, created, err := a.Remember(t.Context(), p)
	check(t, err)
	equal(t, "created", true, created)
	kept, created, err := a.Remember(t.Context(), p)
	check(t, err)
	equal(t, "created again", false, created)
	equal(t, "kept", p, kept)
	list, _, err := a.Persons(t.Context(), seance.PersonQuery{Query: "zoe"})
	check(t, err)
	equal(t, "found without her dots", 1, len(list))
	list, _, err = a.Persons(t.Context(), seance.PersonQuery{Since: began.Add(time.Second)})
	check(t, err)
	equal(t, "not seen since", 0, len(list))

	_, err = a.AddNote(t.Context(), seance.Note{ID: "n1", Person: "p1", Text: "Fond of cats.", At: began})
	check(t, err)
	p.Consent = false
	kept, _, err = a.Remember(t.Context(), p)
	check(t, err)
	equal(t, "without consent nothing but that", seance.Person{ID: "p1", CreatedAt: began, SeenAt: began}, kept)
	notes, _, err := a.Notes(t.Context(), "p1", seance.Page{})
	check(t, err)
	equal(t, "notes", 0, len(notes))
	_, err = a.AddNote(t.Context(), seance.Note{ID: "n2", Person: "p1", Text: "x", At: began})
	wants(t, "a note without consent", err, seance.ErrForbidden)
	_, err = a.AddNote(t.Context(), seance.Note{ID: "n2", Person: "nobody", Text: "x", At: began})
	wants(t, "a note on nobody", err, seance.ErrNotFound)
	_, err = a.Person(t.Context(), "nobody")
	wants(t, "nobody", err, seance.ErrNotFound)
}

func testSouls(t *testing.T, a seance.Archive) {
	remember(t, a, seance.Person{ID: "p1", Name: "Ann", Consent: true, Secret: "hash-1"})
	remember(t, a, seance.Person{ID: "p2", Name: "Ann", Consent: true})
	p, err := a.Soul(t.Context(), "hash-1")
	check(t, err)
	equal(t, "who", "p1", p.ID)
	_, err = a.Soul(t.Context(), "hash-2")
	wants(t, "another secret", err, seance.ErrNotFound)
	_, err = a.Soul(t.Context(), "")
	wants(t, "no secret", err, seance.ErrNotFound)
	p = remember(t, a, seance.Person{ID: "p1", Name: "Anne", Consent: true})
	equal(t, "the secret stays", "hash-1", p.Secret)
}

func testVisits(t *testing.T, a seance.Archive) {
	e := spend(t, a, "RAVEN-417", "p1")
	remember(t, a, seance.Person{ID: "p1", Name: "Annabel", Consent: true})
	for i := range 2 {
		created, err := a.AddVisit(t.Context(), seance.Visit{ID: "v1", Person: "p1", Session: e.ID, At: began.Add(time.Hour)})
		check(t, err)
		equal(t, "created", i == 0, created)
		created, err = a.AddNote(t.Context(), seance.Note{ID: "n1", Person: "p1", Session: e.ID, Text: "Has a cat.", At: began})
		check(t, err)
		equal(t, "created", i == 0, created)
	}
	visits, _, err := a.Visits(t.Context(), "p1", seance.Page{})
	check(t, err)
	equal(t, "visits", 1, len(visits))
	p, err := a.Person(t.Context(), "p1")
	check(t, err)
	equal(t, "seen", began.Add(time.Hour), p.SeenAt)
	present := func() []string {
		open, err := a.Present(t.Context(), e.ID)
		check(t, err)
		who := []string{}
		for _, v := range open {
			who = append(who, v.Person)
		}
		return who
	}
	equal(t, "present", []string{"p1"}, present())
	visit := func(id, who string, leaves bool, minutes int) {
		_, err := a.AddVisit(t.Context(), seance.Visit{ID: id, Person: who, Session: e.ID, Leaves: leaves, At: began.Add(time.Hour + time.Duration(minutes)*time.Minute)})
		check(t, err)
	}
	bob := string(e.bob.ID)
	visit("b1", bob, false, 1)
	visit("v3", "p1", true, 2)
	equal(t, "she left", []string{bob}, present())
	visit("v4", "p1", false, 3)
	equal(t, "she came back", []string{bob, "p1"}, present())
	check(t, a.AllLeave(t.Context(), began.Add(3*time.Hour)))
	equal(t, "the server died", []string{}, present())
	_, err = a.AddVisit(t.Context(), seance.Visit{ID: "v2", Person: "p1", Session: "nowhere", At: began})
	wants(t, "a visit to no session", err, seance.ErrNotFound)
	_, err = a.AddVisit(t.Context(), seance.Visit{ID: "v2", Person: "nobody", Session: e.ID, At: began})
	wants(t, "a visit of nobody", err, seance.ErrNotFound)
	for _, who := range []string{"p1", bob} {
		_, err = a.ForgetPerson(t.Context(), who, false)
		check(t, err)
		for _, id := range []string{who, string(e.ann.ID)} {
			_, err = a.AddVisit(t.Context(), seance.Visit{ID: "late", Person: id, Session: e.ID, Leaves: true, At: began})
			wants(t, "getting up after they were forgotten", err, seance.ErrNotFound)
		}
	}
}

// Notes on questions are what the house writes by itself: they do not pile up, and go with what they are about.
func testNotes(t *testing.T, a seance.Archive) {
	e := spend(t, a, "RAVEN-417", "p1")
	remember(t, a, seance.Person{ID: "p1", Name: "Annabel", Consent: true})
	note := func(id, person, text string, minutes int) {
		t.Helper()
		_, err := a.AddNote(t.Context(), seance.Note{
			ID: id, Person: person, Session: e.ID, Text: text, At: began.Add(time.Duration(minutes) * time.Minute),
		})
		check(t, err)
	}
	kept := func(person string) []string {
		t.Helper()
		notes, _, err := a.Notes(t.Context(), person, seance.Page{Limit: 100})
		check(t, err)
		ids := []string{}
		for _, n := range notes {
			ids = append(ids, n.ID)
		}
		return ids
	}
	note("written", "p1", "Fond of owls.", -100)
	note(string(e.asked[0].ID), "p1", "Asked for Thimble.", -2)
	note(string(e.asked[1].ID), "p1", "Asked for the lighthouse.", -1)
	for _, id := range []string{string(e.asked[0].ID), string(e.answered[1].ID)} { // a note goes with the question or the answer
		n, err := a.Forget(t.Context(), []string{id}, false)
		check(t, err)
		equal(t, "notes that go", 1, n.Notes)
	}
	equal(t, "notes", []string{"written"}, kept("p1"))

	for i := range 53 {
		q := question(e.ID, "And now?")
		q.Participant = e.ann.ID
		q, err := a.Append(t.Context(), q)
		check(t, err)
		note(string(q.ID), "p1", "Asked again.", i)
	}
	ids := kept("p1")
	equal(t, "notes on questions, and the one that somebody wrote", 51, len(ids))
	equal(t, "the oldest", "written", ids[50])

	remember(t, a, seance.Person{ID: "p2", Name: "Bob", Consent: true})
	note("on-bob", "p2", "Wonders about Annabel.", 0)
	note("on-bob-2", "p2", "Wonders about owls.", 0)
	_, err := a.ForgetPerson(t.Context(), "p1", false)
	check(t, err)
	equal(t, "what was noted of Bob without her name", []string{"on-bob-2"}, kept("p2"))
}

func testMerge(t *testing.T, a seance.Archive) {
	e := spend(t, a, "RAVEN-417", "p1")
	remember(t, a, seance.Person{ID: "p1", Name: "Annabel", Consent: true, Secret: "hash-1"})
	remember(t, a, seance.Person{ID: "p2", Name: "Ann", Consent: true})
	_, err := a.AddVisit(t.Context(), seance.Visit{ID: "v1", Person: "p1", Session: e.ID, At: began})
	check(t, err)
	_, err = a.AddNote(t.Context(), seance.Note{ID: "n1", Person: "p1", Text: "Has a cat.", At: began})
	check(t, err)
	want := seance.Forgotten{Notes: 1, Visits: 1, Names: 1}
	for _, dry := range []bool{true, false} {
		moved, err := a.Merge(t.Context(), "p1", "p2", dry)
		check(t, err)
		equal(t, "moved", want, moved)
	}
	_, err = a.Person(t.Context(), "p1")
	wants(t, "the one", err, seance.ErrNotFound)
	notes, _, err := a.Notes(t.Context(), "p2", seance.Page{})
	check(t, err)
	equal(t, "notes of the other", 1, len(notes))
	turn, err := a.Turn(t.Context(), string(e.asked[0].ID))
	check(t, err)
	equal(t, "who asked", "p2", turn.Participant)
	_, err = a.Merge(t.Context(), "p2", "nobody", false)
	wants(t, "into nobody", err, seance.ErrNotFound)
}

// forgettable is an evening of which much was kept.
func forgettable(t *testing.T, a seance.Archive) evening {
	t.Helper()
	e := spend(t, a, "RAVEN-417", "p1")
	remember(t, a, seance.Person{ID: "p1", Name: "Annabel", Consent: true, Secret: "hash-1"})
	say := func(text string) {
		_, err := a.Append(t.Context(), seance.Message{
			ID: seance.MessageID(newID()), Session: e.ID, Kind: seance.KindAnswer, At: began, Board: text, Source: seance.SourceInitiative,
		})
		check(t, err)
	}
	say("WELCOME ANNABEL")
	say("THE WIND TURNS")
	_, err := a.AddVisit(t.Context(), seance.Visit{ID: "v1", Person: "p1", Session: e.ID, At: began})
	check(t, err)
	_, err = a.AddNote(t.Context(), seance.Note{ID: "n1", Person: "p1", Text: "Annabel has a cat.", At: began})
	check(t, err)
	for id, text := range map[string]string{"f1": "annabel lost a cat", "f2": "The lamp is lit."} {
		_, _, err = a.PinFact(t.Context(), seance.Fact{ID: id, Session: e.ID, Text: text, At: began})
		check(t, err)
	}
	_, err = a.StoreRecap(t.Context(), seance.Recap{Session: e.ID, UpTo: 5, Text: "Annabel asked for Thimble.", At: began})
	check(t, err)
	_, _, err = a.AddTurn(t.Context(), omen(e, "o1", "A draught at Annabel's neck."))
	check(t, err)
	for i, answer := range e.answered {
		_, err = a.LogResponse(t.Context(), seance.Response{ID: []string{"r1", "r2"}[i], Session: e.ID, Turn: string(answer.ID), Provider: "oracle", At: began})
		check(t, err)
		check(t, a.Rate(t.Context(), seance.Rating{Session: e.ID, Seq: answer.Seq, Participant: e.ann.ID, Value: 5, At: began}))
	}
	_, err = a.Judge(t.Context(), seance.Judgement{Response: "r1", Name: seance.ScoreBrevity, Value: 1, Source: "rule", At: began})
	check(t, err)
	return e
}

// what is forgotten with Annabel: her question with its answer, the initiative that names her; the fact, the recap, the
// omen; and what was logged, scored and rated.
var withAnnabel = seance.Forgotten{
	Messages: 3, Turns: 1, Facts: 1, Recaps: 1, Notes: 1, Visits: 1, Responses: 1, Scores: 1, Ratings: 2, Names: 2,
}

func testForgetPerson(t *testing.T, a seance.Archive) {
	e := forgettable(t, a)
	equal(t, "found before", 1, len(found(t, a, seance.Search{Query: "thimble"})))
	n, err := a.ForgetPerson(t.Context(), "p1", false)
	check(t, err)
	equal(t, "counts", withAnnabel, n)
	for _, word := range []string{"annabel", "thimble", "stairs"} {
		equal(t, "found: "+word, 0, len(found(t, a, seance.Search{Query: word})))
	}
	equal(t, "what else was said", 1, len(found(t, a, seance.Search{Query: "wind"})))
	_, err = a.Person(t.Context(), "p1")
	wants(t, "the person", err, seance.ErrNotFound)
	_, err = a.Soul(t.Context(), "hash-1")
	wants(t, "the soul", err, seance.ErrNotFound)
	p, err := a.Participant(t.Context(), e.ID, e.ann.ID)
	check(t, err)
	equal(t, "the name and the soul of who sat there", "", p.Name+p.Soul)
	facts, _, err := a.Facts(t.Context(), e.ID, seance.Page{})
	check(t, err)
	equal(t, "facts", 1, len(facts))
	_, err = a.ForgetPerson(t.Context(), "p1", false)
	wants(t, "again", err, seance.ErrNotFound)
}

func testForgetDry(t *testing.T, a seance.Archive) {
	e := forgettable(t, a)
	n, err := a.ForgetPerson(t.Context(), "p1", true)
	check(t, err)
	equal(t, "counts", withAnnabel, n)
	p, err := a.Person(t.Context(), "p1")
	check(t, err)
	equal(t, "still there", "Annabel", p.Name)
	n, err = a.Forget(t.Context(), []string{string(e.asked[0].ID), "o1", "f2"}, true)
	check(t, err)
	equal(t, "counts", seance.Forgotten{Messages: 1, Turns: 1, Facts: 1}, n)
	equal(t, "still found", 1, len(found(t, a, seance.Search{Query: "thimble"})))
	n, err = a.ForgetPerson(t.Context(), "p1", false)
	check(t, err)
	equal(t, "counts after all", withAnnabel, n)
}

func testForgetOnlyThem(t *testing.T, a seance.Archive) {
	e, other := forgettable(t, a), spend(t, a, "CANDLE-100", "")
	_, err := a.ForgetPerson(t.Context(), string(e.bob.ID), false)
	check(t, err)
	equal(t, "hers in that session and the other's", 2, len(found(t, a, seance.Search{Query: "thimble"})))
	equal(t, "his", 1, len(found(t, a, seance.Search{Query: "wreck"})))
	p, err := a.Participant(t.Context(), other.ID, other.bob.ID)
	check(t, err)
	equal(t, "another Bob", "Bob", p.Name)
	_, err = a.ForgetPerson(t.Context(), "nobody", false)
	wants(t, "nobody", err, seance.ErrNotFound)
}

func testAsked(t *testing.T, a seance.Archive) {
	e, later := spend(t, a, "RAVEN-417", "p1"), spend(t, a, "CANDLE-100", "p1")
	q := question(later.ID, "Well?")
	q.Participant, q.At = later.ann.ID, began.Add(time.Hour)
	_, err := a.Append(t.Context(), q)
	check(t, err)
	all, next, err := a.Asked(t.Context(), "p1", seance.Page{})
	check(t, err)
	equal(t, "one page", "", next)
	equal(t, "how many", 3, len(all))
	equal(t, "the newest", seance.Exchange{ID: string(q.ID), Session: later.ID, Text: "Well?", At: q.At}, all[0])
	equal(t, "answered", "UNDER THE STAIRS", all[2].Board)
	var paged []seance.Exchange
	for after := ""; ; {
		page, next, err := a.Asked(t.Context(), "p1", seance.Page{Limit: 2, After: after})
		check(t, err)
		if paged, after = append(paged, page...), next; next == "" {
			break
		}
	}
	equal(t, "page by page", all, paged)
	bobs, _, err := a.Asked(t.Context(), string(e.bob.ID), seance.Page{})
	check(t, err)
	equal(t, "of who is known there alone", "Is the lighthouse still lit?", bobs[0].Text)
	_, err = a.ForgetPerson(t.Context(), "p1", false)
	check(t, err)
	all, _, err = a.Asked(t.Context(), "p1", seance.Page{})
	check(t, err)
	equal(t, "forgotten", 0, len(all))
}

func testBindLate(t *testing.T, a seance.Archive) {
	e := spend(t, a, "RAVEN-417", "")
	_, err := a.AddVisit(t.Context(), seance.Visit{ID: "v1", Person: string(e.ann.ID), Session: e.ID, At: began})
	check(t, err)
	remember(t, a, seance.Person{ID: "p1", Name: "Annabel", Consent: true})
	check(t, a.Bind(t.Context(), e.ID, e.ann.ID, "p1"))
	visits, _, err := a.Visits(t.Context(), "p1", seance.Page{})
	check(t, err)
	equal(t, "visits", 1, len(visits))
	asked, _, err := a.Asked(t.Context(), "p1", seance.Page{})
	check(t, err)
	equal(t, "asked", 1, len(asked))
	_, err = a.ForgetPerson(t.Context(), "p1", false)
	check(t, err)
	equal(t, "found", 0, len(found(t, a, seance.Search{Query: "thimble"})))
	gone, err := a.Erased(t.Context(), began)
	check(t, err)
	var seqs, names int
	for _, one := range gone {
		equal(t, "where", e.ID, one.Session)
		if one.Seq > 0 {
			seqs++
		}
		if one.Participant == e.ann.ID && one.Seq == 0 {
			names++
		}
	}
	equal(t, "erased messages and names", []int{2, 1}, []int{seqs, names})
}

func testForgetWhileAnswering(t *testing.T, a seance.Archive) {
	e := spend(t, a, "RAVEN-417", "")
	q := question(e.ID, "Where is Thimble now?")
	q.Participant = e.ann.ID
	q, err := a.Append(t.Context(), q)
	check(t, err)
	whisper := seance.Message{
		ID: seance.MessageID(newID()), Session: e.ID, Kind: seance.KindWhisper, Refers: e.answered[0].Seq, Text: "Asleep.", At: began,
	}
	_, err = a.ForgetPerson(t.Context(), string(e.ann.ID), false)
	check(t, err)
	_, err = a.Append(t.Context(), answer(q, "ASLEEP"))
	wants(t, "an answer", err, seance.ErrAnswered)
	_, err = a.Append(t.Context(), whisper)
	wants(t, "a whisper", err, seance.ErrAnswered)
	last, err := a.LastSeq(t.Context(), e.ID)
	check(t, err)
	equal(t, "the place in the line", q.Seq, last)
}

func testForgetEveryday(t *testing.T, a seance.Archive) {
	e := spend(t, a, "RAVEN-417", "")
	the, err := a.Enrol(t.Context(), seance.Participant{
		ID: seance.ParticipantID(newID()), Session: e.ID, Name: "The", Role: seance.Player, JoinedAt: began,
	})
	check(t, err)
	n, err := a.ForgetPerson(t.Context(), string(the.ID), false)
	check(t, err)
	equal(t, "messages that went with somebody called The", 0, n.Messages)
	equal(t, "names", 1, n.Names)
}
