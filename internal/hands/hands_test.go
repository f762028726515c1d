package hands

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"seance/internal/seance"
)

// begin is when the tests begin, in ms since the epoch.
const begin = 1795377600000.0

// radius is how near to its place a letter counts as reached, in bu; entry is how soon after its time, in ms.
const (
	radius = 20.0
	entry  = 380.0
)

var answers = []string{
	"YES", "NO", "GOODBYE", "SOON", "BENEATH THE STAIRS", "ASK MARA", "NEVER AGAIN", "ROOM 1407", "MISSISSIPPI", "AZ NM 09 JUG",
}

func spelled(answer string, seed uint32, at float64) seance.Score {
	s := seance.Pace(answer, seed, seance.PaceOptions{})
	length := s.EndsAt
	s.StartsAt = int64(at)
	s.EndsAt = s.StartsAt + length
	return s
}

// A crowd tells where hands pull at a time: goal is the next stop's place, or the one the planchette stays at.
type crowd func(p *Planchette, ms float64, goal seance.Point) []seance.Hand

// hands are n hands that pull to one place.
func hands(n int, to seance.Point) (all []seance.Hand) {
	for i := range n {
		all = append(all, seance.Hand{Candle: i + 1, Place: to})
	}
	return all
}

// away is n people who pull away from the goal with all their might.
func pullAway(n int) crowd {
	return func(p *Planchette, _ float64, goal seance.Point) []seance.Hand {
		is := p.Place()
		way := minus(is, goal)
		if size := math.Hypot(way.X, way.Y); size > 1e-9 {
			way = times(way, 100/size)
		} else {
			way = seance.Point{X: 100}
		}
		return hands(n, plus(is, way))
	}
}

// shake is n people who push to and fro at the worst possible beat.
func shake(n int, omega float64) crowd {
	return func(p *Planchette, ms float64, _ seance.Point) []seance.Hand {
		return hands(n, plus(p.Place(), seance.Point{X: math.Copysign(100, math.Sin(omega*ms/1000))}))
	}
}

// crossing spells an answer against a crowd, and returns for each stop how many ms after its time the planchette was
// within the letter's radius first and whether that was within its hold.
func crossing(p *Planchette, s seance.Score, c crowd) (late []float64, reached []bool) {
	p.Plays(s)
	ms := float64(s.StartsAt)
	p.Move(ms, nil)
	for _, stop := range s.Stops {
		goal, _ := seance.Place(stop.Glyph)
		arrive := float64(s.StartsAt) + float64(stop.At)
		leave := arrive + float64(stop.Hold)
		first := math.Inf(1)
		for ; ms < leave; ms += 5 {
			if ms >= arrive && math.IsInf(first, 1) && p.Place().Distance(goal) <= radius {
				first = ms - arrive
			}
			p.Move(ms+5, c(p, ms, goal))
		}
		late = append(late, first)
		reached = append(reached, first <= float64(stop.Hold))
	}
	return late, reached
}

func TestEveryLetterIsReached(t *testing.T) {
	for _, n := range []int{1, 2, 4, 8, 12} {
		for name, c := range map[string]crowd{
			"pull away": pullAway(n), "shake at the spring's own beat": shake(n, springOmega), "shake slowly": shake(n, 3), "shake fast": shake(n, 25),
		} {
			t.Run(fmt.Sprintf("%d %s", n, name), func(t *testing.T) {
				worst := 0.0
				for i, answer := range answers {
					s := spelled(answer, uint32(i), begin)
					late, reached := crossing(&Planchette{}, s, c)
					for j, stop := range s.Stops {
						worst = math.Max(worst, late[j])
						if late[j] > entry || !reached[j] {
							t.Errorf("%s: %s (stop %d) is reached %v ms late, held %d", answer, stop.Glyph, j, late[j], stop.Hold)
						}
					}
				}
				t.Logf("latest %v ms", worst)
			})
		}
	}
}

