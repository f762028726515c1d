// Package hands reckons what people's hands do to the planchette. It is pure: nothing here reads a clock, and the same
// hands at the same times give the same way.
//
// What it promises: hands really move the planchette and never decide a letter. While a score plays the spirit's spring
// holds it to the score's way, and what all hands together can do against that is bounded so that it never strays as
// far as the radius of a letter. Between answers the board is free: hands alone move the planchette, and it stays
// where they leave it until the next answer calls it home. Whatever comes in, it is never off the board.
//
// The spring pulls at the offset from the score's way, not at the planchette on its own: without hands there is no
// offset, so that boards need not be told of a planchette that nobody touches, and laying a hand on changes nothing in
// that instant.
package hands

import (
	"math"

	"seance/internal/seance"
)

// The forces, per unit of the planchette's mass. They are simulated: with them everybody at a table can pull away from
// a letter and it is still reached; at 2000 bu/s^2 eight people block it.
const (
	mostEach     = 650.0  // bu/s^2: one hand
	mostTogether = 1500.0 // bu/s^2: all hands
	grip         = 16.0   // 1/s^2: a hand pulls its most from 41 bu away
	springOmega  = 9.0    // rad/s: the spirit's spring
	springZeta   = 0.72
	friction     = 6.0 // 1/s: on the free board
)

// step is the longest stretch reckoned in one go, in ms. Fifty hands on one spot swing at 28 rad/s: it is short enough.
const step = 1000.0 / 120

// away is how long a stretch may be that is still reckoned, in ms. Over a longer one, as when a machine sleeps, the
// planchette stands still.
const away = 250.0

// What counts as coming to rest.
const (
	restBu     = 0.5 // boards are told whole units
	restBuPerS = 2.0
)

// A Planchette is moved by a spirit and by hands. The zero value lies at its resting place. Not safe for concurrent use.
type Planchette struct {
	now   float64 // what was reckoned up to, ms since the epoch
	free  bool    // at is its place on the board; else the offset from the way
	at, v seance.Point

	way, before *way // of the last score and of the one before it; nil if there was none
	work        map[int]work
	together    float64 // what all hands may pull together; mostTogether if zero
}

// Plays lets the spirit lead the planchette through a score, from now on: until the score starts it calls it home. What
// hands did before is forgotten.
func (p *Planchette) Plays(s seance.Score) {
	p.before, p.way = p.way, wayOf(s)
	p.work = nil
}

// Move reckons up to now, in ms since the epoch, with hands that pulled where they do all the while. Over a long pause,
// and when the clock was set back, it goes on from now.
func (p *Planchette) Move(now float64, touching []seance.Hand) {
	if math.IsNaN(now) || math.IsInf(now, 0) {
		return
	}
	from := p.now
	if now-from > away || from > now {
		from = now
	}
	p.now = now
	n := math.Ceil((now - from) / step)
	for i := range int(n) {
		p.step(from+(now-from)*float64(i+1)/n, (now-from)/n/1000, touching)
	}
	if n == 0 {
		p.step(now, 0, touching)
	}
	if len(touching) == 0 {
		p.settle()
	}
}

// step reckons one short stretch of s seconds that ends at ms.
func (p *Planchette) step(ms, s float64, touching []seance.Hand) {
	place, pace := p.spirit(ms)
	led := p.led(ms)
	switch {
	case led && p.free: // the spirit takes it
		p.free, p.at, p.v = false, minus(p.at, place), minus(p.v, pace)
	case !led && !p.free && (len(touching) > 0 || p.at != seance.Point{}): // and lets it go
		p.free, p.at, p.v = true, plus(place, p.at), plus(pace, p.v)
	case !led && !p.free:
		return // it goes home on its own
	}
	if p.free {
		place, pace = seance.Point{}, seance.Point{}
	}
	pull := p.pull(plus(place, p.at), pace, s, ms, touching)
	if p.free {
		pull = minus(pull, times(p.v, friction))
	} else {
		pull = minus(pull, plus(times(p.at, springOmega*springOmega), times(p.v, 2*springZeta*springOmega)))
	}
	p.v = plus(p.v, times(pull, s))
	p.at = plus(p.at, times(p.v, s))
	p.bound(place)
}

