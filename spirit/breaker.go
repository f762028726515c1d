package spirit

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/sony/gobreaker/v2"

	"seance/internal/seance"
)

// A mind is left alone for a while when it fails: after so many failures in a row, or when half of at least so many
// calls failed.
const (
	breakAfter  = 3
	breakOf     = 10
	breakWindow = 5 * time.Minute // calls that are older no longer count
	breakStep   = 30 * time.Second
	breakFor    = 30 * time.Second

	// Who is not let in, or asks for a model that is not there, will not be before somebody mends it.
	mendFor = 10 * time.Minute
	// Too many calls: when the other side does not say for how long.
	rateFor = 30 * time.Second
	// A wrong call may be the fault of that one question; so many in a row are not.
	wrongCalls = 2
)

var errOpen = errors.New("it failed lately and is left alone for a while")

// A breaker knows when a mind is not worth asking. The circuit breaker counts; beside it stands until when the mind
// itself, or what it said, asks to be left alone, because a circuit breaker knows one length of time only. Safe for
// concurrent use.
type breaker struct {
	circuit *gobreaker.TwoStepCircuitBreaker[struct{}]
	name    string
	log     *slog.Logger

	mu    sync.Mutex
	until time.Time
	wrong int // wrong calls in a row
}

func newBreaker(name string, log *slog.Logger) *breaker {
	return &breaker{name: name, log: log, circuit: gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
		Name: name, Interval: breakWindow, BucketPeriod: breakStep, Timeout: breakFor,
		ReadyToTrip: func(n gobreaker.Counts) bool {
			told := n.TotalSuccesses + n.TotalFailures
			return n.ConsecutiveFailures >= breakAfter || told >= breakOf && 2*n.TotalFailures >= told
		},
		IsExcluded: blameless,
		OnStateChange: func(_ string, from, to gobreaker.State) {
			log.Warn("mind's circuit changes", "mind", name, "from", from.String(), "to", to.String())
		},
	})}
}

// ready guesses whether allow would let a call through.
func (b *breaker) ready() bool { return !b.held() && b.circuit.State() != gobreaker.StateOpen }

func (b *breaker) held() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return time.Now().Before(b.until)
}

// allow lets a call through, whose outcome done is told exactly once, or returns errOpen at once.
func (b *breaker) allow() (done func(error), err error) {
	if b.held() {
		return nil, errOpen
	}
	tell, err := b.circuit.Allow()
	if err != nil {
		return nil, errOpen
	}
	return func(err error) {
		b.hold(err)
		tell(err)
	}, nil
}

// hold leaves the mind alone for as long as the cause of a failure is likely to last.
func (b *breaker) hold(err error) {
	now := time.Now()
	f, _ := errors.AsType[*Failure](err)
	b.mu.Lock()
	defer b.mu.Unlock()
	if blameless(err) {
		return
	}
	if f == nil || f.Kind != FailedBadRequest {
		b.wrong = 0
	}
	if f == nil {
		return
	}
	var wait time.Duration
	switch f.Kind {
	case FailedAuth:
		wait = mendFor
	case FailedBadRequest:
		if b.wrong++; b.wrong >= wrongCalls {
			wait = mendFor
		}
	case FailedRate:
		if wait = f.RetryAfter; wait <= 0 {
			wait = rateFor
		}
	case FailedQuota:
		if wait = f.RetryAfter; wait <= 0 {
			wait = now.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour).Sub(now)
		}
	}
	if wait = min(wait, mendFor); wait > 0 && now.Add(wait).After(b.until) {
		b.until = now.Add(wait)
		b.log.Warn("mind is left alone", "mind", b.name, "kind", f.Kind, "for", wait)
	}
}

// blameless reports whether err says nothing about the health of a mind: it was not asked after all, we broke off, or it
// would not play, which one rude question can bring about and must not cost other tables their mind.
func blameless(err error) bool {
	if f, ok := errors.AsType[*Failure](err); ok {
		return f.Kind == FailedCanceled || f.Kind == FailedRefused
	}
	return errors.Is(err, seance.ErrSpent) || errors.Is(err, errLedger) || errors.Is(err, context.Canceled)
}
