package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"seance/internal/seance"
	"seance/relay/wire"
)

type historyInput struct {
	Key           string `path:"key" doc:"A session's id, or its code in any case" example:"RAVEN-417"`
	Authorization string `header:"Authorization" hidden:"true"`
	After         uint64 `query:"after" doc:"Only what came after this seq"`
	Limit         int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type history struct {
	Messages  []line  `json:"messages" nullable:"false"`
	NextAfter *uint64 `json:"next_after" doc:"Where the next page begins; null when this is the last"`
}

// A line is a kept message as the history shows it: its event's own data with the event beside it.
type line json.RawMessage

// MarshalJSON is the line itself.
func (l line) MarshalJSON() ([]byte, error) { return l, nil }

// Schema is what the OpenAPI document says of it.
func (line) Schema(r huma.Registry) *huma.Schema {
	const name = "HistoryLine"
	if r.Map()[name] == nil {
		said := &huma.Schema{}
		for _, kept := range []struct {
			event string
			data  reflect.Type
		}{
			{wire.EventQuestionAsked, reflect.TypeFor[wire.QuestionAsked]()},
			{wire.EventSpiritResponse, reflect.TypeFor[wire.SpiritResponse]()},
			{wire.EventSpiritWhisper, reflect.TypeFor[wire.SpiritWhisper]()},
			{wire.EventSessionEnded, reflect.TypeFor[wire.SessionEnded]()},
		} {
			said.OneOf = append(said.OneOf, withEvent(r.Schema(kept.data, true, ""), kept.event))
		}
		said.OneOf = append(said.OneOf, withEvent(r.Schema(reflect.TypeFor[wire.Erased](), true, ""),
			wire.EventQuestionAsked, wire.EventSpiritResponse, wire.EventSpiritWhisper))
		r.Map()[name] = said
	}
	return &huma.Schema{Ref: "#/components/schemas/" + name}
}

func withEvent(data *huma.Schema, names ...string) *huma.Schema {
	event := &huma.Schema{Type: huma.TypeString}
	for _, name := range names {
		event.Enum = append(event.Enum, name)
	}
	return &huma.Schema{AllOf: []*huma.Schema{data, {
		Type: huma.TypeObject, Properties: map[string]*huma.Schema{"event": event}, Required: []string{"event"},
		AdditionalProperties: true,
	}}}
}

// history registers the route of what was said.
func (s *Server) history() {
	route(s, huma.Operation{
		OperationID: "get-history", Method: http.MethodGet, Path: "/api/sessions/{key}/history",
		Summary: "Read what was said, also after the end", Security: holder,
		Errors: []int{
			http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity,
		},
	}, s.read)
}

func (s *Server) read(ctx context.Context, in *historyInput) (out history, err error) {
	at, _, err := s.holds(ctx, in.Authorization, in.Key)
	if err != nil {
		return out, err
	}
	people, err := s.store.Participants(ctx, at.ID)
	if err != nil {
		return out, fmt.Errorf("participants of %s: %w", at.ID, err)
	}
	out.Messages = []line{}
	last := in.After
	for m, err := range s.store.After(ctx, at.ID, in.After) {
		if err != nil {
			return out, fmt.Errorf("history of %s: %w", at.ID, err)
		}
		if len(out.Messages) == in.Limit {
			out.NextAfter = &last
			break
		}
		shown, err := lineOf(m, people)
		if err != nil {
			return out, fmt.Errorf("history of %s: %w", at.ID, err)
		}
		out.Messages = append(out.Messages, shown)
		last = m.Seq
	}
	return out, nil
}

// lineOf is a kept message as the history shows it; people are those of its session.
func lineOf(m seance.Message, people []seance.Participant) (line, error) {
	event := seance.Event{Session: m.Session, At: m.At, Message: &m}
	if p, ok := person(people, m.Participant); ok {
		event.Asker = &p
	}
	frame, err := wire.FromEvent(event)
	if err != nil {
		return nil, err
	}
	return line(frame.History()), nil
}

// person finds one of people.
func person(people []seance.Participant, id seance.ParticipantID) (seance.Participant, bool) {
	i := slices.IndexFunc(people, func(p seance.Participant) bool { return p.ID == id })
	if i < 0 {
		return seance.Participant{}, false
	}
	return people[i], true
}
