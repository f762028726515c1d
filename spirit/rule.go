package spirit

import (
	"cmp"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
)

// A sieve knows what a text must hold to break one of its rules, and tries those alone that it may break: looking for
// words takes a hundredth of the time that trying all patterns does. What it finds is what the patterns find.
type sieve struct {
	rules []rule
	words words
}

// A rule is a pattern, and the words of which each text that matches holds one: one of each list.
type rule struct {
	pattern *regexp.Regexp
	needs   [][]int // places in the sieve's words
}

// longestSought is how many bytes of a word are looked for. More would hardly ever say more.
const longestSought = 10

// newSieve makes rules of patterns, one of each alternative that stands outside of brackets. It panics if one of them is
// none.
func newSieve(patterns ...string) *sieve {
	s := &sieve{}
	places := map[string]int{}
	for _, pattern := range patterns {
		for _, alternative := range alternatives(pattern) {
			r := rule{pattern: regexp.MustCompile(alternative)}
			tree, err := syntax.Parse(alternative, syntax.Perl)
			if err != nil {
				panic(err) // it has just been compiled
			}
			for _, needed := range needsOf(tree).words() {
				var list []int
				for _, w := range shortened(needed) {
					if _, known := places[w]; !known {
						places[w] = s.words.add(w)
					}
					list = append(list, places[w])
				}
				r.needs = append(r.needs, list)
			}
			s.rules = append(s.rules, r)
		}
	}
	return s
}

// breaks reports whether text matches one of the patterns.
func (s *sieve) breaks(text string) bool {
	held := s.words.in(text)
	there := func(place int) bool { return held[place] }
	for _, r := range s.rules {
		if !slices.ContainsFunc(r.needs, func(list []int) bool { return !slices.ContainsFunc(list, there) }) && r.pattern.MatchString(text) {
			return true
		}
	}
	return false
}

// alternatives splits a pattern where it says "or" outside of brackets.
func alternatives(pattern string) []string {
	var parts []string
	depth, class, begin := 0, false, 0
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '\\':
			i++
		case class:
			class = c != ']'
		case c == '[':
			class = true
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == '|' && depth == 0:
			parts, begin = append(parts, pattern[begin:i]), i+1
		}
	}
	return append(parts, pattern[begin:])
}

// shortened are words as they are looked for. Those that hold another one are left out: where they are, that one is.
func shortened(list []string) []string {
	list = slices.Clone(list)
	for i, w := range list {
		list[i] = w[:min(len(w), longestSought)]
	}
	slices.SortFunc(list, func(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) })
	var kept []string
	for _, w := range list {
		if !slices.ContainsFunc(kept, func(k string) bool { return strings.Contains(w, k) }) {
			kept = append(kept, w)
		}
	}
	return kept
}

// Needs are what is known of the texts that match an expression.
type needs struct {
	all  []string   // each such text, if they are few; nil otherwise
	some [][]string // lists: each such text holds a word of each
}

const (
	mostTexts = 24 // that are told apart
	mostRunes = 6  // of a class that are
)

// words are lists of words: each text that matches holds one of each.
func (n needs) words() [][]string {
	switch {
	case n.all == nil:
		return n.some
	case slices.Contains(n.all, ""):
		return nil
	}
	return [][]string{n.all}
}

func needsOf(e *syntax.Regexp) needs {
	switch e.Op {
	case syntax.OpLiteral:
		if e.Flags&syntax.FoldCase == 0 {
			return needs{all: []string{string(e.Rune)}}
		}
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText, syntax.OpWordBoundary,
		syntax.OpNoWordBoundary:
		return needs{all: []string{""}}
	case syntax.OpCharClass:
		return needsOfClass(e.Rune)
	case syntax.OpCapture:
		return needsOf(e.Sub[0])
	case syntax.OpQuest:
		if sub := needsOf(e.Sub[0]); sub.all != nil {
			return needs{all: append([]string{""}, sub.all...)}
		}
	case syntax.OpPlus:
		return needs{some: needsOf(e.Sub[0]).words()}
	case syntax.OpRepeat:
		if e.Min > 0 {
			return needs{some: needsOf(e.Sub[0]).words()}
		}
	case syntax.OpConcat:
		return needsOfRow(e.Sub)
	case syntax.OpAlternate:
		return needsOfOne(e.Sub)
	case syntax.OpNoMatch, syntax.OpAnyCharNotNL, syntax.OpAnyChar, syntax.OpStar:
	}
	return needs{}
}

