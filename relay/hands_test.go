package relay

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"seance/internal/seance"
	"seance/relay/wire"
)

// Pulls lays a hand on the planchette for a while, as a board does: 15 times a second, also if it lies still.
func (b *board) Pulls(x, y float64, d time.Duration) {
	b.tb.t.Helper()
	b.tb.pull(d, func() { b.moves(x, y) })
}

func (b *board) moves(x, y float64) {
	b.tb.t.Helper()
	if err := b.sit.Move(x, y); err != nil {
		b.tb.t.Errorf("%s moves: %v", b.who.Name, err)
	}
}

// pull lets every do what it does at each of a board's beats.
func (tb *table) pull(d time.Duration, every func()) {
	for end := time.Now().Add(d); time.Now().Before(end); {
		every()
		tb.passes(beat)
	}
}

func (b *board) Lifts() {
	b.tb.t.Helper()
	if err := b.sit.Lift(); err != nil {
		b.tb.t.Errorf("%s lifts: %v", b.who.Name, err)
	}
	synctest.Wait()
}

// hands are the hands frames a board was sent.
func (b *board) hands() []frame { return b.of(wire.EventHands) }

// planchette is where the last frame has it.
func (b *board) planchette() [2]int {
	b.tb.t.Helper()
	frames := b.hands()
	if len(frames) == 0 {
		b.tb.t.Fatalf("%s was sent no hands", b.who.Name)
	}
	return frames[len(frames)-1].P
}

func near(p [2]int, x, y, by float64) bool {
	return math.Hypot(float64(p[0])-x, float64(p[1])-y) <= by
}

func TestHandsAt15Hz(t *testing.T) {
	play(t, nil, func(tb *table) {
		ann, bob, dan := tb.As("ann"), tb.As("bob"), tb.Watches("dan")
		tb.passes(time.Minute)
		if got := len(ann.hands()); got != 0 {
			t.Errorf("%d frames while nobody touches", got)
		}
		ann.moves(300, 200)
		synctest.Wait()
		if got := len(bob.hands()); got != 1 {
			t.Errorf("%d frames at the first touch, want 1 at once", got)
		}
		tb.pull(4*time.Second-beat, func() { ann.moves(300, 200); bob.moves(320, 210) })
		frames := bob.hands()
		if got := len(frames); got < 59 || got > 62 {
			t.Errorf("%d frames in 4 s, want 60", got)
		}
		if got := fmt.Sprint(frames[30].H); got != "[[1 300 200] [2 320 210]]" {
			t.Errorf("the hands are %s", got)
		}
		for i := 1; i < len(frames); i++ {
			if apart := frames[i].T - frames[i-1].T; apart < 60 || apart > 70 {
				t.Errorf("frame %d comes %d ms after the one before", i, apart)
			}
		}
		if p := bob.planchette(); !near(p, 310, 205, 15) {
			t.Errorf("after 4 s two hands have the planchette at %v, want near (310,205)", p)
		}
		ann.Lifts()
		bob.Lifts()
		tb.passes(3 * time.Second)
		frames = bob.hands()
		last := frames[len(frames)-1]
		if len(last.H) != 0 || !near(last.P, 310, 205, 20) {
			t.Errorf("the last frame is %v, want no hands and the planchette where it was left", last)
		}
		tb.passes(time.Hour)
		if got := len(bob.hands()); got != len(frames) {
			t.Errorf("%d frames while nobody touches", got-len(frames))
		}
		for _, b := range []*board{ann, dan} { // spectators see them, too
			if a, want := fmt.Sprint(b.hands()), fmt.Sprint(frames); a != want {
				t.Errorf("%s sees other hands than bob:\n%s\n%s", b.who.Name, a, want)
			}
		}
	})
}

