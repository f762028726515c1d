package relay

import (
	"context"
	"errors"

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
	err := r.opts.Ratings.Rate(ctx, seance.Rating{
		Session: r.id, Seq: seq, Participant: s.who.ID, Value: value, At: now(),
	})
	switch {
	case err == nil:
		return nil
	case errors.Is(err, seance.ErrNotFound):
		return errNoAnswer
	}
	r.log.Error("rating not kept", "seq", seq, "err", err)
	return errNotRated
}
