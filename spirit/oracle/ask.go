package oracle

import (
	"slices"
	"strconv"
	"strings"

	"seance/spirit"
)

// tense is when a question is about.
type tense uint8

const (
	present tense = iota
	past
	future
	should // should I
	can    // can we
)

// An ask is a question understood.
type ask struct {
	o      *Oracle
	p      *spirit.Prompt
	g      *soul
	tokens []token // the clause that asks
	all    []token // everything that was said with it
	asked  bool    // it ended with a question mark
	terms  terms

	kind   Kind
	sure   float64  // how likely the kind is, 0..1
	guard  string   // the guard class it falls into, or ""
	fact   string   // the fact it asks for, or ""
	shape  string   // a closer kind, such as "what/colour", or ""
	claim  string   // what of the ghost's story a yes or no is about, or ""
	sense  polarity // the answer, when there is a claim
	topics []string
	tense  tense
	you    bool // about the ghost
	me     bool // about those who ask
	subj   string
	aux    string

	named   []string // people at the table who are mentioned
	noun    *noun    // the thing it is about, if the lexicon knows it
	many    bool     // noun was said in its plural
	options []string // "X or Y"
	figures []int
	figure  string // of a sum
	prev    *ask   // the question before, as far as it is recalled
	leaned  bool   // it left out what the one before had said
	anew    bool   // it asks the one before again, for another answer
	canon   uint64
	flip    bool // the question is the opposite of its canonical one
}

// how many questions back a chain of "why?" and "who?" is followed
const lookback = 2

// understand reads the question of p, where history is what was asked before it.
func (o *Oracle) understand(p *spirit.Prompt, g *soul, question string, history []spirit.Turn, depth int) *ask {
	a := o.hear(p, g, question, history, depth)
	a.findKind()
	a.findCanon()
	a.judgeStory()
	return a
}

// judgeStory settles a yes or no about the ghost's own story, if the question is one.
func (a *ask) judgeStory() {
	if a.guard != "" || a.kind != YesNo && a.kind != Know && (a.kind != Mood || !auxiliaries[a.tokens[0].word]) {
		return
	}
	if p, key, ok := a.judge(a.g); ok {
		a.sense, a.claim = p, key
		if storyClaims[key] {
			a.fact = key
		}
	}
}

// hear is understand up to where the table decides.
func (o *Oracle) hear(p *spirit.Prompt, g *soul, question string, history []spirit.Turn, depth int) *ask {
	a := &ask{o: o, p: p, g: g, asked: strings.ContainsRune(question, '?')}
	a.tokens, a.all = o.theQuestion(question)
	if depth > 0 && len(history) > 0 {
		last := len(history) - 1
		a.prev = o.understand(p, g, history[last].Question, history[:last], depth-1)
	}
	a.lean()
	if !a.leaned {
		a.tokens = completed(a.tokens)
	}
	a.findNames()
	a.terms = o.rules.collect(a.tokens)
	a.findSubject()
	a.findTense()
	a.findFigures()
	a.findNoun()
	a.inherit()
	a.findGuard()
	a.findTopics()
	a.findOptions()
	return a
}

// has reports whether the question holds any of the words, two_words or @marks.
func (a *ask) has(words ...string) bool {
	for _, w := range words {
		if id, ok := a.o.rules.ids[w]; ok {
			if a.terms.has(id) {
				return true
			}
			continue
		}
		phrase := strings.Split(w, "_")
		for i := range len(a.tokens) - len(phrase) + 1 {
			hit := true
			for j, f := range phrase {
				if t := a.tokens[i+j]; t.word != f && t.base != f {
					hit = false
					break
				}
			}
			if hit {
				return true
			}
		}
	}
	return false
}

// findGuard finds the class of questions to be turned aside, if it is one. What leads up to the question counts where it
// changes what is being asked: "my dog died, is he well?"
func (a *ask) findGuard() {
	if r := first(a.o.rules.guard, a.terms); r != nil {
		if a.guard = r.key; a.tells() && (r.key == "mourning" || r.key == "mortality" && a.has("died", "passed_away", "passed")) { // who tells of a loss wants no spirit fetched
			a.guard = ""
		}
		return
	}
	if len(a.all) == len(a.tokens) {
		return
	}
	whole := &ask{o: a.o, p: a.p, g: a.g, tokens: a.all, prev: a.prev}
	whole.terms = a.o.rules.collect(a.all)
	whole.findSubject()
	if r := first(a.o.rules.guard, whole.terms); r != nil && (r.key == "self" || r.key == "mourning" && whole.has("die", "dead", "lost", "lose", "late", "heaven", "passed", "passed_away") || r.key == "orders" || r.key == "rude") {
		a.guard = r.key
	}
}

// tells reports whether something is told rather than asked.
func (a *ask) tells() bool {
	return !a.asked && !a.has("talk", "speak", "contact", "message", "bring", "fetch", "see", "hear", "call", "here", "there", "tell") &&
		!slices.ContainsFunc(a.tokens, func(t token) bool { return asking[t.word] }) && !auxiliaries[a.tokens[0].word]
}

