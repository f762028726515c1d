package seance

import (
	"context"
	"time"
)

// A Person is somebody who is known beyond one session. Without Consent nothing is kept of them but that.
type Person struct {
	ID        string
	Name      string // at most 24 graphemes, through the door
	Locale    string
	Consent   bool
	Secret    string // the hash of what their browser keeps; empty if none does
	CreatedAt time.Time
	SeenAt    time.Time
}

// A Note is something a client wrote down about a person.
type Note struct {
	ID      string
	Person  string
	Session SessionID // may be empty
	Text    string
	At      time.Time
}

// A Visit is somebody sitting down or getting up.
type Visit struct {
	ID      string
	Person  string // a person's id, or a participant's of that session
	Session SessionID
	Leaves  bool
	At      time.Time
}

// A PersonQuery picks people, those seen last first.
type PersonQuery struct {
	Query string // part of the name, case and accents folded
	Since time.Time
	Page
}

// A People keeps persons. Safe for concurrent use, durable like the Journal.
type People interface {
	// Remember keeps p, or changes name, locale and consent of the one with its ID. Withdrawn consent erases the notes.
	Remember(ctx context.Context, p Person) (kept Person, created bool, err error)
	Person(ctx context.Context, id string) (Person, error)
	// Soul finds who has a secret by its hash.
	Soul(ctx context.Context, secret string) (Person, error)
	Persons(ctx context.Context, q PersonQuery) (people []Person, next string, err error)
	// AddNote keeps a note; the same ID again changes nothing. ErrForbidden without consent. A note with the ID of a
	// question is about that one, and forgotten with it or its answer; of these the newest 50 of a person are kept.
	AddNote(ctx context.Context, n Note) (created bool, err error)
	Notes(ctx context.Context, person string, p Page) (notes []Note, next string, err error)
	// AddVisit keeps a visit; the same ID again changes nothing. ErrNotFound if nobody is called so, as after they were
	// forgotten.
	AddVisit(ctx context.Context, v Visit) (created bool, err error)
	Visits(ctx context.Context, person string, p Page) (visits []Visit, next string, err error)
	// Present returns who sits in a session: the visits that nobody has ended, by time.
	Present(ctx context.Context, id SessionID) ([]Visit, error)
	// AllLeave ends every visit that nobody has ended, as of the given time: whoever sat there when a server died.
	AllLeave(ctx context.Context, at time.Time) error
	// Merge moves everything of one person to another and returns the counts; dry changes nothing.
	Merge(ctx context.Context, from, into string, dry bool) (Forgotten, error)
	// ForgetPerson erases a person, or a participant of one session, everywhere: what they asked and what was answered
	// to it, notes, visits, ratings, what was logged and scored of it, their name wherever they sat, and every message,
	// fact, recap, omen and note of those sessions, notes on others among them, that has their name in it. Nothing of it is left in the files of the
	// store. dry changes nothing.
	ForgetPerson(ctx context.Context, id string, dry bool) (Forgotten, error)
}
