// Package wireclient plays over the WebSocket as a stranger's client would, in both codecs. Tests and the load program
// use it; it shares the data's shapes with the server and nothing else: framing and both codecs are its own, so that a
// mistake on one side does not hide behind the same mistake on the other.
package wireclient

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"seance/relay/wire"
)

// backlog is how many events may wait to be taken from Events.
const backlog = 4096

// A Dialer opens clients. Its zero value dials as a native client: without an Origin.
type Dialer struct {
	Header  http.Header // sent with the upgrade
	TLS     *tls.Config // for https and wss
	Batch   bool        // plain codec: let the server put several events into a frame
	OnEvent func(Event) // is given each event instead of Events, on the client's reading goroutine
}

// An Event is what the server sent unasked.
type Event struct {
	Name string
	Data json.RawMessage
	At   time.Time // when it was read here
}

// A Client is one connection. Its methods may be called from any goroutine; calls fail once it is closed.
type Client struct {
	conn    *Conn
	codec   wire.Codec
	onEvent func(Event)
	events  chan Event
	done    chan struct{} // closed when the reader has ended

	mu      sync.Mutex
	last    int
	waiting map[string]chan answer // by call id
	code    int
	err     error
}

type answer struct {
	data json.RawMessage
	err  error
}

// Dial opens a connection to the server at address (http://host:port) and, over Socket.IO, its main namespace.
func Dial(ctx context.Context, address string, codec wire.Codec) (*Client, error) {
	return Dialer{}.Dial(ctx, address, codec)
}

// Dial opens a connection as the package's Dial does.
func (d Dialer) Dial(ctx context.Context, address string, codec wire.Codec) (*Client, error) {
	address = strings.TrimSuffix(address, "/")
	switch {
	case codec == wire.SocketIO:
		address += "/socket.io/?EIO=4&transport=websocket"
	case d.Batch:
		address += "/ws?batch=1"
	default:
		address += "/ws"
	}
	conn, err := Open(ctx, address, d.Header, d.TLS)
	if err != nil {
		return nil, err
	}
	c := &Client{
		conn: conn, codec: codec, onEvent: d.OnEvent, events: make(chan Event, backlog),
		done: make(chan struct{}), waiting: map[string]chan answer{},
	}
	if codec == wire.SocketIO {
		stop := context.AfterFunc(ctx, func() { conn.Close() })
		defer stop()
		if err := c.connect(); err != nil {
			conn.Close()
			return nil, err
		}
	}
	go c.read()
	return c, nil
}

// connect waits for Engine.IO's open packet and enters the main namespace.
func (c *Client) connect() error {
	for _, want := range []string{"0{", "40{"} {
		f, err := c.conn.ReadFrame()
		if err != nil {
			return fmt.Errorf("connect: %w", err)
		}
		if !bytes.HasPrefix(f.Payload, []byte(want)) {
			return fmt.Errorf("connect: got %.80q (close code %d), want %s", f.Payload, f.CloseCode(), want)
		}
		if want == "0{" {
			if err := c.conn.WriteText("40"); err != nil {
				return fmt.Errorf("connect: %w", err)
			}
		}
	}
	return nil
}

// Events are what the server sends, in order; closed when the connection ends. A client whose events are not taken
// ends with an error rather than to wait: 4096 may be owed.
func (c *Client) Events() <-chan Event { return c.events }

// Done is closed when the connection has ended.
func (c *Client) Done() <-chan struct{} { return c.done }

// CloseCode is what the server closed with: 0 while it has not, 1006 if the line broke without a close frame.
func (c *Client) CloseCode() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.code
}

// Err is why the connection ended, nil after a close frame.
func (c *Client) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// Join takes a seat. Since is the last seq known, nil for none.
func (c *Client) Join(ctx context.Context, token string, since *uint64) (wire.Welcome, error) {
	var w wire.Welcome
	data := map[string]any{"token": token}
	if since != nil {
		data["since"] = *since
	}
	err := c.CallInto(ctx, &w, wire.CallJoin, data)
	return w, err
}

