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
	canon   uint64
	flip    bool // the question is the opposite of its canonical one
}

// greets reports whether nothing is said but hello.
func (a *ask) greets() bool {
	hello := false
	for _, t := range a.tokens {
		if !fillers[t.word] && t.word != "there" && t.word != "again" && !a.isNamed(t.word) {
			return false
		}
		hello = hello || hellos[t.word]
	}
	return hello
}

var hellos = set("hey hi hello hiya howdy yo greetings evening")

// unknown reports whether no word of the question is one the oracle has ever heard.
func (a *ask) unknown() bool {
	for _, t := range a.tokens {
		if a.o.lex.known[t.word] || a.o.vocabulary[t.word] || fillers[t.word] || a.isNamed(t.word) || sayable[t.word] {
			return false
		}
		if _, ok := number(t.word); ok {
			return false
		}
	}
	return a.g == nil || a.g.storyName(a) == ""
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
	a.findNames()
	a.terms = o.rules.collect(a.tokens)
	a.findSubject()
	a.findTense()
	a.findFigures()
	a.findNoun()
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
		a.guard = r.key
		return
	}
	if len(a.all) == len(a.tokens) {
		return
	}
	whole := &ask{o: a.o, p: a.p, g: a.g, tokens: a.all, prev: a.prev}
	whole.terms = a.o.rules.collect(a.all)
	whole.findSubject()
	if r := first(a.o.rules.guard, whole.terms); r != nil && (r.key == "self" || r.key == "mourning" || r.key == "orders" || r.key == "rude") {
		a.guard = r.key
	}
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

// dull nouns say nothing about what a question is about.
var dull = set("food animal colour song music place city country job work weather school love money trip time day thing way lot person people man woman one number question answer name word day year night life object spirit " +
	"ghost today tonight tomorrow yesterday kind sort type chance idea hour minute moment second hand good right may will can second " +
	"march like light sign mean mark fall spring match play ring watch cold date kid guy everyone someone anyone anybody nobody somebody " +
	"everybody reason meaning god death body change door place room work board world")

// findNoun finds the noun the question is about: the last one of the clause that is not dull, else of all that was said.
func (a *ask) findNoun() {
	for _, list := range [][]token{a.tokens, a.all} {
		for i := len(list) - 1; i >= 0; i-- {
			w := list[i].word
			n := a.o.lex.nouns[w]
			if i > 0 {
				if two := a.o.lex.nouns[list[i-1].word+" "+w]; two != nil {
					n, w = two, list[i-1].word+" "+w
				}
			}
			if n == nil || dull[w] || dull[n.one] || a.o.lex.verbs[w] && i > 0 && (verbBefore[list[i-1].word] || a.o.lex.nouns[list[i-1].word] != nil) {
				continue
			}
			a.noun, a.many = n, w == n.many
			return
		}
	}
}

// verbBefore are words after which "watch" or "ring" is something one does.
var verbBefore = set("to i you he she they we will should can could would did does do not me us ever it who")

func (a *ask) findTopics() {
	for i := range a.o.rules.topic {
		if r := &a.o.rules.topic[i]; r.holds(a.terms) {
			a.topics = append(a.topics, r.key)
		}
	}
	if a.noun == nil {
		return
	}
	if t, ok := classTopics[a.noun.class]; ok && !slices.Contains(a.topics, t) {
		a.topics = append(a.topics, t)
	}
}

// classTopics are the topics of a noun's class, where its words alone would not have told.
var classTopics = map[string]string{
	"animal": "animal", "food": "food", "drink": "drink", "weather": "weather", "school": "school", "money": "money", "love": "love",
	"play": "play", "music": "music", "tech": "tech", "travel": "travel", "festival": "festival", "faith": "faith", "sleep": "sleep",
	"country": "country", "colour": "colour", "trade": "work", "sky": "space", "kin": "kin", "body": "body",
}

// openers are words that cannot be part of the first of two options.
var openers = set("is are am was were will would shall should can could do does did has have had what which who whom where when how why whether if i " +
	"you he she it we they be it that this there think say better best prefer choose pick want rather like go get buy eat wear have take")

// trailing are words after the second of two options that are no part of it.
var trailing = set("tonight today now tomorrow first instead better more next then for to later dinner lunch soon please best this year week")

