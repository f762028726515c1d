package relay

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"seance/internal/seance"
	"seance/relay/wire"
)

// A Room is the live half of one session on this node. All of its state is under mu; what it has to do on its own it
// does in tasks that run starts and waits for, one of each kind at a time, and no task holds mu while it talks to the
// journal, the broker or the medium. Seats are sent to under mu, which is what puts events in one order for all of
// them; a Seat never blocks. Timers ring in run while frames wait for one another and while hands touch.
type Room struct {
	id     seance.SessionID
	hub    *Hub
	opts   *Options
	counts *counters // the hub's
	log    *slog.Logger
	stop   context.CancelFunc // ends run
	wake   chan struct{}      // 1 deep: there may be a task to start
	line   chan struct{}      // 1 deep: held from a question's position to its place in the journal

	tasks sync.WaitGroup // added to by run and by tasks only

	mu      sync.Mutex // guards everything below
	session seance.Session
	state   state
	events  <-chan seance.Event // run's own once it runs

	seats  []*Sitting
	people map[seance.ParticipantID]*person
	known  map[seance.ParticipantID]seance.Participant // everyone who may have asked something
	kicked map[seance.ParticipantID]bool               // those who were put out since the room opened
	left   map[seance.ParticipantID]bool               // those who got up since the room opened
	empty  time.Time                                   // since when nobody sits here
	sat    bool                                        // somebody did

	seq    uint64          // of the last message that was sent to the seats
	recent []line          // the last replayMissed messages, without a gap, up to seq
	blank  map[uint64]bool // those behind seq that are erased already

	queue   []seance.Message   // questions whose answer the seats have not seen, by seq
	asking  map[string]*asking // by key: questions that the seats have not seen
	asked   map[string]Asked   // by key: the questions among recent
	lastAsk map[seance.ParticipantID]time.Time
	minute  []time.Time // when the questions of the last minute were asked

	turn     uint64         // seq of the last question whose turn began here
	done     uint64         // seq of the last question whose answer was kept here
	making   int            // answers that a Medium is working on
	until    time.Time      // end of the last score: the next turn begins then
	thinking *wire.Prepared // what the seats are shown while the question thinkOf is being answered
	thinkOf  uint64

	bid     *bid            // an initiative that waits for its moment or is being made
	spoken  map[string]bool // the keys of the initiatives that are kept; nil until somebody wants to know
	scanned bool            // spoken has those from before the room opened, too
	unasked []time.Time     // when the last of them were spoken: those of an hour
	stirred time.Time       // when somebody last did something, or an answer to somebody ends

	pass  pass
	hands handling

	outbox []seance.Event // for the broker, in order
	doubt  time.Time      // until then something may have been missed
	behind bool           // something was missed
	stale  bool           // what the host has decided may be among it

	publishing, answering, repairing bool // which tasks are running
}

// state is where a room is in its life.
type state int

const (
	live    state = iota
	closing       // the house is closing: an answer may still be in the making
	away          // nobody needed it any more
	ended         // the session has ended
)

func newRoom(h *Hub, id seance.SessionID, stop context.CancelFunc) *Room {
	return &Room{
		id: id, hub: h, opts: &h.opts, counts: &h.counts, log: h.opts.Logger.With("session", id), stop: stop,
		wake: make(chan struct{}, 1), line: make(chan struct{}, 1),
		people:  make(map[seance.ParticipantID]*person),
		known:   make(map[seance.ParticipantID]seance.Participant),
		kicked:  make(map[seance.ParticipantID]bool),
		left:    make(map[seance.ParticipantID]bool),
		asking:  make(map[string]*asking),
		asked:   make(map[string]Asked),
		lastAsk: make(map[seance.ParticipantID]time.Time),
		blank:   make(map[uint64]bool),
		pass:    pass{timer: silent()},
		hands:   handling{timer: silent(), gather: silent(), touches: make(map[seance.ParticipantID]touch)},
		empty:   time.Now(),
	}
}

// silent is a timer that does not ring until it is reset.
func silent() *time.Timer {
	t := time.NewTimer(0)
	t.Stop()
	return t
}

// load subscribes first and reads the journal then, so that nothing falls between the two. ctx is the room's: the
// subscription ends with it. ErrNotFound, ErrClosed; a fault if journal or broker does not answer.
func (r *Room) load(ctx context.Context) error {
	err := r.read(ctx)
	switch {
	case err == nil:
		r.log.Debug("room opened", "seq", r.seq, "queued", len(r.queue))
		return nil
	case errors.Is(err, seance.ErrNotFound), errors.Is(err, seance.ErrClosed):
		return err
	}
	r.log.Error("room not opened", "err", err)
	return errNoEntrance
}

