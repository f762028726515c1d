package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"seance/internal/seance"
)

const responseColumns = `id, session, turn, provider, model, prompt_version, first_letter, total, tokens_in, tokens_out,
	tool_calls, fallback, error, at`

func scanResponse(row scanner) (seance.Response, error) {
	var r seance.Response
	var first, total, at int64
	err := row.Scan(&r.ID, &r.Session, &r.Turn, &r.Provider, &r.Model, &r.PromptVersion, &first, &total, &r.TokensIn,
		&r.TokensOut, &r.ToolCalls, &r.Fallback, &r.Error, &at)
	r.FirstLetter, r.Total = time.Duration(first)*time.Microsecond, time.Duration(total)*time.Microsecond
	r.At = fromMicro(at)
	return r, err
}

// judgements are the scores that were given, and the ratings of players as scores of the answer's first response.
const judgements = `SELECT response, name, value, source, rater, comment, at FROM scores
	UNION ALL
	SELECT (SELECT id FROM responses WHERE turn = m.id AND session = m.session ORDER BY at DESC, id LIMIT 1), 'rating', (r.value - 1) / 4.0,
		'player', CASE WHEN p.soul <> '' THEN p.soul ELSE r.participant END, '', r.at
	FROM ratings r JOIN messages m ON m.session = r.session AND m.seq = r.seq
		JOIN participants p ON p.session = r.session AND p.id = r.participant`

func scanJudgement(row scanner) (seance.Judgement, error) {
	var j seance.Judgement
	var at int64
	err := row.Scan(&j.Response, &j.Name, &j.Value, &j.Source, &j.By, &j.Comment, &at)
	j.At = fromMicro(at)
	return j, err
}

// LogResponse is described by seance.Analytics.
func (s *Store) LogResponse(ctx context.Context, r seance.Response) (created bool, err error) {
	err = s.writer.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := hasEnded(ctx, tx, r.Session); err != nil {
			return err
		}
		if r.FirstLetter > 0 {
			err := tx.QueryRowContext(ctx, `SELECT a.id FROM messages q JOIN messages a ON a.session = q.session AND a.answers_seq = q.seq
				WHERE q.id = $1 AND q.session = $2`, r.Turn, r.Session).Scan(&r.Turn)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err
			}
		}
		var erased bool
		err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM messages WHERE id = $1 AND erased)`, r.Turn).Scan(&erased)
		if err != nil || erased {
			return err
		}
		created, err = inserted(tx.ExecContext(ctx, `INSERT INTO responses (`+responseColumns+`)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING`,
			r.ID, r.Session, r.Turn, r.Provider, r.Model, r.PromptVersion, r.FirstLetter.Microseconds(), r.Total.Microseconds(),
			r.TokensIn, r.TokensOut, r.ToolCalls, r.Fallback, r.Error, r.At.UnixMicro()))
		return err
	})
	return created, err
}

// Response is described by seance.Analytics.
func (s *Store) Response(ctx context.Context, id string) (seance.Response, []seance.Judgement, error) {
	r, err := scanResponse(s.read.QueryRowContext(ctx, `SELECT `+responseColumns+` FROM responses WHERE id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return seance.Response{}, nil, fmt.Errorf("response %s: %w", id, seance.ErrNotFound)
	}
	if err != nil {
		return seance.Response{}, nil, failed(ctx, err)
	}
	scores, err := s.judged(ctx, `VALUES ($1)`, id)
	return r, scores[id], err
}

