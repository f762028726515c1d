package toolbox

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"seance/internal/seance"
	"seance/spirit"
)

func TestWhatAnswersTook(t *testing.T) {
	h := enter(t, Options{})
	m := h.asks("s", "m", "Where is the cat?")
	failed := spirit.Call{
		Session: "s", Question: m.Seq, Message: m.ID, Mind: "gemini", Took: 1500 * time.Millisecond,
		Err: &spirit.Failure{Kind: spirit.FailedTimeout, Err: errors.New("nothing came")},
	}
	h.Log(failed) // nothing is spelled yet
	a := h.spells("s", m.Seq, "UNDER THE STAIRS")
	told := spirit.Call{
		Session: "s", Question: m.Seq, Message: m.ID, Mind: "oracle", Announced: true, Source: seance.SourceOracle, Fallback: true,
		FirstLetter: 300 * time.Microsecond, Took: 400 * time.Microsecond, Result: spirit.Result{Model: "oracle", TokensIn: 7, TokensOut: 3},
	}
	for range 2 { // told twice, it is kept once
		h.Log(told)
	}
	h.Log(spirit.Call{Session: "s", Initiative: "greet/1", Mind: "oracle", Announced: true, FirstLetter: time.Second})
	h.Log(spirit.Call{Session: "s", Initiative: "greet/2", Mind: "oracle"})
	late := failed
	late.Mind = "late" // it did not stop when it was told to
	h.Log(late)
	h.drain()

	responses, _, err := h.Responses(t.Context(), seance.ResponseQuery{})
	must(t, err)
	same(t, "responses", 5, len(responses))
	for id, want := range map[string]seance.Response{
		string(m.ID) + "/gemini": {Turn: string(m.ID), Provider: "gemini", Total: 1500 * time.Millisecond, Error: "timeout"},
		string(m.ID) + "/late":   {Turn: string(m.ID), Provider: "late", Total: 1500 * time.Millisecond, Error: "timeout"},
		string(m.ID) + "/oracle": {
			Turn: string(a.ID), Provider: "oracle", Model: "oracle", FirstLetter: time.Millisecond, TokensIn: 7, TokensOut: 3, Fallback: true,
		},
	} {
		got, _, err := h.Response(t.Context(), id)
		must(t, err)
		want.ID, want.Session, want.PromptVersion, want.At = id, "s", spirit.PromptVersion, got.At
		same(t, id, want, got)
	}
}

// Whatever a mind tells of itself is kept as far as it can be.
func TestFiguresOutOfBounds(t *testing.T) {
	h := enter(t, Options{})
	h.Log(spirit.Call{
		Session: "s", Message: "m", Mind: strings.Repeat("é", 200), Announced: true, Took: 100 * time.Hour, FirstLetter: 100 * time.Hour,
		Result: spirit.Result{Model: strings.Repeat("m", 999), TokensIn: -5, TokensOut: 1 << 40}, Err: errors.New("no kind"),
	})
	h.drain()
	got, _, err := h.Response(t.Context(), "m/"+strings.Repeat("é", 62))
	must(t, err)
	same(t, "figures", []any{600 * time.Second, 600 * time.Second, 0, 10_000_000, "broken", 128},
		[]any{got.Total, got.FirstLetter, got.TokensIn, got.TokensOut, got.Error, len(got.Model)})
}

func TestNotes(t *testing.T) {
	h := enter(t, Options{})
	notes := func() []string {
		t.Helper()
		h.drain()
		list, _, err := h.Notes(t.Context(), "soul-1", seance.Page{})
		must(t, err)
		texts := []string{}
		for _, n := range list {
			texts = append(texts, n.ID+" "+n.Text)
		}
		return texts
	}
	hers, his := h.asks("s", "m", "Where is the cat?"), h.asks("s", "b", "Who is she?")
	h.Told(questionOf(hers), "ATTIC")
	same(t, "without a word of hers", []string{}, notes())
	h.agrees()
	h.Told(questionOf(hers), "ATTIC")
	h.Told(questionOf(hers), "ELSEWHERE") // the same question again
	h.Told(questionOf(his), "MARA")
	h.Told(joined("s", people("s")[1]), "WELCOME MARA")
	same(t, "once she agreed", []string{string(hers.ID) + " Asked “Where is the cat?” and was told ATTIC."}, notes())
}

func TestVisits(t *testing.T) {
	h := enter(t, Options{})
	mara, bob := people("s")[1], people("s")[2]
	present := func() []string {
		t.Helper()
		h.drain()
		visits, err := h.Present(t.Context(), "s")
		must(t, err)
		who := []string{}
		for _, v := range visits {
			who = append(who, v.Person)
		}
		return who
	}
	visit := func(trigger seance.Trigger, who seance.Participant, minute int) {
		h.Happened(seance.Occasion{
			ID: string(trigger) + "/" + who.Name, Trigger: trigger, Participant: &who, Session: sessionOf("s", ""),
			At: began.Add(time.Duration(minute) * time.Minute),
		})
	}
	visit(seance.ParticipantJoined, mara, 0)
	visit(seance.ParticipantJoined, bob, 1)
	visit(seance.AnswerRated, bob, 2)
	h.Happened(seance.Occasion{ID: "o", Trigger: seance.SeanceOpened, Session: sessionOf("s", "")})
	same(t, "present", []string{"soul-1", "bs"}, present())
	visit(seance.ParticipantLeft, mara, 3)
	visit(seance.ParticipantLeft, mara, 3)
	same(t, "after she left", []string{"bs"}, present())
}

// Nobody waits for what is written down, and what is too much is dropped.
func TestNobodyWaitsForWriting(t *testing.T) {
	hangs := rogues()["hangs after the greeting"]
	box := boxWith(t, hangs, hangs, hangs, Options{Queue: 4})
	began := time.Now()
	for range 100 {
		box.Log(spirit.Call{Session: "s", Message: "m", Mind: "lamp"})
		box.Told(questionOf(seance.Message{ID: "m", Session: "s", Participant: "ms", Text: "Who?"}), "NOBODY")
		box.Happened(joined("s", people("s")[1]).Initiative.Occasion)
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("writing down 300 things keeps somebody waiting for %v", took)
	}
	if n := box.Dropped(); n < 300-4-1 {
		t.Errorf("%d are dropped, want all but what waits and what is written", n)
	}
}

func TestTheLogHoldsNoWordsOfPeople(t *testing.T) {
	var log strings.Builder
	h := enter(t, Options{Queue: 1, Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	m := h.asks("s", "m", "Where is Thimble?")
	q := questionOf(m)
	q.Asker.Name = "Thimble"
	for range 20 { // nobody has agreed to anything
		h.Told(q, "THIMBLE")
	}
	q.Session.ID = "nowhere"
	if _, err := h.Recall(t.Context(), q, 8); err == nil {
		t.Error("recalled of no session")
	}
	h.drain()
	must(t, h.Toolbox.Close())
	if said := strings.ToLower(log.String()); strings.Contains(said, "thimble") || !strings.Contains(said, "not written down") {
		t.Errorf("the log:\n%s", log.String())
	}
}
