package llm

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// How long a call's phases may take with the usual patience; see WrapOptions.
const (
	usualPatience = 1500 * time.Millisecond
	pauseWithin   = 1500 * time.Millisecond
	wholeWithin   = 6 * time.Second
)

// A watch ends a call that stays in a phase for too long. The cause it ends it with says which.
type watch struct {
	cancel       context.CancelCauseFunc
	pause, whole time.Duration
	timer        *time.Timer // of the phase
	end          *time.Timer // of the whole

	mu sync.Mutex
	at phase
}

func newWatch(patience time.Duration, cancel context.CancelCauseFunc) *watch {
	scaled := func(d time.Duration) time.Duration {
		return time.Duration(float64(d) * (float64(patience) / float64(usualPatience)))
	}
	w := &watch{cancel: cancel, pause: scaled(pauseWithin), whole: scaled(wholeWithin)}
	w.end = time.AfterFunc(w.whole, func() { cancel(fmt.Errorf("it was not done within %s", w.whole)) })
	w.timer = time.AfterFunc(patience, func() { cancel(w.late(patience)) })
	return w
}

// reached notes progress. Up to the first text there is one limit, whatever comes before it; from there on every event
// renews the limit of a pause.
func (w *watch) reached(p phase) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.at = max(w.at, p); w.at == speaking {
		w.timer.Reset(w.pause)
	}
}

func (w *watch) late(patience time.Duration) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch w.at {
	case asked:
		return fmt.Errorf("no headers came within %s", patience)
	case speaking:
		return fmt.Errorf("it paused for %s", w.pause)
	default:
		return fmt.Errorf("no text came within %s", patience)
	}
}

func (w *watch) stop() {
	w.timer.Stop()
	w.end.Stop()
}
