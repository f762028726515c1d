package relay

import (
	"context"
	"fmt"
	"time"

	"seance/internal/seance"
)

// Opened tells the hooks that a session was opened. The journal has it.
func (h *Hub) Opened(s seance.Session) {
	h.happened(seance.Occasion{Trigger: seance.SeanceOpened, At: s.StartedAt, Session: s}, "")
}

// Circles lists the tables of this node at which somebody sits.
func (h *Hub) Circles() []seance.Circle {
	var circles []seance.Circle
	for _, r := range h.everyRoom() {
		if c := r.circle(); len(c.Present) > 0 {
			circles = append(circles, c)
		}
	}
	return circles
}

// circle has nobody in it when the room is no longer live.
func (r *Room) circle() (c seance.Circle) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.state == live {
		c = seance.Circle{Session: open(r.session), Present: r.table(), Stirred: r.stirred}
	}
	return c
}

// stirs notes that somebody did something, or that an answer to them ends. The caller holds mu.
func (r *Room) stirs(at time.Time) { r.stirred = later(r.stirred, at) }

// happened tells the hooks. what sets an occasion apart from others of its kind in the session.
func (h *Hub) happened(o seance.Occasion, what string) {
	if h.opts.Hooks == nil {
		return
	}
	o.ID = string(o.Session.ID) + "/" + string(o.Trigger) + "/" + what
	o.Session = open(o.Session)
	h.opts.Hooks.Happened(o)
}

// open is a session as those may see it who have no use for the hash of its passphrase.
func open(s seance.Session) seance.Session {
	s.Passphrase = ""
	return s
}

// happened tells the hooks of something at this table. The caller holds mu.
func (r *Room) happened(o seance.Occasion, what string) {
	o.Session, o.Present, o.At = r.session, r.table(), now()
	r.hub.happened(o, what)
}

// comes tells that a person has sat down. Spectators are not at the table, and hooks are told nothing of them. A board
// that was here before this room was open only comes back. The caller holds mu.
func (r *Room) comes(p *person, back bool) {
	if p.who.Role == seance.Spectator || back && !r.left[p.who.ID] {
		return
	}
	who := p.who
	r.happened(seance.Occasion{Trigger: seance.ParticipantJoined, Participant: &who}, p.sitting())
}

// goes tells that a person has got up, by choice or not. The caller holds mu, and has taken them off the table.
func (r *Room) goes(p *person) {
	r.left[p.who.ID] = true
	if p.who.Role == seance.Spectator {
		return
	}
	who := p.who
	r.happened(seance.Occasion{Trigger: seance.ParticipantLeft, Participant: &who}, p.sitting())
}

// sitting tells one sitting of a person from their next.
func (p *person) sitting() string { return fmt.Sprintf("%s/%d", p.who.ID, p.since.UnixMicro()) }

// given tells, once the last stop of an answer is over, that it was given; not if the room ends before that.
func (r *Room) given(ctx context.Context, question string, answer seance.Message) {
	select {
	case <-ctx.Done():
		return
	case <-time.After(time.Until(lastStop(answer.Score))):
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.state != live {
		return
	}
	r.happened(seance.Occasion{
		Trigger: seance.AnswerGiven, Seq: answer.Seq, Question: question, Board: answer.Board,
	}, fmt.Sprint(answer.Seq))
}

// lastStop is when the last stop of a score is over.
func lastStop(s *seance.Score) time.Time {
	at := time.UnixMilli(s.StartsAt)
	if n := len(s.Stops); n > 0 {
		at = at.Add(time.Duration(s.Stops[n-1].At+s.Stops[n-1].Hold) * time.Millisecond)
	}
	return at
}

// closed tells that a session has ended; present are those who sat there until then.
func (h *Hub) closed(ctx context.Context, end seance.Message, present []seance.Participant) {
	if h.opts.Hooks == nil {
		return
	}
	s, err := h.opts.Journal.Session(ctx, string(end.Session))
	if err != nil {
		h.opts.Logger.Error("session not read", "session", end.Session, "err", err)
		s = seance.Session{ID: end.Session, EndedAt: end.At}
	}
	h.happened(seance.Occasion{Trigger: seance.SeanceClosed, At: end.At, Session: s, Present: present}, "")
}

// table lists who sits at the table of a session on this node, spectators left out.
func (h *Hub) table(id seance.SessionID) []seance.Participant {
	r := h.open(id)
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.table()
}

// rated tells what somebody thinks of an answer.
func (h *Hub) rated(ctx context.Context, r seance.Rating) {
	s, err := h.opts.Journal.Session(ctx, string(r.Session))
	if err == nil {
		var who seance.Participant
		var answer seance.Message
		who, err = h.opts.Register.Participant(ctx, r.Session, r.Participant)
		if err == nil {
			answer, err = h.opts.Journal.Message(ctx, r.Session, r.Seq)
		}
		if err == nil {
			h.happened(seance.Occasion{
				Trigger: seance.AnswerRated, At: r.At, Session: s, Present: h.table(r.Session),
				Participant: &who, Seq: r.Seq, Board: answer.Board, Rating: r.Value,
			}, fmt.Sprintf("%d/%s/%d", r.Seq, r.Participant, r.Value))
		}
	}
	if err != nil {
		h.opts.Logger.Error("rating not told to hooks", "session", r.Session, "seq", r.Seq, "err", err)
	}
}
