-- +goose Up
ALTER TABLE messages ADD COLUMN direction TEXT NOT NULL DEFAULT '';

-- What calls of minds cost. It outlives the sessions it was spent in: what a day may cost does not come back.
CREATE TABLE spending (
	call     TEXT    NOT NULL PRIMARY KEY,
	session  TEXT    NOT NULL,
	provider TEXT    NOT NULL,
	day      INTEGER NOT NULL, -- UTC, since 1 January 1970
	tokens   INTEGER NOT NULL CHECK (tokens >= 0),
	settled  INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Sums are read out of the indexes alone.
CREATE INDEX spending_session ON spending (session, tokens);
CREATE INDEX spending_day ON spending (day, provider, tokens);

-- +goose Down
DROP TABLE spending;
ALTER TABLE messages DROP COLUMN direction;
