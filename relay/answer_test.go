package relay

import (
	"context"
	"errors"
	"testing"
	"time"

	"seance/internal/seance"
	"seance/relay/wire"
)

type answering = func(context.Context, seance.Question, func(seance.Part) error) error

// Whatever the medium does, a question gets one answer, and the next one gets its turn.
func TestEveryQuestionIsAnswered(t *testing.T) {
	release := make(chan struct{})
	for _, tc := range []struct {
		name   string
		answer answering
		want   []string
		within time.Duration
	}{
		{
			name:   "errs",
			answer: func(context.Context, seance.Question, func(seance.Part) error) error { return errDisk },
			want:   []string{"answer NOT NOW"},
		},
		{
			name:   "says nothing",
			answer: func(context.Context, seance.Question, func(seance.Part) error) error { return nil },
			want:   []string{"answer NOT NOW"},
		},
		{
			name:   "panics",
			answer: func(context.Context, seance.Question, func(seance.Part) error) error { panic("boo") },
			want:   []string{"answer NOT NOW"},
		},
		{
			name: "hangs until it is told to stop",
			answer: func(ctx context.Context, _ seance.Question, _ func(seance.Part) error) error {
				<-ctx.Done()
				return ctx.Err()
			},
			want: []string{"answer NOT NOW"}, within: 20 * time.Second,
		},
		{
			name: "hangs for good, and speaks when all is over",
			answer: func(ctx context.Context, _ seance.Question, say func(seance.Part) error) error {
				<-release
				return errors.Join(say(spelled("LATE")), say(whisper("Too late.")))
			},
			want: []string{"answer NOT NOW"}, within: 20 * time.Second,
		},
		{
			name: "whispers only",
			answer: func(_ context.Context, _ seance.Question, say func(seance.Part) error) error {
				return say(whisper("Psst."))
			},
			want: []string{"answer NOT NOW"},
		},
		{
			name: "whispers first, then spells",
			answer: func(_ context.Context, _ seance.Question, say func(seance.Part) error) error {
				return errors.Join(say(whisper("Psst.")), say(spelled("YES")), say(whisper("Always.")))
			},
			want: []string{"answer YES", "whisper Always."},
		},
		{
			name: "spells what is not on the board",
			answer: func(_ context.Context, _ seance.Question, say func(seance.Part) error) error {
				return say(spelled("naïve?"))
			},
			want: []string{"answer NOT NOW"},
		},
		{
			name: "spells two lines and whispers twice",
			answer: func(_ context.Context, _ seance.Question, say func(seance.Part) error) error {
				return errors.Join(say(spelled("YES")), say(spelled("NO")), say(whisper("Always.")), say(whisper("Never.")))
			},
			want: []string{"answer YES", "whisper Always."},
		},
		{
			name: "errs after the board line",
			answer: func(_ context.Context, _ seance.Question, say func(seance.Part) error) error {
				return errors.Join(say(spelled("YES")), errDisk)
			},
			want: []string{"answer YES"},
		},
		{
			name: "hangs after the board line",
			answer: func(ctx context.Context, _ seance.Question, say func(seance.Part) error) error {
				if err := say(spelled("YES")); err != nil {
					return err
				}
				<-ctx.Done()
				return ctx.Err()
			},
			want: []string{"answer YES"},
		},
		{
			name:   "whispers nothing",
			answer: says(0, spelled("YES"), whisper("")),
			want:   []string{"answer YES"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			play(t, nil, func(tb *table) {
				release = make(chan struct{})
				tb.medium.answer = func(ctx context.Context, q seance.Question, say func(seance.Part) error) error {
					if q.Message.Seq == 1 {
						return tc.answer(ctx, q, say)
					}
					return say(spelled("NEXT"))
				}
				ann, bob := tb.As("ann"), tb.As("bob")
				ann.Asks("Who?")
				tb.passes(tc.within)
				tb.keeps(append([]string{"question Who?"}, tc.want...)...)
				bob.Asks("And then?")
				tb.passes(10 * time.Second)
				close(release)
				tb.keeps(append(append([]string{"question Who?"}, tc.want...), "question And then?", "answer NEXT")...)
				if source := ann.of(wire.EventSpiritResponse)[0].Source; tc.want[0] == "answer NOT NOW" && source != "deflection" {
					t.Errorf("the last line comes from %q, want a deflection", source)
				}
			})
		})
	}
}

