package ws

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/fasthttp/websocket"

	"seance/relay/wire"
)

// The close codes of RFC 6455 that no page of ours lists.
const (
	closeNormal wire.CloseCode = websocket.CloseNormalClosure
	closeBroken wire.CloseCode = websocket.CloseInternalServerErr
)

// lastStrike is which bad frame ends a line.
const lastStrike = 3

// slowCall is how long a call may take before round trips that were measured meanwhile say nothing about the board.
const slowCall = 20 * time.Millisecond

// A line is one connection: what its handler's goroutine reads and knows. Other goroutines reach it through out and
// the clocks only.
type line struct {
	srv   *Server
	conn  *websocket.Conn // read by the handler's goroutine alone
	net   net.Conn        // below conn: good for deadlines after the handler has returned, too
	out   *outbox
	codec wire.Codec
	log   *slog.Logger

	// On the server's clock; the sweeper looks at them.
	joinBy   atomic.Int64 // 0 once joined
	pinged   atomic.Int64 // when the last ping went out
	awaiting atomic.Int64 // when the ping went out that is not answered yet; 0 if none is

	// The handler's goroutine alone.
	seat    *seat
	sitting sitting // nil without a seat
	busy    int64   // on the server's clock: the end of the last call that took long
	strikes int
	flood   flood
	over    bool // the frame in hand is one too many
	packets packets
	broken  bool // the client broke the protocol; the library has sent a close frame with 1002
}

// serve is a connection's whole life. Its calls are broken off when ctx is done; Close ends the line itself.
func (s *Server) serve(ctx context.Context, c *websocket.Conn, codec wire.Codec, batch bool) {
	conn := below(c)
	shrink(conn)
	l := &line{srv: s, conn: c, net: conn, out: newOutbox(conn, &s.opts.Limits, batch), codec: codec, log: s.opts.Log}
	l.flood = newFlood(s.opts.Limits.Frames)
	if !s.enter(l) {
		l.out.close(wire.CloseGoingAway, reasons[wire.CloseGoingAway])
		l.out.wait()
		l.drain()
		return
	}
	defer s.exit(l)
	defer l.end()
	l.run(ctx)
}

// below is the connection that c writes to. The library's own wrapper is given to somebody else after the handler.
func below(c *websocket.Conn) net.Conn {
	conn := c.NetConn()
	if wrapped, ok := conn.(interface{ UnsafeConn() net.Conn }); ok {
		return wrapped.UnsafeConn()
	}
	return conn
}

// shrink bounds what the kernel holds for a board. Where that cannot be asked for, its own size works, too.
func shrink(conn net.Conn) {
	if over, ok := conn.(interface{ NetConn() net.Conn }); ok { // TLS
		conn = over.NetConn()
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetWriteBuffer(sendBuffer)
	}
}

// run reads until the connection ends.
func (l *line) run(ctx context.Context) {
	l.conn.SetPingHandler(l.takePing)
	l.conn.SetPongHandler(func(string) error { l.takePong(); return nil })
	l.conn.SetCloseHandler(l.takeClose)
	l.pinged.Store(l.srv.clock())
	l.expectJoin()
	if l.codec == wire.SocketIO {
		limits := &l.srv.opts.Limits
		l.packets.sid = rand.Text()
		l.out.send(wire.EngineOpen(l.packets.sid, limits.Ping, limits.Pong, limits.FrameBytes))
	}
	for {
		kind, r, err := l.conn.NextReader()
		if err != nil {
			l.broken = isProtocolError(err)
			if errors.Is(err, websocket.ErrReadLimit) { // a length that no message can have
				l.out.close(wire.CloseTooLarge, "frame too large")
			}
			return
		}
		if !l.out.isOpen() {
			continue // what comes now only stands before the answer to our close frame
		}
		if err := l.read(ctx, kind, r); err != nil {
			return
		}
	}
}

// read takes one message. An error is the connection's end.
func (l *line) read(ctx context.Context, kind int, r io.Reader) error {
	b := buffers.Get().(*[]byte)
	defer buffers.Put(b)
	limit := l.srv.opts.Limits.FrameBytes
	if cap(*b) <= limit {
		*b = make([]byte, limit+1)
	}
	n, err := io.ReadFull(r, (*b)[:limit+1])
	now := l.srv.opts.Now()
	switch {
	case err == nil:
		l.out.close(wire.CloseTooLarge, "frame too large")
		return nil
	case !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return err
	}
	switch l.flood.count(l.srv.clock()) {
	case floodWarn:
		l.over = true
	case floodCut:
		l.tooMany()
		return nil
	}
	text := (*b)[:n]
	switch {
	case kind == websocket.BinaryMessage:
		l.takeBinary()
	case !utf8.Valid(text):
		l.out.close(wire.CloseNotUTF8, "not UTF-8")
	case l.codec == wire.SocketIO:
		l.takePacket(ctx, text, now)
	default:
		call, err := wire.DecodePlain(text)
		l.take(ctx, call, err, now)
	}
	if l.over {
		l.warn("") // it was no call
	}
	return nil
}

