package api

import (
	"fmt"
	"testing"
	"time"

	"seance/internal/seance"
	"seance/relay/wire"
)

// says keeps a message as the relay would.
func (h *house) says(at seated, m seance.Message) seance.Message {
	h.t.Helper()
	m.ID, m.Session = seance.MessageID(newID()), at.Session.ID
	if m.At.IsZero() {
		m.At = time.Now().UTC()
	}
	kept, err := h.store.Append(h.t.Context(), m)
	if err != nil {
		h.t.Fatal(err)
	}
	return kept
}

func TestRate(t *testing.T) {
	h := open(t)
	ann := h.begin("")
	bob, cat := h.joins(ann, "Bob", ""), h.joins(ann, "Cat", `,"role":"spectator"`)
	asked := h.says(ann, seance.Message{Kind: seance.KindQuestion, Participant: ann.Participant.ID, Text: "Who?"})
	answer := h.says(ann, seance.Message{Kind: seance.KindAnswer, Refers: asked.Seq, Board: "ME", Source: seance.SourceOracle})
	path := "/api/sessions/" + ann.Session.Code
	rate := func(seq any, body, token string) verdict {
		got := h.ask("POST", ratingRoute, fmt.Sprintf("%s/messages/%v/rating", path, seq), body, token)
		return verdict{got.Status, got.code(), got.paths()}
	}
	good := verdict{200, "", ""}
	for _, step := range []struct {
		seq         any
		body, token string
		want        verdict
	}{
		{answer.Seq, `{"value": 2}`, ann.Token, good},
		{answer.Seq, `{"value": 5}`, ann.Token, good},
		{answer.Seq, `{"value": 1}`, bob.Token, good},
		{answer.Seq, `{"value": 1}`, cat.Token, verdict{403, wire.CodeForbidden, ""}},
		{asked.Seq, `{"value": 1}`, bob.Token, verdict{404, wire.CodeNotFound, ""}},
		{0, `{"value": 1}`, bob.Token, verdict{404, wire.CodeNotFound, ""}},
		{uint64(1<<64 - 1), `{"value": 1}`, bob.Token, verdict{404, wire.CodeNotFound, ""}},
		{answer.Seq, `{"value": 0}`, bob.Token, verdict{422, wire.CodeBadRequest, "value"}},
		{answer.Seq, `{"value": 6}`, bob.Token, verdict{422, wire.CodeBadRequest, "value"}},
		{answer.Seq, `{"value": 1.5}`, bob.Token, verdict{422, wire.CodeBadRequest, "value"}},
		{answer.Seq, `{}`, bob.Token, verdict{422, wire.CodeBadRequest, "value"}},
		{"x", `{"value": "good"}`, bob.Token, verdict{422, wire.CodeBadRequest, "seq value"}},
		{-1, `{"value": 1}`, bob.Token, verdict{422, wire.CodeBadRequest, "seq"}},
		{answer.Seq, ``, bob.Token, verdict{400, wire.CodeBadRequest, ""}},
	} {
		got := rate(step.seq, step.body, step.token)
		if !samePaths(got.paths, step.want.paths) || got.status != step.want.status || got.code != step.want.code {
			t.Errorf("%v %s: %+v, want %+v", step.seq, step.body, got, step.want)
		}
	}
	h.ask("DELETE", sessionRoute, path, "", ann.Token)
	if got := rate(answer.Seq, `{"value": 4}`, bob.Token); got != good {
		t.Errorf("after the end: %+v", got)
	}

	ratings, err := h.store.Ratings(t.Context(), ann.Session.ID)
	if err != nil {
		t.Fatal(err)
	}
	values := map[seance.ParticipantID]int{}
	for _, r := range ratings {
		values[r.Participant] = r.Value
	}
	if len(ratings) != 2 || values[ann.Participant.ID] != 5 || values[bob.Participant.ID] != 4 {
		t.Errorf("kept %+v", ratings)
	}
}

// verdict is what of an answer a rating is about.
type verdict struct {
	status int
	code   wire.ErrorCode
	paths  string
}
