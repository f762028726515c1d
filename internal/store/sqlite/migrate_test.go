package sqlite

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"seance/internal/seance"
)

func TestMigrate(t *testing.T) {
	path := file(t)
	list, err := Migrations(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) == 0 || list[0].Version != 1 || list[0].Name != "00001_sessions.sql" {
		t.Fatalf("migrations %+v, want 00001_sessions.sql first", list)
	}
	for _, m := range list {
		if !m.AppliedAt.IsZero() {
			t.Errorf("%s was applied to a file that is not there", m.Name)
		}
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("looking made the file: %v", err)
	}

	if _, err := Open(t.Context(), path, Options{NoMigrate: true}); !errors.Is(err, errBehind) {
		t.Errorf("opened without migrating: %v, want %q", err, errBehind)
	}
	applied, err := Migrate(t.Context(), path)
	if err != nil || len(applied) != len(list) {
		t.Fatalf("applied %+v, %v, want all of %+v", applied, err, list)
	}
	if again, err := Migrate(t.Context(), path); err != nil || len(again) != 0 {
		t.Errorf("applied again: %+v, %v", again, err)
	}
	list, err = Migrations(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range list {
		if m.AppliedAt.IsZero() {
			t.Errorf("%s is still pending", m.Name)
		}
	}
	s := open(t, path, Options{NoMigrate: true})
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// A file of the first version, with something of everything in it, is brought up to date and loses nothing.
func TestMigrateWithRows(t *testing.T) {
	path := file(t)
	path, err := prepare(path)
	if err != nil {
		t.Fatal(err)
	}
	db, err := handle(dsn(path, writing...), 1)
	if err != nil {
		t.Fatal(err)
	}
	steps, err := provider(db)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := steps.UpTo(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(t.Context(), `
		INSERT INTO sessions VALUES ('s', 'OWL-100', 'The parlour', 'ada', 1, '',
			'{"tone":"adult","spelling":"full","whose_hand":true}', 7, 1000000, NULL, 2000000, 2, 1);
		INSERT INTO participants VALUES ('s', 'ann', 'Ann', 'host', 1, 1000000, NULL);
		INSERT INTO messages VALUES
			('s', 1, 'q', 'question', 1000000, 'key', 'ann', 'Who?', 0, '', 0, NULL, '', NULL, '', 0),
			('s', 2, 'a', 'answer', 2000000, NULL, '', '', 0, '', 1, 1, 'ME', NULL, 'oracle', 0)`)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}

	s := open(t, path, Options{})
	defer s.Close()
	session, err := s.Session(t.Context(), "OWL-100")
	if want := (seance.Settings{Tone: seance.Adult, Spelling: seance.Full, WhoseHand: true}); err != nil ||
		session.Name != "The parlour" || !session.Locked || session.Settings != want {
		t.Errorf("session %+v, %v", session, err)
	}
	if ann, err := s.Participant(t.Context(), "s", "ann"); err != nil || ann.Role != seance.Host || ann.Candle != 1 {
		t.Errorf("participant %+v, %v", ann, err)
	}
	if said, err := s.Message(t.Context(), "s", 2); err != nil || said.Board != "ME" || said.Refers != 1 {
		t.Errorf("answer %+v, %v", said, err)
	}
	rating := seance.Rating{Session: "s", Seq: 2, Participant: "ann", Value: 4, At: time.Unix(3, 0).UTC()}
	if err := s.Rate(t.Context(), rating); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Ratings(t.Context(), "s"); err != nil || len(got) != 1 || got[0] != rating {
		t.Errorf("ratings %+v, %v, want %+v", got, err, rating)
	}
	if next, err := s.Append(t.Context(), seance.Message{ID: "n", Session: "s", Kind: seance.KindQuestion}); err != nil || next.Seq != 3 {
		t.Errorf("next message %+v, %v", next, err)
	}

	// What hangs on a session goes with it.
	if _, err := s.write.ExecContext(t.Context(), `DELETE FROM sessions`); err != nil {
		t.Fatal(err)
	}
	var left int
	err = s.read.QueryRowContext(t.Context(),
		`SELECT (SELECT count(*) FROM ratings) + (SELECT count(*) FROM messages) + (SELECT count(*) FROM participants)`).Scan(&left)
	if err != nil || left != 0 {
		t.Errorf("%d rows are left of a session that is gone, %v", left, err)
	}
}

func TestMigrateDownAndUp(t *testing.T) {
	s := open(t, file(t), Options{})
	defer s.Close()
	steps, err := provider(s.write)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := steps.DownTo(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	var left int
	err = s.read.QueryRowContext(t.Context(),
		`SELECT count(*) FROM sqlite_schema WHERE name NOT LIKE 'goose%' AND name NOT LIKE 'sqlite%'`).Scan(&left)
	if err != nil || left != 0 {
		t.Errorf("%d things are left, %v", left, err)
	}
	if _, err := steps.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.OpenSession(t.Context(), seance.Session{ID: "s", Code: "A-1"}); err != nil {
		t.Error(err)
	}
}

// Nobody changes the schema under a server.
func TestMigrateWhileServed(t *testing.T) {
	path := file(t)
	l, err := takeLock(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Migrate(t.Context(), path); !errors.Is(err, ErrInUse) {
		t.Errorf("migrate: %v, want %q", err, ErrInUse)
	}
	if _, err := Open(t.Context(), path, Options{}); !errors.Is(err, ErrInUse) {
		t.Errorf("open: %v, want %q", err, ErrInUse)
	}
	if err := l.release(); err != nil {
		t.Fatal(err)
	}
	s := open(t, path, Options{})
	defer s.Close()
}

func TestNewerSchema(t *testing.T) {
	path := file(t)
	s := open(t, path, Options{})
	_, err := s.write.ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`)
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path, Options{}); err == nil || !strings.Contains(err.Error(), "newer") {
		t.Errorf("a newer file: %v", err)
	}
}
