package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"seance/internal/seance"
)

// errDry rolls a transaction back that was only to be counted.
var errDry = errors.New("only counted")

// Forget is described by seance.Memory.
func (s *Store) Forget(ctx context.Context, ids []string, dry bool) (seance.Forgotten, error) {
	return s.forgetting(ctx, dry, func(ctx context.Context, f *forgetter) error {
		for _, id := range ids {
			if err := f.turn(ctx, id); err != nil {
				return err
			}
			if err := f.fact(ctx, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// ForgetPerson is described by seance.People.
func (s *Store) ForgetPerson(ctx context.Context, id string, dry bool) (seance.Forgotten, error) {
	return s.forgetting(ctx, dry, func(ctx context.Context, f *forgetter) error { return f.person(ctx, id) })
}

// forgetting runs do in a transaction of its own kind: it is undone if dry, and otherwise what it took away is
// overwritten in the files, too.
func (s *Store) forgetting(
	ctx context.Context, dry bool, do func(context.Context, *forgetter) error,
) (seance.Forgotten, error) {
	if err := s.catchUp(ctx); err != nil { // so that what is found by its words is forgotten with them
		return seance.Forgotten{}, err
	}
	f := &forgetter{}
	err := s.writer.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		*f = forgetter{tx: tx, at: time.Now().UnixMicro()}
		if _, err := tx.ExecContext(ctx, `SAVEPOINT forgetting`); err != nil {
			return err
		}
		err := do(ctx, f)
		if err == nil && dry {
			err = errDry
		}
		if err != nil {
			if _, undo := tx.ExecContext(ctx, `ROLLBACK TO forgetting`); undo != nil {
				return undo
			}
		}
		if _, release := tx.ExecContext(ctx, `RELEASE forgetting`); release != nil {
			return release
		}
		if errors.Is(err, errDry) {
			return nil
		}
		return err
	})
	if err != nil || dry {
		return f.Forgotten, err
	}
	if f.Forgotten != (seance.Forgotten{}) {
		s.stained.Store(true)
	}
	if !s.stained.Load() {
		return f.Forgotten, nil
	}
	if err = s.scrub(ctx); err == nil {
		s.stained.Store(false)
	}
	return f.Forgotten, err
}

// scrub rewrites the index of words without what was taken out of it, and empties the write-ahead log, which holds the
// pages as they were.
func (s *Store) scrub(ctx context.Context) error {
	err := s.writer.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO words (words) VALUES ('optimize')`)
		return err
	})
	if err != nil {
		return err
	}
	return s.writer.alone(ctx, func(ctx context.Context, db *sql.DB) error {
		var busy, logged, moved int
		if err := db.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &logged, &moved); err != nil {
			return err
		}
		if busy != 0 {
			return fmt.Errorf("somebody reads for long, the log is emptied later: %w", seance.ErrUnavailable)
		}
		return nil
	})
}

// A forgetter takes things away within one transaction, and counts them.
type forgetter struct {
	seance.Forgotten
	tx *sql.Tx
	at int64
}

func (f *forgetter) exec(ctx context.Context, n *int, query string, args ...any) error {
	return count(n)(f.tx.ExecContext(ctx, query, args...))
}

// unfind takes something out of the index of words.
func (f *forgetter) unfind(ctx context.Context, ref string) error {
	return f.exec(ctx, nil, `DELETE FROM found WHERE ref = $1`, ref)
}

// turn blanks a message, an answer with its whisper, or deletes an omen or note. What was noted of it for somebody goes
// with it.
func (f *forgetter) turn(ctx context.Context, id string) error {
	err := f.exec(ctx, &f.Notes, `DELETE FROM notes WHERE id = $1 OR id IN (SELECT q.id FROM messages a
		JOIN messages q ON q.session = a.session AND q.seq = a.refers WHERE a.id = $1 AND a.kind = 'answer')`, id)
	if err != nil {
		return err
	}
	var session seance.SessionID
	var seq int64
	var kind seance.Kind
	var erased bool
	err = f.tx.QueryRowContext(ctx, `SELECT session, seq, kind, erased FROM messages WHERE id = $1
		AND kind IN ('question', 'answer', 'whisper')`, id).Scan(&session, &seq, &kind, &erased)
	if errors.Is(err, sql.ErrNoRows) {
		if err := f.unfind(ctx, id); err != nil {
			return err
		}
		return f.exec(ctx, &f.Turns, `DELETE FROM omens WHERE id = $1`, id)
	}
	if err != nil || erased {
		return err
	}
	if err := f.exec(ctx, &f.Messages, `UPDATE messages SET erased = 1, erased_at = $2, client_key = NULL, participant = '',
		text = '', context = '', direction = '', board = '', score = NULL WHERE id = $1`, id, f.at); err != nil {
		return err
	}
	if err := f.unfind(ctx, id); err != nil {
		return err
	}
	facts, err := list(ctx, f.tx, scanText, `SELECT id FROM facts WHERE source = $1`, id)
	if err != nil {
		return err
	}
	for _, fact := range facts {
		if err := f.fact(ctx, fact); err != nil {
			return err
		}
	}
	if err := f.logged(ctx, id); err != nil {
		return err
	}
	if kind != seance.KindAnswer {
		return nil
	}
	var whisper string
	err = f.tx.QueryRowContext(ctx, `SELECT id FROM messages WHERE session = $1 AND refers = $2 AND kind = 'whisper'`,
		session, seq).Scan(&whisper)
	if err == nil {
		err = f.turn(ctx, whisper)
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return f.exec(ctx, &f.Ratings, `DELETE FROM ratings WHERE session = $1 AND seq = $2`, session, seq)
}

// logged deletes what was logged and scored of a turn.
func (f *forgetter) logged(ctx context.Context, turn string) error {
	if err := f.exec(ctx, &f.Scores, `DELETE FROM scores WHERE response IN (SELECT id FROM responses WHERE turn = $1)`,
		turn); err != nil {
		return err
	}
	return f.exec(ctx, &f.Responses, `DELETE FROM responses WHERE turn = $1`, turn)
}

func (f *forgetter) fact(ctx context.Context, id string) error {
	if err := f.unfind(ctx, id); err != nil {
		return err
	}
	return f.exec(ctx, &f.Facts, `DELETE FROM facts WHERE id = $1`, id)
}

// person erases somebody everywhere.
func (f *forgetter) person(ctx context.Context, id string) error {
	type seat struct {
		session seance.SessionID
		id      seance.ParticipantID
		name    string
	}
	seats, err := list(ctx, f.tx, func(r scanner) (s seat, err error) {
		err = r.Scan(&s.session, &s.id, &s.name)
		return s, err
	}, `SELECT session, id, name FROM participants WHERE soul = $1 OR id = $1`, id)
	if err != nil {
		return err
	}
	var known bool
	if err := f.tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM people WHERE id = $1)
		OR EXISTS (SELECT 1 FROM visits WHERE person = $1) OR EXISTS (SELECT 1 FROM omens WHERE participant = $1)`, id).
		Scan(&known); err != nil {
		return err
	}
	if !known && len(seats) == 0 {
		return fmt.Errorf("person %s: %w", id, seance.ErrNotFound)
	}
	names := []string{}
	err = f.tx.QueryRowContext(ctx, `SELECT name FROM people WHERE id = $1 AND name <> ''`, id).Scan(named(&names))
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	sessions := map[seance.SessionID][]string{} // where they sat, and what they were called there
	for _, s := range seats {
		sessions[s.session] = append(slices.Clone(names), s.name)
		if err := f.said(ctx, s.session, s.id); err != nil {
			return err
		}
		if err := f.exec(ctx, &f.Names, `UPDATE participants SET name = '', soul = '', erased_at = $3
			WHERE session = $1 AND id = $2 AND (name <> '' OR soul <> '')`, s.session, s.id, f.at); err != nil {
			return err
		}
		if err := f.exec(ctx, &f.Ratings, `DELETE FROM ratings WHERE session = $1 AND participant = $2`, s.session, s.id); err != nil {
			return err
		}
		if err := f.traces(ctx, string(s.id)); err != nil {
			return err
		}
	}
	for session, names := range sessions {
		if err := f.mentions(ctx, session, names); err != nil {
			return err
		}
	}
	if err := f.omensOf(ctx, id); err != nil {
		return err
	}
	if err := f.traces(ctx, id); err != nil {
		return err
	}
	if err := f.exec(ctx, &f.Notes, `DELETE FROM notes WHERE person = $1`, id); err != nil {
		return err
	}
	return f.exec(ctx, &f.Names, `DELETE FROM people WHERE id = $1`, id)
}

// traces deletes what else carries somebody's id.
func (f *forgetter) traces(ctx context.Context, id string) error {
	for _, step := range []struct {
		n     *int
		query string
	}{
		{&f.Scores, `DELETE FROM scores WHERE rater = $1`},
		{&f.Visits, `DELETE FROM visits WHERE person = $1`},
		{nil, `UPDATE found SET participant = '' WHERE participant = $1`},
	} {
		if err := f.exec(ctx, step.n, step.query, id); err != nil {
			return err
		}
	}
	return nil
}

// named collects a name into a list.
func named(names *[]string) sql.Scanner { return (*nameList)(names) }

type nameList []string

// Scan takes one name.
func (l *nameList) Scan(value any) error {
	if name, ok := value.(string); ok {
		*l = append(*l, name)
	}
	return nil
}

// said erases what somebody asked in a session, and what was answered to it.
func (f *forgetter) said(ctx context.Context, session seance.SessionID, who seance.ParticipantID) error {
	ids, err := list(ctx, f.tx, scanText, `SELECT id FROM messages WHERE session = $1 AND participant = $2
		UNION ALL SELECT a.id FROM messages q JOIN messages a ON a.session = q.session AND a.answers_seq = q.seq
			WHERE q.session = $1 AND q.participant = $2`, session, who)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := errors.Join(f.turn(ctx, id), f.logged(ctx, id)); err != nil {
			return err
		}
	}
	return f.omensOf(ctx, string(who))
}

func scanText(row scanner) (text string, err error) {
	err = row.Scan(&text)
	return text, err
}

// omensOf deletes the omens and notes that somebody spoke.
func (f *forgetter) omensOf(ctx context.Context, id string) error {
	ids, err := list(ctx, f.tx, scanText, `SELECT id FROM omens WHERE participant = $1`, id)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := f.turn(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// mentions erases whatever in a session has one of the names in it, as whole words.
func (f *forgetter) mentions(ctx context.Context, session seance.SessionID, names []string) error {
	type text struct{ id, text string }
	said, err := list(ctx, f.tx, func(r scanner) (t text, err error) {
		err = r.Scan(&t.id, &t.text)
		return t, err
	}, `SELECT id, text || ' ' || board || ' ' || context || ' ' || direction FROM messages WHERE session = $1 AND NOT erased
		UNION ALL SELECT id, text FROM omens WHERE session = $1
		UNION ALL SELECT id, text FROM facts WHERE session = $1
		UNION ALL SELECT id, text FROM notes WHERE session = $1
		UNION ALL SELECT 'recap ' || version, text FROM recaps WHERE session = $1`, session)
	if err != nil {
		return err
	}
	for _, t := range said {
		if !slices.ContainsFunc(names, func(name string) bool { return mentioned(t.text, name) }) {
			continue
		}
		var version int
		if n, _ := fmt.Sscanf(t.id, "recap %d", &version); n == 1 {
			err = f.exec(ctx, &f.Recaps, `DELETE FROM recaps WHERE session = $1 AND version = $2`, session, version)
		} else {
			err = errors.Join(f.whole(ctx, t.id), f.fact(ctx, t.id))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// whole erases a turn by the id of any of its messages: a whisper that must go takes its answer along.
func (f *forgetter) whole(ctx context.Context, id string) error {
	var answer string
	err := f.tx.QueryRowContext(ctx, `SELECT a.id FROM messages w JOIN messages a ON a.session = w.session AND a.seq = w.refers
		WHERE w.id = $1 AND w.kind = 'whisper'`, id).Scan(&answer)
	if err == nil {
		id = answer
	} else if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return f.turn(ctx, id)
}

// Erased is described by seance.Memory.
func (s *Store) Erased(ctx context.Context, since time.Time) ([]seance.Erasure, error) {
	return list(ctx, s.read, func(r scanner) (e seance.Erasure, err error) {
		var at int64
		err = r.Scan(&e.Session, &e.Seq, &e.Participant, &at)
		e.At = fromMicro(at)
		return e, err
	}, `SELECT session, seq, '', erased_at AS at FROM messages WHERE erased_at > $1
		UNION ALL SELECT session, 0, id, erased_at FROM participants WHERE erased_at > $1
		ORDER BY at, session, 2`, since.UnixMicro())
}

// Asked is described by seance.Memory.
func (s *Store) Asked(ctx context.Context, person string, p seance.Page) ([]seance.Exchange, string, error) {
	return byTime(ctx, s.read, p, true, func(r scanner) (e seance.Exchange, err error) {
		var at int64
		err = r.Scan(&e.ID, &e.Session, &e.Text, &e.Board, &at)
		e.At = fromMicro(at)
		return e, err
	}, func(e seance.Exchange) (time.Time, string) { return e.At, e.ID },
		`SELECT id, session, text, board, at FROM (
			SELECT q.id, q.session, q.text, coalesce(a.board, '') AS board, q.at
			FROM participants p JOIN messages q ON q.session = p.session AND q.kind = 'question' AND q.participant = p.id
				LEFT JOIN messages a ON a.session = q.session AND a.answers_seq = q.seq
			WHERE (p.soul = $1 OR p.id = $1) AND NOT q.erased) WHERE true`, person)
}
