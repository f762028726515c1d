package wire

import (
	"context"
	"errors"
	"time"

	"seance/internal/seance"
)

// kinds are the errors a client may learn of, each with its code and what is said when the error itself says nothing
// to a player.
var kinds = []struct {
	err  error
	code ErrorCode
	say  string
}{
	{seance.ErrNotFound, CodeNotFound, "There is no such session. Check the code with your host."},
	{seance.ErrClosed, CodeSessionEnded, "This session has ended."},
	{seance.ErrFull, CodeSessionFull, "Every seat at this table is taken."},
	{seance.ErrLocked, CodeSessionLocked, "The host has locked this session."},
	{seance.ErrPassphrase, CodeWrongPassphrase, "That is not the passphrase."},
	{seance.ErrUnauthorized, CodeUnauthorized, "Your place at this table is not valid any more. Join the session again."},
	{seance.ErrForbidden, CodeForbidden, "You may not do that in this session."},
	{seance.ErrInvalidText, CodeInvalidText, "The spirit cannot read this question. Write it differently."},
	{seance.ErrInvalidName, CodeInvalidName, "Choose another name."},
	{seance.ErrBadRequest, CodeBadRequest, "The server could not read that."},
	{seance.ErrRateLimited, CodeRateLimited, "That was too fast. Wait a moment."},
	{seance.ErrQueueFull, CodeQueueFull, "Too many questions are waiting. Ask again after the next answer."},
	{seance.ErrAlreadyQueued, CodeAlreadyQueued, "Your last question is still waiting for its answer."},
	{seance.ErrRefused, CodeRefused, "That question was turned away."},
	{seance.ErrTooLarge, CodeTooLarge, "That is too long."},
	{seance.ErrUnavailable, CodeUnavailable, "This does not work right now."},
	{context.DeadlineExceeded, CodeUnavailable, "That took too long. Try again."},
	{context.Canceled, CodeUnavailable, "The server is closing. Try again in a moment."},
}

// CodeOf is the code of err's kind; whatever is not known here is internal.
func CodeOf(err error) ErrorCode { return ErrorOf(err).Code }

// ErrorOf is err as a client may see it: a *seance.Fault with its own sentence, everything else with that of its kind.
func ErrorOf(err error) Error {
	out := Error{Code: CodeInternal, Message: "Something went wrong on our side. Try again."}
	for _, k := range kinds {
		if errors.Is(err, k.err) {
			out = Error{Code: k.code, Message: k.say}
			break
		}
	}
	var fault *seance.Fault
	if errors.As(err, &fault) {
		if fault.Say != "" {
			out.Message = fault.Say
		}
		// Rounded up: who comes back a fraction of a millisecond early is turned away again.
		out.RetryAfterMs = int64((fault.RetryAfter + time.Millisecond - 1) / time.Millisecond)
	}
	return out
}
