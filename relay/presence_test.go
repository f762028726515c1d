package relay

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"seance/internal/seance"
	"seance/relay/wire"
)

func TestComingAndGoing(t *testing.T) {
	for _, tc := range []struct {
		name  string
		story func(tb *table, bob *board)
		want  []string
	}{
		{
			name:  "leaving is told at once",
			story: func(_ *table, bob *board) { bob.Leaves() },
			want:  []string{"bob left (1)"},
		},
		{
			name:  "leaving and then losing the line is leaving",
			story: func(tb *table, bob *board) { bob.Leaves(); bob.Drops(); tb.passes(time.Minute) },
			want:  []string{"bob left (1)"},
		},
		{
			name:  "leaving twice is leaving",
			story: func(_ *table, bob *board) { bob.Leaves(); bob.Leaves() },
			want:  []string{"bob left (1)"},
		},
		{
			name:  "a lost line is not told at once",
			story: func(tb *table, bob *board) { bob.Drops(); tb.passes(5*time.Second - apart - 1) },
		},
		{
			name:  "a lost line is told after 5 s",
			story: func(tb *table, bob *board) { bob.Drops(); tb.passes(5 * time.Second) },
			want:  []string{"bob lost (1)"},
		},
		{
			name: "a reload is no departure",
			story: func(tb *table, bob *board) {
				bob.Drops()
				tb.passes(4 * time.Second)
				bob.Returns()
				tb.passes(time.Minute)
			},
		},
		{
			name: "two reloads are none either",
			story: func(tb *table, bob *board) {
				for range 3 {
					bob.Drops()
					tb.passes(3 * time.Second)
					bob.Returns()
					tb.passes(time.Second)
				}
				tb.passes(time.Minute)
			},
		},
		{
			name: "lost, then back after 5 s",
			story: func(tb *table, bob *board) {
				bob.Drops()
				tb.passes(6 * time.Second)
				bob.Returns()
			},
			want: []string{"bob lost (1)", "bob joined (2)"},
		},
		{
			name: "a second screen is the same person",
			story: func(tb *table, bob *board) {
				second := bob.Second()
				bob.Leaves()
				tb.passes(time.Minute)
				second.Leaves()
			},
			want: []string{"bob left (1)"},
		},
		{
			name: "one screen lost, the other stays",
			story: func(tb *table, bob *board) {
				bob.Second()
				bob.Drops()
				tb.passes(time.Minute)
			},
		},
		{
			name:  "a spectator does not count",
			story: func(tb *table, _ *board) { tb.Watches("dan").Leaves() },
			want:  []string{"dan joined (2)", "dan left (2)"},
		},
		{
			name: "typing is state",
			story: func(tb *table, bob *board) {
				for _, typing := range []bool{false, true, true, false, false, true} {
					if err := bob.sit.Type(typing); err != nil {
						tb.t.Error(err)
					}
					tb.passes(apart)
				}
			},
			want: []string{"bob typing true", "bob typing false", "bob typing true"},
		},
		{
			name: "whoever is lost types no more",
			story: func(tb *table, bob *board) {
				if err := bob.sit.Type(true); err != nil {
					tb.t.Error(err)
				}
				tb.passes(apart)
				bob.Drops()
			},
			want: []string{"bob typing true", "bob typing false"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			play(t, nil, func(tb *table) {
				ann, bob := tb.As("ann"), tb.As("bob")
				ann.Forgets()
				tc.story(tb, bob)
				ann.Notices(tc.want...)
			})
		})
	}
}

func TestWhoJoinsSeesWhoTypes(t *testing.T) {
	play(t, nil, func(tb *table) {
		if err := tb.As("ann").sit.Type(true); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		tb.As("bob").Notices("ann typing true", "bob joined (2)")
	})
}

