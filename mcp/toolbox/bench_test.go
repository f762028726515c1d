package toolbox

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// spread runs f and tells the median and the 99th percentile of what it takes.
func spread(b *testing.B, f func()) {
	b.Helper()
	var took []time.Duration
	for b.Loop() {
		began := time.Now()
		f()
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-us")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-us")
}

// One call of a tool over the pipe, from one SDK to the other and back, with a read of the store in it.
func BenchmarkCall(b *testing.B) {
	h := enter(b, Options{})
	spread(b, func() {
		if err := h.memory.call(b.Context(), "list_facts", map[string]any{"seance_id": "s"}, &struct{}{}); err != nil {
			b.Fatal(err)
		}
	})
}

// What a spirit waits for before it answers, in a session of 400 turns, and with a soul among them.
func BenchmarkRecall(b *testing.B) {
	h := enter(b, Options{Within: time.Minute})
	h.agrees()
	for i := range 200 {
		m := h.asks("s", "m", fmt.Sprintf("Where did the grey cat go on night %d of the storm?", i))
		a := h.spells("s", m.Seq, "BEHIND THE STOVE")
		if i%2 == 0 {
			h.whispers("s", a.Seq, "She waits until the kettle sings.")
		}
		if i < 20 {
			h.Told(questionOf(m), "BEHIND THE STOVE")
		}
	}
	h.drain()
	for who, asker := range map[string]string{"anybody": "b", "a soul": "m"} {
		q := questionOf(h.asks("s", asker, "And now?"))
		b.Run(who, func(b *testing.B) {
			spread(b, func() {
				if was := h.recalls(q, 200); len(was.Turns) < 100 {
					b.Fatalf("%d turns", len(was.Turns))
				}
			})
		})
	}
}
