package oracle

import (
	"slices"
	"strconv"
	"strings"
)

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
		a.between()
		return
	}
	after := a.tokens[at+1:]
	if a.tokens[at-1].word == "yes" && after[0].word == "no" {
		a.options = []string{"yes", "no"}
		return
	}
	if after[0].word == "not" || after[0].word == "no" || after[0].word == "something" || after[0].word == "what" || after[0].word == "anything" {
		return
	}
	if a.leaned && asking[a.tokens[0].word] && a.tokens[0].word != "which" && a.tokens[0].word != "what" {
		return
	}
	if f := a.tokens; auxiliaries[f[0].word] && auxiliaries[after[0].word] && at > 2 && len(after) > 2 && len(after) < 6 && after[1].word == f[1].word { // "did you jump or were you pushed"
		join := func(ts []token) string {
			var ws []string
			for _, t := range ts {
				ws = append(ws, t.word)
			}
			return mirrored(strings.Join(ws, " "))
		}
		a.options = []string{join(f[2:at]), join(after[2:])}
		return
	}
	if auxiliaries[after[0].word] && len(after) == 2 && auxiliaries[a.tokens[0].word] && (a.isNamed(after[1].word) || pronouns[after[1].word]) { // "are you moving it or is Bob"
		turned := map[string]string{"you": "I", "i": "you", "we": "you", "it": "it"}
		for _, w := range []string{a.tokens[1].word, after[1].word} {
			if t, ok := turned[w]; ok {
				w = t
			}
			a.options = append(a.options, w)
		}
		return
	}
	if auxiliaries[after[0].word] && after[0].word != a.tokens[0].word {
		return // two questions, not two choices
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
	if len(right) > 1 && right[0] == "just" {
		right = right[1:]
	}
	for i, w := range right {
		if i > 0 && prepositions[w] && w != "of" { // "friday or saturday for the party"
			right = right[:i]
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
	span := max(len(right), 1)
	switch {
	case a.does(right[0]) && len(right) > 0: // "text him or leave it": all that is done
		span = 4
	case pointing[a.tokens[at-1].word] && at > 2 && prepositions[a.tokens[at-2].word]: // "mad at me or tired"
		span = 3
	}
	var left []string
	for i := at - 1; i >= 0 && len(left) < span; i-- {
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
	if n, m := len(left), len(right); n == m && n > 1 && left[n-1] == right[m-1] && !pointing[left[n-1]] && a.o.lex.nouns[left[0]] == nil { // "good ghost or bad ghost"
		left, right = left[:n-1], right[:m-1]
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
		a.options = append(a.options, mirrored(opt))
	}
}

// does reports whether w is something one does rather than a thing.
func (a *ask) does(w string) bool {
	return a.o.lex.verbs[a.o.lex.plain(w)] && (a.o.lex.nouns[w] == nil || doings[w])
}

var (
	doings   = set("cut text call stay leave move wait study work stop quit walk drive cook paint buy sell keep let")
	pointing = set("me him her it us them you")
)

// mirrored is an option as the other side says it: "me or Emma" is YOU or EMMA.
func mirrored(option string) string {
	words := strings.Fields(option)
	for i, w := range words {
		switch w {
		case "me", "i", "us", "we":
			words[i] = "you"
		case "my", "our":
			words[i] = "your"
		case "mine", "ours":
			words[i] = "yours"
		}
	}
	return strings.Join(words, " ")
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
	if a.anew {
		words = append(words, strconv.Itoa(a.p.Turn))
	}
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
	a.canon = hash(uint64(a.p.Seed), append(words, who, kind, a.p.Persona.ID)...)
}

// between finds X and Y of "between X and Y" and of "X versus Y".
func (a *ask) between() {
	from, at := -1, -1
	for i, t := range a.tokens {
		switch {
		case t.word == "between" || t.word == "fight" || t.word == "battle":
			from = i
		case t.word == "vs" || t.word == "versus", t.word == "and" && from >= 0 && i > from+1:
			at = i
		}
	}
	if at < 1 || at == len(a.tokens)-1 {
		return
	}
	option := func(ts []token) string {
		var ws []string
		for _, t := range ts {
			if len(ws) == 3 || len(ws) > 0 && (openers[t.word] || prepositions[t.word]) {
				break
			}
			if t.word != "a" && t.word != "an" && t.word != "the" {
				ws = append(ws, t.word)
			}
		}
		return mirrored(strings.Join(ws, " "))
	}
	left := a.tokens[:at]
	if from >= 0 && from < at {
		left = left[from+1:]
	} else {
		for i := len(left) - 1; i >= 0; i-- {
			if openers[left[i].word] || asking[left[i].word] {
				left = left[i+1:]
				break
			}
		}
	}
	if x, y := option(left), option(a.tokens[at+1:]); x != "" && y != "" {
		a.options = []string{x, y}
	}
}
