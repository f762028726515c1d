package seance

import (
	"math"
	"math/rand/v2"
	"strings"
)

// The figures of the pace, in ms. They come from watching earlier boards: a letter takes 0.9-1.0 s to be believed,
// first letters of a word are slow and seem random, last ones fast.
const (
	travelBase, travelPerDoubling = 180, 150 // Fitts' law: T = base + slope*log2(D/halfWidth + 1)
	travelHalfWidth               = 40.0     // bu

	dwellMean, dwellLess, dwellMore = 320, 60, 80
	dwellFloor                      = dwellMean - dwellLess // a shorter stop is not read
	wordGap                         = 420
	doubledLoop                     = 420 // a doubled letter lifts in a small loop

	hesitateChance, hesitateMost = 0.15, 2
	hesitateMin, hesitateMax     = 160, 380
	missChance, missMost         = 0.06, 1
	missHover                    = 240

	tempoFloor = 0.42 // faster, and the eye no longer follows

	budgetShort, budgetFull = 12_000, 18_000
)

// PaceOptions tune a score; the zero value is a short spelling at the usual pace.
type PaceOptions struct {
	Spelling Spelling
	Tempo    float64 // the persona's pace, above 1 is slower; 1 if zero
	Scale    float64 // multiplies every time in the score, floors too (for tests and benches); 1 if zero
}

// Pace turns a board line into the timed stops of its spelling. It is pure: the same line, seed and options give the
// same score, which starts at 0 (see Score.Begin).
//
// A line that is exactly YES, NO or GOODBYE is one stop; any other is spelled glyph by glyph, spaces opening words.
// Characters that are not on the board are passed over. A score has an end even if no stop is left.
//
// Up to 24 letters fit a budget of 12 s (18 s in full spelling) by a tempo that scales travel, dwell and gaps between
// 0.42 and 1; that clamp and the shortest readable stop win over the budget, so 24 letters in 5 words may take 13 s (14.3 s when every letter
// is far from the last).
func Pace(board string, seed uint32, o PaceOptions) Score {
	legs := plan(board, rand.New(rand.NewPCG(uint64(seed), 0)))
	persona, scale := orOne(o.Tempo), orOne(o.Scale)
	tempo := persona * fit(legs, persona, budget(o.Spelling))

	score := Score{Seed: seed, Stops: make([]Stop, 0, len(legs))}
	now := 0.0
	for _, l := range legs {
		arrive := now + l.travel*tempo
		hold := l.hold(tempo)
		now = arrive + hold
		at, end := math.Round(arrive*scale), math.Round(now*scale)
		score.Stops = append(score.Stops, Stop{Glyph: l.glyph, At: int(at), Hold: int(end - at), Word: l.word})
	}
	score.EndsAt = int64(math.Round((now + float64(Rest.Milliseconds())) * scale))
	return score
}

// leg is the way to one glyph and the stop there, in ms at tempo 1.
type leg struct {
	glyph  string
	word   bool
	travel float64
	dwell  float64
	whole  bool // a stop at YES, NO or GOODBYE keeps its time
}

func (l leg) hold(tempo float64) float64 {
	if l.whole {
		return l.dwell
	}
	return math.Max(dwellFloor, l.dwell*tempo)
}

func plan(board string, rng *rand.Rand) []leg {
	switch board {
	case Yes, No:
		return []leg{{glyph: board, travel: between(rng, 1100, 1500), dwell: 1000, whole: true}}
	case Goodbye:
		return []leg{{glyph: board, travel: 1800, dwell: 1600, whole: true}}
	}
	var legs []leg
	here, last := RestingPlace, ""
	hesitations, misses := 0, 0
	for _, word := range strings.Fields(board) {
		glyphs := glyphsOf(word)
		for i, glyph := range glyphs {
			place, _ := Place(glyph)
			l := leg{glyph: glyph, dwell: between(rng, dwellMean-dwellLess, dwellMean+dwellMore)}
			if glyph == last {
				l.travel = doubledLoop
			} else {
				l.travel = Travel(here.Distance(place)) * inWord(i, len(glyphs))
				if hesitations < hesitateMost && rng.Float64() < hesitateChance {
					hesitations++
					l.travel += between(rng, hesitateMin, hesitateMax)
				}
				if misses < missMost && rng.Float64() < missChance {
					misses++
					l.travel += missHover
				}
			}
			if i == 0 && len(legs) > 0 {
				l.word = true
				l.travel += wordGap
			}
			legs = append(legs, l)
			here, last = place, glyph
		}
	}
	return legs
}

// glyphsOf keeps the characters of a word that are on the board.
func glyphsOf(word string) []string {
	glyphs := make([]string, 0, len(word))
	for i := range len(word) {
		if _, ok := Place(word[i : i+1]); ok {
			glyphs = append(glyphs, word[i:i+1])
		}
	}
	return glyphs
}

// Travel is how long the planchette takes over a distance in bu, in ms, before any tempo.
func Travel(distance float64) float64 {
	return travelBase + travelPerDoubling*math.Log2(distance/travelHalfWidth+1)
}

// inWord is the tempo of the way to the i-th of n letters.
func inWord(i, n int) float64 {
	switch {
	case i == 0:
		return 1.30
	case i == n-1 && n >= 4:
		return 0.77
	case i == 1:
		return 1.10
	case i == 2:
		return 1.00
	default:
		return 0.85
	}
}

// fit finds the slowest tempo between tempoFloor and 1 at which the legs keep the budget, or tempoFloor if none does.
func fit(legs []leg, persona, budget float64) float64 {
	length := func(tempo float64) (ms float64) {
		for _, l := range legs {
			ms += l.travel*tempo + l.hold(tempo)
		}
		return ms
	}
	if length(persona) <= budget {
		return 1
	}
	low, high := tempoFloor, 1.0
	for range 20 { // to a millionth
		if mid := (low + high) / 2; length(persona*mid) <= budget {
			low = mid
		} else {
			high = mid
		}
	}
	return low
}

func budget(s Spelling) float64 {
	if s == Full {
		return budgetFull
	}
	return budgetShort
}

func between(rng *rand.Rand, low, high float64) float64 { return low + rng.Float64()*(high-low) }

func orOne(f float64) float64 {
	if f == 0 {
		return 1
	}
	return f
}
