package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// How much the hostile guests may leave behind in the server once they are gone: its pools of connections to the journal
// may have grown, and their room lives on for a while. Any leak of theirs would be hundreds.
const (
	spareDescriptors = 8
	spareGoroutines  = 12
)

// tidyTime is how long the server has to be rid of guests who left without a word.
const tidyTime = 40 * time.Second

// turnsTime is how long everybody has to have a turn beside what was asked for: slow requests are cut after 10 s, and
// 2,000 broken frames a second are sent.
const turnsTime = time.Minute

// hostile plays innocent tables twice, alone and while hostile guests do what they can at a table of their own and at
// the door. The second time lasts longer if it must, until each guest had their turn.
func hostile(ctx context.Context, l *load) error {
	l.meter.before()
	if err := l.open(ctx); err != nil {
		return err
	}
	l.playFor(ctx, l.o.Warm, l.o.Duration)
	alone := l.innocents("alone", "alone")
	quiet := l.meter.report()
	before, err := l.holdings(ctx)
	if err != nil {
		return err
	}

	seed := rand.Uint64()
	l.notes = append(l.notes, fmt.Sprintf("broken frames were made with seed %d", seed))
	g, err := l.invite(seed)
	if err != nil {
		return fmt.Errorf("open the hostile table: %w", err)
	}
	playing, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 2)
	go func() { ended <- g.run(playing) }()
	go func() {
		defer stop()
		ended <- g.hadTheirTurn(playing, startIn+l.o.Warm+l.o.Duration)
	}()
	l.play(playing, l.o.Warm)
	if err := errors.Join(<-ended, <-ended); err != nil {
		l.failures.add(err.Error())
	}
	l.meter.cost.CPUPerMillion = 0 // most of it went to guests, whose deliveries nobody counts
	l.found = pairs(alone, l.innocents("beside", "beside hostile guests"))
	l.found = append(l.found, promise("slow_request", "a slow request, until it is cut", &g.slow, 0))
	l.counts = g.tally.list()
	l.notes = append(l.notes, fmt.Sprintf("the server's CPU: %.2f s with the innocent tables alone", quiet.CPU))
	l.leftBehind(ctx, before)
	return nil
}

// hadTheirTurn waits for a time and until each guest had their turn. It fails if that takes much too long.
func (g *guests) hadTheirTurn(ctx context.Context, atLeast time.Duration) error {
	wait(ctx, time.Now().Add(atLeast))
	late := time.NewTimer(turnsTime + time.Duration(g.load.o.Frames)*breakEvery/(breakBatch*breakers))
	defer late.Stop()
	select {
	case <-g.had:
	case <-ctx.Done():
	case <-late.C:
		return errors.New("some of the guests were never dealt with")
	}
	return nil
}

// innocents is what the innocent tables found since the last time they were asked.
func (l *load) innocents(key, when string) []Latency {
	found := []Latency{
		promise("typing_"+key, "fan-out of typing, "+when, &l.typing, 0),
		promise("fan_out_"+key, "fan-out of kept events, "+when, &l.fanOut, 0),
		promise("ack_"+key, "acknowledgement, "+when, &l.ack, 0),
		promise("rest_"+key, "REST, "+when, &l.restTimes, 0),
	}
	for _, s := range []*samples{&l.typing, &l.fanOut, &l.ack, &l.restTimes} {
		s.forget()
	}
	return found
}

// pairs puts what belongs together side by side.
func pairs(alone, beside []Latency) []Latency {
	var both []Latency
	for i := range alone {
		both = append(both, alone[i], beside[i])
	}
	return both
}

// holdings are what a server has open.
type holdings struct {
	descriptors, goroutines int
	unknown                 string
}

// holdings counts what the server has open for its lines alone: idle connections of REST are closed before.
func (l *load) holdings(ctx context.Context) (h holdings, err error) {
	l.rest.http.CloseIdleConnections()
	s := l.o.Server
	if s == nil {
		return holdings{unknown: errNotOurs.Error()}, nil
	}
	if h.descriptors, err = descriptorsOf(s.PID()); errors.Is(err, errElsewhere) {
		return holdings{unknown: err.Error()}, nil
	}
	if err != nil {
		return h, err
	}
	h.goroutines, err = s.goroutines(ctx)
	return h, err
}

// leftBehind waits until the server is rid of the guests, and counts what it is not rid of as a failure.
func (l *load) leftBehind(ctx context.Context, before holdings) {
	if before.unknown != "" {
		l.notes = append(l.notes, "descriptors: "+before.unknown)
		return
	}
	var now holdings
	for deadline := time.Now().Add(tidyTime); ; {
		var err error
		if now, err = l.holdings(ctx); err != nil {
			l.failures.add(err.Error())
			return
		}
		if now.descriptors <= before.descriptors+spareDescriptors && now.goroutines <= before.goroutines+spareGoroutines {
			break
		}
		if time.Now().After(deadline) {
			l.failures.add(fmt.Sprintf("left behind: %d descriptors and %d goroutines, there were %d and %d before",
				now.descriptors, now.goroutines, before.descriptors, before.goroutines))
			break
		}
		if !wait(ctx, time.Now().Add(100*time.Millisecond)) {
			return
		}
	}
	l.counts = append(l.counts, Count{"descriptors of the server before them", before.descriptors}, Count{"descriptors after them", now.descriptors})
	if before.goroutines == 0 {
		l.notes = append(l.notes, "goroutines: not measured, the server has no operator's side")
		return
	}
	l.counts = append(l.counts, Count{"goroutines of the server before them", before.goroutines}, Count{"goroutines after them", now.goroutines})
}