func TestHowHandsAreLifted(t *testing.T) {
	for _, tc := range []struct {
		name  string
		story func(tb *table, bob *board)
		want  int // ms until a frame without bob's hand
	}{
		{"by the person", func(_ *table, bob *board) { bob.Lifts() }, 70},
		{"by silence", func(_ *table, bob *board) {}, 1070},
		{"by leaving", func(_ *table, bob *board) { bob.Leaves() }, 70},
		{"by a lost line", func(_ *table, bob *board) { bob.Drops() }, 70},
		{"by a kick", func(tb *table, _ *board) { tb.kicks("bob") }, 70},
		{"by a kick, with a move still on its way", func(tb *table, bob *board) { bob.moves(301, 200); tb.kicks("bob") }, 70},
		{"with the screen that touched", func(_ *table, bob *board) { bob.Second(); bob.Drops() }, 70},
		{"not by another screen", func(_ *table, bob *board) { bob.Second().Lifts() }, 1070},
		{"not with another screen", func(_ *table, bob *board) { bob.Second().Drops() }, 1070},
	} {
		t.Run(tc.name, func(t *testing.T) {
			play(t, nil, func(tb *table) {
				ann, bob := tb.As("ann"), tb.As("bob")
				bob.Pulls(300, 200, time.Second)
				bob.moves(300, 200)
				synctest.Wait()
				began := time.Now().UnixMilli()
				tc.story(tb, bob)
				tb.passes(3 * time.Second)
				frames := ann.hands()
				i := slices.IndexFunc(frames, func(f frame) bool { return len(f.H) == 0 })
				if i < 0 {
					t.Fatal("the hand stays")
				}
				if took := int(frames[i].T - began); took > tc.want || took < tc.want-200 {
					t.Errorf("lifted after %d ms, want %d at most", took, tc.want)
				}
				bob.sit.Lift() // once more is harmless, wherever they are
			})
		})
	}
}

func TestAHandIsOneWhereverItsPersonSits(t *testing.T) {
	play(t, nil, func(tb *table) {
		ann, bob := tb.As("ann"), tb.As("bob")
		second := bob.Second()
		bob.moves(300, 200)
		tb.passes(beat)
		second.moves(400, 300)
		tb.passes(beat)
		frames := ann.hands()
		if got := fmt.Sprint(frames[len(frames)-1].H); got != "[[2 400 300]]" {
			t.Errorf("bob's hand is at %s, want where it was last", got)
		}
	})
}

func TestMovesAreBounded(t *testing.T) {
	play(t, nil, func(tb *table) {
		ann := tb.As("ann")
		moves := 0
		tb.bus.set(nil, func(ev seance.Event) bool {
			moves += len(ev.Moved)
			return false
		})
		for i := range 600 { // 10 s at 60 a second
			ann.moves(float64(i), 100)
			tb.passes(time.Second / 60)
		}
		if moves > 150+jitter || moves < 145 {
			t.Errorf("%d moves in 10 s, want 15 a second", moves)
		}
		if err := ann.sit.Move(math.MaxFloat64, math.NaN()); err != nil {
			t.Error(err)
		}
		tb.passes(time.Second)
	})
}

func TestFifteenUnevenMovesASecondPass(t *testing.T) {
	play(t, nil, func(tb *table) {
		ann := tb.As("ann")
		moves := 0
		tb.bus.set(nil, func(ev seance.Event) bool {
			moves += len(ev.Moved)
			return false
		})
		for i := range 50 { // the line holds two back now and then
			ann.moves(float64(i), 100)
			tb.passes([]time.Duration{beat, 2 * beat, 0, beat}[i%4])
		}
		if moves != 50 {
			t.Errorf("%d of 50 moves passed", moves)
		}
	})
}

func TestWhileAScorePlaysHandsBendItsWay(t *testing.T) {
	play(t, nil, func(tb *table) {
		tb.medium.answer = says(0, spelled("BENEATH THE STAIRS"))
		for i := range 12 {
			tb.As(fmt.Sprint("p", i))
		}
		ann := tb.As("ann")
		ann.Asks("Where is it?")
		answer := ann.of(wire.EventSpiritResponse)[0]
		tb.pull(time.Until(answer.Score.End()), func() {
			for i := range 12 {
				tb.As(fmt.Sprint("p", i)).moves(0, 0)
			}
		})
		most := 0.0
		for _, f := range ann.hands() {
			if f.T >= answer.Score.StartsAt && f.T < answer.Score.EndsAt {
				most = math.Max(most, math.Hypot(float64(f.P[0]), float64(f.P[1])))
			}
		}
		if most < 10 || most > 20 {
			t.Errorf("twelve people bend the way by %v bu, want 10 to 20", most)
		}
		ann.Reads("BENEATH THE STAIRS")
	})
}

