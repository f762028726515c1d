package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"time"

	"seance/internal/wireclient"
	"seance/relay/wire"
)

// patience is how long a line may go on after everything that was wrong with it has been sent.
const patience = 8 * time.Second

// breaks sends its share of broken frames, a few a line, half of them from a seat and half from a stranger.
func (g *guests) breaks(ctx context.Context, i int, p *player, _ func()) {
	r := rand.New(rand.NewPCG(g.seed, uint64(i))) // the same seed breaks them alike
	left := g.load.o.Frames / breakers
	for due := time.Now(); left > 0 && wait(ctx, due); due = due.Add(breakEvery) {
		n := min(left, breakBatch)
		left -= n
		codec := r.IntN(2)
		end, err := g.breakLine(ctx, codec, r.IntN(2) == 0, p, r, n)
		switch {
		case err != nil:
			g.load.fail(ctx, "who sends broken frames", err)
			return
		case end == fmt.Sprint(wireInternal):
			g.load.fail(ctx, "broken frames", fmt.Errorf("a line was closed with %s: something broke", end))
		case end == "":
			g.load.fail(ctx, "broken frames", fmt.Errorf("a line goes on %s after its end", patience))
		}
		g.tally.more("broken frames", n)
		g.tally.add("lines that sent them, ended with " + end)
	}
}

// wireInternal is RFC 6455's code for a fault of the server's.
const wireInternal = 1011

// breakLine opens a line, sends n broken frames and the end of everything, and says how the server ended it.
func (g *guests) breakLine(ctx context.Context, codec int, seated bool, p *player, r *rand.Rand, n int) (string, error) {
	var conn *wireclient.Conn
	var err error
	if seated {
		conn, err = g.sits(ctx, new(net.Dialer), paths[codec], p)
	} else {
		conn, err = wireclient.Open(ctx, g.load.o.Address+paths[codec], nil, nil)
	}
	if err != nil {
		return "", err
	}
	defer conn.Close()
	var all []byte
	for range n {
		all = append(all, broken(r, codec)...)
	}
	_ = conn.Net.SetDeadline(time.Now().Add(patience))
	if conn.WriteRaw(all) == nil && conn.WriteClose(1000) == nil {
		if tcp, ok := conn.Net.(*net.TCPConn); ok {
			_ = tcp.CloseWrite() // whoever waits for the rest of a frame learns that none comes
		}
	}
	for {
		f, err := conn.ReadFrame()
		var late net.Error
		switch {
		case err == nil && f.Op == wireclient.OpClose:
			return fmt.Sprint(f.CloseCode()), nil
		case err == nil:
		case errors.As(err, &late) && late.Timeout():
			return "", nil
		default:
			return "no close frame", nil
		}
	}
}

// broken makes the bytes of one frame that is more or less what a client might send.
func broken(r *rand.Rand, codec int) []byte {
	text := []byte(calls[r.IntN(len(calls))](codec))
	switch r.IntN(4) {
	case 0: // the text is damaged
		return wireclient.Masked(wireclient.OpText, true, damage(r, text))
	case 1: // any frame of any kind with any end
		return wireclient.Masked(byte(r.IntN(16)), r.IntN(4) > 0, damage(r, text))
	case 2: // the frame itself is damaged
		return damage(r, wireclient.Masked(wireclient.OpText, true, text))
	default: // noise
		noise := make([]byte, r.IntN(200))
		for i := range noise {
			noise[i] = byte(r.Uint32())
		}
		return wireclient.Masked(byte(1+r.IntN(2)), true, noise)
	}
}

// calls are what damage is done to.
var calls = []func(codec int) string{
	func(c int) string {
		return call(c, wire.CallSend, `{"message_id":"7b1c9f0e","text":"Is anyone there?"}`)
	},
	func(c int) string { return call(c, wire.CallJoin, `{"token":"eyJhbGciOiJIUzI1NiJ9.e30.x","since":3}`) },
	func(c int) string { return call(c, wire.CallClock, `{"t0":1795377600000.25}`) },
	func(c int) string { return call(c, wire.CallHand, `{"x":417,"y":93}`) },
	func(c int) string { return call(c, wire.CallType, `{"typing":true}`) },
	func(c int) string { return call(c, wire.CallRate, `{"seq":2,"value":5}`) },
	func(c int) string { return call(c, wire.CallLeave, `{}`) },
	func(int) string { return `452-1["send_message",{"_placeholder":true,"num":0}]` },
	func(int) string { return `40/custom,{"token":"x"}` },
}

// nasty are bytes that readers stumble over.
var nasty = []string{"\x00", "\xff", "\xed\xa0\x80", "\u202e", "{{{{", "[[[[", `\u0000`, "1e999", "-1", "null", `"`, "\n", "9999999999999999999"}

// damage changes a few bytes: flipped, cut off, doubled, taken out or put in.
func damage(r *rand.Rand, b []byte) []byte {
	for range 1 + r.IntN(3) {
		if len(b) == 0 {
			return b
		}
		at := r.IntN(len(b))
		switch r.IntN(5) {
		case 0:
			b[at] ^= 1 << r.IntN(8)
		case 1:
			b = b[:at]
		case 2:
			b = append(b, b[at:]...)
		case 3:
			b = append(b[:at:at], b[at+1:]...)
		default:
			word := nasty[r.IntN(len(nasty))]
			b = append(b[:at:at], append([]byte(word), b[at:]...)...)
		}
	}
	return b
}
