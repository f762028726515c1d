package ws

import (
	"math"
	"time"
)

// floodWarnings is how many frames over the bound are answered with an error before the line is closed, and
// floodCalm how long a client has to keep to the bound for them to be forgotten.
const (
	floodWarnings = 20
	floodCalm     = 10 * time.Second
)

// A flood counts frames: rate of them a second, as many at once. Not safe for concurrent use.
type flood struct {
	rate   int   // below zero nothing is too much
	spent  int64 // when everything counted so far is paid for
	warned int
	last   int64 // when the last warning was
}

func newFlood(rate int) flood { return flood{rate: rate, spent: math.MinInt64} }

type floodVerdict int

const (
	floodPass floodVerdict = iota
	floodWarn
	floodCut
)

// count judges one more frame at now, in ns.
func (f *flood) count(now int64) floodVerdict {
	if f.rate < 0 {
		return floodPass
	}
	each := int64(time.Second) / int64(f.rate)
	f.spent = max(f.spent, now-int64(time.Second))
	if f.spent+each <= now {
		f.spent += each
		return floodPass
	}
	if now-f.last >= int64(floodCalm) {
		f.warned = 0
	}
	f.last = now
	if f.warned++; f.warned > floodWarnings {
		return floodCut
	}
	return floodWarn
}
