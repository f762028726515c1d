package inmem

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"seance/internal/seance"
)

// Rate is described by seance.Ratings.
func (s *Store) Rate(ctx context.Context, r seance.Rating) error {
	if !r.Valid() {
		return fmt.Errorf("rating of %d: %w", r.Value, seance.ErrBadRequest)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(ctx); err != nil {
		return err
	}
	found, err := s.sitting(r.Session)
	if err != nil {
		return err
	}
	if r.Seq == 0 || r.Seq > uint64(len(found.messages)) || found.messages[r.Seq-1].Kind != seance.KindAnswer {
		return fmt.Errorf("answer %d of %s: %w", r.Seq, r.Session, seance.ErrNotFound)
	}
	if _, ok := found.person(r.Participant); !ok {
		return fmt.Errorf("participant %s of %s: %w", r.Participant, r.Session, seance.ErrNotFound)
	}
	r.At = kept(r.At)
	found.ratings[opinion{r.Seq, r.Participant}] = r
	return nil
}

// Ratings is described by seance.Ratings.
func (s *Store) Ratings(ctx context.Context, id seance.SessionID) ([]seance.Rating, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.usable(ctx); err != nil {
		return nil, err
	}
	found, ok := s.sittings[id]
	if !ok {
		return nil, nil
	}
	return slices.SortedFunc(maps.Values(found.ratings), func(a, b seance.Rating) int {
		return cmp.Or(cmp.Compare(a.Seq, b.Seq), strings.Compare(string(a.Participant), string(b.Participant)))
	}), nil
}
