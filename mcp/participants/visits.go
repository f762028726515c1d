package participants

import (
	"context"
	"errors"
	"time"

	"seance/internal/seance"
	"seance/mcp/tools"
)

func (p *server) addVisits(s *tools.Server) {
	tools.Add(s, tools.Tool{Name: "record_visit", Title: "Record a visit", Hint: tools.Adds,
		Description: "Records that somebody sat down at a séance or got up. The table does so by itself."}, p.recordVisit)
	tools.Add(s, tools.Tool{Name: "who_is_present", Title: "Who sits there",
		Description: "Who sits at a séance now."}, p.present)
}

type visitIn struct {
	VisitID       string `json:"visit_id" min:"1" max:"128" jsonschema:"yours; again, it changes nothing"`
	ParticipantID string `json:"participant_id" min:"1" max:"64"`
	SeanceID      string `json:"seance_id"`
	Event         string `json:"event" enum:"join,leave"`
	At            string `json:"at" jsonschema:"RFC 3339"`
}

func (p *server) recordVisit(ctx context.Context, in visitIn) (createdOut, error) {
	session, err := tools.SessionOf(ctx, p.store, in.SeanceID)
	if err != nil {
		return createdOut{}, err
	}
	at, err := time.Parse(time.RFC3339Nano, in.At)
	if err != nil {
		return createdOut{}, tools.Wrong("at is %q: write it as 2026-11-22T20:00:00Z", in.At)
	}
	created, err := p.store.AddVisit(ctx, seance.Visit{
		ID: in.VisitID, Person: in.ParticipantID, Session: session.ID, Leaves: in.Event == "leave", At: at,
	})
	if errors.Is(err, seance.ErrNotFound) {
		return createdOut{}, nobody(in.ParticipantID)
	}
	return createdOut{created}, err
}

type presentIn struct {
	SeanceID string `json:"seance_id"`
}

type seated struct {
	ParticipantID string `json:"participant_id"`
	Name          string `json:"display_name"`
	Since         string `json:"since"`
}

type presentOut struct {
	Participants []seated `json:"participants"`
}

func (p *server) present(ctx context.Context, in presentIn) (presentOut, error) {
	session, err := tools.SessionOf(ctx, p.store, in.SeanceID)
	if err != nil {
		return presentOut{}, err
	}
	people, err := p.seated(ctx, session)
	return presentOut{people}, err
}

func (p *server) seated(ctx context.Context, session seance.Session) ([]seated, error) {
	people := []seated{}
	if !session.Open() {
		return people, nil
	}
	visits, err := p.store.Present(ctx, session.ID)
	if err != nil {
		return people, err
	}
	everyone, err := p.store.Participants(ctx, session.ID)
	if err != nil {
		return people, err
	}
	names := map[string]string{}
	for _, one := range everyone {
		names[string(one.ID)] = one.Name
		if one.Soul != "" {
			names[one.Soul] = one.Name
		}
	}
	for _, v := range visits {
		people = append(people, seated{v.Person, names[v.Person], when(v.At)})
	}
	return people, nil
}