func TestWhispersDelayNothing(t *testing.T) {
	play(t, nil, func(tb *table) {
		tb.medium.answer = func(_ context.Context, q seance.Question, say func(seance.Part) error) error {
			if err := say(spelled("YES")); err != nil {
				return err
			}
			if q.Message.Seq == 1 {
				time.Sleep(8 * time.Second)
			}
			return say(whisper("Always."))
		}
		ann, bob := tb.As("ann"), tb.As("bob")
		ann.Asks("Who?")
		bob.Asks("And then?")
		tb.passes(30 * time.Second)
		ann.Sees(
			"1 ann asks Who?", "2 spells YES", "3 bob asks And then?", "4 spells YES", "5 whispers Always.", "6 whispers Always.",
		)
		answers := ann.of(wire.EventSpiritResponse)
		if late := answers[1].At - answers[0].Score.EndsAt; late < 0 || late > 250 {
			t.Errorf("the second answer comes %d ms after the first has ended", late)
		}
	})
}

func TestTheSpiritIsNotAskedTwiceForOneAnswer(t *testing.T) {
	play(t, nil, func(tb *table) {
		tb.bus.set(nil, func(ev seance.Event) bool { return ev.Message != nil && ev.Message.Kind == seance.KindAnswer })
		tb.As("ann").Asks("Who?")
		tb.passes(time.Minute)
		if got := tb.medium.answers(); got != 1 {
			t.Errorf("asked %d times, want once", got)
		}
	})
}

func TestAnswerThatTheJournalDoesNotTake(t *testing.T) {
	play(t, nil, func(tb *table) {
		ann := tb.As("ann")
		tb.journal.set(failing(seance.KindAnswer))
		ann.Asks("Who?")
		tb.passes(30 * time.Second)
		ann.Sees("1 ann asks Who?")
		tb.journal.set(nil)
		tb.passes(3 * time.Second)
		ann.Sees("1 ann asks Who?", "2 spells YES") // what the spirit said, not the last line
		if got := tb.medium.answers(); got != 1 {
			t.Errorf("the spirit was asked %d times, want once", got)
		}
	})
}

func TestWhisperThatTheJournalDoesNotTake(t *testing.T) {
	play(t, nil, func(tb *table) {
		tb.medium.answer = says(0, spelled("YES"), whisper("Always."))
		ann := tb.As("ann")
		tb.journal.set(failing(seance.KindWhisper))
		ann.Asks("Who?")
		tb.passes(30 * time.Second)
		ann.Sees("1 ann asks Who?", "2 spells YES")
	})
}

// Two nodes that both believe they hold the right to answer.
func TestTwins(t *testing.T) {
	play(t, nil, func(tb *table) {
		tb.medium.answer = says(time.Second, spelled("YES"))
		ann := tb.As("ann")
		twin := tb.twin()
		bob := tb.board("bob", seance.Player)
		twin.joins(bob)

		ann.Asks("Who?")
		tb.passes(10 * time.Second)
		bob.Asks("And then?")
		tb.passes(10 * time.Second)
		story := []string{"1 ann asks Who?", "2 spells YES", "3 bob asks And then?", "4 spells YES"}
		ann.Sees(story...)
		bob.Sees(story...)
		if a, b := ann.Text(), bob.Text(); a != b {
			t.Errorf("ann reads %q while bob reads %q", a, b)
		}
		twin.closes()
	})
}

func TestSpellable(t *testing.T) {
	for board, want := range map[string]bool{
		"YES": true, "GOODBYE": true, "A": true, "ROOM 7": true, "BENEATH THE STAIRS": true,
		"": false, " ": false, "yes": false, "A  B": false, " A": false, "A ": false, "É": false, "A-B": false, "A\n": false,
	} {
		if got := spellable(board); got != want {
			t.Errorf("spellable(%q) = %v, want %v", board, got, want)
		}
	}
}
