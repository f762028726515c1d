package store_test

import (
	"path/filepath"
	"strings"
	"testing"

	"seance/internal/seance"
	"seance/internal/store"
	"seance/internal/store/storetest"
)

func TestOpenIsAStore(t *testing.T) {
	storetest.Durable(t, func(t *testing.T) func() seance.Store {
		url := "sqlite:" + filepath.Join(t.TempDir(), "seance.db")
		return func() seance.Store {
			s, err := store.Open(t.Context(), url, store.Options{Exclusive: true})
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
	})
}

func TestURLs(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, url := range []string{"sqlite:here.db", "sqlite:./data/here.db", "sqlite://" + filepath.Join(t.TempDir(), "a.db")} {
		s, err := store.Open(t.Context(), url, store.Options{})
		if err != nil {
			t.Errorf("%s: %v", url, err)
			continue
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	for url, say := range map[string]string{
		"":                                   "scheme",
		"seance.db":                          "sqlite:PATH",
		"sqlite:":                            "path",
		"sqlite::memory:":                    "file",
		"postgres://ann:secret@db/seance":    "only sqlite:PATH",
		"mysql://ann:secret@localhost/table": "only sqlite:PATH",
	} {
		_, err := store.Open(t.Context(), url, store.Options{})
		if err == nil || !strings.Contains(err.Error(), say) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q gives %v, want a sentence with %q and no password", url, err, say)
		}
		if _, err := store.Migrate(t.Context(), url); err == nil {
			t.Errorf("%q was migrated", url)
		}
		if _, err := store.Migrations(t.Context(), url); err == nil {
			t.Errorf("%q has migrations", url)
		}
	}
}

func TestMigrations(t *testing.T) {
	url := "sqlite:" + filepath.Join(t.TempDir(), "seance.db")
	before, err := store.Migrations(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	applied, err := store.Migrate(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	after, err := store.Migrations(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	if len(before) == 0 || len(applied) != len(before) || len(after) != len(before) {
		t.Fatalf("%d pending, %d applied, %d in all", len(before), len(applied), len(after))
	}
	for i := range after {
		if !before[i].AppliedAt.IsZero() || after[i].AppliedAt.IsZero() {
			t.Errorf("%s: applied %v before and %v after", after[i].Name, before[i].AppliedAt, after[i].AppliedAt)
		}
	}
}
