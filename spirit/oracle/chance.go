package oracle

import "math"

// hash mixes words into a number that is the same on every machine.
func hash(seed uint64, words ...string) uint64 {
	h := seed ^ 0xcbf29ce484222325
	for _, w := range words {
		for i := range len(w) {
			h = (h ^ uint64(w[i])) * 0x100000001b3
		}
		h = mix(h + 0x9e3779b97f4a7c15)
	}
	return mix(h)
}

// mix is the finisher of splitmix64.
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// A die is a stream of seeded chance.
type die uint64

func (d *die) next() uint64 {
	*d += 0x9e3779b97f4a7c15
	return mix(uint64(*d))
}

// n is a number from 0 to k-1; k must be positive.
func (d *die) n(k int) int { return int(d.next() % uint64(k)) }

// float is a number in [0,1).
func (d *die) float() float64 { return float64(d.next()>>11) / (1 << 53) }

// gumbel is noise that turns "the highest score" into a draw weighted by the exponential of the scores.
func (d *die) gumbel() float64 { return -math.Log(-math.Log(d.float() + 1e-12)) }

// pick is one of list, which must not be empty.
func pick[T any](d *die, list []T) T { return list[d.n(len(list))] }
