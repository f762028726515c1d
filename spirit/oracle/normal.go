package oracle

import (
	"strings"
	"unicode"
)

// A token is one word of a question.
type token struct {
	word   string // lower case, unaccented, contractions opened, spelling mended
	base   string // its plain form
	proper bool   // it was written with a capital and does not begin the sentence
	pause  bool   // a comma follows
	asks   bool   // a question mark follows
}

// opened are contractions and the shorthand of phones, as what they stand for.
var opened = map[string]string{
	"whats": "what is", "what's": "what is", "whos": "who is", "who's": "who is", "wheres": "where is", "where's": "where is",
	"hows": "how is", "how's": "how is", "whens": "when is", "when's": "when is", "why's": "why is", "whys": "why is",
	"that's": "that is", "thats": "that is", "it's": "it is", "he's": "he is", "she's": "she is", "hes": "he is", "shes": "she is",
	"there's": "there is", "theres": "there is", "here's": "here is", "you're": "you are", "youre": "you are", "ur": "your",
	"we're": "we are", "they're": "they are", "theyre": "they are", "i'm": "i am", "im": "i am", "i've": "i have", "ive": "i have",
	"you've": "you have", "youve": "you have", "we've": "we have", "i'll": "i will", "you'll": "you will", "we'll": "we will",
	"he'll": "he will", "she'll": "she will", "it'll": "it will", "they'll": "they will", "i'd": "i would", "you'd": "you would",
	"don't": "do not", "dont": "do not", "didn't": "did not", "didnt": "did not", "doesn't": "does not", "doesnt": "does not",
	"can't": "can not", "cant": "can not", "cannot": "can not", "won't": "will not", "wont": "will not", "isn't": "is not",
	"isnt": "is not", "aren't": "are not", "arent": "are not", "wasn't": "was not", "wasnt": "was not", "weren't": "were not",
	"werent": "were not", "wouldn't": "would not", "wouldnt": "would not", "couldn't": "could not", "couldnt": "could not",
	"shouldn't": "should not", "shouldnt": "should not", "haven't": "have not", "hasn't": "has not", "hasnt": "has not",
	"hadn't": "had not", "who'd": "who would", "who'll": "who will", "what'll": "what will", "when'll": "when will",
	"let's": "let us", "lets": "let us", "ain't": "is not", "y'all": "you", "yall": "you", "ya": "you", "u": "you", "r": "are",
	"wat": "what", "wut": "what", "whut": "what", "wht": "what", "wuts": "what is", "wats": "what is", "wen": "when", "wer": "where",
	"whr": "where", "wher": "where", "whre": "where", "hw": "how", "y": "why", "pls": "please", "plz": "please", "thx": "thanks",
	"ty": "thanks", "tysm": "thanks", "gonna": "going to", "wanna": "want to", "gotta": "got to", "gimme": "give me",
	"lemme": "let me", "dunno": "do not know", "kinda": "kind of", "cuz": "because", "coz": "because", "bc": "because",
	"abt": "about", "ppl": "people", "b4": "before", "2nite": "tonight", "2day": "today", "tmrw": "tomorrow", "tmr": "tomorrow",
	"tomorow": "tomorrow", "tommorow": "tomorrow", "bf": "boyfriend", "gf": "girlfriend", "bff": "friend", "idk": "i do not know",
	"hv": "have", "ru": "are you", "wya": "where are you", "wyd": "what are you doing", "hru": "how are you", "n": "and",
	"thou": "you", "thee": "you", "thy": "your", "thine": "your", "ye": "you", "art": "are", "dost": "do", "doth": "does",
	"hast": "have", "wilt": "will", "nite": "night", "tho": "though", "yr": "your", "urself": "yourself", "spirt": "spirit",
	"sprit": "spirit", "dieing": "dying", "dyed": "died", "woud": "would", "wuld": "would", "shud": "should", "cud": "could",
	"thier": "their", "freind": "friend", "bday": "birthday", "xmas": "christmas", "kno": "know", "hav": "have", "wil": "will",
	"ghosty": "ghost", "favorite": "favourite", "color": "colour", "fav": "favourite", "neighbor": "neighbour",
	"yes": "yes", "yeah": "yes", "yep": "yes", "nope": "no", "nah": "no", "hav'nt": "have not", "whose's": "whose",
}

