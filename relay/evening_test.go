package relay

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"seance/internal/seance"
)

// Whole evenings in which people come, go, ask, touch and lose their lines, the host changes settings, the broker loses
// events and hangs up, the journal fails now and then and the process dies. Whatever happens: what was acknowledged is
// answered once, and every board has everything once and in order.
func TestEvenings(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			play(t, func(tb *table) { tb.opts.Tempo = 0.2 }, func(tb *table) { tb.evening(rand.New(rand.NewPCG(seed, 1))) })
		})
	}
}

func (tb *table) evening(rng *rand.Rand) {
	chance := func(p float64) bool { return rng.Float64() < p }
	faults := func() {
		tb.bus.set(nil, func(seance.Event) bool { return rand.Float64() < 0.2 })
		tb.journal.set(func(seance.Message) error {
			if rand.Float64() < 0.1 {
				return errDisk
			}
			return nil
		})
	}
	tb.medium.answer = says(700*time.Millisecond, spelled("PERHAPS"), whisper("Who knows."))
	var names []string
	acked := map[uint64]string{}
	for i := range 8 {
		names = append(names, fmt.Sprint("p", i))
		tb.As(names[i])
	}
	away := map[string]bool{}
	for i := range 300 {
		name := names[rng.IntN(len(names))]
		b := tb.As(name)
		if chance(0.02) {
			faults()
		}
		switch {
		case chance(0.01):
			tb.bus.hangsUp()
		case chance(0.02):
			tb.crashes()
			tb.opens()
			for _, name := range names {
				away[name] = true
			}
		case away[name]:
			b.Returns()
			delete(away, name)
		case chance(0.15):
			b.Drops()
			away[name] = true
		case chance(0.05):
			b.Leaves()
			away[name] = true
		case chance(0.3):
			b.moves(1000*rng.Float64(), 300*rng.Float64()) // far from GOODBYE
		case chance(0.06):
			tb.takes(fmt.Sprint("hook-", i/2)) // some of them twice
		case chance(0.03):
			spelling := []seance.Spelling{seance.Short, seance.Full}[rng.IntN(2)]
			tb.amends(seance.Amendment{Settings: &seance.Settings{Tone: seance.Family, Spelling: spelling, WhoseHand: chance(0.5)}})
		default:
			asked, err := b.Tries("Who?")
			switch {
			case err == nil:
				acked[asked.Seq] = name
			case !errors.Is(err, seance.ErrRateLimited) && !errors.Is(err, seance.ErrAlreadyQueued) &&
				!errors.Is(err, seance.ErrQueueFull) && !errors.Is(err, seance.ErrUnavailable):
				tb.t.Errorf("%s asks: %v", name, err)
			}
		}
		tb.passes(time.Duration(rng.IntN(1500)) * time.Millisecond)
	}
	tb.bus.set(nil, nil)
	tb.journal.set(nil)
	for name := range away {
		tb.As(name).Returns()
	}
	tb.passes(5 * time.Minute)

	kept := tb.messages()
	answered := map[uint64]int{}
	unasked := map[string]bool{}
	for _, m := range kept {
		switch {
		case m.Kind == seance.KindAnswer && m.Refers == 0 && unasked[m.Key]:
			tb.t.Errorf("initiative %s was spoken twice", m.Key)
		case m.Kind == seance.KindAnswer && m.Refers == 0:
			unasked[m.Key] = true
		case m.Kind == seance.KindAnswer:
			answered[m.Refers]++
		}
	}
	for seq, name := range acked {
		if answered[seq] != 1 {
			tb.t.Errorf("question %d of %s was answered %d times, want once", seq, name, answered[seq])
		}
		if m := kept[seq-1]; m.Kind != seance.KindQuestion || string(m.Participant) != "p-"+name {
			tb.t.Errorf("question %d of %s is kept as %+v", seq, name, m)
		}
	}
	if len(acked) < 20 {
		tb.t.Errorf("only %d questions were asked: no evening", len(acked))
	}
	for name, b := range tb.boards {
		if got := b.seqs(); !slices.IsSorted(got) || len(got) != len(kept) {
			tb.t.Errorf("%s has %d messages, want %d, each once", name, len(got), len(kept))
		}
	}
}

func (tb *table) messages() (kept []seance.Message) {
	synctest.Wait()
	for m, err := range tb.store.After(tb.t.Context(), tb.session.ID, 0) {
		if err != nil {
			tb.t.Fatal(err)
		}
		kept = append(kept, m)
	}
	return kept
}

func (b *board) seqs() (seqs []uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range b.frames {
		if f.Seq != 0 {
			seqs = append(seqs, f.Seq)
		}
	}
	return seqs
}