// needsOfClass is for one of the characters between pairs of bounds.
func needsOfClass(bounds []rune) (n needs) {
	for pair := range slices.Chunk(bounds, 2) {
		if int(pair[1]-pair[0])+len(n.all) >= mostRunes {
			return needs{}
		}
		for r := pair[0]; r <= pair[1]; r++ {
			n.all = append(n.all, string(r))
		}
	}
	return n
}

// needsOfRow is for one expression behind the other.
func needsOfRow(row []*syntax.Regexp) needs {
	var some [][]string
	last, parted := []string{""}, false // the end of the row, as far as it is known exactly
	for _, e := range row {
		next := needsOf(e)
		if next.all != nil && len(next.all)*len(last) <= mostTexts {
			var longer []string
			for _, begin := range last {
				for _, end := range next.all {
					longer = append(longer, begin+end)
				}
			}
			last = longer
			continue
		}
		parted = true
		some = append(some, needs{all: last}.words()...)
		if last = next.all; last == nil {
			some, last = append(some, next.some...), []string{""}
		}
	}
	if parted {
		return needs{some: append(some, needs{all: last}.words()...)}
	}
	return needs{all: last}
}

// needsOfOne is for one of several expressions. Of what each needs, the list with the longest words tells most.
func needsOfOne(several []*syntax.Regexp) needs {
	var all, words []string
	exact, free := true, false // each is known exactly; one of them needs nothing
	for _, e := range several {
		one := needsOf(e)
		exact, all = exact && one.all != nil, append(all, one.all...)
		if lists := one.words(); len(lists) > 0 {
			words = append(words, slices.MaxFunc(lists, func(a, b []string) int { return shortest(a) - shortest(b) })...)
		} else {
			free = true
		}
	}
	switch {
	case exact && len(all) <= mostTexts:
		return needs{all: all}
	case free:
		return needs{}
	}
	return needs{some: [][]string{words}}
}

func shortest(list []string) int {
	return len(slices.MinFunc(list, func(a, b string) int { return len(a) - len(b) }))
}

// words are a tree of words, for finding all that a text holds at once. The zero value holds none.
type words struct {
	symbols [256]uint8 // what each byte is in the tree, from 1 on; 0 for those in no word
	kinds   uint8
	nodes   []node
	count   int
}

// mostSymbols is how many bytes there may be in words, of which each is one.
const mostSymbols = 64

type node struct {
	next [mostSymbols]uint16 // the node for one more symbol; 0 if there is none
	word int                 // the place of the word that ends here, counted from 1; 0 if none does
}

// add adds a word that is not there yet and returns its place. It panics if the words are made of too many symbols.
func (t *words) add(word string) (place int) {
	if t.nodes == nil {
		t.nodes = make([]node, 1)
	}
	at := uint16(0)
	for i := range len(word) {
		symbol := &t.symbols[word[i]]
		if *symbol == 0 {
			t.kinds++
			*symbol = t.kinds
		}
		next := &t.nodes[at].next[*symbol]
		if *next == 0 {
			*next = uint16(len(t.nodes)) //nolint:gosec // a few thousand
			at = *next
			t.nodes = append(t.nodes, node{})
			continue
		}
		at = *next
	}
	t.count++
	t.nodes[at].word = t.count
	return t.count - 1
}

// in returns, for each place, whether text holds the word.
func (t *words) in(text string) []bool {
	held := make([]bool, t.count)
	for i := range len(text) {
		at := uint16(0)
		for j := i; j < len(text); j++ {
			if at = t.nodes[at].next[t.symbols[text[j]]]; at == 0 {
				break
			}
			if word := t.nodes[at].word; word > 0 {
				held[word-1] = true
			}
		}
	}
	return held
}
