package oracle

import (
	"strconv"
	"strings"
)

// elsewhere are facts whose lines stand under another key than fact/KEY.
var elsewhere = map[string]string{
	"whoami": "who/asker", "here": "who/here", "spirits": "howmany/spirits", "others": "who/others", "pushing": "who/pushing", "after": "what/after",
	"howborn": "fact/town", "witnessname": "fact/witness", "parting": "what/parting", "mood": "mood",
}

// factKeys are the keys of the fact the question asks for, or nil when it asks for none.
func (o *Oracle) factKeys(a *ask, g *soul, v *voice) []string {
	if a.claim != "" {
		return nil // yes or no is what was asked
	}
	if a.fact == "" && (a.kind == Who || a.kind == Identity || a.kind == What) && !a.me {
		if who := g.storyName(a); who != "" && who != "self" && who != "parent" && who != "pet" {
			a.fact = "who" + who
		}
	}
	switch a.fact {
	case "":
		return nil
	case "here":
		if a.kind == HowMany {
			return []string{"howmany/here"}
		}
	case "sibling", "child", "spouse":
		n := 0
		for _, r := range map[string][]string{"sibling": {"brother", "sister"}, "child": {"son", "daughter", "stepson"}, "spouse": {"husband", "wife"}}[a.fact] {
			if g.has(r) && !(r == "brother" && a.has("sister", "sisters")) && !(r == "sister" && a.has("brother", "brothers")) {
				n++
			}
		}
		v.figure = numberWords[n]
		if n == 0 {
			return []string{"fact/none"}
		}
		return []string{"fact/count"}
	case "howlongmarried":
		if !g.has("husband") && !g.has("wife") {
			return []string{"fact/nevermarried"}
		}
	case "nameletters":
		v.figure = strconv.Itoa(len(g.name))
		return []string{"fact/count"}
	case "identity":
		if a.kind == Name {
			return []string{"fact/name"}
		}
	}
	if key, ok := elsewhere[a.fact]; ok {
		return []string{key}
	}
	base := "fact/" + a.fact
	keys := []string{base}
	for _, id := range []string{g.plot.id, g.motive.id, g.twist.id} {
		if len(o.book.byKey[base+"/"+id]) > 0 {
			keys = append(keys, base+"/"+id)
		}
	}
	return keys
}

// sidelong are the whispers that may go with any answer: a clue, a turn to somebody silent, the persona's own ways.
// They stand behind those on what was asked.
func (a *ask) sidelong() []pool {
	level := a.o.level(a.p.Turn)
	p := &a.p.Persona
	clue := [...]float64{0, 0.6, 0.9, 1, 0.8}[level]
	own := a.fact != "" || a.claim != ""
	if !own { // its own story, where nobody asked for it, seems to come from nowhere
		clue = 0
	}
	pools := []pool{{"~clue", clue}}
	for _, t := range a.topics {
		pools = append(pools, pool{"~clue/" + t, 0.8})
	}
	if a.fact == "" && a.claim == "" && seen[a.kind] { // it says where it saw the answer
		pools = append(pools, a.itsWorld()...)
	}
	if p.Cruelty >= 0.35 {
		pools = append(pools, pool{"~cruel", 4 * (p.Cruelty - 0.3)})
	} else if p.Cruelty < 0.25 {
		pools = append(pools, pool{"~kind", 0.15})
	}
	// One turn in nine may turn aside; which one is the seed's choice.
	block := a.p.Turn / 9
	if a.p.Turn%9 == int(hash(uint64(a.p.Seed), "aside", strconv.Itoa(block))%9) {
		pools = append(pools, pool{"~aside", 5}, pool{"~recall", 0.2})
	}
	return pools
}

// How likely a persona's own world is to say how it knows, of a word that has lines of its own and of one that has not.
const itsOwnWorld, anyWorld = 6, 2.2

// itsWorld are the whispers that tell how the spirit knows, in the words its persona brings along.
func (a *ask) itsWorld() []pool {
	p := &a.p.Persona
	if len(p.Add) == 0 {
		return nil
	}
	var pools []pool
	plain := 0
	for _, w := range p.Add {
		k := "~own/" + strings.ToLower(strings.TrimSpace(w))
		if len(a.o.book.byKey[k]) == 0 {
			plain++
			continue
		}
		pools = append(pools, pool{k, itsOwnWorld / float64(len(p.Add))})
	}
	if plain > 0 {
		pools = append(pools, pool{"~own", anyWorld * float64(plain) / float64(len(p.Add))})
	}
	return pools
}

