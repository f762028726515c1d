package hands

import (
	"time"

	"seance/internal/seance"
)

// homeward is how long the planchette takes back to its resting place after the last stop, as on every board.
const homeward = 1200 * time.Millisecond

// A way is where a score has the planchette: straight minimum-jerk travel from stop to stop, and home after the last.
// Boards bow it and overshoot; hands are reckoned with on the straight one. Times are ms since the epoch.
type way struct {
	starts, ends float64
	stops        []stop
}

// A stop is a place that the planchette arrives at and leaves again.
type stop struct {
	place         seance.Point
	arrive, leave float64
}

func wayOf(s seance.Score) *way {
	w := &way{starts: float64(s.StartsAt), ends: float64(s.EndsAt), stops: make([]stop, 0, len(s.Stops))}
	for _, at := range s.Stops {
		if place, ok := seance.Place(at.Glyph); ok {
			arrive := w.starts + float64(at.At)
			w.stops = append(w.stops, stop{place, arrive, arrive + float64(at.Hold)})
		}
	}
	return w
}

// at tells place (bu) and velocity (bu/s) at a time.
func (w *way) at(ms float64) (place, velocity seance.Point) {
	from, leave := seance.RestingPlace, w.starts
	for _, to := range w.stops {
		if ms < to.arrive {
			return travel(from, to.place, leave, to.arrive, ms)
		}
		if ms < to.leave {
			return to.place, seance.Point{}
		}
		from, leave = to.place, to.leave
	}
	return travel(from, seance.RestingPlace, leave, leave+float64(homeward.Milliseconds()), ms)
}

// lastStop is when the last hold ends.
func (w *way) lastStop() float64 {
	if len(w.stops) == 0 {
		return w.starts
	}
	return w.stops[len(w.stops)-1].leave
}

// travel is the minimum-jerk way from one place to another between two times: as a hand moves from stillness to
// stillness, 10s^3-15s^4+6s^5.
func travel(from, to seance.Point, leave, arrive, now float64) (place, velocity seance.Point) {
	switch {
	case now >= arrive:
		return to, seance.Point{}
	case now <= leave:
		return from, seance.Point{}
	}
	s := (now - leave) / (arrive - leave)
	done := s * s * s * (10 + s*(6*s-15))
	pace := 30 * s * s * (1 + s*(s-2)) * 1000 / (arrive - leave) // 1/s
	whole := minus(to, from)
	return plus(from, times(whole, done)), times(whole, pace)
}
