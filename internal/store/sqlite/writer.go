package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"seance/internal/seance"
)

// queued is how many writes may wait before callers wait for a place in the queue.
const queued = 256

// A writer is the one goroutine that writes. It takes what is waiting, without lingering for more, and commits it as
// one.
type writer struct {
	db       *sql.DB
	group    int
	observed func(writes int, took time.Duration, err error)
	done     chan struct{}

	mu      sync.RWMutex // held for reading while a write is queued, so that the queue is never closed under it
	stopped bool
	queue   chan *write
}

// A write is one caller's part of a transaction. do may run twice, in two transactions of which only the second is
// kept. It decides before it changes anything: when it returns a refusal, it has changed nothing.
type write struct {
	do   func(ctx context.Context, tx *sql.Tx) error
	solo func(ctx context.Context, db *sql.DB) error // instead of do: outside of any transaction
	err  error
	done chan struct{}
}

var errStopped = fmt.Errorf("the store is closed: %w", seance.ErrUnavailable)

// startWriter starts a writer that commits at most group writes at once, until stop, and tells observed of every
// transaction. ctx is for its transactions.
func startWriter(
	ctx context.Context, db *sql.DB, group int, observed func(writes int, took time.Duration, err error),
) *writer {
	w := &writer{db: db, group: group, observed: observed, queue: make(chan *write, queued), done: make(chan struct{})}
	go w.run(ctx)
	return w
}

// stop refuses further writes and waits for those that were accepted. Stopping twice is harmless.
func (w *writer) stop() {
	w.mu.Lock()
	if !w.stopped {
		w.stopped = true
		close(w.queue)
	}
	w.mu.Unlock()
	<-w.done
}

// write runs do within a transaction and returns once that is durable, or do's own error. ctx only ends the wait for a
// place in the queue: what was accepted is done, and its true outcome told.
func (w *writer) write(ctx context.Context, do func(ctx context.Context, tx *sql.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	return w.wait(ctx, &write{do: do, done: make(chan struct{})})
}

// alone runs do between two transactions, for what cannot be done within one.
func (w *writer) alone(ctx context.Context, do func(ctx context.Context, db *sql.DB) error) error {
	return w.wait(ctx, &write{solo: do, done: make(chan struct{})})
}

func (w *writer) wait(ctx context.Context, item *write) error {
	if err := w.accept(ctx, item); err != nil {
		return err
	}
	<-item.done
	return item.err
}

func (w *writer) accept(ctx context.Context, item *write) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.stopped {
		return errStopped
	}
	select {
	case w.queue <- item:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (w *writer) run(ctx context.Context) {
	defer close(w.done)
	group := make([]*write, 0, w.group)
	for first := range w.queue {
		for next := first; next != nil; {
			group, next = w.gather(group[:0], next)
			w.settle(ctx, group)
			clear(group)
		}
	}
}

// gather takes what is waiting behind first, up to one that wants to be alone, which is left for the next round.
func (w *writer) gather(group []*write, first *write) (_ []*write, left *write) {
	group = append(group, first)
	for first.solo == nil && len(group) < w.group {
		next, ok := w.waiting()
		if !ok {
			break
		}
		if next.solo != nil {
			return group, next
		}
		group = append(group, next)
	}
	return group, nil
}

// waiting takes a write from the queue if there is one.
func (w *writer) waiting() (*write, bool) {
	select {
	case next, ok := <-w.queue:
		return next, ok
	default:
		return nil, false
	}
}

// settle commits a group and tells everyone in it. If one of them breaks the transaction, each gets one of its own.
func (w *writer) settle(ctx context.Context, group []*write) {
	if solo := group[0].solo; solo != nil {
		if group[0].err = solo(ctx, w.db); group[0].err != nil && !refusal(group[0].err) {
			group[0].err = failed(ctx, group[0].err)
		}
	} else if broken := w.commit(ctx, group); broken && len(group) > 1 {
		for i := range group {
			w.commit(ctx, group[i:i+1])
		}
	}
	for _, item := range group {
		close(item.done)
	}
}

// commit does a group in one transaction and sets everyone's outcome. broken says that the fault was one write's, so
// that the others are worth another try; a database that cannot begin or commit is everyone's fault.
func (w *writer) commit(ctx context.Context, group []*write) (broken bool) {
	began := time.Now()
	broken, err := w.transact(ctx, group)
	w.observed(len(group), time.Since(began), err)
	return broken
}

func (w *writer) transact(ctx context.Context, group []*write) (broken bool, _ error) {
	tx, err := w.db.BeginTx(ctx, nil)
	if err != nil {
		fail(ctx, group, err)
		return false, err
	}
	for _, item := range group {
		item.err = item.do(ctx, tx)
		if item.err == nil || refusal(item.err) {
			continue
		}
		err := item.err
		fail(ctx, group, err)
		// The transaction may be gone by now, as after a full disk: rolling back is all that is safe.
		_ = tx.Rollback()
		return true, err
	}
	if err := tx.Commit(); err != nil {
		fail(ctx, group, err)
		return false, err
	}
	return false, nil
}

func fail(ctx context.Context, group []*write, err error) {
	err = failed(ctx, err)
	for _, item := range group {
		item.err = err
	}
}

// refusal says that err is a write's answer and not a fault.
func refusal(err error) bool {
	return errors.Is(err, seance.ErrNotFound) || errors.Is(err, seance.ErrExists) ||
		errors.Is(err, seance.ErrClosed) || errors.Is(err, seance.ErrAnswered) || errors.Is(err, seance.ErrSpent) ||
		errors.Is(err, seance.ErrForbidden) || errors.Is(err, seance.ErrBadRequest)
}
