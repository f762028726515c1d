-- +goose Up
-- Who somebody is across sessions, if they agreed to be known.
ALTER TABLE participants ADD COLUMN soul TEXT NOT NULL DEFAULT '';
CREATE INDEX participants_soul ON participants (soul) WHERE soul <> '';

ALTER TABLE messages ADD COLUMN erased_at INTEGER;
CREATE INDEX messages_erased ON messages (erased_at) WHERE erased_at IS NOT NULL;
CREATE INDEX messages_kind ON messages (session, kind, seq);
CREATE INDEX messages_whisper ON messages (session, refers) WHERE kind = 'whisper';

CREATE TABLE people (
	id         TEXT    NOT NULL PRIMARY KEY,
	name       TEXT    NOT NULL,
	folded     TEXT    NOT NULL, -- the name as it is looked for
	locale     TEXT    NOT NULL,
	consent    INTEGER NOT NULL,
	secret     TEXT    NOT NULL, -- a hash, or empty
	created_at INTEGER NOT NULL,
	seen_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX people_secret ON people (secret) WHERE secret <> '';
CREATE INDEX people_seen ON people (seen_at, id);

CREATE TABLE notes (
	id      TEXT    NOT NULL PRIMARY KEY,
	person  TEXT    NOT NULL REFERENCES people (id) ON DELETE CASCADE,
	session TEXT    NOT NULL,
	text    TEXT    NOT NULL,
	at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX notes_person ON notes (person, at, id);

CREATE TABLE visits (
	id      TEXT    NOT NULL PRIMARY KEY,
	person  TEXT    NOT NULL,
	session TEXT    NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
	leaves  INTEGER NOT NULL,
	at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX visits_person ON visits (person, at, id);
CREATE INDEX visits_session ON visits (session, person, at);

-- Omens and notes of a session. They stand behind the message that was its last when they came.
CREATE TABLE omens (
	id          TEXT    NOT NULL PRIMARY KEY,
	session     TEXT    NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
	behind      INTEGER NOT NULL, -- a message's seq
	number      INTEGER NOT NULL, -- from 1, within the session
	kind        TEXT    NOT NULL,
	speaker     TEXT    NOT NULL,
	participant TEXT    NOT NULL,
	text        TEXT    NOT NULL,
	at          INTEGER NOT NULL,
	UNIQUE (session, number)
) STRICT;
CREATE INDEX omens_place ON omens (session, behind, number);

CREATE TABLE facts (
	id      TEXT    NOT NULL PRIMARY KEY,
	session TEXT    NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
	text    TEXT    NOT NULL,
	source  TEXT    NOT NULL,
	at      INTEGER NOT NULL,
	UNIQUE (session, text)
) STRICT;
CREATE INDEX facts_order ON facts (session, at, id);

CREATE TABLE recaps (
	session TEXT    NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
	version INTEGER NOT NULL,
	up_to   INTEGER NOT NULL,
	text    TEXT    NOT NULL,
	at      INTEGER NOT NULL,
	PRIMARY KEY (session, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE responses (
	id             TEXT    NOT NULL PRIMARY KEY,
	session        TEXT    NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
	turn           TEXT    NOT NULL,
	provider       TEXT    NOT NULL,
	model          TEXT    NOT NULL,
	prompt_version TEXT    NOT NULL,
	first_letter   INTEGER NOT NULL, -- microseconds
	total          INTEGER NOT NULL, -- microseconds
	tokens_in      INTEGER NOT NULL,
	tokens_out     INTEGER NOT NULL,
	tool_calls     INTEGER NOT NULL,
	fallback       INTEGER NOT NULL,
	error          TEXT    NOT NULL,
	at             INTEGER NOT NULL
) STRICT;
CREATE INDEX responses_order ON responses (at, id);
CREATE INDEX responses_session ON responses (session, at, id);
CREATE INDEX responses_turn ON responses (turn);

CREATE TABLE scores (
	response TEXT    NOT NULL REFERENCES responses (id) ON DELETE CASCADE,
	name     TEXT    NOT NULL,
	source   TEXT    NOT NULL,
	rater    TEXT    NOT NULL, -- who, where it matters; else empty
	value    REAL    NOT NULL CHECK (value BETWEEN 0 AND 1),
	comment  TEXT    NOT NULL,
	at       INTEGER NOT NULL,
	PRIMARY KEY (response, name, source, rater)
) STRICT, WITHOUT ROWID;

-- What can be found by its words. The words themselves are kept once, where they were said: the index has no text of
-- its own. Messages are taken in when somebody searches, so that asking and answering cost nothing more.
CREATE TABLE found (
	row         INTEGER NOT NULL PRIMARY KEY,
	ref         TEXT    NOT NULL, -- the id of a turn or a fact
	fact        INTEGER NOT NULL,
	session     TEXT    NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
	participant TEXT    NOT NULL
) STRICT;
CREATE INDEX found_ref ON found (ref);
CREATE INDEX found_session ON found (session);
CREATE VIRTUAL TABLE words USING fts5 (text, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2');
CREATE TABLE taken_in (messages INTEGER NOT NULL) STRICT; -- the last message's rowid
INSERT INTO taken_in VALUES (0);
-- +goose StatementBegin
CREATE TRIGGER found_gone AFTER DELETE ON found BEGIN
	DELETE FROM words WHERE rowid = old.row;
END;
-- +goose StatementEnd

-- A session as memory tells it: an answer together with its whisper. Messages and omens are told apart so that each
-- can be read in its own order.
CREATE VIEW said AS
SELECT m.id, m.session, m.seq AS place, 0 AS own, m.kind,
	CASE WHEN m.kind = 'answer' THEN 'spirit' WHEN p.role = 'host' THEN 'host' ELSE 'player' END AS speaker,
	CASE WHEN p.soul <> '' THEN p.soul ELSE m.participant END AS participant, coalesce(p.name, '') AS name,
	CASE WHEN m.kind = 'question' THEN m.text ELSE m.board || coalesce(char(10) || nullif(w.text, ''), '') END AS text,
	coalesce(q.id, '') AS refers, m.at, m.erased
FROM messages m
	LEFT JOIN participants p ON p.session = m.session AND p.id = m.participant
	LEFT JOIN messages w ON w.session = m.session AND w.refers = m.seq AND w.kind = 'whisper' AND m.kind = 'answer'
	LEFT JOIN messages q ON q.session = m.session AND q.seq = m.refers AND m.kind = 'answer'
WHERE m.kind IN ('question', 'answer');

CREATE VIEW seen AS
SELECT o.id, o.session, o.behind AS place, o.number AS own, o.kind, o.speaker, o.participant, coalesce(h.name, '') AS name,
	o.text, '' AS refers, o.at, 0 AS erased
FROM omens o LEFT JOIN people h ON h.id = o.participant;

CREATE VIEW turns AS SELECT * FROM said UNION ALL SELECT * FROM seen;

-- +goose Down
DROP VIEW turns;
DROP VIEW seen;
DROP VIEW said;
DROP TABLE taken_in;
DROP TABLE words;
DROP TABLE found;
DROP TABLE scores;
DROP TABLE responses;
DROP TABLE recaps;
DROP TABLE facts;
DROP TABLE omens;
DROP TABLE visits;
DROP TABLE notes;
DROP TABLE people;
DROP INDEX messages_whisper;
DROP INDEX messages_kind;
DROP INDEX messages_erased;
ALTER TABLE messages DROP COLUMN erased_at;
DROP INDEX participants_soul;
ALTER TABLE participants DROP COLUMN soul;
