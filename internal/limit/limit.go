// Package limit says who may go on and who has to wait, by the generic cell rate algorithm: of any number of calls at
// once, exactly as many pass as the rate allows, and a place comes free at even intervals.
package limit

import (
	"sync"
	"time"
)

// A Rate is how often something may happen: N times in each Per, evenly, and Burst times at once after a pause. The
// zero Rate sets no limit.
type Rate struct {
	N     int
	Per   time.Duration
	Burst int // N if zero
}

// most is how many keys one generation holds. Two of them stay below some 20 MB.
const most = 1 << 16

// A Limiter keeps a rate for every key apart. It remembers a key only as long as that makes a difference; when more
// keys than it can hold (131,072) are in use at once, it forgets the oldest early. A nil Limiter sets no limit.
type Limiter struct {
	interval time.Duration // between two places; 0 if there is no limit
	window   time.Duration // how far ahead a key can be: Burst intervals
	origin   time.Time     // what the times below are reckoned from, so that clock jumps do no harm

	mu sync.Mutex
	// due is when a key's places are all free again. What was last used before turned is in old, and out of date one
	// window later.
	due, old map[string]time.Duration
	turned   time.Duration
}

// New returns a limiter for the given rate.
func New(r Rate) *Limiter {
	if r.N <= 0 || r.Per <= 0 {
		return &Limiter{}
	}
	if r.Burst <= 0 {
		r.Burst = r.N
	}
	interval := max(r.Per/time.Duration(r.N), 1)
	return &Limiter{
		interval: interval,
		window:   interval * time.Duration(r.Burst),
		origin:   time.Now(),
		due:      make(map[string]time.Duration),
	}
}

// Allow takes a place for key if there is one. If not, it says after how long there will be, and takes nothing.
func (l *Limiter) Allow(key string) (retryAfter time.Duration, ok bool) {
	if l == nil || l.interval == 0 {
		return 0, true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Since(l.origin)
	l.turn(now)
	due, known := l.due[key]
	if !known {
		due = l.old[key]
	}
	due = max(due, now) + l.interval
	if over := due - l.window - now; over > 0 {
		return over, false
	}
	l.due[key] = due
	return 0, true
}

// turn begins a generation when the older one is out of date, or the younger is full.
func (l *Limiter) turn(now time.Duration) {
	if now-l.turned < l.window && len(l.due) < most {
		return
	}
	l.old, l.due = l.due, make(map[string]time.Duration)
	l.turned = now
}
