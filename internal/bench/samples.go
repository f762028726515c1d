package bench

import (
	"slices"
	"sync"
	"time"
)

// samples are latencies. All are kept: a run has some million at most, and percentiles of sketches invite doubt.
type samples struct {
	mu  sync.Mutex
	all []time.Duration
}

func (s *samples) add(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, max(d, 0)) // clocks with fractions of a ms may disagree by one
}

func (s *samples) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = nil
}

// Percentiles are of one kind of latency, in ms.
type Percentiles struct {
	N   int     `json:"n"`
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

func (s *samples) percentiles() Percentiles {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.all)
	if n == 0 {
		return Percentiles{}
	}
	slices.Sort(s.all)
	at := func(q float64) float64 { return millis(s.all[min(n-1, int(q*float64(n)))]) }
	return Percentiles{N: n, P50: at(.50), P95: at(.95), P99: at(.99), Max: at(1)}
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// counter counts things, and keeps the first few that say something.
type counter struct {
	mu   sync.Mutex
	n    int
	said []string
}

func (c *counter) add(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	if len(c.said) < 5 {
		c.said = append(c.said, what)
	}
}
