package relay

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"seance/internal/seance"
	"seance/relay/wire"
)

// Erasures tell what was erased, whoever did it: another node, or another process on the same store.
type Erasures interface {
	// Erased returns what was erased after the given time.
	Erased(ctx context.Context, since time.Time) ([]seance.Erasure, error)
	// Changes is a number that is another one after anything has changed.
	Changes(ctx context.Context) (int64, error)
}

// erasedFor is how long an erasure is remembered and looked for: what was erased by a clock that is behind, or in a
// transaction that took long, is still found.
const erasedFor = time.Minute

// An eraser keeps track of what the rooms were told of.
type eraser struct {
	look chan struct{} // 1 deep: held while the store is looked into

	mu   sync.Mutex
	told map[seance.Erasure]bool
}

// followErased looks into the store once a second, when something has changed.
func (h *Hub) followErased(ctx context.Context) {
	if h.opts.Erasures == nil {
		return
	}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	var seen int64
	fresh, failing := true, false
	for {
		now, err := h.opts.Erasures.Changes(ctx)
		if err == nil && (fresh || now != seen) {
			if err = h.LookForErased(ctx); err == nil {
				fresh, seen = false, now
			}
		}
		if err != nil && !failing && ctx.Err() == nil {
			h.opts.Logger.Warn("erasures not read", "err", err)
		}
		failing = err != nil
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// LookForErased looks into the store for what was erased, and takes it from every open room: when it returns, boards
// are told. Without Erasures it does nothing.
func (h *Hub) LookForErased(ctx context.Context) error {
	if h.opts.Erasures == nil {
		return nil
	}
	select {
	case h.erased.look <- struct{}{}:
		defer func() { <-h.erased.look }()
	case <-ctx.Done():
		return ctx.Err()
	}
	since := time.Now().Add(-erasedFor)
	found, err := h.opts.Erasures.Erased(ctx, since)
	if err != nil {
		return fmt.Errorf("read what was erased: %w", err)
	}
	h.Erased(ctx, h.erased.news(found, since))
	return nil
}

// Erased takes what was erased in the store from the rooms that are open, and tells their boards.
func (h *Hub) Erased(_ context.Context, gone []seance.Erasure) {
	rooms := map[seance.SessionID][]seance.Erasure{}
	for _, e := range gone {
		rooms[e.Session] = append(rooms[e.Session], e)
	}
	for id, gone := range rooms {
		if r := h.open(id); r != nil {
			r.erase(gone)
		}
	}
}

// news are those of found that nobody was told of yet. What is older than since is no longer looked for.
func (e *eraser) news(found []seance.Erasure, since time.Time) (news []seance.Erasure) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for known := range e.told {
		if known.At.Before(since) {
			delete(e.told, known)
		}
	}
	for _, one := range found {
		if !e.told[one] {
			e.told[one] = true
			news = append(news, one)
		}
	}
	return news
}

// of is what was erased of a session lately: a room that opens may have read it before.
func (e *eraser) of(id seance.SessionID) (gone []seance.Erasure) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for one := range e.told {
		if one.Session == id {
			gone = append(gone, one)
		}
	}
	return gone
}

// Known tells a table who somebody who sits there is across sessions.
func (h *Hub) Known(ctx context.Context, p seance.Participant) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), publishFor)
	defer cancel()
	h.publish(ctx, seance.Event{Session: p.Session, At: now(), Known: &p})
}

// erase takes away what is gone: from what those who join are sent, from what waits to be answered, and from the boards.
func (r *Room) erase(gone []seance.Erasure) {
	r.mu.Lock()
	defer r.mu.Unlock()
	said := wire.MessagesErased{Seqs: []uint64{}, ParticipantIDs: []seance.ParticipantID{}}
	for _, e := range gone {
		switch {
		case e.Participant != "":
			r.unname(e.Participant)
			said.ParticipantIDs = append(said.ParticipantIDs, e.Participant)
		case e.Seq > r.seq:
			r.blank[e.Seq] = true // it is still to be heard
		default:
			r.blankOut(e.Seq)
			said.Seqs = append(said.Seqs, e.Seq)
		}
	}
	slices.Sort(said.Seqs)
	if len(said.Seqs)+len(said.ParticipantIDs) == 0 || r.state == ended {
		return
	}
	frame, err := wire.Prepare(wire.EventMessagesErased, said)
	if err != nil {
		r.log.Error("erasure not encoded", "err", err)
		return
	}
	r.send(frame, "", slot{})
	r.poke()
}

// blankOut takes the words of a message that the seats were sent. The caller holds mu.
func (r *Room) blankOut(seq uint64) {
	r.queue = slices.DeleteFunc(r.queue, func(q seance.Message) bool { return q.Seq == seq })
	if r.thinkOf == seq {
		r.thinking, r.thinkOf = nil, 0
	}
	if behind := r.seq - seq; behind < uint64(len(r.recent)) {
		l := &r.recent[len(r.recent)-1-int(behind)]
		delete(r.asked, l.event.Message.Key)
		*l = line{event: blanked(l.event)}
	}
}

// blanked is the event of a message of which only the place is left.
func blanked(ev seance.Event) seance.Event {
	m := ev.Message
	ev.Message, ev.Asker = &seance.Message{
		ID: m.ID, Session: m.Session, Seq: m.Seq, Kind: m.Kind, At: m.At, Refers: m.Refers, Source: m.Source, Erased: true,
	}, nil
	return ev
}

// unname takes the name of somebody, who keeps their seat. The caller holds mu.
func (r *Room) unname(id seance.ParticipantID) {
	r.changes(id, func(p *seance.Participant) { p.Name, p.Soul = seance.Nameless, "" })
	for i := range r.recent {
		l := &r.recent[i]
		if asker := l.event.Asker; asker != nil && asker.ID == id {
			nameless := r.known[id]
			l.event.Asker, l.frame = &nameless, nil
		}
	}
}

// changes changes what the room knows of somebody. The caller holds mu.
func (r *Room) changes(id seance.ParticipantID, change func(*seance.Participant)) {
	if p := r.people[id]; p != nil {
		change(&p.who)
	}
	if who, ok := r.known[id]; ok {
		change(&who)
		r.known[id] = who
	}
}

// named is somebody as a room knows them: without a name of their own they are called Somebody.
func named(p seance.Participant) seance.Participant {
	p.Name = orElse(p.Name, seance.Nameless)
	return p
}
