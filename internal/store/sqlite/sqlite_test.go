package sqlite

import (
	"path/filepath"
	"testing"

	"seance/internal/seance"
	"seance/internal/store/storetest"
)

func TestContract(t *testing.T) {
	storetest.Exercise(t, func(t *testing.T) seance.Store { return open(t, file(t), Options{}) })
}

func TestContractWithoutGroups(t *testing.T) {
	storetest.Exercise(t, func(t *testing.T) seance.Store { return open(t, file(t), Options{Group: 1}) })
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

func open(t testing.TB, path string, o Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRemembers(t *testing.T) {
	storetest.Remember(t, func(t *testing.T) seance.Archive { return open(t, file(t), Options{}) })
}
