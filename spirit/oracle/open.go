package oracle

import (
	"strings"
)

// choose answers "X or Y": by the story where the story knows, else by the seed.
func (o *Oracle) choose(a *ask, g *soul, v *voice) utterance {
	pools := append(a.sidelong(), pool{"~choice", 4})
	pools = append(pools, a.about(2.5)...)
	if len(a.options) < 2 {
		if a.shape == "who/table" || a.has("of_us") {
			return o.say(a, g, v, []string{"who/table"}, a.canon, append(pools, pool{"~who/table", 6}))
		}
		if keys := o.openKeys(a); keys[0] != a.kind.String() || len(o.book.byKey["what/"+headNoun(a)]) > 0 {
			return o.open(a, g, v)
		}
		return o.say(a, g, v, []string{"choice/blind"}, a.canon, pools)
	}
	at, denied := -1, false
	if a.you || a.has("@story", "@he", "killer", "murderer") {
		for i, opt := range a.options {
			part := a.with(opt)
			if p, _, ok := part.judge(g); ok && p == yes {
				at = i
				break
			} else if ok && p == no && len(a.options) == 2 {
				if at = 1 - i; denied && a.tense == past && !a.has("rather", "prefer", "would") {
					return o.say(a, g, v, []string{"choice/neither"}, a.canon, []pool{{"~choice/told", 4}})
				}
				denied = true
			}
		}
	}
	told := at >= 0
	if !told {
		at = int(hash(a.canon, "choice") % uint64(len(a.options)))
	}
	v.pick = a.options[at]
	if rude(v.pick) {
		return o.say(a, g, v, []string{"choice/blind"}, a.canon, pools)
	}
	key := "choice"
	if w, _, _ := strings.Cut(v.pick, " "); o.lex.verbs[w] && o.lex.nouns[w] == nil {
		key = "choice/do" // an option that is done, not had
	}
	if told { // its own story: no advice
		key, pools = "choice/told", []pool{{"~choice/told", 4}, {"~clue", 1}}
	}
	u := o.say(a, g, v, []string{key}, a.canon, pools)
	if board := o.again(a); board != "" && !told {
		u.board = board
	}
	return u
}

// with is the question with only one of its options left.
func (a *ask) with(option string) *ask {
	b := *a
	b.tokens = nil
	gone := map[string]bool{"or": true}
	for _, opt := range a.options {
		for _, w := range strings.Fields(opt) {
			gone[w] = true
		}
	}
	for _, w := range strings.Fields(option) {
		delete(gone, w)
	}
	for _, t := range a.tokens {
		if !gone[t.word] {
			b.tokens = append(b.tokens, t)
		}
	}
	b.options = nil
	b.terms = a.o.rules.collect(b.tokens)
	b.findSubject()
	b.findNoun()
	return &b
}

// rude reports whether the board had better not spell an option as it was put.
func rude(option string) bool {
	for _, w := range strings.Fields(option) {
		if rudeWords[w] {
			return true
		}
	}
	return false
}

// openKeys are the keys of an open question, the closest alone when there is a close one.
func (o *Oracle) openKeys(a *ask) []string {
	key := a.kind.String()
	switch a.kind {
	case Name, Identity, Death, Whereabouts, Want, Age:
		key = map[Kind]string{Name: "what/name", Identity: "fact/identity", Death: "how", Whereabouts: "where", Want: "fact/want", Age: "howmany/old"}[a.kind]
		if a.you && (a.kind == Name || a.kind == Age || a.kind == Whereabouts) {
			key = map[Kind]string{Name: "fact/name", Age: "fact/age", Whereabouts: "fact/house"}[a.kind]
		}
	}
	if a.shape == "" {
		return []string{key}
	}
	head, _, _ := strings.Cut(a.shape, "/")
	if k, ok := kindNamed(head); ok && len(o.book.byKey[a.shape]) > 0 && (k == a.kind || possible(a.tokens)&kindsOf(k) != 0 || a.kind == What || a.shape == "what/number") {
		a.kind = k
		return []string{a.shape}
	}
	return []string{key}
}

// open answers the open questions.
func (o *Oracle) open(a *ask, g *soul, v *voice) utterance {
	keys := o.openKeys(a)
	if near := o.nearer(a, keys[0]); near != nil {
		keys = near
	} else if keys[0] == a.kind.String() && (a.kind == What || a.kind == Choice) {
		if k := "what/" + headNoun(a); len(o.book.byKey[k]) > 0 {
			keys = []string{k}
		}
	}
	pools := append(a.sidelong(), a.about(2.5)...)
	for _, k := range keys {
		pools = append(pools, pool{"~" + k, 5})
	}
	if keys[0] != a.kind.String() && (a.kind != What || objects[keys[0]]) {
		pools = append(pools, pool{"~" + a.kind.String(), 0.8})
	}
	u := o.say(a, g, v, keys, a.canon, pools)
	if board := o.again(a); board != "" {
		u.board = board
	}
	return u
}

// objects are closer kinds of "what" whose answer one might trip over, as the whispers of "~what" have it.
var objects = set("what/object what/gift what/present what/door what/floor what/pocket")

// headNoun is what kind of thing a "what" or "which" asks for: what bird, which town, what is Ann's favourite food.
func headNoun(a *ask) string {
	if w := a.tokens[0].word; w != "what" && w != "which" && !offers[w] {
		return ""
	}
	for i, t := range a.tokens[1:] {
		if between[t.word] || a.isNamed(t.word) || i > 0 && strings.HasSuffix(t.word, "est") {
			continue
		}
		if k, ok := headWords[t.base]; ok {
			return k
		}
		n := a.o.lex.nouns[t.word]
		if n == nil {
			return ""
		}
		if k, ok := headClasses[n.class]; ok {
			return k
		}
		return n.class
	}
	return ""
}

// between may stand between "what" and the noun it asks for.
var between = set("kind sort type of is are was were 's the my your our his her their a an favourite best next lucky spirit real true new other right a one")

var headClasses = map[string]string{"tool": "object", "thing": "object", "cloth": "wear", "country": "place", "kin": "person", "weekday": "day", "music": "song",
	"drink": "food", "trade": "job", "play": "game"}

var headWords = map[string]string{"number": "number", "letter": "letter", "word": "word", "name": "name", "day": "day", "month": "month", "season": "season", "country": "country", "bird": "bird", "town": "place",
	"city": "place", "school": "place", "university": "place", "college": "place", "job": "job", "career": "job", "hobby": "deeds", "sport": "game", "game": "game",
	"book": "book", "movie": "book", "film": "book", "show": "book", "poem": "book", "room": "room", "drawer": "spot", "age": "age", "sign": "sign", "direction": "way", "way": "way",
	"street": "place", "road": "place"}

var rudeWords = set("fuck shit cunt bitch bastard dick cock penis vagina tits boobs whore slut nigger nigga faggot fag retard rape sex porn anal " +
	"ass arse asshole pussy cum piss nazi hitler poo poop butt sexy nude nudes naked horny")