// judged returns the scores of the responses that a query of ids picks.
func (s *Store) judged(ctx context.Context, ids string, args ...any) (map[string][]seance.Judgement, error) {
	found, err := list(ctx, s.read, scanJudgement, `WITH picked (id) AS (`+ids+`)
		SELECT response, name, value, source, rater, comment, at FROM scores WHERE response IN (SELECT id FROM picked)
		UNION ALL
		SELECT n.id, 'rating', (r.value - 1) / 4.0, 'player', CASE WHEN p.soul <> '' THEN p.soul ELSE r.participant END, '', r.at
		FROM picked n JOIN responses s ON s.id = n.id JOIN messages m ON m.id = s.turn AND m.session = s.session
			JOIN ratings r ON r.session = m.session AND r.seq = m.seq
			JOIN participants p ON p.session = r.session AND p.id = r.participant
		WHERE s.error = '' OR s.first_letter > 0
		ORDER BY 1, 2, 5`, args...)
	if err != nil {
		return nil, err
	}
	by := map[string][]seance.Judgement{}
	for _, j := range found {
		by[j.Response] = append(by[j.Response], j)
	}
	return by, nil
}

// pick is the WHERE of a query, and its arguments.
func pick(q seance.ResponseQuery) (where string, args []any) {
	where = ` WHERE 1`
	and := func(condition string, value any) {
		args = append(args, value)
		where += ` AND ` + condition + strconv.Itoa(len(args))
	}
	if q.Session != "" {
		and(`session = $`, q.Session)
	}
	if q.Model != "" {
		and(`model = $`, q.Model)
	}
	if q.PromptVersion != "" {
		and(`prompt_version = $`, q.PromptVersion)
	}
	if !q.Since.IsZero() {
		and(`at >= $`, q.Since.UnixMicro())
	}
	if !q.Until.IsZero() {
		and(`at < $`, q.Until.UnixMicro())
	}
	if q.Fallback != nil {
		and(`fallback = $`, *q.Fallback)
	}
	if q.MaxScore != nil {
		args = append(args, *q.MaxScore)
		where += ` AND id IN (SELECT response FROM (` + judgements + `) GROUP BY response HAVING avg(value) <= $` +
			strconv.Itoa(len(args)) + `)`
	}
	return where, args
}

// Responses is described by seance.Analytics.
func (s *Store) Responses(ctx context.Context, q seance.ResponseQuery) ([]seance.Response, string, error) {
	where, args := pick(q)
	return byTime(ctx, s.read, q.Page, true, scanResponse,
		func(r seance.Response) (time.Time, string) { return r.At, r.ID }, `SELECT `+responseColumns+` FROM responses`+where, args...)
}

// mostJudged is how many responses are looked at in one go.
const mostJudged = 10_000

// Judgements is described by seance.Analytics.
func (s *Store) Judgements(ctx context.Context, q seance.ResponseQuery) (map[string][]seance.Judgement, error) {
	where, args := pick(q)
	return s.judged(ctx, `SELECT id FROM responses`+where+` ORDER BY at DESC, id DESC LIMIT `+strconv.Itoa(mostJudged), args...)
}

// Judge is described by seance.Analytics.
func (s *Store) Judge(ctx context.Context, j seance.Judgement) (created bool, err error) {
	err = s.writer.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var response, score bool
		err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM responses WHERE id = $1), EXISTS (SELECT 1 FROM scores
			WHERE response = $1 AND name = $2 AND source = $3 AND rater = $4)`, j.Response, j.Name, j.Source, j.By).
			Scan(&response, &score)
		switch {
		case err != nil:
			return err
		case !response:
			return fmt.Errorf("response %s: %w", j.Response, seance.ErrNotFound)
		}
		created = !score
		_, err = tx.ExecContext(ctx, `INSERT INTO scores (response, name, source, rater, value, comment, at)
			VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT DO UPDATE SET value = excluded.value, comment = excluded.comment, at = excluded.at`,
			j.Response, j.Name, j.Source, j.By, j.Value, j.Comment, j.At.UnixMicro())
		return err
	})
	return created, err
}

// Purge is described by seance.Analytics.
func (s *Store) Purge(ctx context.Context, before time.Time, dry bool) (n int, err error) {
	if dry {
		err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM responses WHERE at < $1`, before.UnixMicro()).Scan(&n)
		return n, readFailed(ctx, err)
	}
	err = s.writer.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		n = 0
		return count(&n)(tx.ExecContext(ctx, `DELETE FROM responses WHERE at < $1`, before.UnixMicro()))
	})
	return n, err
}
