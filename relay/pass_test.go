package relay

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"seance/internal/seance"
	"seance/relay/wire"
)

// hears lets the table's room hear events at this very instant, as if the broker brought them together.
func (tb *table) hears(events ...seance.Event) {
	room := tb.hub.open(tb.session.ID)
	for _, ev := range events {
		ev.Session, ev.At = tb.session.ID, now()
		room.hear(ev)
	}
}

func types(name string, typing bool) seance.Event {
	return seance.Event{Typing: &seance.Typing{Participant: seance.ParticipantID("p-" + name), Typing: typing}}
}

func leaves(name string) seance.Event {
	return seance.Event{Left: &seance.Left{Participant: seance.ParticipantID("p-" + name), Reason: seance.LeftByChoice, Count: 1}}
}

func joins(name string) seance.Event {
	return seance.Event{Joined: &seance.Joined{Participant: seance.Participant{ID: seance.ParticipantID("p-" + name), Name: name}, Count: 2}}
}

// got lists what a board has at this very instant, as "frame @ pass".
func (b *board) got() (frames []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range b.frames {
		frames = append(frames, fmt.Sprintf("%v @ %d", f, f.pass-b.frames[0].pass))
	}
	return frames
}

func TestPasses(t *testing.T) {
	for _, tc := range []struct {
		name  string
		story func(tb *table)
		want  []string
	}{
		{
			name:  "the first event of a quiet room leaves at once",
			story: func(tb *table) { tb.hears(types("x", true)) },
			want:  []string{"x typing true @ 0"},
		},
		{
			name: "what follows within 25 ms waits",
			story: func(tb *table) {
				tb.hears(types("x", true), types("y", true))
				tb.passes(apart - 1)
				tb.hears(types("z", true))
			},
			want: []string{"x typing true @ 0"},
		},
		{
			name: "and leaves together",
			story: func(tb *table) {
				tb.hears(types("x", true), types("y", true))
				tb.passes(apart - 1)
				tb.hears(types("z", true))
				tb.passes(1)
			},
			want: []string{"x typing true @ 0", "y typing true @ 1", "z typing true @ 1"},
		},
		{
			name: "a busy room has a pass every 25 ms",
			story: func(tb *table) {
				for i := range 10 {
					tb.hears(types(fmt.Sprint(i), true))
					tb.passes(apart / 5)
				}
				tb.passes(apart)
			},
			want: []string{
				"0 typing true @ 0", "1 typing true @ 1", "2 typing true @ 1", "3 typing true @ 1", "4 typing true @ 1",
				"5 typing true @ 2", "6 typing true @ 2", "7 typing true @ 2", "8 typing true @ 2", "9 typing true @ 2",
			},
		},
		{
			name: "of state only the last is sent",
			story: func(tb *table) {
				tb.hears(types("w", true), types("x", true), types("y", true), types("x", false), types("x", true), types("y", false))
				tb.passes(apart)
			},
			want: []string{"w typing true @ 0", "x typing true @ 1", "y typing false @ 1"},
		},
		{
			name: "state is as old as its last change: who leaves and comes back still types",
			story: func(tb *table) {
				tb.hears(types("w", true), types("x", true), leaves("x"), joins("x"), types("x", true))
				tb.passes(apart)
			},
			want: []string{"w typing true @ 0", "x left (1) @ 1", "x joined (2) @ 1", "x typing true @ 1"},
		},
		{
			name: "kept events do not change places, whatever is between them",
			story: func(tb *table) {
				tb.hears(types("w", true))
				for i := range 3 {
					m := tb.put(seance.Message{Kind: seance.KindAnswer, At: now(), Board: fmt.Sprint("A", i)})
					tb.hears(types("x", i%2 == 0), seance.Event{Message: &m})
				}
				tb.passes(apart)
			},
			want: []string{"w typing true @ 0", "1 spells A0 @ 1", "2 spells A1 @ 1", "x typing true @ 1", "3 spells A2 @ 1"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			play(t, nil, func(tb *table) {
				ann := tb.As("ann")
				ann.Forgets()
				ann.mu.Lock()
				ann.passes = 0
				ann.mu.Unlock()
				tc.story(tb)
				if got := ann.got(); fmt.Sprint(got) != fmt.Sprint(tc.want) {
					t.Errorf("ann has\n %q, want\n %q", got, tc.want)
				}
			})
		})
	}
}

// Who sits down while frames wait has had them with the welcome.
func TestWhoComesWhileFramesWaitHasThemOnce(t *testing.T) {
	play(t, nil, func(tb *table) {
		tb.As("ann").Forgets()
		m := tb.put(seance.Message{Kind: seance.KindAnswer, At: now(), Board: "BOO"})
		tb.hears(types("w", true), seance.Event{Message: &m}, types("v", true))
		bob := tb.As("bob")
		bob.Notices("1 spells BOO", "bob joined (2)")
		tb.As("ann").Notices("w typing true", "1 spells BOO", "v typing true", "bob joined (2)")
	})
}

// What was on its way when the session ended arrives before the end, and before the seat closes.
func TestTheEndWaitsForNothing(t *testing.T) {
	play(t, nil, func(tb *table) {
		ann := tb.As("ann")
		ann.Forgets()
		end := tb.put(seance.Message{Kind: seance.KindEnd, At: now(), Text: "host"})
		tb.hears(types("w", true), types("v", true), seance.Event{Message: &end})
		if got, want := fmt.Sprint(ann.got()), "[w typing true @ 0 v typing true @ 1 1 ended by host @ 1]"; got != want {
			t.Errorf("ann has %s, want %s", got, want)
		}
		if ann.closedWith() != wire.CloseEnded {
			t.Errorf("closed with %d", ann.closedWith())
		}
	})
}

func TestAQuietRoomDoesNothing(t *testing.T) {
	play(t, nil, func(tb *table) {
		ann := tb.As("ann")
		tb.passes(time.Second)
		before := ann.sent()
		tb.passes(time.Hour)
		synctest.Wait()
		if got := ann.sent(); got != before {
			t.Errorf("%d sends to a board that nothing happened to", got-before)
		}
	})
}

func (b *board) sent() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.passes
}
