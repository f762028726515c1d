package relay

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"seance/internal/seance"
	"seance/relay/wire"
)

func initiative(tb *table, key string) seance.Initiative {
	return seance.Initiative{
		Key: key, Prompt: "Say that it is cold here.",
		Occasion: seance.Occasion{ID: key, Trigger: seance.SilenceFell, Session: tb.session},
	}
}

// takes lets the spirit take the initiative in a goroutine of its own; the channel has what came of it.
func (tb *table) takes(key string) <-chan error {
	came := make(chan error, 1)
	hub := tb.hub
	go func() { came <- hub.Initiate(context.Background(), initiative(tb, key)) }()
	synctest.Wait()
	return came
}

// cold is a medium that says COLD HERE unasked after some thought, and YES at once when it is asked.
func cold(thought time.Duration) func(context.Context, seance.Question, func(seance.Part) error) error {
	return func(ctx context.Context, q seance.Question, say func(seance.Part) error) error {
		if q.Initiative == nil {
			return say(spelled("YES"))
		}
		return says(thought, spelled("COLD HERE"), whisper("The fire is out."))(ctx, q, say)
	}
}

func TestInitiativeOnTwoBoards(t *testing.T) {
	play(t, nil, func(tb *table) {
		tb.medium.answer = cold(time.Second)
		ann, bob := tb.As("ann"), tb.As("bob")
		tb.Watches("zoe")
		ann.Forgets()
		bob.Forgets()
		if err := tb.hub.Initiate(tb.t.Context(), initiative(tb, "k")); err != nil {
			t.Fatal(err)
		}
		tb.passes(10 * time.Second)
		for _, b := range []*board{ann, bob} {
			b.Notices("1 spells COLD HERE", "2 whispers The fire is out.")
			b.Reads("COLD HERE")
			if got := b.of(wire.EventSpiritResponse)[0]; got.Source != "initiative" || got.QuestionSeq != nil {
				t.Errorf("%s sees source %q and question %v, want initiative and none", b.who.Name, got.Source, got.QuestionSeq)
			}
		}
		q := tb.medium.asked[0]
		if q.Initiative == nil || q.Initiative.Prompt == "" || q.Message.Text != "" || q.Asker.ID != "" || len(q.Present) != 2 {
			t.Errorf("the medium was asked %+v", q)
		}
		if got := tb.messages()[0]; got.Key != "k" || got.Refers != 0 {
			t.Errorf("kept %+v", got)
		}
		late := tb.As("cat")
		late.Sees("1 spells COLD HERE", "2 whispers The fire is out.")
	})
}

