package wire

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"
)

// Socket.IO 5 over Engine.IO 4, the WebSocket transport only: one packet a frame. Engine.IO's packet is one digit and
// its payload; a message (4) holds a Socket.IO packet: a digit, the number of attachments and `-`, the namespace and
// `,` unless it is `/`, the ack id, and JSON.

// PacketKind is what a Socket.IO client's packet is.
type PacketKind uint8

// The packets a client may send. Open, ping and upgrade go the other way or belong to long polling.
const (
	PacketClose PacketKind = iota + 1 // Engine.IO: the connection ends
	PacketPong                        // Engine.IO: still there
	PacketNoop                        // Engine.IO: nothing
	PacketConnect
	PacketDisconnect
	PacketEvent
	PacketAck
)

// A Packet is one packet of a Socket.IO client.
type Packet struct {
	Kind        PacketKind
	Namespace   string
	ID          string          // event, ack: the ack id
	Data        json.RawMessage // connect: an object or nothing; event, ack: an array
	Attachments int             // event, ack: how many binary frames belong to it
}

// maxAttachments is how many binary frames a packet may announce. None is ever used, so few are enough.
const maxAttachments = 8

// DecodeSocketIO reads one text frame of a Socket.IO client. An error is a *seance.Fault: the client does not speak
// the protocol, and the connection is to be closed.
func DecodeSocketIO(text []byte) (Packet, error) {
	if len(text) == 0 {
		return Packet{}, badFrame("The packet is empty.")
	}
	switch text[0] {
	case '1':
		return Packet{Kind: PacketClose}, nil
	case '3':
		return Packet{Kind: PacketPong}, nil
	case '4':
		return decodeMessage(text[1:])
	case '6':
		return Packet{Kind: PacketNoop}, nil
	}
	return Packet{}, badFrame("There is no Engine.IO packet %.8q for a client to send here.", text[:1])
}

func decodeMessage(b []byte) (Packet, error) {
	if len(b) == 0 {
		return Packet{}, badFrame("The Socket.IO packet is empty.")
	}
	p := Packet{Namespace: "/"}
	kind := b[0]
	b = b[1:]
	switch kind {
	case '0':
		p.Kind = PacketConnect
	case '1':
		p.Kind = PacketDisconnect
	case '2', '5':
		p.Kind = PacketEvent
	case '3', '6':
		p.Kind = PacketAck
	default:
		return Packet{}, badFrame("There is no Socket.IO packet %.8q for a client to send.", []byte{kind})
	}
	if kind == '5' || kind == '6' {
		count, rest, ok := bytes.Cut(b, []byte("-"))
		n, err := strconv.ParseUint(string(count), 10, 16)
		if !ok || err != nil {
			return Packet{}, badFrame("The number of attachments is missing.")
		}
		if n > maxAttachments {
			return Packet{}, badFrame("A packet may have %d attachments at most.", maxAttachments)
		}
		p.Attachments, b = int(n), rest
	}
	if len(b) > 0 && b[0] == '/' {
		name, rest, _ := bytes.Cut(b, []byte(","))
		p.Namespace, b = string(name), rest
	}
	digits := 0
	for digits < len(b) && b[digits] >= '0' && b[digits] <= '9' {
		digits++
	}
	if digits > maxID {
		return Packet{}, badFrame("The ack id is too long.")
	}
	p.ID, p.Data = string(b[:digits]), json.RawMessage(b[digits:])
	return p, p.check()
}

// check holds the payload of a packet against what its kind allows.
func (p Packet) check() error {
	if len(p.Data) > 0 && !json.Valid(p.Data) {
		return badFrame("The packet's payload is not JSON.")
	}
	first := firstByte(p.Data)
	switch p.Kind {
	case PacketConnect:
		if p.ID != "" || (first != 0 && first != '{') {
			return badFrame("A connect packet's payload must be an object.")
		}
	case PacketDisconnect:
		if p.ID != "" || first != 0 {
			return badFrame("A disconnect packet has no payload.")
		}
	case PacketAck:
		if p.ID == "" || first != '[' {
			return badFrame("An ack's payload must be an array, and it must have an id.")
		}
	case PacketEvent:
		var args []json.RawMessage
		if json.Unmarshal(p.Data, &args) != nil || len(args) == 0 || firstByte(args[0]) != '"' {
			return badFrame("An event's payload must be an array that begins with the event's name.")
		}
	}
	return nil
}

