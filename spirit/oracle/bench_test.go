package oracle

import (
	"context"
	"slices"
	"testing"
	"time"

	"seance/internal/seance"
	"seance/spirit"
)

// BenchmarkAnswer asks what people ask, in sittings of thirty questions, and reports the slowest of a hundred beside
// the mean: as it was, and as the quicker of two tries, which takes out what else the machine was busy with.
func BenchmarkAnswer(b *testing.B) {
	o := New()
	rows, _ := labelledQuestions(b)
	var prompts []spirit.Prompt
	for i, p := range personas() {
		s := sit(o, uint32(i), p)
		for n := range 300 {
			if n%30 == 0 {
				s = sit(o, uint32(100*i+n), p)
			}
			s.ask("Mara", rows[(n*97+i)%len(rows)].question)
			prompts = append(prompts, s.p)
		}
	}
	once := func(p spirit.Prompt) time.Duration {
		start := time.Now()
		if _, err := o.Complete(context.Background(), p, func(string) error { return nil }); err != nil {
			b.Fatal(err)
		}
		return time.Since(start)
	}
	var took, undisturbed []time.Duration
	b.ReportAllocs()
	for b.Loop() {
		p := prompts[len(took)/2%len(prompts)]
		first, second := once(p), once(p)
		took = append(took, first, second)
		undisturbed = append(undisturbed, min(first, second))
	}
	slices.Sort(took)
	slices.Sort(undisturbed)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
	b.ReportMetric(float64(undisturbed[len(undisturbed)*99/100].Microseconds()), "undisturbed-p99-µs")
	b.ReportMetric(float64(undisturbed[len(undisturbed)/2].Microseconds()), "p50-µs")
}

// BenchmarkNew is what a start costs.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		New()
	}
}

// BenchmarkLong asks the longest question the door lets through.
func BenchmarkLong(b *testing.B) {
	o := New()
	q := ""
	for len(q) < 280 {
		q += "wherever was the candle of my sister's house "
	}
	p := spirit.Prompt{Question: q, Asker: "Mara", Present: []string{"Mara", "Jun"}, Seed: 1, Turn: 9, Letters: 24, Tone: seance.Family}
	for range 12 {
		p.Recent = append(p.Recent, spirit.Turn{Asker: "Mara", Question: q, Board: "YES", Whisper: "I heard."})
	}
	for b.Loop() {
		if _, err := o.Complete(context.Background(), p, func(string) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}
