package oracle

import (
	"fmt"
	"strings"
)

// A noun of the lexicon, as data/words.txt has it.
type noun struct {
	one, many string // "" when it has none: mass nouns have no plural, plural nouns no singular
	class     string
	say       bool // the oracle may use it unasked
}

// countable reports whether there can be one of it and two of it.
func (n *noun) countable() bool { return n.one != "" && n.many != "" }

// A lexicon is every word the oracle knows.
type lexicon struct {
	nouns    map[string]*noun   // by either form
	classes  map[string][]*noun // what may be said, by class
	mass     []*noun            // uncountable ones that may be said
	adjs     []string           // those that may be said
	verbs    map[string]bool    // plain forms
	base     map[string]string  // any form to its plain form
	same     map[string]string  // a word to the one that stands for its meaning
	opposite map[string]string  // the second of a pair to the first
	known    map[string]bool
}

// sayableAdjs is how many adjectives, from the head of their list, the oracle uses unasked.
const sayableAdjs = 44

func parseWords(text string) (*lexicon, error) {
	x := &lexicon{
		nouns: map[string]*noun{}, classes: map[string][]*noun{}, verbs: map[string]bool{}, base: map[string]string{},
		same: map[string]string{}, opposite: map[string]string{}, known: map[string]bool{},
	}
	class, say := "", false
	for i, line := range strings.Split(text, "\n") {
		fields := strings.Fields(line)
		switch {
		case len(fields) == 0 || fields[0] == "#":
			continue
		case fields[0] == "==":
			if len(fields) < 2 {
				return nil, fmt.Errorf("words.txt:%d: a heading without a class", i+1)
			}
			class, say = fields[1], len(fields) > 2 && fields[2] == "say"
			continue
		}
		switch class {
		case "":
			return nil, fmt.Errorf("words.txt:%d: words before the first heading", i+1)
		case "adj", "adv", "common":
			for _, w := range fields {
				x.known[w] = true
				if class == "adj" && len(x.adjs) < sayableAdjs {
					x.adjs = append(x.adjs, w)
				}
			}
		case "verb":
			for _, w := range fields {
				x.addVerb(w)
			}
		case "same":
			for _, w := range fields {
				x.same[w], x.known[w] = fields[0], true
			}
		case "opposite":
			if len(fields) != 2 {
				return nil, fmt.Errorf("words.txt:%d: opposites come in pairs", i+1)
			}
			x.opposite[fields[1]] = fields[0]
			x.known[fields[0]], x.known[fields[1]] = true, true
		default:
			for _, w := range fields {
				x.addNoun(w, class, say)
			}
		}
	}
	return x, nil
}

func (x *lexicon) addNoun(w, class string, say bool) {
	n := &noun{class: class, say: say}
	clean := func(s string) string { return strings.ReplaceAll(s, "_", " ") }
	switch {
	case strings.HasPrefix(w, "~"):
		n.one = clean(w[1:])
	case strings.HasPrefix(w, "+"):
		n.many = clean(w[1:])
	default:
		one, many, ok := strings.Cut(w, "/")
		if !ok {
			many = plural(one)
		}
		n.one, n.many = clean(one), clean(many)
	}
	for _, form := range []string{n.one, n.many} {
		if form == "" {
			continue
		}
		if _, taken := x.nouns[form]; !taken {
			x.nouns[form] = n
		}
		x.known[form] = true
	}
	if n.countable() && x.base[n.many] == "" && n.many != n.one {
		x.base[n.many] = n.one
	}
	if !say {
		return
	}
	x.classes[class] = append(x.classes[class], n)
	if class == "mass" {
		x.mass = append(x.mass, n)
	}
}

func (x *lexicon) addVerb(w string) {
	forms := strings.Split(w, "/")
	v := forms[0]
	v = strings.ReplaceAll(v, "_", " ")
	x.verbs[v], x.known[v] = true, true
	past := []string{v + "ed"}
	switch {
	case len(forms) > 1:
		past = forms[1:]
	case strings.HasSuffix(v, "e"):
		past = []string{v + "d"}
	case doubles(v):
		past = []string{v + v[len(v)-1:] + "ed"}
	case strings.HasSuffix(v, "y") && len(v) > 1 && !strings.ContainsRune("aeiou", rune(v[len(v)-2])):
		past = []string{v[:len(v)-1] + "ied"}
	}
	ing := v + "ing"
	switch {
	case strings.HasSuffix(v, "ie"):
		ing = v[:len(v)-2] + "ying"
	case strings.HasSuffix(v, "e") && !strings.HasSuffix(v, "ee") && len(v) > 2:
		ing = v[:len(v)-1] + "ing"
	case doubles(v):
		ing = v + v[len(v)-1:] + "ing"
	}
	for _, f := range append(past, ing, plural(v)) {
		if f != v && x.base[f] == "" {
			x.base[f] = v
		}
		x.known[f] = true
	}
}

// doubles reports whether v doubles its last letter before an ending, as stop does.
func doubles(v string) bool {
	if len(v) < 3 || len(v) > 4 || strings.ContainsAny(v, " ") {
		return false
	}
	vowel := func(i int) bool { return strings.IndexByte("aeiou", v[i]) >= 0 }
	last := len(v) - 1
	return !vowel(last) && vowel(last-1) && !vowel(last-2) && strings.IndexByte("wxy", v[last]) < 0
}

// plural is the regular plural of a noun (and the third person of a verb).
func plural(w string) string {
	switch {
	case strings.HasSuffix(w, "s"), strings.HasSuffix(w, "x"), strings.HasSuffix(w, "z"),
		strings.HasSuffix(w, "ch"), strings.HasSuffix(w, "sh"):
		return w + "es"
	case strings.HasSuffix(w, "y") && len(w) > 1 && !strings.ContainsRune("aeiou", rune(w[len(w)-2])):
		return w[:len(w)-1] + "ies"
	}
	return w + "s"
}

// plain is the plain form of a word: died is die, candles is candle.
func (x *lexicon) plain(w string) string {
	if b, ok := x.base[w]; ok {
		return b
	}
	return w
}

// article is "a" or "an", as what follows sounds.
func article(next string) string {
	next = strings.ToLower(next)
	for _, p := range []string{"hour", "honest", "heir"} {
		if strings.HasPrefix(next, p) {
			return "an"
		}
	}
	for _, p := range []string{"one", "uni", "use", "ewe", "eu"} {
		if strings.HasPrefix(next, p) {
			return "a"
		}
	}
	if next != "" && strings.IndexByte("aeiou", next[0]) >= 0 {
		return "an"
	}
	return "a"
}
