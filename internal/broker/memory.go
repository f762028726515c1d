// Package broker carries events to everyone who listens to a session: at most once, in order per session, and never at
// the publisher's expense. What must not be lost is in the journal, whose gapless Seq shows a listener what it missed.
package broker

import (
	"context"
	"sync"

	"seance/internal/seance"
)

// backlog is how many events a subscription holds for a reader that is busy; what comes beyond it is lost to that
// reader. It is some seconds of a lively table, and as much as one seat may fall behind.
const backlog = 256

// Memory is the broker of a single node. The zero value is not ready: see NewMemory.
type Memory struct {
	mu        sync.Mutex
	listeners map[seance.SessionID]map[*listener]struct{}
}

// A listener is one subscription. Its channel is written and closed under the broker's mu only.
type listener struct{ events chan seance.Event }

// NewMemory returns a broker without subscriptions.
func NewMemory() *Memory {
	return &Memory{listeners: make(map[seance.SessionID]map[*listener]struct{})}
}

// Publish hands ev to every subscription of its session that has room, and never waits. What ev points to is shared
// with all who listen, and must not be changed any more.
func (b *Memory) Publish(ctx context.Context, ev seance.Event) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for l := range b.listeners[ev.Session] {
		select {
		case l.events <- ev:
		default: // the slow lose events
		}
	}
	return nil
}

// Subscribe listens to a session: what is published after it returned arrives. The channel is closed once ctx is done;
// what it held by then can still be read.
func (b *Memory) Subscribe(ctx context.Context, id seance.SessionID) (<-chan seance.Event, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	l := &listener{events: make(chan seance.Event, backlog)}
	b.mu.Lock()
	if b.listeners[id] == nil {
		b.listeners[id] = make(map[*listener]struct{})
	}
	b.listeners[id][l] = struct{}{}
	b.mu.Unlock()
	context.AfterFunc(ctx, func() { b.drop(id, l) })
	return l.events, nil
}

func (b *Memory) drop(id seance.SessionID, l *listener) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.listeners[id], l)
	if len(b.listeners[id]) == 0 {
		delete(b.listeners, id)
	}
	close(l.events)
}
