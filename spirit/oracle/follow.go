package oracle

import (
	"slices"
	"strings"
)

// lean completes a question that leaves out what the one before said: "when?" after "will my cat come home?" is "when
// will my cat come home", "and my brother?" asks the same of him.
func (a *ask) lean() {
	p := a.prev
	if p == nil || len(p.tokens) == 0 || len(a.tokens) == 0 || len(a.tokens) > 7 {
		return
	}
	w, n := a.tokens, len(a.tokens)
	if n == 2 && open[w[0].word] && before[w[1].word] { // "who to"
		w, n = w[:1], 1
	}
	if n > 1 && before[w[0].word] && asking[w[1].word] { // "to who", "with what"
		w, n = w[1:], n-1
	}
	for q := p; talked[q.kind] && q.prev != nil && len(q.prev.tokens) > 0; { // "wrong" and "I am vegetarian" stand between
		q = q.prev
		p = q
	}
	rest := p.asked0()
	if w[0].word == "or" && n > 1 && n < 5 {
		for q := p; q != nil; q = q.prev {
			if q.kind == Choice {
				a.leaned = true
				a.tokens = slices.Concat(q.tokens, w)
				return
			}
		}
	}
	if prepositions[w[0].word] && n > 1 && n < 5 && !asking[w[1].word] && a.asked && w[0].word != "for" {
		a.leaned = true
		a.tokens = slices.Concat(words("is it"), w)
		return
	}
	switch {
	case len(a.all) <= 6 && w[n-1].word == "one" && n > 1 && slices.ContainsFunc(w, func(t token) bool { return more[t.word] }):
		a.tokens, a.anew = slices.Clone(p.tokens), true
	case len(a.all) <= 4 && a.all[len(a.all)-1].word == "again" && slices.ContainsFunc(a.all, func(t token) bool { return t.word == "guess" || t.word == "try" || t.word == "once" }) && p.kind != Statement:
		a.tokens, a.anew = slices.Clone(p.tokens), true
	case n <= 2 && (w[0].word == "another" || w[0].word == "again" || w[n-1].word == "another" || w[0].word == "one" && w[n-1].word == "more" || w[0].word == "next" && w[n-1].word == "one"):
		a.tokens, a.anew = slices.Clone(p.tokens), true
	case n == 1 && open[w[0].word], n == 2 && w[0].word == "how" && measures[w[1].word], n == 2 && w[0].word == "what" && units[w[1].word]:
		if p.aboutStory() && n == 1 && w[0].word != "what" { // followUp knows what comes next in the story
			return
		}
		a.leaned = true
		a.tokens = slices.Concat(w, rest)
	case n == 2 && w[0].word == "like" && open[w[1].word], n == 2 && w[0].word == "such" && w[1].word == "as":
		a.leaned = true
		a.tokens = slices.Concat([]token{{word: "what", base: "what"}}, rest)
	case n >= 2 && n <= 4 && w[0].word == "why" && !slices.ContainsFunc(w[1:], func(t token) bool { return auxiliaries[t.word] }) && (n == 2 && w[1].word != "not" && w[1].word != "me" || leaning[w[1].word]):
		a.leaned = true
		a.tokens = slices.Concat(w[:1], rest, w[1:])
	case n > 2 && (w[0].word == "what" || w[0].word == "how") && w[1].word == "about" && n < 7:
		a.swap(p, w[2:], rest)
	case n <= 4 && a.isPhrase(w) && (auxiliaries[p.tokens[0].word] || asking[p.tokens[0].word]) && !p.greets():
		a.swap(p, w, rest)
	}
}

// talked are kinds that ask for nothing: what comes after them leans on the question before.
var talked = map[Kind]bool{Statement: true, Praise: true, Insult: true, Nonsense: true, Thanks: true}

// open are the words that ask by themselves; before, what may stand before them.
var (
	open     = set("why when where who whom how what which whose")
	before   = set("to with by for from of about in at on since like than")
	leaning  = set("so that this those him her them always never too")
	measures = set("many much old long far often soon big tall")
	units    = set("year month day time colour age name")
)

// asked0 is what the question asks about, without the words that ask: "will my cat come home" of "when will my cat come
// home".
func (a *ask) asked0() []token {
	t := a.tokens
	if asking[t[0].word] {
		skip := 1
		if len(t) > 1 && (t[0].word == "how" && measures[t[1].word] || t[0].word == "what" && units[t[1].word]) {
			skip = 2
		}
		t = t[skip:]
	}
	return slices.DeleteFunc(slices.Clone(t), func(t token) bool { return vague[t.word] })
}

// more are words that ask for another of the same.
var more = set("better another different new second funnier scarier longer shorter")

var vague = set("anyone anybody someone somebody anything something ever")

