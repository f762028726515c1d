package inmem_test

import (
	"testing"

	"seance/internal/seance"
	"seance/internal/store/inmem"
	"seance/internal/store/storetest"
)

func TestContract(t *testing.T) {
	storetest.Exercise(t, func(*testing.T) seance.Store { return inmem.New() })
}
