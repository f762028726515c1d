package inmem

import (
	"context"
	"fmt"
	"slices"
	"time"

	"seance/internal/seance"
)

// Enrol is described by seance.Register.
func (s *Store) Enrol(ctx context.Context, p seance.Participant) (seance.Participant, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(ctx); err != nil {
		return seance.Participant{}, err
	}
	found, err := s.sitting(p.Session)
	if err != nil {
		return seance.Participant{}, err
	}
	if known, ok := found.person(p.ID); ok {
		return known, nil
	}
	if !found.session.Open() {
		return seance.Participant{}, fmt.Errorf("session %s: %w", p.Session, seance.ErrClosed)
	}
	p.Candle = len(found.people) + 1
	p.JoinedAt = kept(p.JoinedAt)
	p.KickedAt = kept(p.KickedAt)
	found.people = append(found.people, p)
	return p, nil
}

func (s *sitting) person(id seance.ParticipantID) (seance.Participant, bool) {
	for _, p := range s.people {
		if p.ID == id {
			return p, true
		}
	}
	return seance.Participant{}, false
}

// Participant is described by seance.Register.
func (s *Store) Participant(
	ctx context.Context, session seance.SessionID, id seance.ParticipantID,
) (seance.Participant, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.usable(ctx); err != nil {
		return seance.Participant{}, err
	}
	if found, ok := s.sittings[session]; ok {
		if p, ok := found.person(id); ok {
			return p, nil
		}
	}
	return seance.Participant{}, fmt.Errorf("participant %s of %s: %w", id, session, seance.ErrNotFound)
}

// Participants is described by seance.Register.
func (s *Store) Participants(ctx context.Context, session seance.SessionID) ([]seance.Participant, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.usable(ctx); err != nil {
		return nil, err
	}
	found, ok := s.sittings[session]
	if !ok {
		return nil, nil
	}
	return slices.Clone(found.people), nil
}

// Kick is described by seance.Register.
func (s *Store) Kick(ctx context.Context, session seance.SessionID, id seance.ParticipantID, at time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(ctx); err != nil {
		return err
	}
	if found, ok := s.sittings[session]; ok {
		for i := range found.people {
			if p := &found.people[i]; p.ID == id {
				if p.KickedAt.IsZero() {
					p.KickedAt = kept(at)
				}
				return nil
			}
		}
	}
	return fmt.Errorf("participant %s of %s: %w", id, session, seance.ErrNotFound)
}

// Bind is described by seance.Register.
func (s *Store) Bind(ctx context.Context, session seance.SessionID, id seance.ParticipantID, soul string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(ctx); err != nil {
		return err
	}
	if found, ok := s.sittings[session]; ok {
		for i := range found.people {
			if p := &found.people[i]; p.ID == id {
				p.Soul = soul
				return nil
			}
		}
	}
	return fmt.Errorf("participant %s of %s: %w", id, session, seance.ErrNotFound)
}
