package relay

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"seance/internal/seance"
	"seance/relay/wire"
)

func TestTwoBoardsInUnison(t *testing.T) {
	play(t, nil, func(tb *table) {
		tb.medium.answer = says(time.Second, spelled("BENEATH THE STAIRS"), whisper("Third step."))
		ann, bob := tb.As("ann"), tb.As("bob")

		if got, want := ann.Asks("Where is it?"), (Asked{Seq: 1}); got != want {
			t.Errorf("asked: %+v, want %+v", got, want)
		}
		tb.passes(1500 * time.Millisecond)
		for range 200 {
			tb.passes(100 * time.Millisecond)
			if a, b := ann.Text(), bob.Text(); a != b {
				t.Fatalf("ann reads %q while bob reads %q", a, b)
			}
		}
		ann.Reads("BENEATH THE STAIRS")
		bob.Reads("BENEATH THE STAIRS")
		story := []string{"1 ann asks Where is it?", "2 spells BENEATH THE STAIRS", "3 whispers Third step."}
		ann.Sees(story...)
		bob.Sees(story...)
	})
}

func TestQuestionThenThinkingThenAnswer(t *testing.T) {
	play(t, nil, func(tb *table) {
		ann := tb.As("ann")
		ann.Forgets()
		ann.Asks("Are you there?")
		// Even a spirit that needs no time stirs first.
		ann.Notices("1 ann asks Are you there?", "thinking of 1", "2 spells YES")

		asked, stirs, answer := ann.of(wire.EventQuestionAsked)[0], ann.of(wire.EventSpiritThinking)[0], ann.of(wire.EventSpiritResponse)[0]
		if late := stirs.At - asked.At; late > 250 {
			t.Errorf("the spirit stirs %d ms after its turn, want within 250", late)
		}
		if got, want := answer.Score.StartsAt-answer.At, int64(600); got != want {
			t.Errorf("announced %d ms ahead, want %d", got, want)
		}
	})
}

func TestSlowLinesAreAnnouncedEarlier(t *testing.T) {
	for _, tc := range []struct {
		trip time.Duration
		want int64
	}{
		{80 * time.Millisecond, 600},
		{450 * time.Millisecond, 900},
		{time.Minute, 3000}, // a hostile board does not hold up the others
	} {
		t.Run(tc.trip.String(), func(t *testing.T) {
			play(t, nil, func(tb *table) {
				ann, bob := tb.As("ann"), tb.As("bob")
				ann.sit.RoundTrip(20 * time.Millisecond)
				bob.sit.RoundTrip(tc.trip)
				ann.Asks("Are you there?")
				answer := ann.of(wire.EventSpiritResponse)[0]
				if got := answer.Score.StartsAt - answer.At; got != tc.want {
					t.Errorf("announced %d ms ahead, want %d", got, tc.want)
				}
			})
		})
	}
}

func TestTempoScalesEverything(t *testing.T) {
	play(t, func(tb *table) { tb.opts.Tempo = 0.1 }, func(tb *table) {
		ann := tb.As("ann")
		ann.Asks("Are you there?")
		answer := ann.of(wire.EventSpiritResponse)[0]
		if got, want := answer.Score.StartsAt-answer.At, int64(60); got != want {
			t.Errorf("announced %d ms ahead, want %d", got, want)
		}
		if got := answer.Score.EndsAt - answer.Score.StartsAt; got < 270 || got > 310 {
			t.Errorf("YES takes %d ms, want a tenth of 2700-3100", got)
		}
	})
}

func TestLateJoinInMidWord(t *testing.T) {
	play(t, nil, func(tb *table) {
		tb.medium.answer = says(time.Second, spelled("BENEATH THE STAIRS"))
		ann := tb.As("ann")
		ann.Asks("Where is it?")
		tb.passes(7 * time.Second)
		cat := tb.As("cat")
		if got, want := cat.Text(), ann.Text(); got != want || got == "" || got == "BENEATH THE STAIRS" {
			t.Errorf("cat joins in mid-word and reads %q, ann reads %q", got, want)
		}
		if answers := cat.of(wire.EventSpiritResponse); len(answers) != 1 || !answers[0].Replayed {
			t.Errorf("cat was sent %+v, want one replayed answer", answers)
		}
		cat.Reads("BENEATH THE STAIRS")
	})
}

func TestLateJoinWhileTheSpiritThinks(t *testing.T) {
	play(t, nil, func(tb *table) {
		tb.medium.answer = says(5*time.Second, spelled("SOON"))
		tb.As("ann").Asks("When?")
		bob := tb.As("bob")
		bob.Notices("1 ann asks When?", "thinking of 1", "bob joined (2)")
		bob.Reads("SOON")
		bob.Leaves()
		bob.Forgets()
		bob.Returns() // with since 0: it has forgotten everything
		bob.Notices("1 ann asks When?", "2 spells SOON", "bob joined (2)")
	})
}

