package relay

import (
	"errors"
	"fmt"
	"time"

	"seance/internal/seance"
)

// errAway means that a room closed between being found and being sat down in; it is opened again.
var errAway = errors.New("the room has closed")

// The refusals that are always the same.
var (
	errClosing = &seance.Fault{
		Kind: seance.ErrUnavailable, Say: "The house is closing for a moment. Come back shortly.", RetryAfter: 2 * time.Second,
	}
	errKicked     = &seance.Fault{Kind: seance.ErrForbidden, Say: "The host has shown you out of this session."}
	errNoTable    = &seance.Fault{Kind: seance.ErrFull, Say: "Every place at this table is taken. You may still watch."}
	errNoGallery  = &seance.Fault{Kind: seance.ErrFull, Say: "There is no room for more spectators here."}
	errOnlyWatch  = &seance.Fault{Kind: seance.ErrForbidden, Say: "Spectators watch. Join as a player to take part."}
	errNoKey      = &seance.Fault{Kind: seance.ErrBadRequest, Say: "A question needs a message_id."}
	errWaiting    = &seance.Fault{Kind: seance.ErrAlreadyQueued, Say: "Your last question still waits for its answer. One at a time."}
	errQueueFull  = &seance.Fault{Kind: seance.ErrQueueFull, Say: "Enough questions are waiting. Ask again after the next answer."}
	errNoRating   = &seance.Fault{Kind: seance.ErrBadRequest, Say: "Give one to five stars."}
	errNoAnswer   = &seance.Fault{Kind: seance.ErrNotFound, Say: "There is no answer to rate."}
	errNotRated   = &seance.Fault{Kind: seance.ErrUnavailable, Say: "Your stars did not get through. Give them again in a moment.", RetryAfter: 2 * time.Second}
	errNotKept    = &seance.Fault{Kind: seance.ErrUnavailable, Say: "Your question did not get through. Send it again in a moment.", RetryAfter: 2 * time.Second}
	errNoEntrance = &seance.Fault{Kind: seance.ErrUnavailable, Say: "The table cannot be reached right now. Try again in a moment.", RetryAfter: 2 * time.Second}
)

func tooSoon(wait time.Duration) error {
	return &seance.Fault{
		Kind: seance.ErrRateLimited, RetryAfter: wait,
		Say: fmt.Sprintf("The spirit needs a breath. Ask again in %d s.", seconds(wait)),
	}
}

func tooMany(wait time.Duration) error {
	return &seance.Fault{
		Kind: seance.ErrRateLimited, RetryAfter: wait,
		Say: fmt.Sprintf("This table has asked a lot within a minute. Ask again in %d s.", seconds(wait)),
	}
}

// seconds rounds up: who comes back too early is turned away again.
func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

// known reports whether err is of a kind that people may hear about; anything else is ours.
func known(err error) bool {
	if _, ok := errors.AsType[*seance.Fault](err); ok {
		return true
	}
	for _, kind := range []error{
		seance.ErrNotFound, seance.ErrClosed, seance.ErrFull, seance.ErrForbidden, seance.ErrInvalidText, seance.ErrBadRequest,
		seance.ErrRateLimited, seance.ErrRefused, seance.ErrTooLarge, seance.ErrUnauthorized,
	} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}
