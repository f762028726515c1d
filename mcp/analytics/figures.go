package analytics

import (
	"math"
	"slices"
	"time"
)

// enough is how many values a mean needs before the normal approximation of its interval is worth showing (30 is the
// usual rule of thumb for means).
const enough = 30

// z is the 97.5 % quantile of the normal distribution: an interval of that many standard errors to either side holds
// the true mean in 95 of 100 cases.
const z = 1.959964

// A mean is the mean of some values with its 95 % interval.
type mean struct {
	N    int     `json:"n"`
	Mean float64 `json:"mean"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// meanOf is the mean of values from 0 to 1. The interval of fewer than two is everything.
func meanOf(values []float64) mean {
	m, e := meanError(values)
	if len(values) < 2 {
		return mean{len(values), m, 0, 1}
	}
	return mean{len(values), m, max(0, m-z*e), min(1, m+z*e)}
}

// meanError is the mean and its standard error, by the sample's variance.
func meanError(values []float64) (m, standardError float64) {
	n := float64(len(values))
	if n == 0 {
		return 0, 0
	}
	for _, v := range values {
		m += v / n
	}
	if n < 2 {
		return m, 0
	}
	var squares float64
	for _, v := range values {
		squares += (v - m) * (v - m)
	}
	return m, math.Sqrt(squares / (n - 1) / n)
}

// quantile is the nearest-rank quantile of times in ms, 0 of none.
func quantile(times []time.Duration, q float64) int64 {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	return sorted[max(0, int(math.Ceil(q*float64(len(sorted))))-1)].Milliseconds()
}
