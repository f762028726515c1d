package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"seance/internal/seance"
)

// Rate is described by seance.Ratings.
func (s *Store) Rate(ctx context.Context, r seance.Rating) error {
	if !r.Valid() {
		return fmt.Errorf("rating of %d: %w", r.Value, seance.ErrBadRequest)
	}
	return s.writer.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		done, err := tx.StmtContext(ctx, s.rate).ExecContext(ctx, r.Session, within(r.Seq), r.Participant, r.Value,
			r.At.UnixMicro())
		return changed(done, err, "answer %d of %s for %s: %w", r.Seq, r.Session, r.Participant, seance.ErrNotFound)
	})
}

// Ratings is described by seance.Ratings.
func (s *Store) Ratings(ctx context.Context, id seance.SessionID) ([]seance.Rating, error) {
	return all(ctx, s.ratings, scanRating, id)
}
