package storetest

import (
	"fmt"
	"testing"
	"time"

	"seance/internal/seance"
)

func logged(t *testing.T, a seance.Archive, e evening, n int) {
	t.Helper()
	for i := range n {
		_, err := a.LogResponse(t.Context(), seance.Response{
			ID: fmt.Sprint("r", i), Session: e.ID, Turn: string(e.answered[i%2].ID), Provider: "gemini", Model: []string{"a", "b"}[i%2],
			PromptVersion: "v1", FirstLetter: 700 * time.Millisecond, Total: time.Second, TokensIn: 900, TokensOut: 20,
			Fallback: i == 2, At: began.Add(time.Duration(i) * time.Minute),
		})
		check(t, err)
	}
}

func testResponses(t *testing.T, a seance.Archive) {
	e := spend(t, a, "RAVEN-417", "")
	logged(t, a, e, 4)
	created, err := a.LogResponse(t.Context(), seance.Response{ID: "r0", Session: e.ID, Provider: "other", At: began})
	check(t, err)
	equal(t, "the same again", false, created)
	_, err = a.LogResponse(t.Context(), seance.Response{ID: "r9", Session: "nowhere", At: began})
	wants(t, "of no session", err, seance.ErrNotFound)
	r, scores, err := a.Response(t.Context(), "r1")
	check(t, err)
	equal(t, "one", seance.Response{
		ID: "r1", Session: e.ID, Turn: string(e.answered[1].ID), Provider: "gemini", Model: "b", PromptVersion: "v1",
		FirstLetter: 700 * time.Millisecond, Total: time.Second, TokensIn: 900, TokensOut: 20, At: began.Add(time.Minute),
	}, r)
	equal(t, "its scores", 0, len(scores))
	_, _, err = a.Response(t.Context(), "none")
	wants(t, "none", err, seance.ErrNotFound)

	for i, want := range []bool{true, false} {
		created, err := a.Judge(t.Context(), seance.Judgement{
			Response: "r1", Name: seance.ScoreRelevance, Value: 0.25 + 0.5*float64(i), Source: "judge", Comment: "so so", At: began,
		})
		check(t, err)
		equal(t, "created", want, created)
	}
	_, err = a.Judge(t.Context(), seance.Judgement{Response: "none", Name: seance.ScoreRelevance, Source: "judge"})
	wants(t, "a score of none", err, seance.ErrNotFound)
	_, scores, err = a.Response(t.Context(), "r1")
	check(t, err)
	equal(t, "a new value takes the place of the old", 0.75, scores[0].Value)

	yes, low := true, 0.8
	for what, c := range map[string]struct {
		q    seance.ResponseQuery
		want int
	}{
		"all": {seance.ResponseQuery{}, 4}, "a model": {seance.ResponseQuery{Model: "a"}, 2},
		"since":     {seance.ResponseQuery{Since: began.Add(2 * time.Minute)}, 2},
		"until":     {seance.ResponseQuery{Until: began.Add(2 * time.Minute)}, 2},
		"fallbacks": {seance.ResponseQuery{Fallback: &yes}, 1}, "badly judged": {seance.ResponseQuery{MaxScore: &low}, 1},
		"a version": {seance.ResponseQuery{PromptVersion: "v2"}, 0}, "another session": {seance.ResponseQuery{Session: "x"}, 0},
	} {
		list, _, err := a.Responses(t.Context(), c.q)
		check(t, err)
		equal(t, what, c.want, len(list))
	}
	list, next, err := a.Responses(t.Context(), seance.ResponseQuery{Page: seance.Page{Limit: 3}})
	check(t, err)
	equal(t, "newest first", "r3", list[0].ID)
	list, _, err = a.Responses(t.Context(), seance.ResponseQuery{Page: seance.Page{Limit: 3, After: next}})
	check(t, err)
	equal(t, "the rest", "r0", list[0].ID)
}

