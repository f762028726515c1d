package steering

import (
	"bytes"
	"cmp"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// kind is what a document is to the séance. One without a kind is for somebody else, such as the coding agent of an
// IDE, and never reaches a spirit.
type kind string

const (
	spirit kind = "spirit"
	rules  kind = "rules"
	lore   kind = "lore"
)

// A document is a steering document as it was read, its references not yet expanded.
type document struct {
	from     From
	name     string // within its source
	path     string // what people call it
	kind     kind
	id       string // `name`, or the file's stem
	front    front
	body     string
	bodyLine int // line of the file that body starts on
}

// A Document is one that is in force.
type Document struct {
	Kind        string // spirit, rules or lore
	ID          string
	Path        string // from the workspace root: .kiro/steering/..., or ~/.kiro/steering/... for the user's
	From        From
	Title       string // of a spirit, or of rules that have one
	Description string
	Text        string // its references expanded in place
}

func (d document) inForce(title, text string) Document {
	return Document{
		Kind: string(d.kind), ID: d.id, Path: d.path, From: d.from, Title: firstOf(title, d.front.word("title")),
		Description: d.front.word("description"), Text: text,
	}
}

func (d Document) compare(other Document) int {
	order := []string{string(spirit), string(rules), string(lore)}
	return cmp.Or(slices.Index(order, d.Kind)-slices.Index(order, other.Kind), cmp.Compare(d.Path, other.Path),
		cmp.Compare(d.From, other.From))
}

// knownKeys are those that a séance document may have; its author is told of any other.
var knownKeys = []string{
	"seance", "inclusion", "fileMatchPattern", "name", "title", "description", "lang", "voice", "soul", "weights", "terseness",
	"cruelty", "archaic", "pace", "lexicon", "favourites", "guard", "keywords", "budget", "sticky", "cooldown",
}

// parse reads a document leniently: CRLF and a byte order mark are accepted, and whatever is not front matter is text.
// ok is false when it is kept out; why is among the problems.
func parse(name string, data []byte, ps *problems) (doc document, ok bool) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !utf8.Valid(data) {
		ps.add(Error, name, 0, "it is not UTF-8")
		return document{}, false
	}
	text := strings.ReplaceAll(string(data), "\r\n", "\n")
	doc = document{path: name, id: strings.TrimSuffix(path.Base(name), path.Ext(name)), front: front{}}

	var matter string
	matter, doc.body, doc.bodyLine = split(text)
	if doc.bodyLine == 1 {
		switch {
		case strings.HasPrefix(text, "---\n"):
			ps.add(Warning, name, 1, "the front matter is never closed by a line of three dashes, so it is text")
		case almostFront.MatchString(text):
			ps.add(Warning, name, 1, "the front matter does not start on the first line, so it is text")
		}
		return doc, true
	}
	f, line, err := parseFront(matter)
	if err != nil {
		ps.add(Error, name, line+1, "the front matter is not YAML: %v", err)
		return document{}, false
	}
	doc.front = f
	if n := f.word("name"); n != "" {
		doc.id = n
	}
	if !doc.included(ps) {
		return document{}, false
	}
	if strings.EqualFold(path.Base(name), "AGENTS.md") {
		return doc, true // for the coding agent, whatever it says
	}
	if _, claimed := f["seance"]; claimed {
		doc.kind = kind(f.word("seance"))
		if !slices.Contains([]kind{spirit, rules, lore}, doc.kind) {
			ps.add(Error, name, f.line("seance"), "seance: %q is none of spirit, rules, lore", doc.kind)
			return document{}, false
		}
		doc.checkKeys(ps)
	}
	return doc, true
}

// included reports whether the inclusion mode makes sense.
func (d document) included(ps *problems) bool {
	switch mode := d.front.word("inclusion"); mode {
	case "", "always", "manual", "auto":
	case "fileMatch":
		if len(d.front.words("fileMatchPattern")) == 0 {
			ps.add(Warning, d.path, d.front.line("inclusion"), "inclusion: fileMatch without a fileMatchPattern never matches")
			return false
		}
	default:
		ps.add(Error, d.path, d.front.line("inclusion"), "inclusion: %q is none of always, fileMatch, manual, auto", mode)
		return false
	}
	return true
}

func (d document) checkKeys(ps *problems) {
	for key := range d.front {
		if slices.Contains(knownKeys, key) {
			continue
		}
		if near := nearest(key, knownKeys); near != "" {
			ps.add(Warning, d.path, d.front.line(key), "unknown key %q; did you mean %q?", key, near)
		} else {
			ps.add(Warning, d.path, d.front.line(key), "unknown key %q", key)
		}
	}
}

// nearest returns the word that at most two slips of the pen lead to from key, or nothing.
func nearest(key string, words []string) string {
	best, fewest := "", 3
	for _, w := range words {
		if d := distance(strings.ToLower(key), strings.ToLower(w)); d < fewest && d < len(w) {
			best, fewest = w, d
		}
	}
	return best
}

// distance counts the letters to change, add or drop to get from a to b (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
