package wire

import "encoding/binary"

// The first byte of each kind of frame that a server sends: the final bit and the opcode (RFC 6455, section 5.2).
const (
	opText  = 0x81
	opClose = 0x88
	opPing  = 0x89
	opPong  = 0x8a
)

// maxControl is the most bytes a control frame may carry (RFC 6455, section 5.5).
const maxControl = 125

// Frame puts text into one WebSocket text frame as a server sends it: unmasked, 2 to 10 bytes of header.
func Frame(text []byte) []byte {
	b := make([]byte, 0, len(text)+10)
	switch n := len(text); {
	case n < 126:
		b = append(b, opText, byte(n))
	case n < 1<<16:
		b = append(b, opText, 126)
		b = binary.BigEndian.AppendUint16(b, uint16(n))
	default:
		b = append(b, opText, 127)
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	return append(b, text...)
}

// Payload is what a frame made here carries.
func Payload(frame []byte) []byte {
	switch frame[1] {
	case 126:
		return frame[4:]
	case 127:
		return frame[10:]
	}
	return frame[2:]
}

// IsText tells text frames made here from control frames.
func IsText(frame []byte) bool { return frame[0] == opText }

// PingFrame is a WebSocket ping; pings carry at most 125 bytes, the rest is cut off.
func PingFrame(data []byte) []byte { return control(opPing, data) }

// PongFrame answers a ping with the ping's own data.
func PongFrame(data []byte) []byte { return control(opPong, data) }

// CloseFrame ends a connection. Code 0 says nothing about why.
func CloseFrame(code CloseCode, reason string) []byte {
	if code == 0 {
		return control(opClose, nil)
	}
	return control(opClose, append(binary.BigEndian.AppendUint16(nil, uint16(code)), reason...))
}

func control(op byte, data []byte) []byte {
	data = data[:min(len(data), maxControl)]
	return append([]byte{op, byte(len(data))}, data...)
}
