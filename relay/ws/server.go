// Package ws is where boards come in: it upgrades connections at /ws (plain JSON) and /socket.io/ (Socket.IO over the
// WebSocket transport), reads their calls, and gives the relay a Seat for each that joined.
//
// What it promises: one goroutine a connection, which only reads. Sending never blocks the one who sends: what the
// kernel does not take at once waits in a bounded backlog that a borrowed goroutine drains, and who lets it grow over
// the bound is closed with 4002. Every call with an id is answered once, in order; bad input is answered with an error
// that names the field. Nothing of a connection is touched after its handler has returned.
package ws

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"seance/internal/token"
	"seance/relay"
	"seance/relay/wire"
)

// Tokens check the tokens by which people keep their places.
type Tokens interface {
	Verify(signed string) (token.Claims, error)
}

// Options are what a Server is made of. Hub and Tokens are needed; the zero value of the rest works.
type Options struct {
	Hub    *relay.Hub
	Tokens Tokens

	// Origins are let in beside the server's own (the one that the Host header names), each as a browser writes it:
	// scheme, host and port. Without any Origin, as native clients come, everybody is let in.
	Origins []string
	Limits  Limits
	Log     *slog.Logger     // discards if nil
	Now     func() time.Time // the clock that boards follow; time.Now if nil
}

// Limits are docs/protocol.md's, each with its default there if zero.
type Limits struct {
	FrameBytes    int           // largest frame a client may send: 4 KiB
	Frames        int           // frames a client may send in a second: 30; below zero any number
	Ping          time.Duration // between two pings: 25 s
	Pong          time.Duration // to answer one: 20 s
	Join          time.Duration // to join after connecting or leaving: 10 s
	BacklogFrames int           // frames that may wait for a slow board: 256
	BacklogBytes  int           // bytes that may wait for a slow board: 256 KiB
	Goodbye       time.Duration // to answer a close frame, and to take what was sent before it: 2 s
}

// sendBuffer is what the kernel may hold for one board, in bytes. It is small, or a board that has stopped reading
// would go unnoticed for megabytes.
const sendBuffer = 64 << 10

// A Server is this node's open connections.
type Server struct {
	opts Options
	join joiner
	born time.Time          // the clock's zero
	stop context.CancelFunc // ends the sweeper and breaks off calls

	sweeps   sync.WaitGroup
	handlers sync.WaitGroup // added to under mu while the server is open

	mu     sync.Mutex // guards what is below; taken before any line's
	lines  map[*line]struct{}
	closed bool
}

// sitting is a connection's place in a room. *relay.Sitting is one.
type sitting interface {
	Ask(ctx context.Context, messageID, text string) (wire.Asked, error)
	Type(typing bool) error
	Move(x, y float64) error
	Lift() error
	Rate(ctx context.Context, seq uint64, value int) error
	RoundTrip(d time.Duration)
	Leave()
	Lost()
}

// joiner takes a seat in a room.
type joiner func(ctx context.Context, t relay.Ticket, seat relay.Seat) (sitting, error)

// Mount adds /ws and /socket.io/ to app. The server lives until Close.
func Mount(app fiber.Router, o Options) *Server {
	return mount(app, o, func(ctx context.Context, t relay.Ticket, seat relay.Seat) (sitting, error) {
		s, err := o.Hub.Join(ctx, t, seat)
		if err != nil {
			return nil, err // not a nil *relay.Sitting in an interface
		}
		return s, nil
	})
}

func mount(app fiber.Router, o Options, join joiner) *Server {
	s := &Server{opts: o.withDefaults(), join: join, born: time.Now(), lines: make(map[*line]struct{})}
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.routes(ctx, app)
	s.sweeps.Go(func() { s.sweep(ctx) })
	return s
}

// Close turns every board away with 4001 and everyone who comes later with 503, and waits until all handlers have
// returned. A board has Limits.Goodbye to answer; when ctx is done the lines are cut. Closing twice is harmless.
func (s *Server) Close(ctx context.Context) error {
	s.mu.Lock()
	s.closed = true
	lines := make([]*line, 0, len(s.lines))
	for l := range s.lines {
		lines = append(lines, l)
	}
	s.mu.Unlock()
	for _, l := range lines {
		l.out.close(wire.CloseGoingAway, reasons[wire.CloseGoingAway])
	}
	s.stop()
	s.sweeps.Wait()

	done := make(chan struct{})
	go func() {
		s.handlers.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		for _, l := range lines {
			l.out.cut()
		}
		<-done
		return context.Cause(ctx)
	}
}

// enter counts a line in. False means that the server has closed.
func (s *Server) enter(l *line) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.lines[l] = struct{}{}
	s.handlers.Add(1)
	return true
}

// exit is a handler's last act.
func (s *Server) exit(l *line) {
	s.mu.Lock()
	delete(s.lines, l)
	s.mu.Unlock()
	s.handlers.Done()
}

func (s *Server) isClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

func (o Options) withDefaults() Options {
	l := &o.Limits
	l.FrameBytes = orElse(l.FrameBytes, 4<<10)
	l.Frames = orElse(l.Frames, 30)
	l.Ping = orElse(l.Ping, 25*time.Second)
	l.Pong = orElse(l.Pong, 20*time.Second)
	l.Join = orElse(l.Join, 10*time.Second)
	l.BacklogFrames = orElse(l.BacklogFrames, 256)
	l.BacklogBytes = orElse(l.BacklogBytes, 256<<10)
	l.Goodbye = orElse(l.Goodbye, 2*time.Second)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

func orElse[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}