func TestWhenInitiativesAreSpoken(t *testing.T) {
	for _, tc := range []struct {
		name  string
		story func(*table) error // what came of the initiative
		kept  []string
		err   error
		says  string // part of the error
	}{
		{
			name: "letters are being spelled, and then no more",
			story: func(tb *table) error {
				tb.As("ann").Asks("Who?")
				tb.passes(time.Second)
				came := tb.takes("k")
				tb.keeps("question Who?", "answer YES")
				tb.passes(10 * time.Second)
				return <-came
			},
			kept: []string{"question Who?", "answer YES", "answer COLD HERE", "whisper The fire is out."},
		},
		{
			name: "letters that are spelled for too long",
			story: func(tb *table) error {
				tb.medium.answer = says(0, spelled("BENEATH THE OLD STAIRS"))
				tb.As("ann").Asks("Where?")
				came := tb.takes("k")
				tb.passes(10 * time.Second)
				return <-came
			},
			kept: []string{"question Where?", "answer BENEATH THE OLD STAIRS"},
			err:  seance.ErrUnavailable, says: "no free moment",
		},
		{
			name: "an answer is in the making",
			story: func(tb *table) error {
				tb.medium.answer = says(12*time.Second, spelled("YES"))
				tb.As("ann").Asks("Who?")
				came := tb.takes("k")
				tb.passes(11 * time.Second)
				err := <-came
				tb.passes(time.Minute)
				return err
			},
			kept: []string{"question Who?", "answer YES"},
			err:  seance.ErrUnavailable, says: "no free moment",
		},
		{
			name: "a question is about to be admitted, and is refused",
			story: func(tb *table) error {
				tb.medium.admit = func(context.Context, seance.Question) (seance.Admission, error) {
					time.Sleep(2 * time.Second)
					return seance.Admission{}, &seance.Fault{Kind: seance.ErrRefused, Say: "Not that."}
				}
				ann := tb.As("ann")
				go func() { _, _ = ann.sit.Ask(context.Background(), "q", "Who?") }()
				synctest.Wait()
				came := tb.takes("k")
				tb.passes(1500 * time.Millisecond)
				tb.keeps()
				tb.passes(10 * time.Second)
				return <-came
			},
			kept: []string{"answer COLD HERE", "whisper The fire is out."},
		},
		{
			name: "a question comes while it is made",
			story: func(tb *table) error {
				tb.medium.answer = cold(5 * time.Second)
				ann := tb.As("ann")
				came := tb.takes("k")
				tb.passes(3 * time.Second)
				began := time.Now()
				ann.Asks("Who?")
				if answer := ann.of(wire.EventSpiritResponse); len(answer) != 1 || time.Since(began) > time.Second {
					tb.t.Errorf("the question's turn did not come at once: %v", answer)
				}
				tb.passes(time.Minute)
				return <-came
			},
			kept: []string{"question Who?", "answer YES"},
			err:  seance.ErrUnavailable, says: "gave way",
		},
		{
			name: "a question comes while it waits, and goes first",
			story: func(tb *table) error {
				ann, bob := tb.As("ann"), tb.As("bob")
				ann.Asks("Who?")
				came := tb.takes("k")
				bob.Asks("And then?")
				tb.passes(time.Minute)
				return <-came
			},
			kept: []string{"question Who?", "answer YES", "question And then?", "answer YES", "answer COLD HERE", "whisper The fire is out."},
		},
		{
			name: "a question comes once its line is there, and waits for the letters",
			story: func(tb *table) error {
				ann := tb.As("ann")
				came := tb.takes("k")
				tb.passes(500 * time.Millisecond)
				if asked := ann.Asks("Who?"); asked.Position != 1 {
					tb.t.Errorf("position %d, want 1", asked.Position)
				}
				tb.passes(2 * time.Second)
				if n := len(ann.of(wire.EventSpiritResponse)); n != 1 {
					tb.t.Errorf("%d answers while letters are spelled, want 1", n)
				}
				tb.passes(time.Minute)
				return <-came
			},
			kept: []string{"answer COLD HERE", "whisper The fire is out.", "question Who?", "answer YES"},
		},
		{
			name: "nobody sits there, until somebody does",
			story: func(tb *table) error {
				came := tb.takes("k")
				tb.passes(5 * time.Second)
				tb.keeps()
				tb.As("ann")
				tb.passes(5 * time.Second)
				return <-came
			},
			kept: []string{"answer COLD HERE", "whisper The fire is out."},
		},
		{
			name: "nobody ever sits there but somebody who watches",
			story: func(tb *table) error {
				tb.Watches("zoe")
				came := tb.takes("k")
				tb.passes(11 * time.Second)
				return <-came
			},
			err: seance.ErrUnavailable, says: "no free moment",
		},
		{
			name: "it has nothing to say",
			story: func(tb *table) error {
				tb.As("ann")
				tb.medium.answer = says(0)
				return <-tb.takes("k")
			},
			err: errNothing, says: "nothing to say",
		},
		{
			name: "it fails",
			story: func(tb *table) error {
				tb.As("ann")
				tb.medium.answer = func(context.Context, seance.Question, func(seance.Part) error) error { return errDisk }
				return <-tb.takes("k")
			},
			err: errDisk, says: "nothing to say",
		},
		{
			name: "it panics",
			story: func(tb *table) error {
				tb.As("ann")
				tb.medium.answer = func(context.Context, seance.Question, func(seance.Part) error) error { panic("boo") }
				return <-tb.takes("k")
			},
			err: errNothing, says: "panicked",
		},
		{
			name: "it takes too long",
			story: func(tb *table) error {
				tb.As("ann")
				tb.medium.answer = cold(time.Minute)
				came := tb.takes("k")
				tb.passes(19 * time.Second)
				select {
				case err := <-came:
					tb.t.Errorf("given up early: %v", err)
				default:
				}
				tb.passes(2 * time.Second)
				return <-came
			},
			err: errNothing, says: "took too long",
		},
		{
			name: "the journal does not take it",
			story: func(tb *table) error {
				tb.As("ann")
				tb.journal.set(failing(seance.KindAnswer))
				err := <-tb.takes("k")
				tb.passes(time.Minute)
				return err
			},
			err: errDisk,
		},
		{
			name: "whoever wanted it no longer does",
			story: func(tb *table) error {
				tb.As("ann")
				tb.medium.answer = cold(5 * time.Second)
				ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
				defer cancel()
				err := tb.hub.Initiate(ctx, initiative(tb, "k"))
				tb.passes(time.Minute)
				return err
			},
			err: context.DeadlineExceeded,
		},
		{
			name: "the session ends while it is made",
			story: func(tb *table) error {
				tb.As("ann")
				tb.medium.answer = cold(5 * time.Second)
				came := tb.takes("k")
				tb.passes(time.Second)
				if err := tb.hub.End(tb.t.Context(), tb.session.ID, seance.EndedByHost); err != nil {
					tb.t.Fatal(err)
				}
				tb.passes(time.Second)
				return <-came
			},
			kept: []string{"end host"},
			err:  seance.ErrClosed,
		},
		{
			name: "the session has ended",
			story: func(tb *table) error {
				if err := tb.hub.End(tb.t.Context(), tb.session.ID, seance.EndedByHost); err != nil {
					tb.t.Fatal(err)
				}
				return <-tb.takes("k")
			},
			kept: []string{"end host"},
			err:  seance.ErrClosed,
		},
		{
			name: "the house closes while it waits",
			story: func(tb *table) error {
				tb.As("ann").Asks("Who?")
				came := tb.takes("k")
				tb.close()
				return <-came
			},
			kept: []string{"question Who?", "answer YES"},
			err:  seance.ErrUnavailable,
		},
		{
			name: "no such session",
			story: func(tb *table) error {
				tb.session.ID = "s2"
				defer func() { tb.session.ID = "s1" }()
				return <-tb.takes("k")
			},
			err: seance.ErrNotFound,
		},
		{
			name:  "without a key",
			story: func(tb *table) error { return <-tb.takes("") },
			err:   seance.ErrBadRequest,
		},
		{
			name: "another one waits already",
			story: func(tb *table) error {
				tb.As("ann")
				tb.medium.answer = cold(5 * time.Second)
				tb.takes("k")
				err := <-tb.takes("l")
				tb.passes(time.Minute)
				return err
			},
			kept: []string{"answer COLD HERE", "whisper The fire is out."},
			err:  seance.ErrRateLimited,
		},
		{
			name: "within the cool-down",
			story: func(tb *table) error {
				tb.As("ann")
				tb.takes("k")
				tb.passes(59 * time.Second)
				return <-tb.takes("l")
			},
			kept: []string{"answer COLD HERE", "whisper The fire is out."},
			err:  seance.ErrRateLimited,
		},
		{
			name: "after the cool-down",
			story: func(tb *table) error {
				tb.As("ann")
				tb.takes("k")
				tb.passes(61 * time.Second)
				came := tb.takes("l")
				tb.passes(10 * time.Second)
				return <-came
			},
			kept: []string{"answer COLD HERE", "whisper The fire is out.", "answer COLD HERE", "whisper The fire is out."},
		},
		{
			name: "the same one again, much later",
			story: func(tb *table) error {
				tb.As("ann")
				tb.takes("k")
				tb.passes(5 * time.Minute)
				return <-tb.takes("k")
			},
			kept: []string{"answer COLD HERE", "whisper The fire is out."},
		},
		{
			name: "one that failed does not count",
			story: func(tb *table) error {
				tb.As("ann")
				tb.medium.answer = says(0)
				<-tb.takes("k")
				tb.medium.answer = cold(0)
				return <-tb.takes("k")
			},
			kept: []string{"answer COLD HERE", "whisper The fire is out."},
		},
		{
			name: "the cool-down holds after a restart",
			story: func(tb *table) error {
				tb.As("ann")
				tb.takes("k")
				tb.passes(20 * time.Second)
				tb.crashes()
				tb.opens()
				tb.As("ann").Returns()
				return <-tb.takes("l")
			},
			kept: []string{"answer COLD HERE", "whisper The fire is out."},
			err:  seance.ErrRateLimited,
		},
		{
			name: "the same one again after a restart",
			story: func(tb *table) error {
				tb.As("ann")
				tb.takes("k")
				tb.passes(5 * time.Minute)
				tb.crashes()
				tb.opens()
				tb.As("ann").Returns()
				return <-tb.takes("k")
			},
			kept: []string{"answer COLD HERE", "whisper The fire is out."},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			play(t, nil, func(tb *table) {
				tb.medium.answer = cold(100 * time.Millisecond)
				err := tc.story(tb)
				if !errors.Is(err, tc.err) || (err == nil) != (tc.err == nil) {
					t.Errorf("got %v, want %v", err, tc.err)
				}
				if err != nil && !strings.Contains(err.Error(), tc.says) {
					t.Errorf("got %v, want %q in it", err, tc.says)
				}
				tb.journal.set(nil)
				tb.keeps(tc.kept...)
			})
		})
	}
}

