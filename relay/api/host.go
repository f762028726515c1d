package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"seance/internal/seance"
)

type amendment struct {
	Locked     *bool        `json:"locked,omitempty" doc:"Nobody new may join"`
	Passphrase passphrase   `json:"passphrase,omitempty" doc:"Who joins has to know it; null takes it away"`
	Settings   *newSettings `json:"settings,omitempty" doc:"What is left out stays as it is"`
}

// maxPassphrase is the most characters of a passphrase.
const maxPassphrase = 128

// A passphrase is a field that may be left out, null, or said.
type passphrase struct {
	Given bool
	Words string // empty for null
}

// UnmarshalJSON is only called when the field is there.
func (p *passphrase) UnmarshalJSON(raw []byte) error {
	*p = passphrase{Given: true}
	if bytes.Equal(raw, []byte("null")) {
		return nil
	}
	return json.Unmarshal(raw, &p.Words)
}

// Schema is what the OpenAPI document says of it.
func (passphrase) Schema(huma.Registry) *huma.Schema {
	least, most := 1, maxPassphrase
	return &huma.Schema{Type: huma.TypeString, Nullable: true, MinLength: &least, MaxLength: &most}
}

type amendInput struct {
	Key           string `path:"key" doc:"A session's id, or its code in any case" example:"RAVEN-417"`
	Authorization string `header:"Authorization" hidden:"true"`
	Body          amendment
}

type kickInput struct {
	Key           string `path:"key" doc:"A session's id, or its code in any case" example:"RAVEN-417"`
	Authorization string `header:"Authorization" hidden:"true"`
	Body          struct {
		Participant seance.ParticipantID `json:"participant_id"`
	}
}

type endInput struct {
	Key           string `path:"key" doc:"A session's id, or its code in any case" example:"RAVEN-417"`
	Authorization string `header:"Authorization" hidden:"true"`
}

// hosting registers the routes that are the host's alone.
func (s *Server) hosting() {
	const path = "/api/sessions/{key}"
	refusals := []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound}
	open := []int{http.StatusGone, http.StatusUnprocessableEntity}
	route(s, huma.Operation{
		OperationID: "amend-session", Method: http.MethodPatch, Path: path,
		Summary: "Lock the door, set a passphrase, change the settings; the host's right", Security: holder,
		Errors: slices.Concat(refusals, open),
	}, s.amend)
	route(s, huma.Operation{
		OperationID: "kick-participant", Method: http.MethodPost, Path: path + "/kick",
		Summary: "Put somebody out for good; the host's right. Again is fine", Security: holder,
		Errors: slices.Concat(refusals, open),
	}, s.kick)
	route(s, huma.Operation{
		OperationID: "end-session", Method: http.MethodDelete, Path: path,
		Summary: "End the sitting for everybody; the host's right. Again is fine", Security: holder, Errors: refusals,
	}, s.end)
}

// hosts is holds for the host alone, whose right it is to do what is named.
func (s *Server) hosts(
	ctx context.Context, authorization, key, what string,
) (at seance.Session, p seance.Participant, err error) {
	at, p, err = s.holds(ctx, authorization, key)
	if err == nil && p.Role != seance.Host {
		err = &seance.Fault{Kind: seance.ErrForbidden, Say: fmt.Sprintf("Only the host may %s.", what)}
	}
	return at, p, err
}

func (s *Server) amend(ctx context.Context, in *amendInput) (out found, err error) {
	at, _, err := s.hosts(ctx, in.Authorization, in.Key, "change the session")
	if err != nil {
		return out, err
	}
	if !at.Open() {
		return out, seance.ErrClosed
	}
	change := seance.Amendment{Locked: in.Body.Locked}
	if in.Body.Passphrase.Given {
		hash := ""
		if said := in.Body.Passphrase.Words; said != "" {
			if hash, err = s.guesses.secrets.Hash(ctx, said); err != nil {
				return out, fmt.Errorf("passphrase: %w", err)
			}
		}
		change.Passphrase = &hash
	}
	if in.Body.Settings != nil {
		settings := in.Body.Settings.over(at.Settings)
		change.Settings = &settings
	}
	if change == (seance.Amendment{}) {
		return found{s.show(at)}, nil
	}
	if at, err = s.store.Amend(ctx, at.ID, change); err != nil {
		return out, fmt.Errorf("amend session: %w", err)
	}
	s.hub.Update(ctx, at)
	return found{s.show(at)}, nil
}

func (s *Server) kick(ctx context.Context, in *kickInput) (nothing, error) {
	at, host, err := s.hosts(ctx, in.Authorization, in.Key, "put somebody out")
	if err != nil {
		return nothing{}, err
	}
	switch {
	case !at.Open():
		return nothing{}, seance.ErrClosed
	case in.Body.Participant == host.ID:
		return nothing{}, &seance.Fault{Kind: seance.ErrForbidden, Say: "You cannot put yourself out. End the session instead."}
	}
	err = s.hub.Kick(ctx, at.ID, in.Body.Participant)
	if errors.Is(err, seance.ErrNotFound) {
		return nothing{}, &seance.Fault{Kind: seance.ErrNotFound, Say: "Nobody at this table goes by that id."}
	}
	if err != nil {
		return nothing{}, fmt.Errorf("kick from %s: %w", at.ID, err)
	}
	return nothing{}, nil
}

func (s *Server) end(ctx context.Context, in *endInput) (nothing, error) {
	at, _, err := s.hosts(ctx, in.Authorization, in.Key, "end the session")
	if err != nil {
		return nothing{}, err
	}
	if !at.Open() {
		return nothing{}, nil
	}
	if err := s.hub.End(ctx, at.ID, seance.EndedByHost); err != nil && !errors.Is(err, seance.ErrClosed) {
		return nothing{}, fmt.Errorf("end %s: %w", at.ID, err)
	}
	return nothing{}, nil
}
