package relay

import (
	"context"
	"errors"
	"slices"
	"time"

	"seance/internal/seance"
	"seance/relay/wire"
)

// A Ticket says who takes a seat where, as a valid token has it, and what their board has seen already.
type Ticket struct {
	Session     seance.SessionID
	Participant seance.ParticipantID
	Since       *uint64 // the last Seq the board has; nil if it has nothing
}

// A Sitting is one connection's place in a room. Safe for concurrent use.
type Sitting struct {
	room *Room
	seat Seat
	who  seance.Participant

	from uint64 // the number of the last parcel before it came

	// Guarded by the room's mu.
	gone bool
	trip time.Duration // the last round trip; 0 if none was measured
}

// A person is somebody who is present: with seats, or without for as long as a reload may take.
type person struct {
	who    seance.Participant
	seats  int
	since  time.Time // when they sat down
	typing bool
	hand   *Sitting  // the seat from which the person touches the planchette; nil if none does
	moved  time.Time // when all moves so far are paid for
	lost   time.Time // when the last seat was lost
}

// Join takes a seat: seat.Welcome is called with everything up to now, and every Send that follows is later. ErrNotFound
// for a stranger or an unknown session, ErrClosed, ErrFull, ErrForbidden for somebody who was kicked, ErrUnavailable.
func (h *Hub) Join(ctx context.Context, t Ticket, seat Seat) (*Sitting, error) {
	who, err := h.opts.Register.Participant(ctx, t.Session, t.Participant)
	switch {
	case errors.Is(err, seance.ErrNotFound):
		return nil, err
	case err != nil:
		h.opts.Logger.Error("participant not read", "session", t.Session, "participant", t.Participant, "err", err)
		return nil, errNoEntrance
	case !who.KickedAt.IsZero():
		return nil, errKicked
	}
	who = named(who)
	for {
		r, err := h.room(ctx, t.Session)
		if err != nil {
			return nil, err
		}
		s, err := r.join(ctx, who, t.Since, seat)
		if !errors.Is(err, errAway) {
			return s, err
		}
	}
}

func (r *Room) join(ctx context.Context, who seance.Participant, since *uint64, seat Seat) (*Sitting, error) {
	if err := r.catchUp(ctx); err != nil {
		r.log.Error("journal not read", "err", err)
		return nil, errNoEntrance
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	switch r.state {
	case away:
		return nil, errAway
	case closing:
		return nil, errClosing
	case ended:
		return nil, seance.ErrClosed
	}
	if r.kicked[who.ID] {
		return nil, errKicked
	}
	p, back := r.people[who.ID]
	if !back {
		if r.count(who.Role) >= r.opts.Limits.places(who.Role) {
			return nil, noPlace(who.Role)
		}
		p = &person{who: who, since: now()}
		r.people[who.ID] = p
		r.known[who.ID] = who
	}
	p.seats++
	s := &Sitting{room: r, seat: seat, who: who, from: r.pass.count}
	r.seats = append(r.seats, s)
	r.sat = true
	r.welcome(s, since)
	if !back {
		r.say(seance.Event{At: p.since, Joined: &seance.Joined{Participant: who, Count: r.sitting()}})
		r.stirs(p.since)
		r.comes(p, since != nil)
		r.poke() // an initiative may have waited for somebody
	}
	return s, nil
}

// welcome tells a new seat how things are: what it missed, and what is going on. The caller holds mu.
func (r *Room) welcome(s *Sitting, since *uint64) {
	missed, recovered := r.missed(since)
	w := wire.Welcome{
		Session:     wire.SessionOf(r.session, r.sitting()),
		Participant: wire.ParticipantOf(s.who),
		Seq:         r.seq,
		Recovered:   recovered,
		Now:         wire.Millis(time.Now()),
	}
	everyone := r.everyone()
	for _, p := range everyone {
		w.Participants = append(w.Participants, wire.ParticipantOf(p.who))
	}
	s.seat.Welcome(w, missed)
	for _, p := range everyone {
		if !p.typing {
			continue
		}
		if f := r.frame(seance.Event{Typing: &seance.Typing{Participant: p.who.ID, Typing: true}}); f != nil {
			s.seat.Send(f)
		}
	}
	for _, f := range []*wire.Prepared{r.thinking, r.hands.shown} {
		if f != nil {
			s.seat.Send(f)
		}
	}
}

// Leave gives up the seat by choice. Leaving twice is harmless, and so is losing the line afterwards.
func (s *Sitting) Leave() { s.room.vacateOnce(s, seance.LeftByChoice) }

// Lost gives up the seat because the line broke. Others hear of it after 5 s, unless the person is back by then.
func (s *Sitting) Lost() { s.room.vacateOnce(s, seance.LeftLost) }

func (r *Room) vacateOnce(s *Sitting, why seance.LeaveReason) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !s.gone {
		r.vacate(s, why)
	}
}

