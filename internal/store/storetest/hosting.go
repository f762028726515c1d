package storetest

import (
	"slices"
	"testing"
	"time"

	"seance/internal/seance"
)

func testAmend(t *testing.T, b bench) {
	s := b.opens(t, "GATE-800")
	b.opens(t, "GATE-801")
	yes, no := true, false
	hash, none := "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA", ""
	wild := seance.Settings{Tone: seance.Adult, Spelling: seance.Full}
	for _, step := range []struct {
		name   string
		change seance.Amendment
		want   func(*seance.Session)
	}{
		{"nothing", seance.Amendment{}, func(*seance.Session) {}},
		{"lock", seance.Amendment{Locked: &yes}, func(s *seance.Session) { s.Locked = true }},
		{"passphrase", seance.Amendment{Passphrase: &hash}, func(s *seance.Session) { s.Passphrase = hash }},
		{"settings", seance.Amendment{Settings: &wild}, func(s *seance.Session) { s.Settings = wild }},
		{"everything back", seance.Amendment{Locked: &no, Passphrase: &none, Settings: &s.Settings}, func(back *seance.Session) {
			*back = s
		}},
	} {
		want, err := b.Session(t.Context(), s.Code)
		check(t, err)
		step.want(&want)
		got, err := b.Amend(t.Context(), s.ID, step.change)
		check(t, err)
		same(t, step.name+", as returned", got, want)
		got, err = b.Session(t.Context(), s.Code)
		check(t, err)
		same(t, step.name+", as kept", got, want)
	}
	other, err := b.Session(t.Context(), "GATE-801")
	check(t, err)
	if other.Locked || other.Passphrase != "" || other.Settings != seance.DefaultSettings() {
		t.Errorf("another session became %+v", other)
	}

	_, err = b.Amend(t.Context(), "nowhere", seance.Amendment{Locked: &yes})
	refused(t, "changing nothing there", err, seance.ErrNotFound)
	_, err = b.Amend(cancelled(t), s.ID, seance.Amendment{Locked: &yes})
	if err == nil {
		t.Error("a cancelled change went on")
	}
	check(t, b.CloseSession(t.Context(), s.ID, began.Add(time.Hour)))
	_, err = b.Amend(t.Context(), s.ID, seance.Amendment{Locked: &yes})
	refused(t, "changing what has ended", err, seance.ErrClosed)
	if got, err := b.Session(t.Context(), s.Code); err != nil || got.Locked {
		t.Errorf("after refusals: %+v, %v", got, err)
	}
}

// testAmendAtOnce has two hosts' hands at different switches: neither turns the other's back.
func testAmendAtOnce(t *testing.T, b bench) {
	s := b.opens(t, "GATE-810")
	yes, hash := true, "hash"
	wild := seance.Settings{Tone: seance.Adult, Spelling: seance.Full}
	changes := []seance.Amendment{{Locked: &yes}, {Passphrase: &hash}, {Settings: &wild}}
	allWell(t, together(len(changes), func(i int) error {
		_, err := b.Amend(t.Context(), s.ID, changes[i])
		return err
	}))
	got, err := b.Session(t.Context(), s.Code)
	check(t, err)
	s.Locked, s.Passphrase, s.Settings = true, hash, wild
	same(t, "session", got, s)
}

func testKick(t *testing.T, b bench) {
	s, other := b.opens(t, "BOOT-820"), b.opens(t, "BOOT-821")
	ann, bob := b.enrols(t, person(s.ID, "Ann")), b.enrols(t, person(s.ID, "Bob"))
	at := began.Add(time.Minute)
	check(t, b.Kick(t.Context(), s.ID, bob.ID, at))
	check(t, b.Kick(t.Context(), s.ID, bob.ID, at.Add(time.Hour)))
	bob.KickedAt = at
	got, err := b.Participant(t.Context(), s.ID, bob.ID)
	check(t, err)
	same(t, "who was put out", got, bob)
	everyone, err := b.Participants(t.Context(), s.ID)
	check(t, err)
	same(t, "everyone", everyone, []seance.Participant{ann, bob})
	same(t, "the next candle", b.enrols(t, person(s.ID, "Cid")).Candle, 3)

	refused(t, "nobody", b.Kick(t.Context(), s.ID, "nobody", at), seance.ErrNotFound)
	refused(t, "nowhere", b.Kick(t.Context(), "nowhere", ann.ID, at), seance.ErrNotFound)
	refused(t, "somebody of another session", b.Kick(t.Context(), other.ID, ann.ID, at), seance.ErrNotFound)
	if err := b.Kick(cancelled(t), s.ID, ann.ID, at); err == nil {
		t.Error("a cancelled kick went on")
	}
	got, err = b.Participant(t.Context(), s.ID, ann.ID)
	check(t, err)
	same(t, "who was not put out", got, ann)
}

func testBind(t *testing.T, b bench) {
	s, other := b.opens(t, "BOOT-820"), b.opens(t, "BOOT-821")
	ann, bob := b.enrols(t, person(s.ID, "Ann")), b.enrols(t, person(s.ID, "Bob"))
	for range 2 {
		check(t, b.Bind(t.Context(), s.ID, ann.ID, "soul-1"))
	}
	ann.Soul = "soul-1"
	everyone, err := b.Participants(t.Context(), s.ID)
	check(t, err)
	same(t, "everyone", everyone, []seance.Participant{ann, bob})
	refused(t, "nobody", b.Bind(t.Context(), s.ID, "nobody", "soul-1"), seance.ErrNotFound)
	refused(t, "somebody of another session", b.Bind(t.Context(), other.ID, bob.ID, "soul-1"), seance.ErrNotFound)
}

