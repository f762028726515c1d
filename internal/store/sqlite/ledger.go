package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"seance/internal/seance"
)

// Reserve is described by seance.Ledger.
func (s *Store) Reserve(ctx context.Context, r seance.Reservation) error {
	if !r.Valid() {
		return fmt.Errorf("reservation of %d tokens: %w", r.Tokens, seance.ErrBadRequest)
	}
	return s.writer.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		done, err := tx.StmtContext(ctx, s.reserve).ExecContext(ctx, r.ID, r.Session, r.Provider, seance.DayOf(r.At),
			r.Tokens, r.SessionCap, r.DayCap, r.ProviderCap)
		if err == nil {
			var rows int64
			if rows, err = done.RowsAffected(); err == nil && rows > 0 {
				return nil
			}
		}
		if err != nil {
			return fmt.Errorf("set tokens aside: %w", err)
		}
		var again bool
		if err := tx.StmtContext(ctx, s.reserved).QueryRowContext(ctx, r.ID).Scan(&again); err != nil {
			return fmt.Errorf("look up a call: %w", err)
		}
		if !again {
			return fmt.Errorf("%d tokens for %s: %w", r.Tokens, r.Provider, seance.ErrSpent)
		}
		return nil
	})
}

// Settle is described by seance.Ledger.
func (s *Store) Settle(ctx context.Context, id string, tokens int64) error {
	if tokens < 0 || tokens > seance.MaxTokens {
		return fmt.Errorf("call %s took %d tokens: %w", id, tokens, seance.ErrBadRequest)
	}
	return s.writer.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		done, err := tx.StmtContext(ctx, s.settle).ExecContext(ctx, id, tokens)
		return changed(done, err, "call %s: %w", id, seance.ErrNotFound)
	})
}

// Spent is described by seance.Ledger.
func (s *Store) Spent(ctx context.Context, day time.Time) (map[string]int64, error) {
	type sum struct {
		provider string
		tokens   int64
	}
	sums, err := all(ctx, s.spent, func(row scanner) (one sum, err error) {
		err = row.Scan(&one.provider, &one.tokens)
		return one, err
	}, seance.DayOf(day))
	if err != nil {
		return nil, err
	}
	spent := make(map[string]int64, len(sums))
	for _, one := range sums {
		spent[one.provider] = one.tokens
	}
	return spent, nil
}
