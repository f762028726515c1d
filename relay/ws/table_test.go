package ws

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"seance/internal/seance"
	"seance/internal/token"
	"seance/internal/wireclient"
	"seance/relay"
	"seance/relay/wire"
)

// patience is how long a test waits for what must happen.
const patience = 10 * time.Second

var bothCodecs = []wire.Codec{wire.Plain, wire.SocketIO}

// A table is a room as the lines see it: it seats whoever has a ticket and tells what they did.
type table struct {
	t       testing.TB
	arrived chan *chair
	refuse  func(relay.Ticket) error
	ask     func(ctx context.Context, c *chair, messageID, text string) (wire.Asked, error)
	missed  []*wire.Prepared

	mu     sync.Mutex
	chairs []*chair
}

// A chair is somebody's sitting.
type chair struct {
	table  *table
	ticket relay.Ticket
	seat   relay.Seat
	did    chan string
	trips  chan time.Duration
}

func (tb *table) join(_ context.Context, ticket relay.Ticket, seat relay.Seat) (sitting, error) {
	if tb.refuse != nil {
		if err := tb.refuse(ticket); err != nil {
			return nil, err
		}
	}
	tb.mu.Lock()
	defer tb.mu.Unlock()
	c := &chair{table: tb, ticket: ticket, seat: seat, did: make(chan string, 100), trips: make(chan time.Duration, 1000)}
	tb.chairs = append(tb.chairs, c)
	seat.Welcome(welcome(ticket), tb.missed)
	tb.arrived <- c
	return c, nil
}

func welcome(ticket relay.Ticket) wire.Welcome {
	you := wire.Participant{ID: ticket.Participant, Name: "Somebody", Role: seance.Player, Candle: 1}
	return wire.Welcome{
		Session:      wire.Session{ID: ticket.Session, Code: "RAVEN-417", State: "open", Settings: seance.DefaultSettings()},
		Participant:  you,
		Participants: []wire.Participant{you},
		Recovered:    true,
	}
}

// tell sends a frame to everyone, under the lock, as rooms do.
func (tb *table) tell(f *wire.Prepared) {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	tb.chairs = slices.DeleteFunc(tb.chairs, func(c *chair) bool { return !c.seat.Send(f) })
}

func (c *chair) Ask(ctx context.Context, messageID, text string) (wire.Asked, error) {
	if c.table.ask != nil {
		return c.table.ask(ctx, c, messageID, text)
	}
	c.did <- "asked " + text
	return wire.Asked{Seq: 7, Position: 1}, nil
}

func (c *chair) Type(typing bool) error {
	if c.ticket.Participant == "spectator" {
		return seance.ErrForbidden
	}
	c.did <- fmt.Sprint("typing ", typing)
	return nil
}

func (c *chair) Move(x, y float64) error {
	c.did <- fmt.Sprint("moved to ", x, " ", y)
	return nil
}

func (c *chair) Lift() error {
	c.did <- "lifted"
	return nil
}

func (c *chair) Rate(_ context.Context, seq uint64, value int) error {
	if seq != 8 {
		return seance.ErrNotFound
	}
	c.did <- fmt.Sprint("rated ", value)
	return nil
}

func (c *chair) RoundTrip(d time.Duration) {
	select {
	case c.trips <- d:
	default:
	}
}

func (c *chair) Leave() { c.did <- "left" }
func (c *chair) Lost()  { c.did <- "lost" }

// does waits for what the line is to do next.
func (c *chair) does(want string) {
	c.table.t.Helper()
	select {
	case got := <-c.did:
		if got != want {
			c.table.t.Fatalf("%s %s, want %s", c.ticket.Participant, got, want)
		}
	case <-time.After(patience):
		c.table.t.Fatalf("%s did not do it: %s", c.ticket.Participant, want)
	}
}

// doorkeeper takes every token of the form session/participant.
type doorkeeper struct{}

func (doorkeeper) Verify(signed string) (c token.Claims, err error) {
	session, participant, ok := strings.Cut(signed, "/")
	if !ok {
		return c, errors.New("token is malformed")
	}
	c.Session, c.Participant = seance.SessionID(session), seance.ParticipantID(participant)
	return c, nil
}

// A house is a running server with one table.
type house struct {
	*table
	t      testing.TB
	server *Server
	url    string
}

func open(t testing.TB, o Options) *house {
	t.Helper()
	return openOn(t, o, listen(t), "http")
}

func listen(t testing.TB) net.Listener {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return ln
}