// seen are the kinds of answers that a spirit finds by looking.
var seen = map[Kind]bool{YesNo: true, Who: true, What: true, Where: true, When: true, HowMany: true, HowLong: true, Why: true, How: true, Choice: true}

// about are whispers on what the question is about.
func (a *ask) about(weight float64) []pool {
	var pools []pool
	for _, t := range a.topics {
		pools = append(pools, pool{"~" + t, weight})
	}
	if a.noun != nil && echoed[a.noun.class] {
		close := a.kind.String()
		if a.kind == YesNo {
			close = a.sense.String()
		}
		if k := "~" + close + "/noun"; len(a.o.book.byKey[k]) > 0 {
			pools = append(pools, pool{k, weight * 1.3})
		}
		weight *= 0.3
		switch {
		case a.many:
			pools = append(pools, pool{"~nounmany", weight})
		case !a.noun.countable():
			pools = append(pools, pool{"~nounmass", weight})
		default:
			pools = append(pools, pool{"~noun", weight})
		}
	}
	return pools
}

// polarity is the answer to a question that is none of the story's business: the same for the same question, the
// opposite for its opposite, as the persona leans.
func (a *ask) polarity(v *voice) polarity {
	y, n, m := v.polarities()
	d := die(hash(a.canon, "polarity"))
	at := d.float() * (y + n + m)
	p := maybe
	switch {
	case at < y:
		p = yes
	case at < y+n:
		p = no
	}
	if a.flip {
		return p.flipped()
	}
	return p
}

func (o *Oracle) yesOrNo(a *ask, g *soul, v *voice, turn uint64) utterance {
	switch {
	case a.shape == "release":
		return o.say(a, g, v, []string{"release"}, turn, []pool{{"~release", 5}})
	case a.kind == Presence:
		return o.say(a, g, v, []string{"presence"}, turn, append(a.sidelong()[1:], pool{"~presence", 7}))
	case a.kind == Machine:
		key := a.shape
		if !strings.HasPrefix(key, "machine/") {
			key = "machine/made"
			if a.has("human", "person", "people", "flesh", "body", "man", "woman", "somebody", "someone", "alive", "hand") {
				key = "machine/human"
			}
		}
		return o.say(a, g, v, []string{key}, turn, []pool{{"~machine", 5}})
	case a.kind == Mood && !auxiliaries[a.tokens[0].word]:
		return o.say(a, g, v, []string{"mood"}, turn, append(a.sidelong(), pool{"~mood", 6}))
	case a.kind == Know && (a.has("me", "us") || len(a.named) > 0):
		return o.say(a, g, v, []string{"know"}, turn, []pool{{"~know", 6}})
	}
	if a.claim == "" && strings.HasPrefix(a.shape, "yesno/") {
		u := o.say(a, g, v, []string{a.shape}, a.canon, []pool{{"~" + a.shape, 5}})
		if board := o.again(a); board != "" {
			u.board = board
		}
		return u
	}
	if a.claim == "" && a.you && !a.me && a.modern() {
		return o.say(a, g, v, []string{"no/modern"}, a.canon, []pool{{"~no/modern", 5}, {"~tech", 1}})
	}
	p, told := a.sense, a.claim != ""
	pools, own := a.sidelong(), 3.0
	if told {
		about := a.claim
		if about == "culprit" && p == yes && (g.storyName(a) == "culprit" || a.relation() == g.culprit.relation) {
			about = "named"
		}
		if k := "~" + p.String() + "/" + about; len(o.book.byKey[k]) > 0 {
			pools, own = append(pools, pool{k, 9}), 0.3
		}
	} else {
		p = a.polarity(v)
		a.sense = p
		pools = append(pools, a.about(3.5)...)
		for _, t := range a.topics {
			pools = append(pools, pool{"~" + p.String() + "/" + t, 5})
		}
	}
	a.subj, a.aux = a.subject()
	pools = append(pools, pool{"~" + p.String(), own})
	key, salt := p.String(), a.canon
	if told {
		key, salt = key+"/claim", turn
	}
	u := o.say(a, g, v, []string{key}, salt, pools)
	if board := o.again(a); board != "" && !told && a.canonKept() {
		u.board = board
	}
	u.sense = p
	return u
}

// modern reports whether the question is about a thing that no ghost of the stock can have known.
func (a *ask) modern() bool {
	return a.noun != nil && (a.noun.class == "tech" || modernThings[a.noun.one]) && !a.has("believe", "think")
}

var modernThings = set("pizza burger taco sushi car plane airplane aeroplane motorbike fortnite roblox minecraft bitcoin cola cinema airport " +
	"videogame rocket astronaut youtuber streamer microwave skateboard trainer sneaker")