// findOptions finds X and Y of "X or Y".
func (a *ask) findOptions() {
	at := -1
	for i, t := range a.tokens {
		if t.word == "or" && i > 0 && i < len(a.tokens)-1 {
			at = i
		}
	}
	if at < 0 {
		return
	}
	after := a.tokens[at+1:]
	if after[0].word == "not" || after[0].word == "no" || after[0].word == "something" || after[0].word == "what" || after[0].word == "anything" {
		return
	}
	var right []string
	for _, t := range after {
		if len(right) == 4 || len(right) > 0 && (openers[t.word] || tails[t.word]) {
			break
		}
		right = append(right, t.word)
		if t.pause {
			break
		}
	}
	for len(right) > 1 && trailing[right[len(right)-1]] {
		right = right[:len(right)-1]
	}
	if len(right) > 1 && (auxiliaries[right[0]] || right[0] == "i") { // "should I stay or should I go"
		for len(right) > 1 && (auxiliaries[right[0]] || openers[right[0]]) {
			right = right[1:]
		}
	}
	var left []string
	for i := at - 1; i >= 0 && len(left) < max(len(right), 1); i-- {
		t := a.tokens[i]
		if openers[t.word] && !a.o.lex.verbs[t.base] || openers[t.word] && len(left) > 0 {
			break
		}
		if t.pause && i != at-1 {
			break
		}
		left = append([]string{t.word}, left...)
	}
	if len(left) > 1 && len(right) > 0 && a.o.lex.verbs[left[0]] && !a.o.lex.verbs[right[0]] && a.o.lex.nouns[left[0]] == nil {
		left = left[1:] // "order pizza or sushi"
	}
	more := []string{}
	for i, t := range a.tokens[:at] { // "red, green or blue"
		if t.pause && i < at-1 && !openers[t.word] && len(right) <= 2 {
			if x, y := a.o.lex.nouns[t.word], a.o.lex.nouns[right[0]]; x != nil && y != nil && x.class == y.class {
				more = append(more, t.word)
			}
		}
	}
	if len(left) == 0 || len(right) == 0 {
		return
	}
	if asking[a.tokens[0].word] && a.o.lex.verbs[a.o.lex.plain(right[0])] && a.o.lex.nouns[right[0]] == nil && a.tokens[0].word != "which" {
		return // "who poisoned or pushed you" asks who
	}
	for _, opt := range append(more, strings.Join(left, " "), strings.Join(right, " ")) {
		opt = strings.TrimSpace(opt)
		for _, lead := range []string{"to ", "a ", "an ", "the ", "with ", "my ", "your ", "for ", "in ", "on ", "of ", "by ", "at ", "in the ", "go "} {
			if rest, ok := strings.CutPrefix(opt, lead); ok && len(rest) > 1 {
				opt = rest
			}
		}
		a.options = append(a.options, opt)
	}
}