// findNames finds who of the table is mentioned.
func (a *ask) findNames() {
	for _, name := range a.p.Present {
		for i := range a.tokens {
			t := &a.tokens[i]
			if t.word != foldWord(name) || fillers[t.word] || asking[t.word] {
				continue
			}
			if (a.o.lex.known[t.word] || auxiliaries[t.word]) && !t.proper {
				continue // a table may seat a Will, a May and a Mark
			}
			a.named = append(a.named, name)
			break
		}
	}
}

// foldWord is the first word of a name, as tokens have it.
func foldWord(name string) string {
	var b strings.Builder
	for _, r := range name {
		f := fold(r)
		if f < "0" {
			if b.Len() > 0 {
				break
			}
			continue
		}
		b.WriteString(f)
	}
	return b.String()
}

func (a *ask) isNamed(w string) bool {
	return slices.ContainsFunc(a.named, func(n string) bool { return foldWord(n) == w })
}

// findSubject sets the marks that rules look for.
func (a *ask) findSubject() {
	mark := func(m string) { a.o.rules.mark(a.terms, m) }
	for i, t := range a.tokens {
		switch t.word {
		case "you", "your", "yours", "yourself":
			a.you = true
			mark("@you")
		case "i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves":
			a.me = true
			mark("@me")
			if i > 0 && (a.tokens[i-1].word == "to" || a.tokens[i-1].word == "tell") {
				mark("@me_to")
			}
		case "he", "she", "they", "him", "her", "them", "his", "their", "hers":
			mark("@he")
		case "it", "this", "that", "its":
			mark("@it")
		case "mum", "mom", "mother", "dad", "father":
			mark("@kin")
		case "friend", "boyfriend", "girlfriend", "boss", "teacher", "crush", "ex", "dog", "cat":
			mark("@kin")
		}
		if a.isNamed(t.word) {
			mark("@name")
			if i > 0 {
				mark(a.tokens[i-1].word + "_@name")
			}
		}
		if n := a.o.lex.nouns[t.word]; n != nil {
			switch n.class {
			case "kin":
				mark("@kin")
			case "animal":
				mark("@animal")
			}
		}
	}
	if len(a.tokens) > 0 {
		w := a.tokens[0].word
		if auxiliaries[w] {
			mark("@aux")
		}
		if a.o.lex.verbs[w] && !auxiliaries[w] {
			mark("@verb")
		}
	}
	if a.prev != nil && (a.prev.aboutStory() || a.prev.prev != nil && a.prev.prev.aboutStory()) {
		mark("@story")
	}
}

// storyFacts are the facts that make the mystery; "why?" and "who?" after one of them ask on.
var storyFacts = set("culprit culpritname motive manner object hide witness fate secret deathplace died hour season story " +
	"whoculprit whowitness lastwords grave witnessname two murdered accident deed feelings silence witnessdid fatewhere")

func (a *ask) aboutStory() bool { return storyFacts[a.fact] }

// recently reports whether one of the last questions was about one of the facts.
func (a *ask) recently(facts ...string) bool {
	for b := a.prev; b != nil; b = b.prev {
		if slices.Contains(facts, b.fact) {
			return true
		}
	}
	return false
}

func (a *ask) findTense() {
	for i, t := range a.tokens {
		switch t.word {
		case "will", "shall", "tomorrow", "someday", "ever", "next", "soon", "future":
			a.tense = future
			return
		case "going":
			if i+1 < len(a.tokens) && a.tokens[i+1].word == "to" {
				a.tense = future
				return
			}
		case "should", "ought", "must":
			a.tense = should
			return
		case "can", "could", "may", "might":
			if i == 0 {
				a.tense = can
				return
			}
		case "was", "were", "did", "had", "ago", "yesterday", "once", "used", "been":
			a.tense = past
			return
		}
		if t.word != t.base && a.o.lex.verbs[t.base] && strings.HasSuffix(t.word, "ed") && (i == 0 || !states[a.tokens[i-1].word]) {
			a.tense = past
			return
		}
	}
	if len(a.tokens) > 1 && a.tokens[0].word == "when" && a.tokens[1].word != "do" && a.tokens[1].word != "does" {
		a.tense = future
	}
}

// states are words after which "married" or "scared" is no past.
var states = set("is are am be get getting gets i'm being feel so very")

func (a *ask) findFigures() {
	for _, t := range a.tokens {
		if n, ok := number(t.word); ok {
			a.figures = append(a.figures, n)
		}
	}
}

// numberWords are the numbers people write out.
var numberWords = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen " +
	"sixteen seventeen eighteen nineteen twenty")

var tensWords = map[string]int{"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
	"hundred": 100, "thousand": 1000, "dozen": 12, "million": 1000000}

func number(w string) (int, bool) {
	if n, err := strconv.Atoi(strings.TrimSuffix(w, "s")); err == nil && len(w) < 10 {
		return n, true
	}
	if i := slices.Index(numberWords, w); i >= 0 {
		return i, true
	}
	n, ok := tensWords[w]
	return n, ok
}
