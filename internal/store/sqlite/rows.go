package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"seance/internal/seance"
)

// scanner is a row, or the row that a set of rows stands at.
type scanner interface{ Scan(to ...any) error }

func scanSession(row scanner) (seance.Session, error) {
	var s seance.Session
	var settings []byte
	var started int64
	var ended sql.NullInt64
	err := row.Scan(&s.ID, &s.Code, &s.Name, &s.Spirit, &s.Locked, &s.Passphrase, &settings, &s.Seed, &started, &ended)
	if err != nil {
		return seance.Session{}, err
	}
	if err := json.Unmarshal(settings, &s.Settings); err != nil {
		return seance.Session{}, fmt.Errorf("settings of %s: %w", s.ID, err)
	}
	s.StartedAt, s.EndedAt = fromMicro(started), fromNullMicro(ended)
	return s, nil
}

func scanMessage(row scanner) (seance.Message, error) {
	var m seance.Message
	var at, refers int64
	var score []byte
	err := row.Scan(&m.ID, &m.Session, &m.Seq, &m.Kind, &at, &m.Key, &m.Participant, &m.Text, &m.Position, &m.Context,
		&m.Direction, &refers, &m.Board, &score, &m.Source, &m.Erased)
	if err != nil {
		return seance.Message{}, err
	}
	m.At, m.Refers = fromMicro(at), uint64(refers)
	if score != nil {
		if err := json.Unmarshal(score, &m.Score); err != nil {
			return seance.Message{}, fmt.Errorf("score of message %d of %s: %w", m.Seq, m.Session, err)
		}
	}
	return m, nil
}

func scanPerson(row scanner) (seance.Participant, error) {
	var p seance.Participant
	var joined int64
	var kicked sql.NullInt64
	if err := row.Scan(&p.Session, &p.ID, &p.Name, &p.Role, &p.Candle, &joined, &kicked, &p.Soul); err != nil {
		return seance.Participant{}, err
	}
	p.JoinedAt, p.KickedAt = fromMicro(joined), fromNullMicro(kicked)
	return p, nil
}

func scanRating(row scanner) (seance.Rating, error) {
	var r seance.Rating
	var at int64
	if err := row.Scan(&r.Session, &r.Seq, &r.Participant, &r.Value, &at); err != nil {
		return seance.Rating{}, err
	}
	r.At = fromMicro(at)
	return r, nil
}

func scanID(row scanner) (id seance.SessionID, err error) {
	err = row.Scan(&id)
	return id, err
}

// all reads every row of a query.
func all[T any](ctx context.Context, query *sql.Stmt, scan func(scanner) (T, error), args ...any) (_ []T, err error) {
	rows, err := query.QueryContext(ctx, args...)
	if err != nil {
		return nil, failed(ctx, err)
	}
	return collect(ctx, rows, scan)
}

// collect reads rows to their end and closes them.
func collect[T any](ctx context.Context, rows *sql.Rows, scan func(scanner) (T, error)) ([]T, error) {
	defer rows.Close()
	var found []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, failed(ctx, err)
		}
		found = append(found, one)
	}
	if err := rows.Err(); err != nil {
		return nil, failed(ctx, err)
	}
	return found, nil
}

// paged yields page after page. next reads at most a page of what comes behind the given one.
func paged[T any](from T, next func(behind T) ([]T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for behind := from; ; {
			found, err := next(behind)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, one := range found {
				if !yield(one, nil) {
					return
				}
				behind = one
			}
			if len(found) < page {
				return
			}
		}
	}
}

func fromMicro(t int64) time.Time { return time.UnixMicro(t).UTC() }

func fromNullMicro(t sql.NullInt64) time.Time {
	if !t.Valid {
		return time.Time{}
	}
	return fromMicro(t.Int64)
}

// nullMicro is a time as it is kept, or NULL for the zero time.
func nullMicro(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixMicro(), Valid: !t.IsZero()}
}

// kept is a time as it will be read again.
func kept(t time.Time) time.Time { return fromMicro(t.UnixMicro()) }