// isPhrase reports whether the words are nothing but somebody or something, as after "and": "my brother", "Tom".
func (a *ask) isPhrase(w []token) bool {
	switch {
	case len(w) == 1:
		t := w[0].word
		n := a.o.lex.nouns[t]
		return a.o.namedAt(a.p.Present, t) || whom[t] || n != nil && t == n.many && a.all[0].word == "and"
	case determiners[w[0].word]:
		return !slices.ContainsFunc(w, func(t token) bool { return auxiliaries[t.word] || asking[t.word] }) && (a.o.lex.nouns[w[len(w)-1].word] != nil || len(w) == 2)
	}
	return false
}

var (
	whom        = set("you me him her us them we he she they")
	determiners = set("my his her our their the")
)

func (o *Oracle) namedAt(present []string, w string) bool {
	return slices.ContainsFunc(present, func(n string) bool { return foldWord(n) == w })
}

// swap asks the question before of somebody or something else.
func (a *ask) swap(p *ask, to, rest []token) {
	if len(to) == 1 && to[0].word == "you" && p.you { // "and you?" of one who was asked already
		a.tokens = words("how are you")
		return
	}
	if len(to) == 1 && to[0].word == "you" && !auxiliaries[p.tokens[0].word] && !asking[p.tokens[0].word] {
		a.tokens = words("how are you")
		return
	}
	head := p.tokens[:len(p.tokens)-len(rest)]
	if len(rest) == 0 || len(head)+len(rest) > len(p.tokens) {
		return
	}
	from := 0
	if auxiliaries[rest[0].word] {
		from = 1
	}
	until := from
	if until < len(rest) && determiners[rest[until].word] {
		until++
	}
	if until < len(rest) {
		until++
	}
	if until == from+2 && until < len(rest) && a.o.lex.nouns[rest[until-1].word] != nil && a.o.lex.nouns[rest[until].word] != nil && !a.o.lex.verbs[rest[until].word] {
		until++ // "my driving test"
	}
	a.leaned = true
	if from == 0 {
		a.tokens = slices.Concat(head, to)
		return
	}
	a.tokens = slices.Concat(head, rest[:from], to, rest[until:])
}

func words(s string) []token {
	var out []token
	for _, w := range strings.Fields(s) {
		out = append(out, token{word: w, base: w})
	}
	return out
}

// inherit takes the noun of the question before for "it", "she" or "they", when there is no other.
func (a *ask) inherit() {
	if a.noun == nil && a.prev != nil && !a.prev.aboutStory() && a.prev.noun != nil && (a.has("@it") || a.has("@he") && (a.prev.noun.class == "animal" || a.has("they", "them", "their"))) && !a.has("is_it_true", "that_true") {
		a.noun, a.many, a.leaned = a.prev.noun, a.prev.many, true
	}
}

// refer follows "he" and "her name" to the person the last question was about.
func (a *ask) refer(fact string) string {
	if a.prev == nil || !a.has("@he") || fact != "culpritname" && fact != "culprit" {
		return fact
	}
	switch a.prev.fact {
	case "spirits", "others":
		return "othernames"
	case "sibling", "child", "spouse":
		return "none"
	case "beloved", "family", "whobeloved":
		return "beloved"
	case "witness", "whowitness", "witnessdid", "silence":
		return "witnessname"
	}
	switch {
	case a.prev.claim == "others" || a.prev.leaned && a.prev.prev != nil && a.prev.prev.claim == "others":
		return "othernames"
	case a.prev.claim != "family" && a.prev.claim != "married":
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
	if p := a.prev; p != nil && (p.fact == "pet" || p.claim == "pet") && a.has("called", "call", "name", "named") {
		return set(Name, "petname", "")
	}
	if p := a.prev; p != nil && (p.claim == "family" || p.fact == "sibling" || p.fact == "child" || p.fact == "spouse") && a.has("called", "name", "names") && a.has("they", "their", "he", "she", "his", "her") {
		return set(Who, a.refer("culpritname"), "")
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
	case "sorry":
		if !a.asked {
			return false
		}
		return set(What, "", "what/say")
	case "what about", "how about", "what if":
		return set(What, "", "what/cut")
	case "what up", "what is up", "whats up", "what up ghost", "what is up ghost", "what is up spirit", "how do you do", "how goes it", "how is it going", "how are things", "wassup", "sup":
		return set(Mood, "mood", "")
	case "how do you spell that", "how is that spelled", "can you spell that", "spell that", "spell it", "how do you spell it":
		if a.prev != nil && (a.prev.fact == "name" || a.prev.fact == "identity") {
			return set(Name, "name", "")
		}
		return set(Command, "", "command/spellit")
	case "what", "pardon", "huh", "come again", "say again", "say that again", "what was that", "repeat that", "what did you say":
		return set(What, "", "what/say")
	}
	return false
}
