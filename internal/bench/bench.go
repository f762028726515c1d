// Package bench is the load program behind `seance bench`: people at many tables who ask, type, pull and call REST,
// storms of lines that come back all at once, and guests who mean no good. The load is open: everything happens on a
// schedule that does not wait for answers, and every latency is taken from the moment the schedule wanted the thing
// done, so that a server which stalls cannot hide the stall by slowing the load down.
//
// It drives a server on this machine only, for a bounded time: times in events are the server's, and are compared with
// this clock.
package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"seance/relay/wire"
)

// Options say how much load for how long. The zero value of each field but Address has a default.
type Options struct {
	Address string  // http://host:port of a loopback server that runs with the settings of the scenario
	Server  *Server // the one at Address, if this program started it: what the load takes of it is measured

	Scenario      string        // one of Scenarios: the first
	Codec         wire.Codec    // that people speak; guests who mean no good speak both
	Sessions      int           // tables: 100; where guests mean no good 10
	Players       int           // at each table: 4
	Hands         int           // who pull at each table, as 15 moves a second each: none, in the scenario hands all
	Connections   int           // storm and idle: 5,000
	Frames        int           // hostile: broken frames to send, 100,000
	Warm          time.Duration // not measured at first: 3 s
	Duration      time.Duration // measured: 20 s
	QuestionEvery time.Duration // per session: 3 s
	TypeEvery     time.Duration // per player: 2 s
	RESTPerSecond int           // 50
}

// The most that is ever loaded.
const (
	maxLines    = 20_000
	maxFrames   = 1_000_000
	maxDuration = 10 * time.Minute
)

// A Scenario is one kind of load.
type Scenario struct {
	Name  string
	About string
	Env   []string // settings of a server that is loaded with it

	run func(ctx context.Context, l *load) error
}

// Scenarios are all there are.
func Scenarios() []Scenario {
	free := []string{"SEANCE_LIMITS=off"}
	return []Scenario{
		{"rooms", "tables whose people ask and type, and REST calls beside them", free, rooms},
		{"hands", "the same, with hands on every planchette", free, rooms},
		{"storm", "connections that come all at once, are cut and come back with what they know", free, storm},
		{"idle", "connections that sit and wait, for what each costs", free, idle},
		// Every limit that hostile guests can meet stays on; what well-behaved people from one address need is lifted.
		{"hostile", "innocent tables, alone and then beside guests who mean no good", []string{
			"SEANCE_LIMITS=on", "SEANCE_LIMIT_REST=1000000", "SEANCE_LIMIT_ROOM_QUESTIONS=100000", "SEANCE_LIMIT_QUESTION_EVERY=1ms",
		}, hostile},
	}
}

// find is the scenario of a name, the first if it is empty.
func find(name string) (Scenario, error) {
	var names []string
	for _, s := range Scenarios() {
		if s.Name == name || name == "" {
			return s, nil
		}
		names = append(names, s.Name)
	}
	return Scenario{}, fmt.Errorf("there is no scenario %q: choose one of %s", name, strings.Join(names, ", "))
}

// Env are the settings that the server for a scenario runs with.
func Env(scenario string) ([]string, error) {
	s, err := find(scenario)
	return s.Env, err
}

