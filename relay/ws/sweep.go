package ws

import (
	"context"
	"time"

	"seance/relay/wire"
)

// clock is a time in ns that only ever goes forward, whatever is done to the machine's.
func (s *Server) clock() int64 { return int64(time.Since(s.born)) }

// sweep looks after every line's deadlines until ctx is done: one ticker for all instead of timers for each.
func (s *Server) sweep(ctx context.Context) {
	l := &s.opts.Limits
	tick := time.NewTicker(min(max(min(l.Ping, l.Pong, l.Join)/20, 5*time.Millisecond), time.Second))
	defer tick.Stop()
	var lines []*line
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			lines = s.snapshot(lines[:0])
			now := s.clock()
			for _, l := range lines {
				l.tend(now)
			}
			clear(lines)
		}
	}
}

func (s *Server) snapshot(lines []*line) []*line {
	s.mu.Lock()
	defer s.mu.Unlock()
	for l := range s.lines {
		lines = append(lines, l)
	}
	return lines
}

// tend closes a line that did not join in time or does not answer, and pings it when that is due.
func (l *line) tend(now int64) {
	limits := &l.srv.opts.Limits
	joinBy, asked := l.joinBy.Load(), l.awaiting.Load()
	switch {
	case joinBy != 0 && now > joinBy:
		l.out.close(wire.CloseNoJoin, "no join_session in time")
	case asked != 0 && now-asked > int64(limits.Pong):
		l.out.close(wire.CloseTooSlow, "no answer to a ping: come back")
	case now-l.pinged.Load() >= int64(limits.Ping):
		l.ping(now)
	}
}
