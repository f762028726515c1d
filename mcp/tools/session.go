package tools

import (
	"context"
	"errors"

	"seance/internal/seance"
)

// Sessions find a séance by its id or its code.
type Sessions interface {
	Session(ctx context.Context, key string) (seance.Session, error)
}

// SessionOf finds the séance that a caller names. It is a Mistake to name none that there is.
func SessionOf(ctx context.Context, s Sessions, key string) (seance.Session, error) {
	found, err := s.Session(ctx, key)
	if errors.Is(err, seance.ErrNotFound) {
		return found, Wrong("there is no séance %q: list_seances of the memory server shows those that there are", key)
	}
	return found, err
}
