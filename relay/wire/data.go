package wire

import (
	"encoding/json"
	"math"
	"time"

	"seance/internal/seance"
)

// The shapes of `data`, the same in both codecs and in REST. Times are ms since the epoch.

// Session is a session as people see it.
type Session struct {
	ID           seance.SessionID `json:"id"`
	Code         string           `json:"code"`
	Name         string           `json:"name"`
	Spirit       string           `json:"spirit"`
	State        string           `json:"state" enum:"open,ended"`
	Locked       bool             `json:"locked"`
	Participants int              `json:"participants"` // how many people are present, spectators left out
	Settings     seance.Settings  `json:"settings"`
	StartedAt    int64            `json:"started_at"`
	EndedAt      *int64           `json:"ended_at"` // null while open
}

// SessionOf is s as people see it while count of them are present, spectators left out.
func SessionOf(s seance.Session, count int) Session {
	out := Session{
		ID: s.ID, Code: s.Code, Name: s.Name, Spirit: s.Spirit, State: "open", Locked: s.Locked,
		Participants: count, Settings: s.Settings, StartedAt: s.StartedAt.UnixMilli(),
	}
	if !s.Open() {
		ended := s.EndedAt.UnixMilli()
		out.State, out.EndedAt = "ended", &ended
	}
	return out
}

// Participant is a person as the others see them.
type Participant struct {
	ID     seance.ParticipantID `json:"id"`
	Name   string               `json:"name"`
	Role   seance.Role          `json:"role" enum:"host,player,spectator"`
	Candle int                  `json:"candle"`
}

// ParticipantOf is p as the others see them.
func ParticipantOf(p seance.Participant) Participant {
	if p.Name == "" {
		p.Name = seance.Nameless
	}
	return Participant{ID: p.ID, Name: p.Name, Role: p.Role, Candle: p.Candle}
}

// Welcome answers join_session.
type Welcome struct {
	Session      Session       `json:"session"`
	Participant  Participant   `json:"participant"`  // you
	Participants []Participant `json:"participants"` // everyone present, you included, by candle
	Seq          uint64        `json:"seq"`          // the newest kept message
	Recovered    bool          `json:"recovered"`    // false: more was missed than is sent; read the history
	Now          float64       `json:"now"`          // the server's clock
}

// Asked answers send_message: where the question stands, or that the care card went out instead and nothing was kept.
type Asked struct {
	Seq      uint64
	Position int
	Care     bool
}

// MarshalJSON is `{seq, position}`, or `{care: true}` alone.
func (a Asked) MarshalJSON() ([]byte, error) {
	if a.Care {
		return []byte(`{"care":true}`), nil
	}
	return json.Marshal(struct {
		Seq      uint64 `json:"seq"`
		Position int    `json:"position"`
	}{a.Seq, a.Position})
}

// Clock answers sync_clock.
type Clock struct {
	T0 float64 `json:"t0"` // what the board sent
	T1 float64 `json:"t1"` // when the server received it
	T2 float64 `json:"t2"` // when the server answered
}

// Millis is t in ms since the epoch with microseconds as its fraction, as clocks are compared.
func Millis(t time.Time) float64 { return float64(t.UnixMicro()) / 1000 }

// UserJoined says that a person sat down.
type UserJoined struct {
	Participant Participant `json:"participant"`
	Count       int         `json:"count"`
}

// UserLeft says that a person's last seat is gone.
type UserLeft struct {
	ParticipantID seance.ParticipantID `json:"participant_id"`
	Reason        seance.LeaveReason   `json:"reason" enum:"left,lost,kicked"`
	Count         int                  `json:"count"`
}

// UserTyping says that a person's pen is on the slip, or off it again.
type UserTyping struct {
	ParticipantID seance.ParticipantID `json:"participant_id"`
	Typing        bool                 `json:"typing"`
}

