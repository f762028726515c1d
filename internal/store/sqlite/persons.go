package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"seance/internal/seance"
)

const (
	soulColumns  = `id, name, locale, consent, secret, created_at, seen_at`
	noteColumns  = `id, person, session, text, at`
	visitColumns = `id, person, session, leaves, at`
)

func scanSoul(row scanner) (seance.Person, error) {
	var p seance.Person
	var created, seen int64
	err := row.Scan(&p.ID, &p.Name, &p.Locale, &p.Consent, &p.Secret, &created, &seen)
	p.CreatedAt, p.SeenAt = fromMicro(created), fromMicro(seen)
	return p, err
}

func scanNote(row scanner) (seance.Note, error) {
	var n seance.Note
	var at int64
	err := row.Scan(&n.ID, &n.Person, &n.Session, &n.Text, &at)
	n.At = fromMicro(at)
	return n, err
}

func scanVisit(row scanner) (seance.Visit, error) {
	var v seance.Visit
	var at int64
	err := row.Scan(&v.ID, &v.Person, &v.Session, &v.Leaves, &at)
	v.At = fromMicro(at)
	return v, err
}

// fold is a name as it is looked for: without case and accents.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.M, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(strings.ToLower(name)))
}

// Remember is described by seance.People.
func (s *Store) Remember(ctx context.Context, p seance.Person) (kept seance.Person, created bool, err error) {
	err = s.writer.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var there bool
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM people WHERE id = $1)`, p.ID).Scan(&there); err != nil {
			return err
		}
		created = !there
		if !p.Consent {
			p.Name, p.Locale = "", ""
			if _, err := tx.ExecContext(ctx, `DELETE FROM notes WHERE person = $1`, p.ID); err != nil {
				return err
			}
		}
		kept, err = scanSoul(tx.QueryRowContext(ctx, `INSERT INTO people (`+soulColumns+`, folded)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, folded = excluded.folded, locale = excluded.locale,
				consent = excluded.consent, seen_at = max(seen_at, excluded.seen_at),
				secret = CASE WHEN excluded.secret <> '' THEN excluded.secret ELSE secret END
			RETURNING `+soulColumns,
			p.ID, p.Name, p.Locale, p.Consent, p.Secret, p.CreatedAt.UnixMicro(), p.SeenAt.UnixMicro(), fold(p.Name)))
		return err
	})
	return kept, created, err
}

// Person is described by seance.People.
func (s *Store) Person(ctx context.Context, id string) (seance.Person, error) {
	return s.soulBy(ctx, `id = $1`, id)
}

// Soul is described by seance.People.
func (s *Store) Soul(ctx context.Context, secret string) (seance.Person, error) {
	return s.soulBy(ctx, `secret = $1 AND secret <> ''`, secret)
}

func (s *Store) soulBy(ctx context.Context, where, value string) (seance.Person, error) {
	p, err := scanSoul(s.read.QueryRowContext(ctx, `SELECT `+soulColumns+` FROM people WHERE `+where, value))
	if errors.Is(err, sql.ErrNoRows) {
		return seance.Person{}, fmt.Errorf("person: %w", seance.ErrNotFound)
	}
	return p, readFailed(ctx, err)
}

// Persons is described by seance.People.
func (s *Store) Persons(ctx context.Context, q seance.PersonQuery) ([]seance.Person, string, error) {
	since := int64(0)
	if !q.Since.IsZero() {
		since = q.Since.UnixMicro()
	}
	return byColumn(ctx, s.read, q.Page, true, "seen_at", scanSoul,
		func(p seance.Person) (time.Time, string) { return p.SeenAt, p.ID },
		`SELECT `+soulColumns+` FROM people WHERE seen_at >= $1 AND instr(folded, $2) > 0`, since, fold(q.Query))
}

// mostNotes is how many notes on questions are kept of a person.
const mostNotes = 50

// AddNote is described by seance.People.
func (s *Store) AddNote(ctx context.Context, n seance.Note) (created bool, err error) {
	err = s.writer.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var consent bool
		switch err := tx.QueryRowContext(ctx, `SELECT consent FROM people WHERE id = $1`, n.Person).Scan(&consent); {
		case errors.Is(err, sql.ErrNoRows):
			return fmt.Errorf("person %s: %w", n.Person, seance.ErrNotFound)
		case err != nil:
			return err
		case !consent:
			return fmt.Errorf("note on %s: %w", n.Person, seance.ErrForbidden)
		}
		created, err = inserted(tx.ExecContext(ctx, `INSERT INTO notes (`+noteColumns+`) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT DO NOTHING`, n.ID, n.Person, n.Session, n.Text, n.At.UnixMicro()))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM notes WHERE id IN (SELECT n.id FROM notes n JOIN messages m ON m.id = n.id
			WHERE n.person = $1 ORDER BY n.at DESC, n.id DESC LIMIT -1 OFFSET $2)`, n.Person, mostNotes)
		return err
	})
	return created, err
}

