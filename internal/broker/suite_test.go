package broker

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seance/internal/seance"
)

// carrier is what every broker of this package is: relay.Broker, which lies on a higher floor.
type carrier interface {
	Publish(ctx context.Context, ev seance.Event) error
	Subscribe(ctx context.Context, id seance.SessionID) (<-chan seance.Event, error)
}

// exercise is the contract. pair returns two nodes' brokers that share their sessions; they may be one and the same.
func exercise(t *testing.T, pair func(t *testing.T) (here, there carrier)) {
	t.Helper()
	cases := []struct {
		name string
		test func(t *testing.T, here, there carrier)
	}{
		{"everyone who listens hears, on every node", testEveryone},
		{"every kind of event arrives as it was", testKinds},
		{"other sessions stay apart", testApart},
		{"order holds among many publishers", testOrder},
		{"a slow reader loses events and holds nobody up", testSlow},
		{"the end of the context ends the subscription", testEnd},
		{"nothing comes from before", testNoHistory},
		{"a cancelled call does nothing", testCancelled},
		{"coming and going while others talk", testChurn},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			here, there := pair(t)
			c.test(t, here, there)
		})
	}
}

func testEveryone(t *testing.T, here, there carrier) {
	var lines []<-chan seance.Event
	for _, b := range []carrier{here, here, there} {
		lines = append(lines, listen(t.Context(), t, b, "s"))
	}
	publish(t, here, said("s", 1))
	publish(t, there, said("s", 2))
	for i, line := range lines {
		got := map[uint64]bool{hear(t, line).Seq(): true, hear(t, line).Seq(): true} // two nodes have no order
		if !got[1] || !got[2] {
			t.Errorf("listener %d heard %v, want 1 and 2", i, got)
		}
	}
}

func testKinds(t *testing.T, here, there carrier) {
	line := listen(t.Context(), t, there, "s")
	at := time.Date(2026, 11, 22, 20, 0, 0, 123456000, time.UTC)
	ann := seance.Participant{ID: "p", Session: "s", Name: "Zoë 👻", Role: seance.Player, Candle: 2, JoinedAt: at}
	for _, ev := range []seance.Event{
		{Message: &seance.Message{ID: "m", Session: "s", Seq: 7, Kind: seance.KindQuestion, At: at, Text: "Wär’s?"}, Asker: &ann},
		{Message: &seance.Message{
			ID: "a", Session: "s", Seq: 8, Kind: seance.KindAnswer, At: at, Refers: 7, Board: "YES",
			Score: &seance.Score{Seed: 1<<32 - 1, StartsAt: 1, EndsAt: 2, Stops: []seance.Stop{{Glyph: "YES", At: 3, Hold: 4}}},
		}},
		{Joined: &seance.Joined{Participant: ann, Count: 2}},
		{Left: &seance.Left{Participant: "p", Reason: seance.LeftLost, Count: 1}},
		{Typing: &seance.Typing{Participant: "p", Typing: true}, To: "q"},
		{Thinking: &seance.Thinking{QuestionSeq: 7, Spirit: "edgar"}},
		{Updated: &seance.Session{ID: "s", Code: "RAVEN-417", Settings: seance.DefaultSettings(), StartedAt: at}},
	} {
		ev.Session, ev.At = "s", at
		publish(t, here, ev)
		if diff := cmp.Diff(ev, hear(t, line)); diff != "" {
			t.Errorf("event (-published +heard):\n%s", diff)
		}
	}
}

func testApart(t *testing.T, here, there carrier) {
	a, b := listen(t.Context(), t, there, "a"), listen(t.Context(), t, there, "b")
	publish(t, here, said("b", 1))
	publish(t, here, said("nobody", 1))
	publish(t, here, said("a", 2))
	if got := hear(t, a); got.Session != "a" || got.Seq() != 2 {
		t.Errorf("a heard %d of %s first", got.Seq(), got.Session)
	}
	if got := hear(t, b); got.Session != "b" || got.Seq() != 1 {
		t.Errorf("b heard %d of %s first", got.Seq(), got.Session)
	}
}