// What the bound on all hands together is for.
func TestEightWouldBlockWithoutTheBound(t *testing.T) {
	blocked, stops := 0, 0
	for i, answer := range answers {
		_, reached := crossing(&Planchette{together: 2000}, spelled(answer, uint32(i), begin), pullAway(8))
		for _, ok := range reached {
			stops++
			if !ok {
				blocked++
			}
		}
	}
	if blocked < stops/2 {
		t.Errorf("at 2000 bu/s^2 eight people block %d of %d letters: the bound makes no difference", blocked, stops)
	}
	t.Logf("%d of %d blocked", blocked, stops)
}

// However hard they pull, hands are seen to do something.
func TestHandsReallyMoveThePlanchette(t *testing.T) {
	for n, want := range map[int]float64{1: 7, 2: 15, 4: 17, 12: 17} {
		p, s := &Planchette{}, spelled("YES", 1, begin)
		p.Plays(s)
		p.Move(begin, nil)
		for ms := begin; ms < begin+1000; ms += 1000.0 / 15 {
			p.Move(ms, hands(n, plus(p.Place(), seance.Point{Y: 300})))
		}
		if got := p.Shown().Y; got < want || got > radius {
			t.Errorf("%d people pull it %.1f bu off its way, want %v to %v", n, got, want, radius)
		}
	}
}

func TestUntouchedItFollowsTheScore(t *testing.T) {
	p, s := &Planchette{}, spelled("BENEATH THE STAIRS", 7, begin+600)
	p.Plays(s)
	for ms := begin; ms < float64(s.EndsAt)+2000; ms += 37 {
		p.Move(ms, nil)
		place, _ := wayOf(s).at(ms)
		if p.Place() != place || !p.AtRest() || !p.Home() {
			t.Fatalf("at %v it is at %v, want %v, at rest and home", ms-begin, p.Place(), place)
		}
		if p.playing(ms) && p.Shown() != (seance.Point{}) {
			t.Fatalf("boards are shown an offset of %v", p.Shown())
		}
	}
	if p.Place() != seance.RestingPlace {
		t.Errorf("in the end it is at %v", p.Place())
	}
}

func TestTheFreeBoard(t *testing.T) {
	p := &Planchette{}
	p.Move(begin, nil)
	to := seance.Point{X: 300, Y: 200}
	ms := begin
	for ; ms < begin+5000; ms += 1000.0 / 15 {
		p.Move(ms, hands(2, to))
	}
	if p.Place().Distance(to) > 5 {
		t.Errorf("after 5 s two hands have it at %v, want %v", p.Place(), to)
	}
	for ; !p.AtRest(); ms += 1000.0 / 15 {
		p.Move(ms, nil)
		if ms > begin+7000 {
			t.Fatal("it does not come to rest")
		}
	}
	if p.Place().Distance(to) > 5 || p.Home() {
		t.Errorf("left alone it lies at %v (home %v), want where it was left", p.Place(), p.Home())
	}
	if p.Shown() != p.Place() {
		t.Errorf("between answers boards are shown %v, want its place %v", p.Shown(), p.Place())
	}
	ms += 60_000 // much later
	s := spelled("SOON", 1, ms+600)
	p.Plays(s)
	if p.AtRest() {
		t.Error("called home it rests")
	}
	for ; ms < float64(s.StartsAt)+380; ms += 1000.0 / 15 {
		p.Move(ms, nil)
	}
	if off := p.Shown(); math.Hypot(off.X, off.Y) > radius {
		t.Errorf("0.38 s into the score it is still %v off its way", off)
	}
	for ; ms < float64(s.EndsAt)+3000; ms += 1000.0 / 15 {
		p.Move(ms, nil)
	}
	if !p.Home() || p.Place() != seance.RestingPlace {
		t.Errorf("after the answer it is at %v, home %v", p.Place(), p.Home())
	}
}

// Whoever holds it when the score ends keeps it.
func TestTheSpiritLetsGo(t *testing.T) {
	p, s := &Planchette{}, spelled("YES", 1, begin)
	p.Plays(s)
	ms := begin
	last := p.Place()
	for ; ms < float64(s.EndsAt)+4000; ms += 10 {
		p.Move(ms, hands(1, seance.Point{X: 100, Y: 100}))
		if d := p.Place().Distance(last); d > 30 {
			t.Fatalf("at %v it jumps by %v bu", ms-begin, d)
		}
		last = p.Place()
	}
	if !p.free || p.Place().Distance(seance.Point{X: 100, Y: 100}) > 5 {
		t.Errorf("it is at %v, want in the hand at (100,100)", p.Place())
	}
}

