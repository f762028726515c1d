package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"seance/internal/seance"
)

// How many entries a page has.
const (
	usualPage = 20
	mostPage  = 100
	mostTurns = 500
)

func limitOf(p seance.Page, most int) int {
	if p.Limit <= 0 {
		return usualPage
	}
	return min(p.Limit, most)
}

const turnColumns = `id, session, place, own, kind, speaker, participant, name, text, refers, at, erased`

// A placedTurn is a turn and where it stands.
type placedTurn struct {
	seance.Turn
	place, own int64
}

func scanTurn(row scanner) (placedTurn, error) {
	var t placedTurn
	var at int64
	err := row.Scan(&t.ID, &t.Session, &t.place, &t.own, &t.Kind, &t.Speaker, &t.Participant, &t.Name, &t.Text, &t.Refers,
		&at, &t.Erased)
	t.At = fromMicro(at)
	t.Seq = uint64(t.place)
	if t.own > 0 {
		t.Seq = uint64(t.own)
	}
	if t.Erased {
		t.Text, t.Name, t.Participant = "", "", ""
	}
	return t, err
}

// AddTurn is described by seance.Memory.
func (s *Store) AddTurn(ctx context.Context, t seance.Turn) (kept seance.Turn, created bool, err error) {
	err = s.writer.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		kept, created, err = addTurn(ctx, tx, t)
		return err
	})
	return kept, created, err
}

func addTurn(ctx context.Context, tx *sql.Tx, t seance.Turn) (kept seance.Turn, created bool, err error) {
	switch kept, err := turn(ctx, tx, t.ID); {
	case err == nil:
		return kept, false, nil
	case !errors.Is(err, seance.ErrNotFound):
		return seance.Turn{}, false, err
	}
	if _, err := hasEnded(ctx, tx, t.Session); err != nil {
		return seance.Turn{}, false, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO omens (id, session, behind, number, kind, speaker, participant, text, at)
		SELECT $1, id, last_seq, (SELECT coalesce(max(number), 0) + 1 FROM omens WHERE session = sessions.id),
			$3, $4, $5, $6, $7 FROM sessions WHERE id = $2`,
		t.ID, t.Session, t.Kind, t.Speaker, t.Participant, t.Text, t.At.UnixMicro())
	if err != nil {
		return seance.Turn{}, false, fmt.Errorf("keep turn %s: %w", t.ID, err)
	}
	if err := takeIn(ctx, tx, finding{t.ID, false, t.Session, t.Participant, t.Text}); err != nil {
		return seance.Turn{}, false, err
	}
	kept, err = turn(ctx, tx, t.ID)
	return kept, err == nil, err
}

// querier is a transaction or a pool of readers.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func turn(ctx context.Context, q querier, id string) (seance.Turn, error) {
	t, err := scanTurn(q.QueryRowContext(ctx, `SELECT `+turnColumns+` FROM turns WHERE id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return seance.Turn{}, fmt.Errorf("turn %s: %w", id, seance.ErrNotFound)
	}
	return t.Turn, err
}

// Turn is described by seance.Memory.
func (s *Store) Turn(ctx context.Context, id string) (seance.Turn, error) {
	t, err := turn(ctx, s.read, id)
	return t, readFailed(ctx, err)
}

// readFailed leaves a refusal as it is.
func readFailed(ctx context.Context, err error) error {
	if err == nil || refusal(err) {
		return err
	}
	return failed(ctx, err)
}

