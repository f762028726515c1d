package wire

import (
	"encoding/json"
	"errors"
	"fmt"

	"seance/internal/seance"
)

// The calls a client makes.
const (
	CallJoin  = "join_session"
	CallSend  = "send_message"
	CallLeave = "leave_session"
	CallClock = "sync_clock"
	CallHand  = "move_hand"
	CallType  = "set_typing"
	CallRate  = "rate_answer"
)

// maxID is the longest id a call may carry, in bytes.
const maxID = 64

// A Call is what a client asks of the server. Args is one of the types below, by value.
type Call struct {
	Event string
	ID    string // what its answer carries; empty if none is wanted
	Args  any
}

// JoinSession takes a seat. Since is the last seq the board has, nil if it has none.
type JoinSession struct {
	Token string
	Since *uint64
}

// SendMessage asks the spirit. MessageID is the client's own, a key against doubles within the session.
type SendMessage struct {
	MessageID string
	Text      string
}

// LeaveSession gives up the seat by choice.
type LeaveSession struct{}

// SyncClock compares clocks; T0 comes back as it was.
type SyncClock struct{ T0 float64 }

// MoveHand is where a hand pulls, in board units, or that it was lifted.
type MoveHand struct {
	X, Y   float64
	Lifted bool
}

// SetTyping says that the pen is on the slip, or off it.
type SetTyping struct{ Typing bool }

// RateAnswer gives the answer at Seq 1 to 5.
type RateAnswer struct {
	Seq   uint64
	Value int
}

// decodeArgs reads a call's data. Members it does not know are allowed: boards and servers are not renewed at once.
func decodeArgs(event string, data json.RawMessage) (any, error) {
	read, ok := calls[event]
	if !ok {
		return nil, badFrame("There is no event %.40q.", event)
	}
	var f fields
	if given(data) {
		if err := json.Unmarshal(data, &f); err != nil {
			return nil, badFrame("%s: `%s` is not of the right kind.", event, fieldOf(err))
		}
	}
	args, complaint := read(f)
	if complaint != "" {
		return nil, badFrame("%s: %s.", event, complaint)
	}
	return args, nil
}

// fields are the members that calls have, nil where not given.
type fields struct {
	Token     *string  `json:"token"`
	Since     *uint64  `json:"since"`
	MessageID *string  `json:"message_id"`
	Text      *string  `json:"text"`
	T0        *float64 `json:"t0"`
	X         *float64 `json:"x"`
	Y         *float64 `json:"y"`
	Lifted    *bool    `json:"lifted"`
	Typing    *bool    `json:"typing"`
	Seq       *uint64  `json:"seq"`
	Value     *int     `json:"value"`
}

// calls make a call's arguments of its fields, or say which field is not as it must be.
var calls = map[string]func(fields) (args any, complaint string){
	CallJoin: func(f fields) (any, string) {
		if f.Token == nil || *f.Token == "" {
			return nil, "`token` is missing"
		}
		return JoinSession{*f.Token, f.Since}, ""
	},
	CallSend: func(f fields) (any, string) {
		switch {
		case f.MessageID == nil:
			return nil, "`message_id` is missing"
		case !isKey(*f.MessageID):
			return nil, "`message_id` must be 1 to 64 visible ASCII characters"
		case f.Text == nil:
			return nil, "`text` is missing"
		}
		return SendMessage{*f.MessageID, *f.Text}, ""
	},
	CallLeave: func(fields) (any, string) { return LeaveSession{}, "" },
	CallClock: func(f fields) (any, string) {
		if f.T0 == nil {
			return nil, "`t0` is missing"
		}
		return SyncClock{*f.T0}, ""
	},
	CallHand: func(f fields) (any, string) {
		switch {
		case f.Lifted != nil && *f.Lifted:
			return MoveHand{Lifted: true}, ""
		case f.X == nil:
			return nil, "`x` is missing"
		case f.Y == nil:
			return nil, "`y` is missing"
		}
		return MoveHand{X: *f.X, Y: *f.Y}, ""
	},
	CallType: func(f fields) (any, string) {
		if f.Typing == nil {
			return nil, "`typing` is missing"
		}
		return SetTyping{*f.Typing}, ""
	},
	CallRate: func(f fields) (any, string) {
		switch {
		case f.Seq == nil || *f.Seq == 0:
			return nil, "`seq` is missing"
		case f.Value == nil:
			return nil, "`value` is missing"
		case *f.Value < 1 || *f.Value > 5:
			return nil, "`value` must be 1 to 5"
		}
		return RateAnswer{*f.Seq, *f.Value}, ""
	},
}

// isKey reports whether s can be a message's key: 1 to 64 visible ASCII characters; a UUID is one.
func isKey(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return len(s) >= 1 && len(s) <= 64
}

// fieldOf names the member a decoding error is about; `data` if it is the whole.
func fieldOf(err error) string {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) && kind.Field != "" {
		return kind.Field
	}
	return "data"
}

func badFrame(format string, args ...any) error {
	return &seance.Fault{Kind: seance.ErrBadRequest, Say: fmt.Sprintf(format, args...)}
}