func (r *Room) read(ctx context.Context) error {
	events, err := r.opts.Broker.Subscribe(ctx, r.id)
	if err != nil {
		return fmt.Errorf("subscribe: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, journalFor)
	defer cancel()
	session, err := r.opts.Journal.Session(ctx, string(r.id))
	if err != nil {
		return err
	}
	if !session.Open() {
		return fmt.Errorf("session %s: %w", r.id, seance.ErrClosed)
	}
	people, err := r.opts.Register.Participants(ctx, r.id)
	if err != nil {
		return fmt.Errorf("read participants: %w", err)
	}
	last, err := r.opts.Journal.LastSeq(ctx, r.id)
	if err != nil {
		return fmt.Errorf("read last seq: %w", err)
	}

	r.events, r.session = events, session // nobody else has the room yet
	for _, p := range people {
		r.known[p.ID] = named(p)
	}
	if last > replayMissed {
		r.seq = last - replayMissed
	}
	if err := r.catchUp(ctx); err != nil {
		return err
	}
	waiting, err := r.opts.Journal.Unanswered(ctx, r.id)
	if err != nil {
		return fmt.Errorf("read unanswered questions: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.queue = nil
	for _, q := range waiting {
		if q.Seq <= r.seq { // later ones are still to be heard
			r.queue = append(r.queue, q)
		}
	}
	if r.state == ended {
		return fmt.Errorf("session %s: %w", r.id, seance.ErrClosed)
	}
	return nil
}

// run listens, and starts what there is to do, until the room is stopped; then it waits for what it started.
func (r *Room) run(ctx context.Context) {
	defer r.tasks.Wait()
	defer r.pass.timer.Stop()
	defer r.hands.timer.Stop()
	defer r.hands.gather.Stop()
	events := r.events
	var again <-chan time.Time // when to subscribe again
	r.poke()
	for {
		select {
		case <-ctx.Done():
			return
		case ev, ok := <-events:
			if ok {
				r.hear(ev)
				continue
			}
			events, again = nil, time.After(resubscribe)
		case <-again:
			events, again = r.subscribe(ctx)
		case <-r.wake:
			r.start(ctx)
		case <-r.pass.timer.C:
			r.ring()
		case <-r.hands.timer.C:
			r.move(ctx)
		case <-r.hands.gather.C:
			r.tellMoved()
		}
	}
}

// subscribe listens again after the broker let go of the room.
func (r *Room) subscribe(ctx context.Context) (events <-chan seance.Event, again <-chan time.Time) {
	events, err := r.opts.Broker.Subscribe(ctx, r.id)
	r.worry() // something may have been said in between
	if err != nil {
		r.log.Warn("broker does not take the subscription", "err", err)
		return nil, time.After(resubscribe)
	}
	return events, nil
}

// poke lets run look for something to start.
func (r *Room) poke() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// start starts the tasks for which there is something to do.
func (r *Room) start(ctx context.Context) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.outbox) > 0 && !r.publishing {
		r.publishing = true
		r.tasks.Go(func() { r.publish(ctx) })
	}
	if r.behind && !r.repairing {
		r.repairing = true
		r.tasks.Go(func() { r.repair(ctx) })
	}
	if _, ok := r.next(); (ok || r.mayInitiate()) && !r.answering && r.state == live {
		r.answering = true
		r.tasks.Go(func() { r.answerAll(ctx) })
	}
}

// worry notes that something may have been missed: the journal is looked into now and every 2 s for a while.
func (r *Room) worry() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.doubt = time.Now().Add(doubtFor)
	r.behind, r.stale = true, true
	r.poke()
}

// tend lets a room that may have missed something look into the journal, and tells whether it may close.
func (r *Room) tend(now time.Time) (idle bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.queue) > 0 || len(r.asking) > 0 || r.making > 0 || now.Before(r.until) || now.Before(r.doubt) {
		r.behind = true
		r.poke()
	}
	return r.idle(now)
}

// idle tells whether the room has been empty for long and has nothing to do. The caller holds mu.
func (r *Room) idle(now time.Time) bool {
	_, waiting := r.next()
	return r.state == live && len(r.seats) == 0 && now.Sub(r.empty) >= linger &&
		!waiting && !r.answering && r.making == 0 && len(r.asking) == 0 && r.bid == nil
}

// leave closes the room if it is still idle. The caller holds the hub's mu and forgets the room.
func (r *Room) leave(now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.idle(now) {
		return false
	}
	r.state = away
	r.stop()
	return true
}

// shut sends everyone away because the house closes. An answer in the making gets a moment to reach the journal.
func (r *Room) shut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.state != live {
		return
	}
	r.state = closing
	r.clear(wire.CloseGoingAway)
	if r.making == 0 {
		r.stop()
		return
	}
	time.AfterFunc(lastWords, r.stop)
}

// clear gives up every seat. The caller holds mu.
func (r *Room) clear(code wire.CloseCode) {
	r.flush()
	for _, s := range r.seats {
		s.gone = true
		s.seat.Close(code)
	}
	if len(r.seats) > 0 {
		r.seats, r.empty = nil, time.Now()
	}
	clear(r.people)
	clear(r.hands.touches)
}

// touch notes in the journal that the session is sat at.
func (r *Room) touch(ctx context.Context, now time.Time) {
	if r.seated() {
		r.note(ctx, now)
	}
}

// rest is a room's last act: it notes when it was last sat at.
func (r *Room) rest(ctx context.Context) {
	r.mu.Lock()
	at, sat, open := r.empty, r.sat, r.state != ended
	r.mu.Unlock()
	if sat && open {
		r.note(ctx, at)
	}
}

func (r *Room) note(ctx context.Context, at time.Time) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), journalFor)
	defer cancel()
	if err := r.opts.Watch.Touch(ctx, r.id, at); err != nil {
		r.log.Warn("session not touched", "err", err)
	}
}

func (r *Room) seated() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.seats) > 0
}
