package hands

import (
	"maps"
	"math"
	"slices"

	"seance/internal/seance"
)

// work is what one hand did during an answer.
type work struct {
	along  float64 // the way the planchette went, bu^2/s^2: what went against it counts nothing
	effort float64 // any way, bu/s
}

// note adds what a hand did (bu/s) while the score's way went at the given pace (bu/s).
func (p *Planchette) note(candle int, did, pace seance.Point) {
	if p.work == nil {
		p.work = make(map[int]work)
	}
	w := p.work[candle]
	w.along += math.Max(0, did.X*pace.X+did.Y*pace.Y)
	w.effort += math.Hypot(did.X, did.Y)
	p.work[candle] = w
}

// Shares tells whose hands the last answer was, by candle, in thousandths that add up to 1: by their work along its way,
// or if everyone only held back, by how much. It is empty if nobody touched.
func (p *Planchette) Shares() []seance.Share {
	measure := func(w work) float64 { return w.along }
	total := p.total(measure)
	if total == 0 {
		measure = func(w work) float64 { return w.effort }
		total = p.total(measure)
	}
	if total == 0 {
		return nil
	}
	var shares []seance.Share
	sum, told := 0.0, 0.0
	for _, candle := range slices.Sorted(maps.Keys(p.work)) {
		sum += measure(p.work[candle])
		upTo := math.Round(sum / total * 1000)
		if part := upTo - told; part > 0 {
			shares = append(shares, seance.Share{Candle: candle, Part: part / 1000})
		}
		told = upTo
	}
	return shares
}

func (p *Planchette) total(measure func(work) float64) (total float64) {
	for _, candle := range slices.Sorted(maps.Keys(p.work)) { // in the same order always: sums of fractions depend on it
		total += measure(p.work[candle])
	}
	return total
}
