package oracle

import (
	"slices"
	"strconv"
	"strings"

	"seance/spirit"
)

// A polarity is the sense of an answer to a yes-or-no question.
type polarity uint8

const (
	maybe polarity = iota
	yes
	no
)

func (p polarity) String() string { return [...]string{"maybe", "yes", "no"}[p] }

func (p polarity) flipped() polarity { return [...]polarity{maybe, no, yes}[p] }

func is(b bool) polarity {
	if b {
		return yes
	}
	return no
}

// A claim is one thing that may be asked of the ghost's story with yes or no. The first claim whose rule holds and whose
// test has an answer settles it: so "did you drown" and "was it the water" can never disagree.
type claim struct {
	key  string // whispers under ~yes/key and ~no/key go with it
	rule string // as in rules.txt
	test func(a *ask, g *soul) (polarity, bool)
}

// storyName is the person of the story who is named in the question, and their part in it.
func (g *soul) storyName(a *ask) string {
	for _, t := range a.tokens {
		switch t.word {
		case strings.ToLower(g.culprit.name):
			return "culprit"
		case strings.ToLower(g.beloved.name):
			return "beloved"
		case strings.ToLower(g.witness.name):
			return "witness"
		case strings.ToLower(g.name), strings.ToLower(g.surname):
			return "self"
		case strings.ToLower(g.mother), strings.ToLower(g.father):
			return "parent"
		case strings.ToLower(g.petName):
			return "pet"
		}
	}
	return ""
}

// when judges a year, century or age of history that is asked about against y.
func (a *ask) when(y int) (polarity, bool) {
	for _, f := range a.figures {
		if f < 1000 || f > 2100 {
			continue
		}
		switch {
		case a.has("before", "earlier"):
			return is(y < f), true
		case a.has("after", "since", "later"):
			return is(y > f), true
		case f%100 == 0 && a.has(strconv.Itoa(f)+"s"):
			return is(y >= f && y < f+100), true
		case a.has(strconv.Itoa(f) + "s"):
			return is(y >= f && y < f+10), true
		}
		return is(y == f), true
	}
	for _, age := range ages {
		if a.has(age.words...) {
			return is(y >= age.from && y <= age.to), true
		}
	}
	return maybe, false
}

// ages of history, by the words people have for them.
var ages = []struct {
	from, to int
	words    []string
}{
	{500, 1500, []string{"medieval", "middle_ages"}}, {1485, 1603, []string{"tudor"}}, {1501, 1600, []string{"sixteenth", "16th"}},
	{1601, 1700, []string{"seventeenth", "17th"}}, {1701, 1800, []string{"eighteenth", "18th"}}, {1714, 1837, []string{"georgian"}},
	{1837, 1901, []string{"victorian"}}, {1901, 1910, []string{"edwardian"}}, {1801, 1900, []string{"nineteenth", "19th"}},
	{1901, 2000, []string{"twentieth", "20th"}}, {2001, 2100, []string{"21st"}},
}

// letter is a single letter the question names: "does it begin with M".
func (a *ask) letter() string {
	for i := len(a.tokens) - 1; i >= 0; i-- {
		w := a.tokens[i].word
		if len(w) != 1 || w[0] < 'a' || w[0] > 'z' || w == "i" && !a.has("letter") && i != len(a.tokens)-1 {
			continue
		}
		if w == "a" && i < len(a.tokens)-1 && !(i > 0 && (a.tokens[i-1].word == "with" || a.tokens[i-1].word == "letter" || a.tokens[i-1].word == "an")) {
			continue
		}
		return w
	}
	return ""
}

// tale reports whether the table has lately been asking about the story.
func (a *ask) tale() bool {
	recent := a.p.Recent[max(0, len(a.p.Recent)-taleMost):]
	return slices.ContainsFunc(recent, func(t spirit.Turn) bool {
		q := strings.ToLower(t.Question)
		return strings.Contains(q, "kill") || strings.Contains(q, "murder") || strings.Contains(q, "did it") || strings.Contains(q, "do it")
	})
}

// taleMost is how many questions a table stays with the story after it last named it.
const taleMost = 16

// judge is whether what is asked of the ghost is so, and the key of the claim that says it. ok is false when the
// question is none of the story's business.
func (a *ask) judge(g *soul) (p polarity, key string, ok bool) {
	for i := range a.o.claims {
		c := &a.o.claims[i]
		if !c.rule.holds(a.terms) {
			continue
		}
		if p, ok := c.test(a, g); ok {
			return p, c.key, true
		}
	}
	return maybe, "", false
}

// A ruled claim has its rule compiled.
type ruledClaim struct {
	key  string
	rule rule
	test func(*ask, *soul) (polarity, bool)
}
