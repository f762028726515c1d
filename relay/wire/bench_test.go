package wire

import (
	"testing"

	"seance/internal/seance"
)

// BenchmarkBroadcast encodes one answer for 50 seats: once for all of them, as rooms do, and once for each.
func BenchmarkBroadcast(b *testing.B) {
	const seats = 50
	ev := seance.Event{Message: answer()}
	frame := func() *Prepared {
		p, err := FromEvent(ev)
		if err != nil {
			b.Fatal(err)
		}
		return p
	}
	b.Run("once", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			p := frame()
			for range seats {
				p.Frame(SocketIO)
			}
		}
	})
	b.Run("per-seat", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for range seats {
				frame().Frame(SocketIO)
			}
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	plain := []byte(`{"event":"send_message","id":"7","data":{"message_id":"7b1c9f0e-5a51-4d0c-9a55-2f6d3f1f9a10","text":"When will it snow?"}}`)
	packet := []byte(`427["send_message",{"message_id":"7b1c9f0e-5a51-4d0c-9a55-2f6d3f1f9a10","text":"When will it snow?"}]`)
	b.Run("plain", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := DecodePlain(plain); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("socketio", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			p, err := DecodeSocketIO(packet)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := p.Call(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