// findKind decides what kind of question it is, and which fact or shape it has.
func (a *ask) findKind() {
	if len(a.tokens) == 0 {
		a.kind, a.sure = Nonsense, 1
		if len(a.all) > 0 {
			a.kind, a.sure = a.o.table.choose(a.features(nil), kindsOf(Greeting, Nonsense))
		}
		return
	}
	if a.followUp() {
		return
	}
	if a.greets() {
		a.kind, a.sure = Greeting, 1
		return
	}
	if key, figure, ok := a.sum(); ok && !a.has("or") {
		a.kind, a.sure, a.shape, a.figure = Sum, 1, key, figure
		return
	}
	if a.unknown() {
		a.kind, a.sure = Nonsense, 1
		return
	}
	allowed := possible(a.tokens)
	a.kind, a.sure = a.o.table.choose(a.features(make([]uint32, 0, 80)), allowed)
	if len(a.options) > 0 && a.kind != Sum && (allowed&kindsOf(Choice) != 0 || a.has("or")) {
		a.kind = Choice
	}
	if a.kind == Choice && len(a.options) == 0 && a.tokens[0].word != "which" && auxiliaries[a.tokens[0].word] {
		a.kind = YesNo
	}
	if a.asked && len(a.tokens) > 2 && (a.kind == Statement || a.kind == Insult || a.kind == Praise) && !asking[a.tokens[0].word] {
		a.kind = YesNo
	}
	yes := a.kind == YesNo || a.kind == Presence || a.kind == Know || a.kind == Mood && auxiliaries[a.tokens[0].word] || a.kind == Choice && len(a.options) > 0
	if r := first(a.o.rules.shape, a.terms); r != nil {
		a.shape = r.key
	}
	switch {
	case strings.HasPrefix(a.shape, "machine/"):
		a.kind = Machine
	case a.shape == "presence" && auxiliaries[a.tokens[0].word]:
		a.kind = Presence
	case strings.HasPrefix(a.shape, "command/") && (a.kind == Command || auxiliaries[a.tokens[0].word] && a.kind == YesNo && a.has("@verb", "can_you", "could_you", "will_you", "would_you")):
		a.kind = Command
	case strings.HasPrefix(a.shape, "what/") && offers[a.tokens[0].word]:
		a.kind = What
	case a.shape == "leave" && (a.kind == Command || a.kind == Statement || a.kind == Insult || a.kind == Farewell || a.kind == YesNo):
		a.kind = Command
	}
	if a.kind == Clock && a.you {
		for i := range a.o.rules.fact {
			if r := &a.o.rules.fact[i]; r.form == When && r.holds(a.terms) {
				a.kind, a.fact = When, r.key
				return
			}
		}
	}
	if a.shape == "want" {
		a.kind, a.fact = Want, "want"
		return
	}
	if (a.kind == Farewell || a.kind == Command) && a.has("goodbye", "bye", "farewell") && !a.has("say") {
		a.kind, a.shape = Farewell, ""
		return
	}
	if len(a.tokens) == 1 && (a.kind == Age || a.kind == Name) { // "age?"
		a.you = true
	}
	if a.kind == Machine || a.kind == Clock || a.kind == Sum || a.kind == Command && a.shape != "" {
		if a.kind != Machine || a.shape != "" {
			return
		}
	}
	if !yes || !auxiliaries[a.tokens[0].word] && a.kind != Choice {
		for i := range a.o.rules.fact {
			r := &a.o.rules.fact[i]
			if !r.holds(a.terms) || !a.factFits(r) {
				continue
			}
			a.fact = a.refer(r.key)
			if r.form != Identity || a.kind != Name {
				a.kind = r.form
			}
			break
		}
	}
	switch {
	case a.fact != "":
	case a.kind == Death:
		a.fact = "manner"
	case a.kind == Identity && a.tokens[0].word == "who" && a.weighty():
		a.kind = Who
	}
}

// offers are orders that are questions all the same: "pick a number".
var offers = set("guess pick choose name give think say suggest recommend describe")

// weighty reports whether the question has a word that means something by itself.
func (a *ask) weighty() bool {
	return slices.ContainsFunc(a.tokens, func(t token) bool { return !grammar[t.word] && !grammar[t.base] })
}

// factFits keeps facts to the kinds of questions that ask for something: a statement that happens to hold their words
// asks for nothing.
func (a *ask) factFits(r *rule) bool {
	switch a.kind {
	case Statement, Greeting, Farewell, Thanks, Praise, Insult, Nonsense:
		return a.asked || r.key == "story"
	case Choice:
		return len(a.options) == 0
	}
	return true
}

// refer follows "he" and "her name" to the person the last question was about.
func (a *ask) refer(fact string) string {
	if a.prev == nil || !a.has("@he") || fact != "culpritname" && fact != "culprit" {
		return fact
	}
	switch a.prev.fact {
	case "beloved", "family", "whobeloved":
		return "beloved"
	case "witness", "whowitness", "witnessdid", "silence":
		return "witnessname"
	}
	if a.prev.claim != "family" && a.prev.claim != "married" {
		return fact
	}
	switch r := a.prev.relation(); {
	case a.prev.sense != yes:
		return "none"
	case r == a.g.beloved.relation:
		return "beloved"
	case r == "mother" || r == "father":
		return r
	}
	return fact
}

// followUps are what one word means after a question about the ghost's story.
var followUps = map[string]string{"why": "motive", "who": "culprit", "when": "died", "how": "manner"}

