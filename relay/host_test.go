package relay

import (
	"errors"
	"testing"
	"time"

	"seance/internal/seance"
	"seance/relay/wire"
)

func (tb *table) kicks(name string) {
	tb.t.Helper()
	if err := tb.hub.Kick(tb.t.Context(), tb.session.ID, seance.ParticipantID("p-"+name)); err != nil {
		tb.t.Errorf("kick %s: %v", name, err)
	}
}

// amends changes the session as REST does: the store first, then the hub.
func (tb *table) amends(a seance.Amendment) {
	tb.t.Helper()
	s, err := tb.store.Amend(tb.t.Context(), tb.session.ID, a)
	if err != nil {
		tb.t.Fatal(err)
	}
	tb.hub.Update(tb.t.Context(), s)
}

func TestKick(t *testing.T) {
	for name, fault := range map[string]error{"through the broker": nil, "without a broker": errDisk} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(tb *table) {
				ann, bob := tb.As("ann"), tb.As("bob")
				second := bob.Second()
				for _, b := range []*board{ann, bob, second} {
					b.Forgets()
				}
				tb.bus.set(fault, nil)
				for range 2 { // again changes nothing
					tb.kicks("bob")
				}
				ann.Notices("bob kicked (1)")
				for _, b := range []*board{bob, second} {
					b.Notices()
					if got := b.closedWith(); got != wire.CloseKicked {
						t.Errorf("closed with %d, want %d", got, wire.CloseKicked)
					}
				}
				tb.bus.set(nil, nil)
				if _, err := bob.Tries("Let me in?"); !errors.Is(err, seance.ErrForbidden) {
					t.Errorf("asking: %v, want forbidden", err)
				}
				if err := bob.tries(nil); !errors.Is(err, seance.ErrForbidden) {
					t.Errorf("coming back: %v, want forbidden", err)
				}
				bob.sit.Lost() // as its line does when it ends
				second.sit.Leave()
				tb.passes(time.Minute)
				ann.Notices("bob kicked (1)")
				if got := tb.hub.Present(tb.session.ID); got != 1 {
					t.Errorf("%d present, want 1", got)
				}
			})
		})
	}
}

func TestKickWhoever(t *testing.T) {
	play(t, nil, func(tb *table) {
		ann, bob := tb.As("ann"), tb.As("bob")
		bob.Drops() // a reload does not save anybody
		ann.Forgets()
		tb.kicks("bob")
		tb.passes(time.Minute)
		ann.Notices("bob kicked (1)")
		if err := bob.tries(nil); !errors.Is(err, seance.ErrForbidden) {
			t.Errorf("coming back: %v, want forbidden", err)
		}
		if err := tb.hub.Kick(tb.t.Context(), tb.session.ID, "nobody"); !errors.Is(err, seance.ErrNotFound) {
			t.Errorf("kicking a stranger: %v, want not found", err)
		}
		if err := tb.hub.Kick(tb.t.Context(), "nowhere", "p-ann"); !errors.Is(err, seance.ErrNotFound) {
			t.Errorf("kicking nowhere: %v, want not found", err)
		}
		ann.Leaves()
		tb.passes(time.Minute) // the room has closed
		tb.kicks("ann")
		if err := ann.tries(nil); !errors.Is(err, seance.ErrForbidden) {
			t.Errorf("coming back to a room that had closed: %v, want forbidden", err)
		}
	})
}

// A question that was acknowledged is answered, whatever becomes of who asked it.
func TestTheQuestionOfSomebodyKickedIsAnswered(t *testing.T) {
	play(t, nil, func(tb *table) {
		tb.medium.answer = says(3*time.Second, spelled("YES"))
		ann, bob := tb.As("ann"), tb.As("bob")
		bob.Asks("Who?")
		tb.kicks("bob")
		ann.Reads("YES")
	})
}

