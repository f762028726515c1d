package relay

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"seance/internal/seance"
	"seance/relay/wire"
)

func TestAskedTwiceIsOneQuestion(t *testing.T) {
	play(t, nil, func(tb *table) {
		tb.medium.answer = says(time.Second, spelled("YES"))
		ann, bob := tb.As("ann"), tb.As("bob")
		bob.Asks("First?")
		first, err := ann.Sends("again", "Are you there?")
		if err != nil {
			t.Fatal(err)
		}
		if first.Position != 1 {
			t.Errorf("position %d, want 1", first.Position)
		}
		same := func(when string) {
			t.Helper()
			got, err := ann.Sends("again", "Are you there?")
			if err != nil || got != first {
				t.Errorf("%s: %+v, %v, want %+v", when, got, err, first)
			}
		}
		same("while it waits, within 4 s")
		tb.passes(time.Minute)
		same("after its answer")
		tb.close()
		<-tb.closed
		tb.opens()
		ann.Returns()
		same("after a restart")
		tb.keeps("question First?", "question Are you there?", "answer YES", "answer YES")
	})
}

func TestAskedAgainAfterAVeryLongTime(t *testing.T) {
	play(t, func(tb *table) { tb.history(150) }, func(tb *table) {
		ann := tb.As("ann")
		if asked, err := ann.Sends("old-0", "Who?"); err != nil || asked.Seq != 1 {
			t.Errorf("asked again: %+v, %v, want seq 1", asked, err)
		}
		if asked := ann.Asks("Something new?"); asked != (Asked{Seq: 301}) {
			t.Errorf("then asked: %+v, want 301 at once", asked)
		}
	})
}

func TestSentTwiceAtOnceIsOneQuestion(t *testing.T) {
	play(t, nil, func(tb *table) {
		admitted := 0
		tb.medium.admit = func(_ context.Context, q seance.Question) (seance.Admission, error) {
			admitted++
			time.Sleep(time.Second) // hooks take their time
			return seance.Admission{Text: q.Message.Text}, nil
		}
		ann := tb.As("ann")
		var wg sync.WaitGroup
		var asked [3]Asked
		var errs [3]error
		for i := range 3 {
			wg.Go(func() { asked[i], errs[i] = ann.sit.Ask(tb.t.Context(), "same", "Are you there?") })
		}
		wg.Wait()
		for i := range 3 {
			if errs[i] != nil || asked[i] != (Asked{Seq: 1}) {
				t.Errorf("call %d: %+v, %v", i, asked[i], errs[i])
			}
		}
		if admitted != 1 {
			t.Errorf("admitted %d times, want once", admitted)
		}
	})
}

func TestOneAnswerAtATime(t *testing.T) {
	play(t, nil, func(tb *table) {
		names := []string{"ann", "bob", "cat", "dan"}
		for _, name := range names {
			tb.As(name)
		}
		for i, name := range names {
			if got := tb.As(name).Asks("Who?"); got.Position != i {
				t.Errorf("%s asks at position %d, want %d", name, got.Position, i)
			}
		}
		tb.passes(time.Minute)
		answers := tb.As("ann").of(wire.EventSpiritResponse)
		if len(answers) != 4 {
			t.Fatalf("%d answers, want 4", len(answers))
		}
		for i := 1; i < len(answers); i++ {
			if late := answers[i].At - answers[i-1].Score.EndsAt; late < 0 || late > 250 {
				t.Errorf("answer %d comes %d ms after the one before has ended, want 0 to 250", i, late)
			}
		}
	})
}

func TestPositionsFollowSeq(t *testing.T) {
	play(t, nil, func(tb *table) {
		var boards []*board
		for i := range 6 {
			boards = append(boards, tb.As(fmt.Sprint("p", i)))
		}
		tb.journal.set(func(seance.Message) error { // later commits would overtake earlier ones
			time.Sleep(time.Duration(rand.IntN(50)) * time.Millisecond)
			return nil
		})
		asked := make([]Asked, len(boards))
		var wg sync.WaitGroup
		for i, b := range boards {
			wg.Go(func() { asked[i], _ = b.sit.Ask(tb.t.Context(), fmt.Sprint("k", i), "Who?") })
		}
		wg.Wait()
		tb.passes(time.Minute)
		for i, q := range boards[0].of(wire.EventQuestionAsked) {
			if q.Position != i {
				t.Errorf("question %d at position %d, want %d", i, q.Position, i)
			}
		}
	})
}

