//go:build unix

package kiro

import (
	"slices"
	"testing"
	"time"
)

// What a turn costs beside Kiro's own thinking: the fake, a real process, answers at once. first is from the call to the
// first words, turn to the end; the session was opened ahead.
func BenchmarkTurn(b *testing.B) {
	for _, e := range []engine{V2, V3} {
		b.Run(string(e), func(b *testing.B) {
			o := prepare(b, script{})
			o.Engine = string(e)
			st := begin(b, o, nil)
			var first, turn []time.Duration
			for b.Loop() {
				l, err := st.take(b.Context())
				if err != nil {
					b.Fatal(err)
				}
				began := time.Now()
				if _, err := st.answer(b.Context(), l, lighthouse, func(string) error {
					first = append(first, time.Since(began))
					return nil
				}); err != nil {
					b.Fatal(err)
				}
				turn = append(turn, time.Since(began))
			}
			for name, took := range map[string][]time.Duration{"first": first, "turn": turn} {
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)/2].Microseconds()), name+"-p50-µs")
				b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), name+"-p99-µs")
			}
		})
	}
}
