// Package wire turns what happens in a room into frames and back: the shapes of data, error and close codes, and the
// two codecs (plain JSON and Socket.IO) in which the same frames travel.
package wire

import (
	"encoding/json"
	"fmt"
	"sync"
)

// A Codec is one of the two ways in which the same frames travel. Its number indexes what is kept per codec.
type Codec uint8

// The codecs: one JSON object a text frame at /ws, and Engine.IO 4 with Socket.IO 5 at /socket.io/.
const (
	Plain Codec = iota
	SocketIO
	codecs = iota
)

// String is the codec's name in logs.
func (c Codec) String() string {
	if c == SocketIO {
		return "socketio"
	}
	return "plain"
}

// Prepared is a frame that is encoded once, however many seats it goes to. Safe for concurrent use; not to be copied.
type Prepared struct {
	Event string
	Data  json.RawMessage // one JSON object, never changed once prepared

	frames [codecs]struct {
		once  sync.Once
		bytes []byte
	}
}

// Prepare encodes data, which must become a JSON object, as the frame of the named event.
func Prepare(event string, data any) (*Prepared, error) {
	raw, err := json.Marshal(data)
	if err != nil {
		return nil, fmt.Errorf("frame %s: %w", event, err)
	}
	if len(raw) < 2 || raw[0] != '{' {
		return nil, fmt.Errorf("frame %s: data is no object", event)
	}
	return &Prepared{Event: event, Data: raw}, nil
}

// Frame is the whole WebSocket frame of p, header included, as a server sends it. The bytes are shared by every seat:
// they are only to be read.
func (p *Prepared) Frame(c Codec) []byte {
	f := &p.frames[c]
	f.once.Do(func() { f.bytes = Frame(p.encode(c)) })
	return f.bytes
}

// Text is the payload of p's frame. The bytes are only to be read.
func (p *Prepared) Text(c Codec) []byte {
	return Payload(p.Frame(c))
}

// Replayed is p as it is sent to somebody who missed it: the same data with `"replayed": true`.
func (p *Prepared) Replayed() *Prepared {
	return &Prepared{Event: p.Event, Data: spliceEnd(p.Data, `"replayed":true`)}
}

// History is p's data with the event's name beside it, as the history of a session lists it.
func (p *Prepared) History() json.RawMessage {
	return spliceFront(p.Data, `"event":`+quote(p.Event))
}

func (p *Prepared) encode(c Codec) []byte {
	if c == SocketIO {
		return socketIOEvent(p.Event, p.Data)
	}
	return plainEvent(p.Event, "", p.Data)
}

// spliceEnd adds a member to the end of an encoded object.
func spliceEnd(object json.RawMessage, member string) json.RawMessage {
	out := make(json.RawMessage, 0, len(object)+len(member)+1)
	out = append(out, object[:len(object)-1]...)
	if len(object) > len("{}") {
		out = append(out, ',')
	}
	out = append(out, member...)
	return append(out, '}')
}

// spliceFront adds a member to the start of an encoded object.
func spliceFront(object json.RawMessage, member string) json.RawMessage {
	out := make(json.RawMessage, 0, len(object)+len(member)+1)
	out = append(out, '{')
	out = append(out, member...)
	if len(object) > len("{}") {
		out = append(out, ',')
	}
	return append(out, object[1:]...)
}

// quote is s as a JSON string.
func quote(s string) string {
	raw, _ := json.Marshal(s) // a string always encodes
	return string(raw)
}
