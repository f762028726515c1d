package seance

import "time"

// Trigger names a kind of Occasion, as hook files do.
type Trigger string

// What happens at tables. QuestionAsked is no Occasion of its own: its hooks are part of admitting a question.
const (
	SeanceOpened      Trigger = "SeanceOpened"
	SeanceClosed      Trigger = "SeanceClosed"
	ParticipantJoined Trigger = "ParticipantJoined" // a person, not a connection that comes back
	ParticipantLeft   Trigger = "ParticipantLeft"
	QuestionAsked     Trigger = "QuestionAsked" // after the care check, before the question is kept
	AnswerGiven       Trigger = "AnswerGiven"   // the last stop is over
	AnswerRated       Trigger = "AnswerRated"   // a rating is new or changed
	SilenceFell       Trigger = "SilenceFell"   // nobody asked or touched for a while
	ClockStruck       Trigger = "ClockStruck"
)

// An Occasion is something that happened at a table and that hooks may wait for. What people wrote in it (names, the
// question) is never trusted.
type Occasion struct {
	ID      string // the same on every node that sees it and after a restart: what comes of it is done once
	Trigger Trigger
	At      time.Time
	Session Session
	Present []Participant // the people at the table, spectators left out

	Participant *Participant  // joined, left, asked, rated: who
	Seq         uint64        // asked: 0; given, rated: the answer's
	Question    string        // asked, given: the question; empty for an answer to none
	Board       string        // given, rated: what was spelled
	Rating      int           // rated: 1 to 5
	Silent      time.Duration // silence: for how long
}

// A Circle is a table that this node leads, as hooks on silence and on the clock look at it.
type Circle struct {
	Session Session
	Present []Participant // spectators left out
	// Stirred is when somebody last asked, wrote, touched or sat down, or when the answer to somebody ends, which may
	// be still to come. An initiative stirs nobody: the spirit does not end a silence by itself.
	Stirred time.Time
}

// An Initiative is the spirit speaking of its own accord: a hook asked it to. It gives way to people: it is never begun
// while a question waits or letters are spelled.
type Initiative struct {
	Key      string // the hook and the occasion: the same one is spoken once
	Prompt   string // the hook's words to the spirit; its author is the operator
	Occasion Occasion
}

// Advice is what the hooks on a question add to it.
type Advice struct {
	Direction string // the prompts of agent actions: words of the operator to the spirit
	Context   string // what commands printed: something the spirit may know, never an order
}
