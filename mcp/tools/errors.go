package tools

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"seance/internal/seance"
)

// A Mistake is an error that says in a sentence what the caller did wrong and what to do next.
type Mistake struct{ text string }

// Error is the sentence.
func (m *Mistake) Error() string { return m.text }

// Wrong makes a Mistake.
func Wrong(format string, args ...any) error { return &Mistake{fmt.Sprintf(format, args...)} }

// say is err as a client is told it. What is nobody's mistake goes to the log, and is told as nothing more than that.
func say(log *slog.Logger, err error) error {
	var mistake *Mistake
	var fault *seance.Fault
	switch {
	case errors.As(err, &mistake):
		return mistake
	case errors.As(err, &fault):
		return fault
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return errors.New("the call was given up before it was done; calling it again is safe")
	case errors.Is(err, seance.ErrUnavailable):
		log.Warn("the store is away", "err", err)
		return errors.New("the séance's memory cannot be reached just now; calling again in a moment is safe")
	}
	log.Error("call failed", "err", err)
	return errors.New("this failed for a reason that is in the server's log; calling again is safe")
}
