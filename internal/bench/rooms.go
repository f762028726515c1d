package bench

import (
	"context"
	"fmt"
	"time"

	"seance/relay/wire"
)

// rooms plays tables, with hands on the planchettes if there are to be any and the server knows them.
func rooms(ctx context.Context, l *load) error {
	l.meter.before()
	if err := l.open(ctx); err != nil {
		return err
	}
	if l.o.Hands > 0 {
		if said, ok := l.tables[0].players[0].canPull(ctx); !ok {
			l.o.Hands = 0
			l.notes = append(l.notes, "hands: unavailable, the server does not move them ("+said+"); measured without")
		}
	}
	l.playFor(ctx, l.o.Warm, l.o.Duration)
	l.meter.seated(l.lines)

	l.found = []Latency{
		promise("rest", "REST", &l.restTimes, 100),
		promise("ack", "acknowledgement (with commit)", &l.ack, 50),
		promise("fan_out", "fan-out of kept events", &l.fanOut, 50),
		promise("typing", "fan-out of typing", &l.typing, 50),
		promise("stir", "first stir", &l.stir, 250),
		promise("announce", "announcement", &l.announce, 3000),
	}
	if l.o.Hands > 0 {
		l.found = append(l.found,
			promise("hands", "fan-out of hands", &l.hands, 50),
			promise("touch", "a hand's move on another board", &l.touch, 0),
		)
	}
	return nil
}

// canPull finds out whether the server knows hands, by laying one on. If it does not, it says why.
func (p *player) canPull(ctx context.Context) (why string, ok bool) {
	if err := p.client.Send(wire.CallHand, map[string]any{"x": 500, "y": 360}); err != nil {
		return err.Error(), false
	}
	ctx, stop := context.WithTimeout(ctx, 2*time.Second)
	defer stop()
	for wait(ctx, time.Now().Add(10*time.Millisecond)) {
		t := p.table
		t.mu.Lock()
		refused, moved := t.refused, t.handsSeen
		t.refused = ""
		t.mu.Unlock()
		switch {
		case refused != "":
			return refused, false
		case moved:
			return "", true
		}
	}
	return fmt.Sprintf("no %s event in 2 s", wire.EventHands), false
}