// A planchette that was left somewhere stays there, for who comes later, too, until an answer calls it home.
func TestTheFreeBoard(t *testing.T) {
	play(t, nil, func(tb *table) {
		ann := tb.As("ann")
		ann.Pulls(200, 150, 6*time.Second)
		ann.Lifts()
		tb.passes(time.Minute)
		left := ann.planchette()
		if !near(left, 200, 150, 10) {
			t.Errorf("left at %v, want near (200,150)", left)
		}
		bob := tb.As("bob")
		if got := bob.planchette(); got != left {
			t.Errorf("who comes later sees it at %v, want %v", got, left)
		}

		ann.Forgets()
		ann.Asks("Are you there?")
		score := ann.of(wire.EventSpiritResponse)[0].Score
		tb.passes(time.Until(time.UnixMilli(score.StartsAt + 380)))
		if off := ann.planchette(); !near(off, 0, 0, 20) {
			t.Errorf("0.38 s into the score it is %v off its way", off)
		}
		tb.passes(time.Until(score.End()) + 2*time.Second)
		frames := ann.hands()
		for _, f := range frames {
			if len(f.H) > 0 {
				t.Errorf("nobody touches, but %v", f)
			}
		}
		if last := frames[len(frames)-1]; last.P != [2]int{0, 0} || last.T > score.StartsAt+1500 {
			t.Errorf("the last frame is %v, want it on its way, soon", last)
		}
		if got := tb.As("cat").hands(); len(got) != 0 {
			t.Errorf("who comes later is sent %v, want nothing: it is where the score has it", got)
		}
	})
}

func TestWhoseHand(t *testing.T) {
	for _, tc := range []struct {
		name    string
		arrange func(*table)
		story   func(tb *table, ann, bob *board)
		want    string // part of the frame; empty for none
	}{
		{
			name: "one hand",
			story: func(_ *table, ann, _ *board) {
				ann.Pulls(150, 95, 2*time.Second)
			},
			want: `{"answer_seq":2,"shares":[[1,1]]}`,
		},
		{
			name: "two hands, one way",
			story: func(tb *table, ann, bob *board) {
				tb.pull(2*time.Second, func() { ann.moves(150, 95); bob.moves(150, 95) })
			},
			want: `{"answer_seq":2,"shares":[[1,0.5],[2,0.5]]}`,
		},
		{
			name: "one with it, one against it",
			story: func(tb *table, ann, bob *board) {
				tb.pull(2*time.Second, func() { ann.moves(1000, 600); bob.moves(150, 95) })
			},
			want: `{"answer_seq":2,"shares":[[2,1]]}`,
		},
		{
			name: "a hand that was lifted long before the end",
			story: func(tb *table, ann, _ *board) {
				ann.Pulls(150, 95, time.Second)
				ann.Lifts()
			},
			want: `{"answer_seq":2,"shares":[[1,1]]}`,
		},
		{name: "nobody", story: func(*table, *board, *board) {}},
		{
			name: "only before the answer",
			story: func(tb *table, ann, _ *board) {
				ann.Pulls(150, 95, 500*time.Millisecond)
				ann.Lifts()
			},
		},
		{
			name:    "the host does not want it told",
			arrange: func(tb *table) { tb.settings(func(s *seance.Settings) { s.WhoseHand = false }) },
			story:   func(_ *table, ann, _ *board) { ann.Pulls(150, 95, 2*time.Second) },
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			play(t, tc.arrange, func(tb *table) {
				ann, bob := tb.As("ann"), tb.As("bob")
				if tc.name == "only before the answer" {
					tc.story(tb, ann, bob)
					ann.Asks("Are you there?")
				} else {
					ann.Asks("Are you there?")
					tb.passes(600 * time.Millisecond)
					tc.story(tb, ann, bob)
				}
				score := ann.of(wire.EventSpiritResponse)[0].Score
				over := time.UnixMilli(score.StartsAt + int64(score.Stops[0].At+score.Stops[0].Hold))
				tb.passes(time.Until(over) - 2*apart)
				if got := bob.of(wire.EventWhoseHand); len(got) != 0 {
					t.Errorf("told before the last stop is over: %v", got)
				}
				tb.passes(2500 * time.Millisecond)
				got := bob.of(wire.EventWhoseHand)
				tb.passes(time.Minute)
				if again := bob.of(wire.EventWhoseHand); len(again) != len(got) {
					t.Errorf("told again: %v", again)
				}
				switch {
				case tc.want == "" && len(got) > 0:
					t.Errorf("told %s, want nothing", got[0].raw)
				case tc.want != "" && (len(got) != 1 || got[0].raw != "whose_hand "+tc.want):
					t.Errorf("told %v, want %s", got, tc.want)
				}
			})
		})
	}
}

// settings changes the session's settings before anybody sits there.
func (tb *table) settings(change func(*seance.Settings)) {
	tb.t.Helper()
	s := tb.session.Settings
	change(&s)
	var err error
	if tb.session, err = tb.store.Amend(tb.t.Context(), tb.session.ID, seance.Amendment{Settings: &s}); err != nil {
		tb.t.Fatal(err)
	}
}

