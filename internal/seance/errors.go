package seance

import (
	"errors"
	"time"
)

// The kinds of things that go wrong. Tell them apart with errors.Is; only the edges turn them into codes.
var (
	ErrNotFound      = errors.New("not found")
	ErrExists        = errors.New("exists already")
	ErrClosed        = errors.New("the session has ended")
	ErrAnswered      = errors.New("the question has an answer already")
	ErrFull          = errors.New("every seat is taken")
	ErrLocked        = errors.New("the session is locked")
	ErrPassphrase    = errors.New("wrong passphrase")
	ErrUnauthorized  = errors.New("no valid token")
	ErrForbidden     = errors.New("not allowed")
	ErrInvalidText   = errors.New("invalid text")
	ErrInvalidName   = errors.New("invalid name")
	ErrBadRequest    = errors.New("bad request")
	ErrRateLimited   = errors.New("too many at once")
	ErrQueueFull     = errors.New("the queue of questions is full")
	ErrAlreadyQueued = errors.New("a question of yours is waiting already")
	ErrRefused       = errors.New("refused")
	ErrTooLarge      = errors.New("too large")
	ErrUnavailable   = errors.New("unavailable")
)

// A Fault is an error with a sentence for the person at the board. Everything else about an error goes to the log and
// never to a client.
type Fault struct {
	Kind       error         // one of the errors above; errors.Is finds it
	Say        string        // a sentence a player can act on
	RetryAfter time.Duration // when it is worth trying again; 0 if that does not apply
}

// Error returns the sentence.
func (f *Fault) Error() string { return f.Say }

// Unwrap returns the kind.
func (f *Fault) Unwrap() error { return f.Kind }