// vacate takes a seat away. The caller holds mu.
func (r *Room) vacate(s *Sitting, why seance.LeaveReason) {
	s.gone = true
	r.seats = slices.DeleteFunc(r.seats, func(other *Sitting) bool { return other == s })
	if len(r.seats) == 0 {
		r.empty = time.Now()
	}
	p := r.people[s.who.ID]
	r.lift(p, s)
	if p.seats--; p.seats > 0 {
		return
	}
	if why != seance.LeftLost {
		r.depart(p, why)
		return
	}
	r.setTyping(p, false)
	p.lost = time.Now()
	time.AfterFunc(grace, func() { r.giveUp(p) })
}

// giveUp stops waiting for a person whose line broke, unless they have been back since.
func (r *Room) giveUp(p *person) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.people[p.who.ID] == p && p.seats == 0 && time.Since(p.lost) >= grace {
		r.depart(p, seance.LeftLost)
	}
}

// depart tells that a person is gone. The caller holds mu.
func (r *Room) depart(p *person, why seance.LeaveReason) {
	delete(r.people, p.who.ID)
	r.goes(p)
	r.say(seance.Event{Left: &seance.Left{Participant: p.who.ID, Reason: why, Count: r.sitting()}})
}

// Type shows that the person's pen is on the slip, or off it again. What is shown already is not shown again.
// ErrForbidden for spectators.
func (s *Sitting) Type(typing bool) error {
	if s.who.Role == seance.Spectator {
		return errOnlyWatch
	}
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	if !s.gone {
		s.room.setTyping(s.room.people[s.who.ID], typing)
	}
	return nil
}

// setTyping is state first and an event only when it changes. The caller holds mu.
func (r *Room) setTyping(p *person, typing bool) {
	if p.typing == typing {
		return
	}
	p.typing = typing
	if typing {
		r.stirs(time.Now())
	}
	r.say(seance.Event{Typing: &seance.Typing{Participant: p.who.ID, Typing: typing}})
}

// RoundTrip notes how long a frame takes to the board and back. The slowest boards of a room decide how far ahead an
// answer is announced.
func (s *Sitting) RoundTrip(d time.Duration) {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	s.trip = d
}

// table lists who sits at the table, spectators left out, by candle. The caller holds mu.
func (r *Room) table() (present []seance.Participant) {
	for _, p := range r.everyone() {
		if p.who.Role != seance.Spectator {
			present = append(present, p.who)
		}
	}
	return present
}

// everyone lists who is present, by candle. The caller holds mu.
func (r *Room) everyone() []*person {
	people := make([]*person, 0, len(r.people))
	for _, p := range r.people {
		people = append(people, p)
	}
	slices.SortFunc(people, func(a, b *person) int { return a.who.Candle - b.who.Candle })
	return people
}

// sitting is how many people are present, spectators left out. The caller holds mu.
func (r *Room) sitting() int { return len(r.people) - r.count(seance.Spectator) }

// count is how many people take up the places of a role: hosts and players sit at one table. The caller holds mu.
func (r *Room) count(role seance.Role) (n int) {
	for _, p := range r.people {
		if (p.who.Role == seance.Spectator) == (role == seance.Spectator) {
			n++
		}
	}
	return n
}

func (r *Room) present() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sitting()
}

func (r *Room) full(role seance.Role) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.count(role) >= r.opts.Limits.places(role)
}

func noPlace(role seance.Role) error {
	if role == seance.Spectator {
		return errNoGallery
	}
	return errNoTable
}
