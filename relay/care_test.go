package relay

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"seance/internal/seance"
	"seance/relay/wire"
)

// dark is a medium's door that answers one kind of question with care.
func dark(_ context.Context, q seance.Question) (seance.Admission, error) {
	if strings.HasPrefix(q.Message.Text, "A dark") {
		return seance.Admission{Care: &seance.Care{Text: "You matter."}}, nil
	}
	return seance.Admission{Text: q.Message.Text}, nil
}

func TestCareGoesToTheAskersScreensAlone(t *testing.T) {
	for name, fault := range map[string]error{"through the broker": nil, "without a broker": errDisk} {
		t.Run(name, func(t *testing.T) {
			var logged bytes.Buffer
			play(t, func(tb *table) {
				tb.opts.Logger = slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
			}, func(tb *table) {
				tb.medium.admit = dark
				ann, bob, dan := tb.As("ann"), tb.As("bob"), tb.Watches("dan")
				other := ann.Second()
				for _, b := range []*board{ann, bob, dan, other} {
					b.Forgets()
				}
				logged.Reset()
				tb.bus.set(fault, nil)
				asked, err := ann.Tries("A dark question")
				if err != nil || !asked.Care || asked.Seq != 0 {
					t.Errorf("asked: %+v, %v, want care alone", asked, err)
				}
				for _, b := range []*board{ann, other} {
					b.Notices("care You matter.", "hush 4000")
				}
				for _, b := range []*board{bob, dan} {
					b.Notices("hush 4000")
				}
				tb.bus.set(nil, nil)
				tb.keeps()
				for _, said := range []string{"dark", "matter", "p-ann"} {
					if strings.Contains(logged.String(), said) {
						t.Errorf("the log holds %q:\n%s", said, logged.String())
					}
				}
				if got := tb.hub.Stats(); got.Hushes != 1 || got.Questions != 0 {
					t.Errorf("%d hushes and %d questions counted, want 1 and none", got.Hushes, got.Questions)
				}
			})
		})
	}
}

// The frame that everyone gets has nothing in it that differs from asker to asker.
func TestAHushTellsNothingOfWhoAsked(t *testing.T) {
	play(t, nil, func(tb *table) {
		tb.medium.admit = dark
		boards := []*board{tb.As("ann"), tb.As("bob"), tb.As("cat")}
		var hushes []string
		for _, b := range boards[:2] {
			boards[2].Forgets()
			if _, err := b.Tries("A dark question"); err != nil {
				t.Fatal(err)
			}
			tb.passes(time.Second)
			hushes = append(hushes, boards[2].raw()...)
		}
		if len(hushes) != 2 || hushes[0] != hushes[1] || hushes[0] != `hush {"ms":4000}` {
			t.Errorf("cat sees %q", hushes)
		}
	})
}

func TestCareCountsLikeAQuestion(t *testing.T) {
	play(t, nil, func(tb *table) {
		tb.medium.admit = dark
		ann, bob := tb.As("ann"), tb.As("bob")
		if _, err := ann.Tries("A dark question"); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if _, err := ann.Tries("A dark question"); !errors.Is(err, seance.ErrRateLimited) {
				t.Errorf("at once again: %v, want that it was too fast", err)
			}
		}
		bob.Forgets()
		bob.Asks("Who?") // the others are not held up
		bob.Sees("1 bob asks Who?", "2 spells YES")
		tb.passes(4 * time.Second)
		ann.Asks("Who?")
	})
}

func TestCareOnEveryNode(t *testing.T) {
	play(t, nil, func(tb *table) {
		tb.medium.admit = dark
		ann, bob := tb.As("ann"), tb.As("bob")
		twin := tb.twin()
		elsewhere := &board{tb: tb, who: ann.who}
		twin.joins(elsewhere)
		bob.Forgets()
		if _, err := ann.Tries("A dark question"); err != nil {
			t.Fatal(err)
		}
		for _, b := range []*board{ann, elsewhere} {
			if cards := b.of(wire.EventCare); len(cards) != 1 {
				t.Errorf("%d cards on a screen of the asker, want 1", len(cards))
			}
		}
		bob.Notices("hush 4000")
		twin.closes()
	})
}
