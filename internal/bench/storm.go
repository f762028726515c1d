package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"seance/internal/wireclient"
	"seance/relay/wire"
)

// How lines come back: as the board does.
const (
	firstDelay  = 500 * time.Millisecond // before the second attempt, give or take half of it; then twice as long each time
	lastDelay   = 5 * time.Second        // at most
	attemptTime = 8 * time.Second        // after which an attempt is given up
	rushTime    = time.Minute            // after which a line is given up
)

// storm lets all connections come at once, cuts them while a question of every table is open, and lets them come back.
// Nobody may be turned away, and nobody may miss anything.
func storm(ctx context.Context, l *load) error {
	r, err := l.gather()
	if err != nil {
		return err
	}
	defer r.leave()
	l.from.Store(time.Now().UnixNano())
	begun := time.Now()
	l.meter.begin()
	var come, answered, back, whole samples
	r.all(ctx, func(ctx context.Context, b *boarder) error { return b.come(ctx, begun, 0, &come) })
	r.settle(ctx)
	l.meter.seated(l.lines)

	r.all(ctx, func(ctx context.Context, b *boarder) error {
		if !b.keeps {
			return nil
		}
		due := time.Now()
		if b.client == nil {
			return errors.New("nobody is there to ask")
		}
		if _, err := b.client.Ask(ctx, uuid.NewString(), "Is anyone there?"); err != nil {
			return err
		}
		answered.add(time.Since(due))
		return nil
	})
	r.leave()
	cut := time.Now()
	r.all(ctx, func(ctx context.Context, b *boarder) error {
		if err := b.come(ctx, cut, 1, &back); err != nil {
			return err
		}
		select {
		case <-b.answered:
			whole.add(time.Since(cut))
			return nil
		case <-ctx.Done():
			return errors.New("who came back does not get the answer")
		}
	})
	l.meter.end(int(l.deliveries.Load()))
	l.took = time.Since(begun)
	l.found = []Latency{
		promise("come", "all at once, until joined", &come, 0),
		promise("ack", "acknowledgement (with commit)", &answered, 0),
		promise("back", "after the cut, with back-off, until joined", &back, 0),
		promise("whole", "the same, until the answer is there", &whole, 0),
	}
	l.counts = []Count{{"attempts that went wrong and were made again", int(r.again.Load())}}
	return nil
}

// idle seats all connections and then does nothing: what a line costs that only waits.
func idle(ctx context.Context, l *load) error {
	r, err := l.gather()
	if err != nil {
		return err
	}
	defer r.leave()
	var come samples
	begun := time.Now()
	r.all(ctx, func(ctx context.Context, b *boarder) error { return b.come(ctx, begun, 0, &come) })
	r.settle(ctx)
	l.meter.seated(l.lines)

	begun = time.Now()
	l.from.Store(begun.UnixNano())
	l.meter.begin()
	wait(ctx, begun.Add(l.o.Duration))
	l.meter.end(0)
	l.took = time.Since(begun)
	for _, b := range r.boarders {
		if b.client == nil {
			continue // counted already
		}
		select {
		case <-b.client.Done():
			l.failures.add(fmt.Sprintf("a line that sat still was closed with %d", b.client.CloseCode()))
		default:
		}
	}
	l.found = []Latency{promise("come", "all at once, until joined", &come, 0)}
	l.counts = []Count{{"attempts that went wrong and were made again", int(r.again.Load())}}
	return nil
}

// A rush is many lines that do the same at once.
type rush struct {
	load     *load
	boarders []*boarder
	again    atomic.Int64
}

// A boarder is a person who keeps track of what they heard, as boards do.
type boarder struct {
	*player
	rush     *rush
	answered chan struct{} // closed with the table's first answer

	mu   sync.Mutex
	last uint64 // the last seq heard
}

// gather gives places to as many people as there are to be connections.
func (l *load) gather() (*rush, error) {
	if err := enoughFiles(l.o.Connections); err != nil {
		return nil, err
	}
	l.meter.before()
	l.o.Sessions = (l.o.Connections + l.o.Players - 1) / l.o.Players
	tables, errs := make([]*table, l.o.Sessions), make([]error, l.o.Sessions)
	each(l.o.Sessions, 8, func(i int) {
		tables[i], errs[i] = l.newTable(min(l.o.Players, l.o.Connections-i*l.o.Players))
	})
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("open %d tables: %w", l.o.Sessions, err)
	}
	r := &rush{load: l}
	for _, t := range tables {
		for _, p := range t.players {
			r.boarders = append(r.boarders, &boarder{player: p, rush: r, answered: make(chan struct{})})
		}
	}
	l.lines = len(r.boarders)
	return r, nil
}

// all lets everybody do the same at once and waits for them, rushTime at most. Who fails is counted.
func (r *rush) all(ctx context.Context, do func(ctx context.Context, b *boarder) error) {
	ctx, stop := context.WithTimeout(ctx, rushTime)
	defer stop()
	each(len(r.boarders), len(r.boarders), func(i int) {
		if err := do(ctx, r.boarders[i]); err != nil {
			r.load.failures.add(err.Error())
		}
	})
}

// settle gives the server a moment to put away what it needed for the rush.
func (r *rush) settle(ctx context.Context) { wait(ctx, time.Now().Add(r.load.o.Warm)) }

func (r *rush) leave() {
	for _, b := range r.boarders {
		if b.client != nil {
			b.client.Cut()
			b.client = nil
		}
	}
}

// come connects and joins, again and again with longer and longer delays. With n above 0 it starts with one.
func (b *boarder) come(ctx context.Context, due time.Time, n int, took *samples) error {
	for ; ; n++ {
		if n > 0 {
			delay := min(firstDelay<<(n-1), lastDelay)
			wait(ctx, time.Now().Add(delay/2+rand.N(delay)))
		}
		err := b.tryToCome(ctx)
		if err == nil {
			took.add(time.Since(due))
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("given up after %d attempts: %w", n, err)
		}
		b.rush.again.Add(1)
	}
}

func (b *boarder) tryToCome(ctx context.Context) error {
	ctx, stop := context.WithTimeout(ctx, attemptTime)
	defer stop()
	l := b.rush.load
	client, err := wireclient.Dialer{OnEvent: b.hear}.Dial(ctx, l.o.Address, l.o.Codec)
	if err != nil {
		return err
	}
	var since *uint64
	b.mu.Lock()
	if b.last > 0 {
		last := b.last
		since = &last
	}
	b.mu.Unlock()
	welcome, err := client.Join(ctx, b.token, since)
	if err != nil {
		client.Cut()
		return err
	}
	if !welcome.Recovered {
		l.failures.add("who came back is told to read the history")
	}
	b.client = client
	return nil
}

// hear holds what is kept against what was heard before: nothing may be missing between.
func (b *boarder) hear(ev wireclient.Event) {
	l := b.rush.load
	if l.measured(ev.At) {
		l.deliveries.Add(1)
	}
	var data struct{ Seq uint64 }
	if err := json.Unmarshal(ev.Data, &data); err != nil {
		l.failures.add(ev.Name + ": " + err.Error())
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if data.Seq <= b.last {
		return // heard before, or never kept
	}
	if data.Seq != b.last+1 {
		l.failures.add(fmt.Sprintf("%s %d comes after %d", ev.Name, data.Seq, b.last))
	}
	b.last = data.Seq
	if ev.Name == wire.EventSpiritResponse {
		select {
		case <-b.answered:
		default:
			close(b.answered)
		}
	}
}
