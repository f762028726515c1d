package seance

import (
	"context"
	"time"
)

// A Page asks for a part of a list. Limit is the most entries (1 to 100; 20 if 0); After is what the part before it
// returned as next, empty for the first. Lists never change the order of what they have shown.
type Page struct {
	Limit int
	After string
}

// A Turn is one line of a session as memory tells it. Questions and answers are the journal's own messages, an answer
// together with its whisper; omens and notes belong to memory alone and take no place in the session's Seq.
type Turn struct {
	ID          string // the message's id; for omens and notes the one their writer chose
	Session     SessionID
	Seq         uint64 // the message's; for omens and notes their own count, from 1
	Kind        TurnKind
	Speaker     Speaker
	Participant string // who spoke: a person's id if they have one across sessions, else that session's own
	Name        string // what they were called there
	Text        string // an answer's board line, and its whisper on a line of its own
	Refers      string // an answer's question: its ID
	At          time.Time
	Erased      bool // only the place is left
}

// What a turn is, and whose it is.
type (
	// A TurnKind is what a turn is.
	TurnKind string
	// A Speaker is whose turn it is.
	Speaker string
)

// The kinds of turns, and who speaks.
const (
	TurnQuestion TurnKind = "question"
	TurnAnswer   TurnKind = "answer"
	TurnOmen     TurnKind = "omen"
	TurnNote     TurnKind = "note"

	SpeakerPlayer Speaker = "player"
	SpeakerSpirit Speaker = "spirit"
	SpeakerHost   Speaker = "host"
)

// A TurnQuery picks turns of one session, oldest first.
type TurnQuery struct {
	Session SessionID
	Kinds   []TurnKind // all if empty
	Since   uint64     // only questions and answers behind this Seq, and omens and notes that came after it
	Last    bool       // the last page, and with After the one before that, instead of the first and the one after it
	Page
}

// A Search looks for words. Every word has to be there; accents and case do not matter.
type Search struct {
	Query       string
	Session     SessionID // everywhere if empty
	Participant string    // by or to anyone if empty
	Page
}

// A Hit is something a Search found: a turn or a fact.
type Hit struct {
	Turn    *Turn
	Fact    *Fact
	Snippet string  // the words around what was found
	Score   float64 // higher is better
}

// A Fact is something that holds in a session until it is forgotten.
type Fact struct {
	ID      string
	Session SessionID
	Text    string
	Source  string // the ID of the turn it comes from; may be empty
	At      time.Time
}

// A Recap sums up a session up to a Seq. Each new one has the next version.
type Recap struct {
	Session SessionID
	UpTo    uint64
	Version int
	Text    string
	At      time.Time
}

// A SessionQuery picks sessions, newest first.
type SessionQuery struct {
	State  string // "open", "ended" or empty for both
	Person string // who sat there
	Since  time.Time
	Page
}

// A Memory keeps what a session is remembered by. Safe for concurrent use, durable like the Journal. Everywhere
// ErrNotFound is an unknown session or id; next is empty when nothing follows.
type Memory interface {
	// AddTurn keeps an omen or a note; Text and Session are needed. The ID of a message or turn that is there already
	// returns that one and changes nothing.
	AddTurn(ctx context.Context, t Turn) (kept Turn, created bool, err error)
	Turn(ctx context.Context, id string) (Turn, error)
	// Turns also returns how many there are in all pages together. Limit may be up to 500 here.
	Turns(ctx context.Context, q TurnQuery) (turns []Turn, next string, total int, err error)
	Search(ctx context.Context, s Search) (hits []Hit, next string, err error)
	// PinFact keeps a fact. The same text again in the same session is the same fact.
	PinFact(ctx context.Context, f Fact) (kept Fact, created bool, err error)
	Facts(ctx context.Context, id SessionID, p Page) (facts []Fact, next string, err error)
	// StoreRecap keeps a recap and returns it with its version. The same UpTo and Text again are the same recap.
	StoreRecap(ctx context.Context, r Recap) (Recap, error)
	// Recap returns the newest. ErrNotFound if there is none.
	Recap(ctx context.Context, id SessionID) (Recap, error)
	Sessions(ctx context.Context, q SessionQuery) (sessions []Session, next string, err error)
	// Forget erases turns and facts by their IDs: a message is blanked and keeps its Seq, an answer goes with its
	// whisper, and what was logged and scored of it goes too. dry changes nothing. Unknown ids are passed over.
	Forget(ctx context.Context, ids []string, dry bool) (Forgotten, error)
	// Asked returns what a person, or a participant of one session, has asked and what was answered, newest first.
	Asked(ctx context.Context, person string, p Page) (asked []Exchange, next string, err error)
	// Erased returns the messages and names that were erased after the given time, oldest first, whoever did it.
	Erased(ctx context.Context, since time.Time) ([]Erasure, error)
	// Changes is a number that is another one after somebody else, another process included, has changed anything.
	Changes(ctx context.Context) (int64, error)
}

// An Exchange is a question and what was answered to it.
type Exchange struct {
	ID      string // the question's
	Session SessionID
	Text    string
	Board   string // empty without an answer
	At      time.Time
}

// An Erasure is one message that was blanked, or one participant whose name is gone: exactly one of Seq and Participant
// is set.
type Erasure struct {
	Session     SessionID
	Seq         uint64
	Participant ParticipantID
	At          time.Time
}

// Forgotten counts what was erased, or would be.
type Forgotten struct {
	Messages, Turns, Facts, Recaps, Notes, Visits, Responses, Scores, Ratings, Names int
}
