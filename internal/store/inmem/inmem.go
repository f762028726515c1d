// Package inmem keeps a seance.Store in memory: everything that the contract promises except that it outlives the
// process. Tests run on it, and it passes the same suite as the stores on disk.
package inmem

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"seance/internal/seance"
)

// A Store is a seance.Store in memory.
type Store struct {
	mu       sync.RWMutex
	closed   bool
	sittings map[seance.SessionID]*sitting
	codes    map[string]seance.SessionID
	places   map[seance.MessageID]place
	calls    map[string]*call
	spent    spendings
}

// A sitting is a session with all that hangs on it.
type sitting struct {
	session  seance.Session
	touched  time.Time
	messages []seance.Message // the one with Seq n is at n-1
	keys     map[string]uint64
	answers  map[uint64]uint64 // from a question's Seq to its answer's
	end      uint64            // Seq of the message that ended it, 0 if none did
	people   []seance.Participant
	ratings  map[opinion]seance.Rating
}

type place struct {
	session seance.SessionID
	seq     uint64
}

// An opinion is of one participant about one answer.
type opinion struct {
	seq         uint64
	participant seance.ParticipantID
}

var _ seance.Store = (*Store)(nil)

// New returns an empty store.
func New() *Store {
	return &Store{
		sittings: make(map[seance.SessionID]*sitting),
		codes:    make(map[string]seance.SessionID),
		places:   make(map[seance.MessageID]place),
		calls:    make(map[string]*call),
		spent:    spendings{bySession: make(map[seance.SessionID]int64), byDay: make(map[int64]map[string]int64)},
	}
}

// Close ends the store. Closing again changes nothing.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return nil
}

// usable says whether a call may go on. The caller holds mu.
func (s *Store) usable(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.closed {
		return fmt.Errorf("the store is closed: %w", seance.ErrUnavailable)
	}
	return nil
}

// sitting finds what hangs on a session. The caller holds mu.
func (s *Store) sitting(id seance.SessionID) (*sitting, error) {
	found, ok := s.sittings[id]
	if !ok {
		return nil, fmt.Errorf("session %s: %w", id, seance.ErrNotFound)
	}
	return found, nil
}

// OpenSession is described by seance.Journal.
func (s *Store) OpenSession(ctx context.Context, session seance.Session) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(ctx); err != nil {
		return err
	}
	session.Code = strings.ToUpper(session.Code)
	session.StartedAt = kept(session.StartedAt)
	session.EndedAt = kept(session.EndedAt)
	_, byID := s.sittings[session.ID]
	_, byCode := s.codes[session.Code]
	if byID || byCode {
		return fmt.Errorf("session %s (%s): %w", session.ID, session.Code, seance.ErrExists)
	}
	s.sittings[session.ID] = &sitting{
		session: session,
		touched: session.StartedAt,
		keys:    make(map[string]uint64),
		answers: make(map[uint64]uint64),
		ratings: make(map[opinion]seance.Rating),
	}
	s.codes[session.Code] = session.ID
	return nil
}

// CloseSession is described by seance.Journal.
func (s *Store) CloseSession(ctx context.Context, id seance.SessionID, at time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(ctx); err != nil {
		return err
	}
	found, err := s.sitting(id)
	if err != nil {
		return err
	}
	found.close(at)
	return nil
}

func (s *sitting) close(at time.Time) {
	if s.session.Open() {
		s.session.EndedAt = kept(at)
	}
}

// Amend is described by seance.Journal.
func (s *Store) Amend(ctx context.Context, id seance.SessionID, a seance.Amendment) (seance.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(ctx); err != nil {
		return seance.Session{}, err
	}
	found, err := s.sitting(id)
	if err != nil {
		return seance.Session{}, err
	}
	if !found.session.Open() {
		return seance.Session{}, fmt.Errorf("session %s: %w", id, seance.ErrClosed)
	}
	found.session = a.Of(found.session)
	return found.session, nil
}

// Session is described by seance.Journal.
func (s *Store) Session(ctx context.Context, key string) (seance.Session, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.usable(ctx); err != nil {
		return seance.Session{}, err
	}
	id := seance.SessionID(key)
	if byCode, ok := s.codes[strings.ToUpper(key)]; ok {
		id = byCode
	}
	found, err := s.sitting(id)
	if err != nil {
		return seance.Session{}, err
	}
	return found.session, nil
}

// Touch is described by seance.Watch.
func (s *Store) Touch(ctx context.Context, id seance.SessionID, at time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(ctx); err != nil {
		return err
	}
	if found, ok := s.sittings[id]; ok && kept(at).After(found.touched) {
		found.touched = kept(at)
	}
	return nil
}

// Idle is described by seance.Watch.
func (s *Store) Idle(ctx context.Context, since time.Time) iter.Seq2[seance.SessionID, error] {
	return s.open(ctx, func(open *sitting) bool { return open.touched.Before(kept(since)) })
}

// open yields the open sessions for which want holds, by id. No lock is held while the caller works.
func (s *Store) open(ctx context.Context, want func(*sitting) bool) iter.Seq2[seance.SessionID, error] {
	return func(yield func(seance.SessionID, error) bool) {
		ids, err := s.matching(ctx, want)
		if err != nil {
			yield("", err)
			return
		}
		for _, id := range ids {
			if !yield(id, nil) {
				return
			}
		}
	}
}

func (s *Store) matching(ctx context.Context, want func(*sitting) bool) ([]seance.SessionID, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.usable(ctx); err != nil {
		return nil, err
	}
	var ids []seance.SessionID
	for _, id := range slices.Sorted(maps.Keys(s.sittings)) {
		if open := s.sittings[id]; open.session.Open() && want(open) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// kept is a time as it is kept: to the microsecond, in UTC.
func kept(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