func TestWelcome(t *testing.T) {
	play(t, nil, func(tb *table) {
		ann := tb.As("ann")
		ann.Asks("Are you there?")
		tb.Watches("dan")
		bob := tb.As("bob")
		w := bob.welcome
		var names []string
		for _, p := range w.Participants {
			names = append(names, p.Name)
		}
		if got, want := fmt.Sprint(names), "[ann dan bob]"; got != want {
			t.Errorf("present: %s, want %s, by candle", got, want)
		}
		if w.Participant.Name != "bob" || w.Seq != 2 || !w.Recovered || w.Session.Participants != 2 || w.Session.Code != "RAVEN-417" {
			t.Errorf("welcome: %+v", w)
		}
		if got := tb.hub.Present(tb.session.ID); got != 2 {
			t.Errorf("%d present, want 2: spectators are left out", got)
		}
	})
}

func TestReturnWithNothingTwiceAndNothingLost(t *testing.T) {
	play(t, nil, func(tb *table) {
		tb.medium.answer = says(time.Second, spelled("YES"), whisper("Always."))
		ann, bob := tb.As("ann"), tb.As("bob")
		ann.Asks("Are you there?")
		tb.passes(1500 * time.Millisecond)
		bob.Drops() // between the answer and the whisper
		bob.Sees("1 ann asks Are you there?", "2 spells YES")
		tb.passes(4 * time.Second)
		ann.Asks("Still?")
		tb.passes(500 * time.Millisecond)
		bob.Returns()
		if !bob.welcome.Recovered {
			t.Error("not recovered")
		}
		tb.passes(10 * time.Second)
		story := []string{
			"1 ann asks Are you there?", "2 spells YES", "3 whispers Always.",
			"4 ann asks Still?", "5 spells YES", "6 whispers Always.",
		}
		ann.Sees(story...)
		bob.Sees(story...)
	})
}

func TestHowMuchIsSentAgain(t *testing.T) {
	far := uint64(10_000)
	since := func(n uint64) *uint64 { return &n }
	for _, tc := range []struct {
		name      string
		since     *uint64
		first     uint64
		recovered bool
	}{
		{"a fresh board gets the last 50", nil, 251, true},
		{"a board that has everything gets nothing", since(300), 0, true},
		{"a board that missed 200 gets 200", since(100), 101, true},
		{"a board that missed 201 reads the history", since(99), 251, false},
		{"a board from the future reads the history", &far, 251, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			play(t, func(tb *table) { tb.history(150) }, func(tb *table) {
				bob := tb.board("bob", seance.Player)
				if err := bob.tries(tc.since); err != nil {
					t.Fatal(err)
				}
				if bob.welcome.Recovered != tc.recovered || bob.welcome.Seq != 300 {
					t.Errorf("recovered %v at %d, want %v at 300", bob.welcome.Recovered, bob.welcome.Seq, tc.recovered)
				}
				var first uint64
				bob.mu.Lock()
				for _, f := range bob.frames {
					if f.Seq != 0 && first == 0 {
						first = f.Seq
					}
				}
				last := bob.last()
				bob.mu.Unlock()
				if first != tc.first || first != 0 && last != 300 {
					t.Errorf("sent %d to %d, want %d to 300", first, last, tc.first)
				}
			})
		})
	}
}

// history fills the journal with questions and answers of an hour ago.
func (tb *table) history(pairs int) {
	ann := tb.board("ann", seance.Player)
	at := time.Now().Add(-time.Hour)
	for i := range pairs {
		question := tb.put(seance.Message{
			Kind: seance.KindQuestion, At: at, Key: fmt.Sprintf("old-%d", i), Participant: ann.who.ID, Text: "Who?",
		})
		score := seance.Pace("NO", 1, seance.PaceOptions{}).Begin(at)
		tb.put(seance.Message{Kind: seance.KindAnswer, At: at, Refers: question.Seq, Board: "NO", Score: &score})
	}
}

// put keeps a message behind the rooms' backs, as another node would whose event got lost.
func (tb *table) put(m seance.Message) seance.Message {
	tb.t.Helper()
	m.ID, m.Session = newMessageID(), tb.session.ID
	kept, err := tb.store.Append(tb.t.Context(), m)
	if err != nil {
		tb.t.Fatal(err)
	}
	return kept
}

func TestGapsRepairThemselves(t *testing.T) {
	lost := func(ev seance.Event) bool { return ev.Seq()%2 == 1 }
	play(t, nil, func(tb *table) {
		tb.medium.answer = says(0, spelled("YES"), whisper("Always."))
		ann, bob := tb.As("ann"), tb.As("bob")
		tb.bus.set(nil, lost)
		ann.Asks("Are you there?")
		tb.passes(10 * time.Second)
		bob.Asks("Truly?")
		tb.passes(10 * time.Second)
		story := []string{
			"1 ann asks Are you there?", "2 spells YES", "3 whispers Always.",
			"4 bob asks Truly?", "5 spells YES", "6 whispers Always.",
		}
		ann.Sees(story...)
		bob.Sees(story...)
	})
}