// testOrder has several publish at once, each in an order of its own, which every listener must hear.
func testOrder(t *testing.T, here, there carrier) {
	const publishers, each = 4, backlog / 8
	lines := []<-chan seance.Event{
		listen(t.Context(), t, here, "s"), listen(t.Context(), t, here, "s"), listen(t.Context(), t, there, "s"),
	}
	var wg sync.WaitGroup
	for p := range publishers {
		wg.Go(func() {
			for n := range each {
				ev := said("s", uint64(n+1))
				ev.To = seance.ParticipantID(fmt.Sprint(p))
				if err := here.Publish(t.Context(), ev); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	var first []string
	for i, line := range lines {
		last := make(map[seance.ParticipantID]uint64)
		var heard []string
		for range publishers * each {
			ev := hear(t, line)
			if ev.Seq() != last[ev.To]+1 {
				t.Fatalf("listener %d heard %d of publisher %s behind %d", i, ev.Seq(), ev.To, last[ev.To])
			}
			last[ev.To] = ev.Seq()
			heard = append(heard, fmt.Sprint(ev.To, ":", ev.Seq()))
		}
		if i == 0 {
			first = heard
		}
		if diff := cmp.Diff(first, heard); diff != "" {
			t.Errorf("listener %d heard another order (-first +this):\n%s", i, diff)
		}
	}
}

// testSlow has a reader that does not read beside one that does.
func testSlow(t *testing.T, here, there carrier) {
	const many = 4 * backlog
	slow, quick := listen(t.Context(), t, there, "s"), listen(t.Context(), t, there, "s")
	for n := range uint64(many) {
		publish(t, here, said("s", n+1))
		if got := hear(t, quick).Seq(); got != n+1 {
			t.Fatalf("the quick reader heard %d, want %d", got, n+1)
		}
	}
	heard, last := 0, uint64(0)
	for {
		select {
		case ev := <-slow:
			if ev.Seq() <= last {
				t.Fatalf("the slow reader heard %d behind %d", ev.Seq(), last)
			}
			heard, last = heard+1, ev.Seq()
			continue
		default:
		}
		break
	}
	if heard == 0 || heard >= many {
		t.Errorf("the slow reader heard %d of %d, want some", heard, many)
	}
	publish(t, here, said("s", many+1))
	if got := hear(t, slow).Seq(); got != many+1 {
		t.Errorf("having caught up it heard %d, want %d", got, many+1)
	}
}

func testEnd(t *testing.T, here, there carrier) {
	ctx, leave := context.WithCancel(t.Context())
	leaving, staying := listen(ctx, t, there, "s"), listen(t.Context(), t, there, "s")
	publish(t, here, said("s", 1))
	if got := hear(t, leaving).Seq(); got != 1 {
		t.Errorf("heard %d, want 1", got)
	}
	hear(t, staying)
	leave()
	select {
	case ev, open := <-leaving:
		if open {
			t.Errorf("heard %+v after leaving", ev)
		}
	case <-time.After(patience):
		t.Error("the channel stays open after leaving")
	}
	publish(t, here, said("s", 2))
	if got := hear(t, staying).Seq(); got != 2 {
		t.Errorf("the one who stayed heard %d, want 2", got)
	}
}

func testNoHistory(t *testing.T, here, _ carrier) {
	publish(t, here, said("s", 1))
	line := listen(t.Context(), t, here, "s")
	publish(t, here, said("s", 2))
	if got := hear(t, line).Seq(); got != 2 {
		t.Errorf("heard %d first, want 2", got)
	}
}

func testCancelled(t *testing.T, here, _ carrier) {
	line := listen(t.Context(), t, here, "s")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := here.Publish(ctx, said("s", 1)); err == nil {
		t.Error("published with a context that is done")
	}
	if _, err := here.Subscribe(ctx, "s"); err == nil {
		t.Error("subscribed with a context that is done")
	}
	publish(t, here, said("s", 2))
	if got := hear(t, line).Seq(); got != 2 {
		t.Errorf("heard %d first, want 2", got)
	}
}

// testChurn has listeners come and go while events are published: each hears things in order and then the end.
func testChurn(t *testing.T, here, there carrier) {
	done := make(chan struct{})
	var talking, listening sync.WaitGroup
	talking.Go(func() {
		for n := uint64(1); ; n++ {
			select {
			case <-done:
				return
			default:
			}
			if err := here.Publish(t.Context(), said("s", n)); err != nil {
				t.Error(err)
				return
			}
		}
	})
	for i := range 16 {
		listening.Go(func() {
			for range 10 {
				ctx, leave := context.WithCancel(t.Context())
				line, err := []carrier{here, there}[i%2].Subscribe(ctx, "s")
				if err != nil {
					t.Error(err)
					leave()
					return
				}
				last := hear(t, line).Seq()
				leave()
				for ev := range line {
					if ev.Seq() <= last {
						t.Errorf("heard %d behind %d", ev.Seq(), last)
					}
					last = ev.Seq()
				}
			}
		})
	}
	listening.Wait()
	close(done)
	talking.Wait()
}

// patience is how long a test waits for what must come.
const patience = 10 * time.Second

func said(id seance.SessionID, seq uint64) seance.Event {
	return seance.Event{Session: id, Message: &seance.Message{Session: id, Seq: seq}}
}

func listen(ctx context.Context, t *testing.T, b carrier, id seance.SessionID) <-chan seance.Event {
	t.Helper()
	line, err := b.Subscribe(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	return line
}

func publish(t *testing.T, b carrier, ev seance.Event) {
	t.Helper()
	if err := b.Publish(t.Context(), ev); err != nil {
		t.Fatal(err)
	}
}

func hear(t *testing.T, line <-chan seance.Event) seance.Event {
	t.Helper()
	select {
	case ev, open := <-line:
		if !open {
			t.Error("the channel is closed")
		}
		return ev
	case <-time.After(patience):
		t.Error("nothing came")
		return seance.Event{}
	}
}
