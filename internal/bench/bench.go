// Package bench is the open-loop load program behind `seance bench`: tables of people who ask, type and call REST on a
// schedule that does not wait for answers. Every latency is taken from the moment the schedule wanted the thing done, so
// that a server which stalls cannot hide the stall by slowing the load down.
//
// It drives a server on this machine only: times in events are the server's, and are compared with this clock.
package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"seance/relay/wire"
)

// Options say how much load for how long. The zero value of each field but Address has a default.
type Options struct {
	Address       string        // http://host:port of a loopback server that runs with SEANCE_LIMITS=off
	Sessions      int           // 100
	Players       int           // at each table: 4
	Warm          time.Duration // not measured at first: 3 s
	Duration      time.Duration // measured: 20 s
	QuestionEvery time.Duration // per session: 3 s
	TypeEvery     time.Duration // per player: 2 s
	RESTPerSecond int           // 50
	Codec         wire.Codec
}

func (o Options) withDefaults() Options {
	set(&o.Sessions, 100)
	set(&o.Players, 4)
	set(&o.Warm, 3*time.Second)
	set(&o.Duration, 20*time.Second)
	set(&o.QuestionEvery, 3*time.Second)
	set(&o.TypeEvery, 2*time.Second)
	set(&o.RESTPerSecond, 50)
	return o
}

func set[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// Run opens the tables, loads the server and reports. It fails if the address is not on loopback or a table cannot be
// opened; what fails under load is counted in the report.
func Run(ctx context.Context, o Options) (Report, error) {
	o = o.withDefaults()
	if err := onLoopback(o.Address); err != nil {
		return Report{}, err
	}
	l := &load{o: o, rest: newRESTClient(o.Address)}
	defer l.close()
	if err := l.open(ctx); err != nil {
		return Report{}, err
	}

	start := time.Now().Add(100 * time.Millisecond)
	end := start.Add(o.Warm + o.Duration)
	l.until.Store(end.UnixNano())
	l.from.Store(start.Add(o.Warm).UnixNano())
	ctx, stop := context.WithDeadline(ctx, end)
	defer stop()
	var work sync.WaitGroup
	for i, t := range l.tables {
		work.Go(func() { t.ask(ctx, start.Add(spread(i, o.Sessions, o.QuestionEvery))) })
		for j, p := range t.players {
			n := i*o.Players + j
			work.Go(func() { p.typeOnAndOff(ctx, start.Add(spread(n, o.Sessions*o.Players, o.TypeEvery))) })
		}
	}
	work.Go(func() { l.call(ctx, start) })
	work.Wait()
	if err := context.Cause(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return Report{}, err
	}
	return l.report(), nil
}

// load is one run.
type load struct {
	o           Options
	rest        *restClient
	from, until atomic.Int64 // measured between these, in ns since the epoch; 0 while the tables are being opened
	tables      []*table

	restTimes, ack, fanOut, typing, stir, announce samples
	deliveries, failures                           counter
}

// measured reports whether something that was due at the given time counts.
func (l *load) measured(due time.Time) bool {
	from := l.from.Load()
	return from != 0 && due.UnixNano() > from && due.UnixNano() < l.until.Load()
}

// open seats everybody, eight tables at a time.
func (l *load) open(ctx context.Context) error {
	l.tables = make([]*table, l.o.Sessions)
	errs := make([]error, l.o.Sessions)
	slots := make(chan struct{}, 8)
	var opening sync.WaitGroup
	for i := range l.tables {
		slots <- struct{}{}
		opening.Go(func() {
			defer func() { <-slots }()
			l.tables[i], errs[i] = l.openTable(ctx)
		})
	}
	opening.Wait()
	return errors.Join(errs...)
}

func (l *load) close() {
	var closing sync.WaitGroup
	for _, t := range l.tables {
		if t != nil {
			closing.Go(t.close)
		}
	}
	closing.Wait()
}

// call makes the REST calls of people who come and look: the session, its history, the spirits.
func (l *load) call(ctx context.Context, start time.Time) {
	var calls sync.WaitGroup
	defer calls.Wait()
	every := time.Second / time.Duration(l.o.RESTPerSecond)
	for n, due := 0, start; wait(ctx, due); n, due = n+1, due.Add(every) {
		calls.Go(func() {
			t := l.tables[n%len(l.tables)]
			path := [...]string{"/api/sessions/" + t.code, "/api/sessions/" + t.code + "/history?limit=50", "/api/spirits"}[n%3]
			if err := l.rest.get(path, t.players[0].token, nil); err != nil {
				l.failures.add(fmt.Sprintf("GET %s: %v", path, err))
				return
			}
			if l.measured(due) {
				l.restTimes.add(time.Since(due))
			}
		})
	}
}

// wait sleeps until due and reports whether ctx still goes on then.
func wait(ctx context.Context, due time.Time) bool {
	timer := time.NewTimer(time.Until(due))
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// spread sets the i-th of n starts within an interval, so that they do not all come at once.
func spread(i, n int, interval time.Duration) time.Duration {
	return interval * time.Duration(i) / time.Duration(n)
}

func onLoopback(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return fmt.Errorf("address %q: %w", address, err)
	}
	if ip := net.ParseIP(u.Hostname()); u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("the load goes to a server on this machine only: %q is not on loopback", address)
	}
	return nil
}
