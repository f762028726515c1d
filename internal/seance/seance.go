// Package seance holds the nouns of the house and the contracts between its rooms: sessions, the people who sit in
// them, the messages that are kept, the score of an answer, the events a room tells its seats, and the Journal that
// everything durable goes through.
//
// It imports the standard library alone, and nothing here does any I/O.
package seance

import "time"

// The three kinds of identity. They are distinct types so that one is never passed for another.
type (
	// A SessionID names a sitting for good. It is a UUIDv7; people use the session's Code instead.
	SessionID string
	// A ParticipantID names one person in one session (a UUIDv7).
	ParticipantID string
	// A MessageID names a kept message (a UUIDv7, minted by the server).
	MessageID string
)

// A Session is a durable sitting: what is true of it whether or not anyone is connected.
type Session struct {
	ID         SessionID `json:"id"`
	Code       string    `json:"code"` // WORD-NNN, upper case, unique until the session is purged
	Name       string    `json:"name"`
	Spirit     string    `json:"spirit"` // id of the persona that was summoned
	Locked     bool      `json:"locked"`
	Passphrase string    `json:"passphrase,omitempty"` // argon2id hash in PHC form; empty when none is asked
	Settings   Settings  `json:"settings"`
	Seed       uint32    `json:"seed"` // everything the offline spirit makes up follows from it
	StartedAt  time.Time `json:"started_at"`
	EndedAt    time.Time `json:"ended_at"` // zero while the session is open
}

// Open reports whether people may still ask in s.
func (s Session) Open() bool { return s.EndedAt.IsZero() }

// Settings are what a host may choose for a session. Their zero value is not valid on the wire: see DefaultSettings.
type Settings struct {
	Tone      Tone     `json:"tone"`
	Spelling  Spelling `json:"spelling"`
	WhoseHand bool     `json:"whose_hand"` // show, after an answer, who leaned into it
}

// DefaultSettings are those of a session whose host chose nothing.
func DefaultSettings() Settings {
	return Settings{Tone: Family, Spelling: Short, WhoseHand: true}
}

// Tone is how far the spirit may go.
type Tone string

// The two tones. Family is the default; adult is the host's switch.
const (
	Family Tone = "family"
	Adult  Tone = "adult"
)

// Spelling says how much of an answer the planchette visits.
type Spelling string

// Short spells at most 24 letters in 12 s; full spells at most 44 in 18 s.
const (
	Short Spelling = "short"
	Full  Spelling = "full"
)

// Letters is the most letters that an answer may spell.
func (s Spelling) Letters() int {
	if s == Full {
		return 44
	}
	return 24
}

// A Participant is a person in one session. Several connections with one token are one participant.
type Participant struct {
	ID       ParticipantID `json:"id"`
	Session  SessionID     `json:"session"`
	Name     string        `json:"name"` // empty once it was forgotten
	Role     Role          `json:"role"`
	Candle   int           `json:"candle"` // small, from 1, stable in the session
	JoinedAt time.Time     `json:"joined_at"`
	KickedAt time.Time     `json:"kicked_at"`      // zero unless the host put them out
	Soul     string        `json:"soul,omitempty"` // the Person they are across sessions; empty unless they agreed to be known
}

// Nameless is what everybody is called whose name was forgotten.
const Nameless = "Somebody"

// Role is what a participant may do.
type Role string

// The three roles. Spectators may join, sync the clock and leave, nothing else.
const (
	Host      Role = "host"
	Player    Role = "player"
	Spectator Role = "spectator"
)
