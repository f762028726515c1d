package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"seance/internal/seance"
)

// Enrol is described by seance.Register.
func (s *Store) Enrol(ctx context.Context, p seance.Participant) (seance.Participant, error) {
	var stored seance.Participant
	err := s.writer.write(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		stored, err = s.enrolIn(ctx, tx, p)
		return err
	})
	if err != nil {
		return seance.Participant{}, err
	}
	return stored, nil
}

func (s *Store) enrolIn(ctx context.Context, tx *sql.Tx, p seance.Participant) (seance.Participant, error) {
	err := tx.StmtContext(ctx, s.enrol).QueryRowContext(ctx, p.Session, p.ID, p.Name, p.Role, p.JoinedAt.UnixMicro(),
		nullMicro(p.KickedAt), p.Soul).Scan(&p.Candle)
	if errors.Is(err, sql.ErrNoRows) {
		return known(ctx, tx, p)
	}
	if err != nil {
		return seance.Participant{}, fmt.Errorf("enrol %s: %w", p.ID, err)
	}
	if _, err := tx.StmtContext(ctx, s.light).ExecContext(ctx, p.Session); err != nil {
		return seance.Participant{}, fmt.Errorf("light a candle in %s: %w", p.Session, err)
	}
	p.JoinedAt, p.KickedAt = kept(p.JoinedAt), kept(p.KickedAt)
	return p, nil
}

// known tells what kept p out: being enrolled already is its outcome, anything else a refusal.
func known(ctx context.Context, tx *sql.Tx, p seance.Participant) (seance.Participant, error) {
	stored, err := scanPerson(tx.QueryRowContext(ctx,
		`SELECT `+personColumns+` FROM participants WHERE session = $1 AND id = $2`, p.Session, p.ID))
	if !errors.Is(err, sql.ErrNoRows) {
		return stored, err
	}
	ended, err := hasEnded(ctx, tx, p.Session)
	switch {
	case err != nil:
		return seance.Participant{}, err
	case ended:
		return seance.Participant{}, fmt.Errorf("session %s: %w", p.Session, seance.ErrClosed)
	default:
		return seance.Participant{}, fmt.Errorf("%s has no candle in %s: its last candle is wrong", p.ID, p.Session)
	}
}

// Participant is described by seance.Register.
func (s *Store) Participant(
	ctx context.Context, session seance.SessionID, id seance.ParticipantID,
) (seance.Participant, error) {
	found, err := scanPerson(s.person.QueryRowContext(ctx, session, id))
	if errors.Is(err, sql.ErrNoRows) {
		return seance.Participant{}, fmt.Errorf("participant %s of %s: %w", id, session, seance.ErrNotFound)
	}
	if err != nil {
		return seance.Participant{}, failed(ctx, err)
	}
	return found, nil
}

// Participants is described by seance.Register.
func (s *Store) Participants(ctx context.Context, session seance.SessionID) ([]seance.Participant, error) {
	return all(ctx, s.participants, scanPerson, session)
}

// Kick is described by seance.Register.
func (s *Store) Kick(ctx context.Context, session seance.SessionID, id seance.ParticipantID, at time.Time) error {
	return s.writer.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		done, err := tx.StmtContext(ctx, s.kick).ExecContext(ctx, session, id, at.UnixMicro())
		return changed(done, err, "participant %s of %s: %w", id, session, seance.ErrNotFound)
	})
}

// Bind is described by seance.Register.
func (s *Store) Bind(ctx context.Context, session seance.SessionID, id seance.ParticipantID, soul string) error {
	return s.writer.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `UPDATE participants SET soul = $3 WHERE session = $1 AND id = $2`, session, id, soul)
		if err := changed(done, err, "participant %s of %s: %w", id, session, seance.ErrNotFound); err != nil {
			return err
		}
		for _, theirs := range []string{
			`UPDATE visits SET person = $3 WHERE session = $1 AND person = $2`,
			`UPDATE omens SET participant = $3 WHERE session = $1 AND participant = $2`,
			`UPDATE found SET participant = $3 WHERE session = $1 AND participant = $2`,
		} {
			if _, err := tx.ExecContext(ctx, theirs, session, id, soul); err != nil {
				return err
			}
		}
		return nil
	})
}
