// Package relay is where people meet: the Hub holds this node's Rooms, a Room is the live half of one session, and a
// Sitting is one connection's place in it.
//
// What it promises: a question is acknowledged only once it is in the journal, and announced only after that; every
// acknowledged question gets exactly one answer, even if the process dies in between; one answer is spelled at a time;
// a seat gets every kept message once and in order, whether it came from the broker, from the journal or on joining;
// and a slow seat is given up rather than waited for. What happens within 25 ms of one another reaches a seat in one
// write; people's hands really move the planchette, and never choose a letter.
//
// A room publishes and listens like everyone else: what its seats see came back from the broker, so that one node and
// ten run the same path. The broker may lose events. The gap that leaves in Seq, or a look into the journal every 2 s
// while something is pending, brings them back.
package relay

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"seance/internal/seance"
)

// A Hub holds the rooms of this node. Safe for concurrent use.
type Hub struct {
	opts   Options
	counts counters

	work   sync.WaitGroup // the rooms; added to under mu while the hub is not closing
	rating chan struct{}  // 1 deep: held from a look at the old rating to the new one in the store
	erased eraser

	mu      sync.Mutex // guards what is below; taken before any room's
	rooms   map[seance.SessionID]*place
	closing bool
}

// A place is a room that is open or about to be.
type place struct {
	ready chan struct{} // closed once room or err is set
	room  *Room         // also set under the hub's mu, for those who do not wait
	err   error
}

// NewHub makes a hub. Its rooms live until Run ends, which somebody has to call.
func NewHub(o Options) *Hub {
	return &Hub{
		opts: o.withDefaults(), rating: make(chan struct{}, 1), rooms: make(map[seance.SessionID]*place),
		erased: eraser{look: make(chan struct{}, 1), told: make(map[seance.Erasure]bool)},
	}
}

// Run answers what a dead process had acknowledged, ends sessions that nobody has sat at for a day, and closes empty
// rooms, until ctx is done; what is erased in the store it takes from them within a second. Then it turns everyone away with 4001, gives answers in the making a moment, and waits for
// every room; a question that is still open stays in the journal for the next start. It takes less than 10 s over that
// and returns an error only if a room is left.
func (h *Hub) Run(ctx context.Context) error {
	var chores sync.WaitGroup
	chores.Go(func() { h.resume(ctx) })
	chores.Go(func() { h.keepHouse(ctx) })
	chores.Go(func() { h.followErased(ctx) })
	tick := time.NewTicker(compare)
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case now := <-tick.C:
			h.tend(now)
		}
	}
	return h.shut(&chores)
}

// Present is how many people sit in a session now, spectators left out.
func (h *Hub) Present(id seance.SessionID) int {
	if r := h.open(id); r != nil {
		return r.present()
	}
	return 0
}

// Full reports whether a session has no place left for one more of the given role.
func (h *Hub) Full(id seance.SessionID, role seance.Role) bool {
	r := h.open(id)
	return r != nil && r.full(role)
}

// open returns the room of a session that is open already, or nil.
func (h *Hub) open(id seance.SessionID) *Room {
	h.mu.Lock()
	defer h.mu.Unlock()
	if p := h.rooms[id]; p != nil {
		return p.room
	}
	return nil
}

// everyRoom lists the rooms that are open.
func (h *Hub) everyRoom() []*Room {
	h.mu.Lock()
	defer h.mu.Unlock()
	rooms := make([]*Room, 0, len(h.rooms))
	for _, p := range h.rooms {
		if p.room != nil {
			rooms = append(rooms, p.room)
		}
	}
	return rooms
}

