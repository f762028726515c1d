package spirit

import (
	"context"
	"time"

	"seance/internal/seance"
)

// A Mind is a Provider and how long it is waited for.
type Mind struct {
	Provider Provider
	// Patience is how long it may take to its first text. 0 is the usual 1.5 s; a mind that is slow and wanted may have
	// up to MaxPatience, which stretches its other limits and the whole answer's.
	Patience time.Duration
	// Tokens is the most that one call takes, set aside before it: 0 means that the mind costs nothing and no budget
	// holds for it.
	Tokens int64
	// Daily caps the tokens of this mind on one UTC day; 0 is no cap.
	Daily int64
}

// MaxPatience bounds Mind.Patience.
const MaxPatience = 12 * time.Second

// Budget caps what minds may take together, in tokens. 0 is no cap.
type Budget struct {
	Session int64 // in one session
	Day     int64 // on one UTC day
}

// Hooks are asked about a question once care has found nothing and the door has cleaned it. *hooks.Runner are some.
type Hooks interface {
	// Asked returns what hooks add to the question, or refuses it with a *seance.Fault of kind ErrRefused. It takes 2 s
	// at most, and a hook that fails costs what it would have added. Any other error is the same as nothing added.
	Asked(ctx context.Context, q seance.Question) (seance.Advice, error)
}

// A Failure says why a mind gave no whole answer, so that the chain knows whether and when to ask it again. Find it
// with errors.AsType.
type Failure struct {
	Kind       FailureKind
	RetryAfter time.Duration // when the mind said so; else 0
	Err        error         // what was seen: status and phase, never a key, a prompt or an answer
}

// Error says what was seen.
func (f *Failure) Error() string { return string(f.Kind) + ": " + f.Err.Error() }

// Unwrap returns what was seen.
func (f *Failure) Unwrap() error { return f.Err }

// FailureKind tells failures apart.
type FailureKind string

// The kinds of failures.
const (
	FailedAuth       FailureKind = "auth"        // the key is wrong or may not do this
	FailedRate       FailureKind = "rate"        // too many calls for now
	FailedQuota      FailureKind = "quota"       // nothing left of what is paid for
	FailedBadRequest FailureKind = "bad_request" // the call itself, an unknown model among it
	FailedOverloaded FailureKind = "overloaded"  // the other side is in trouble
	FailedTimeout    FailureKind = "timeout"     // no headers, no first text, or a pause too long
	FailedCanceled   FailureKind = "canceled"    // by us: no failure of the mind
	FailedTruncated  FailureKind = "truncated"   // it ended without saying why
	FailedEmpty      FailureKind = "empty"       // it came to its end and said nothing
	FailedRefused    FailureKind = "refused"     // it spoke as the machine it is, not as the spirit
	FailedBroken     FailureKind = "broken"      // it panicked
)

// A Call is one mind asked once, as Options.Observe hears of it: it is told exactly once, whatever came of it, when the
// mind has come to its end. That is after the answer if the mind did not stop when it was told to.
type Call struct {
	Session     seance.SessionID
	Question    uint64           // its Seq; 0 for an initiative
	Message     seance.MessageID // the question's; empty for an initiative
	Initiative  string           // its key; empty for a question
	Mind        string           // the provider's name
	Result      Result
	Announced   bool          // its words became the board line
	Source      seance.Source // of the board line if Announced
	Fallback    bool          // it was not the first in the chain
	Estimated   bool          // the mind did not tell its tokens, or not all: they are reckoned from characters
	Guarded     bool          // the guard put a deflection in the place of what it said
	FirstLetter time.Duration // from the question's turn to the announcement, if Announced
	FirstLine   time.Duration // from its call to its whole first line; 0 if there was none
	Took        time.Duration // from its call to its end
	Err         error         // nil, or often a *Failure
}