// Turns is described by seance.Memory. Messages and omens are read each in their own order, and put together here.
func (s *Store) Turns(ctx context.Context, q seance.TurnQuery) (turns []seance.Turn, next string, total int, err error) {
	limit := limitOf(q.Page, mostTurns)
	direction, beyond := "ASC", ">"
	if q.Last {
		direction, beyond = "DESC", "<"
	}
	var found []placedTurn
	for _, of := range []struct {
		view, table, place string
		kinds              []seance.TurnKind
		since              string
	}{
		{"said", "messages", "seq", []seance.TurnKind{seance.TurnQuestion, seance.TurnAnswer}, ">"},
		{"seen", "omens", "behind", []seance.TurnKind{seance.TurnOmen, seance.TurnNote}, ">="},
	} {
		args := []any{q.Session, within(q.Since)}
		for _, k := range of.kinds {
			if len(q.Kinds) == 0 || slices.Contains(q.Kinds, k) {
				args = append(args, k)
			}
		}
		if len(args) == 2 {
			continue
		}
		kinds := ` AND kind IN (` + places(3, len(args)-2) + `)`
		var n int
		err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM `+of.table+` WHERE session = $1 AND `+of.place+of.since+`$2`+kinds,
			args...).Scan(&n)
		if err != nil {
			return nil, "", 0, failed(ctx, err)
		}
		total += n
		where := ` WHERE session = $1 AND place ` + of.since + ` $2` + kinds
		if q.After != "" {
			place, own, err := placeOf(q.After)
			if err != nil {
				return nil, "", 0, err
			}
			at := len(args)
			where += fmt.Sprintf(` AND place %s= $%d AND (place %s $%d OR own %s $%d)`, beyond, at+1, beyond, at+1, beyond, at+2)
			args = append(args, place, own)
		}
		some, err := list(ctx, s.read, scanTurn, `SELECT `+turnColumns+` FROM `+of.view+where+
			fmt.Sprintf(` ORDER BY place %s, own %s LIMIT %d`, direction, direction, limit+1), args...)
		if err != nil {
			return nil, "", 0, err
		}
		found = append(found, some...)
	}
	if total == 0 {
		if _, err := s.Session(ctx, string(q.Session)); err != nil {
			return nil, "", 0, err
		}
	}
	slices.SortFunc(found, func(a, b placedTurn) int { return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.own, b.own)) })
	if q.Last {
		if len(found) > limit {
			found = found[len(found)-limit:]
			next = fmt.Sprintf("%d.%d", found[0].place, found[0].own)
		}
	} else if len(found) > limit {
		found = found[:limit]
		next = fmt.Sprintf("%d.%d", found[limit-1].place, found[limit-1].own)
	}
	for _, t := range found {
		turns = append(turns, t.Turn)
	}
	return turns, next, total, nil
}

func placeOf(after string) (place, own int64, err error) {
	if _, err := fmt.Sscanf(after, "%d.%d", &place, &own); err != nil {
		return 0, 0, fmt.Errorf("cursor %q: %w", after, seance.ErrBadRequest)
	}
	return place, own, nil
}

// places are $from and on, so many.
func places(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(from+i))
	}
	return b.String()
}

// list reads every row of a query that was not prepared.
func list[T any](ctx context.Context, q querier, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, failed(ctx, err)
	}
	return collect(ctx, rows, scan)
}

const factColumns = `id, session, text, source, at`

func scanFact(row scanner) (seance.Fact, error) {
	var f seance.Fact
	var at int64
	err := row.Scan(&f.ID, &f.Session, &f.Text, &f.Source, &at)
	f.At = fromMicro(at)
	return f, err
}

// PinFact is described by seance.Memory.
func (s *Store) PinFact(ctx context.Context, f seance.Fact) (kept seance.Fact, created bool, err error) {
	err = s.writer.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := hasEnded(ctx, tx, f.Session); err != nil {
			return err
		}
		done, err := tx.ExecContext(ctx, `INSERT INTO facts (`+factColumns+`) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT DO NOTHING`, f.ID, f.Session, f.Text, f.Source, f.At.UnixMicro())
		if err != nil {
			return fmt.Errorf("keep fact %s: %w", f.ID, err)
		}
		n, err := done.RowsAffected()
		if err != nil {
			return err
		}
		if created = n > 0; created {
			if err := takeIn(ctx, tx, finding{f.ID, true, f.Session, "", f.Text}); err != nil {
				return err
			}
		}
		kept, err = scanFact(tx.QueryRowContext(ctx, `SELECT `+factColumns+` FROM facts
			WHERE session = $1 AND text = $2 OR id = $3 ORDER BY id = $3 DESC LIMIT 1`, f.Session, f.Text, f.ID))
		return err
	})
	return kept, created, err
}

// Facts is described by seance.Memory.
func (s *Store) Facts(ctx context.Context, id seance.SessionID, p seance.Page) (facts []seance.Fact, next string, err error) {
	facts, next, err = byTime(ctx, s.read, p, false, scanFact, func(f seance.Fact) (time.Time, string) { return f.At, f.ID },
		`SELECT `+factColumns+` FROM facts WHERE session = $1`, id)
	if err == nil && len(facts) == 0 {
		_, err = s.Session(ctx, string(id))
	}
	return facts, next, err
}

// byTime reads a page in the order of (at, id), of rows that a query without order picks. The columns are called so.
func byTime[T any](
	ctx context.Context, q querier, p seance.Page, newestFirst bool, scan func(scanner) (T, error),
	key func(T) (time.Time, string), query string, args ...any,
) (found []T, next string, err error) {
	return byColumn(ctx, q, p, newestFirst, "at", scan, key, query, args...)
}

func byColumn[T any](
	ctx context.Context, q querier, p seance.Page, newestFirst bool, column string, scan func(scanner) (T, error),
	key func(T) (time.Time, string), query string, args ...any,
) (found []T, next string, err error) {
	limit := limitOf(p, mostPage)
	order, beyond := `ASC`, `>`
	if newestFirst {
		order, beyond = `DESC`, `<`
	}
	if p.After != "" {
		micro, id, ok := strings.Cut(p.After, ".")
		at, err := strconv.ParseInt(micro, 10, 64)
		if !ok || err != nil {
			return nil, "", fmt.Errorf("cursor %q: %w", p.After, seance.ErrBadRequest)
		}
		query += fmt.Sprintf(` AND (%s, id) %s ($%d, $%d)`, column, beyond, len(args)+1, len(args)+2)
		args = append(args, at, id)
	}
	query += fmt.Sprintf(` ORDER BY %s %s, id %s LIMIT %d`, column, order, order, limit+1)
	if found, err = list(ctx, q, scan, query, args...); err != nil {
		return nil, "", err
	}
	if len(found) > limit {
		found = found[:limit]
		at, id := key(found[limit-1])
		next = fmt.Sprintf("%d.%s", at.UnixMicro(), id)
	}
	return found, next, nil
}

const recapColumns = `session, up_to, version, text, at`

func scanRecap(row scanner) (seance.Recap, error) {
	var r seance.Recap
	var at, upTo int64
	err := row.Scan(&r.Session, &upTo, &r.Version, &r.Text, &at)
	r.At, r.UpTo = fromMicro(at), uint64(upTo)
	return r, err
}

// StoreRecap is described by seance.Memory.
func (s *Store) StoreRecap(ctx context.Context, r seance.Recap) (kept seance.Recap, err error) {
	err = s.writer.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := hasEnded(ctx, tx, r.Session); err != nil {
			return err
		}
		kept, err = scanRecap(tx.QueryRowContext(ctx, `SELECT `+recapColumns+` FROM recaps
			WHERE session = $1 AND up_to = $2 AND text = $3`, r.Session, within(r.UpTo), r.Text))
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		kept, err = scanRecap(tx.QueryRowContext(ctx, `INSERT INTO recaps (session, version, up_to, text, at)
			SELECT $1, coalesce(max(version), 0) + 1, $2, $3, $4 FROM recaps WHERE session = $1
			RETURNING `+recapColumns, r.Session, within(r.UpTo), r.Text, r.At.UnixMicro()))
		return err
	})
	return kept, err
}

// Recap is described by seance.Memory.
func (s *Store) Recap(ctx context.Context, id seance.SessionID) (seance.Recap, error) {
	r, err := scanRecap(s.read.QueryRowContext(ctx, `SELECT `+recapColumns+` FROM recaps WHERE session = $1
		ORDER BY version DESC LIMIT 1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return seance.Recap{}, fmt.Errorf("recap of %s: %w", id, seance.ErrNotFound)
	}
	return r, readFailed(ctx, err)
}

