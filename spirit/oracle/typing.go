package oracle

import (
	"slices"
	"strings"
)

// greets reports whether nothing is said but hello.
func (a *ask) greets() bool {
	hello := false
	for _, t := range a.tokens {
		if !fillers[t.word] && !hellos[t.word] && t.word != "there" && t.word != "again" && !company[t.word] && !a.isNamed(t.word) {
			return false
		}
		hello = hello || hellos[t.word]
	}
	return hello
}

// company is who may be greeted.
var company = set("all everyone everybody folks guys chap old madam sir dear friends spirits ghosts ladies")

var hellos = set("oi ahoy heya hey hi hello hiya howdy yo greetings evening afternoon morning")

// rates reports whether a number on a scale is asked for.
func (a *ask) rates() bool {
	for i, t := range a.all {
		if t.word == "scale" && len(a.all) > 4 || i > 1 && (t.word == "ten" || t.word == "10") && a.all[i-1].word == "of" && a.all[i-2].word == "out" {
			return true
		}
	}
	return false
}

// unknown reports whether no word of the question is one the oracle has ever heard.
func (a *ask) unknown() bool {
	for _, t := range a.tokens {
		if a.o.lex.known[t.word] || a.o.vocabulary[t.word] || fillers[t.word] || a.isNamed(t.word) || sayable[t.word] || pointing[t.word] && len(a.tokens) > 2 {
			return false
		}
		if _, ok := number(t.word); ok {
			return false
		}
	}
	return a.g == nil || a.g.storyName(a) == ""
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
	if !slices.ContainsFunc(a.tokens, func(t token) bool { return !fillers[t.word] }) { // "hmm, well"
		a.kind, a.sure = Statement, 1
		return
	}
	if key, figure, ok := a.sum(); ok && !a.has("or") {
		a.kind, a.sure, a.shape, a.figure = Sum, 1, key, figure
		return
	}
	if a.rates() {
		a.kind, a.sure, a.shape = HowMany, 1, "howmany/scale"
		return
	}
	if a.settleParty() {
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
	if a.kind == Who && a.tokens[0].word == "which" && !a.has("of_us", "person", "one", "friend") {
		if h := headNoun(a); h != "" && h != "person" && h != "kin" {
			a.kind = What
		}
	}
	if a.kind == Presence && a.tense == past && !a.has("hear", "call", "come", "reach", "join", "spirit", "ghost", "arrive", "knock", "wake", "get", "someone", "anyone") {
		a.kind = YesNo
	}
	if a.kind == Choice && len(a.options) == 0 && a.tokens[0].word != "which" && auxiliaries[a.tokens[0].word] {
		a.kind = YesNo
	}
	if a.asked && len(a.tokens) > 2 && (a.kind == Statement || a.kind == Insult || a.kind == Praise) && !asking[a.tokens[0].word] {
		a.kind = YesNo
	}
	if a.kind == Machine && a.shape == "" && !a.you && !a.has("@it", "talk", "talking", "speaking", "board", "someone", "somebody", "game", "program", "person") {
		a.kind = YesNo
	}
	if a.kind == Nonsense && len(a.tokens) > 1 && slices.ContainsFunc(a.tokens, func(t token) bool { return a.o.lex.known[t.word] && !grammar[t.word] }) {
		a.kind = Statement // "poor mouse" is no noise
	}
	yes := a.kind == YesNo || a.kind == Presence || a.kind == Know || a.kind == Mood && auxiliaries[a.tokens[0].word] || a.kind == Choice && len(a.options) > 0
	if r := first(a.o.rules.shape, a.terms); r != nil && (r.key != "what/kindof" || headNoun(a) == "") {
		a.shape = r.key
	}
	if a.shape == "where/person" && a.noun != nil && a.noun.class == "animal" {
		a.shape = "where/animal"
	}
	a.settleRemarks()
	switch {
	case strings.HasPrefix(a.shape, "machine/"):
		a.kind = Machine
	case a.shape == "presence" && auxiliaries[a.tokens[0].word]:
		a.kind = Presence
	case strings.HasPrefix(a.shape, "command/") && (a.kind == Command || auxiliaries[a.tokens[0].word] && a.kind == YesNo && a.has("@verb", "can_you", "could_you", "will_you", "would_you")):
		a.kind = Command
	case strings.HasPrefix(a.shape, "what/") && offers[a.tokens[0].word]:
		a.kind = What
	case strings.HasPrefix(a.shape, "command/") && !auxiliaries[a.tokens[0].word] && !asking[a.tokens[0].word] && !pronouns[a.tokens[0].word] && !determiners[a.tokens[0].word]:
		a.kind = Command
	case a.shape == "command/spellit":
		a.kind = Command
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
	case a.kind == Death && !a.you && !a.has("@story", "death", "die"):
		a.kind = How
	case a.kind == Death:
		a.fact = "manner"
	case a.kind == Identity && a.tokens[0].word == "who" && a.weighty():
		a.kind = Who
	}
}

// settleRemarks keeps what is said from being taken for noise, praise or farewell when its words tell better.
func (a *ask) settleRemarks() {
	w := a.tokens[0].word
	if a.kind == Farewell && !a.has(partings...) {
		a.kind, a.sure = a.o.table.choose(a.features(nil), possible(a.tokens)&^kindsOf(Farewell))
	}
	if !a.asked && !asking[w] && !auxiliaries[w] && a.has("talk_to_you_later", "talk_later", "see_you_later", "see_you_soon", "see_you_tomorrow", "see_you", "until_next_time", "next_time", "sleep_well", "goodnight", "good_night", "night_night", "take_care", "gotta_go", "got_to_go", "have_to_go", "off_to_bed", "rest_in_peace", "rest_now", "peace_out", "toodle_pip", "over_and_out", "ta_ta") && !a.has("want", "let_us", "like") {
		a.kind = Farewell
		return
	}
	if asking[w] || auxiliaries[w] && a.kind != Insult && a.kind != Praise {
		return
	}
	switch {
	case a.kind == YesNo && !a.asked && len(a.tokens) > 3 && !a.you && (w == "i" || w == "we" || w == "it" && a.me) && auxiliaries[a.tokens[1].word]:
		a.kind = Statement
	case (a.kind == Statement || a.kind == YesNo) && a.accuses():
		a.kind = YesNo
		if a.tokens = asDirect(a.tokens); w == "i" {
			a.tokens = slices.Concat(words("was it"), a.tokens[len(a.tokens)-1:])
		}
		a.terms = a.o.rules.collect(a.tokens)
		a.findSubject()
	case a.kind == Praise && a.has("freak", "freaking", "creep", "creeping", "scaring", "scare", "creepy", "scary"):
		a.kind = Statement
	case a.kind == Insult && a.has("clever", "smart", "brilliant", "amazing", "great", "nice", "lovely", "wonderful") && !a.has("not", "so_not", "think_you"):
		a.kind = Praise
	case a.kind == Insult && a.has("remind"):
		a.kind = Statement
	case a.kind == Praise && a.has("worst", "terrible", "awful", "rubbish", "useless", "stupid", "fake", "boring", "suck", "dumb", "trash", "scarier", "lame"):
		a.kind = Insult
	case a.kind == Statement && a.you && a.has("scarier", "worst", "rubbish", "stink", "suck", "ugly", "useless", "pathetic"):
		a.kind = Insult
	case a.kind == Command && (pronouns[w] || determiners[w]):
		a.kind = Statement
	case (a.kind == Nonsense || a.kind == Farewell || a.kind == Insult) && !a.has("goodbye", "bye", "farewell", "night", "leave", "leaving", "go", "going", "close", "closing", "later", "tomorrow") || a.kind == Nonsense:
		was := a.kind
		a.kind = Statement
		if k := a.remark(); !strings.HasPrefix(k, "statement/") || was == Insult && a.you {
			a.kind = was
		}
	}
}

// accuses reports whether somebody of the story is named as the one who did it: "it was your brother".
func (a *ask) accuses() bool {
	if a.has("@me", "@name") && !a.has("accuse") || !a.has("it_was", "it_is", "did_it", "killed_you", "kill_you", "killer", "murderer", "murdered_you", "poisoned_you", "pushed_you", "guilty", "betrayed_you", "i_accuse", "accuse") {
		return false
	}
	who := a.g.storyName(a)
	return who != "" && who != "self" && who != "pet" || relationWords[a.relation()]
}

// partings are words without which nobody takes leave.
var partings = strings.Fields("all enough cya adieu tonight today night day week goodbye bye farewell night leave leaving go going later close closing end ending see_you done rest sleep until care over stop " +
	"finish home done part off gone cheerio ciao thanks depart release peace tomorrow time")

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
	if r.key == "culpritname" && a.has("@he") && a.prev != nil && (a.prev.me && a.prev.has("@kin") || !a.prev.aboutStory() && !a.prev.you && !a.has("@story")) { // "do you know my mum? what is her name?"
		return false
	}
	if r.key == "hide" && !a.you && !a.has("@story") { // somebody's own lost key is not the ghost's
		mine, _ := a.within(set(a.g.object), nil)
		return mine || a.noun == nil
	}
	return true
}