func TestNothingIsLostWhenEveryEventIs(t *testing.T) {
	play(t, nil, func(tb *table) {
		ann := tb.As("ann")
		tb.bus.set(nil, func(seance.Event) bool { return true })
		asked := ann.Asks("Are you there?")
		tb.passes(6 * time.Second)
		ann.Sees("1 ann asks Are you there?", "2 spells YES")
		if again, err := ann.Sends("key-1", "Are you there?"); err != nil || again != asked {
			t.Errorf("again: %+v, %v, want %+v", again, err, asked)
		}
	})
}

func TestALateWhisperThatTheBrokerLoses(t *testing.T) {
	play(t, nil, func(tb *table) {
		tb.medium.answer = func(_ context.Context, _ seance.Question, say func(seance.Part) error) error {
			if err := say(spelled("YES")); err != nil {
				return err
			}
			time.Sleep(15 * time.Second)
			return say(whisper("Always."))
		}
		ann := tb.As("ann")
		tb.bus.set(nil, func(ev seance.Event) bool { return ev.Message != nil && ev.Message.Kind == seance.KindWhisper })
		ann.Asks("Are you there?")
		tb.passes(18 * time.Second)
		ann.Sees("1 ann asks Are you there?", "2 spells YES", "3 whispers Always.")
	})
}

func TestLateNewsOfThinking(t *testing.T) {
	play(t, nil, func(tb *table) {
		ann := tb.As("ann")
		ann.Asks("Are you there?")
		ann.Forgets()
		stale := seance.Event{Session: tb.session.ID, At: time.Now(), Thinking: &seance.Thinking{QuestionSeq: 1}}
		if err := tb.bus.Publish(tb.t.Context(), stale); err != nil {
			t.Error(err)
		}
		ann.Notices()
		tb.As("bob").Notices("1 ann asks Are you there?", "2 spells YES", "bob joined (2)")
	})
}

// Two that read the journal at the same time send nothing twice.
func TestTwoRepairsAtOnce(t *testing.T) {
	play(t, nil, func(tb *table) {
		ann := tb.As("ann")
		tb.put(seance.Message{Kind: seance.KindAnswer, At: time.Now(), Board: "BOO"})
		tb.journal.setOther(func(string) error { time.Sleep(time.Second); return nil })
		var wg sync.WaitGroup
		for _, name := range []string{"bob", "cat"} {
			b := tb.board(name, seance.Player)
			wg.Go(func() {
				if _, err := tb.hub.Join(tb.t.Context(), Ticket{Session: tb.session.ID, Participant: b.who.ID}, b); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		ann.Sees("1 spells BOO")
	})
}

func TestBrokerAway(t *testing.T) {
	play(t, nil, func(tb *table) {
		ann, bob := tb.As("ann"), tb.As("bob")
		tb.bus.set(errDisk, nil)
		tb.bus.hangsUp()
		ann.Asks("Are you there?")
		tb.passes(6 * time.Second) // the journal still brings everything
		bob.Sees("1 ann asks Are you there?", "2 spells YES")

		tb.put(seance.Message{Kind: seance.KindWhisper, At: time.Now(), Refers: 2, Text: "From another node."})
		tb.bus.set(nil, nil)
		tb.passes(6 * time.Second)
		bob.Sees("1 ann asks Are you there?", "2 spells YES", "3 whispers From another node.")
		if got := tb.bus.subscribers(tb.session.ID); got != 1 {
			t.Errorf("%d subscriptions, want 1", got)
		}
		bob.Forgets()
		ann.Asks("Again?")
		synctest.Wait()
		bob.Notices("4 ann asks Again?", "thinking of 4", "5 spells YES")
	})
}

func TestRoomsClose(t *testing.T) {
	play(t, nil, func(tb *table) {
		ann := tb.As("ann")
		ann.Asks("Are you there?")
		tb.passes(10 * time.Second)
		ann.Leaves()
		tb.passes(29 * time.Second)
		if got := tb.bus.subscribers(tb.session.ID); got != 1 {
			t.Errorf("%d subscriptions 29 s after the last seat, want 1", got)
		}
		tb.passes(4 * time.Second)
		if got := tb.bus.subscribers(tb.session.ID); got != 0 {
			t.Errorf("%d subscriptions 33 s after the last seat, want 0", got)
		}
		ann.Returns()
		ann.Sees("1 ann asks Are you there?", "2 spells YES")
		if got := tb.hub.Present(tb.session.ID); got != 1 {
			t.Errorf("%d present, want 1", got)
		}
	})
}