func TestGoodbyeHeld(t *testing.T) {
	const x, y = 500, 560
	hold := func(d time.Duration, names ...string) func(*table) {
		return func(tb *table) {
			tb.pull(d, func() {
				for _, name := range names {
					tb.As(name).moves(x, y)
				}
			})
		}
	}
	for _, tc := range []struct {
		name  string
		story func(*table)
		want  []string
	}{
		// From the resting place to GOODBYE it takes three hands about 1 s, one 2 s.
		{"by everyone", hold(6*time.Second, "ann", "bob", "cat"), []string{"end goodbye"}},
		{"by two of three", hold(6*time.Second, "ann", "bob"), []string{"end goodbye"}},
		{"by one of three", hold(10*time.Second, "ann"), nil},
		{"by two of four, a half", func(tb *table) { tb.As("eve"); hold(10*time.Second, "ann", "bob")(tb) }, nil},
		{"by the one who is left", func(tb *table) {
			tb.As("ann").Leaves()
			tb.As("bob").Leaves()
			hold(8*time.Second, "cat")(tb)
		}, []string{"end goodbye"}},
		{"spectators do not count", func(tb *table) {
			tb.Watches("dan")
			tb.Watches("eve")
			hold(6*time.Second, "ann", "bob")(tb)
		}, []string{"end goodbye"}},
		{"for less than 3 s", hold(3*time.Second, "ann", "bob", "cat"), nil},
		{"and left there", func(tb *table) {
			hold(3*time.Second, "ann", "bob", "cat")(tb)
			for _, name := range []string{"ann", "bob", "cat"} {
				tb.As(name).Lifts()
			}
			tb.passes(time.Minute)
		}, nil},
		{"twice for 2 s", func(tb *table) {
			for range 2 {
				hold(3*time.Second, "ann", "bob", "cat")(tb)
				tb.pull(2*time.Second, func() { tb.As("ann").moves(500, 100); tb.As("bob").moves(500, 100) })
			}
		}, nil},
		{"while the spirit answers", func(tb *table) {
			tb.medium.answer = says(0, spelled("GOODBYE"))
			tb.As("ann").Asks("Shall we go?")
			score := tb.As("ann").of(wire.EventSpiritResponse)[0].Score
			if held := score.Stops[0].Hold; held < 6000 {
				tb.t.Fatalf("the spirit holds it for %d ms, too short to tell", held)
			}
			hold(time.Until(score.End()), "ann", "bob", "cat")(tb)
		}, []string{"question Shall we go?", "answer GOODBYE"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			play(t, func(tb *table) { tb.opts.Tempo = 4 }, func(tb *table) {
				for _, name := range []string{"ann", "bob", "cat"} {
					tb.As(name)
				}
				tc.story(tb)
				tb.keeps(tc.want...)
				if len(tc.want) == 1 {
					cat := tb.As("cat")
					cat.Sees("1 ended by goodbye")
					if got := cat.closedWith(); got != wire.CloseEnded {
						t.Errorf("closed with %d, want %d", got, wire.CloseEnded)
					}
				}
			})
		})
	}
}

func TestGoodbyeThatTheJournalDoesNotTake(t *testing.T) {
	play(t, nil, func(tb *table) {
		ann := tb.As("ann")
		tb.journal.set(failing(seance.KindEnd))
		ann.Pulls(500, 560, 8*time.Second)
		tb.keeps()
		tb.journal.set(nil)
		ann.Pulls(500, 560, 4*time.Second) // held on, it is tried again
		tb.keeps("end goodbye")
	})
}

func TestHandsWithoutABroker(t *testing.T) {
	play(t, nil, func(tb *table) {
		ann, bob := tb.As("ann"), tb.As("bob")
		tb.bus.set(errDisk, nil)
		ann.Pulls(300, 200, time.Second)
		if got := len(bob.hands()); got < 10 {
			t.Errorf("%d frames in 1 s, want that a node goes on by itself", got)
		}
		tb.bus.set(nil, nil)
	})
}

func TestSpectatorsDoNotTouch(t *testing.T) {
	play(t, nil, func(tb *table) {
		dan := tb.Watches("dan")
		if err := dan.sit.Move(1, 2); !errors.Is(err, seance.ErrForbidden) {
			t.Errorf("moving: %v, want forbidden", err)
		}
		if err := dan.sit.Lift(); !errors.Is(err, seance.ErrForbidden) {
			t.Errorf("lifting: %v, want forbidden", err)
		}
		if err := dan.sit.Rate(tb.t.Context(), 1, 5); !errors.Is(err, seance.ErrForbidden) {
			t.Errorf("rating: %v, want forbidden", err)
		}
		tb.passes(time.Second)
		if got := len(dan.hands()); got != 0 {
			t.Errorf("%d frames of a spectator's hand", got)
		}
	})
}
