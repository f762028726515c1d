package seance

import "time"

// Kind is what a kept message is.
type Kind string

// The kinds of kept messages; each takes one place in the session's gapless Seq.
const (
	KindQuestion Kind = "question" // someone asked
	KindAnswer   Kind = "answer"   // the spirit spells: Board and Score
	KindWhisper  Kind = "whisper"  // the rest of an answer: Text
	KindEnd      Kind = "end"      // the session is over: Text is the EndReason
)

// A Message is one durable line of a session. Times are kept to the microsecond, in UTC.
type Message struct {
	ID          MessageID     `json:"id"`
	Session     SessionID     `json:"session"`
	Seq         uint64        `json:"seq"` // from 1, gapless; set by Journal.Append
	Kind        Kind          `json:"kind"`
	At          time.Time     `json:"at"`
	Key         string        `json:"key,omitempty"`         // question: the client's own id, a key against doubles within the session
	Participant ParticipantID `json:"participant,omitempty"` // question: who asked
	Text        string        `json:"text,omitempty"`        // question, whisper: the words; end: the EndReason
	Position    int           `json:"position,omitempty"`    // question: how many questions were ahead of it when it was asked
	Context     string        `json:"context,omitempty"`     // question: what commands of hooks added to its prompt; never shown to players
	Direction   string        `json:"direction,omitempty"`   // question: what agent actions of hooks tell the spirit beside it; never shown to players
	Refers      uint64        `json:"refers,omitempty"`      // answer: the question's Seq (0 for an initiative); whisper: the answer's
	Board       string        `json:"board,omitempty"`       // answer: what the planchette visits
	Score       *Score        `json:"score,omitempty"`       // answer: when it does
	Source      Source        `json:"source,omitempty"`      // answer
	Erased      bool          `json:"erased,omitempty"`      // what was said is gone; only the place in the Seq is left
}

// EndReason says why a session ended.
type EndReason string

// A session ends by its host's word, by a held GOODBYE, or after 24 h without a seat.
const (
	EndedByHost    EndReason = "host"
	EndedByGoodbye EndReason = "goodbye"
	EndedIdle      EndReason = "idle"
)

// Source is where an answer came from.
type Source string

// The sources of answers.
const (
	SourceModel      Source = "model"
	SourceOracle     Source = "oracle"
	SourceDeflection Source = "deflection"
	SourceInitiative Source = "initiative"
)

// A Question is what a spirit needs to know to answer: the question as it was kept, and who sits at the table.
// Before it is admitted, Message has neither Seq nor cleaned Text.
type Question struct {
	Session Session
	Message Message
	Asker   Participant
	Present []Participant // the people at the table, the asker included, spectators left out

	// Initiative is set when nobody asked and the spirit speaks of its own accord: then Message has neither Seq nor
	// Text, and Asker is nobody.
	Initiative *Initiative
}

// An Admission is what becomes of a question before anything is kept. Exactly one of Care and Text is set; a refused
// question is an error (a *Fault) instead.
type Admission struct {
	Text   string // the question, cleaned: what is kept, shown and asked
	Advice        // what hooks add to its prompt
	Care   *Care  // the fiction pauses: this goes to the asker alone, and the question is not kept
}

// Care is the card that goes to the asker's screen alone.
type Care struct {
	Text  string     `json:"text"`
	Lines []CareLine `json:"lines"`
}

// A CareLine is one place to turn to.
type CareLine struct {
	Label   string `json:"label"`
	Contact string `json:"contact"`
}

// A Part is a piece of an answer as the spirit says it: the board line first, then at most one whisper. Before both it
// may say once that the line is quiet.
type Part struct {
	Kind   PartKind
	Text   string  // board: A-Z 0-9 and single spaces, or exactly YES, NO, GOODBYE; whisper: plain text
	Source Source  // board only
	Mind   string  // name of the provider that made it
	Tempo  float64 // board only: the persona's pace, scales travel, dwell and gaps; 0 means 1
}

// PartKind tells the board line from the whisper.
type PartKind int

// The parts of an utterance.
const (
	PartBoard PartKind = iota
	PartWhisper
	// PartQuiet says that the minds which cost something have nothing left to spend, so that the offline spirit speaks:
	// boards are told and nothing is kept. It has no text.
	PartQuiet
)
