package relay

import (
	"context"
	"fmt"
	"slices"
	"time"

	"seance/internal/seance"
	"seance/relay/wire"
)

// End ends a session: the journal first, then every seat hears of it and closes with 4410. Ending it again changes
// nothing. ErrNotFound.
func (h *Hub) End(ctx context.Context, id seance.SessionID, reason seance.EndReason) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), journalFor+publishFor)
	defer cancel()
	last := seance.Message{ID: newMessageID(), Session: id, Kind: seance.KindEnd, At: now(), Text: string(reason)}
	present := h.table(id) // before the room hears of it
	end, err := h.opts.Journal.Append(ctx, last)
	if err != nil {
		return fmt.Errorf("end session %s: %w", id, err)
	}
	if end.ID == last.ID {
		h.closed(ctx, end, present)
	}
	h.publish(ctx, seance.Event{Session: id, At: end.At, Message: &end})
	if r := h.open(id); r != nil {
		r.worry()
	}
	return nil
}

// Kick puts somebody out: the register first, then each of their seats closes with 4403 and the others hear that they
// are gone. They cannot join again. Again changes nothing. ErrNotFound.
func (h *Hub) Kick(ctx context.Context, session seance.SessionID, participant seance.ParticipantID) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), journalFor+publishFor)
	defer cancel()
	at := now()
	if err := h.opts.Register.Kick(ctx, session, participant, at); err != nil {
		return fmt.Errorf("kick %s from session %s: %w", participant, session, err)
	}
	h.publish(ctx, seance.Event{
		Session: session, At: at, Left: &seance.Left{Participant: participant, Reason: seance.LeftKicked},
	})
	return nil
}

// Update tells every room of s, which the journal has as it is now: settings hold from there on, and boards hear of it.
func (h *Hub) Update(ctx context.Context, s seance.Session) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), publishFor)
	defer cancel()
	s.Passphrase = "" // rooms have no use for it
	h.publish(ctx, seance.Event{Session: s.ID, At: now(), Updated: &s})
}

// publish hands the broker what was decided outside of a room. If it does not take it, this node's room hears of it at
// least, and the others when they look into the journal.
func (h *Hub) publish(ctx context.Context, ev seance.Event) {
	err := h.opts.Broker.Publish(ctx, ev)
	if err == nil {
		return
	}
	h.opts.Logger.Warn("event not published", "session", ev.Session, "seq", ev.Seq(), "err", err)
	h.counts.unheard.Add(1)
	if r := h.open(ev.Session); r != nil {
		r.hear(ev)
	}
}

// expel takes every seat of somebody who was kicked, and reports whether that is news. The caller holds mu.
func (r *Room) expel(who seance.ParticipantID) bool {
	if r.kicked[who] {
		return false
	}
	r.kicked[who] = true
	seats := len(r.seats)
	r.seats = slices.DeleteFunc(r.seats, func(s *Sitting) bool {
		if s.who.ID != who {
			return false
		}
		s.gone = true
		s.seat.Close(wire.CloseKicked)
		return true
	})
	if len(r.seats) == 0 && seats > 0 {
		r.empty = time.Now()
	}
	if p := r.people[who]; p != nil {
		delete(r.people, who)
		r.goes(p)
	}
	return true
}

// refresh takes over what the host has decided while the broker was not heard.
func (r *Room) refresh(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, journalFor)
	defer cancel()
	session, err := r.opts.Journal.Session(ctx, string(r.id))
	if err != nil {
		return fmt.Errorf("read session: %w", err)
	}
	people, err := r.opts.Register.Participants(ctx, r.id)
	if err != nil {
		return fmt.Errorf("read participants: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.state != live {
		return nil
	}
	for _, p := range people {
		if r.people[p.ID] != nil && !p.KickedAt.IsZero() {
			r.stir(seance.Event{Session: r.id, At: p.KickedAt, Left: &seance.Left{Participant: p.ID, Reason: seance.LeftKicked}})
		}
	}
	if session.Locked != r.session.Locked || session.Settings != r.session.Settings {
		r.stir(seance.Event{Session: r.id, At: now(), Updated: &session})
	}
	return nil
}