func TestTwelveInitiativesAnHour(t *testing.T) {
	for _, restart := range []bool{false, true} {
		t.Run(fmt.Sprint("restart ", restart), func(t *testing.T) {
			play(t, nil, func(tb *table) {
				tb.As("ann")
				began := time.Now()
				for i := range 12 {
					if err := <-tb.takes(fmt.Sprint("k", i)); err != nil {
						t.Fatalf("initiative %d: %v", i, err)
					}
					tb.passes(2 * time.Minute)
				}
				if restart {
					tb.crashes()
					tb.opens()
					tb.As("ann").Returns()
				}
				if err := <-tb.takes("one more"); !errors.Is(err, seance.ErrRateLimited) {
					t.Errorf("the thirteenth: %v, want rate limited", err)
				}
				tb.passes(time.Until(began.Add(time.Hour + time.Second)))
				if err := <-tb.takes("one more"); err != nil {
					t.Errorf("an hour after the first: %v", err)
				}
			})
		})
	}
}

// Two nodes that both take the same initiative: it is spelled once, and both boards see it.
func TestInitiativeOfTwins(t *testing.T) {
	play(t, nil, func(tb *table) {
		tb.medium.answer = cold(time.Second)
		ann := tb.As("ann")
		twin := tb.twin()
		bob := tb.board("bob", seance.Player)
		twin.joins(bob)
		came := tb.takes("k")
		if err := twin.hub.Initiate(tb.t.Context(), initiative(tb, "k")); err != nil {
			t.Error(err)
		}
		if err := <-came; err != nil {
			t.Error(err)
		}
		tb.passes(time.Minute)
		for _, b := range []*board{ann, bob} {
			b.Sees("1 spells COLD HERE", "2 whispers The fire is out.")
		}
		if n := tb.medium.answers(); n != 2 {
			t.Errorf("%d answers were made, want one on each node: the test is about two", n)
		}
		twin.closes()
	})
}