// withDefaults fills in what was not said.
func (o Options) withDefaults(scenario string) Options {
	o.Scenario = scenario
	if scenario == "hostile" {
		set(&o.Sessions, 10)
	}
	set(&o.Sessions, 100)
	set(&o.Players, 4)
	if scenario == "hands" {
		set(&o.Hands, o.Players)
	}
	set(&o.Connections, 5000)
	set(&o.Frames, 100_000)
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

// check refuses what is too much, too little, or not for this machine.
func (o Options) check() error {
	for _, n := range []struct {
		what      string
		got, most int
	}{
		{"tables", o.Sessions, maxLines}, {"people at a table", o.Players, 50}, {"hands at a table", o.Hands + 1, o.Players + 1},
		{"people", o.Sessions * o.Players, maxLines}, {"connections", o.Connections, maxLines}, {"frames", o.Frames, maxFrames},
		{"REST calls a second", o.RESTPerSecond, 10_000},
	} {
		if n.got < 1 || n.got > n.most {
			return fmt.Errorf("the load would be %d %s: want 1 to %d", n.got, n.what, n.most)
		}
	}
	if o.Warm < 0 || o.Duration < time.Second || o.Warm+o.Duration > maxDuration || min(o.QuestionEvery, o.TypeEvery) < time.Millisecond {
		return fmt.Errorf("the load would run for %s: want 1s to %s, and 1ms or more between two things that are done", o.Warm+o.Duration, maxDuration)
	}
	return onLoopback(o.Address)
}

// Run loads the server and reports. It fails if the load is out of bounds or not for this machine, or if a table cannot
// be opened; what fails under load is counted in the report.
func Run(ctx context.Context, o Options) (Report, error) {
	s, err := find(o.Scenario)
	if err != nil {
		return Report{}, err
	}
	o = o.withDefaults(s.Name)
	if err := o.check(); err != nil {
		return Report{}, err
	}
	l := &load{o: o, rest: newRESTClient(o.Address), meter: meter{server: o.Server, self: os.Getpid()}}
	l.until.Store(1<<63 - 1)
	defer l.close()
	if err := s.run(ctx, l); err != nil {
		return Report{}, err
	}
	if err := context.Cause(ctx); err != nil {
		return Report{}, err
	}
	return l.report(), nil
}

// load is one run.
type load struct {
	o           Options
	rest        *restClient
	meter       meter
	from, until atomic.Int64 // measured between these, in ns since the epoch; from is 0 while the tables are being opened
	took        time.Duration
	tables      []*table
	lines       int // that were there at once

	restTimes, ack, fanOut, typing, hands, touch, stir, announce samples

	deliveries atomic.Int64 // events that reached a seat while measured
	failures   counter
	found      []Latency // what the scenario found, as it is printed
	counts     []Count
	notes      []string
}

// measured reports whether something that was due at the given time counts.
func (l *load) measured(due time.Time) bool {
	from := l.from.Load()
	return from != 0 && due.UnixNano() > from && due.UnixNano() < l.until.Load()
}

// fail counts what went wrong, unless it went wrong because the run is over.
func (l *load) fail(ctx context.Context, what string, err error) {
	if ctx.Err() == nil {
		l.failures.add(what + ": " + err.Error())
	}
}

// open seats everybody, eight tables at a time.
func (l *load) open(ctx context.Context) error {
	l.tables = make([]*table, l.o.Sessions)
	errs := make([]error, l.o.Sessions)
	each(l.o.Sessions, 8, func(i int) {
		if l.tables[i], errs[i] = l.newTable(l.o.Players); errs[i] == nil {
			errs[i] = l.tables[i].sit(ctx)
		}
	})
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("open %d tables: %w", l.o.Sessions, err)
	}
	l.lines = l.o.Sessions * l.o.Players
	return nil
}

// each calls f for 0 to n-1, so many at a time, and returns when all are done.
func each(n, atATime int, f func(i int)) {
	slots := make(chan struct{}, atATime)
	var calls sync.WaitGroup
	for i := range n {
		slots <- struct{}{}
		calls.Go(func() {
			defer func() { <-slots }()
			f(i)
		})
	}
	calls.Wait()
}

func (l *load) close() {
	for _, t := range l.tables {
		if t != nil {
			t.close()
		}
	}
	l.rest.http.CloseIdleConnections()
}

// playFor plays for a while and measures the given time at its end.
func (l *load) playFor(ctx context.Context, warm, measured time.Duration) {
	ctx, stop := context.WithTimeout(ctx, startIn+warm+measured)
	defer stop()
	l.play(ctx, warm)
}

// startIn is how long before the first thing is due, so that nobody is late from the start.
const startIn = 100 * time.Millisecond

// play lets everybody do what they do until ctx is done, and measures all but the first while.
func (l *load) play(ctx context.Context, warm time.Duration) {
	start := time.Now().Add(startIn)
	l.until.Store(1<<63 - 1)
	l.from.Store(start.Add(warm).UnixNano())
	o := &l.o
	var work sync.WaitGroup
	for i, t := range l.tables {
		work.Go(func() { t.ask(ctx, start.Add(spread(i, o.Sessions, o.QuestionEvery))) })
		for j, p := range t.players {
			n := i*o.Players + j
			work.Go(func() { p.typeOnAndOff(ctx, start.Add(spread(n, o.Sessions*o.Players, o.TypeEvery))) })
			if j < o.Hands {
				apart := j*o.Sessions + i // people at one table are not in step
				work.Go(func() { p.pull(ctx, start.Add(spread(apart, o.Sessions*o.Players, handEvery))) })
			}
		}
	}
	work.Go(func() { l.call(ctx, start) })
	if wait(ctx, start.Add(warm)) {
		l.deliveries.Store(0)
		l.meter.begin()
		<-ctx.Done()
		l.until.Store(time.Now().UnixNano())
		l.took = time.Since(start.Add(warm))
		l.meter.end(int(l.deliveries.Load()))
	}
	work.Wait()
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
