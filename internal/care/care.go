// Package care tells when a question is not a game: when somebody asks about harming or killing themselves, or about a
// friend who might. It knows English, German, French and Spanish, with the slang and the messy spelling of phones, and
// has a card for each with places to turn to.
//
// What it looks for is written down in lists/*.txt, for people who speak the language to read, judge and extend; list.go
// says how the lists are written. Look keeps nothing and logs nothing, and neither may its callers: docs/safety.md is
// the protocol they follow.
package care

import (
	"embed"
	"fmt"
	"slices"
	"sync"

	"seance/internal/seance"
)

//go:embed lists/*.txt
var files embed.FS

// languages are the lists in the order that decides when a question is as much one language as another. They are read
// once, at the first question.
var languages = sync.OnceValue(func() []*list {
	var lists []*list
	for _, name := range []string{"en", "de", "fr", "es"} {
		text, err := files.ReadFile("lists/" + name + ".txt")
		if err != nil {
			panic(err)
		}
		l, err := parse(string(text))
		if err != nil {
			panic(fmt.Sprintf("care: list %s: %v", name, err)) // a test reads the same lists
		}
		lists = append(lists, l)
	}
	return lists
})

// Look returns the card for the asker's screen, in the language of the question, if the question is about the asker's
// or a close person's self-harm or suicide. It takes words as they were typed as well as those that passed door.Text,
// and is safe for concurrent use. A question takes some 30 microseconds, the longest under 100, text made to keep it busy
// some milliseconds; the first call reads the lists.
func Look(text string) (seance.Care, bool) {
	t := read(text)
	searches := make([]*search, 0, len(languages()))
	most := 0
	for _, l := range languages() {
		s := l.start(t)
		searches = append(searches, s)
		most = max(most, s.known)
	}
	var (
		card    seance.Care
		longest int
	)
	for _, s := range searches {
		if n := s.sign(s.known == most); n > longest {
			card, longest = s.l.card, n
		}
	}
	card.Lines = slices.Clone(card.Lines)
	return card, longest > 0
}
