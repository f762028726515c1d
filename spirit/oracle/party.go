package oracle

import (
	"slices"
	"strconv"
	"strings"
)

// settleParty recognises what a table throws at a spirit between its questions; data/party.txt has the answers. It
// reports whether it did.
func (a *ask) settleParty() bool {
	w := a.tokens[0].word
	set := func(k Kind, shape string) bool {
		a.kind, a.sure, a.shape, a.fact = k, 1, shape, ""
		return true
	}
	if n := len(a.all); n < 8 {
		for i := range n - 1 {
			if a.all[i].word == "what" && a.all[i+1].word == "if" {
				return set(What, "what/if")
			}
		}
	}
	if n := len(a.tokens); n == 3 && w == "who" && a.tokens[1].word == "is" && (a.tokens[2].word == "pushing" || a.tokens[2].word == "moving") {
		set(Who, "")
		a.fact = "pushing"
		return true
	}
	if laughs(w) && len(a.tokens) < 3 {
		return set(Statement, "statement/laugh")
	}
	if i := len(a.tokens); i > 3 && w == "what" && a.tokens[2].word == "are" && a.tokens[3].word == "you" && !spirits[a.tokens[1].word] && (i == 4 || a.tokens[4].word == "like") {
		if k := "what/" + headNoun(a); len(a.o.book.byKey[k]) > 0 {
			return set(What, k)
		}
		return set(What, "what/youas")
	}
	if slices.ContainsFunc(a.all, func(t token) bool { return t.word == "if" }) && a.hasAll("you", "eat") {
		return set(What, "what/wouldeat")
	}
	if len(a.all) == 2 && a.all[1].word == "about" && (a.all[0].word == "what" || a.all[0].word == "how") {
		return set(What, "what/cut")
	}
	if len(a.options) == 2 && (w == "who" || w == "which" || w == "what") && a.has("between", "vs", "versus", "fight", "battle") && !a.has("difference", "happened", "love") {
		return set(Choice, "")
	}
	for i := range a.all {
		if a.all[i].word == "about" && i > 0 && i <= 3 && telling[a.all[0].word] && a.noun != nil && !a.you && !a.me && len(a.named) == 0 && len(a.tokens) < 4 {
			return set(What, "what/tellof")
		}
	}
	if w != "do" && !a.you && a.asked && a.o.lex.verbs[w] && !auxiliaries[w] && !asking[w] && !offers[w] && a.noun != nil && len(a.tokens) < 5 && !a.has("or") { // "burn the doll?"
		a.tense = should
		return set(YesNo, "")
	}
	for i := range len(a.all) - 2 {
		if a.all[i].word == "by" && a.all[i+1].word == "how" && (a.all[i+2].word == "much" || a.all[i+2].word == "many") {
			return set(HowMany, "howmany/margin")
		}
	}
	if shape := a.warmer(); shape != "" {
		return set(HowMany, shape)
	}
	if len(a.tokens) == 1 && a.noun != nil && !a.asked && !bareWords[w] && !a.isNamed(w) && a.noun.class != "kin" {
		return set(Statement, "statement/bare")
	}
	if w == "why" && len(a.tokens) == 2 && a.o.lex.nouns[a.tokens[1].word] != nil && a.prev != nil {
		if a.prev.fact == "fear" || a.prev.has("afraid", "scared", "fear", "hate") {
			return set(Why, "why/beafraid")
		}
		return set(Why, "why/that")
	}
	if len(a.named) > 0 && a.has("'s") && a.has("think_of", "think_about", "opinion", "say_about", "do_you_like") && asking[w] {
		return set(What, "what/opinionof")
	}
	if a.stranger() {
		return set(YesNo, "yesno/unknown")
	}
	if r := first(a.o.rules.shape, a.terms); r != nil && a.o.party[r.key] {
		head, _, _ := strings.Cut(r.key, "/")
		if r.key == "what/kindof" && headNoun(a) != "" {
			return false
		}
		if r.key == "what/tellof" && a.noun == nil {
			return set(What, "what/tellwhat")
		}
		if head == "yesno" && auxiliaries[w] {
			if a.claimed() {
				return false
			}
			return set(YesNo, r.key)
		}
		if k, ok := kindNamed(head); ok && (possible(a.tokens)&kindsOf(k) != 0 || r.key == "what/clue" || !asking[w] && !auxiliaries[w]) {
			return set(k, r.key)
		}
	}
	if a.asked || asking[w] || auxiliaries[w] && !a.has("be_more_specific") {
		return false
	}
	terms := a.terms
	if len(a.tokens) < len(a.all) && len(a.all) < 9 {
		terms = a.o.rules.collect(a.all)
	}
	for i := range a.o.rules.talk {
		r := &a.o.rules.talk[i]
		if !r.holds(terms) || !strings.HasPrefix(r.key, "statement/") {
			continue
		}
		if r.key == "statement/phew" && len(a.all) > 2 {
			continue
		}
		return a.o.party[r.key] && set(Statement, r.key)
	}
	return false
}

