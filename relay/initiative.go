package relay

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"seance/internal/seance"
)

// Why an initiative is not spoken.
var (
	errNoMoment = fmt.Errorf("no free moment came within %v: %w", momentFor, seance.ErrUnavailable)
	errGaveWay  = fmt.Errorf("it gave way to a question: %w", seance.ErrUnavailable)
	errCoolDown = fmt.Errorf("less than %v after the last one: %w", coolDown, seance.ErrRateLimited)
	errHourly   = fmt.Errorf("%d within an hour: %w", hourly, seance.ErrRateLimited)
	errNothing  = errors.New("the spirit had nothing to say")
)

// A bid is an initiative that wants to be spoken. All but done is guarded by the room's mu.
type bid struct {
	seance.Initiative
	begun bool                    // the Medium is at it
	said  bool                    // its board line is on the way into the journal: it is no longer given up
	lost  error                   // why it was given up
	stop  context.CancelCauseFunc // ends the Medium's work; nil before that

	done chan struct{} // closed once err is set
	err  error
}

// Initiate lets the spirit speak without having been asked, and returns once the board line is kept. It waits up to
// 10 s for a moment in which somebody sits at the table, no question waits or is being answered and no letters are
// spelled; a question that comes before the board line is there takes its place. The same key again is spoken once, and
// no error. ErrUnavailable if no such moment came or a question did; ErrRateLimited less than a minute after the last
// initiative of the session, after 12 within an hour, or while another one waits; ErrBadRequest without a key;
// ErrNotFound; ErrClosed. An initiative that fails says nothing at all.
func (h *Hub) Initiate(ctx context.Context, i seance.Initiative) error {
	id := i.Occasion.Session.ID
	if i.Key == "" {
		return fmt.Errorf("initiative in session %s without a key: %w", id, seance.ErrBadRequest)
	}
	deadline := time.After(momentFor)
	r, err := h.room(ctx, id)
	if err == nil {
		err = r.scan(ctx)
	}
	if err == nil {
		err = r.initiate(ctx, i, deadline)
	}
	if err != nil {
		return fmt.Errorf("initiative in session %s: %w", id, err)
	}
	return nil
}

func (r *Room) initiate(ctx context.Context, i seance.Initiative, deadline <-chan time.Time) error {
	b, err := r.offer(i)
	if b == nil {
		return err
	}
	select {
	case <-b.done:
	case <-deadline:
		r.withdraw(b, errNoMoment, false)
	case <-ctx.Done():
		r.withdraw(b, context.Cause(ctx), true)
	}
	select {
	case <-b.done:
	case <-ctx.Done():
		r.withdraw(b, context.Cause(ctx), true)
		<-b.done // soon: what is on its way into the journal is waited for
	}
	return b.err
}

// offer takes an initiative, unless the session has had enough of them. Without an error and a bid it was spoken already.
func (r *Room) offer(i seance.Initiative) (*bid, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.state == ended:
		return nil, seance.ErrClosed
	case r.state != live:
		return nil, errClosing
	case r.spoken[i.Key]:
		return nil, nil
	case r.bid != nil:
		return nil, errCoolDown
	}
	r.unasked = slices.DeleteFunc(r.unasked, func(at time.Time) bool { return time.Since(at) >= time.Hour })
	if len(r.unasked) >= hourly {
		return nil, errHourly
	}
	if n := len(r.unasked); n > 0 && time.Since(r.unasked[n-1]) < coolDown {
		return nil, errCoolDown
	}
	r.bid = &bid{Initiative: i, done: make(chan struct{})}
	r.poke()
	return r.bid, nil
}

// withdraw gives an initiative up that waits, or, if it is to be stopped, also one that has no board line yet.
func (r *Room) withdraw(b *bid, why error, stop bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.bid != b:
	case !b.begun:
		r.settleBid(b, why)
	case stop:
		r.giveUpBid(why)
	}
}

