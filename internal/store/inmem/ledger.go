package inmem

import (
	"context"
	"fmt"
	"maps"
	"time"

	"seance/internal/seance"
)

// A call is what one call of a mind was charged.
type call struct {
	session  seance.SessionID
	provider string
	day      int64
	tokens   int64
	settled  bool
}

// spendings are the sums of all calls.
type spendings struct {
	bySession map[seance.SessionID]int64
	byDay     map[int64]map[string]int64 // then by provider
}

func (s *spendings) charge(c *call, tokens int64) {
	c.tokens += tokens
	s.bySession[c.session] += tokens
	if s.byDay[c.day] == nil {
		s.byDay[c.day] = make(map[string]int64)
	}
	s.byDay[c.day][c.provider] += tokens
}

// Reserve is described by seance.Ledger.
func (s *Store) Reserve(ctx context.Context, r seance.Reservation) error {
	if !r.Valid() {
		return fmt.Errorf("reservation of %d tokens: %w", r.Tokens, seance.ErrBadRequest)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(ctx); err != nil {
		return err
	}
	if s.calls[r.ID] != nil {
		return nil
	}
	day := seance.DayOf(r.At)
	var today int64
	for tokens := range maps.Values(s.spent.byDay[day]) {
		today += tokens
	}
	for _, limit := range []struct{ cap, spent int64 }{
		{r.SessionCap, s.spent.bySession[r.Session]},
		{r.DayCap, today},
		{r.ProviderCap, s.spent.byDay[day][r.Provider]},
	} {
		if limit.cap != 0 && limit.spent+r.Tokens > limit.cap {
			return fmt.Errorf("%d tokens for %s: %w", r.Tokens, r.Provider, seance.ErrSpent)
		}
	}
	c := &call{session: r.Session, provider: r.Provider, day: day}
	s.calls[r.ID] = c
	s.spent.charge(c, r.Tokens)
	return nil
}

// Settle is described by seance.Ledger.
func (s *Store) Settle(ctx context.Context, id string, tokens int64) error {
	if tokens < 0 || tokens > seance.MaxTokens {
		return fmt.Errorf("call %s took %d tokens: %w", id, tokens, seance.ErrBadRequest)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(ctx); err != nil {
		return err
	}
	c := s.calls[id]
	switch {
	case c == nil:
		return fmt.Errorf("call %s: %w", id, seance.ErrNotFound)
	case !c.settled:
		c.settled = true
		s.spent.charge(c, tokens-c.tokens)
	}
	return nil
}

// Spent is described by seance.Ledger.
func (s *Store) Spent(ctx context.Context, day time.Time) (map[string]int64, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.usable(ctx); err != nil {
		return nil, err
	}
	spent := make(map[string]int64)
	maps.Copy(spent, s.spent.byDay[seance.DayOf(day)])
	return spent, nil
}
