// Package door is the one door through which words that people wrote come in: names and questions. What it lets through
// is valid UTF-8 in NFKC, one line, without anything invisible, and within the limits; going through it again changes
// nothing. Names reach prompts and other people's screens, so they pass here too.
package door

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"golang.org/x/text/unicode/norm"

	"seance/internal/seance"
)

// The limits of docs/protocol.md, in graphemes.
const (
	MaxName     = 24
	MaxQuestion = 280
)

const (
	maxMarks    = 4  // combining marks on one base; no living script stacks more
	runesEach   = 8  // code points for each grapheme allowed: some clusters have no end of their own
	bytesEach   = 64 // bytes for each grapheme allowed, before anything is cleaned
	forbidden   = "<>:[]{}|"
	saysNoName  = "Write a name to sit down with."
	saysNoWords = "Write a question first."
)

// reserved are the names of the house: nobody sits down as one of them, in any spelling that reads the same.
var reserved = []string{"spirit", "host", "system", "admin", "seance"}

// Name cleans the name that somebody wants to be known by: 1 to MaxName graphemes. What cannot be cleaned is refused
// with a *seance.Fault of kind ErrInvalidName whose sentence says what to do.
func Name(s string) (string, error) {
	if strings.ContainsFunc(s, breaksLine) {
		return "", refuseName("A name is one line of ordinary characters.")
	}
	name, err := clean(s, MaxName, tidy)
	switch {
	case errors.Is(err, errEmpty):
		return "", refuseName(saysNoName)
	case errors.Is(err, errLong):
		return "", refuseName(fmt.Sprintf("A name has at most %d characters. Choose a shorter one.", MaxName))
	case errors.Is(err, errMarks):
		return "", refuseName("There are too many marks on one letter. Write the name more plainly.")
	case strings.ContainsAny(name, forbidden):
		return "", refuseName("A name cannot hold any of < > : [ ] { } |. Leave them out.")
	case readsAsAny(name, reserved):
		return "", refuseName("That name belongs to the house. Choose another.")
	}
	return name, nil
}

// Text cleans a question, or other words of a player: 1 to limit graphemes. Line breaks and control characters become
// spaces; bidi overrides, tokens of language models and speaker tags at the start go. What is left empty, too long or
// buried in marks is refused with a *seance.Fault of kind ErrInvalidText whose sentence says what to do.
func Text(s string, limit int) (string, error) {
	text, err := clean(s, limit, func(s string) string { return stripSpeakers(tidy(stripTokens(tidy(s)))) })
	switch {
	case errors.Is(err, errEmpty):
		return "", refuseText(saysNoWords)
	case errors.Is(err, errLong):
		return "", refuseText(fmt.Sprintf("That is too long: a question has at most %d characters.", limit))
	case errors.Is(err, errMarks):
		return "", refuseText("There are too many marks on one letter. Write it more plainly.")
	}
	return text, nil
}

func refuseName(say string) error { return &seance.Fault{Kind: seance.ErrInvalidName, Say: say} }
func refuseText(say string) error { return &seance.Fault{Kind: seance.ErrInvalidText, Say: say} }

var (
	errEmpty = errors.New("nothing is left")
	errLong  = errors.New("too long")
	errMarks = errors.New("too many marks on one base")
)

// clean is what names and questions share.
func clean(s string, limit int, wash func(string) string) (string, error) {
	if len(s) > limit*bytesEach {
		return "", errLong
	}
	s = wash(s)
	switch {
	case !strings.ContainsFunc(s, visible):
		return "", errEmpty
	case buried(s):
		return "", errMarks
	case utf8.RuneCountInString(s) > limit*runesEach || count(s) > limit:
		return "", errLong
	}
	return s, nil
}

// count returns how many characters a person sees in s.
func count(s string) int {
	n := 0
	for g := graphemes.FromString(s); g.Next(); {
		n++
	}
	return n
}

func visible(r rune) bool { return !unicode.IsSpace(r) && !unicode.Is(unicode.M, r) }

// buried reports whether one base of s carries more marks than any script needs.
func buried(s string) bool {
	marks := 0
	for _, r := range norm.NFD.String(s) {
		if !unicode.Is(unicode.M, r) {
			marks = 0
			continue
		}
		if marks++; marks > maxMarks {
			return true
		}
	}
	return false
}