// giveWay gives up an initiative that has no board line yet, because somebody asks. The caller holds mu.
func (r *Room) giveWay() {
	if r.bid != nil && r.bid.begun {
		r.giveUpBid(errGaveWay)
	}
}

// giveUpBid stops the Medium's work on an initiative, unless its board line is there. The caller holds mu.
func (r *Room) giveUpBid(why error) {
	b := r.bid
	if b.said || b.lost != nil {
		return
	}
	b.lost = why
	if b.stop != nil {
		b.stop(why)
	}
}

// settleBid tells whoever waits what became of an initiative. The caller holds mu.
func (r *Room) settleBid(b *bid, err error) {
	if r.bid == b {
		r.bid = nil
	}
	b.err = err
	close(b.done)
}

// dropBid is for a room that has ended: what waited for its moment waits in vain.
func (r *Room) dropBid() {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.bid == nil:
	case r.state == ended:
		r.settleBid(r.bid, seance.ErrClosed)
	default:
		r.settleBid(r.bid, errClosing)
	}
}

// mayInitiate tells whether an initiative waits and nothing is in its way but letters that are spelled. The caller
// holds mu.
func (r *Room) mayInitiate() bool {
	return r.bid != nil && !r.bid.begun &&
		len(r.asking) == 0 && len(r.queue) == 0 && r.making == 0 && r.sitting() > 0
}

// speak returns once an initiative is kept or given up. The Medium may go on whispering.
func (t *turn) speak(making context.Context, over <-chan outcome) {
	r := t.room
	var failed error
	select {
	case <-t.kept:
	case out := <-over:
		failed = out.err
	case <-making.Done():
		failed = context.Cause(making)
	}
	t.mu.Lock()
	spoken := t.answer != 0 || t.again
	t.over = t.over || !spoken
	t.mu.Unlock()

	r.mu.Lock()
	defer r.mu.Unlock()
	var err error
	switch {
	case spoken:
	case r.state == ended:
		err = seance.ErrClosed
	case t.bid.lost != nil:
		err = t.bid.lost
	case failed != nil:
		err = fmt.Errorf("%w: %w", errNothing, failed)
	default:
		err = errNothing
	}
	r.settleBid(t.bid, err)
}

// unaskedFor is what the Medium needs to know to speak unasked.
func (r *Room) unaskedFor(b *bid) seance.Question {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := b.Initiative
	return seance.Question{Session: r.session, Present: r.table(), Initiative: &i}
}

// utters lets an initiative's board line into the journal, unless somebody has asked in the meantime.
func (r *Room) utters(b *bid) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if b.lost != nil {
		return errOver
	}
	b.said = true
	return nil
}

// spoke notes that an initiative is kept; again changes nothing. The caller holds mu.
func (r *Room) spoke(m seance.Message) {
	if r.spoken == nil || m.Refers != 0 || r.spoken[m.Key] {
		return
	}
	r.spoken[m.Key] = true
	i, _ := slices.BinarySearchFunc(r.unasked, m.At, time.Time.Compare)
	r.unasked = slices.Insert(r.unasked, i, m.At)
}

// scan reads from the journal, once, which initiatives were spoken before the room opened.
func (r *Room) scan(ctx context.Context) error {
	r.mu.Lock()
	scanned := r.scanned
	if r.spoken == nil {
		r.spoken = make(map[string]bool) // from here on, keep sees to it
	}
	r.mu.Unlock()
	if scanned {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, journalFor)
	defer cancel()
	var spoken []seance.Message
	for m, err := range r.opts.Journal.After(ctx, r.id, 0) {
		if err != nil {
			return fmt.Errorf("read messages: %w", err)
		}
		if m.Kind == seance.KindAnswer && m.Refers == 0 {
			spoken = append(spoken, m)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range spoken {
		r.spoke(m)
	}
	r.scanned = true
	return nil
}

// keySeed makes a score's seed of an initiative's key.
func keySeed(key string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(key)) // never fails
	return h.Sum32()
}
