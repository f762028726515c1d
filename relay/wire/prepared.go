// Package wire turns what happens in a room into frames and back: the shapes of data, error and close codes, and the
// two codecs (plain JSON and Socket.IO) in which the same frames travel.
package wire

import (
	"encoding/json"
	"fmt"
)

// Prepared is a frame that is encoded once, however many seats it goes to. Safe for concurrent use.
type Prepared struct {
	Event string
	Data  json.RawMessage
}

// Prepare encodes data as the frame of the named event.
func Prepare(event string, data any) (*Prepared, error) {
	raw, err := json.Marshal(data)
	if err != nil {
		return nil, fmt.Errorf("frame %s: %w", event, err)
	}
	return &Prepared{Event: event, Data: raw}, nil
}
