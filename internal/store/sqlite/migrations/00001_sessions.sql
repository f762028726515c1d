-- +goose Up
-- Times are microseconds since the epoch; NULL means "not yet".

CREATE TABLE sessions (
	id          TEXT    NOT NULL PRIMARY KEY,
	code        TEXT    NOT NULL UNIQUE, -- upper case
	name        TEXT    NOT NULL,
	spirit      TEXT    NOT NULL,
	locked      INTEGER NOT NULL,
	passphrase  TEXT    NOT NULL,        -- a hash, or empty
	settings    TEXT    NOT NULL,        -- JSON
	seed        INTEGER NOT NULL,
	started_at  INTEGER NOT NULL,
	ended_at    INTEGER,
	touched_at  INTEGER NOT NULL,
	last_seq    INTEGER NOT NULL DEFAULT 0,
	last_candle INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX sessions_open ON sessions (touched_at) WHERE ended_at IS NULL;

CREATE TABLE participants (
	session   TEXT    NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
	id        TEXT    NOT NULL,
	name      TEXT    NOT NULL,
	role      TEXT    NOT NULL,
	candle    INTEGER NOT NULL,
	joined_at INTEGER NOT NULL,
	kicked_at INTEGER,
	PRIMARY KEY (session, id),
	UNIQUE (session, candle)
) STRICT, WITHOUT ROWID;

CREATE TABLE messages (
	session     TEXT    NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
	seq         INTEGER NOT NULL,
	id          TEXT    NOT NULL UNIQUE,
	kind        TEXT    NOT NULL,
	at          INTEGER NOT NULL,
	client_key  TEXT,                    -- NULL when the client gave none
	participant TEXT    NOT NULL,
	text        TEXT    NOT NULL,
	position    INTEGER NOT NULL,
	context     TEXT    NOT NULL,
	refers      INTEGER NOT NULL,
	answers_seq INTEGER,                 -- the question's seq; NULL unless this answers one
	board       TEXT    NOT NULL,
	score       TEXT,                    -- JSON
	source      TEXT    NOT NULL,
	erased      INTEGER NOT NULL,
	PRIMARY KEY (session, seq)
) STRICT;

-- What must not happen twice, not even when two nodes believe it is their turn.
CREATE UNIQUE INDEX messages_client_key ON messages (session, client_key) WHERE client_key IS NOT NULL;
CREATE UNIQUE INDEX messages_answers ON messages (session, answers_seq) WHERE answers_seq IS NOT NULL;
CREATE UNIQUE INDEX messages_end ON messages (session) WHERE kind = 'end';

-- +goose Down
DROP TABLE messages;
DROP TABLE participants;
DROP TABLE sessions;