func testRate(t *testing.T, b bench) {
	s := b.opens(t, "STAR-830")
	ann, bob := b.enrols(t, person(s.ID, "Ann")), b.enrols(t, person(s.ID, "Bob"))
	first := b.appends(t, answer(b.appends(t, question(s.ID, "Who?")), "ME"))
	second := b.appends(t, answer(seance.Message{Session: s.ID}, "BOO"))
	give := func(p seance.Participant, m seance.Message, value, minute int) seance.Rating {
		t.Helper()
		r := seance.Rating{
			Session: s.ID, Seq: m.Seq, Participant: p.ID, Value: value,
			At: time.Date(2026, 11, 22, 21, minute, 0, 987654321, time.FixedZone("CET", 3600)),
		}
		check(t, b.Rate(t.Context(), r))
		r.At = time.Date(2026, 11, 22, 20, minute, 0, 987654000, time.UTC)
		return r
	}
	ratings := func() []seance.Rating {
		t.Helper()
		got, err := b.Ratings(t.Context(), s.ID)
		check(t, err)
		return got
	}
	if got := ratings(); len(got) != 0 {
		t.Errorf("before anybody rates: %v", got)
	}
	give(bob, second, 1, 10)
	give(ann, first, 2, 11)
	want := []seance.Rating{give(ann, first, 5, 12), give(ann, second, 3, 13), give(bob, second, 4, 14)}
	same(t, "ratings", ratings(), want)

	// People make up their minds after the end, too.
	b.appends(t, end(s.ID, seance.EndedByHost))
	want[0] = give(ann, first, 1, 15)
	same(t, "ratings after the end", ratings(), want)

	for _, id := range []seance.SessionID{"nowhere", b.opens(t, "STAR-831").ID} {
		got, err := b.Ratings(t.Context(), id)
		check(t, err)
		if len(got) != 0 {
			t.Errorf("%s has ratings %v", id, got)
		}
	}
}

func testRateNothing(t *testing.T, b bench) {
	s, other := b.opens(t, "STAR-840"), b.opens(t, "STAR-841")
	ann, cid := b.enrols(t, person(s.ID, "Ann")), b.enrols(t, person(other.ID, "Cid"))
	asked := b.appends(t, question(s.ID, "Who?"))
	said := b.appends(t, answer(asked, "ME"))
	whisper := b.appends(t, seance.Message{
		ID: seance.MessageID(newID()), Session: s.ID, Kind: seance.KindWhisper, Refers: said.Seq, At: began,
	})
	over := b.appends(t, end(s.ID, seance.EndedByHost))
	good := seance.Rating{Session: s.ID, Seq: said.Seq, Participant: ann.ID, Value: 3, At: began}
	for _, c := range []struct {
		name   string
		change func(*seance.Rating)
		kind   error
	}{
		{"a question", func(r *seance.Rating) { r.Seq = asked.Seq }, seance.ErrNotFound},
		{"a whisper", func(r *seance.Rating) { r.Seq = whisper.Seq }, seance.ErrNotFound},
		{"the end", func(r *seance.Rating) { r.Seq = over.Seq }, seance.ErrNotFound},
		{"before everything", func(r *seance.Rating) { r.Seq = 0 }, seance.ErrNotFound},
		{"behind everything", func(r *seance.Rating) { r.Seq = over.Seq + 1 }, seance.ErrNotFound},
		{"far behind everything", func(r *seance.Rating) { r.Seq = 1<<64 - 1 }, seance.ErrNotFound},
		{"another session's", func(r *seance.Rating) { r.Session = other.ID }, seance.ErrNotFound},
		{"no session's", func(r *seance.Rating) { r.Session = "nowhere" }, seance.ErrNotFound},
		{"by nobody", func(r *seance.Rating) { r.Participant = "nobody" }, seance.ErrNotFound},
		{"by somebody elsewhere", func(r *seance.Rating) { r.Participant = cid.ID }, seance.ErrNotFound},
		{"no stars", func(r *seance.Rating) { r.Value = 0 }, seance.ErrBadRequest},
		{"six stars", func(r *seance.Rating) { r.Value = 6 }, seance.ErrBadRequest},
	} {
		bad := good
		c.change(&bad)
		refused(t, c.name, b.Rate(t.Context(), bad), c.kind)
	}
	if err := b.Rate(cancelled(t), good); err == nil {
		t.Error("a cancelled rating went on")
	}
	got, err := b.Ratings(t.Context(), s.ID)
	check(t, err)
	if len(got) != 0 {
		t.Errorf("kept %v", got)
	}
}

func testRateAtOnce(t *testing.T, b bench) {
	const many = 20
	s := b.opens(t, "STAR-850")
	said := b.appends(t, answer(seance.Message{Session: s.ID}, "BOO"))
	var people []seance.ParticipantID
	for i := range many {
		people = append(people, b.enrols(t, person(s.ID, numbered("guest", i))).ID)
	}
	allWell(t, together(3*many, func(i int) error {
		return b.Rate(t.Context(), seance.Rating{
			Session: s.ID, Seq: said.Seq, Participant: people[i%many], Value: 1 + i%5, At: began,
		})
	}))
	got, err := b.Ratings(t.Context(), s.ID)
	check(t, err)
	var raters []seance.ParticipantID
	for _, r := range got {
		raters = append(raters, r.Participant)
	}
	slices.Sort(people)
	same(t, "who rated", raters, people)
}
