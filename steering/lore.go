package steering

import (
	"slices"
	"strconv"
	"unicode/utf8"
)

// Lore is something a spirit may remember when a question touches it: see Choose.
type Lore struct {
	ID          string // `name`, or the file's stem
	Path        string // of its document
	Description string
	Keywords    []string // whole words that call it up
	Budget      int      // the most characters of it that go into one prompt
	Sticky      int      // further questions it stays once called up
	Cooldown    int      // questions it then rests
	Text        string   // the document with its references expanded in place

	calls *calls // nil in one that was not read from a document
}

// What holds for lore that does not say otherwise: about a paragraph, for the length of a short exchange.
const (
	loreBudget   = 600
	loreSticky   = 2
	loreCooldown = 3
)

func newLore(d document, text string, ps *problems) Lore {
	l := Lore{
		ID: d.id, Path: d.path, Description: d.front.word("description"), Keywords: d.front.words("keywords"),
		Budget: loreBudget, Sticky: loreSticky, Cooldown: loreCooldown, Text: text,
	}
	for key, to := range map[string]*int{"budget": &l.Budget, "sticky": &l.Sticky, "cooldown": &l.Cooldown} {
		if _, set := d.front[key]; !set {
			continue
		}
		if v, err := strconv.Atoi(d.front.word(key)); err == nil && v >= 0 {
			*to = v
		} else {
			ps.add(Warning, d.path, d.front.line(key), "%s is not a whole number", key)
		}
	}
	l.calls = callsOf(l.Keywords, l.Description)
	key := "description"
	if len(l.Keywords) > 0 {
		key = "keywords"
	}
	switch {
	case len(l.Keywords) == 0 && l.Description == "":
		ps.add(Warning, d.path, 0, "without keywords and without a description no question calls it up")
	case len(l.calls.phrases) < l.calls.need:
		ps.add(Warning, d.path, d.front.line(key), "there are too few words here for a question to call it up")
	}
	return l
}

// calls are what calls a piece of lore up: phrases of folded words, of which a question must hold some.
type calls struct {
	phrases [][]string
	need    int
}

func callsOf(keywords []string, description string) *calls {
	c := &calls{need: 1}
	add := func(phrase []string) {
		if len(phrase) > 0 && !slices.ContainsFunc(c.phrases, func(p []string) bool { return slices.Equal(p, phrase) }) {
			c.phrases = append(c.phrases, phrase)
		}
	}
	for _, k := range keywords {
		add(words(k))
	}
	if len(keywords) > 0 {
		return c
	}
	c.need = 2
	for _, w := range words(description) {
		if alone, _ := utf8.DecodeRuneInString(w); !small[w] && (utf8.RuneCountInString(w) >= 3 || alone >= 0x0e00) {
			add([]string{w})
		}
	}
	return c
}
