package relay

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"seance/internal/seance"
	"seance/relay/wire"
)

// crashes stops the hub as kill -9 would: nothing of what it was about to do reaches the journal any more.
func (tb *table) crashes() {
	tb.journal.set(func(seance.Message) error { return errDisk })
	tb.close()
	<-tb.closed
	tb.journal.set(nil)
}

func TestAcknowledgedQuestionsSurviveACrash(t *testing.T) {
	play(t, nil, func(tb *table) {
		tb.medium.answer = says(2*time.Second, spelled("YES"), whisper("Always."))
		ann, bob, cat := tb.As("ann"), tb.As("bob"), tb.As("cat")
		ann.Asks("One?")
		bob.Asks("Two?")
		cat.Asks("Three?")
		tb.passes(3 * time.Second) // the first is being spelled
		tb.crashes()
		tb.keeps("question One?", "question Two?", "question Three?", "answer YES")

		tb.opens()
		if got := tb.hub.Present(tb.session.ID); got != 0 {
			t.Errorf("%d present, want nobody", got)
		}
		tb.passes(time.Minute)
		tb.keeps(
			"question One?", "question Two?", "question Three?", "answer YES",
			"answer YES", "whisper Always.", "answer YES", "whisper Always.",
		)
		cat.Returns()
		answers := cat.of(wire.EventSpiritResponse)
		if len(answers) != 3 {
			t.Fatalf("%d answers, want 3", len(answers))
		}
		if began := answers[1].At - answers[0].Score.EndsAt; began < 0 {
			t.Errorf("the second turn began %d ms before the first answer had ended", -began)
		}
		if *answers[1].QuestionSeq != 2 || *answers[2].QuestionSeq != 3 {
			t.Error("answered out of order")
		}
		tb.passes(time.Minute)
		if got := tb.bus.subscribers(tb.session.ID); got != 1 {
			t.Errorf("%d subscriptions, want 1", got)
		}
	})
}

func TestPendingIsScannedUntilTheJournalAnswers(t *testing.T) {
	play(t, func(tb *table) {
		ann := tb.board("ann", seance.Player)
		tb.put(seance.Message{Kind: seance.KindQuestion, At: time.Now(), Key: "k", Participant: ann.who.ID, Text: "Who?"})
		tb.bus.set(errDisk, nil)
	}, func(tb *table) {
		tb.passes(time.Minute)
		tb.keeps("question Who?")
		tb.bus.set(nil, nil)
		tb.passes(15 * time.Second)
		tb.keeps("question Who?", "answer YES")
		tb.passes(time.Minute)
		if got := tb.bus.subscribers(tb.session.ID); got != 0 {
			t.Errorf("%d subscriptions, want 0: nobody sits there", got)
		}
	})
}

func TestPendingQuestionOlderThanWhatIsReplayed(t *testing.T) {
	play(t, func(tb *table) {
		ann := tb.board("ann", seance.Player)
		tb.put(seance.Message{Kind: seance.KindQuestion, At: time.Now(), Key: "k", Participant: ann.who.ID, Text: "Who?"})
		for range 300 {
			tb.put(seance.Message{Kind: seance.KindAnswer, At: time.Now(), Board: "NO"})
		}
	}, func(tb *table) {
		tb.passes(5 * time.Second)
		if got := tb.medium.answers(); got != 1 {
			t.Fatalf("asked %d times, want once", got)
		}
		if got := tb.medium.asked[0].Message.Text; got != "Who?" {
			t.Errorf("asked %q", got)
		}
	})
}

func TestClosing(t *testing.T) {
	for _, tc := range []struct {
		name   string
		answer answering
		within time.Duration
		want   []string
	}{
		{
			name: "an answer in the making gets a moment", answer: says(2*time.Second, spelled("YES")),
			within: 2 * time.Second, want: []string{"question Who?", "answer YES"},
		},
		{
			name: "but no more than that", answer: says(time.Minute, spelled("YES")),
			within: 3 * time.Second, want: []string{"question Who?"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tb := newTable(t)
				tb.opens()
				tb.medium.answer = tc.answer
				ann := tb.As("ann")
				ann.Asks("Who?")
				began := time.Now()
				tb.close()
				synctest.Wait()
				if got := ann.closedWith(); got != wire.CloseGoingAway {
					t.Errorf("closed with %d at once, want %d", got, wire.CloseGoingAway)
				}
				if _, err := ann.Tries("And then?"); !errors.Is(err, seance.ErrUnavailable) {
					t.Errorf("asking: %v, want unavailable", err)
				}
				if err := tb.board("bob", seance.Player).tries(nil); !errors.Is(err, seance.ErrUnavailable) {
					t.Errorf("joining: %v, want unavailable", err)
				}
				ann.sit.Lost()
				if err := <-tb.closed; err != nil {
					t.Error(err)
				}
				if took := time.Since(began); took > tc.within {
					t.Errorf("closing took %v, want at most %v", took, tc.within)
				}
				tb.keeps(tc.want...)

				tb.medium.answer = nil
				tb.opens() // the next start picks up what is left
				tb.passes(5 * time.Minute)
				tb.keeps("question Who?", "answer YES")
				tb.closes()
			})
		})
	}
}

func TestClosingWithAMediumThatNeverReturns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tb := newTable(t)
		tb.opens()
		release := make(chan struct{})
		tb.medium.answer = func(context.Context, seance.Question, func(seance.Part) error) error { <-release; return nil }
		tb.As("ann").Asks("Who?")
		began := time.Now()
		tb.close()
		if err := <-tb.closed; err == nil {
			t.Error("closed without a word about the room that is left")
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("closing took %v, want at most 10 s", took)
		}
		close(release)
	})
}

func TestClosingWhileAnswersAreSpelled(t *testing.T) {
	play(t, nil, func(tb *table) {
		ann, bob := tb.As("ann"), tb.As("bob")
		ann.Asks("One?")
		bob.Asks("Two?")
		tb.close()
		began := time.Now()
		if err := <-tb.closed; err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("closing took %v: nobody has to wait for a score to end", took)
		}
		tb.keeps("question One?", "answer YES", "question Two?")
		tb.opens()
		tb.passes(time.Minute)
		tb.keeps("question One?", "answer YES", "question Two?", "answer YES")
	})
}

func TestClosingWhileARoomOpens(t *testing.T) {
	play(t, nil, func(tb *table) {
		tb.journal.setOther(func(string) error { time.Sleep(time.Second); return nil })
		ann := tb.board("ann", seance.Player)
		joined := make(chan error, 1)
		go func() {
			_, err := tb.hub.Join(tb.t.Context(), Ticket{Session: tb.session.ID, Participant: ann.who.ID}, ann)
			joined <- err
		}()
		synctest.Wait()
		tb.close()
		if err := <-joined; !errors.Is(err, seance.ErrUnavailable) {
			t.Errorf("joining: %v, want unavailable", err)
		}
	})
}
