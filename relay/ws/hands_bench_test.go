//go:build unix

package ws

import (
	"context"
	"fmt"
	"io"
	"sync"
	"syscall"
	"testing"
	"time"

	"seance/internal/broker"
	"seance/internal/seance"
	"seance/internal/store/inmem"
	"seance/relay"
	"seance/relay/wire"
)

// BenchmarkHands is 50 tables of 8 people who all move their hands 15 times a second, on loopback: each move told to
// each board by itself, as events are relayed without a room that gathers them, and as rooms do it. An operation is one
// beat of all tables (67 ms); cpu-us/beat is what the process spent on it, the boards' reading included.
func BenchmarkHands(b *testing.B) {
	const tables, people = 50, 8
	h := open(b, Options{Limits: Limits{BacklogFrames: 1 << 20, BacklogBytes: 1 << 30}})
	var readers sync.WaitGroup
	var seats [tables][people]relay.Seat
	for t := range seats {
		for p := range seats[t] {
			c := h.raw(plainPath)
			c.says(fmt.Sprintf(`{"event":"join_session","data":{"token":"t%d/p%d"}}`, t, p))
			seats[t][p] = (<-h.arrived).seat
			readers.Go(func() { io.Copy(io.Discard, c.Net) }) // until the house closes
		}
	}
	defer readers.Wait()
	defer h.server.Close(within(b))

	beats := func(b *testing.B, moves func(person, x int)) {
		tick := time.NewTicker(time.Second / 15 / people) // nobody moves at the same time as somebody else
		defer tick.Stop()
		began, x := cpu(b), 0
		for b.Loop() {
			x++
			for p := range people {
				<-tick.C
				moves(p, x%1000)
			}
		}
		b.ReportMetric(float64((cpu(b)-began).Microseconds())/float64(b.N), "cpu-us/beat")
	}
	b.Run("each-by-itself", func(b *testing.B) {
		beats(b, func(p, x int) {
			for t := range seats {
				f, err := wire.FromEvent(seance.Event{At: time.Now(), Hands: &seance.Hands{
					Touching: []seance.Hand{{Candle: p + 1, Place: seance.Point{X: float64(x), Y: 300}}},
				}})
				if err != nil {
					b.Fatal(err)
				}
				for _, s := range seats[t] {
					s.Send(f)
				}
			}
		})
	})
	b.Run("rooms", func(b *testing.B) {
		ctx, cancel := context.WithCancel(context.Background())
		store := inmem.New()
		hub := relay.NewHub(relay.Options{
			Journal: store, Register: store, Ratings: store, Watch: store, Broker: broker.NewMemory(), Medium: silent{},
		})
		ran := make(chan error, 1)
		go func() { ran <- hub.Run(ctx) }()
		var sittings [tables][people]*relay.Sitting
		for t := range seats {
			id := seance.SessionID(fmt.Sprint("t", t))
			session := seance.Session{ID: id, Code: fmt.Sprint("RAVEN-", t), Settings: seance.DefaultSettings(), StartedAt: time.Now()}
			if err := store.OpenSession(ctx, session); err != nil {
				b.Fatal(err)
			}
			for p, seat := range seats[t] {
				who := seance.Participant{ID: seance.ParticipantID(fmt.Sprint("p", t, "-", p)), Session: id, Name: "p", Role: seance.Player}
				if _, err := store.Enrol(ctx, who); err != nil {
					b.Fatal(err)
				}
				s, err := hub.Join(ctx, relay.Ticket{Session: id, Participant: who.ID}, welcomed{seat})
				if err != nil {
					b.Fatal(err)
				}
				sittings[t][p] = s
			}
		}
		beats(b, func(p, x int) {
			for t := range sittings {
				if err := sittings[t][p].Move(float64(x), 300); err != nil {
					b.Fatal(err)
				}
			}
		})
		for t := range sittings { // the seats outlive the hub
			for _, s := range sittings[t] {
				s.Leave()
			}
		}
		cancel()
		if err := <-ran; err != nil {
			b.Error(err)
		}
	})
}

func cpu(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// A welcomed seat has been sent its welcome already.
type welcomed struct{ relay.Seat }

func (welcomed) Welcome(wire.Welcome, []*wire.Prepared) {}

// silent is a spirit that nobody asks.
type silent struct{}

func (silent) Admit(context.Context, seance.Question) (seance.Admission, error) {
	return seance.Admission{}, seance.ErrRefused
}

func (silent) Answer(context.Context, seance.Question, func(seance.Part) error) error { return nil }
