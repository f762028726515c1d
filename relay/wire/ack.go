package wire

import (
	"encoding/json"
	"fmt"
)

// Ack is the frame that answers a call with data.
func Ack(c Codec, id string, data any) ([]byte, error) {
	raw, err := json.Marshal(data)
	if err != nil {
		return nil, fmt.Errorf("ack: %w", err)
	}
	if c == SocketIO {
		return Frame(socketIOAck(id, `{"success":true,"data":`, raw, `,"error":null}`)), nil
	}
	return Frame(plainEvent("ack", id, raw)), nil
}

// Fail is the frame that answers a call with what went wrong; without an id it is an `error` event.
func Fail(c Codec, id string, e Error) []byte {
	raw, _ := json.Marshal(e) // two texts and a number always encode
	switch {
	case c == Plain:
		return Frame(plainEvent(EventError, id, raw))
	case id == "":
		return Frame(socketIOEvent(EventError, raw))
	}
	return Frame(socketIOAck(id, `{"success":false,"data":null,"error":`, raw, `}`))
}