// followUp recognises questions that lean on the one before.
func (a *ask) followUp() bool {
	words := make([]string, 0, 4)
	for _, t := range a.tokens {
		if len(words) == 5 {
			return false
		}
		words = append(words, t.word)
	}
	a.sure = 1
	set := func(k Kind, fact, shape string) bool {
		a.kind, a.fact, a.shape = k, fact, shape
		return true
	}
	if len(words) == 2 && words[0] == "your" && a.asked { // "and your mother?"
		lead := "what"
		if n := a.o.lex.nouns[words[1]]; n != nil && n.class == "kin" {
			lead = "who"
		}
		a.tokens = append([]token{{word: lead, base: lead}, {word: "is", base: "be"}}, a.tokens...)
		a.terms = a.o.rules.collect(a.tokens)
		a.findSubject()
		return false
	}
	said := strings.Join(words, " ")
	story := a.prev != nil && a.prev.aboutStory()
	switch said {
	case "why", "why is that", "but why", "why not", "why so", "how come", "why though":
		if story {
			return set(Why, "motive", "")
		}
		if a.prev != nil && a.prev.fact != "" && said != "why not" {
			return set(Why, "whyhere", "")
		}
		return set(Why, "", "")
	case "who", "who was it", "by who", "by whom", "who then", "who is it", "who did", "which one":
		if story {
			return set(Who, "culprit", "")
		}
		return set(Who, "", "")
	case "when", "when was that", "when was it", "what year":
		if story {
			return set(When, "died", "")
		}
		return set(When, "", "")
	case "how", "how so", "how exactly":
		if story {
			return set(Death, "manner", "")
		}
		return set(How, "", "")
	case "where", "where exactly", "where is it", "where was that", "where was it", "where then":
		if story && (a.prev.fact == "object" || a.prev.fact == "hide" || a.prev.fact == "secret") {
			return set(Where, "hide", "")
		}
		if story {
			return set(Where, "deathplace", "")
		}
		if a.prev != nil && a.prev.fact == "house" {
			return set(Whereabouts, "house", "")
		}
		return set(Where, "", "")
	case "really", "are you sure", "is that true", "is that so", "seriously", "for real", "you sure", "sure", "truly", "honestly", "are you certain":
		return set(YesNo, "", "follow/really")
	case "and", "and then", "go on", "then what", "and what then", "continue", "more", "tell us more", "tell me more", "what else", "what next", "what then":
		if story || a.o.level(a.p.Turn) > 1 {
			return set(What, "story", "")
		}
		return set(What, "", "follow/and")
	case "what", "pardon", "sorry", "huh", "come again", "say again", "say that again", "what was that", "repeat that", "what did you say":
		return set(What, "", "what/say")
	}
	return false
}

// grammar are words that carry no meaning of their own, so that paraphrases of a question share the rest.
var grammar = set("a an the is are am was were be been being do does did have has had will would shall should can could may might must to of in on " +
	"at for with by from about into and or but not no so that this these those there here it its as if than then too very really ever actually " +
	"just exactly please going get got tell know say us what which who whom whose where when why how many much some any you your i me my we our mine " +
	"'s let one thing think like kind sort possible possibly maybe definitely soon now today tonight")

// findCanon boils the question down to what it is about, the same for its paraphrases and, flipped, for its opposite.
func (a *ask) findCanon() {
	var words []string
	for _, t := range a.tokens {
		w := t.base
		if grammar[t.word] || grammar[w] {
			continue
		}
		if s, ok := a.o.lex.same[w]; ok {
			w = s
		}
		if first, ok := a.o.lex.opposite[w]; ok {
			w = first
			a.flip = !a.flip
		}
		words = append(words, w)
	}
	slices.Sort(words)
	words = slices.Compact(words)
	if len(words) == 0 {
		for _, t := range a.tokens {
			words = append(words, t.word)
		}
	}
	who := "it"
	switch {
	case a.you && !a.me:
		who = "you"
	case a.me:
		who = "me"
	}
	kind := a.kind.String()
	if a.shape != "" {
		kind = a.shape
	}
	a.canon = hash(uint64(a.p.Seed), append(words, who, kind)...)
}