// A seat that is being taken while its person is kicked.
func TestKickedWhileJoining(t *testing.T) {
	play(t, nil, func(tb *table) {
		tb.As("ann")
		bob := tb.board("bob", seance.Player)
		tb.journal.setOther(func(op string) error {
			if op == "LastSeq" { // the register was read before
				time.Sleep(time.Second)
			}
			return nil
		})
		joined := make(chan error, 1)
		go func() {
			_, err := tb.hub.Join(tb.t.Context(), Ticket{Session: tb.session.ID, Participant: bob.who.ID}, bob)
			joined <- err
		}()
		tb.passes(500 * time.Millisecond)
		tb.kicks("bob")
		if err := <-joined; !errors.Is(err, seance.ErrForbidden) {
			t.Errorf("joined with %v, want forbidden", err)
		}
	})
}

func TestKickOnEveryNode(t *testing.T) {
	play(t, nil, func(tb *table) {
		ann, bob := tb.As("ann"), tb.As("bob")
		twin := tb.twin()
		elsewhere := &board{tb: tb, who: bob.who}
		twin.joins(elsewhere)
		tb.kicks("bob")
		ann.Forgets()
		for _, b := range []*board{bob, elsewhere} {
			if got := b.closedWith(); got != wire.CloseKicked {
				t.Errorf("closed with %d, want %d", got, wire.CloseKicked)
			}
		}
		twin.closes()
	})
}

func TestUpdate(t *testing.T) {
	adult := seance.Settings{Tone: seance.Adult, Spelling: seance.Full, WhoseHand: false}
	yes := true
	hash := "$argon2id$secret"
	for name, fault := range map[string]error{"through the broker": nil, "without a broker": errDisk} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(tb *table) {
				ann, dan := tb.As("ann"), tb.Watches("dan")
				ann.Forgets()
				dan.Forgets()
				tb.bus.set(fault, nil)
				tb.amends(seance.Amendment{Settings: &adult, Locked: &yes, Passphrase: &hash})
				ann.Notices("now adult, full, locked true (1)")
				dan.Notices("now adult, full, locked true (1)")
				tb.bus.set(nil, nil)
				ann.Asks("Who?")
				tb.passes(10 * time.Second)
				if got := tb.medium.asked[0].Session; got.Settings != adult || got.Passphrase != "" {
					t.Errorf("the spirit is asked in %+v", got)
				}
				if w := tb.As("bob").welcome; !w.Session.Locked || w.Session.Settings != adult {
					t.Errorf("who comes later is welcomed to %+v", w.Session)
				}
			})
		})
	}
}

func TestSpellingHoldsFromTheNextAnswer(t *testing.T) {
	const long = "THE SILVER SPOON LIES UNDER THE THIRD STEP OF IT"
	full := seance.Settings{Tone: seance.Family, Spelling: seance.Full}
	play(t, nil, func(tb *table) {
		tb.medium.answer = says(0, spelled(long))
		ann := tb.As("ann")
		ann.Asks("Where?")
		tb.passes(time.Minute)
		tb.amends(seance.Amendment{Settings: &full})
		ann.Asks("Where?")
		tb.passes(time.Minute)
		answers := ann.of(wire.EventSpiritResponse)
		short, long := answers[0].Score.EndsAt-answers[0].Score.StartsAt, answers[1].Score.EndsAt-answers[1].Score.StartsAt
		if long <= short {
			t.Errorf("in full spelling it takes %d ms, in short %d", long, short)
		}
	})
}

// What the host decided while a node did not hear the broker.
func TestDecisionsThatABrokerLost(t *testing.T) {
	adult := seance.Settings{Tone: seance.Adult, Spelling: seance.Short, WhoseHand: true}
	play(t, nil, func(tb *table) {
		ann, bob := tb.As("ann"), tb.As("bob")
		ann.Forgets()
		tb.bus.set(nil, func(seance.Event) bool { return true })
		tb.amends(seance.Amendment{Settings: &adult})
		tb.kicks("bob")
		ann.Notices()
		tb.bus.hangsUp() // the connection to it breaks, and comes back
		tb.bus.set(nil, nil)
		tb.passes(6 * time.Second)
		ann.Notices("bob kicked (1)", "now adult, short, locked false (1)")
		if got := bob.closedWith(); got != wire.CloseKicked {
			t.Errorf("closed with %d, want %d", got, wire.CloseKicked)
		}
		tb.passes(time.Minute)
		ann.Notices("bob kicked (1)", "now adult, short, locked false (1)")
	})
}
