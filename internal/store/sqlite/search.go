package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"seance/internal/seance"
)

// A finding is something that can be searched for.
type finding struct {
	ref         string
	fact        bool
	session     seance.SessionID
	participant string
	text        string
}

// takeIn puts something into the index of words.
func takeIn(ctx context.Context, tx *sql.Tx, f finding) error {
	if f.text == "" {
		return nil
	}
	var row int64
	err := tx.QueryRowContext(ctx, `INSERT INTO found (ref, fact, session, participant) VALUES ($1, $2, $3, $4)
		RETURNING row`, f.ref, f.fact, f.session, f.participant).Scan(&row)
	if err != nil {
		return fmt.Errorf("make %s findable: %w", f.ref, err)
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO words (rowid, text) VALUES ($1, $2)`, row, f.text); err != nil {
		return fmt.Errorf("make %s findable: %w", f.ref, err)
	}
	return nil
}

// atOnce is how many messages are taken into the index in one transaction: others write in between.
const atOnce = 500

// catchUp takes in the messages that came since somebody searched last.
func (s *Store) catchUp(ctx context.Context) error {
	for {
		var more bool
		err := s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM messages WHERE rowid > (SELECT messages FROM taken_in))`).
			Scan(&more)
		if err != nil {
			return failed(ctx, err)
		}
		if !more {
			return nil
		}
		if err := s.writer.write(ctx, takeInNext); err != nil {
			return err
		}
	}
}

func takeInNext(ctx context.Context, tx *sql.Tx) error {
	type row struct {
		finding
		id int64
	}
	rows, err := tx.QueryContext(ctx, `SELECT m.rowid,
			CASE WHEN m.kind = 'whisper' THEN coalesce(a.id, '') ELSE m.id END, m.session,
			CASE WHEN p.soul <> '' THEN p.soul ELSE m.participant END,
			CASE WHEN m.erased OR m.kind = 'end' THEN '' WHEN m.kind = 'answer' THEN m.board ELSE m.text END
		FROM messages m
			LEFT JOIN participants p ON p.session = m.session AND p.id = m.participant
			LEFT JOIN messages a ON a.session = m.session AND a.seq = m.refers AND m.kind = 'whisper'
		WHERE m.rowid > (SELECT messages FROM taken_in) ORDER BY m.rowid LIMIT $1`, atOnce)
	if err != nil {
		return err
	}
	fresh, err := collect(ctx, rows, func(r scanner) (f row, err error) {
		var who sql.NullString
		err = r.Scan(&f.id, &f.ref, &f.session, &who, &f.text)
		f.participant = who.String
		return f, err
	})
	if err != nil || len(fresh) == 0 {
		return err
	}
	for _, f := range fresh {
		if err := takeIn(ctx, tx, f.finding); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `UPDATE taken_in SET messages = $1`, fresh[len(fresh)-1].id)
	return err
}

// Search is described by seance.Memory.
func (s *Store) Search(ctx context.Context, q seance.Search) (hits []seance.Hit, next string, err error) {
	words := wordsOf(q.Query)
	if len(words) == 0 {
		return nil, "", fmt.Errorf("a search without a word: %w", seance.ErrBadRequest)
	}
	if err := s.catchUp(ctx); err != nil {
		return nil, "", err
	}
	skip := 0
	if q.After != "" {
		if skip, err = strconv.Atoi(q.After); err != nil || skip < 0 {
			return nil, "", fmt.Errorf("cursor %q: %w", q.After, seance.ErrBadRequest)
		}
	}
	query := `SELECT f.ref, f.fact, -bm25(words) FROM words JOIN found f ON f.row = words.rowid
		WHERE words MATCH $1`
	args := []any{`"` + strings.Join(words, `" "`) + `"`}
	if q.Session != "" {
		args = append(args, q.Session)
		query += ` AND f.session = $` + strconv.Itoa(len(args))
	}
	if q.Participant != "" { // what they said, and what was said to them
		args = append(args, q.Participant)
		n := strconv.Itoa(len(args))
		query += ` AND (f.participant = $` + n + ` OR f.ref IN (SELECT a.id FROM turns q JOIN turns a ON a.refers = q.id
			AND a.session = q.session WHERE q.participant = $` + n + ` AND q.session = f.session))`
	}
	limit := limitOf(q.Page, mostPage)
	query += fmt.Sprintf(` ORDER BY bm25(words), f.row LIMIT %d OFFSET %d`, limit+1, skip)
	type ref struct {
		id    string
		fact  bool
		score float64
	}
	refs, err := list(ctx, s.read, func(r scanner) (found ref, err error) {
		err = r.Scan(&found.id, &found.fact, &found.score)
		return found, err
	}, query, args...)
	if err != nil {
		return nil, "", err
	}
	if len(refs) > limit {
		refs, next = refs[:limit], strconv.Itoa(skip+limit)
	}
	for _, r := range refs {
		hit := seance.Hit{Score: r.score}
		var text string
		if r.fact {
			f, err := scanFact(s.read.QueryRowContext(ctx, `SELECT `+factColumns+` FROM facts WHERE id = $1`, r.id))
			if err != nil {
				continue // it was forgotten meanwhile
			}
			hit.Fact, text = &f, f.Text
		} else {
			t, err := turn(ctx, s.read, r.id)
			if err != nil || t.Erased {
				continue
			}
			hit.Turn, text = &t, t.Text
		}
		hit.Snippet = snippet(text, words)
		hits = append(hits, hit)
	}
	return hits, next, nil
}

// wordsOf parts a query into the words that FTS5's tokenizer would find. Nothing of its language is left in them.
func wordsOf(query string) []string {
	return strings.FieldsFunc(query, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.M, r) })
}

// around is how many characters of a text are shown.
const around = 160

// snippet is the part of a text around the first of the words.
func snippet(text string, words []string) string {
	if utf8.RuneCountInString(text) <= around {
		return text
	}
	at := len(text)
	lower := strings.ToLower(text)
	for _, w := range words {
		if i := strings.Index(lower, strings.ToLower(w)); i >= 0 {
			at = min(at, i)
		}
	}
	if at >= len(text) { // found with its accents folded
		at = 0
	}
	runes := []rune(text)
	from := max(0, utf8.RuneCountInString(text[:at])-around/3)
	to := min(len(runes), from+around)
	from = max(0, to-around)
	shown := strings.TrimSpace(string(runes[from:to]))
	if from > 0 {
		shown = "…" + shown
	}
	if to < len(runes) {
		shown += "…"
	}
	return shown
}
