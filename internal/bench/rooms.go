package bench

import "context"

// rooms plays tables, with hands on the planchettes if there are to be any.
func rooms(ctx context.Context, l *load) error {
	l.meter.before()
	if err := l.open(ctx); err != nil {
		return err
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
