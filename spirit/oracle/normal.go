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
	"yes": "yes", "yeah": "yes", "yep": "yes", "nope": "no", "nah": "no", "iz": "is", "ther": "there", "anybdy": "anybody", "evry": "every", "sumone": "someone", "cheerio": "goodbye", "laters": "goodbye", "ciao": "goodbye", "cya": "goodbye", "adieu": "goodbye", "ttyl": "goodbye", "toodles": "goodbye", "dye": "die", "wots": "what is", "wot": "what", "yor": "your", "yer": "your", "cal": "call", "ta": "thanks", "heres": "here is", "hwo": "who", "waht": "what", "wath": "what", "whta": "what", "hwat": "what", "wehn": "when", "hwen": "when", "wy": "why", "hwy": "why", "whi": "why", "hwere": "where", "wehre": "where", "yuor": "your", "yuo": "you", "yo'ur": "your", "ou": "you", "teh": "the", "taht": "that", "heer": "here", "ehre": "here", "doo": "do", "lik": "like", "dei": "die", "ahve": "have", "wnat": "want", "si": "is", "ar": "are", "arr": "are", "nmae": "name", "naem": "name", "liek": "like", "konw": "know", "knwo": "know", "mee": "me", "mi": "my", "dis": "this", "dat": "that", "da": "the", "wanna'": "want to", "hav'nt": "have not", "whose's": "whose",
}

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
	if len(w) < 3 || proper {
		return w
	}
	for i := range len(w) - 1 { // two letters swapped, then one letter that should be doubled
		if s := w[:i] + w[i+1:i+2] + w[i:i+1] + w[i+2:]; grammar[s] || asking[s] || auxiliaries[s] || len(w) > 3 && (o.lex.known[s] || o.vocabulary[s]) {
			return s
		}
	}
	if len(w) < 4 {
		return w
	}
	for i := range len(w) {
		if s := w[:i+1] + w[i:]; o.lex.known[s] || o.vocabulary[s] {
			return s
		}
	}
	found := ""
	for i := -1; i < len(w); i++ {
		d := w
		if i >= 0 {
			d = w[:i] + w[i+1:]
		}
		for _, c := range o.slips[d] {
			if c[0] != w[0] || c == found {
				continue
			}
			switch plain := grammar[c] || auxiliaries[c]; {
			case found == "" || plain && !grammar[found]:
				found = c
			case grammar[found] && !plain:
			default:
				return w
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
