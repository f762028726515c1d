package wire

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"seance/internal/seance"
)

func TestErrorsBecomeCodes(t *testing.T) {
	for err, want := range map[error]ErrorCode{
		seance.ErrNotFound:       CodeNotFound,
		seance.ErrClosed:         CodeSessionEnded,
		seance.ErrFull:           CodeSessionFull,
		seance.ErrLocked:         CodeSessionLocked,
		seance.ErrPassphrase:     CodeWrongPassphrase,
		seance.ErrUnauthorized:   CodeUnauthorized,
		seance.ErrForbidden:      CodeForbidden,
		seance.ErrInvalidText:    CodeInvalidText,
		seance.ErrInvalidName:    CodeInvalidName,
		seance.ErrBadRequest:     CodeBadRequest,
		seance.ErrRateLimited:    CodeRateLimited,
		seance.ErrQueueFull:      CodeQueueFull,
		seance.ErrAlreadyQueued:  CodeAlreadyQueued,
		seance.ErrRefused:        CodeRefused,
		seance.ErrTooLarge:       CodeTooLarge,
		seance.ErrUnavailable:    CodeUnavailable,
		seance.ErrExists:         CodeInternal,
		seance.ErrAnswered:       CodeInternal,
		context.DeadlineExceeded: CodeUnavailable,
		context.Canceled:         CodeUnavailable,
		errors.New("disk full"):  CodeInternal,
	} {
		wrapped := fmt.Errorf("seat 7 in session x: %w", err)
		if got := CodeOf(wrapped); got != want {
			t.Errorf("%v is %s, want %s", err, got, want)
		}
		if e := ErrorOf(wrapped); e.Message == "" || strings.Contains(e.Message, "seat 7") {
			t.Errorf("%v is said as %q", err, e.Message)
		}
	}
}

// What went wrong inside stays inside.
func TestUnknownErrorsLeakNothing(t *testing.T) {
	e := ErrorOf(fmt.Errorf("append: %w", errors.New("sqlite: /srv/data/seance.db: database is locked")))
	if strings.Contains(e.Message, "sqlite") || e.RetryAfterMs != 0 {
		t.Errorf("a client reads %+v", e)
	}
}

func TestFaultsSpeakForThemselves(t *testing.T) {
	fault := &seance.Fault{Kind: seance.ErrRateLimited, Say: "One question in 4 s.", RetryAfter: 1500*time.Millisecond + 1}
	got := ErrorOf(fmt.Errorf("ask: %w", fault))
	if want := (Error{CodeRateLimited, "One question in 4 s.", 1501}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	silent := ErrorOf(&seance.Fault{Kind: seance.ErrRefused})
	if silent.Code != CodeRefused || silent.Message == "" {
		t.Errorf("a fault without a sentence says %+v", silent)
	}
}
