package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"

	"seance/internal/seance"
)

// Append is described by seance.Journal.
func (s *Store) Append(ctx context.Context, m seance.Message) (seance.Message, error) {
	if m.ID == "" {
		return seance.Message{}, fmt.Errorf("message without an id: %w", seance.ErrBadRequest)
	}
	var score sql.NullString
	if m.Score != nil {
		encoded, err := json.Marshal(m.Score)
		if err != nil {
			return seance.Message{}, fmt.Errorf("score of message %s: %w", m.ID, err)
		}
		score = sql.NullString{String: string(encoded), Valid: true}
	}
	var stored seance.Message
	err := s.writer.write(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		stored, err = s.append(ctx, tx, m, score)
		return err
	})
	if err != nil {
		return seance.Message{}, err
	}
	return stored, nil
}

func (s *Store) append(
	ctx context.Context, tx *sql.Tx, m seance.Message, score sql.NullString,
) (seance.Message, error) {
	err := tx.StmtContext(ctx, s.appendMessage).QueryRowContext(ctx, m.Session, m.ID, m.Kind, m.At.UnixMicro(),
		sql.NullString{String: m.Key, Valid: m.Key != ""}, m.Participant, m.Text, m.Position, m.Context,
		m.Direction, int64(m.Refers), answers(m), m.Board, score, m.Source, m.Erased).Scan(&m.Seq)
	if errors.Is(err, sql.ErrNoRows) {
		return s.standing(ctx, tx, m)
	}
	if err != nil {
		return seance.Message{}, fmt.Errorf("keep message %s: %w", m.ID, err)
	}
	if m.Kind == seance.KindEnd {
		_, err = tx.StmtContext(ctx, s.advanceEnd).ExecContext(ctx, m.Session, m.At.UnixMicro())
	} else {
		_, err = tx.StmtContext(ctx, s.advance).ExecContext(ctx, m.Session)
	}
	if err != nil {
		return seance.Message{}, fmt.Errorf("advance %s: %w", m.Session, err)
	}
	m.At = kept(m.At)
	return m, nil
}

// answers is the Seq of the question that m answers, or NULL.
func answers(m seance.Message) sql.NullInt64 {
	return sql.NullInt64{Int64: int64(m.Refers), Valid: m.Kind == seance.KindAnswer && m.Refers != 0}
}

// standing tells what kept m out: the message that it repeats is its outcome, anything else a refusal.
func (s *Store) standing(ctx context.Context, tx *sql.Tx, m seance.Message) (seance.Message, error) {
	repeats := []struct {
		where string
		args  []any
	}{
		{`id = $1`, []any{m.ID}},
		{`session = $1 AND client_key = $2`, []any{m.Session, m.Key}},
		{`session = $1 AND kind = 'end' AND kind = $2`, []any{m.Session, m.Kind}},
	}
	for _, by := range repeats {
		stored, err := scanMessage(tx.QueryRowContext(ctx, `SELECT `+messageColumns+` FROM messages WHERE `+by.where,
			by.args...))
		if !errors.Is(err, sql.ErrNoRows) {
			return stored, err
		}
	}

	var ended, answered bool
	err := tx.QueryRowContext(ctx, `SELECT ended_at IS NOT NULL,
			EXISTS (SELECT 1 FROM messages WHERE session = sessions.id AND (answers_seq = $2 OR seq = $3 AND erased))
		FROM sessions WHERE id = $1`, m.Session, answers(m), int64(m.Refers)).Scan(&ended, &answered)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return seance.Message{}, fmt.Errorf("session %s: %w", m.Session, seance.ErrNotFound)
	case err != nil:
		return seance.Message{}, fmt.Errorf("look up session %s: %w", m.Session, err)
	case answered:
		return seance.Message{}, fmt.Errorf("question %d of %s: %w", m.Refers, m.Session, seance.ErrAnswered)
	case ended:
		return seance.Message{}, fmt.Errorf("session %s: %w", m.Session, seance.ErrClosed)
	default:
		return seance.Message{}, fmt.Errorf("message %s has no place in %s: its last seq is wrong", m.ID, m.Session)
	}
}

// Message is described by seance.Journal.
func (s *Store) Message(ctx context.Context, id seance.SessionID, seq uint64) (seance.Message, error) {
	found, err := scanMessage(s.message.QueryRowContext(ctx, id, within(seq)))
	if errors.Is(err, sql.ErrNoRows) {
		return seance.Message{}, fmt.Errorf("message %d of %s: %w", seq, id, seance.ErrNotFound)
	}
	if err != nil {
		return seance.Message{}, failed(ctx, err)
	}
	return found, nil
}

// After is described by seance.Journal.
func (s *Store) After(ctx context.Context, id seance.SessionID, seq uint64) iter.Seq2[seance.Message, error] {
	return paged(seance.Message{Seq: seq}, func(behind seance.Message) ([]seance.Message, error) {
		return all(ctx, s.after, scanMessage, id, within(behind.Seq), page)
	})
}

// within is seq as SQLite can hold it. What lies beyond is as far from every message.
func within(seq uint64) int64 { return int64(min(seq, math.MaxInt64)) }

// LastSeq is described by seance.Journal.
func (s *Store) LastSeq(ctx context.Context, id seance.SessionID) (seq uint64, err error) {
	err = s.lastSeq.QueryRowContext(ctx, id).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("session %s: %w", id, seance.ErrNotFound)
	}
	if err != nil {
		return 0, failed(ctx, err)
	}
	return seq, nil
}

// Unanswered is described by seance.Journal.
func (s *Store) Unanswered(ctx context.Context, id seance.SessionID) ([]seance.Message, error) {
	return all(ctx, s.unanswered, scanMessage, id)
}