// QuestionAsked is a question as everyone sees it. MessageID is the one its asker's board chose.
type QuestionAsked struct {
	Seq         uint64      `json:"seq"`
	At          int64       `json:"at"`
	MessageID   string      `json:"message_id"`
	Participant Participant `json:"participant"`
	Text        string      `json:"text"`
	Position    int         `json:"position"` // how many questions were ahead of it
}

// SpiritThinking says that a question's turn has come.
type SpiritThinking struct {
	QuestionSeq uint64 `json:"question_seq"`
	Spirit      string `json:"spirit"`
	At          int64  `json:"at"`
}

// SpiritResponse is an answer: what the planchette visits, and when.
type SpiritResponse struct {
	Seq         uint64        `json:"seq"`
	At          int64         `json:"at"`
	QuestionSeq *uint64       `json:"question_seq"` // null when the spirit spoke unasked
	Board       string        `json:"board"`
	Score       *seance.Score `json:"score"`
	Source      seance.Source `json:"source" enum:"model,oracle,deflection,initiative"`
}

// SpiritWhisper is the rest of an answer, shown after its last letter.
type SpiritWhisper struct {
	Seq       uint64 `json:"seq"`
	At        int64  `json:"at"`
	AnswerSeq uint64 `json:"answer_seq"`
	Text      string `json:"text"`
}

// SpiritQuiet says that the spirit's own mind has nothing left to spend tonight: the offline spirit speaks in its place.
type SpiritQuiet struct {
	QuestionSeq *uint64 `json:"question_seq"` // null when the spirit speaks unasked
}

// Hands are all hands that touch and what they have done to the planchette, in whole board units. While a score plays P
// is the offset from the score's own way, between answers it is the planchette's place.
type Hands struct {
	T int64    `json:"t"`
	H [][3]int `json:"h"` // candle, x, y
	P [2]int   `json:"p"` // x, y
}

func handsOf(t int64, h seance.Hands) Hands {
	out := Hands{T: t, H: make([][3]int, len(h.Touching)), P: [2]int{whole(h.Planchette.X), whole(h.Planchette.Y)}}
	for i, hand := range h.Touching {
		out.H[i] = [3]int{hand.Candle, whole(hand.Place.X), whole(hand.Place.Y)}
	}
	return out
}

func whole(bu float64) int { return int(math.Round(bu)) }

// WhoseHand says who leaned into an answer: shares that add up to 1.
type WhoseHand struct {
	AnswerSeq uint64       `json:"answer_seq"`
	Shares    [][2]float64 `json:"shares"` // candle, share
}

func whoseHandOf(w seance.WhoseHand) WhoseHand {
	out := WhoseHand{AnswerSeq: w.Answer, Shares: make([][2]float64, len(w.Shares))}
	for i, s := range w.Shares {
		out.Shares[i] = [2]float64{float64(s.Candle), s.Part}
	}
	return out
}

// Care goes to the asker's connections only.
type Care = seance.Care

// Hush lets the candles gutter for everyone, no reason given.
type Hush struct {
	Ms int64 `json:"ms"`
}

// SessionUpdated says that something about the session has changed.
type SessionUpdated struct {
	Session Session `json:"session"`
}

// SessionEnded is a session's last message.
type SessionEnded struct {
	Seq    uint64           `json:"seq"`
	At     int64            `json:"at"`
	Reason seance.EndReason `json:"reason" enum:"host,goodbye,idle"`
}

// Erased holds the place of a message whose words are gone.
type Erased struct {
	Seq    uint64 `json:"seq"`
	Erased bool   `json:"erased"`
}

// MessagesErased says that words are gone which were on the boards, and the names of people who keep their seats: they
// are called Somebody from now on.
type MessagesErased struct {
	Seqs           []uint64               `json:"seqs"`
	ParticipantIDs []seance.ParticipantID `json:"participant_ids"`
}

// Error is what went wrong, in `error` frames, in acks and in REST's envelope.
type Error struct {
	Code         ErrorCode `json:"code"`
	Message      string    `json:"message"`                  // a sentence a player can act on
	RetryAfterMs int64     `json:"retry_after_ms,omitempty"` // when trying again is worth it
}

// Error returns the sentence.
func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }
