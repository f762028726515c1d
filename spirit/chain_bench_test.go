package spirit_test

import (
	"context"
	"path/filepath"
	"slices"
	"testing"
	"time"

	kiro "seance"
	"seance/internal/seance"
	"seance/internal/store/inmem"
	"seance/internal/store/sqlite"
	"seance/spirit"
	"seance/steering"
)

// timed is a mind that takes a while to its first line, and notes when it was called and when that was there.
type timed struct{ called, lined time.Time }

func (*timed) Name() string { return "timed" }

func (m *timed) Complete(_ context.Context, _ spirit.Prompt, emit func(string) error) (spirit.Result, error) {
	m.called = time.Now()
	time.Sleep(2 * time.Millisecond)
	for _, piece := range []string{"THE ", "TIDE "} {
		if err := emit(piece); err != nil {
			return spirit.Result{}, err
		}
	}
	m.lined = time.Now()
	if err := emit("COMES\n"); err != nil {
		return spirit.Result{}, err
	}
	return spirit.Result{TokensIn: 700, TokensOut: 9}, emit("It comes twice.")
}

// BenchmarkOverhead is what the chain adds to a mind's own first line: from the question's turn until the mind is
// called, with memory, lore, guide and a reservation, and from its whole line until that is announced. It reports the
// 99th percentile and the median.
func BenchmarkOverhead(b *testing.B) {
	library, err := steering.Open(steering.Options{Embedded: kiro.Documents})
	if err != nil {
		b.Fatal(err)
	}
	for name, open := range map[string]func(b *testing.B) seance.Store{
		"inmem": func(*testing.B) seance.Store { return inmem.New() },
		"sqlite": func(b *testing.B) seance.Store {
			s, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "seance.db"), sqlite.Options{})
			if err != nil {
				b.Fatal(err)
			}
			return s
		},
	} {
		b.Run(name, func(b *testing.B) {
			store := open(b)
			defer store.Close()
			session := evenings(b, store, library.Personas()[0].ID)
			m := &timed{}
			s := spirit.New(spirit.Options{
				Personas: library, Minds: []spirit.Mind{{Provider: m, Tokens: 4000, Daily: 1 << 40}}, Last: lamp(),
				Budget: spirit.Budget{Session: 1 << 40, Day: 1 << 40}, Ledger: store, Memory: journal{store},
			})
			q := ask(41, "What comes with the tide?")
			q.Session = session
			var took []time.Duration
			for b.Loop() {
				began := time.Now()
				if err := s.Answer(b.Context(), q, func(p seance.Part) error {
					if p.Kind == seance.PartBoard {
						took = append(took, time.Since(began)-m.lined.Sub(m.called))
					}
					return nil
				}); err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				if err := s.Close(b.Context()); err != nil { // seconds lie between two questions: the cost is settled by then
					b.Fatal(err)
				}
				b.StartTimer()
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-us")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-us")
		})
	}
}

// evenings keeps a session with twenty questions that were answered.
func evenings(b *testing.B, store seance.Store, persona string) seance.Session {
	b.Helper()
	session := ask(1, "").Session
	session.Spirit = persona
	if err := store.OpenSession(b.Context(), session); err != nil {
		b.Fatal(err)
	}
	if _, err := store.Enrol(b.Context(), seance.Participant{ID: "a", Session: "s", Name: "Ann"}); err != nil {
		b.Fatal(err)
	}
	for i := range 20 {
		for _, m := range []seance.Message{asks("a", "Who rows the ferry at night, and who pays for it?"), spells(uint64(2*i+1), "NOBODY PAYS")} {
			m.ID, m.Session = seance.MessageID(string(rune('a'+i))+string(m.Kind)), "s"
			if _, err := store.Append(b.Context(), m); err != nil {
				b.Fatal(err)
			}
		}
	}
	return session
}
