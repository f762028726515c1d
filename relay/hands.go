package relay

import (
	"context"
	"slices"
	"time"

	"seance/internal/hands"
	"seance/internal/seance"
	"seance/relay/wire"
)

// The beats of hands.
const (
	beat      = time.Second / 15 // between two looks at the planchette, and on average between two moves of a person
	jitter    = 3                // moves of a person that may come at once: lines are not even
	silence   = time.Second      // a hand that nothing is heard of for so long is lifted
	heldFor   = 3 * time.Second  // GOODBYE, held for so long, ends the session
	goodbyeBu = 55               // how near to it counts
)

// handling is the planchette in a room. Every room keeps what it was shown last; the one that holds the right to answer
// moves it, with the hands that it hears of from all nodes. On a single node that is this one.
type handling struct {
	timer  *time.Timer // rings in run while there is something to move, or to tell
	beats  bool        // the timer is set
	next   time.Time   // when it beats next
	moving bool        // the last beat had something to show, so the next one has, too

	planchette hands.Planchette
	touches    map[seance.ParticipantID]touch
	held       time.Time // since when the planchette has been held on GOODBYE; zero if it is not
	answer     uint64    // the answer whose hands are still to be told
	over       time.Time // when its last stop is

	moved  []seance.Hand // of people who sit here, not told yet: the last of each
	gather *time.Timer   // rings in run when it is time to tell
	told   time.Time     // when some were told last

	shown *wire.Prepared // the last hands frame, for who comes later; nil while boards need none
}

// A touch is a hand on the planchette, and when it was heard of last.
type touch struct {
	seance.Hand
	heard time.Time
}

// Move lays the person's hand on the planchette: it pulls towards x and y, in board units, until it is lifted or for 1 s.
// More than 15 moves a second are passed over. ErrForbidden for spectators.
func (s *Sitting) Move(x, y float64) error {
	if s.who.Role == seance.Spectator {
		return errOnlyWatch
	}
	r := s.room
	r.mu.Lock()
	defer r.mu.Unlock()
	if s.gone {
		return nil
	}
	if p := r.people[s.who.ID]; p.mayMove(time.Now()) {
		p.hand = s
		r.moves(seance.Hand{
			Participant: s.who.ID, Candle: s.who.Candle, Place: hands.Within(seance.Point{X: x, Y: y}),
		})
	}
	return nil
}

// Lift takes the person's hand off, if it was this connection's. ErrForbidden for spectators.
func (s *Sitting) Lift() error {
	if s.who.Role == seance.Spectator {
		return errOnlyWatch
	}
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	if !s.gone {
		s.room.lift(s.room.people[s.who.ID], s)
	}
	return nil
}

// mayMove takes a place for one more move of p, if there is one.
func (p *person) mayMove(now time.Time) bool {
	if earliest := now.Add(-jitter * beat); p.moved.Before(earliest) {
		p.moved = earliest
	}
	if p.moved.Add(beat).After(now) {
		return false
	}
	p.moved = p.moved.Add(beat)
	return true
}

// lift takes off the hand of p if it lies there from the seat s. The caller holds mu.
func (r *Room) lift(p *person, s *Sitting) {
	if p.hand != s {
		return
	}
	p.hand = nil
	r.moves(seance.Hand{Participant: p.who.ID, Candle: p.who.Candle, Lifted: true})
}

// moves tells of a hand: the first for a while at once, those that follow within 25 ms together. The caller holds mu.
func (r *Room) moves(hand seance.Hand) {
	h := &r.hands
	if i := slices.IndexFunc(h.moved, func(m seance.Hand) bool { return m.Participant == hand.Participant }); i >= 0 {
		h.moved[i] = hand
		return
	}
	if h.moved = append(h.moved, hand); len(h.moved) == 1 {
		h.gather.Reset(time.Until(h.told.Add(apart)))
	}
}

// tellMoved is what run does when it is time to tell of the hands that have moved. While the broker is behind they wait.
func (r *Room) tellMoved() {
	r.mu.Lock()
	defer r.mu.Unlock()
	h := &r.hands
	h.told = time.Now()
	if slices.ContainsFunc(r.outbox, func(ev seance.Event) bool { return ev.Moved != nil }) {
		h.gather.Reset(apart)
		return
	}
	r.say(seance.Event{Moved: h.moved})
	h.moved = nil
}

