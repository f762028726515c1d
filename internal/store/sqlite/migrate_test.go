package sqlite

import (
	"errors"
	"os"
	"strings"
	"testing"

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
