package seance

import "time"

// An Event is what a room publishes and every node's room for the same session hears. Kept events carry a Message and
// its Seq; the others are ephemeral: never sequenced, never stored, and they may be lost. Exactly one of the fields
// below To is set (Asker goes with a question's Message, Present with Updated).
type Event struct {
	Session SessionID     `json:"session"`
	At      time.Time     `json:"at"`
	To      ParticipantID `json:"to,omitempty"` // only this person's seats; empty for everyone

	Message  *Message     `json:"message,omitempty"`
	Asker    *Participant `json:"asker,omitempty"`
	Joined   *Joined      `json:"joined,omitempty"`
	Left     *Left        `json:"left,omitempty"`
	Typing   *Typing      `json:"typing,omitempty"`
	Thinking *Thinking    `json:"thinking,omitempty"`
	Quiet    *Quiet       `json:"quiet,omitempty"`
	Known    *Participant `json:"known,omitempty"` // for the room: who they are across sessions; boards are not told
	Moved    []Hand       `json:"moved,omitempty"` // for the room that moves the planchette; boards are not told
	Hands    *Hands       `json:"hands,omitempty"`
	Whose    *WhoseHand   `json:"whose,omitempty"`
	Care     *Care        `json:"care,omitempty"` // goes with To
	Hush     *Hush        `json:"hush,omitempty"`
	Updated  *Session     `json:"updated,omitempty"`
	Present  int          `json:"present,omitempty"` // how many sit at the table; goes with Updated
}

// Seq is the event's place in the session, or 0 if it is ephemeral.
func (e Event) Seq() uint64 {
	if e.Message == nil {
		return 0
	}
	return e.Message.Seq
}

// Joined says that a person (not merely one more connection) sat down.
type Joined struct {
	Participant Participant `json:"participant"`
	Count       int         `json:"count"`
}

// Left says that a person's last seat is gone.
type Left struct {
	Participant ParticipantID `json:"participant"`
	Reason      LeaveReason   `json:"reason"`
	Count       int           `json:"count"`
}

// LeaveReason says how somebody left.
type LeaveReason string

// Leaving and kicks are announced at once; a lost line only after 5 s, so that a reload is no departure.
const (
	LeftByChoice LeaveReason = "left"
	LeftLost     LeaveReason = "lost"
	LeftKicked   LeaveReason = "kicked"
)

// Typing says that a person's pen is on the slip, or off it again.
type Typing struct {
	Participant ParticipantID `json:"participant"`
	Typing      bool          `json:"typing"`
}

// Thinking says that a question's turn has come and the spirit stirs.
type Thinking struct {
	QuestionSeq uint64 `json:"question_seq"`
	Spirit      string `json:"spirit"`
}

// Quiet says that the spirit's own mind has nothing left to spend tonight, and the offline spirit speaks in its place.
type Quiet struct {
	QuestionSeq uint64 `json:"question_seq"` // 0 for an initiative
}

// Hand says where a person's hand pulls the planchette, in board units, or that it was lifted.
type Hand struct {
	Participant ParticipantID `json:"participant,omitempty"`
	Candle      int           `json:"candle"`
	Place       Point         `json:"place"`
	Lifted      bool          `json:"lifted,omitempty"`
}

// Hands is what boards are shown of the hands, as of the event's time: those that touch, by candle, and where they
// have brought the planchette. While a score plays that is the offset from the score's own way, between answers it is
// the place, in board units.
type Hands struct {
	Touching   []Hand `json:"touching"`
	Planchette Point  `json:"planchette"`
	Home       bool   `json:"home,omitempty"` // nobody touches, and the planchette lies where it would without hands
}

// WhoseHand says, after an answer, who leaned into it: shares of the work along its way that add up to 1.
type WhoseHand struct {
	Answer uint64  `json:"answer"` // its Seq
	Shares []Share `json:"shares"` // by candle
}

// A Share is one person's part in an answer, from 0 to 1.
type Share struct {
	Candle int     `json:"candle"`
	Part   float64 `json:"part"`
}

// Hush lets the candles gutter for everyone, and says neither why nor for whom.
type Hush struct {
	For time.Duration `json:"for"`
}