func TestAHandWithinAnAnswerLeavesNoTrace(t *testing.T) {
	p, s := &Planchette{}, spelled("BENEATH THE STAIRS", 7, begin)
	p.Plays(s)
	p.Move(begin, nil)
	ms := begin
	for ; ms < begin+1000; ms += 1000.0 / 15 {
		p.Move(ms, hands(1, seance.Point{}))
	}
	for ; !p.AtRest(); ms += 1000.0 / 15 {
		p.Move(ms, nil)
		if ms > begin+3000 {
			t.Fatal("it does not come to rest")
		}
	}
	if !p.Home() {
		t.Errorf("it stays %v off its way", p.Shown())
	}
}

func TestShares(t *testing.T) {
	with := func(p *Planchette, goal seance.Point, by float64) seance.Point { // ahead of it by so much
		is := p.Place()
		way := minus(goal, is)
		return plus(is, times(way, by/math.Max(math.Hypot(way.X, way.Y), 1e-9)))
	}
	for name, tc := range map[string]struct {
		crowd crowd
		want  map[int][2]float64 // candle: from, to
	}{
		"nobody": {func(*Planchette, float64, seance.Point) []seance.Hand { return nil }, nil},
		"one": {
			func(p *Planchette, _ float64, goal seance.Point) []seance.Hand {
				return []seance.Hand{{Candle: 3, Place: with(p, goal, 50)}}
			}, map[int][2]float64{3: {1, 1}},
		},
		"one with it, one against": {
			func(p *Planchette, _ float64, goal seance.Point) []seance.Hand {
				return []seance.Hand{{Candle: 1, Place: with(p, goal, 50)}, {Candle: 2, Place: with(p, goal, -50)}}
			}, map[int][2]float64{1: {1, 1}},
		},
		"one eager, one idle": {
			func(p *Planchette, _ float64, goal seance.Point) []seance.Hand {
				return []seance.Hand{{Candle: 1, Place: with(p, goal, 30)}, {Candle: 2, Place: with(p, goal, 10)}}
			}, map[int][2]float64{1: {0.7, 0.85}, 2: {0.15, 0.3}},
		},
		"all against": {pullAway(4), map[int][2]float64{1: {0.25, 0.25}, 2: {0.25, 0.25}, 3: {0.25, 0.25}, 4: {0.25, 0.25}}},
		"three alike": {
			func(p *Planchette, _ float64, goal seance.Point) []seance.Hand { return hands(3, with(p, goal, 50)) },
			map[int][2]float64{1: {0.33, 0.34}, 2: {0.33, 0.34}, 3: {0.33, 0.34}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := &Planchette{}
			crossing(p, spelled("ASK MARA", 1, begin), tc.crowd)
			shares := p.Shares()
			if len(shares) != len(tc.want) {
				t.Fatalf("shares %v, want those of %v", shares, tc.want)
			}
			sum := 0
			for _, s := range shares {
				sum += int(math.Round(s.Part * 1000))
				if want := tc.want[s.Candle]; s.Part < want[0] || s.Part > want[1] {
					t.Errorf("candle %d has %v, want %v", s.Candle, s.Part, want)
				}
			}
			if len(shares) > 0 && sum != 1000 {
				t.Errorf("%v add up to %d thousandths", shares, sum)
			}
			p.Plays(spelled("NO", 1, begin+60_000))
			if got := p.Shares(); got != nil {
				t.Errorf("with the next answer: %v", got)
			}
		})
	}
}