// inserted reports whether a row came of it.
func inserted(done sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	return n > 0, err
}

// Notes is described by seance.People.
func (s *Store) Notes(ctx context.Context, person string, p seance.Page) ([]seance.Note, string, error) {
	return byTime(ctx, s.read, p, true, scanNote, func(n seance.Note) (time.Time, string) { return n.At, n.ID },
		`SELECT `+noteColumns+` FROM notes WHERE person = $1`, person)
}

// AddVisit is described by seance.People.
func (s *Store) AddVisit(ctx context.Context, v seance.Visit) (created bool, err error) {
	err = s.writer.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := hasEnded(ctx, tx, v.Session); err != nil {
			return err
		}
		var known bool
		err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM people WHERE id = $1)
			OR EXISTS (SELECT 1 FROM participants WHERE session = $2 AND (id = $1 OR soul = $1) AND name <> '')`, v.Person, v.Session).
			Scan(&known)
		switch {
		case err != nil:
			return err
		case !known:
			return fmt.Errorf("visit of %s: %w", v.Person, seance.ErrNotFound)
		}
		created, err = inserted(tx.ExecContext(ctx, `INSERT INTO visits (`+visitColumns+`) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT DO NOTHING`, v.ID, v.Person, v.Session, v.Leaves, v.At.UnixMicro()))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE people SET seen_at = max(seen_at, $2) WHERE id = $1`, v.Person, v.At.UnixMicro())
		return err
	})
	return created, err
}

// Visits is described by seance.People.
func (s *Store) Visits(ctx context.Context, person string, p seance.Page) ([]seance.Visit, string, error) {
	return byTime(ctx, s.read, p, true, scanVisit, func(v seance.Visit) (time.Time, string) { return v.At, v.ID },
		`SELECT `+visitColumns+` FROM visits WHERE person = $1`, person)
}

// openVisits picks the last visit of each person in a session if it is no leaving.
const openVisits = `SELECT ` + visitColumns + ` FROM visits v WHERE NOT leaves AND NOT EXISTS (SELECT 1 FROM visits l
	WHERE l.session = v.session AND l.person = v.person AND (l.at, l.leaves, l.id) > (v.at, v.leaves, v.id))`

// Present is described by seance.People.
func (s *Store) Present(ctx context.Context, id seance.SessionID) ([]seance.Visit, error) {
	return list(ctx, s.read, scanVisit, openVisits+` AND session = $1 ORDER BY at, id`, id)
}

// AllLeave is described by seance.People.
func (s *Store) AllLeave(ctx context.Context, at time.Time) error {
	return s.writer.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO visits (`+visitColumns+`)
			SELECT id || ' ended', person, session, 1, $1 FROM (`+openVisits+`) WHERE true ON CONFLICT DO NOTHING`, at.UnixMicro())
		return err
	})
}

// Merge is described by seance.People.
func (s *Store) Merge(ctx context.Context, from, into string, dry bool) (moved seance.Forgotten, err error) {
	err = s.writer.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		moved = seance.Forgotten{}
		var both int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM people WHERE id IN ($1, $2)`, from, into).Scan(&both); err != nil {
			return err
		}
		if both < 2 {
			return fmt.Errorf("merging %s into %s: %w", from, into, seance.ErrNotFound)
		}
		for _, step := range []struct {
			counted *int
			table   string
			column  string
		}{
			{&moved.Notes, "notes", "person"}, {&moved.Visits, "visits", "person"}, {&moved.Names, "participants", "soul"},
			{&moved.Turns, "omens", "participant"}, {nil, "found", "participant"},
		} {
			if dry {
				if step.counted != nil {
					err = tx.QueryRowContext(ctx, `SELECT count(*) FROM `+step.table+` WHERE `+step.column+` = $1`, from).
						Scan(step.counted)
				}
			} else {
				err = count(step.counted)(tx.ExecContext(ctx,
					`UPDATE `+step.table+` SET `+step.column+` = $2 WHERE `+step.column+` = $1`, from, into))
			}
			if err != nil {
				return err
			}
		}
		if dry {
			return nil
		}
		// The browser that knew the one is known as the other, unless that has a secret of its own.
		_, err := tx.ExecContext(ctx, `UPDATE people SET seen_at = max(seen_at, (SELECT seen_at FROM people WHERE id = $1)),
			consent = min(consent, (SELECT consent FROM people WHERE id = $1)) WHERE id = $2`, from, into)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM people WHERE id = $1`, from)
		return err
	})
	return moved, err
}

// count adds what a statement changed to n, which may be nil.
func count(n *int) func(sql.Result, error) error {
	return func(done sql.Result, err error) error {
		if err != nil || n == nil {
			return err
		}
		changed, err := done.RowsAffected()
		*n += int(changed)
		return err
	}
}
