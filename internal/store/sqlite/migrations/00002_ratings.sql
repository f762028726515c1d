-- +goose Up
CREATE TABLE ratings (
	session     TEXT    NOT NULL,
	seq         INTEGER NOT NULL, -- the answer's
	participant TEXT    NOT NULL,
	value       INTEGER NOT NULL CHECK (value BETWEEN 1 AND 5),
	at          INTEGER NOT NULL,
	PRIMARY KEY (session, seq, participant),
	FOREIGN KEY (session, seq) REFERENCES messages (session, seq) ON DELETE CASCADE,
	FOREIGN KEY (session, participant) REFERENCES participants (session, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Without it, deleting a person would look through every rating.
CREATE INDEX ratings_participant ON ratings (session, participant);

-- +goose Down
DROP TABLE ratings;