// fillers say nothing where they stand at the head of a question.
var fillers = set("hey hi hello hiya howdy yo ok okay so um umm uh uhm er erm hmm hm well please oh dear great spirit spirits ghost " +
	"ghosts ghostie mister sir maam madam lol lmao haha hahaha omg bruh bro dude man guys wow like anyway right alright now then " +
	"but and also just mr mrs miss good evening o board ouija oracle seriously honestly actually quick question sorry")

// tails say nothing at the end of one.
var tails = set("spirit spirits ghost please lol lmao haha hahaha bro dude man though then huh eh anyway omg friend xd sir ghostie " +
	"exactly again or not right oracle board pls")

// asking are the words that open a question of their own inside another ("can you tell me where ...").
var asking = set("who whom whose what which where when why how if whether")

// auxiliaries open a yes-or-no question.
var auxiliaries = set("is are am was were will would shall should can could do does did has have had may might must")

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// unaccented are Latin letters with the plain ones they are folded to.
var unaccented = func() map[rune]string {
	m := map[rune]string{}
	for plain, accented := range map[string]string{
		"a": "àáâãäåāăą", "c": "çćčĉ", "d": "ďđð", "e": "èéêëēĕėęě", "g": "ğģĝ", "h": "ĥħ", "i": "ìíîïīįı", "j": "ĵ", "k": "ķ",
		"l": "łľĺļ", "n": "ñńňņ", "o": "òóôõöøōő", "r": "řŕ", "s": "śšşșŝ", "t": "ťţțŧ", "u": "ùúûüūůűų", "w": "ŵ", "y": "ýÿŷ",
		"z": "žźż", "ss": "ß", "ae": "æ", "oe": "œ", "th": "þ", "'": "’‘ʼ`´",
	} {
		for _, r := range accented {
			m[r] = plain
		}
	}
	return m
}()

// fold is a letter in lower case and without its accent.
func fold(r rune) string {
	r = unicode.ToLower(r)
	if plain, ok := unaccented[r]; ok {
		return plain
	}
	return string(r)
}

// sentences cuts text into sentences of tokens. Everything but words, commas and the signs of sums is dropped.
func (o *Oracle) sentences(text string) [][]token {
	var (
		out  [][]token
		cur  []token
		word strings.Builder
		cap  bool
	)
	flush := func() {
		if word.Len() == 0 {
			return
		}
		w := strings.Trim(word.String(), "'")
		word.Reset()
		if w == "" {
			return
		}
		proper := cap && len(cur) > 0
		full, ok := opened[w]
		if ok && len(w) == 1 && len(cur) > 0 && beforeLetter[cur[len(cur)-1].word] {
			full = w // "does it begin with r"
		}
		if !ok {
			full = o.mend(strings.TrimSuffix(w, "'s"), cap)
			if strings.HasSuffix(w, "'s") && full != "" {
				full += " 's"
			}
		}
		for _, f := range strings.Fields(full) {
			t := token{word: f, base: f, proper: proper}
			if !auxiliaries[f] { // "did you" is not "do you"
				t.base = o.lex.plain(f)
			}
			cur = append(cur, t)
		}
	}
	end := func() {
		flush()
		if len(cur) > 0 {
			out = append(out, cur)
			cur = nil
		}
	}
	n := 0
	for _, r := range text {
		if n++; n > 600 { // a question is at most 300 graphemes; the rest of a longer one says nothing new
			break
		}
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("'’‘ʼ", r):
			if word.Len() == 0 {
				cap = unicode.IsUpper(r)
			}
			if word.Len() < 40 {
				word.WriteString(fold(r))
			}
		case strings.ContainsRune("?!.;\n", r):
			flush()
			if r == '?' && len(cur) > 0 {
				cur[len(cur)-1].asks = true
			}
			end()
		case r == ',' || r == ':':
			flush()
			if len(cur) > 0 {
				cur[len(cur)-1].pause = true
			}
		case strings.ContainsRune("+*/=×÷^", r):
			flush()
			cur = append(cur, token{word: string(r), base: string(r)})
		default:
			dash := r == '-' || r == '−'
			flush()
			if dash {
				cur = append(cur, token{word: "-", base: "-"})
			}
		}
	}
	end()
	return out
}