func TestPlaces(t *testing.T) {
	play(t, func(tb *table) { tb.opts.Limits = Limits{Table: 2, Spectators: 1} }, func(tb *table) {
		ann := tb.As("ann")
		if tb.hub.Full(tb.session.ID, seance.Player) {
			t.Error("full with one of two")
		}
		tb.As("bob")
		tb.Watches("dan")
		for _, role := range []seance.Role{seance.Host, seance.Player, seance.Spectator} {
			if !tb.hub.Full(tb.session.ID, role) {
				t.Errorf("not full for a %s", role)
			}
			if err := tb.board("late "+string(role), role).tries(nil); !errors.Is(err, seance.ErrFull) {
				t.Errorf("a late %s: %v, want full", role, err)
			}
		}
		ann.Second() // takes no place
		ann.Leaves()
		if !tb.hub.Full(tb.session.ID, seance.Player) {
			t.Error("ann still sits at her second screen")
		}
	})
}

func TestWhoMayNotJoin(t *testing.T) {
	play(t, nil, func(tb *table) {
		join := func(session seance.SessionID, who seance.ParticipantID) error {
			_, err := tb.hub.Join(tb.t.Context(), Ticket{Session: session, Participant: who}, &board{tb: tb})
			return err
		}
		if err := join(tb.session.ID, "nobody"); !errors.Is(err, seance.ErrNotFound) {
			t.Errorf("a stranger: %v", err)
		}
		if err := join("nowhere", "nobody"); !errors.Is(err, seance.ErrNotFound) {
			t.Errorf("an unknown session: %v", err)
		}
		kicked, err := tb.store.Enrol(tb.t.Context(), seance.Participant{
			ID: "p-eve", Session: tb.session.ID, Name: "eve", Role: seance.Player, KickedAt: time.Now(),
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := join(tb.session.ID, kicked.ID); !errors.Is(err, seance.ErrForbidden) {
			t.Errorf("somebody who was kicked: %v", err)
		}
		if got := tb.bus.subscribers(tb.session.ID); got != 0 {
			t.Errorf("%d subscriptions left behind", got)
		}
	})
}

func TestSlowSeatIsGivenUp(t *testing.T) {
	play(t, nil, func(tb *table) {
		ann, bob := tb.As("ann"), tb.As("bob")
		bob.mu.Lock()
		bob.slow = true
		bob.mu.Unlock()
		ann.Forgets()
		ann.Asks("Who?")
		tb.passes(6 * time.Second)
		ann.Notices("1 ann asks Who?", "thinking of 1", "2 spells YES", "bob lost (1)")
		bob.sit.Lost() // as its connection does when it notices
		bob.Returns()
		bob.Sees("1 ann asks Who?", "2 spells YES")
		ann.Forgets()
		tb.passes(time.Minute)
		ann.Notices()
	})
}

func TestEnd(t *testing.T) {
	play(t, nil, func(tb *table) {
		tb.medium.answer = says(3*time.Second, spelled("YES"))
		ann, bob := tb.As("ann"), tb.As("bob")
		ann.Asks("Who?")
		for range 2 { // again changes nothing
			if err := tb.hub.End(tb.t.Context(), tb.session.ID, seance.EndedByHost); err != nil {
				t.Fatal(err)
			}
		}
		for _, b := range []*board{ann, bob} {
			b.Sees("1 ann asks Who?", "2 ended by host")
			if got := b.closedWith(); got != wire.CloseEnded {
				t.Errorf("%s closed with %d, want %d", b.who.Name, got, wire.CloseEnded)
			}
			b.Drops()
		}
		if _, err := ann.Tries("Still there?"); !errors.Is(err, seance.ErrClosed) {
			t.Errorf("asking: %v, want that it has ended", err)
		}
		if err := ann.tries(nil); !errors.Is(err, seance.ErrClosed) {
			t.Errorf("joining: %v, want that it has ended", err)
		}
		if got := tb.hub.Present(tb.session.ID); got != 0 {
			t.Errorf("%d present, want nobody", got)
		}
		tb.passes(time.Minute)
		tb.keeps("question Who?", "end host")
		if got := tb.bus.subscribers(tb.session.ID); got != 0 {
			t.Errorf("%d subscriptions, want 0", got)
		}
		if err := tb.hub.End(tb.t.Context(), "nowhere", seance.EndedByHost); !errors.Is(err, seance.ErrNotFound) {
			t.Errorf("ending nothing: %v", err)
		}
	})
}

func TestEndThatTheBrokerLoses(t *testing.T) {
	play(t, nil, func(tb *table) {
		ann := tb.As("ann")
		tb.bus.set(errDisk, nil)
		if err := tb.hub.End(tb.t.Context(), tb.session.ID, seance.EndedByHost); err != nil {
			t.Fatal(err)
		}
		ann.Sees("1 ended by host")
		tb.bus.set(nil, nil)
	})
}

func TestIdleSessionsEnd(t *testing.T) {
	play(t, nil, func(tb *table) {
		ann := tb.As("ann")
		tb.passes(30 * time.Hour) // sat at all the time
		ann.Sees()
		ann.Leaves()
		tb.passes(23*time.Hour + 30*time.Minute)
		tb.keeps()
		tb.passes(time.Hour)
		tb.keeps("end idle")
		if err := ann.tries(nil); !errors.Is(err, seance.ErrClosed) {
			t.Errorf("joining: %v, want that it has ended", err)
		}
	})
}

func TestSessionsThatAreSatAtDoNotEnd(t *testing.T) {
	deaf := func(op string) error { // the journal does not hear of those who sit
		if op == "Touch" {
			return errDisk
		}
		return nil
	}
	for _, tc := range []struct {
		name  string
		story func(*table)
	}{
		{"now, though it was never noted", func(tb *table) {
			tb.As("ann")
			tb.journal.setOther(deaf)
			tb.passes(30 * time.Hour)
		}},
		{"until a crash", func(tb *table) {
			tb.As("ann")
			tb.passes(30 * time.Hour)
			tb.journal.setOther(deaf)
			tb.crashes()
			tb.journal.setOther(nil)
			tb.opens()
			tb.passes(time.Hour)
		}},
		{"for a minute", func(tb *table) {
			tb.passes(23*time.Hour + 51*time.Minute)
			ann := tb.As("ann")
			tb.passes(time.Minute)
			ann.Leaves()
			tb.passes(time.Hour)
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			play(t, nil, func(tb *table) {
				tc.story(tb)
				tb.keeps()
			})
		})
	}
}

func TestFiftyAtATable(t *testing.T) {
	play(t, nil, func(tb *table) {
		for i := range 50 {
			tb.As(fmt.Sprint("p", i))
		}
		tb.As("p7").Asks("Who?")
		for i := range 50 {
			tb.As(fmt.Sprint("p", i)).Sees("1 p7 asks Who?", "2 spells YES")
		}
	})
}

func TestARoomThatDoesNotOpenLeavesNothingBehind(t *testing.T) {
	play(t, nil, func(tb *table) {
		ann := tb.board("ann", seance.Player)
		tb.bus.set(errDisk, nil)
		if err := ann.tries(nil); !errors.Is(err, seance.ErrUnavailable) {
			t.Errorf("got %v, want unavailable", err)
		}
		tb.bus.set(nil, nil)
		tb.hub.mu.Lock()
		left := len(tb.hub.rooms)
		tb.hub.mu.Unlock()
		if left != 0 {
			t.Errorf("%d rooms left behind", left)
		}
		ann.Joins()
	})
}

func TestTheFirstToComeMayLeaveAtOnce(t *testing.T) {
	play(t, nil, func(tb *table) {
		ann := tb.board("ann", seance.Player)
		ctx, cancel := context.WithCancel(tb.t.Context())
		cancel()
		if _, err := tb.hub.Join(ctx, Ticket{Session: tb.session.ID, Participant: ann.who.ID}, ann); err == nil {
			t.Error("joined on a line that is gone")
		}
		ann.Joins()
	})
}