// firstByte is the first byte of valid JSON that is no space, 0 if there is none.
func firstByte(raw json.RawMessage) byte {
	raw = bytes.TrimLeft(raw, " \t\r\n")
	if len(raw) == 0 {
		return 0
	}
	return raw[0]
}

// Call reads the call an event packet makes: its name and one argument. An error is a *seance.Fault whose sentence
// names the field; the call's ID is set even then.
func (p Packet) Call() (Call, error) {
	call := Call{ID: p.ID}
	var args []json.RawMessage
	if json.Unmarshal(p.Data, &args) != nil || len(args) == 0 || json.Unmarshal(args[0], &call.Event) != nil {
		return call, badFrame("An event's payload must be an array that begins with the event's name.")
	}
	if p.Attachments > 0 {
		return call, badFrame("%.40s: binary attachments are not used here.", call.Event)
	}
	var data json.RawMessage
	if len(args) > 1 {
		data = args[1]
	}
	var err error
	call.Args, err = decodeArgs(call.Event, data)
	return call, err
}

// EnginePing is the frame of Engine.IO's ping, which the server sends and the client answers.
func EnginePing() []byte { return Frame([]byte("2")) }

// EngineOpen is the first frame of an Engine.IO connection.
func EngineOpen(sid string, ping, pong time.Duration, maxPayload int) []byte {
	raw, _ := json.Marshal(struct { // texts and numbers always encode
		SID          string   `json:"sid"`
		Upgrades     []string `json:"upgrades"`
		PingInterval int64    `json:"pingInterval"`
		PingTimeout  int64    `json:"pingTimeout"`
		MaxPayload   int      `json:"maxPayload"`
	}{sid, []string{}, ping.Milliseconds(), pong.Milliseconds(), maxPayload})
	return Frame(append([]byte("0"), raw...))
}

// Connected answers a connect packet for the main namespace.
func Connected(sid string) []byte { return Frame([]byte(`40{"sid":` + quote(sid) + `}`)) }

// NoNamespace answers a connect packet for any other namespace.
func NoNamespace(name string) []byte {
	return Frame([]byte(`44` + name + `,{"message":"Invalid namespace"}`))
}

func socketIOEvent(event string, data json.RawMessage) []byte {
	b := make([]byte, 0, len(event)+len(data)+8)
	b = append(b, `42[`...)
	b = append(b, quote(event)...)
	b = append(b, ',')
	b = append(b, data...)
	return append(b, ']')
}

func socketIOAck(id, before string, data json.RawMessage, after string) []byte {
	b := make([]byte, 0, len(id)+len(before)+len(data)+len(after)+4)
	b = append(b, `43`...)
	b = append(b, id...)
	b = append(b, '[')
	b = append(b, before...)
	b = append(b, data...)
	b = append(b, after...)
	return append(b, ']')
}

// EngineError is what an Engine.IO server says, as JSON, to a request it does not serve.
type EngineError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

// Engine.IO's own errors; clients know them by their number. Forbidden goes with 403, the others with 400.
var (
	EngineUnknownTransport = EngineError{0, "Transport unknown"}
	EngineUnknownSession   = EngineError{1, "Session ID unknown"}
	EngineBadMethod        = EngineError{2, "Bad handshake method"}
	EngineBadRequest       = EngineError{3, "Bad request"}
	EngineForbidden        = EngineError{4, "Forbidden"}
	EngineUnsupported      = EngineError{5, "Unsupported protocol version"}
)