func testRatingScores(t *testing.T, a seance.Archive) {
	e := spend(t, a, "RAVEN-417", "p1")
	logged(t, a, e, 2)
	for who, value := range map[seance.ParticipantID]int{e.ann.ID: 5, e.bob.ID: 2} {
		check(t, a.Rate(t.Context(), seance.Rating{Session: e.ID, Seq: e.answered[0].Seq, Participant: who, Value: value, At: began}))
	}
	_, scores, err := a.Response(t.Context(), "r0")
	check(t, err)
	got := map[string]float64{}
	for _, s := range scores {
		if s.Name != seance.ScoreRating || s.Source != "player" {
			t.Errorf("score %q of %q", s.Name, s.Source)
		}
		got[s.By] = s.Value
	}
	equal(t, "ratings as scores", map[string]float64{"p1": 1, string(e.bob.ID): 0.25}, got)
	all, err := a.Judgements(t.Context(), seance.ResponseQuery{})
	check(t, err)
	equal(t, "all at once", 2, len(all["r0"]))
	low := 0.7
	list, _, err := a.Responses(t.Context(), seance.ResponseQuery{MaxScore: &low})
	check(t, err)
	equal(t, "ratings count for the mean", 1, len(list))
}

// Who logs knows the question alone. A mind that announced nothing has no part in the answer.
func testResponseTurns(t *testing.T, a seance.Archive) {
	e, other := spend(t, a, "RAVEN-417", "p1"), spend(t, a, "CANDLE-100", "")
	asked, answered := string(e.asked[0].ID), string(e.answered[0].ID)
	for _, r := range []seance.Response{
		{ID: "failed", Turn: asked, Error: "timeout", At: began},
		{ID: "told", Turn: asked, FirstLetter: time.Millisecond, At: began.Add(time.Second)},
		{ID: "cut", Turn: string(e.asked[1].ID), FirstLetter: time.Second, Error: "truncated", At: began}, // in the whisper
		{ID: "copied", Turn: string(other.asked[0].ID), FirstLetter: time.Second, At: began},
		{ID: "unasked", FirstLetter: time.Second, At: began},
	} {
		r.Session, r.Provider = e.ID, "m"
		_, err := a.LogResponse(t.Context(), r)
		check(t, err)
	}
	for _, rated := range []evening{e, other} {
		for _, answer := range rated.answered {
			check(t, a.Rate(t.Context(), seance.Rating{Session: rated.ID, Seq: answer.Seq, Participant: rated.ann.ID, Value: 5, At: began}))
		}
	}
	for id, want := range map[string]struct {
		turn    string
		ratings int
	}{
		"failed": {asked, 0}, "told": {answered, 1}, "cut": {string(e.answered[1].ID), 1},
		"copied": {string(other.asked[0].ID), 0}, "unasked": {"", 0},
	} {
		r, scores, err := a.Response(t.Context(), id)
		check(t, err)
		equal(t, id+": turn", want.turn, r.Turn)
		equal(t, id+": ratings", want.ratings, len(scores))
	}
	n, err := a.Forget(t.Context(), []string{asked, answered}, false)
	check(t, err)
	equal(t, "what was logged goes", 2, n.Responses)
	for _, turn := range []string{asked, answered} {
		created, err := a.LogResponse(t.Context(), seance.Response{ID: "late", Session: e.ID, Turn: turn, FirstLetter: time.Second, At: began})
		check(t, err)
		equal(t, "logged of what is erased", false, created)
	}
}

func testPurge(t *testing.T, a seance.Archive) {
	e := spend(t, a, "RAVEN-417", "")
	logged(t, a, e, 4)
	for _, dry := range []bool{true, false} {
		n, err := a.Purge(t.Context(), began.Add(2*time.Minute), dry)
		check(t, err)
		equal(t, "purged", 2, n)
	}
	list, _, err := a.Responses(t.Context(), seance.ResponseQuery{})
	check(t, err)
	equal(t, "left", 2, len(list))
}
