package sqlite

import (
	"context"
	"database/sql"
	"fmt"
)

// page is how many rows are read at once. Between pages no connection is held, so that callers may take their time and
// read other things meanwhile.
const page = 128

const (
	sessionColumns = `id, code, name, spirit, locked, passphrase, settings, seed, started_at, ended_at`
	messageColumns = `id, session, seq, kind, at, coalesce(client_key, ''), participant, text, position, context,
		direction, refers, board, score, source, erased`
	personColumns = `session, id, name, role, candle, joined_at, kicked_at, soul`
	ratingColumns = `session, seq, participant, value, at`

	// A question without an answer, that is still there.
	waits = `q.kind = 'question' AND NOT q.erased AND NOT EXISTS (
		SELECT 1 FROM messages a WHERE a.session = q.session AND a.answers_seq = q.seq)`
)

// inserts are the statements of the writer, prepared once.
type inserts struct {
	openSession, closeSession, amend   *sql.Stmt
	touch                              *sql.Stmt
	appendMessage, advance, advanceEnd *sql.Stmt
	enrol, light, kick                 *sql.Stmt
	rate                               *sql.Stmt
	reserve, reserved, settle          *sql.Stmt
}

func (s *inserts) prepare(ctx context.Context, db *sql.DB) error {
	return prepareAll(ctx, db, map[**sql.Stmt]string{
		&s.openSession: `INSERT INTO sessions (` + sessionColumns + `, touched_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9) ON CONFLICT DO NOTHING`,
		&s.closeSession: `UPDATE sessions SET ended_at = coalesce(ended_at, $2) WHERE id = $1`,
		&s.amend: `UPDATE sessions SET locked = coalesce($2, locked), passphrase = coalesce($3, passphrase),
				settings = coalesce($4, settings)
			WHERE id = $1 AND ended_at IS NULL RETURNING ` + sessionColumns,
		&s.touch: `UPDATE sessions SET touched_at = max(touched_at, $2) WHERE id = $1`,

		// The session gives the place, if it is there and takes the message; the unique indexes refuse what was
		// there before. No row comes back then, and nothing is changed.
		&s.appendMessage: `INSERT INTO messages (session, seq, id, kind, at, client_key, participant, text, position,
				context, direction, refers, answers_seq, board, score, source, erased)
			SELECT id, last_seq + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16
			FROM sessions WHERE id = $1 AND (ended_at IS NULL OR $3 = 'end')
				AND NOT EXISTS (SELECT 1 FROM messages WHERE session = $1 AND seq = $11 AND erased)
			ON CONFLICT DO NOTHING RETURNING seq`,
		&s.advance: `UPDATE sessions SET last_seq = last_seq + 1 WHERE id = $1`,
		&s.advanceEnd: `UPDATE sessions SET last_seq = last_seq + 1, ended_at = coalesce(ended_at, $2)
			WHERE id = $1`,

		&s.enrol: `INSERT INTO participants (session, id, name, role, candle, joined_at, kicked_at, soul)
			SELECT id, $2, $3, $4, last_candle + 1, $5, $6, $7 FROM sessions WHERE id = $1 AND ended_at IS NULL
			ON CONFLICT DO NOTHING RETURNING candle`,
		&s.light: `UPDATE sessions SET last_candle = last_candle + 1 WHERE id = $1`,
		&s.kick:  `UPDATE participants SET kicked_at = coalesce(kicked_at, $3) WHERE session = $1 AND id = $2`,

		&s.rate: `INSERT INTO ratings (` + ratingColumns + `)
			SELECT m.session, m.seq, p.id, $4, $5
			FROM messages m JOIN participants p ON p.session = m.session AND p.id = $3
			WHERE m.session = $1 AND m.seq = $2 AND m.kind = 'answer'
			ON CONFLICT (session, seq, participant) DO UPDATE SET value = excluded.value, at = excluded.at`,

		// In one statement, so that no two calls see the same room under a cap.
		&s.reserve: `INSERT INTO spending (call, session, provider, day, tokens)
			SELECT $1, $2, $3, $4, $5
			WHERE ($6 = 0 OR $5 + (SELECT coalesce(sum(tokens), 0) FROM spending WHERE session = $2) <= $6)
			AND ($7 = 0 OR $5 + (SELECT coalesce(sum(tokens), 0) FROM spending WHERE day = $4) <= $7)
			AND ($8 = 0 OR $5 + (SELECT coalesce(sum(tokens), 0) FROM spending WHERE day = $4 AND provider = $3) <= $8)
			ON CONFLICT DO NOTHING`,
		&s.reserved: `SELECT EXISTS (SELECT 1 FROM spending WHERE call = $1)`,
		&s.settle:   `UPDATE spending SET tokens = iif(settled, tokens, $2), settled = 1 WHERE call = $1`,
	})
}

// selects are the statements of the readers, prepared once.
type selects struct {
	session, lastSeq     *sql.Stmt
	message, after       *sql.Stmt
	unanswered, pending  *sql.Stmt
	idle                 *sql.Stmt
	person, participants *sql.Stmt
	ratings              *sql.Stmt
	spent                *sql.Stmt
}

func (s *selects) prepare(ctx context.Context, db *sql.DB) error {
	return prepareAll(ctx, db, map[**sql.Stmt]string{
		&s.session: `SELECT ` + sessionColumns + ` FROM sessions WHERE id = $1 OR code = $2`,
		&s.lastSeq: `SELECT last_seq FROM sessions WHERE id = $1`,
		&s.message: `SELECT ` + messageColumns + ` FROM messages WHERE session = $1 AND seq = $2`,
		&s.after: `SELECT ` + messageColumns + ` FROM messages WHERE session = $1 AND seq > $2
			ORDER BY seq LIMIT $3`,
		&s.unanswered: `SELECT ` + messageColumns + ` FROM messages q WHERE q.session = $1 AND ` + waits + `
			ORDER BY q.seq`,
		&s.pending: `SELECT s.id FROM sessions s WHERE s.ended_at IS NULL AND s.id > $1
			AND EXISTS (SELECT 1 FROM messages q WHERE q.session = s.id AND ` + waits + `)
			ORDER BY s.id LIMIT $2`,
		&s.idle: `SELECT id FROM sessions WHERE ended_at IS NULL AND id > $1 AND touched_at < $2
			ORDER BY id LIMIT $3`,
		&s.person:       `SELECT ` + personColumns + ` FROM participants WHERE session = $1 AND id = $2`,
		&s.participants: `SELECT ` + personColumns + ` FROM participants WHERE session = $1 ORDER BY candle`,
		&s.ratings:      `SELECT ` + ratingColumns + ` FROM ratings WHERE session = $1 ORDER BY seq, participant`,
		&s.spent:        `SELECT provider, sum(tokens) FROM spending WHERE day = $1 GROUP BY provider`,
	})
}

func prepareAll(ctx context.Context, db *sql.DB, statements map[**sql.Stmt]string) error {
	for to, query := range statements {
		prepared, err := db.PrepareContext(ctx, query)
		if err != nil {
			return fmt.Errorf("%w in %s", err, query)
		}
		*to = prepared
	}
	return nil
}