func TestLimits(t *testing.T) {
	slow := says(10*time.Second, spelled("YES"))
	for _, tc := range []struct {
		name   string
		limits Limits
		answer func(context.Context, seance.Question, func(seance.Part) error) error
		story  func(*table) error // what happens to the last question
		kind   error
		retry  time.Duration
	}{
		{
			name: "a second question while the first waits", answer: slow,
			story: func(tb *table) error {
				tb.As("ann").Asks("One?")
				tb.passes(5 * time.Second)
				_, err := tb.As("ann").Tries("Two?")
				return err
			},
			kind: seance.ErrAlreadyQueued,
		},
		{
			name: "two questions in 4 s",
			story: func(tb *table) error {
				tb.As("ann").Asks("One?")
				tb.passes(time.Second)
				_, err := tb.As("ann").Tries("Two?")
				return err
			},
			kind: seance.ErrRateLimited, retry: 3 * time.Second,
		},
		{
			name: "two questions in 4 s without limits", limits: Limits{Off: true},
			story: func(tb *table) error {
				tb.As("ann").Asks("One?")
				_, err := tb.As("ann").Tries("Two?")
				return err
			},
		},
		{
			name: "six questions at once", answer: slow,
			story: func(tb *table) error {
				for _, name := range []string{"ann", "bob", "cat", "dan", "eve"} {
					tb.As(name).Asks("Who?")
				}
				_, err := tb.As("fay").Tries("Who?")
				return err
			},
		},
		{
			name: "seven questions at once", answer: slow,
			story: func(tb *table) error {
				for _, name := range []string{"ann", "bob", "cat", "dan", "eve", "fay"} {
					tb.As(name).Asks("Who?")
				}
				_, err := tb.As("gus").Tries("Who?")
				return err
			},
			kind: seance.ErrQueueFull,
		},
		{
			name: "two questions in 4 s with a restart between",
			story: func(tb *table) error {
				tb.As("ann").Asks("One?")
				tb.crashes()
				tb.opens()
				tb.As("ann").Returns()
				tb.passes(time.Second)
				_, err := tb.As("ann").Tries("Two?")
				return err
			},
			kind: seance.ErrRateLimited, retry: 3 * time.Second,
		},
		{
			name: "a question right after one that was refused",
			story: func(tb *table) error {
				tb.medium.admit = func(context.Context, seance.Question) (seance.Admission, error) {
					return seance.Admission{}, &seance.Fault{Kind: seance.ErrRefused, Say: "Not that."}
				}
				if _, err := tb.As("ann").Tries("One?"); !errors.Is(err, seance.ErrRefused) {
					tb.t.Errorf("got %v, want refused", err)
				}
				_, err := tb.As("ann").Tries("Two?")
				return err
			},
			kind: seance.ErrRateLimited, retry: 4 * time.Second,
		},
		{
			name: "too many questions in a room", limits: Limits{RoomQuestions: 3},
			story: func(tb *table) error {
				for _, name := range []string{"ann", "bob", "cat"} {
					tb.As(name).Asks("Who?")
					tb.passes(5 * time.Second)
				}
				_, err := tb.As("dan").Tries("Who?")
				return err
			},
			kind: seance.ErrRateLimited, retry: 45 * time.Second,
		},
		{
			name: "a minute later", limits: Limits{RoomQuestions: 1},
			story: func(tb *table) error {
				tb.As("ann").Asks("Who?")
				tb.passes(time.Minute)
				_, err := tb.As("ann").Tries("Who?")
				return err
			},
		},
		{
			name:  "no key",
			story: func(tb *table) error { _, err := tb.As("ann").Sends("", "Who?"); return err },
			kind:  seance.ErrBadRequest,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			play(t, func(tb *table) { tb.opts.Limits, tb.medium.answer = tc.limits, tc.answer }, func(tb *table) {
				err := tc.story(tb)
				if !errors.Is(err, tc.kind) {
					t.Fatalf("got %v, want %v", err, tc.kind)
				}
				var fault *seance.Fault
				if tc.kind != nil && (!errors.As(err, &fault) || fault.Say == "" || fault.RetryAfter != tc.retry) {
					t.Errorf("got %+v, want a sentence and %v", fault, tc.retry)
				}
			})
		})
	}
}

func TestWhatWasRefusedIsNotHeldAgainstAnyone(t *testing.T) {
	play(t, nil, func(tb *table) {
		tb.medium.admit = func(_ context.Context, q seance.Question) (seance.Admission, error) {
			if q.Message.Text == "" {
				return seance.Admission{}, &seance.Fault{Kind: seance.ErrInvalidText, Say: "Say something."}
			}
			return seance.Admission{Text: q.Message.Text, Advice: seance.Advice{Context: "It rains."}}, nil
		}
		ann, bob := tb.As("ann"), tb.As("bob")
		if _, err := ann.Tries(""); !errors.Is(err, seance.ErrInvalidText) || err.Error() != "Say something." {
			t.Errorf("refused with %v, want the medium's own sentence", err)
		}
		ann.Asks("Who?")
		bob.Sees("1 ann asks Who?", "2 spells YES")
		tb.passes(5 * time.Second)
		if got := tb.medium.asked[0]; got.Message.Context != "It rains." || got.Asker.Name != "ann" || len(got.Present) != 2 {
			t.Errorf("the medium was asked %+v", got)
		}
	})
}