// storyClaims settle something of the mystery, so that "why?" after one asks on.
var storyClaims = set("culprit two object hide motive manner murdered accident fate witness season deathplace died")

// canonKept reports whether the question is one whose answer must not change when it is asked again.
func (a *ask) canonKept() bool {
	return a.kind != Presence && a.kind != Machine && a.shape != "follow/really"
}

// subject is who a yes-or-no question is about, and its auxiliary, turned to the one who answers: "will she" is SHE WILL,
// "are you" is I AM.
func (a *ask) subject() (subj, aux string) {
	if len(a.tokens) < 3 || !auxiliaries[a.tokens[0].word] {
		return "", ""
	}
	aux, subj = a.tokens[0].word, a.tokens[1].word
	switch subj {
	case "i", "we":
		subj = "you"
		aux = map[string]string{"am": "are", "was": "were", "shall": "will"}[aux]
		if aux == "" {
			aux = a.tokens[0].word
		}
	case "you":
		subj = "i"
		switch aux {
		case "are", "is":
			aux = "am"
		case "were":
			aux = "was"
		}
	case "he", "she", "they", "it":
		if aux == "shall" {
			aux = "will"
		}
	default:
		if !a.isNamed(subj) || len(a.tokens) > 2 && a.tokens[2].word == "and" {
			return "", ""
		}
		for _, n := range a.named {
			if foldWord(n) == subj {
				subj = foldWord(n)
			}
		}
	}
	if aux == "had" || aux == "have" && subj == "i" && a.has("have_you_a") {
		return "", ""
	}
	return subj, aux
}

// talk answers what is said rather than asked.
func (o *Oracle) talk(a *ask, g *soul, v *voice, turn uint64) utterance {
	key := a.kind.String()
	side := a.sidelong()
	switch a.kind {
	case Farewell:
		return o.say(a, g, v, []string{"farewell"}, turn, []pool{{"~farewell", 5}})
	case Clock:
		switch {
		case a.has("year", "century", "decade"):
			key = "clock/year"
		case a.has("day", "date", "weekday"):
			key = "clock/day"
		case a.has("month", "season"):
			key = "clock/season"
		default:
			key = "clock/hour"
		}
		return o.say(a, g, v, []string{key}, turn, side)
	case Command:
		if v.echo = a.echoes(); v.echo != "" && !pointing[v.echo] && v.echo != "that" && v.echo != "this" && !rude(v.echo) && a.shape != "command/guessage" {
			return o.say(a, g, v, []string{"command/say"}, turn, side)
		}
		key = "command/do"
		if a.shape == "leave" || strings.HasPrefix(a.shape, "command/") {
			key = a.shape
		}
	case Statement, Praise, Insult:
		if k := a.remark(); strings.HasPrefix(a.shape, "statement/") {
			key = a.shape
		} else if k != "" {
			key = k
		}
		if key == "introduce" && len(a.named) == 0 {
			key = "introduce/new"
		}
	case Nonsense:
		if foreign(a.p.Question) {
			key = "foreign"
		}
	}
	pools := append(side, pool{"~" + key, 7})
	if tender[key] {
		pools = []pool{{"~" + key, 1}}
	}
	if a.kind == Statement && key == "statement" {
		pools = append(pools, a.about(3)...)
	}
	return o.say(a, g, v, []string{key}, turn, pools)
}

// tender are remarks that get nothing but what was written for them.
var tender = set("statement/loss statement/heart statement/sad statement/fail sorry fright")

// remark is the key of data/near.txt or talk.txt for what was remarked, or "".
func (a *ask) remark() string {
	own := a.kind.String() + "/"
	terms := a.terms
	if len(a.tokens) < len(a.all) && len(a.all) < 9 { // what was passed over as a filler may be all there is: "sorry"
		terms = a.o.rules.collect(a.all)
	}
	for i := range a.o.rules.talk {
		r := &a.o.rules.talk[i]
		_, _, closer := strings.Cut(r.key, "/")
		if !r.holds(terms) || closer && !strings.HasPrefix(r.key, own) {
			continue
		}
		if closer || a.kind == Statement || r.key == "sorry" {
			return r.key
		}
	}
	return ""
}

// foreign reports whether text is mostly letters the board does not have.
func foreign(text string) bool {
	strange, plain := 0, 0
	for _, r := range text {
		f := fold(r)
		switch {
		case f >= "a" && f <= "zz":
			plain++
		case r > 0x2ff:
			strange++
		}
	}
	return strange > 3 && strange > plain
}
