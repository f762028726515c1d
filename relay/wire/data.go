package wire

import "seance/internal/seance"

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

// Participant is a person as the others see them.
type Participant struct {
	ID     seance.ParticipantID `json:"id"`
	Name   string               `json:"name"`
	Role   seance.Role          `json:"role" enum:"host,player,spectator"`
	Candle int                  `json:"candle"`
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
