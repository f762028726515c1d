package oracle

import (
	"slices"
	"strings"
)

// fillers say nothing where they stand at the head of a question.
var fillers = set("heya ooh oooh ah aha aw oi hey hi hello hiya howdy yo ok okay so um umm uh uhm er erm hmm hm well please oh dear great spirit spirits ghost " +
	"ghosts ghostie mister sir maam madam lol lmao haha hahaha omg bruh mate bro dude man guys wow like anyway right alright now then " +
	"but and also just mr mrs miss good evening o board ouija oracle seriously honestly actually quick question sorry")

// tails say nothing at the end of one.
var tails = set("mate buddy pal innit spirit spirits ghost please lol lmao haha hahaha bro dude man though then huh eh anyway omg friend xd sir ghostie " +
	"exactly again or not right oracle board pls")

// asking are the words that open a question of their own inside another ("can you tell me where ...").
var asking = set("who whom whose what which where when why how if whether")

// auxiliaries open a yes-or-no question.
var auxiliaries = set("is are am was were will would shall should can could do does did has have had may might must")

// theQuestion is the part of text that asks, without what leads up to it, and every word beside it for what "it" may
// refer to.
func (o *Oracle) theQuestion(text string) (tokens, all []token) {
	ss := o.sentences(o.english(text))
	var best []token
	for _, s := range ss {
		all = append(all, s...)
		s = trim(s)
		switch {
		case len(s) == 0:
		case asks(s):
			best = s
		case best == nil || !asks(best):
			best = s
		}
	}
	if len(best) == 0 { // nothing but fillers: they are the greeting
		for _, s := range ss {
			if len(s) > 0 {
				return s, all
			}
		}
		return nil, all
	}
	asked := ss[len(ss)-1][len(ss[len(ss)-1])-1].asks
	best = settled(uncarried(clause(best)))
	return untagged(best, asked), all
}

// settled brings some ways of asking down to one: "in which year" to "which year", "don't you" to "do you", "how come" and
// "for what reason" to "why", "in what way" to "how".
func settled(s []token) []token {
	word := func(i int) string {
		if i < len(s) {
			return s[i].word
		}
		return ""
	}
	as := func(w string, skip int) []token { return append([]token{{word: w, base: w}}, s[skip:]...) }
	switch {
	case word(0) == "were" && auxiliaries[word(1)]: // a slip of the pen
		return as("where", 1)
	case word(0) == "whereabouts":
		return as("where", 1)
	case word(0) == "how" && word(1) == "come":
		return as("why", 2)
	case word(0) == "for" && (word(1) == "what" || word(1) == "which") && word(2) == "reason":
		return as("why", 3)
	case word(0) == "what" && word(1) == "for" && len(s) == 2:
		return as("why", 2)
	case (word(0) == "in" || word(0) == "by") && (word(1) == "what" || word(1) == "which") && (word(2) == "way" || word(2) == "manner" || word(2) == "means"):
		return as("how", 3)
	case word(0) == "what" && (word(1) == "makes" || word(1) == "made") && (word(2) == "you" || word(2) == "them" || word(2) == "him" || word(2) == "her") && convinced[word(3)]:
		return as("why", 2)
	case prepositions[word(0)] && asking[word(1)] && len(s) > 2:
		return s[1:]
	case auxiliaries[word(0)] && word(1) == "not" && pronouns[word(2)] && len(s) > 3:
		return append([]token{s[0]}, s[2:]...)
	}
	return s
}

// nameless begin a question that leaves out "what is": "initials of my crush", "your favourite season?"
var nameless = set("lucky initials initial last first favourite any your my the his her our")

// completed puts "what is" before a question that is nothing but what it asks for.
func completed(s []token) []token {
	if len(s) == 0 || len(s) > 7 || !nameless[s[0].word] || hasAux(s) || !s[len(s)-1].asks && (possessives[s[0].word] || s[0].word == "the") {
		return s
	}
	return append(words("what is"), s...)
}

func hasAux(s []token) bool {
	for i, t := range s {
		if auxiliaries[t.word] || asking[t.word] || t.word == "or" || i > 1 && t.word != t.base && strings.HasSuffix(t.word, "ed") {
			return true
		}
	}
	return false
}

var convinced = set("think say so sure believe do come want choose tell ask stay leave cry certain")

var prepositions = set("in on at from with to for of under until since near behind inside beneath about around through")

// untagged turns "you drowned, didn't you" and "you are a woman?" into "did you drown" and "are you a woman".
func untagged(s []token, asked bool) []token {
	for _, t := range s {
		if asking[t.word] {
			return s
		}
	}
	if n := len(s); n > 4 && auxiliaries[s[n-3].word] && s[n-2].word == "not" && pronouns[s[n-1].word] {
		return asDirect(s[:n-3])
	} else if n > 4 && auxiliaries[s[n-2].word] && pronouns[s[n-1].word] && !auxiliaries[s[0].word] {
		return asDirect(s[:n-2])
	}
	if asked && len(s) > 2 && pronouns[s[0].word] && auxiliaries[s[1].word] {
		return asDirect(s)
	}
	return s
}

var pronouns = set("i you he she it we they that this there")

// asks reports whether s opens like a question.
func asks(s []token) bool {
	return asking[s[0].word] || auxiliaries[s[0].word] && len(s) > 1 && !(s[0].word == "do" && orders[s[1].word]) || len(s) > 1 && asking[s[1].word] && len(s[0].word) < 5
}

// orders are words after which "do" gives an order instead of asking.
var orders = set("not a an something it that this your the some more tell")

// trim drops fillers at both ends as long as something is left.
func trim(s []token) []token {
	for len(s) > 1 && fillers[s[0].word] && !(s[0].word == "man" && auxiliaries[s[1].word]) {
		s = s[1:]
	}
	if len(s) == 1 && fillers[s[0].word] {
		return nil
	}
	for (len(s) > 2 || len(s) == 2 && asking[s[0].word]) && tails[s[len(s)-1].word] {
		last, before := s[len(s)-1].word, s[len(s)-2].word
		if (last == "spirit" || last == "ghost" || last == "man" || last == "friend" || last == "right" || last == "board" || last == "or") &&
			(before == "a" || before == "the" || before == "your" || before == "my" || before == "you" || before == "real" || before == "of" || before == "best" || before == "or" || before == "left" || before == "old" || before == "this") {
			break
		}
		s = s[:len(s)-1]
	}
	return s
}

// clause is what follows the last comma that opens a question: "I lost my ring, where is it".
func clause(s []token) []token {
	for i := len(s) - 3; i > 0; i-- { // "are you behind me or where are you"
		if s[i].word == "or" && asking[s[i+1].word] {
			return s[i+1:]
		}
	}
	if slices.ContainsFunc(s, func(t token) bool { return t.word == "scale" }) {
		return s // "on a scale of 1 to 10": what comes before the question is part of it
	}
	for i := len(s) - 2; i >= 0; i-- {
		if !s[i].pause {
			continue
		}
		rest := trim(s[i+1:])
		if len(rest) > 1 && asks(rest) && (!asks(s) || asking[rest[0].word] && !asking[s[0].word]) {
			return rest
		}
	}
	for i := 1; i < len(s)-2; i++ { // "i just wanted to know why you come"
		if wondering[s[i].word] && asking[s[i+1].word] && s[i+1].word != "that" && !asks(s) {
			return s[i+1:]
		}
	}
	if len(s) > 7 && !asks(s) { // a long story, and a question at its end
		for i := len(s) - 3; i > 2; i-- {
			turned := auxiliaries[s[i].word] && (subjects[s[i+1].word] || determiners[s[i+1].word])
			if turned && (!subjects[s[i-1].word] && s[i-1].word != "not") || asking[s[i].word] && auxiliaries[s[i+1].word] && s[i].word != "which" && s[i].word != "what" {
				for back := range 2 {
					if at := i - 1 - back; asking[s[at].word] && s[at].word != "that" {
						return s[at:]
					}
				}
				return s[i:]
			}
		}
	}
	return s
}

var (
	wondering = set("know wondering wonder ask curious")
	subjects  = set("i you he she it we they this that")
)

