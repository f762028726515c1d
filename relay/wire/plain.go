package wire

import "encoding/json"

// plainEvent is `{"event": ..., "id": ..., "data": ...}` in one line; id is left out if it is empty.
func plainEvent(event, id string, data json.RawMessage) []byte {
	b := make([]byte, 0, len(event)+len(id)+len(data)+32)
	b = append(b, `{"event":`...)
	b = append(b, quote(event)...)
	if id != "" {
		b = append(b, `,"id":`...)
		b = append(b, quote(id)...)
	}
	b = append(b, `,"data":`...)
	b = append(b, data...)
	return append(b, '}')
}

// DecodePlain reads one call. An error is a *seance.Fault whose sentence names the field; the call's ID is set even
// then, if it could be read, so that the error can answer it.
func DecodePlain(text []byte) (Call, error) {
	var frame struct {
		Event json.RawMessage `json:"event"`
		ID    json.RawMessage `json:"id"`
		Data  json.RawMessage `json:"data"`
	}
	if !json.Valid(text) {
		return Call{}, badFrame("The frame is not JSON.")
	}
	if err := json.Unmarshal(text, &frame); err != nil {
		return Call{}, badFrame(`The frame must be one object: {"event", "id", "data"}.`)
	}
	var call Call
	if given(frame.ID) {
		if json.Unmarshal(frame.ID, &call.ID) != nil || len(call.ID) == 0 || len(call.ID) > maxID {
			call.ID = ""
			return call, badFrame("`id` must be a text of 1 to %d bytes.", maxID)
		}
	}
	if !given(frame.Event) {
		return call, badFrame("`event` is missing.")
	}
	if json.Unmarshal(frame.Event, &call.Event) != nil {
		return call, badFrame("`event` must be a text.")
	}
	var err error
	call.Args, err = decodeArgs(call.Event, frame.Data)
	return call, err
}

// given reports whether a member was there and not null.
func given(raw json.RawMessage) bool { return len(raw) > 0 && string(raw) != "null" }
