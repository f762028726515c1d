package steering

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// A Persona is a spirit's character, from the front matter and the text of a document with `seance: spirit`.
type Persona struct {
	ID          string // `name`, or the file's stem
	Title       string
	Description string
	Lang        string
	Voice       Voice

	// The rest is for the offline spirit.
	Yes, No, Maybe float64  // weights of an answer's polarity; 1 each when unset
	Terseness      float64  // 0..1: how much it prefers few and short words
	Cruelty        float64  // 0..1
	Archaic        float64  // 0..1: thee and thou
	Pace           float64  // scales travel, dwell and gaps; 1 when unset
	Add, Ban       []string // words to add to its lexicon, words it never uses
	Favourites     []string // words it comes back to

	// Soul holds facts of a life that is written down, by the words of soulKeys; the offline spirit makes up the rest.
	Soul map[string]string

	Guard   []string // headings whose text must not be leaked
	Guarded []string // the text under each of them, references expanded
	Text    string   // the document with its references expanded in place
}

// A Voice is how a spirit sounds.
type Voice struct {
	Preset   string            // the name of one that is known, such as low-tide; may be empty
	Settings map[string]string // what it has of its own, as it was written; nil if nothing
}

// soulKeys are the facts that a life may have.
var soulKeys = []string{
	"name", "born", "died", "trade", "town", "manner", "culprit", "object", "kin", "secret", "want", "room",
}

// Plain returns a persona without a character of its own: what every key that is unset falls back to.
func Plain(id string) Persona {
	return Persona{ID: id, Title: id, Lang: "en", Yes: 1, No: 1, Maybe: 1, Pace: 1}
}

const (
	warnRunes = 8_000
	maxRunes  = 12_000 // of a guide; a persona's text is cut there
	maxWeight = 1_000
	minPace   = 0.25
	maxPace   = 4
)

// newPersona reads the front matter of a spirit; text is its body with references expanded.
func newPersona(d document, text string, ps *problems) Persona {
	p := Plain(d.id)
	f := d.front
	p.Title = firstOf(f.word("title"), heading(text), d.id)
	p.Description = f.word("description")
	p.Lang = firstOf(f.word("lang"), p.Lang)
	p.Voice = d.voice(ps)
	p.Soul = d.soul(ps)

	ratio := func(key string, to *float64, f front, least, most float64) {
		if _, set := f[key]; !set {
			return
		}
		if v, ok := f.number(key, least, most); ok {
			*to = v
		} else {
			ps.add(Warning, d.path, f.line(key), "%s is not a number from %g to %g", key, least, most)
		}
	}
	weights := d.sub("weights", []string{"yes", "no", "maybe"}, ps)
	ratio("yes", &p.Yes, weights, 0, maxWeight)
	ratio("no", &p.No, weights, 0, maxWeight)
	ratio("maybe", &p.Maybe, weights, 0, maxWeight)
	if p.Yes+p.No+p.Maybe == 0 {
		ps.add(Warning, d.path, f.line("weights"), "the weights are all zero, so they count one each")
		p.Yes, p.No, p.Maybe = 1, 1, 1
	}
	ratio("terseness", &p.Terseness, f, 0, 1)
	ratio("cruelty", &p.Cruelty, f, 0, 1)
	ratio("archaic", &p.Archaic, f, 0, 1)
	ratio("pace", &p.Pace, f, minPace, maxPace)

	lexicon := d.sub("lexicon", []string{"add", "ban"}, ps)
	p.Add, p.Ban = lexicon.words("add"), lexicon.words("ban")
	p.Favourites = f.words("favourites")
	p.Guard = f.words("guard")
	for _, name := range p.Guard {
		texts := under(text, name)
		if len(texts) == 0 {
			ps.add(Warning, d.path, f.line("guard"), "there is no heading %q to guard", name)
		}
		p.Guarded = append(p.Guarded, texts...)
	}
	p.Text = d.measured(text, ps)
	return p
}

// sub reads a key whose value is a mapping, and tells of entries that mean nothing.
func (d document) sub(key string, known []string, ps *problems) front {
	n, set := d.front[key]
	if !set {
		return nil
	}
	f, ok := mapping(n)
	if !ok {
		ps.add(Warning, d.path, d.front.line(key), "%s is not a list of keys and values", key)
		return nil
	}
	for _, entry := range slices.Sorted(maps.Keys(f)) {
		if slices.Contains(known, entry) {
			continue
		}
		if near := nearest(entry, known); near != "" {
			ps.add(Warning, d.path, f.line(entry), "unknown key %q under %s; did you mean %q?", entry, key, near)
		} else {
			ps.add(Warning, d.path, f.line(entry), "unknown key %q under %s: it takes %s", entry, key, strings.Join(known, ", "))
		}
		delete(f, entry)
	}
	return f
}

// voice reads the name of a preset, or a mapping with one and settings.
func (d document) voice(ps *problems) Voice {
	settings, ok := mapping(d.front["voice"])
	if !ok {
		v := Voice{Preset: d.front.word("voice")}
		if n := target(d.front["voice"]); n != nil && n.Kind != yaml.ScalarNode {
			ps.add(Warning, d.path, d.front.line("voice"), "voice is neither the name of a preset nor a list of keys and values")
		}
		return v
	}
	said := d.facts("voice", settings, ps)
	v := Voice{Preset: said["preset"]}
	delete(said, "preset")
	if len(said) > 0 {
		v.Settings = said
	}
	return v
}

func (d document) soul(ps *problems) map[string]string {
	return d.facts("soul", d.sub("soul", soulKeys, ps), ps)
}

// facts reads the entries of a mapping as words; nil if there are none.
func (d document) facts(key string, f front, ps *problems) map[string]string {
	var said map[string]string
	for _, entry := range slices.Sorted(maps.Keys(f)) {
		if n := target(f[entry]); n.Kind != yaml.ScalarNode {
			ps.add(Warning, d.path, f.line(entry), "%s under %s is not a single value", entry, key)
		}
		if w := f.word(entry); w != "" {
			if said == nil {
				said = map[string]string{}
			}
			said[entry] = w
		}
	}
	return said
}

// measured returns text, cut where no guide has room for more of it.
func (d document) measured(text string, ps *problems) string {
	switch n := utf8.RuneCountInString(text); {
	case n > maxRunes:
		ps.add(Error, d.path, 0, "%d characters with what it pulls in; a guide has %d, the rest is cut off", n, maxRunes)
		return string([]rune(text)[:maxRunes])
	case n > warnRunes:
		ps.add(Warning, d.path, 0, "%d characters with what it pulls in; a guide has %d in all", n, maxRunes)
	}
	return text
}

func firstOf(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}
