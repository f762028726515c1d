package inmem

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"seance/internal/seance"
)

// Append is described by seance.Journal.
func (s *Store) Append(ctx context.Context, m seance.Message) (seance.Message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(ctx); err != nil {
		return seance.Message{}, err
	}
	if m.ID == "" {
		return seance.Message{}, fmt.Errorf("message without an id: %w", seance.ErrBadRequest)
	}
	if at, ok := s.places[m.ID]; ok {
		return s.sittings[at.session].message(at.seq), nil
	}
	found, err := s.sitting(m.Session)
	if err != nil {
		return seance.Message{}, err
	}
	if seq, ok := found.keys[m.Key]; ok && m.Key != "" {
		return found.message(seq), nil
	}
	answers := m.Kind == seance.KindAnswer && m.Refers != 0
	switch {
	case m.Kind == seance.KindEnd && found.end != 0:
		return found.message(found.end), nil
	case answers && found.answers[m.Refers] != 0:
		return seance.Message{}, fmt.Errorf("question %d of %s: %w", m.Refers, m.Session, seance.ErrAnswered)
	case m.Kind != seance.KindEnd && !found.session.Open():
		return seance.Message{}, fmt.Errorf("session %s: %w", m.Session, seance.ErrClosed)
	}

	m.Seq = uint64(len(found.messages)) + 1
	m.At = kept(m.At)
	found.messages = append(found.messages, clone(m))
	s.places[m.ID] = place{m.Session, m.Seq}
	if m.Key != "" {
		found.keys[m.Key] = m.Seq
	}
	if answers {
		found.answers[m.Refers] = m.Seq
	}
	if m.Kind == seance.KindEnd {
		found.end = m.Seq
		found.close(m.At)
	}
	return found.message(m.Seq), nil
}

// message returns the message at seq, which must be there.
func (s *sitting) message(seq uint64) seance.Message { return clone(s.messages[seq-1]) }

// Message is described by seance.Journal.
func (s *Store) Message(ctx context.Context, id seance.SessionID, seq uint64) (seance.Message, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.usable(ctx); err != nil {
		return seance.Message{}, err
	}
	found, err := s.sitting(id)
	if err != nil {
		return seance.Message{}, err
	}
	if seq == 0 || seq > uint64(len(found.messages)) {
		return seance.Message{}, fmt.Errorf("message %d of %s: %w", seq, id, seance.ErrNotFound)
	}
	return found.message(seq), nil
}

// After is described by seance.Journal. No lock is held while the caller works.
func (s *Store) After(ctx context.Context, id seance.SessionID, seq uint64) iter.Seq2[seance.Message, error] {
	return func(yield func(seance.Message, error) bool) {
		for behind := seq; ; behind++ {
			m, ok, err := s.next(ctx, id, behind)
			if err != nil {
				yield(seance.Message{}, err)
				return
			}
			if !ok || !yield(m, nil) {
				return
			}
		}
	}
}

func (s *Store) next(ctx context.Context, id seance.SessionID, behind uint64) (seance.Message, bool, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.usable(ctx); err != nil {
		return seance.Message{}, false, err
	}
	found, ok := s.sittings[id]
	if !ok || behind >= uint64(len(found.messages)) {
		return seance.Message{}, false, nil
	}
	return found.message(behind + 1), true, nil
}

// LastSeq is described by seance.Journal.
func (s *Store) LastSeq(ctx context.Context, id seance.SessionID) (uint64, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.usable(ctx); err != nil {
		return 0, err
	}
	found, err := s.sitting(id)
	if err != nil {
		return 0, err
	}
	return uint64(len(found.messages)), nil
}

// Unanswered is described by seance.Journal.
func (s *Store) Unanswered(ctx context.Context, id seance.SessionID) ([]seance.Message, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.usable(ctx); err != nil {
		return nil, err
	}
	found, ok := s.sittings[id]
	if !ok {
		return nil, nil
	}
	var open []seance.Message
	for _, m := range found.messages {
		if found.waits(m) {
			open = append(open, clone(m))
		}
	}
	return open, nil
}

// Pending is described by seance.Journal.
func (s *Store) Pending(ctx context.Context) iter.Seq2[seance.SessionID, error] {
	return s.open(ctx, func(open *sitting) bool { return slices.ContainsFunc(open.messages, open.waits) })
}

// waits says whether m is a question without an answer.
func (s *sitting) waits(m seance.Message) bool {
	return m.Kind == seance.KindQuestion && s.answers[m.Seq] == 0
}

// clone copies what m points to, so that what is kept is never changed from outside.
func clone(m seance.Message) seance.Message {
	if m.Score != nil {
		score := *m.Score
		score.Stops = slices.Clone(score.Stops)
		m.Score = &score
	}
	return m
}