// room returns the room of a session, opening it if need be.
func (h *Hub) room(ctx context.Context, id seance.SessionID) (*Room, error) {
	h.mu.Lock()
	if h.closing {
		h.mu.Unlock()
		return nil, errClosing
	}
	p, ok := h.rooms[id]
	if !ok {
		p = &place{ready: make(chan struct{})}
		h.rooms[id] = p
		h.work.Go(func() { h.host(context.WithoutCancel(ctx), id, p) })
	}
	h.mu.Unlock()
	select {
	case <-p.ready:
		return p.room, p.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// host is a room's whole life on this node. It does not depend on whoever came first staying for it.
func (h *Hub) host(ctx context.Context, id seance.SessionID, p *place) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	r := newRoom(h, id, stop)
	err := r.load(ctx)

	h.mu.Lock()
	if err == nil && h.closing {
		err = errClosing
	}
	if err == nil {
		p.room = r
	} else {
		p.err = err
		delete(h.rooms, id)
	}
	h.mu.Unlock()
	if err == nil { // what was erased while it read
		r.erase(h.erased.of(id))
	}
	close(p.ready)
	if err != nil {
		return
	}

	r.run(ctx)
	r.dropBid()
	h.mu.Lock()
	if h.rooms[id] == p {
		delete(h.rooms, id)
	}
	h.mu.Unlock()
	r.rest(ctx)
}

// tend looks into every room: those that may have missed something look into the journal, those that are no longer
// needed close.
func (h *Hub) tend(now time.Time) {
	for _, r := range h.everyRoom() {
		if !r.tend(now) {
			continue
		}
		h.mu.Lock()
		if r.leave(now) {
			delete(h.rooms, r.id)
		}
		h.mu.Unlock()
	}
}

// resume opens the rooms of sessions that hold an unanswered question, so that they answer it.
func (h *Hub) resume(ctx context.Context) {
	for {
		err := h.openPending(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		h.opts.Logger.Error("pending questions not read", "err", err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(doubtFor):
		}
	}
}

func (h *Hub) openPending(ctx context.Context) error {
	var troubles []error
	for id, err := range h.opts.Journal.Pending(ctx) {
		if err != nil {
			return errors.Join(append(troubles, err)...)
		}
		if _, err := h.room(ctx, id); err != nil && !errors.Is(err, seance.ErrClosed) {
			troubles = append(troubles, fmt.Errorf("session %s: %w", id, err))
		}
	}
	return errors.Join(troubles...)
}

// keepHouse notes which sessions are sat at, and ends those that were not for a day.
func (h *Hub) keepHouse(ctx context.Context) {
	tick := time.NewTicker(housework)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			for _, r := range h.everyRoom() {
				r.touch(ctx, now)
			}
			h.endIdle(ctx, now)
		}
	}
}

func (h *Hub) endIdle(ctx context.Context, now time.Time) {
	var idle []seance.SessionID
	for id, err := range h.opts.Watch.Idle(ctx, now.Add(-h.opts.Idle)) {
		if err != nil {
			h.opts.Logger.Error("idle sessions not read", "err", err)
			return
		}
		idle = append(idle, id)
	}
	for _, id := range idle {
		if r := h.open(id); r != nil && r.seated() {
			continue // its touch did not reach the journal
		}
		if err := h.End(ctx, id, seance.EndedIdle); err != nil {
			h.opts.Logger.Error("idle session not ended", "session", id, "err", err)
			continue
		}
		h.opts.Logger.Info("idle session ended", "session", id)
	}
}

// shut closes the house.
func (h *Hub) shut(chores *sync.WaitGroup) error {
	h.mu.Lock()
	h.closing = true
	h.mu.Unlock()
	for _, r := range h.everyRoom() {
		r.shut()
	}
	done := make(chan struct{})
	go func() { // waited for below, unless a Medium ignores its context
		chores.Wait()
		h.work.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-time.After(closeFor):
		return fmt.Errorf("%d rooms did not close in time", len(h.everyRoom()))
	}
}

// now is the time as messages keep it: to the microsecond, in UTC.
func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

func newMessageID() seance.MessageID { return seance.MessageID(uuid.Must(uuid.NewV7()).String()) }
