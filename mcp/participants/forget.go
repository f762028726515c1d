package participants

import (
	"context"
	"errors"

	"seance/internal/seance"
	"seance/mcp/tools"
)

func (p *server) addDestroyers(s *tools.Server) {
	tools.Add(s, tools.Tool{Name: "merge_participants", Title: "Two are one", Hint: tools.Destroys,
		Description: "Moves everything of one person to another, when they say that they are the same. Try with dry_run first."}, p.merge)
	tools.Add(s, tools.Tool{Name: "forget_participant", Title: "Forget somebody", Hint: tools.Destroys,
		Description: "Erases somebody everywhere: what they asked and were told, notes, visits, scores, their name. Try with dry_run first."}, p.forget)
}

type mergeIn struct {
	FromID string `json:"from_id"`
	IntoID string `json:"into_id"`
	DryRun bool   `json:"dry_run,omitempty"`
}

type mergeOut struct {
	Moved map[string]int `json:"moved"` // or what would be
}

func (p *server) merge(ctx context.Context, in mergeIn) (mergeOut, error) {
	if in.FromID == in.IntoID {
		return mergeOut{}, tools.Wrong("from_id and into_id are the same person")
	}
	n, err := p.store.Merge(ctx, in.FromID, in.IntoID, in.DryRun)
	if errors.Is(err, seance.ErrNotFound) {
		return mergeOut{}, tools.Wrong("both must be people who are known across séances: find_participants shows them")
	}
	return mergeOut{map[string]int{"notes": n.Notes, "visits": n.Visits, "seats": n.Names, "turns": n.Turns}}, err
}

type forgetIn struct {
	ParticipantID string `json:"participant_id"`
	Confirm       string `json:"confirm" jsonschema:"their display_name, exactly"`
	DryRun        bool   `json:"dry_run,omitempty"`
}

type forgetOut struct {
	Erased map[string]int `json:"erased"` // or what would be
}

func (p *server) forget(ctx context.Context, in forgetIn) (forgetOut, error) {
	who, err := p.profile(ctx, in.ParticipantID)
	if err != nil {
		return forgetOut{}, err
	}
	if in.Confirm != who.Name {
		return forgetOut{}, tools.Wrong("confirm is not the display_name of %q: read it with get_participant, and ask them first", in.ParticipantID)
	}
	n, err := p.store.ForgetPerson(ctx, in.ParticipantID, in.DryRun)
	if errors.Is(err, seance.ErrNotFound) {
		return forgetOut{}, nobody(in.ParticipantID)
	}
	return forgetOut{map[string]int{
		"messages": n.Messages, "turns": n.Turns, "facts": n.Facts, "recaps": n.Recaps, "notes": n.Notes, "visits": n.Visits,
		"responses": n.Responses, "scores": n.Scores, "ratings": n.Ratings, "names": n.Names,
	}}, err
}
