package relay

import (
	"context"
	"fmt"
	"testing"
	"time"

	"seance/internal/seance"
	"seance/relay/wire"
)

// A sink is a seat that frames what it gets, as a connection would, and writes it nowhere.
type sink struct {
	bytes int
	heard chan string // the events, if somebody wants to know
}

func (s *sink) Welcome(wire.Welcome, []*wire.Prepared) {}
func (s *sink) Close(wire.CloseCode)                   {}

func (s *sink) Send(frames ...*wire.Prepared) bool {
	for _, f := range frames {
		s.bytes += len(f.Frame(wire.Plain))
		if s.heard != nil {
			s.heard <- f.Event
		}
	}
	return true
}

func benchTable(b *testing.B) (*table, context.Context) {
	tb := newTable(b)
	tb.opts.Limits.Off = true
	tb.opts.Tempo = 1e-9
	tb.opts.Broker = tb.bus.Memory
	tb.opts.Journal = tb.store
	tb.hub = NewHub(tb.opts)
	ctx, cancel := context.WithCancel(context.Background())
	closed := make(chan error, 1)
	go func() { closed <- tb.hub.Run(ctx) }()
	b.Cleanup(func() {
		cancel()
		if err := <-closed; err != nil {
			b.Error(err)
		}
	})
	return tb, ctx
}

func (tb *table) sits(ctx context.Context, b *testing.B, name string, seat Seat) *Sitting {
	id := seance.ParticipantID(name)
	if _, err := tb.store.Enrol(ctx, seance.Participant{ID: id, Session: tb.session.ID, Name: name, Role: seance.Player}); err != nil {
		b.Fatal(err)
	}
	s, err := tb.hub.Join(ctx, Ticket{Session: tb.session.ID, Participant: id}, seat)
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// One event from the broker to every seat of a room, encoded and framed: what the room costs, without the sockets.
func BenchmarkFanOut(b *testing.B) {
	for _, seats := range []int{8, 50} {
		b.Run(fmt.Sprintf("seats=%d", seats), func(b *testing.B) {
			tb, ctx := benchTable(b)
			for i := range seats {
				tb.sits(ctx, b, fmt.Sprint("p", i), &sink{})
			}
			room := tb.hub.open(tb.session.ID)
			ev := seance.Event{Session: tb.session.ID, At: now(), Typing: &seance.Typing{Participant: "p0", Typing: true}}
			b.ReportAllocs()
			for b.Loop() {
				room.hear(ev)
				room.ring() // do not wait for more
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*seats), "ns/delivery")
		})
	}
}

// From the call to the moment another board has the question, and the answer of a spirit that needs no time: journal in
// memory, broker, room, eight seats. The room is quiet before, so the question leaves at once and the answer with the
// next pass.
func BenchmarkAskToAnnounce(b *testing.B) {
	tb, ctx := benchTable(b)
	ann := tb.sits(ctx, b, "ann", &sink{})
	for i := range 6 {
		tb.sits(ctx, b, fmt.Sprint("p", i), &sink{})
	}
	heard := make(chan string, 64)
	tb.sits(ctx, b, "bob", &sink{heard: heard})
	wait := func(want string) {
		for event := range heard {
			if event == want {
				return
			}
		}
	}
	var asked, answered time.Duration
	i := 0
	for b.Loop() {
		i++
		b.StopTimer()
		time.Sleep(2 * apart)
		b.StartTimer()
		began := time.Now()
		if _, err := ann.Ask(ctx, fmt.Sprint("k", i), "Who?"); err != nil {
			b.Fatal(err)
		}
		wait(wire.EventQuestionAsked)
		asked += time.Since(began)
		wait(wire.EventSpiritResponse)
		answered += time.Since(began)
	}
	b.ReportMetric(float64(asked.Nanoseconds())/float64(b.N), "ns/asked")
	b.ReportMetric(float64(answered.Nanoseconds())/float64(b.N), "ns/answered")
}
