// Package toolbox is the spirit's own client of the three MCP servers: what it knows of a session, it knows through it.
// It speaks to them with another SDK than theirs, over pipes within the process, so that the two try each other on every
// question.
//
// It promises: of one session nothing is ever known in another, whatever is asked, since the engine alone says which
// session a call is about; a server that fails, hangs, floods or is gone costs what it would have told, and no more than
// Options.Within of anybody's time; what is written afterwards is in nobody's way, in order, and given up rather than
// piled up; and after Close nothing of it runs any more. A line that broke is made anew by the next call.
package toolbox

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"seance/mcp/tools"
)

// Servers are those that the toolbox speaks to. They must offer everything they have.
type Servers struct {
	Memory, Participants, Analytics *tools.Server
}

// Options say how. The zero value works.
type Options struct {
	Within time.Duration // what recalling may take; 150 ms if zero
	Queue  int           // how much may wait to be written down; 4096 if zero
	Logger *slog.Logger  // discards if nil
}

const (
	usualWithin = 150 * time.Millisecond
	usualQueue  = 4096
	writeFor    = 2 * time.Second // what writing down one thing may take
	tries       = 2               // of writing it: the second may find a line made anew
	drainFor    = time.Second     // what Close waits for, at most: first for what is to be written
	endFor      = time.Second     // and then for the servers
)

// A Toolbox is the spirit's memory, and where it writes down what happened. Safe for concurrent use.
type Toolbox struct {
	o   Options
	log *slog.Logger

	memory, participants, analytics *line

	jobs    chan job
	dropped atomic.Int64
	written chan struct{}      // closed when nobody writes any more
	stop    context.CancelFunc // ends what is being written

	mu     sync.Mutex // guards closed; held while jobs is sent to, which never blocks
	closed bool
}

// Open makes a toolbox for the servers and reaches each of them. An error says which one cannot be reached.
func Open(ctx context.Context, s Servers, o Options) (*Toolbox, error) {
	return open(ctx, pipeTo(s.Memory), pipeTo(s.Participants), pipeTo(s.Analytics), o)
}

func open(ctx context.Context, memory, participants, analytics dialer, o Options) (*Toolbox, error) {
	t := begin(ctx, memory, participants, analytics, o)
	for _, l := range t.lines() {
		if err := l.reach(ctx); err != nil {
			return nil, errors.Join(err, t.Close())
		}
	}
	return t, nil
}

// begin makes a toolbox whose lines are made when they are needed.
func begin(ctx context.Context, memory, participants, analytics dialer, o Options) *Toolbox {
	t := &Toolbox{
		o: o, log: cmp.Or(o.Logger, slog.New(slog.DiscardHandler)),
		memory:       &line{name: "memory", dial: memory},
		participants: &line{name: "participants", dial: participants},
		analytics:    &line{name: "analytics", dial: analytics},
		written:      make(chan struct{}),
	}
	t.o.Within = cmp.Or(o.Within, usualWithin)
	t.jobs = make(chan job, cmp.Or(o.Queue, usualQueue))
	writing, stop := context.WithCancel(context.WithoutCancel(ctx))
	t.stop = stop
	go func() { // Close waits for it
		defer close(t.written)
		t.write(writing)
	}()
	return t
}

func (t *Toolbox) lines() []*line { return []*line{t.memory, t.participants, t.analytics} }

// Dropped is how much was never written down, because too much of it was waiting.
func (t *Toolbox) Dropped() int64 { return t.dropped.Load() }

// Close writes down what waits, for at most 1 s, and hangs up. What comes afterwards is dropped. Closing again changes
// nothing. It fails if a server goes on with something that it was told to stop.
func (t *Toolbox) Close() error {
	t.mu.Lock()
	again := t.closed
	t.closed = true
	if !again {
		close(t.jobs)
	}
	t.mu.Unlock()
	if again {
		return nil
	}
	late := time.AfterFunc(drainFor, t.stop)
	<-t.written
	late.Stop()
	t.stop()

	ended := make(chan struct{})
	go func() { // ends with the last server
		for _, l := range t.lines() {
			l.close()()
		}
		close(ended)
	}()
	select {
	case <-ended:
		return nil
	case <-time.After(endFor):
		return errors.New("a server of the toolbox does not end")
	}
}
