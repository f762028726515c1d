package limit

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// A call happens after a pause, and passes or is told to wait.
type call struct {
	pause time.Duration
	wait  time.Duration // 0: passes
}

func TestAllow(t *testing.T) {
	const s, ms = time.Second, time.Millisecond
	cases := []struct {
		name  string
		rate  Rate
		calls []call
	}{
		{"one in four seconds", Rate{N: 1, Per: 4 * s}, []call{
			{0, 0}, {0, 4 * s}, {1 * s, 3 * s}, {3*s - ms, ms}, {ms, 0}, {0, 4 * s}, {100 * s, 0}, {0, 4 * s},
		}},
		{"three a minute, all at once", Rate{N: 3, Per: time.Minute}, []call{
			{0, 0}, {0, 0}, {0, 0}, {0, 20 * s}, {20 * s, 0}, {0, 20 * s}, {40 * s, 0}, {0, 0}, {0, 20 * s},
		}},
		{"ten a second, two at once", Rate{N: 10, Per: s, Burst: 2}, []call{
			{0, 0}, {0, 0}, {0, 100 * ms}, {50 * ms, 50 * ms}, {50 * ms, 0}, {0, 100 * ms}, {200 * ms, 0}, {0, 0}, {0, 100 * ms},
		}},
		{"a refusal takes nothing", Rate{N: 1, Per: s}, []call{
			{0, 0}, {100 * ms, 900 * ms}, {100 * ms, 800 * ms}, {100 * ms, 700 * ms}, {700 * ms, 0},
		}},
		{"a pause saves up no more than a burst", Rate{N: 2, Per: s}, []call{
			{time.Hour, 0}, {0, 0}, {0, 500 * ms}, {time.Hour, 0}, {0, 0}, {0, 500 * ms},
		}},
		{"no rate", Rate{}, []call{{0, 0}, {0, 0}, {0, 0}}},
		{"no number", Rate{Per: s}, []call{{0, 0}, {0, 0}, {0, 0}}},
		{"no time", Rate{N: 1}, []call{{0, 0}, {0, 0}, {0, 0}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := New(c.rate)
				for i, call := range c.calls {
					time.Sleep(call.pause)
					wait, ok := l.Allow("ann")
					if wait != call.wait || ok != (call.wait == 0) {
						t.Errorf("call %d: allowed %t, wait %v, want wait %v", i, ok, wait, call.wait)
					}
				}
			})
		})
	}
}

func TestNilAllows(t *testing.T) {
	var l *Limiter
	for range 3 {
		if wait, ok := l.Allow("ann"); !ok || wait != 0 {
			t.Errorf("a nil limiter says %v, %t", wait, ok)
		}
	}
}

func TestKeysAreApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(Rate{N: 1, Per: time.Second})
		for _, key := range []string{"ann", "bob", ""} {
			if _, ok := l.Allow(key); !ok {
				t.Errorf("%q has to wait for somebody else", key)
			}
			if _, ok := l.Allow(key); ok {
				t.Errorf("%q passed twice", key)
			}
		}
	})
}

// Of any number of calls at once, exactly N pass.
func TestExactly(t *testing.T) {
	for _, calls := range []int{1, 19, 20, 21, 64, 1000} {
		synctest.Test(t, func(t *testing.T) {
			const n = 20
			l := New(Rate{N: n, Per: time.Minute})
			pass := func(n int) int {
				var passed atomic.Int64
				var wg sync.WaitGroup
				for range n {
					wg.Go(func() {
						if _, ok := l.Allow("room"); ok {
							passed.Add(1)
						}
					})
				}
				wg.Wait()
				return int(passed.Load())
			}
			if got, want := pass(calls), min(calls, n); got != want {
				t.Errorf("of %d calls %d passed, want %d", calls, got, want)
			}
			time.Sleep(time.Hour)
			if got, want := pass(calls), min(calls, n); got != want {
				t.Errorf("later, of %d calls %d passed, want %d", calls, got, want)
			}
			time.Sleep(6 * time.Second) // two places of 3 s
			if got, want := pass(calls), min(calls, max(2, n-calls+2)); got != want {
				t.Errorf("6 s after %d calls %d passed, want %d", calls, got, want)
			}
		})
	}
}

// Over any long stretch, somebody who never stops asking gets the rate and the first burst.
func TestLongRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(Rate{N: 7, Per: time.Second, Burst: 3})
		passed := 0
		for range 100_000 { // 100 s
			if _, ok := l.Allow("ann"); ok {
				passed++
			}
			time.Sleep(time.Millisecond)
		}
		if want := 700 + 2; passed < want-1 || passed > want+1 {
			t.Errorf("%d passed in 100 s, want %d", passed, want)
		}
	})
}

// Whoever waits as long as they are told passes; a moment less and they do not. Generations of memory do not show.
func TestRetryAfterIsTrue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(Rate{N: 3, Per: time.Second, Burst: 5})
		for i := range 1000 {
			wait, ok := l.Allow("ann")
			if ok {
				continue
			}
			time.Sleep(wait - time.Nanosecond)
			if _, ok := l.Allow("ann"); ok {
				t.Fatalf("call %d passed a nanosecond early", i)
			}
			time.Sleep(time.Nanosecond)
			if _, ok := l.Allow("ann"); !ok {
				t.Fatalf("call %d had to wait longer than it was told", i)
			}
			time.Sleep(time.Duration(i%7) * 100 * time.Millisecond)
		}
	})
}

func TestForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(Rate{N: 1, Per: time.Second})
		for i := range 1000 {
			l.Allow(fmt.Sprint("guest ", i))
		}
		for range 3 {
			time.Sleep(time.Second)
			l.Allow("ann")
		}
		if got := len(l.due) + len(l.old); got > 2 {
			t.Errorf("%d keys are remembered, want those of ann", got)
		}
	})
}

// A crowd of keys neither grows the memory without bound nor sets free whoever was refused a moment ago.
func TestCrowd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(Rate{N: 1, Per: time.Hour})
		for i := range 3 * most {
			l.Allow(fmt.Sprint(i))
		}
		if got := len(l.due) + len(l.old); got > 2*most {
			t.Errorf("%d keys are remembered, want at most %d", got, 2*most)
		}
		if _, ok := l.Allow(fmt.Sprint(3*most - 1)); ok {
			t.Error("the last of the crowd passed twice")
		}
	})
}

func BenchmarkAllow(b *testing.B) {
	l := New(Rate{N: 100, Per: time.Minute})
	keys := make([]string, 1000)
	for i := range keys {
		keys[i] = fmt.Sprint("192.0.2.", i)
	}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			l.Allow(keys[i%len(keys)])
		}
	})
}