// spirit is where the planchette would be without hands, and how fast it would go.
func (p *Planchette) spirit(ms float64) (place, velocity seance.Point) {
	switch {
	case p.way != nil && (ms >= p.way.starts || p.before == nil):
		return p.way.at(ms)
	case p.before != nil:
		return p.before.at(ms)
	}
	return seance.RestingPlace, seance.Point{}
}

// led tells whether the spirit leads: from the moment an answer is announced until it is over.
func (p *Planchette) led(ms float64) bool { return p.way != nil && ms < p.way.ends }

// playing tells whether boards draw the planchette on the score's own way.
func (p *Planchette) playing(ms float64) bool {
	return p.led(ms) && ms >= p.way.starts
}

// pull is what the hands do together, over s seconds that end at ms, to a planchette at the given place; pace is how
// fast the score's way goes there.
func (p *Planchette) pull(place, pace seance.Point, s, ms float64, touching []seance.Hand) seance.Point {
	var sum seance.Point
	for _, h := range touching {
		sum = plus(sum, one(h, place))
	}
	most := p.together
	if most == 0 {
		most = mostTogether
	}
	part := 1.0
	if size := math.Hypot(sum.X, sum.Y); size > most {
		part = most / size
	}
	if p.playing(ms) && ms <= p.way.lastStop() {
		for _, h := range touching {
			p.note(h.Candle, times(one(h, place), part*s), pace)
		}
	}
	return times(sum, part)
}

// one is what a single hand does to a planchette at the given place.
func one(h seance.Hand, place seance.Point) seance.Point {
	f := times(minus(Within(h.Place), place), grip)
	if size := math.Hypot(f.X, f.Y); size > mostEach {
		f = times(f, mostEach/size)
	}
	return f
}

// bound keeps the planchette on the board; at an edge it loses the speed that would take it over. Place is what at is
// reckoned from.
func (p *Planchette) bound(place seance.Point) {
	is := plus(place, p.at)
	may := Within(is)
	if is.X != may.X {
		p.at.X, p.v.X = may.X-place.X, 0
	}
	if is.Y != may.Y {
		p.at.Y, p.v.Y = may.Y-place.Y, 0
	}
}

// settle lets a planchette that nobody touches come to rest.
func (p *Planchette) settle() {
	if math.Hypot(p.v.X, p.v.Y) >= restBuPerS {
		return
	}
	if p.free {
		p.v = seance.Point{}
		if place, pace := p.spirit(p.now); pace == p.v && p.at.Distance(place) < restBu {
			p.free, p.at = false, seance.Point{}
		}
		return
	}
	if p.at.Distance(seance.Point{}) < restBu {
		p.at, p.v = seance.Point{}, seance.Point{}
	}
}

// Place is where the planchette is, in bu.
func (p *Planchette) Place() seance.Point {
	if p.free {
		return p.at
	}
	place, _ := p.spirit(p.now)
	return plus(place, p.at)
}

// Shown is what boards are told of it: while a score plays the offset from the score's way, else its place.
func (p *Planchette) Shown() seance.Point {
	if p.playing(p.now) {
		return p.at // led, so it is the offset
	}
	return p.Place()
}

// AtRest tells whether it will stay where it is, or on its way, unless it is touched or called.
func (p *Planchette) AtRest() bool {
	if p.free {
		return p.v == seance.Point{} && !p.led(p.now)
	}
	return p.v == seance.Point{} && p.at == seance.Point{}
}

// Home tells whether it is where it would be if nobody had ever touched it.
func (p *Planchette) Home() bool { return !p.free && p.at == seance.Point{} }

// Led tells whether the spirit leads it.
func (p *Planchette) Led() bool { return p.led(p.now) }

// Within is the place on the board that is nearest to a point. What is no number lies at the resting place.
func Within(at seance.Point) seance.Point {
	if math.IsNaN(at.X) || math.IsNaN(at.Y) {
		return seance.RestingPlace
	}
	return seance.Point{
		X: math.Min(math.Max(at.X, 0), seance.BoardWidth),
		Y: math.Min(math.Max(at.Y, 0), seance.BoardHeight),
	}
}

func plus(a, b seance.Point) seance.Point           { return seance.Point{X: a.X + b.X, Y: a.Y + b.Y} }
func minus(a, b seance.Point) seance.Point          { return seance.Point{X: a.X - b.X, Y: a.Y - b.Y} }
func times(a seance.Point, by float64) seance.Point { return seance.Point{X: a.X * by, Y: a.Y * by} }