func openOn(t testing.TB, o Options, ln net.Listener, scheme string) *house {
	t.Helper()
	o.Tokens = doorkeeper{}
	app := fiber.New(fiber.Config{DisableStartupMessage: true, Immutable: true})
	h := &house{table: &table{t: t, arrived: make(chan *chair, 100)}, t: t, url: scheme + "://" + ln.Addr().String()}
	h.server = mount(app, o, h.join)
	served := make(chan error, 1)
	go func() { served <- app.Listener(ln) }()
	t.Cleanup(func() {
		if err := h.server.Close(within(t)); err != nil {
			t.Errorf("close: %v", err)
		}
		if err := app.Shutdown(); err != nil {
			t.Errorf("shut down: %v", err)
		}
		if err := <-served; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	return h
}

// dial connects a well-behaved client, which is gone when the test ends.
func (h *house) dial(codec wire.Codec) *wireclient.Client {
	h.t.Helper()
	c, err := wireclient.Dial(within(h.t), h.url, codec)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(c.Cut)
	return c
}

// seats connects a client and lets it join.
func (h *house) seats(codec wire.Codec, who string) (*wireclient.Client, *chair) {
	h.t.Helper()
	c := h.dial(codec)
	if _, err := c.Join(within(h.t), "raven/"+who, nil); err != nil {
		h.t.Fatal(err)
	}
	return c, <-h.arrived
}

// raw opens a WebSocket without manners.
func (h *house) raw(path string) *stranger {
	h.t.Helper()
	c, err := wireclient.Open(within(h.t), h.url+path, nil, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { c.Close() })
	c.Net.SetDeadline(time.Now().Add(patience))
	return &stranger{c, h.t}
}

const (
	plainPath    = "/ws"
	socketIOPath = "/socket.io/?EIO=4&transport=websocket"
)

// A stranger sends and reads frames one at a time.
type stranger struct {
	*wireclient.Conn
	t testing.TB
}

func (c *stranger) says(text string) {
	c.t.Helper()
	if err := c.WriteText(text); err != nil {
		c.t.Fatal(err)
	}
}

// hears reads the next text frame.
func (c *stranger) hears() string {
	c.t.Helper()
	for {
		f, err := c.ReadFrame()
		if err != nil {
			c.t.Fatalf("read: %v", err)
		}
		switch f.Op {
		case wireclient.OpText:
			return string(f.Payload)
		case wireclient.OpPing:
		default:
			c.t.Fatalf("got a frame with opcode %d (close code %d), want text", f.Op, f.CloseCode())
		}
	}
}

// mustHear reads the next text frame and holds it against its beginning.
func (c *stranger) mustHear(want string) {
	c.t.Helper()
	if got := c.hears(); !strings.HasPrefix(got, want) {
		c.t.Fatalf("heard %s, want %s", got, want)
	}
}

// closedWith reads until the close frame, answers it and holds its code against want. It returns the text frames
// before it.
func (c *stranger) closedWith(want wire.CloseCode) (before []string) {
	c.t.Helper()
	for {
		f, err := c.ReadFrame()
		if err != nil {
			c.t.Fatalf("the line ended without a close frame: %v", err)
		}
		switch f.Op {
		case wireclient.OpText:
			before = append(before, string(f.Payload))
		case wireclient.OpClose:
			if got := wire.CloseCode(f.CloseCode()); got != want {
				c.t.Fatalf("closed with %d (%s), want %d", got, f.Payload[min(2, len(f.Payload)):], want)
			}
			c.WriteFrame(wireclient.OpClose, true, f.Payload) // the server may be gone already
			c.Close()
			return before
		}
	}
}

func within(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

// ended waits for a client's end and holds the close code against want.
func ended(t *testing.T, c *wireclient.Client, want wire.CloseCode) {
	t.Helper()
	select {
	case <-c.Done():
	case <-time.After(patience):
		t.Fatal("the connection did not end")
	}
	if got := wire.CloseCode(c.CloseCode()); got != want {
		t.Errorf("closed with %d (%v), want %d", got, c.Err(), want)
	}
}

// next waits for a client's next event.
func next(t *testing.T, c *wireclient.Client) wireclient.Event {
	t.Helper()
	select {
	case ev, ok := <-c.Events():
		if !ok {
			t.Fatalf("the connection ended with %d: %v", c.CloseCode(), c.Err())
		}
		return ev
	case <-time.After(patience):
		t.Fatal("no event came")
	}
	panic("unreachable")
}

// refused holds an error of a call against a code.
func refused(t *testing.T, err error, want wire.ErrorCode) {
	t.Helper()
	var e *wire.Error
	if !errors.As(err, &e) || e.Code != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func hush(t testing.TB, ms int64) *wire.Prepared {
	t.Helper()
	p, err := wire.Prepare(wire.EventHush, wire.Hush{Ms: ms})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// inBoth runs a test over each codec.
func inBoth(t *testing.T, test func(t *testing.T, codec wire.Codec)) {
	for _, codec := range bothCodecs {
		t.Run(codec.String(), func(t *testing.T) { test(t, codec) })
	}
}
