package relay

import (
	"sync/atomic"
	"time"

	"seance/internal/seance"
)

// Stats is what a hub has done since it was made, and how many are there now. It says nothing of anyone in particular.
type Stats struct {
	Rooms  int // open now
	Seats  int // connections now
	People int // present now, spectators included

	Questions uint64 // acknowledged
	Answers   map[seance.Source]uint64
	SlowSeats uint64 // given up
	Hushes    uint64
	Unheard   uint64 // events that the broker did not take
	Frames    uint64 // handed to seats
	FanOut    Timing // from the first frame of a pass to the last seat
}

// A Timing counts durations: Counts[i] were at most Bounds[i], and longer than the bound before; the last count, which
// has no bound, were longer than all.
type Timing struct {
	Bounds []time.Duration
	Counts []uint64
	Sum    time.Duration
}

// Stats counts. It looks into every room.
func (h *Hub) Stats() Stats {
	s := Stats{
		Questions: h.counts.questions.Load(),
		Answers:   make(map[seance.Source]uint64, len(sources)),
		SlowSeats: h.counts.slow.Load(),
		Hushes:    h.counts.hushes.Load(),
		Unheard:   h.counts.unheard.Load(),
		Frames:    h.counts.frames.Load(),
		FanOut:    h.counts.fanOut.read(),
	}
	for i, source := range sources {
		s.Answers[source] = h.counts.answers[i].Load()
	}
	for _, r := range h.everyRoom() {
		seats, people := r.size()
		s.Rooms++
		s.Seats += seats
		s.People += people
	}
	return s
}

func (r *Room) size() (seats, people int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.seats), len(r.people)
}

// counters are a hub's and all of its rooms'.
type counters struct {
	questions, slow, hushes, unheard, frames atomic.Uint64
	answers                                  [len(sources)]atomic.Uint64
	fanOut                                   timing
}

var sources = [...]seance.Source{
	seance.SourceModel, seance.SourceOracle, seance.SourceDeflection, seance.SourceInitiative,
}

// answered counts an answer by its source.
func (c *counters) answered(source seance.Source) {
	for i, s := range sources {
		if s == source {
			c.answers[i].Add(1)
		}
	}
}

// fanOutBounds have a bound at the tick of a busy room, and at twice of it.
var fanOutBounds = [...]time.Duration{
	100 * time.Microsecond, 250 * time.Microsecond, 500 * time.Microsecond, time.Millisecond, 2500 * time.Microsecond,
	5 * time.Millisecond, 10 * time.Millisecond, apart, 2 * apart, 4 * apart, 10 * apart, 40 * apart,
}

type timing struct {
	counts [len(fanOutBounds) + 1]atomic.Uint64
	sum    atomic.Int64
}

func (t *timing) note(d time.Duration) {
	i := 0
	for i < len(fanOutBounds) && d > fanOutBounds[i] {
		i++
	}
	t.counts[i].Add(1)
	t.sum.Add(int64(d))
}

func (t *timing) read() Timing {
	out := Timing{Bounds: append([]time.Duration(nil), fanOutBounds[:]...), Sum: time.Duration(t.sum.Load())}
	for i := range t.counts {
		out.Counts = append(out.Counts, t.counts[i].Load())
	}
	return out
}