// beforeLetter are words after which a single letter is just that.
var beforeLetter = set("with letter an in by a initial")

// mend corrects a word the oracle does not know when exactly one that it does know is a slip of the pen away.
func (o *Oracle) mend(w string, proper bool) string {
	if o.lex.known[w] || o.vocabulary[w] || !isWord(w) {
		return w
	}
	if s := squeeze(w); s != w && (o.lex.known[s] || o.vocabulary[s] || fillers[s]) {
		return s
	}
	if len(w) < 4 || proper {
		return w
	}
	found := ""
	for i := -1; i < len(w); i++ {
		d := w
		if i >= 0 {
			d = w[:i] + w[i+1:]
		}
		for _, c := range o.slips[d] {
			if c[0] == w[0] && c != found {
				if found != "" {
					return w
				}
				found = c
			}
		}
	}
	if found != "" {
		return found
	}
	return w
}

// slipsOf indexes words by themselves and by what is left when one letter is missing.
func slipsOf(words map[string]bool) map[string][]string {
	m := map[string][]string{}
	for w := range words {
		if len(w) < 4 || !isWord(w) {
			continue
		}
		m[w] = append(m[w], w)
		last := ""
		for i := range len(w) {
			if d := w[:i] + w[i+1:]; d != last {
				m[d] = append(m[d], w)
				last = d
			}
		}
	}
	return m
}

func isWord(w string) bool {
	for i := range len(w) {
		if w[i] < 'a' || w[i] > 'z' {
			return false
		}
	}
	return w != ""
}

// squeeze shortens drawn-out letters: heyyyy is hey, soooo is so.
func squeeze(w string) string {
	var b strings.Builder
	for i := range len(w) {
		if i >= 2 && w[i] == w[i-1] && w[i] == w[i-2] {
			continue
		}
		b.WriteByte(w[i])
	}
	s := b.String()
	if s != w && len(s) > 2 && s[len(s)-1] == s[len(s)-2] {
		s = s[:len(s)-1]
	}
	return s
}

// theQuestion is the part of text that asks, without what leads up to it, and every word beside it for what "it" may
// refer to.
func (o *Oracle) theQuestion(text string) (tokens, all []token) {
	ss := o.sentences(text)
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
	case word(0) == "how" && word(1) == "come":
		return as("why", 2)
	case word(0) == "for" && (word(1) == "what" || word(1) == "which") && word(2) == "reason":
		return as("why", 3)
	case word(0) == "what" && word(1) == "for" && len(s) == 2:
		return as("why", 2)
	case (word(0) == "in" || word(0) == "by") && (word(1) == "what" || word(1) == "which") && (word(2) == "way" || word(2) == "manner" || word(2) == "means"):
		return as("how", 3)
	case prepositions[word(0)] && asking[word(1)] && len(s) > 2:
		return s[1:]
	case auxiliaries[word(0)] && word(1) == "not" && pronouns[word(2)] && len(s) > 3:
		return append([]token{s[0]}, s[2:]...)
	}
	return s
}

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
	for len(s) > 2 && tails[s[len(s)-1].word] {
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
	for i := len(s) - 2; i >= 0; i-- {
		if !s[i].pause {
			continue
		}
		rest := trim(s[i+1:])
		if len(rest) > 1 && asks(rest) && (!asks(s) || asking[rest[0].word] && !asking[s[0].word]) {
			return rest
		}
	}
	return s
}

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