// Ask asks the spirit.
func (c *Client) Ask(ctx context.Context, messageID, text string) (wire.Asked, error) {
	var a wire.Asked
	err := c.CallInto(ctx, &a, wire.CallSend, map[string]any{"message_id": messageID, "text": text})
	return a, err
}

// Type says that the pen is on the slip, or off it.
func (c *Client) Type(typing bool) error {
	return c.Send(wire.CallType, map[string]any{"typing": typing})
}

// Move pulls the planchette towards a place on the board, in whole board units.
func (c *Client) Move(x, y int) error {
	return c.writeRaw(wire.CallHand, "", fmt.Appendf(nil, `{"x":%d,"y":%d}`, x, y))
}

// Leave gives up the seat by choice.
func (c *Client) Leave(ctx context.Context) error {
	_, err := c.Call(ctx, wire.CallLeave, struct{}{})
	return err
}

// SyncClock measures once: how far the server's clock is ahead of this one, and the round trip.
func (c *Client) SyncClock(ctx context.Context) (ahead, roundTrip time.Duration, err error) {
	var k wire.Clock
	t0 := wire.Millis(time.Now())
	if err := c.CallInto(ctx, &k, wire.CallClock, map[string]any{"t0": t0}); err != nil {
		return 0, 0, err
	}
	t3 := wire.Millis(time.Now())
	ms := func(f float64) time.Duration { return time.Duration(f * float64(time.Millisecond)) }
	return ms(((k.T1 - t0) + (k.T2 - t3)) / 2), ms((t3 - t0) - (k.T2 - k.T1)), nil
}

// Call makes a call and waits for its answer. A refusal is a *wire.Error.
func (c *Client) Call(ctx context.Context, event string, data any) (json.RawMessage, error) {
	c.mu.Lock()
	c.last++
	id, got := strconv.Itoa(c.last), make(chan answer, 1)
	c.waiting[id] = got
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.waiting, id)
	}()
	if err := c.write(event, id, data); err != nil {
		return nil, fmt.Errorf("%s: %w", event, err)
	}
	select {
	case a := <-got:
		return a.data, a.err
	case <-c.done:
		select {
		case a := <-got: // it came just before the end
			return a.data, a.err
		default:
		}
		return nil, fmt.Errorf("%s: the connection ended with %d", event, c.CloseCode())
	case <-ctx.Done():
		return nil, fmt.Errorf("%s: %w", event, context.Cause(ctx))
	}
}

// CallInto makes a call and decodes its answer.
func (c *Client) CallInto(ctx context.Context, into any, event string, data any) error {
	raw, err := c.Call(ctx, event, data)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}

// Send makes a call that asks for no answer.
func (c *Client) Send(event string, data any) error { return c.write(event, "", data) }

// Conn is the WebSocket below, for sending what no client should.
func (c *Client) Conn() *Conn { return c.conn }

// Close says goodbye and waits for the end of the connection, but not longer than 5 s for a server that is silent.
func (c *Client) Close() error {
	err := c.conn.WriteClose(1000)
	err = errors.Join(err, c.conn.Net.SetReadDeadline(time.Now().Add(5*time.Second)))
	<-c.done
	return err
}

// Cut drops the line without a goodbye and waits for the reader to end.
func (c *Client) Cut() {
	c.conn.Close()
	<-c.done
}

func (c *Client) write(event, id string, data any) error {
	raw, err := json.Marshal(data)
	if err != nil {
		return err
	}
	return c.writeRaw(event, id, raw)
}

func (c *Client) writeRaw(event, id string, raw []byte) error {
	var text string
	switch {
	case c.codec == wire.SocketIO:
		text = fmt.Sprintf("42%s[%q,%s]", id, event, raw)
	case id == "":
		text = fmt.Sprintf(`{"event":%q,"data":%s}`, event, raw)
	default:
		text = fmt.Sprintf(`{"event":%q,"id":%q,"data":%s}`, event, id, raw)
	}
	return c.conn.WriteText(text)
}