// buffers are for reading one message each; what outlives the message is copied while it is decoded.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// end leaves nothing behind: the seat is free, no goroutine writes.
func (l *line) end() {
	if panicked := recover(); panicked != nil {
		l.log.Error("connection's handler panicked", "panic", panicked, "stack", string(debug.Stack()))
		l.out.close(closeBroken, "")
	}
	l.vacate(sitting.Lost)
	closing := !l.out.isOpen()
	if closing {
		l.out.wait()
	}
	if l.broken {
		l.drain()
	}
	if !closing {
		l.out.cut()
	}
	l.out.wait()
}

// drain says that nothing more will come and reads until the client says so, too: hanging up on what was not read would
// tear down what was sent last.
func (l *line) drain() {
	if half, ok := l.net.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite() // what fails on a closed connection, as all of this, need not be done
	}
	_ = l.net.SetReadDeadline(time.Now().Add(l.srv.opts.Limits.Goodbye))
	_, _ = io.Copy(io.Discard, l.net)
}

// isProtocolError tells a client that breaks the protocol from a connection that ended.
func isProtocolError(err error) bool {
	var closed *websocket.CloseError
	var network net.Error
	return !errors.As(err, &closed) && !errors.As(err, &network) &&
		!errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, net.ErrClosed)
}

func (l *line) takeClose(code int, _ string) error {
	if code == websocket.CloseNoStatusReceived {
		code = 0
	}
	l.out.close(wire.CloseCode(code), "")
	return nil
}

// takePing answers a client's own ping. Pings count as frames: each costs a write.
func (l *line) takePing(data string) error {
	if !l.out.isOpen() {
		return nil
	}
	switch l.flood.count(l.srv.clock()) {
	case floodPass:
		l.out.send(wire.PongFrame([]byte(data)))
	case floodWarn:
		l.warn("")
	case floodCut:
		l.tooMany()
	}
	return nil
}

// ping asks whether the board is still there, unless it has been asked already.
func (l *line) ping(now int64) {
	if !l.awaiting.CompareAndSwap(0, now) {
		return
	}
	l.pinged.Store(now)
	if l.codec == wire.SocketIO {
		l.out.send(wire.EnginePing())
		return
	}
	l.out.send(wire.PingFrame(nil))
}

// takePong notes that the board is there, and how far away.
func (l *line) takePong() {
	sent := l.awaiting.Swap(0)
	if sent == 0 || sent < l.busy || l.sitting == nil {
		return
	}
	l.sitting.RoundTrip(time.Duration(l.srv.clock() - sent))
}

// warn answers a frame that was too much; a call in it is not made.
func (l *line) warn(id string) {
	l.over = false
	l.fail(id, errTooFast)
}

// tooMany ends a line that was warned and went on.
func (l *line) tooMany() {
	l.log.Info("flooding client closed")
	l.out.close(wire.CloseFlooding, "flooding")
}

// strike answers a frame that is not as it must be; the third one ends the line.
func (l *line) strike(id string, err error) {
	l.fail(id, err)
	if l.strikes++; l.strikes >= lastStrike {
		l.out.close(wire.CloseBadFrames, "three bad frames")
	}
}

// fail answers a call with an error; without an id it is an event.
func (l *line) fail(id string, err error) {
	if l.codec == wire.SocketIO && !l.packets.connected {
		return // nobody listens yet
	}
	l.out.send(wire.Fail(l.codec, id, wire.ErrorOf(err)))
}

// answer answers a call, if it asked for it.
func (l *line) answer(id string, data any) {
	if id == "" {
		return
	}
	frame, err := wire.Ack(l.codec, id, data)
	if err != nil {
		l.log.Error("answer not encoded", "err", err)
		l.fail(id, err)
		return
	}
	l.out.send(frame)
}

func (l *line) expectJoin() { l.joinBy.Store(l.srv.clock() + int64(l.srv.opts.Limits.Join)) }

// vacate gives up the seat, if there is one, in the given way.
func (l *line) vacate(how func(sitting)) {
	if l.sitting == nil {
		return
	}
	l.seat.mute()
	how(l.sitting)
	l.seat, l.sitting = nil, nil
}
