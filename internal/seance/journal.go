package seance

import (
	"context"
	"iter"
	"time"
)

// A Journal keeps sessions and their messages. It is the record of truth: what is not in it may vanish with the
// process. Safe for concurrent use. Append returns only after the write is durable.
type Journal interface {
	// OpenSession keeps s. ErrExists if its ID or Code is taken.
	OpenSession(ctx context.Context, s Session) error
	// CloseSession ends a session at the given time; closing again changes nothing. ErrNotFound.
	CloseSession(ctx context.Context, id SessionID, at time.Time) error
	// Amend changes what a lets be changed of an open session, and returns the session as it is then. ErrNotFound,
	// ErrClosed.
	Amend(ctx context.Context, id SessionID, a Amendment) (Session, error)
	// Session finds a session by id or by code (in any case). ErrNotFound.
	Session(ctx context.Context, key string) (Session, error)

	// Append keeps m and returns it with Seq set. The same ID, or the same Key in the same session, again returns the
	// message as it was stored first and changes nothing. ErrNotFound; ErrClosed, except for a KindEnd message, which
	// closes the session in the same transaction (a second one is returned as the first); ErrAnswered if m is an
	// answer to a question that has one, or refers to a message that was erased; ErrBadRequest if m has no ID. ctx ends the wait for the writer's turn: once
	// that has come, the true outcome is returned.
	Append(ctx context.Context, m Message) (Message, error)
	// Message returns the message at seq. ErrNotFound.
	Message(ctx context.Context, id SessionID, seq uint64) (Message, error)
	// After yields the messages behind seq in order. Breaking off early is fine.
	After(ctx context.Context, id SessionID, seq uint64) iter.Seq2[Message, error]
	// LastSeq is the Seq of the newest message, 0 if there is none. ErrNotFound.
	LastSeq(ctx context.Context, id SessionID) (uint64, error)
	// Unanswered returns the questions without an answer, oldest first.
	Unanswered(ctx context.Context, id SessionID) ([]Message, error)
	// Pending yields the open sessions that hold an unanswered question. It is scanned at start, so that a question
	// that was acknowledged is answered even when the process died in between.
	Pending(ctx context.Context) iter.Seq2[SessionID, error]
}

// A Register keeps the people of sessions. Safe for concurrent use, durable like the Journal.
type Register interface {
	// Enrol keeps p and returns it with Candle set to the next free number of its session. The same ID again returns
	// the participant as stored first. ErrNotFound if there is no such session, ErrClosed if it has ended.
	Enrol(ctx context.Context, p Participant) (Participant, error)
	// Participant finds one person of a session. ErrNotFound.
	Participant(ctx context.Context, session SessionID, id ParticipantID) (Participant, error)
	// Participants returns everyone who was ever enrolled in a session, by candle.
	Participants(ctx context.Context, session SessionID) ([]Participant, error)
	// Kick notes that somebody was put out at the given time; again changes nothing. ErrNotFound.
	Kick(ctx context.Context, session SessionID, id ParticipantID, at time.Time) error
	// Bind makes a participant known across sessions as the Person with the given id. What was kept of them in this
	// session under their own id is that person's from now on. ErrNotFound.
	Bind(ctx context.Context, session SessionID, id ParticipantID, soul string) error
}

// Ratings keep what people think of answers. Safe for concurrent use, durable like the Journal.
type Ratings interface {
	// Rate keeps r: one for each participant and answer, a new value takes the place of the old. It is possible after
	// the end. ErrNotFound if there is no answer at r.Seq, or no such participant; ErrBadRequest if the value is none.
	Rate(ctx context.Context, r Rating) error
	// Ratings returns the ratings of a session, by Seq and then by participant.
	Ratings(ctx context.Context, id SessionID) ([]Rating, error)
}

// A Watch knows when sessions were last sat at, so that abandoned ones end by themselves.
type Watch interface {
	// Touch notes that a session had a seat at the given time. An unknown session is no error.
	Touch(ctx context.Context, id SessionID, at time.Time) error
	// Idle yields the open sessions that were neither opened nor touched since the given time.
	Idle(ctx context.Context, since time.Time) iter.Seq2[SessionID, error]
}

// A Store is everything durable behind one door, as internal/store opens it. When it cannot do its part, as with a full
// disk or after Close, its methods fail with ErrUnavailable; what yields does so once, and stops.
type Store interface {
	Journal
	Register
	Ratings
	Watch
	Ledger
	// Close ends the store once what was accepted is written.
	Close() error
}

// An Archive is a Store that also remembers: everything that is kept, behind one door.
type Archive interface {
	Store
	Memory
	People
	Analytics
}