// read takes frames until the connection ends.
func (c *Client) read() {
	code, err := 1006, error(nil)
	for err == nil {
		var f Frame
		if f, err = c.conn.ReadFrame(); err != nil {
			break
		}
		if f.Op == OpClose {
			if code = f.CloseCode(); code == 0 {
				code = 1005
			}
			err = c.conn.WriteFrame(OpClose, true, f.Payload)
			break
		}
		err = c.take(f)
	}
	if code != 1006 {
		err = nil // the server closed; what the line did afterwards does not matter
	}
	c.conn.Close()
	c.mu.Lock()
	c.code, c.err = code, err
	c.mu.Unlock()
	close(c.events)
	close(c.done)
}

func (c *Client) take(f Frame) error {
	switch {
	case f.Op == OpPing:
		return c.conn.WriteFrame(OpPong, true, f.Payload)
	case f.Op == OpPong:
		return nil
	case f.Op != OpText || !f.Final:
		return fmt.Errorf("a frame with opcode %d is not one of ours", f.Op)
	case c.codec == wire.SocketIO:
		return c.takePacket(f.Payload)
	}
	for line := range bytes.SplitSeq(f.Payload, []byte("\n")) {
		if err := c.takeLine(line); err != nil {
			return err
		}
	}
	return nil
}

// takeLine takes one object of the plain codec.
func (c *Client) takeLine(text []byte) error {
	var f struct {
		Event string          `json:"event"`
		ID    string          `json:"id"`
		Data  json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(text, &f); err != nil {
		return fmt.Errorf("frame %.80q: %w", text, err)
	}
	if f.ID == "" {
		return c.tell(f.Event, f.Data)
	}
	if f.Event == wire.EventError {
		return c.answer(f.ID, answer{err: refusal(f.Data)})
	}
	return c.answer(f.ID, answer{data: f.Data})
}

// takePacket takes one packet of Engine.IO.
func (c *Client) takePacket(text []byte) error {
	switch {
	case string(text) == "2":
		return c.conn.WriteText("3")
	case bytes.HasPrefix(text, []byte("42[")):
		var args []json.RawMessage
		var name string
		if err := json.Unmarshal(text[2:], &args); err != nil || len(args) != 2 {
			return fmt.Errorf("packet %.80q: want a name and one argument: %w", text, err)
		}
		if err := json.Unmarshal(args[0], &name); err != nil {
			return fmt.Errorf("packet %.80q: %w", text, err)
		}
		return c.tell(name, args[1])
	case bytes.HasPrefix(text, []byte("43")):
		id, rest, _ := strings.Cut(string(text[2:]), "[")
		var ack struct {
			Success bool            `json:"success"`
			Data    json.RawMessage `json:"data"`
			Error   json.RawMessage `json:"error"`
		}
		if err := json.Unmarshal([]byte(strings.TrimSuffix(rest, "]")), &ack); err != nil {
			return fmt.Errorf("packet %.80q: %w", text, err)
		}
		if !ack.Success {
			return c.answer(id, answer{err: refusal(ack.Error)})
		}
		return c.answer(id, answer{data: ack.Data})
	}
	return fmt.Errorf("packet %.80q is not one of ours", text)
}

func refusal(raw json.RawMessage) error {
	e := new(wire.Error)
	if err := json.Unmarshal(raw, e); err != nil {
		return fmt.Errorf("error %s: %w", raw, err)
	}
	return e
}

func (c *Client) answer(id string, a answer) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if got, ok := c.waiting[id]; ok {
		delete(c.waiting, id) // answered once: a second answer finds nobody
		got <- a
	}
	return nil
}

func (c *Client) tell(name string, data json.RawMessage) error {
	ev := Event{Name: name, Data: data, At: time.Now()}
	if c.onEvent != nil {
		c.onEvent(ev)
		return nil
	}
	select {
	case c.events <- ev:
		return nil
	default:
		return errors.New("events are not taken")
	}
}
