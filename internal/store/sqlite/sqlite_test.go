package sqlite

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"seance/internal/seance"
	"seance/internal/store/storetest"
)

func TestContract(t *testing.T) {
	storetest.Exercise(t, func(t *testing.T) seance.Store { return open(t, empty(t), Options{}) })
}

func TestContractWithoutGroups(t *testing.T) {
	storetest.Exercise(t, func(t *testing.T) seance.Store { return open(t, empty(t), Options{Group: 1}) })
}

func TestDurable(t *testing.T) {
	storetest.Durable(t, func(t *testing.T) func() seance.Store {
		path := file(t)
		return func() seance.Store { return open(t, path, Options{Exclusive: true}) }
	})
}

func file(t testing.TB) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "seance.db")
}

// empty is the path of a database that was opened and closed once, and holds nothing. Most tests begin with one: to
// migrate a new file takes longer than what they are about, and is proven by those of migrations and paths.
func empty(t testing.TB) string {
	t.Helper()
	data, err := migrated()
	if err != nil {
		t.Fatal(err)
	}
	path := file(t)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

var migrated = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "seance")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "seance.db")
	s, err := Open(context.Background(), path, Options{})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func open(t testing.TB, path string, o Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRemembers(t *testing.T) {
	storetest.Remember(t, func(t *testing.T) seance.Archive { return open(t, empty(t), Options{}) })
}
