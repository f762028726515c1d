package ws

import (
	"fmt"
	"io"
	"sync"
	"testing"

	"seance/internal/seance"
	"seance/relay/wire"
)

// BenchmarkBroadcast tells 50 boards on loopback an answer: encoded once for all of them, as rooms do, and once for
// each. An operation is the whole broadcast, up to the last write(2).
func BenchmarkBroadcast(b *testing.B) {
	const boards = 50
	h := open(b, Options{Limits: Limits{BacklogFrames: 1 << 20, BacklogBytes: 1 << 30}})
	var readers sync.WaitGroup
	chairs := make([]*chair, boards)
	for i := range chairs {
		c := h.raw(plainPath)
		c.says(fmt.Sprintf(`{"event":"join_session","data":{"token":"raven/p%d"}}`, i))
		chairs[i] = <-h.arrived
		readers.Go(func() { io.Copy(io.Discard, c.Net) }) // until the house closes
	}
	defer readers.Wait()
	defer h.server.Close(within(b))

	answer := seance.Event{Message: &seance.Message{
		Seq: 8, Kind: seance.KindAnswer, Refers: 7, Board: "SOON", Source: seance.SourceOracle,
		Score: &seance.Score{Seed: 417, Stops: make([]seance.Stop, 4)},
	}}
	prepare := func() *wire.Prepared {
		f, err := wire.FromEvent(answer)
		if err != nil {
			b.Fatal(err)
		}
		return f
	}
	tell := func(b *testing.B, each func() *wire.Prepared) {
		for _, c := range chairs {
			if !c.seat.Send(each()) {
				b.Fatal("a seat was given up")
			}
		}
	}
	b.Run("once", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			f := prepare()
			tell(b, func() *wire.Prepared { return f })
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*boards), "ns/board")
	})
	b.Run("per-seat", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			tell(b, prepare)
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*boards), "ns/board")
	})
}
