package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"seance/internal/seance"
)

type ratingInput struct {
	Key           string `path:"key" doc:"A session's id, or its code in any case" example:"RAVEN-417"`
	Seq           uint64 `path:"seq" doc:"The answer's seq" example:"2"`
	Authorization string `header:"Authorization" hidden:"true"`
	Body          struct {
		Value int `json:"value" minimum:"1" maximum:"5" doc:"Stars"`
	}
}

// ratings registers the route of what people think of answers.
func (s *Server) ratings() {
	route(s, huma.Operation{
		OperationID: "rate-answer", Method: http.MethodPost, Path: "/api/sessions/{key}/messages/{seq}/rating",
		Summary: "Give an answer its stars, also after the end. Again replaces what you gave before", Security: holder,
		Errors: []int{
			http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity,
		},
	}, s.rate)
}

func (s *Server) rate(ctx context.Context, in *ratingInput) (nothing, error) {
	at, p, err := s.holds(ctx, in.Authorization, in.Key)
	if err != nil {
		return nothing{}, err
	}
	if p.Role == seance.Spectator {
		return nothing{}, &seance.Fault{Kind: seance.ErrForbidden, Say: "Spectators watch; they do not rate."}
	}
	err = s.hub.Rate(ctx, seance.Rating{
		Session: at.ID, Seq: in.Seq, Participant: p.ID, Value: in.Body.Value, At: time.Now().UTC(),
	})
	if errors.Is(err, seance.ErrNotFound) {
		return nothing{}, &seance.Fault{Kind: seance.ErrNotFound, Say: fmt.Sprintf("There is no answer at %d.", in.Seq)}
	}
	if err != nil {
		return nothing{}, fmt.Errorf("rating of %d in %s: %w", in.Seq, at.ID, err)
	}
	return nothing{}, nil
}
