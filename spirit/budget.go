package spirit

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"seance/internal/seance"
)

const (
	reserveWithin = 150 * time.Millisecond
	settleWithin  = 5 * time.Second
	charsPerToken = 4 // of English, roughly; what a mind does not tell is reckoned with it
)

// errLedger says that nothing can be set aside: a mind that costs is not asked then, so that no spending goes untold.
var errLedger = errors.New("the ledger does not answer")

// A hold is tokens that are being set aside for one call. It is used or dropped exactly once.
type hold struct {
	spirit *Spirit
	mind   *mind
	id     string
	began  time.Time
	result chan error
	used   chan bool // what became of it, told once
}

// costs reports whether a mind is one that budgets hold for.
func (a *answer) costs(m *mind) bool { return m.Tokens > 0 && a.spirit.o.Ledger != nil }

// reserveAhead sets tokens aside for the mind that will probably be asked first, while the memory is asked.
func (a *answer) reserveAhead(ctx context.Context) {
	for _, m := range a.spirit.minds {
		if m.breaker.ready() {
			if a.costs(m) {
				a.ahead = a.reserve(ctx, m)
			}
			return
		}
	}
}

// release gives back what was set aside and not used.
func (a *answer) release() {
	if a.ahead != nil {
		a.ahead.used <- false
		a.ahead = nil
	}
}

// hold sets aside what a call of m takes: seance.ErrSpent or errLedger if that cannot be. It is nil for a mind that
// costs nothing.
func (a *answer) hold(ctx context.Context, m *mind) (*hold, error) {
	if !a.costs(m) {
		return nil, nil
	}
	h := a.ahead
	if h != nil && h.mind == m {
		a.ahead = nil
	} else {
		h = a.reserve(ctx, m)
	}
	late := time.NewTimer(time.Until(h.began.Add(reserveWithin)))
	defer late.Stop()
	var err error
	select {
	case err = <-h.result:
	case <-ctx.Done():
		err = &Failure{Kind: FailedCanceled, Err: context.Cause(ctx)}
	case <-late.C:
		err = fmt.Errorf("%w within %v", errLedger, reserveWithin)
	}
	h.used <- err == nil
	if err != nil {
		return nil, err
	}
	return h, nil
}

// reserve begins to set tokens aside. The ledger may take longer than anyone waits: what it then sets aside is given
// back.
func (a *answer) reserve(ctx context.Context, m *mind) *hold {
	s := a.spirit
	h := &hold{
		spirit: s, mind: m, id: rand.Text(), began: time.Now(), result: make(chan error, 1), used: make(chan bool, 1),
	}
	r := seance.Reservation{
		ID: h.id, Session: a.question.Session.ID, Provider: m.Provider.Name(), At: h.began, Tokens: m.Tokens,
		SessionCap: s.o.Budget.Session, DayCap: s.o.Budget.Day, ProviderCap: m.Daily,
	}
	s.tasks.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, reserveWithin)
		defer cancel()
		err := s.o.Ledger.Reserve(ctx, r)
		if err != nil && !errors.Is(err, seance.ErrSpent) {
			err = fmt.Errorf("%w: %w", errLedger, err)
		}
		h.result <- err
		if used := <-h.used; err == nil && !used {
			h.settle(ctx, 0)
		}
	})
	return h
}

// settle tells the ledger what the call took.
func (h *hold) settle(ctx context.Context, tokens int64) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleWithin)
	defer cancel()
	if err := h.spirit.o.Ledger.Settle(ctx, h.id, tokens); err != nil {
		h.spirit.log.Warn("cost not settled: what was set aside counts as spent", "mind", h.mind.Provider.Name(), "err", err)
	}
}

// reckon fills in what a mind did not tell of its tokens, from the characters that it read and wrote, and reports
// whether it had to. A call that was turned away at the door took none.
func reckon(r Result, p Prompt, heard int, err error) (_ Result, estimated bool) {
	if f, ok := errors.AsType[*Failure](err); ok && heard == 0 {
		switch f.Kind {
		case FailedAuth, FailedRate, FailedQuota, FailedBadRequest:
			return r, false
		}
	}
	if r.TokensIn <= 0 {
		read := utf8.RuneCountInString(p.System) + utf8.RuneCountInString(p.Asked)
		r.TokensIn, estimated = (read+charsPerToken-1)/charsPerToken, true
	}
	if r.TokensOut <= 0 && heard > 0 {
		r.TokensOut, estimated = (heard+charsPerToken-1)/charsPerToken, true
	}
	return r, estimated
}