func TestAdmissionHasADeadline(t *testing.T) {
	play(t, nil, func(tb *table) {
		tb.medium.admit = func(ctx context.Context, _ seance.Question) (seance.Admission, error) {
			<-ctx.Done()
			return seance.Admission{}, ctx.Err()
		}
		began := time.Now()
		if _, err := tb.As("ann").Tries("Who?"); !errors.Is(err, seance.ErrUnavailable) {
			t.Errorf("got %v, want unavailable", err)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("took %v", took)
		}
		tb.keeps()
	})
}

func TestJournalAway(t *testing.T) {
	play(t, nil, func(tb *table) {
		ann, bob := tb.As("ann"), tb.As("bob")
		bob.Forgets()
		tb.journal.set(failing(seance.KindQuestion))
		if _, err := ann.Sends("k", "Who?"); !errors.Is(err, seance.ErrUnavailable) {
			t.Errorf("got %v, want unavailable", err)
		}
		tb.passes(5 * time.Second)
		bob.Notices() // nothing is announced that is not kept
		tb.journal.set(nil)
		if asked, err := ann.Sends("k", "Who?"); err != nil || asked.Seq != 1 {
			t.Errorf("sent again: %+v, %v", asked, err)
		}
		bob.Reads("YES")
	})
}

func TestKeptThoughTheJournalSaidNo(t *testing.T) {
	play(t, nil, func(tb *table) {
		ann := tb.As("ann")
		tb.journal.set(func(m seance.Message) error {
			if m.Kind == seance.KindQuestion { // committed, and then the line to the database broke
				if _, err := tb.store.Append(context.Background(), m); err != nil {
					t.Error(err)
				}
				return errDisk
			}
			return nil
		})
		if _, err := ann.Sends("k", "Who?"); !errors.Is(err, seance.ErrUnavailable) {
			t.Errorf("got %v, want unavailable", err)
		}
		ann.Reads("YES") // it is in the journal, so it is answered
		if asked, err := ann.Sends("k", "Who?"); err != nil || asked.Seq != 1 {
			t.Errorf("sent again: %+v, %v", asked, err)
		}
		ann.Sees("1 ann asks Who?", "2 spells YES")
	})
}

func TestSpectatorsWatch(t *testing.T) {
	play(t, nil, func(tb *table) {
		dan, ann := tb.Watches("dan"), tb.As("ann")
		if _, err := dan.Tries("Who?"); !errors.Is(err, seance.ErrForbidden) {
			t.Errorf("asking: %v, want forbidden", err)
		}
		if err := dan.sit.Type(true); !errors.Is(err, seance.ErrForbidden) {
			t.Errorf("typing: %v, want forbidden", err)
		}
		ann.Asks("Who?")
		dan.Reads("YES")
	})
}

func TestAskAfterTheEnd(t *testing.T) {
	play(t, nil, func(tb *table) {
		ann := tb.As("ann")
		tb.bus.set(nil, func(seance.Event) bool { return true }) // the room does not hear of it
		tb.put(seance.Message{Kind: seance.KindEnd, At: time.Now(), Text: "host"})
		if _, err := ann.Tries("Who?"); !errors.Is(err, seance.ErrClosed) {
			t.Errorf("got %v, want that it has ended", err)
		}
		synctest.Wait()
		ann.Sees("1 ended by host")
		if got := ann.closedWith(); got != wire.CloseEnded {
			t.Errorf("closed with %d, want %d", got, wire.CloseEnded)
		}
	})
}

// What was answered does not count as waiting, even where the news of it got lost.
func TestAnsweredDoesNotWait(t *testing.T) {
	play(t, nil, func(tb *table) {
		ann, bob := tb.As("ann"), tb.As("bob")
		tb.bus.set(nil, func(ev seance.Event) bool { return ev.Message != nil && ev.Message.Kind == seance.KindAnswer })
		tb.journal.setOther(func(string) error { return errDisk })
		ann.Asks("Who?")
		if got := bob.Asks("Who?"); got.Position != 1 {
			t.Errorf("position %d, want 1: behind the answer that is being spelled", got.Position)
		}
		tb.passes(5 * time.Second)
		if got := ann.Asks("And?"); got.Position != 1 {
			t.Errorf("position %d, want 1", got.Position)
		}
		tb.journal.setOther(nil)
		tb.passes(20 * time.Second)
		ann.Reads("YES")
	})
}
