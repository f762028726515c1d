package relay

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"seance/internal/seance"
)

// Rate gives the answer at seq 1 to 5 stars; a new value takes the place of the old. ErrForbidden for spectators,
// ErrBadRequest, ErrNotFound if there is no answer at seq, ErrUnavailable.
func (s *Sitting) Rate(ctx context.Context, seq uint64, value int) error {
	r := s.room
	switch {
	case s.who.Role == seance.Spectator:
		return errOnlyWatch
	case value < seance.WorstRating || value > seance.BestRating:
		return errNoRating
	case r.opts.Ratings == nil:
		return errNotRated
	}
	ctx, cancel := context.WithTimeout(ctx, journalFor)
	defer cancel()
	err := r.hub.Rate(ctx, seance.Rating{Session: r.id, Seq: seq, Participant: s.who.ID, Value: value, At: now()})
	switch {
	case err == nil:
		return nil
	case errors.Is(err, seance.ErrNotFound):
		return errNoAnswer
	}
	r.log.Error("rating not kept", "seq", seq, "err", err)
	return errNotRated
}

// Rate keeps what a participant thinks of an answer, also after the session's end, and tells the hooks if that is new.
// ErrNotFound if there is no such answer or participant; ErrBadRequest if the value is none; ErrUnavailable.
func (h *Hub) Rate(ctx context.Context, r seance.Rating) error {
	switch {
	case h.opts.Ratings == nil:
		return errNotRated
	case h.opts.Hooks == nil:
		return h.opts.Ratings.Rate(ctx, r)
	}
	select { // one at a time, so that the same stars given twice at once are news once
	case h.rating <- struct{}{}:
		defer func() { <-h.rating }()
	case <-ctx.Done():
		return errNotRated
	}
	before, err := h.opts.Ratings.Ratings(ctx, r.Session)
	if err != nil {
		return fmt.Errorf("read ratings: %w", err)
	}
	if err := h.opts.Ratings.Rate(ctx, r); err != nil {
		return err
	}
	if !slices.ContainsFunc(before, func(b seance.Rating) bool {
		return b.Seq == r.Seq && b.Participant == r.Participant && b.Value == r.Value
	}) {
		h.rated(ctx, r)
	}
	return nil
}
