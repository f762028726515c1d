package spirit

import (
	"context"
	"regexp"
	"time"
	"unicode/utf8"

	"seance/internal/seance"
)

// A Memory knows what was said in a session, and who has come back. Safe for concurrent use.
type Memory interface {
	// Recall returns what came before q in its session, with the last n turns, and what is known of who asks or, if q is
	// an initiative, of whom its occasion is about. It stops when ctx is done; a failing or slow memory costs the memory,
	// never the answer.
	Recall(ctx context.Context, q seance.Question, n int) (Recollection, error)
}

// A Recollection is what came before a question. All texts of it are what people or programs wrote.
type Recollection struct {
	Asked int      // questions before this one
	Turns []Turn   // the last of them that were answered, oldest first
	Recap string   // what was before those, summed up; may be empty
	Facts []string // that were pinned; those that touch the question first

	// Of who asks, or whom the occasion is about, if they agreed to be known beyond a session:
	Known    []string  // notes of earlier sittings, newest first
	LastSeen time.Time // in another sitting; zero if never
}

// maxNote is the most characters of a Note.
const maxNote = 300

// Note is one line about what somebody asked and what was spelled for them. NoteOf reads it.
func Note(question, board string) string {
	const around = "Asked “” and was told ."
	room := maxNote - utf8.RuneCountInString(around) - utf8.RuneCountInString(board)
	return "Asked “" + clipped(question, room) + "” and was told " + board + "."
}

var noteForm = regexp.MustCompile(`^Asked “(.+)” and was told ([A-Z0-9 ]+)\.$`)

// NoteOf reads what Note has written. It reports false for any other text.
func NoteOf(note string) (question, board string, ok bool) {
	found := noteForm.FindStringSubmatch(note)
	if found == nil {
		return "", "", false
	}
	return found[1], found[2], true
}