// What hands do before the spirit moves, and when it has said its last letter, is nobody's answer.
func TestWorkIsThatOfTheAnswer(t *testing.T) {
	p, s := &Planchette{}, spelled("YES", 1, begin+600)
	p.Plays(s)
	for ms := begin; ms < float64(s.StartsAt); ms += 20 {
		p.Move(ms, hands(1, seance.Point{}))
	}
	for ms := p.now; p.now < wayOf(s).lastStop(); ms += 20 {
		p.Move(ms, nil)
	}
	for ms := p.now; ms < float64(s.EndsAt)+1000; ms += 20 {
		p.Move(ms, hands(1, seance.Point{}))
	}
	if got := p.Shares(); got != nil {
		t.Errorf("shares %v, want none", got)
	}
}

func TestATablefulOnOneSpotComesToRest(t *testing.T) {
	p := &Planchette{}
	to := seance.Point{X: 220, Y: 150}
	for ms := begin; ms < begin+8000; ms += 1000.0 / 15 {
		p.Move(ms, hands(50, to))
	}
	if p.Place().Distance(to) > 1 {
		t.Errorf("fifty hands on %v have it at %v", to, p.Place())
	}
}

func TestAfterALongSleepItStandsStill(t *testing.T) {
	p := &Planchette{}
	p.Move(begin, hands(1, seance.Point{}))
	before := p.Place()
	p.Move(begin+3_600_000, hands(1, seance.Point{}))
	if d := p.Place().Distance(before); d > 1 {
		t.Errorf("it moved %v bu in its sleep", d)
	}
	p.Move(begin, hands(1, seance.Point{})) // the clock was set back
	if d := p.Place().Distance(before); d > 1 {
		t.Errorf("it moved %v bu backwards in time", d)
	}
}

// Whatever comes in: on the board, a number, and never decisive.
func FuzzPlanchette(f *testing.F) {
	for seed := range uint64(8) {
		f.Add(seed, 1e3, -1e3)
	}
	f.Add(uint64(1), math.NaN(), math.Inf(1))
	f.Add(uint64(2), math.MaxFloat64, -math.MaxFloat64)
	f.Add(uint64(3), math.Inf(-1), 5e-324)
	f.Fuzz(func(t *testing.T, seed uint64, x, y float64) {
		rng := rand.New(rand.NewPCG(seed, 5))
		p, ms := &Planchette{}, begin
		for range 300 {
			switch rng.IntN(12) {
			case 0:
				p.Plays(spelled(answers[rng.IntN(len(answers))], rng.Uint32(), ms+float64(rng.IntN(1200)-200)))
			case 1:
				ms += float64(rng.IntN(5000)) - 1000
			case 2:
				p.Move([]float64{math.NaN(), math.Inf(1), math.Inf(-1), x, y}[rng.IntN(5)], nil)
			}
			var touching []seance.Hand
			for i := range rng.IntN(60) {
				at := seance.Point{X: rng.Float64()*3000 - 1000, Y: rng.Float64()*3000 - 1000}
				if rng.IntN(4) == 0 {
					at = seance.Point{X: x, Y: y}
				}
				touching = append(touching, seance.Hand{Candle: i, Place: at})
			}
			ms += float64(rng.IntN(200))
			p.Move(ms, touching)
			if at := p.Place(); at != Within(at) || math.IsNaN(at.X+at.Y) {
				t.Fatalf("it is at %v", at)
			}
			if shown := p.Shown(); math.IsNaN(shown.X+shown.Y) || math.Abs(shown.X) > 1000 || math.Abs(shown.Y) > 1000 {
				t.Fatalf("boards are shown %v", shown)
			}
			for _, s := range p.Shares() {
				if !(s.Part > 0 && s.Part <= 1) {
					t.Fatalf("a share of %v", s.Part)
				}
			}
		}
	})
}

func BenchmarkMove(b *testing.B) {
	for _, n := range []int{1, 8, 50} {
		b.Run(fmt.Sprintf("hands=%d", n), func(b *testing.B) {
			p, ms := &Planchette{}, begin
			p.Plays(spelled("BENEATH THE STAIRS", 1, begin))
			all := hands(n, seance.Point{X: 100, Y: 100})
			b.ReportAllocs()
			for b.Loop() {
				ms += 1000.0 / 15
				p.Move(ms, all)
			}
		})
	}
}
