package seance

import (
	"context"
	"errors"
	"time"
)

// ErrSpent means that a cap on tokens leaves no room for a call.
var ErrSpent = errors.New("the tokens set aside for this are spent")

// A Ledger counts the tokens that minds cost, durably and for all nodes together. Safe for concurrent use. What was
// reserved and never settled, because the process died, counts as spent.
type Ledger interface {
	// Reserve sets r.Tokens aside if every cap of r leaves room for them, in one step. ErrSpent if one does not. The
	// same r.ID again changes nothing. ErrBadRequest if r is not valid.
	Reserve(ctx context.Context, r Reservation) error
	// Settle puts what a call really took in the place of what was set aside for it. Settling again changes nothing.
	// ErrNotFound; ErrBadRequest if tokens is less than 0 or more than MaxTokens.
	Settle(ctx context.Context, id string, tokens int64) error
	// Spent returns what was reserved or settled on the UTC day of the given time, by provider: nothing of those that
	// were not asked.
	Spent(ctx context.Context, day time.Time) (map[string]int64, error)
}

// A Reservation asks for tokens before a call. A cap of 0 is none.
type Reservation struct {
	ID       string // of the call
	Session  SessionID
	Provider string
	At       time.Time // its UTC day is the one that is charged
	Tokens   int64     // the most the call may take

	SessionCap  int64 // for everything a session costs
	DayCap      int64 // for everything that day
	ProviderCap int64 // for this provider that day
}

// MaxTokens bounds what one call can cost: far more than any does, so that sums never overflow.
const MaxTokens = 1 << 40

// Valid reports whether r can be kept: it has an ID and 0 to MaxTokens tokens.
func (r Reservation) Valid() bool { return r.ID != "" && 0 <= r.Tokens && r.Tokens <= MaxTokens }

// DayOf is the UTC day of t as a ledger counts days: since 1 January 1970.
func DayOf(t time.Time) int64 {
	const day = 24 * 60 * 60
	seconds := t.Unix()
	return (seconds - ((seconds%day)+day)%day) / day
}
