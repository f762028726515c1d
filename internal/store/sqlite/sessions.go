package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"seance/internal/seance"
)

// OpenSession is described by seance.Journal.
func (s *Store) OpenSession(ctx context.Context, session seance.Session) error {
	settings, err := json.Marshal(session.Settings)
	if err != nil {
		return fmt.Errorf("settings of %s: %w", session.ID, err)
	}
	return s.writer.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		done, err := tx.StmtContext(ctx, s.openSession).ExecContext(ctx, session.ID, strings.ToUpper(session.Code),
			session.Name, session.Spirit, session.Locked, session.Passphrase, string(settings), session.Seed,
			session.StartedAt.UnixMicro(), nullMicro(session.EndedAt))
		return changed(done, err, "session %s (%s): %w", session.ID, session.Code, seance.ErrExists)
	})
}

// CloseSession is described by seance.Journal.
func (s *Store) CloseSession(ctx context.Context, id seance.SessionID, at time.Time) error {
	return s.writer.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		done, err := tx.StmtContext(ctx, s.closeSession).ExecContext(ctx, id, at.UnixMicro())
		return changed(done, err, "session %s: %w", id, seance.ErrNotFound)
	})
}

// Amend is described by seance.Journal.
func (s *Store) Amend(ctx context.Context, id seance.SessionID, a seance.Amendment) (seance.Session, error) {
	var settings *string
	if a.Settings != nil {
		encoded, err := json.Marshal(a.Settings)
		if err != nil {
			return seance.Session{}, fmt.Errorf("settings of %s: %w", id, err)
		}
		text := string(encoded)
		settings = &text
	}
	var amended seance.Session
	err := s.writer.write(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		amended, err = scanSession(tx.StmtContext(ctx, s.amend).QueryRowContext(ctx, id, a.Locked, a.Passphrase, settings))
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if _, err := hasEnded(ctx, tx, id); err != nil {
			return err
		}
		return fmt.Errorf("session %s: %w", id, seance.ErrClosed)
	})
	if err != nil {
		return seance.Session{}, err
	}
	return amended, nil
}

// hasEnded says whether a session is over. seance.ErrNotFound.
func hasEnded(ctx context.Context, tx *sql.Tx, id seance.SessionID) (ended bool, err error) {
	err = tx.QueryRowContext(ctx, `SELECT ended_at IS NOT NULL FROM sessions WHERE id = $1`, id).Scan(&ended)
	if errors.Is(err, sql.ErrNoRows) {
		return false, fmt.Errorf("session %s: %w", id, seance.ErrNotFound)
	}
	if err != nil {
		return false, fmt.Errorf("look up session %s: %w", id, err)
	}
	return ended, nil
}

// changed is err, or what is formatted if no row was changed.
func changed(done sql.Result, err error, format string, args ...any) error {
	if err != nil {
		return err
	}
	n, err := done.RowsAffected()
	if err == nil && n == 0 {
		return fmt.Errorf(format, args...)
	}
	return err
}

// Session is described by seance.Journal.
func (s *Store) Session(ctx context.Context, key string) (seance.Session, error) {
	found, err := scanSession(s.session.QueryRowContext(ctx, key, strings.ToUpper(key)))
	if errors.Is(err, sql.ErrNoRows) {
		return seance.Session{}, fmt.Errorf("session %s: %w", key, seance.ErrNotFound)
	}
	if err != nil {
		return seance.Session{}, failed(ctx, err)
	}
	return found, nil
}

// Touch is described by seance.Watch.
func (s *Store) Touch(ctx context.Context, id seance.SessionID, at time.Time) error {
	return s.writer.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.StmtContext(ctx, s.touch).ExecContext(ctx, id, at.UnixMicro())
		return err
	})
}

// Idle is described by seance.Watch.
func (s *Store) Idle(ctx context.Context, since time.Time) iter.Seq2[seance.SessionID, error] {
	return paged("", func(behind seance.SessionID) ([]seance.SessionID, error) {
		return all(ctx, s.idle, scanID, behind, since.UnixMicro(), page)
	})
}

// Pending is described by seance.Journal.
func (s *Store) Pending(ctx context.Context) iter.Seq2[seance.SessionID, error] {
	return paged("", func(behind seance.SessionID) ([]seance.SessionID, error) {
		return all(ctx, s.pending, scanID, behind, page)
	})
}