var spirits = set("kind sort type ghost spirit year age thing size sign star_sign")

// laughs reports whether w is nothing but laughter.
func laughs(w string) bool {
	return len(w) > 3 && (strings.Trim(w, "ha") == "" || strings.Trim(w, "he") == "" || strings.Trim(w, "lo") == "") && !strings.HasPrefix(w, "hee")
}

// hasAll reports whether all the words were said, the part before the question counted in.
func (a *ask) hasAll(words ...string) bool {
	for _, w := range words {
		if !slices.ContainsFunc(a.all, func(t token) bool { return t.word == w }) {
			return false
		}
	}
	return true
}

var telling = set("tell talk speak say")

// bareWords are nouns that are more than a noun when somebody says nothing else.
var bareWords = set("hello hi stop help please sorry magic left right fire night morning evening spirit ghost heart hand love dream")

// claimed reports whether the ghost's story settles the question.
func (a *ask) claimed() bool {
	_, _, ok := a.judge(a.g)
	return ok
}

// stranger reports whether the ghost is asked about somebody or something that no word of its lexicon names.
func (a *ask) stranger() bool {
	if !a.has("do_you_know", "did_you_know", "have_you_heard_of", "do_you_remember", "have_you_heard", "ever_heard_of", "do_you_listen_to", "do_you_watch", "do_you_like", "have_you_seen") {
		return false
	}
	strange := false
	for _, t := range a.tokens {
		switch {
		case grammar[t.word] || grammar[t.base] || storyTold[t.base]:
		case a.o.lex.known[t.word] || a.o.lex.known[t.base] || a.o.vocabulary[t.word] || a.o.vocabulary[t.base] || a.isNamed(t.word):
			return false
		default:
			strange = true
		}
	}
	return strange && a.g.storyName(a) == ""
}

var storyTold = set("know heard hear remember listen watch like see seen ever")

// warmer is the shape of "higher" and "no, younger" after a number that was guessed, and sets the new guess.
func (a *ask) warmer() string {
	if a.prev == nil || len(a.all) > 4 {
		return ""
	}
	last := -1
	for _, w := range strings.Fields(a.lastBoard()) {
		if n, err := strconv.Atoi(w); err == nil {
			last = n
		} else if n := slices.Index(numberWords, strings.ToLower(w)); n >= 0 && last < 0 {
			last = n
		}
	}
	if last < 0 {
		return ""
	}
	d := die(hash(uint64(a.p.Seed), "warmer", strconv.Itoa(a.p.Turn)))
	step := 1 + d.n(max(2, last/4))
	for _, t := range a.all {
		switch t.word {
		case "higher", "more", "older", "bigger", "up", "larger":
			a.figure = strconv.Itoa(last + step)
			return "what/higher"
		case "lower", "less", "younger", "smaller", "fewer", "down":
			if last == 0 {
				return ""
			}
			a.figure = strconv.Itoa(max(0, last-step))
			return "what/lower"
		}
	}
	return ""
}
