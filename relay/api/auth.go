package api

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"

	"seance/internal/seance"
	"seance/internal/secret"
)

// What an operation asks of a token: that there is one, or that it is good if there is one.
var (
	holder = []map[string][]string{{"token": {}}}
	anyone = []map[string][]string{{}, {"token": {}}}
)

// caller is who a request comes from and where they reached us, as far as that can be known.
type caller struct {
	address string
	origin  string
}

// Resolve looks the caller up; nobody is refused here.
func (c *caller) Resolve(ctx huma.Context) []error {
	fc := humafiber.Unwrap(ctx)
	c.address = serverOf(ctx).address(fc)
	c.origin = fc.Protocol() + "://" + fc.Hostname()
	return nil
}

// holds finds the session that key names and the participant of it that the Authorization header names. ErrUnauthorized if there is
// no valid token or its participant was put out; ErrNotFound if there is no such session; ErrForbidden if the token is
// another session's.
func (s *Server) holds(ctx context.Context, authorization, key string) (at seance.Session, p seance.Participant, err error) {
	scheme, signed, _ := strings.Cut(authorization, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return at, p, seance.ErrUnauthorized
	}
	claims, err := s.tokens.Verify(strings.TrimSpace(signed))
	if err != nil {
		return at, p, seance.ErrUnauthorized
	}
	at, err = s.store.Session(ctx, key)
	if err != nil {
		return at, p, fmt.Errorf("session: %w", err)
	}
	if claims.Session != at.ID {
		return at, p, &seance.Fault{Kind: seance.ErrForbidden, Say: "That is the token of another session."}
	}
	p, err = s.store.Participant(ctx, at.ID, claims.Participant)
	if errors.Is(err, seance.ErrNotFound) || err == nil && !p.KickedAt.IsZero() {
		return at, p, seance.ErrUnauthorized
	}
	if err != nil {
		return at, p, fmt.Errorf("participant %s: %w", claims.Participant, err)
	}
	return at, p, nil
}

// guesses keeps passphrases from being guessed: who has been wrong too often from one address waits, and while they
// wait nothing is compared.
type guesses struct {
	secrets *secret.Keeper
	limit   Limiter // limits nothing if nil

	mu    sync.Mutex
	until map[string]time.Time // by address
}

// check compares what somebody said with the session's passphrase.
func (g *guesses) check(ctx context.Context, address, hash, said string) error {
	if hash == "" {
		return nil
	}
	if said == "" {
		return &seance.Fault{Kind: seance.ErrPassphrase, Say: "This table asks for a passphrase."}
	}
	if wait := g.wait(address); wait > 0 {
		return tooFast("Too many wrong passphrases.", wait)
	}
	err := g.secrets.Check(ctx, hash, said)
	if !errors.Is(err, seance.ErrPassphrase) {
		return err
	}
	if wait := g.wrong(address); wait > 0 {
		return tooFast("Too many wrong passphrases.", wait)
	}
	return err
}

func (g *guesses) wait(address string) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return time.Until(g.until[address])
}

// wrong counts one wrong passphrase and says how long the address waits for it.
func (g *guesses) wrong(address string) time.Duration {
	if g.limit == nil {
		return 0
	}
	wait, ok := g.limit.Allow(address)
	if ok {
		return 0
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	for other, until := range g.until { // whoever is in here has had their five guesses: there are few
		if until.Before(now) {
			delete(g.until, other)
		}
	}
	if g.until == nil {
		g.until = map[string]time.Time{}
	}
	g.until[address] = now.Add(wait)
	return wait
}