// The same key goes the same way over the board, another key goes another.
func TestSeedOfAnInitiative(t *testing.T) {
	seed := func(key string) (seed uint32) {
		play(t, nil, func(tb *table) {
			tb.As("ann")
			if err := <-tb.takes(key); err != nil {
				t.Fatal(err)
			}
			seed = tb.messages()[0].Score.Seed
		})
		return seed
	}
	a, again, b := seed("a"), seed("a"), seed("b")
	if a != again || a == b {
		t.Errorf("seeds %d, again %d, of another key %d", a, again, b)
	}
}

func TestARoomThatWasOpenedForAnInitiativeCloses(t *testing.T) {
	play(t, nil, func(tb *table) {
		came := tb.takes("k")
		tb.passes(2 * time.Minute)
		if err := <-came; !errors.Is(err, seance.ErrUnavailable) {
			t.Errorf("got %v, want unavailable", err)
		}
		if got := tb.hub.Stats().Rooms; got != 0 {
			t.Errorf("%d rooms are open, want 0", got)
		}
	})
}

func TestTheLineIsQuiet(t *testing.T) {
	quiet := seance.Part{Kind: seance.PartQuiet}
	for _, tc := range []struct {
		name  string
		parts []seance.Part
		want  []string
	}{
		{"before the board line", []seance.Part{quiet, spelled("YES")},
			[]string{"1 ann asks Who?", "thinking of 1", "quiet for 1", "2 spells YES"}},
		{"twice", []seance.Part{quiet, quiet, spelled("YES")},
			[]string{"1 ann asks Who?", "thinking of 1", "quiet for 1", "2 spells NOT NOW"}},
		{"after it", []seance.Part{spelled("YES"), quiet, whisper("So it is.")},
			[]string{"1 ann asks Who?", "thinking of 1", "2 spells YES"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			play(t, nil, func(tb *table) {
				tb.medium.answer = says(100*time.Millisecond, tc.parts...)
				ann := tb.As("ann")
				ann.Forgets()
				ann.Asks("Who?")
				tb.passes(time.Minute)
				ann.Notices(tc.want...)
				for _, line := range tb.kept() {
					if strings.Contains(line, "quiet") {
						t.Errorf("kept %q", line)
					}
				}
			})
		})
	}
	t.Run("of an initiative", func(t *testing.T) {
		play(t, nil, func(tb *table) {
			tb.medium.answer = says(100*time.Millisecond, quiet, spelled("COLD HERE"))
			ann := tb.As("ann")
			ann.Forgets()
			came := tb.takes("k")
			tb.passes(time.Minute)
			if err := <-came; err != nil {
				t.Fatal(err)
			}
			ann.Notices("quiet", "1 spells COLD HERE")
		})
	})
}

// What hooks add to a question is kept with it and asked again after a restart.
func TestAdviceIsKept(t *testing.T) {
	play(t, nil, func(tb *table) {
		tb.medium.admit = func(_ context.Context, q seance.Question) (seance.Admission, error) {
			return seance.Admission{Text: q.Message.Text, Advice: seance.Advice{Direction: "Be brief.", Context: "It rains."}}, nil
		}
		tb.As("ann").Asks("Who?")
		synctest.Wait()
		kept := tb.messages()[0]
		if kept.Context != "It rains." || kept.Direction != "Be brief." {
			t.Errorf("kept %+v", kept)
		}
		if got := tb.medium.asked[0].Message; got.Context != kept.Context || got.Direction != kept.Direction {
			t.Errorf("the medium was asked %+v", got)
		}
		if got := tb.As("ann").raw(); slices.ContainsFunc(got, func(f string) bool {
			return strings.Contains(f, "brief") || strings.Contains(f, "rains")
		}) {
			t.Errorf("the board was shown what hooks added: %q", got)
		}
	})
}