// carriers lead up to a question that follows them.
var carriers = [][]string{
	strings.Fields("can you tell me"), strings.Fields("can you tell us"), strings.Fields("could you tell me"),
	strings.Fields("could you tell us"), strings.Fields("will you tell us"), strings.Fields("will you tell me"),
	strings.Fields("would you tell us"), strings.Fields("would you tell me"), strings.Fields("can you say"), strings.Fields("can you show us"),
	strings.Fields("can you please tell me"), strings.Fields("can you please tell us"), strings.Fields("please tell us"),
	strings.Fields("tell me"), strings.Fields("tell us"), strings.Fields("tell"), strings.Fields("show us"), strings.Fields("show me"),
	strings.Fields("i want to know"), strings.Fields("we want to know"), strings.Fields("i would like to know"), strings.Fields("i need to know"),
	strings.Fields("we would like to know"), strings.Fields("we need to know"), strings.Fields("do you know"), strings.Fields("do you remember"),
	strings.Fields("any idea"), strings.Fields("i wonder"), strings.Fields("we wonder"), strings.Fields("i am wondering"),
	strings.Fields("we are wondering"), strings.Fields("i was wondering"), strings.Fields("i am curious"), strings.Fields("we were wondering"),
	strings.Fields("let us know"), strings.Fields("let me know"), strings.Fields("may i ask"), strings.Fields("may we ask"),
	strings.Fields("can i ask you"), strings.Fields("can i ask"), strings.Fields("can we ask"), strings.Fields("could i ask"), strings.Fields("my question is"),
	strings.Fields("do you think you know"), strings.Fields("say"), strings.Fields("guess"), strings.Fields("reveal"), strings.Fields("explain"),
	strings.Fields("do you have any idea"), strings.Fields("i do not know"), strings.Fields("what do you think"), strings.Fields("give us"),
	strings.Fields("may we know"), strings.Fields("may i know"), strings.Fields("can we know"), strings.Fields("could we know"), strings.Fields("can we have"),
	strings.Fields("may we have"), strings.Fields("can i have"), strings.Fields("give me"), strings.Fields("can you give us"), strings.Fields("do you think"), strings.Fields("do tell us"), strings.Fields("do tell"), strings.Fields("i just want to know"), strings.Fields("we just want to know"),
	strings.Fields("i really want to know"), strings.Fields("have you any idea"), strings.Fields("can you guess"), strings.Fields("can you reveal"),
	strings.Fields("can you explain"), strings.Fields("are you able to tell us"), strings.Fields("are you able to say"), strings.Fields("do you mind telling us"),
	strings.Fields("would you mind telling us"), strings.Fields("would you mind telling me"), strings.Fields("can you spell out"), strings.Fields("can you spell"),
}

// uncarried cuts off a carrier, when a question follows it: "can you tell us who did it" asks who did it.
func uncarried(s []token) []token {
	for _, c := range carriers {
		if len(s) <= len(c) {
			continue
		}
		hit := true
		for i, w := range c {
			if s[i].word != w {
				hit = false
				break
			}
		}
		if !hit {
			continue
		}
		rest := s[len(c):]
		for len(rest) > 2 && (rest[0].word == "about" || rest[0].word == "please" || rest[0].word == "exactly") {
			rest = rest[1:]
		}
		switch {
		case len(rest) > 1 && (rest[0].word == "if" || rest[0].word == "whether"):
			return asDirect(rest[1:])
		case asking[rest[0].word]:
			return rest
		case possessives[rest[0].word] && len(c) > 1 && (c[len(c)-1] != "know" || c[0] != "do") && c[len(c)-1] != "think" && c[len(c)-1] != "remember":
			return append([]token{{word: "what", base: "what"}, {word: "is", base: "be"}}, rest...)
		case c[len(c)-1] == "think" && len(rest) > 2 && (pronouns[rest[0].word] || auxiliaries[rest[1].word] || auxiliaries[rest[2].word]):
			return asDirect(rest)
		case auxiliaries[rest[0].word] && len(c) > 1:
			return rest
		}
	}
	return s
}

// possessives begin what a carrier may ask for without a question word: "can you tell us your name".
var possessives = set("your his her the my our their its")

// asDirect turns "she will come" into "will she come", so that what follows "if" is asked like any yes-or-no question.
func asDirect(s []token) []token {
	for i := 1; i < len(s) && i < 4; i++ {
		if auxiliaries[s[i].word] {
			out := append([]token{s[i]}, s[:i]...)
			return append(out, s[i+1:]...)
		}
	}
	return append([]token{{word: "do", base: "do"}}, s...)
}