// Sessions is described by seance.Memory.
func (s *Store) Sessions(ctx context.Context, q seance.SessionQuery) ([]seance.Session, string, error) {
	query, args := `SELECT `+sessionColumns+` FROM sessions WHERE started_at >= $1`, []any{int64(0)}
	if !q.Since.IsZero() {
		args[0] = q.Since.UnixMicro()
	}
	switch q.State {
	case "open":
		query += ` AND ended_at IS NULL`
	case "ended":
		query += ` AND ended_at IS NOT NULL`
	}
	if q.Person != "" {
		query += ` AND id IN (SELECT session FROM participants WHERE soul = $2 OR id = $2
			UNION SELECT session FROM visits WHERE person = $2)`
		args = append(args, q.Person)
	}
	return byColumn(ctx, s.read, q.Page, true, "started_at", scanSession,
		func(s seance.Session) (time.Time, string) { return s.StartedAt, string(s.ID) }, query, args...)
}

// Changes is described by seance.Memory. SQLite's data_version tells of other connections only, so it is asked on one
// that never writes.
func (s *Store) Changes(ctx context.Context) (n int64, err error) {
	s.watch.Lock()
	defer s.watch.Unlock()
	if s.watcher == nil {
		if s.watcher, err = s.read.Conn(context.WithoutCancel(ctx)); err != nil {
			return 0, failed(ctx, err)
		}
	}
	if err := s.watcher.QueryRowContext(ctx, `PRAGMA data_version`).Scan(&n); err != nil {
		return 0, failed(ctx, err)
	}
	return n, nil
}
