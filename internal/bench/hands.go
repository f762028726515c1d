package bench

import (
	"context"
	"encoding/json"
	"math"
	"time"

	"seance/internal/wireclient"
	"seance/relay/wire"
)

// handEvery is between two moves of a hand: docs/protocol.md has 15 a second.
const handEvery = time.Second / 15

// keptPulls is how many moves a table remembers: those of a few beats of everybody's hands.
const keptPulls = 512

// A pull is where a hand was moved to. No hand comes to the same place again soon, so that a move can be known by it.
type pull struct{ candle, x, y int }

// pull moves p's hand round the board.
func (p *player) pull(ctx context.Context, start time.Time) {
	t := p.table
	for n, due := 0, start; wait(ctx, due); n, due = n+1, due.Add(handEvery) {
		angle, radius := 0.35*float64(n)+float64(p.candle), float64(120+n%97)
		at := pull{p.candle, int(500 + 1.5*radius*math.Cos(angle)), int(310 + radius*math.Sin(angle))}
		t.mu.Lock()
		if len(t.pulls) > keptPulls {
			clear(t.pulls)
		}
		t.pulls[at] = due
		t.mu.Unlock()
		if err := p.client.Move(at.x, at.y); err != nil {
			t.load.fail(ctx, wire.CallHand, err)
			return
		}
	}
}

// feel measures a frame of hands: how old it is and, for who looks, how old the moves of others in it are.
func (p *player) feel(ev wireclient.Event) {
	t := p.table
	var hands wire.Hands
	if err := json.Unmarshal(ev.Data, &hands); err != nil {
		t.load.failures.add(ev.Name + ": " + err.Error())
		return
	}
	if said := time.UnixMilli(hands.T); t.load.measured(said) {
		t.load.hands.add(ev.At.Sub(said))
	}
	if !p.looks {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, h := range hands.H {
		at := pull{h[0], h[1], h[2]}
		if due, ok := t.pulls[at]; ok {
			delete(t.pulls, at) // it is new only once
			if at.candle != p.candle && t.load.measured(due) {
				t.load.touch.add(ev.At.Sub(due))
			}
		}
	}
}
