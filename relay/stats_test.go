package relay

import (
	"testing"
	"time"

	"seance/internal/seance"
)

func TestStats(t *testing.T) {
	play(t, nil, func(tb *table) {
		if got := tb.hub.Stats(); got.Rooms != 0 || got.Questions != 0 || got.Answers[seance.SourceOracle] != 0 {
			t.Errorf("before anybody comes: %+v", got)
		}
		ann, bob := tb.As("ann"), tb.As("bob")
		tb.Watches("dan")
		ann.Second()
		ann.Asks("Who?")
		tb.passes(10 * time.Second)
		tb.medium.answer = says(0)
		bob.Asks("And?")
		tb.passes(10 * time.Second)
		bob.mu.Lock()
		bob.slow = true
		bob.mu.Unlock()
		tb.bus.set(errDisk, nil)
		if err := ann.sit.Type(true); err != nil {
			t.Error(err)
		}
		tb.passes(time.Second)
		tb.bus.set(nil, nil)

		got := tb.hub.Stats()
		if got.Rooms != 1 || got.Seats != 3 || got.People != 3 {
			t.Errorf("%d rooms, %d seats, %d people, want 1, 3, 3", got.Rooms, got.Seats, got.People)
		}
		if got.Questions != 2 || got.Answers[seance.SourceOracle] != 1 || got.Answers[seance.SourceDeflection] != 1 {
			t.Errorf("%d questions, answers %v", got.Questions, got.Answers)
		}
		if got.SlowSeats != 1 || got.Unheard == 0 || got.Hushes != 0 {
			t.Errorf("%d slow seats, %d unheard, %d hushes", got.SlowSeats, got.Unheard, got.Hushes)
		}
		passes, slow := uint64(0), uint64(0)
		for i, n := range got.FanOut.Counts {
			passes += n
			if i == len(got.FanOut.Bounds) || got.FanOut.Bounds[i] > apart {
				slow += n
			}
		}
		if passes == 0 || got.Frames < passes || slow > 0 {
			t.Errorf("%d frames in %d passes, %d of them later than %v", got.Frames, passes, slow, apart)
		}
	})
}
