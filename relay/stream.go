package relay

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"seance/internal/seance"
	"seance/relay/wire"
)

// A line is a kept message as it is sent again to those who join.
type line struct {
	event seance.Event
	frame *wire.Prepared // made when somebody needs it
}

// hear takes what the broker carried. Messages go out in the order of their Seq, each once; one from behind a gap waits
// for the journal.
func (r *Room) hear(ev seance.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch seq := ev.Seq(); {
	case r.state == ended:
	case seq == 0:
		r.stir(ev)
	case seq == r.seq+1:
		r.keep(ev)
	case seq > r.seq:
		r.behind = true
		r.poke()
	}
}

// stir takes an ephemeral event. The caller holds mu.
func (r *Room) stir(ev seance.Event) {
	var in slot
	switch {
	case ev.Moved != nil:
		r.feel(ev.Moved)
		return
	case ev.Known != nil:
		r.changes(ev.Known.ID, func(p *seance.Participant) { p.Soul = ev.Known.Soul })
		return
	case ev.Thinking != nil && !r.isQueued(ev.Thinking.QuestionSeq):
		return // the answer was faster
	case ev.Typing != nil:
		in = slot{wire.EventUserTyping, ev.Typing.Participant}
	case ev.Hands != nil:
		in = slot{event: wire.EventHands}
	case ev.Left != nil:
		delete(r.hands.touches, ev.Left.Participant)
		if ev.Left.Reason == seance.LeftKicked {
			if !r.expel(ev.Left.Participant) {
				return
			}
			ev.Left = &seance.Left{Participant: ev.Left.Participant, Reason: ev.Left.Reason, Count: r.sitting()}
		}
	case ev.Updated != nil:
		in = slot{event: wire.EventSessionUpdated}
		r.session, ev.Present = *ev.Updated, r.sitting()
	}
	frame := r.frame(ev)
	if frame == nil {
		return
	}
	switch {
	case ev.Thinking != nil:
		r.thinking, r.thinkOf = frame, ev.Thinking.QuestionSeq
	case ev.Hands != nil && ev.Hands.Home:
		r.hands.shown = nil
	case ev.Hands != nil:
		r.hands.shown = frame
	}
	r.send(frame, ev.To, in)
}

// keep takes the next message: the room moves on by it, and the seats get it. The caller holds mu.
func (r *Room) keep(ev seance.Event) {
	m := ev.Message
	r.seq = m.Seq
	if m.Kind == seance.KindQuestion {
		r.heard(m)
	}
	if r.blank[m.Seq] {
		delete(r.blank, m.Seq)
		ev = blanked(ev)
		m = ev.Message
	}
	if len(r.recent) == replayMissed {
		delete(r.asked, r.recent[0].event.Message.Key)
		r.recent = slices.Delete(r.recent, 0, 1)
	}
	r.recent = append(r.recent, line{event: ev})

	switch m.Kind {
	case seance.KindQuestion:
		if m.Erased { // nobody waits for its answer
			break
		}
		r.queue = append(r.queue, *m)
		r.asked[m.Key] = Asked{Seq: m.Seq, Position: m.Position}
		r.asks(m.Participant, m.At)
		r.stirs(m.At)
		r.giveWay()
		if ev.Asker != nil {
			r.known[ev.Asker.ID] = *ev.Asker
		}
		r.poke()
	case seance.KindAnswer:
		r.answered(m)
		r.poke() // an initiative may have waited for it
	case seance.KindEnd:
		r.state = ended
		r.session.EndedAt = m.At
	}
	if len(r.seats) > 0 {
		if frame := r.frame(ev); frame != nil {
			r.send(frame, ev.To, slot{})
		}
	}
	if r.state == ended {
		r.clear(wire.CloseEnded)
		r.stop()
	}
}

// answered moves the room on by an answer. The caller holds mu.
func (r *Room) answered(m *seance.Message) {
	r.queue = slices.DeleteFunc(r.queue, func(q seance.Message) bool { return q.Seq == m.Refers })
	r.spells(m.Score)
	r.spoke(*m)
	if m.Refers != 0 && m.Score != nil {
		r.stirs(m.Score.End())
	}
	r.leads(m)
	if r.thinkOf == m.Refers {
		r.thinking, r.thinkOf = nil, 0
	}
}

// spells keeps the next turn from beginning before a score has ended. The caller holds mu.
func (r *Room) spells(score *seance.Score) {
	if score != nil && score.End().After(r.until) {
		r.until = score.End()
	}
}

func (r *Room) isQueued(seq uint64) bool {
	return slices.ContainsFunc(r.queue, func(q seance.Message) bool { return q.Seq == seq })
}

// frame encodes an event, once for everybody.
func (r *Room) frame(ev seance.Event) *wire.Prepared {
	frame, err := wire.FromEvent(ev)
	if err != nil {
		r.log.Error("event not encoded", "seq", ev.Seq(), "err", err)
		return nil
	}
	return frame
}

// missed returns what a board lacks that has seen everything up to since, or that has nothing if since is nil, and
// whether that is all it lacks. The caller holds mu.
func (r *Room) missed(since *uint64) (frames []*wire.Prepared, recovered bool) {
	n := min(replayFresh, len(r.recent))
	recovered = since == nil
	if since != nil && *since <= r.seq && r.seq-*since <= uint64(len(r.recent)) {
		n, recovered = int(r.seq-*since), true
	}
	for i := len(r.recent) - n; i < len(r.recent); i++ {
		l := &r.recent[i]
		if l.frame == nil {
			if frame := r.frame(l.event); frame != nil {
				l.frame = frame.Replayed()
			}
		}
		if l.frame != nil {
			frames = append(frames, l.frame)
		}
	}
	return frames, recovered
}

// say hands an event to the broker, in the order of the calls; what boards are to be shown of hands takes the place of
// what they were not shown yet. The caller holds mu.
func (r *Room) say(ev seance.Event) {
	ev.Session = r.id
	if ev.At.IsZero() {
		ev.At = now()
	}
	if ev.Hands != nil {
		if i := slices.IndexFunc(r.outbox, func(ev seance.Event) bool { return ev.Hands != nil }); i >= 0 {
			r.outbox[i] = ev
			return
		}
	}
	if len(r.outbox) >= unheard {
		r.doubt = time.Now().Add(doubtFor)
		return
	}
	r.outbox = append(r.outbox, ev)
	r.poke()
}

// announce hands a kept message to the broker. For a while the journal is asked whether it arrived. The caller holds mu.
func (r *Room) announce(m seance.Message, asker *seance.Participant) {
	r.say(seance.Event{At: m.At, Message: &m, Asker: asker})
	if soon := time.Now().Add(2 * compare); soon.After(r.doubt) {
		r.doubt = soon
	}
}

// publish is the task that gives the outbox to the broker.
func (r *Room) publish(ctx context.Context) {
	for {
		r.mu.Lock()
		if len(r.outbox) == 0 || ctx.Err() != nil {
			r.publishing = false
			r.mu.Unlock()
			return
		}
		ev := r.outbox[0]
		r.outbox = slices.Delete(r.outbox, 0, 1)
		r.mu.Unlock()

		if err := r.publishOne(ctx, ev); err != nil {
			r.log.Warn("event not published", "seq", ev.Seq(), "err", err)
			r.counts.unheard.Add(1)
			r.mu.Lock()
			r.doubt = time.Now().Add(doubtFor)
			r.mu.Unlock()
			if ev.Seq() == 0 {
				r.hear(ev) // at least here: no journal has it
			}
		}
	}
}

func (r *Room) publishOne(ctx context.Context, ev seance.Event) error {
	ctx, cancel := context.WithTimeout(ctx, publishFor)
	defer cancel()
	return r.opts.Broker.Publish(ctx, ev)
}

// repair is the task that reads from the journal what the broker did not bring.
func (r *Room) repair(ctx context.Context) {
	for {
		r.mu.Lock()
		if !r.behind || ctx.Err() != nil {
			r.repairing = false
			r.mu.Unlock()
			return
		}
		stale := r.stale
		r.behind, r.stale = false, false
		r.mu.Unlock()

		err := r.catchUp(ctx)
		if stale && err == nil {
			err = r.refresh(ctx)
		}
		if err != nil {
			r.log.Warn("journal not read", "err", err)
			r.mu.Lock()
			r.doubt = time.Now().Add(doubtFor) // the next look comes with the tick
			r.stale = r.stale || stale
			r.mu.Unlock()
		}
	}
}

// catchUp sends the seats every message of the journal that they have not had.
func (r *Room) catchUp(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, journalFor)
	defer cancel()
	r.mu.Lock()
	seq := r.seq
	r.mu.Unlock()
	last, err := r.opts.Journal.LastSeq(ctx, r.id)
	if err != nil {
		return fmt.Errorf("read last seq: %w", err)
	}
	if last <= seq {
		return nil
	}
	var messages []seance.Message
	for m, err := range r.opts.Journal.After(ctx, r.id, seq) {
		if err != nil {
			return fmt.Errorf("read messages: %w", err)
		}
		messages = append(messages, m)
	}
	for _, m := range messages {
		ev, err := r.eventOf(ctx, m)
		if err != nil {
			return err
		}
		r.mu.Lock()
		if m.Seq > r.seq && r.state != ended {
			r.keep(ev)
		}
		r.mu.Unlock()
	}
	return nil
}

// eventOf is the event that announces a message read from the journal.
func (r *Room) eventOf(ctx context.Context, m seance.Message) (seance.Event, error) {
	ev := seance.Event{Session: r.id, At: m.At, Message: &m}
	if m.Kind != seance.KindQuestion {
		return ev, nil
	}
	r.mu.Lock()
	asker, ok := r.known[m.Participant]
	r.mu.Unlock()
	if !ok {
		var err error
		asker, err = r.opts.Register.Participant(ctx, r.id, m.Participant)
		if err != nil && !errors.Is(err, seance.ErrNotFound) {
			return ev, fmt.Errorf("read who asked: %w", err)
		}
		asker.ID = m.Participant // even of somebody who is no longer on record
		asker = named(asker)
	}
	ev.Asker = &asker
	return ev, nil
}