// feel takes the news of hands. The caller holds mu.
func (r *Room) feel(moved []seance.Hand) {
	at := time.Now()
	for _, hand := range moved {
		if hand.Lifted || r.kicked[hand.Participant] {
			delete(r.hands.touches, hand.Participant)
			continue
		}
		r.hands.touches[hand.Participant] = touch{hand, at}
		r.stirs(at)
		r.beatAt(at)
	}
}

// leads gives the planchette to the spirit for an answer. The caller holds mu.
func (r *Room) leads(m *seance.Message) {
	h := &r.hands
	if m.Score == nil || !m.Score.End().After(time.Now()) {
		return // it is history
	}
	h.planchette.Plays(*m.Score)
	h.answer, h.over = m.Seq, time.UnixMilli(m.Score.StartsAt)
	if n := len(m.Score.Stops); n > 0 {
		last := m.Score.Stops[n-1]
		h.over = h.over.Add(time.Duration(last.At+last.Hold) * time.Millisecond)
	}
	if !h.planchette.AtRest() {
		h.moving = true
		r.beatAt(time.Now())
	}
}

// beatAt lets the timer ring at the given time, unless it is set. The caller holds mu.
func (r *Room) beatAt(at time.Time) {
	if !r.hands.beats && r.state == live {
		r.hands.beats, r.hands.next = true, at
		r.hands.timer.Reset(time.Until(at))
	}
}

// move is what run does when the timer of the hands rings: it moves the planchette on and tells the boards.
func (r *Room) move(ctx context.Context) {
	r.mu.Lock()
	defer r.mu.Unlock()
	h := &r.hands
	h.beats = false
	if r.state != live {
		return
	}
	at := now()
	touching := r.touching(at)
	h.planchette.Move(wire.Millis(at), touching)
	if len(touching) > 0 || h.moving {
		h.moving = len(touching) > 0 || !h.planchette.AtRest()
		r.say(seance.Event{At: at, Hands: &seance.Hands{
			Touching: touching, Planchette: h.planchette.Shown(), Home: !h.moving && h.planchette.Home(),
		}})
	}
	r.tellWhose(at)
	r.farewell(ctx, at, len(touching))
	switch {
	case h.moving:
		r.beatAt(later(h.next.Add(beat), at))
	case h.answer != 0 && h.planchette.Shares() != nil:
		r.beatAt(h.over)
	}
}

// touching lists the hands that touch, by candle, and forgets those that have fallen silent. The caller holds mu.
func (r *Room) touching(at time.Time) (all []seance.Hand) {
	for id, t := range r.hands.touches {
		if at.Sub(t.heard) >= silence {
			delete(r.hands.touches, id)
			continue
		}
		all = append(all, t.Hand)
	}
	slices.SortFunc(all, func(a, b seance.Hand) int { return a.Candle - b.Candle })
	return all
}

// tellWhose tells, once an answer's last stop is over, who leaned into it. The caller holds mu.
func (r *Room) tellWhose(at time.Time) {
	h := &r.hands
	if h.answer == 0 || at.Before(h.over) {
		return
	}
	if shares := h.planchette.Shares(); shares != nil && r.session.Settings.WhoseHand {
		r.say(seance.Event{Whose: &seance.WhoseHand{Answer: h.answer, Shares: shares}})
	}
	h.answer = 0
}

// farewell ends the session once the planchette was held on GOODBYE for 3 s between answers, all the while by more than
// half of those at the table. The caller holds mu and is run.
func (r *Room) farewell(ctx context.Context, at time.Time, touching int) {
	h := &r.hands
	goodbye, _ := seance.Place(seance.Goodbye)
	switch {
	case h.planchette.Led(), 2*touching <= r.sitting(), h.planchette.Place().Distance(goodbye) > goodbyeBu:
		h.held = time.Time{}
	case h.held.IsZero():
		h.held = at
	case at.Sub(h.held) >= heldFor:
		h.held = time.Time{}
		r.tasks.Go(func() {
			if err := r.hub.End(ctx, r.id, seance.EndedByGoodbye); err != nil && ctx.Err() == nil {
				r.log.Error("session not ended", "err", err)
			}
		})
	}
}

// later is the later one of two times.
func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
