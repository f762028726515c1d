package ws

import (
	"sync/atomic"

	"seance/relay"
	"seance/relay/wire"
)

// A seat is a line's place in one room. A line that joins again gets a new one, and the old one says nothing more.
type seat struct {
	line  *line
	id    string // of the call that asked to join
	muted atomic.Bool
}

var _ relay.Seat = (*seat)(nil)

// Welcome answers the join and sends what was missed, in one go and outside the bound.
func (s *seat) Welcome(w wire.Welcome, missed []*wire.Prepared) {
	frames := make([][]byte, 0, len(missed)+1)
	if s.id != "" {
		ack, err := wire.Ack(s.line.codec, s.id, w)
		if err != nil {
			s.line.log.Error("welcome not encoded", "err", err)
			s.line.out.close(closeBroken, "")
			return
		}
		frames = append(frames, ack)
	}
	for _, p := range missed {
		frames = append(frames, p.Frame(s.line.codec))
	}
	if len(frames) > 0 {
		s.line.out.sendAll(frames)
	}
}

// Send writes frames as far as that goes at once, in one go, and queues the rest.
func (s *seat) Send(frames ...*wire.Prepared) bool {
	switch {
	case s.muted.Load():
		return false
	case len(frames) == 1:
		return s.line.out.send(frames[0].Frame(s.line.codec))
	}
	all := make([][]byte, len(frames))
	for i, f := range frames {
		all[i] = f.Frame(s.line.codec)
	}
	return s.line.out.send(all...)
}

// Close gives the line up, behind what was sent.
func (s *seat) Close(code wire.CloseCode) {
	if !s.muted.Load() {
		s.line.out.close(code, reasons[code])
	}
}

func (s *seat) mute() { s.muted.Store(true) }

// reasons go out with close codes, for whoever reads a network log.
var reasons = map[wire.CloseCode]string{
	wire.CloseGoingAway: "the server is going away",
	wire.CloseTooSlow:   "too slow: come back",
	wire.CloseReplaced:  "the node was replaced",
	wire.CloseKicked:    "kicked",
	wire.CloseEnded:     "the session has ended",
}
