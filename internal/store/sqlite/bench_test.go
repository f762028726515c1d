package sqlite

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"seance/internal/seance"
)

// BenchmarkAppend has 64 writers in 16 sessions acknowledge questions, each durable, one commit each and in groups.
func BenchmarkAppend(b *testing.B) {
	for _, group := range []int{1, defaultGroup} {
		name := "grouped"
		if group == 1 {
			name = "single"
		}
		b.Run(name, func(b *testing.B) { benchmarkAppend(b, group, 64) })
	}
}

func benchmarkAppend(b *testing.B, group, writers int) {
	s := open(b, file(b), Options{Group: group})
	defer s.Close()
	ids := make([]seance.SessionID, 16)
	for i := range ids {
		ids[i] = seance.SessionID(newID())
		if err := s.OpenSession(b.Context(), seance.Session{ID: ids[i], Code: fmt.Sprintf("CODE-%d", i)}); err != nil {
			b.Fatal(err)
		}
	}
	took := make([][]time.Duration, writers)
	var wg sync.WaitGroup
	b.ResetTimer()
	start := time.Now()
	for w := range writers {
		wg.Go(func() {
			for n := w; n < b.N; n += writers {
				begun := time.Now()
				id := newID()
				if _, err := s.Append(b.Context(), seance.Message{
					ID: seance.MessageID(id), Session: ids[w%len(ids)], Kind: seance.KindQuestion, At: begun, Key: id,
					Participant: seance.ParticipantID(id), Text: "Will the old house by the river ever be sold again?",
				}); err != nil {
					b.Error(err)
					return
				}
				took[w] = append(took[w], time.Since(begun))
			}
		})
	}
	wg.Wait()
	elapsed := time.Since(start)
	b.StopTimer()

	all := slices.Sorted(slices.Values(slices.Concat(took...)))
	b.ReportMetric(float64(len(all))/elapsed.Seconds(), "appends/s")
	b.ReportMetric(float64(all[len(all)*95/100].Microseconds())/1000, "p95-ms")
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }
