package spirit

import (
	"cmp"
	"iter"
	"slices"
	"strings"
	"unicode"

	"seance/internal/door"
)

// A word is a word's letters, 0 to 25.
type word struct {
	letters []byte
	line    int // which line it stands in
}

// readWords reads text as a person would: look-alikes are the letters they look like, accents and what is invisible is
// passed over. With leet, figures and signs within a word are the letters that they are written for; without, they part
// words.
func readWords(text string, leet bool) []word {
	words := make([]word, 0, len(text)/4+1)
	letters := make([]byte, 0, len(text))
	open, begin := false, 0
	add := func(letter byte) {
		if !open {
			words, open, begin = append(words, word{}), true, len(letters)
		}
		letters = append(letters, letter)
		words[len(words)-1].letters = letters[begin:len(letters):len(letters)]
	}
	read := func(r rune) {
		switch {
		case r >= 'a' && r <= 'z':
			add(byte(r - 'a'))
		case r >= 'A' && r <= 'Z':
			add(byte(r - 'A'))
		case r > unicode.MaxASCII && cmp.Or(unaccented[r], unaccented[unicode.ToUpper(r)]) != "":
			for _, letter := range []byte(cmp.Or(unaccented[r], unaccented[unicode.ToUpper(r)])) {
				add(letter - 'A')
			}
		case joined(r):
		case leet || unicode.IsLetter(r):
			if is := door.Readings(r); is != "" {
				add(is[0] - 'a')
			} else {
				open = false
			}
		default:
			open = false
		}
	}
	for token := range strings.FieldsSeq(text) {
		if leet {
			token = strings.Trim(token, `.,;:!?…"'()“”‘’–—-`)
		}
		if ascii(token) { // most words are, and bare as they stand
			for _, r := range token {
				read(r)
			}
		} else {
			for _, r := range door.Bare(token) {
				read(r)
			}
		}
		open = false
	}
	return words
}

// leetful reports whether a word of text may be another one if figures and signs are taken for letters.
func leetful(text string) bool {
	for i := range len(text) {
		if text[i] > unicode.MaxASCII || leetSigns[text[i]] {
			return true
		}
	}
	return false
}

// leetSigns are the figures and signs of ASCII that are written for letters.
var leetSigns = func() (is [unicode.MaxASCII + 1]bool) {
	for r := range rune(len(is)) {
		is[r] = !unicode.IsLetter(r) && !joined(r) && door.Readings(r) != ""
	}
	return is
}()

func ascii(text string) bool {
	for i := range len(text) {
		if text[i] > unicode.MaxASCII {
			return false
		}
	}
	return true
}

// bare is door.Bare, which most words do not need.
func bare(token string) []rune {
	if ascii(token) {
		return []rune(token)
	}
	return door.Bare(token)
}

// joined reports whether a word goes on across r.
func joined(r rune) bool {
	if r <= unicode.MaxASCII {
		return r == '\'' || r == '`'
	}
	return strings.ContainsRune("’‘ʼ´", r) || unicode.In(r, unicode.M, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point)
}

// alnum is what is left of text as upper case letters and figures.
func alnum(text string) string {
	var b strings.Builder
	for _, r := range bare(text) {
		if r > unicode.MaxASCII && unicode.IsLetter(r) && door.Readings(r) != "" {
			r = rune(door.Readings(r)[0])
		}
		if r <= unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			b.WriteRune(unicode.ToUpper(r))
		}
	}
	return b.String()
}

// fold takes letters together that look-alikes cannot be told apart by: l and i.
func fold(letters []byte) []byte {
	for i, letter := range letters {
		letters[i] = folded(letter)
	}
	return letters
}

func folded(letter byte) byte {
	if letter == 'l'-'a' {
		return 'i' - 'a'
	}
	return letter
}

func pour(words []word) []byte {
	var letters []byte
	for _, w := range words {
		letters = append(letters, w.letters...)
	}
	return fold(letters)
}

func heads(words []word) []byte {
	var letters []byte
	for _, w := range words {
		letters = append(letters, w.letters[0])
	}
	return fold(letters)
}

// bones are the consonants.
func bones(letters []byte) []byte {
	kept := make([]byte, 0, len(letters))
	for _, letter := range letters {
		switch letter + 'a' {
		case 'a', 'e', 'i', 'l', 'o', 'u': // l is folded into i
		default:
			kept = append(kept, letter)
		}
	}
	return kept
}

func turned(letters []byte) []byte {
	letters = slices.Clone(letters)
	slices.Reverse(letters)
	return letters
}

// A reading is one way to take what was said: its letters, and which of them are not said yet.
type reading struct {
	letters  []byte
	from, to int    // what is not said yet lies within
	first    []bool // for each letter: it begins a word; nil if the reading knows no words
	plain    bool   // as it stands
	spelled  bool   // one letter from each word or line
}

// around is how many letters may matter beside those that are not said yet: whatever gives something away by reaching
// further does so with these, too.
const around = 2 * echoLetters

// lay sets words side by side. Those of lines from fresh on are not said yet.
func lay(words []word, fresh int) reading {
	size := 0
	for _, w := range words {
		size += len(w.letters)
	}
	r := reading{letters: make([]byte, 0, size), first: make([]bool, 0, size), from: -1}
	for _, w := range words {
		if w.line >= fresh && r.from < 0 {
			r.from = len(r.letters)
		}
		for i, letter := range w.letters {
			r.letters, r.first = append(r.letters, letter), append(r.first, i == 0)
		}
		if w.line >= fresh {
			r.to = len(r.letters)
		}
	}
	r.from = max(r.from, 0)
	return r.trimmed()
}

// trimmed leaves out what lies too far before or behind what is not said yet to matter.
func (r reading) trimmed() reading {
	begin, end := max(0, r.from-around), min(len(r.letters), r.to+around)
	if r.to <= r.from {
		return reading{}
	}
	r.letters, r.from, r.to = r.letters[begin:end], r.from-begin, r.to-begin
	if r.first != nil {
		r.first = r.first[begin:end]
	}
	return r
}

// reversed is the reading from its end.
func (r reading) reversed() reading {
	n := len(r.letters)
	return reading{letters: turned(r.letters), from: n - r.to, to: n - r.from, spelled: r.spelled}
}

// alphabets is how many ways there are to turn an alphabet: by 0 to 25 places, and around.
const alphabets = 27

// turnings are all letters turned in each way, and folded.
var turnings = func() (to [alphabets][26]byte) {
	for by := range byte(alphabets) {
		for letter := range byte(26) {
			to[by][letter] = folded(turn(letter, by))
		}
	}
	return to
}()

func turn(letter, by byte) byte {
	switch {
	case by == alphabets-1:
		return 25 - letter
	case letter+by >= 26:
		return letter + by - 26
	}
	return letter + by
}

// An utterance is a line that was said, as words that are read without and with figures and signs.
type utterance struct {
	text        string
	words, leet []word // leet is nil if it is the same
}

func newUtterance(text string) utterance {
	words := readWords(text, false)
	if !leetful(text) {
		return utterance{text, words, nil}
	}
	return utterance{text, words, readWords(text, true)}
}

// readings are the ways in which somebody who wants to may read lines, said one after the other; the last one is not
// said yet. Each reading holds until the next.
func readings(lines []utterance) iter.Seq[reading] {
	fresh := len(lines) - 1
	return func(yield func(reading) bool) {
		var held []byte
		give := func(r reading, by byte, back bool) bool {
			n := len(r.letters)
			if r.to <= r.from || n < seed {
				return true
			}
			held = slices.Grow(held[:0], n)[:n]
			as := &turnings[by]
			for i, letter := range r.letters {
				held[i] = as[letter]
			}
			if r.letters = held; back {
				slices.Reverse(held)
				r.from, r.to, r.first = n-r.to, n-r.from, nil
			}
			r.plain = r.plain && by == 0 && !back
			return yield(r)
		}
		both := func(r reading, by byte) bool { return give(r, by, false) && give(r, by, true) }

		all, leetful := lined(lines, false), slices.ContainsFunc(lines, func(l utterance) bool { return l.leet != nil })
		words := near(all, fresh)
		straight := lay(words, fresh)
		straight.plain = true
		for by := range byte(alphabets) {
			if !both(straight, by) {
				return
			}
		}
		others := [][]word{backward(words), reverse(words), turnedLines(words)}
		if leetful {
			others = append(others, near(lined(lines, true), fresh))
		}
		for _, other := range others {
			r := lay(other, fresh)
			r.plain = true
			if !both(r, 0) {
				return
			}
		}
		for _, some := range sparse(all) {
			if !both(lay(some, fresh), 0) {
				return
			}
		}
		for phase := range 2 {
			if !give(second(straight, phase), 0, false) {
				return
			}
		}
		for _, letters := range spelled(all) {
			r := lay(letters, fresh)
			r.first, r.spelled = nil, true
			if !both(r, 0) {
				return
			}
		}
		for r := range decoded(lines, fresh) {
			if !both(r, 0) || !both(r, 13) {
				return
			}
		}
	}
}

// near leaves out the words that were said too long before those of the line that is not said yet.
func near(words []word, fresh int) []word {
	letters := 0
	for i, w := range slices.Backward(words) {
		if w.line == fresh {
			continue
		}
		if letters += len(w.letters); letters > 2*around {
			return words[i:]
		}
	}
	return words
}

// lined are the words of lines, which know where they stand.
func lined(lines []utterance, leet bool) []word {
	size := 0
	for _, l := range lines {
		size += max(len(l.words), len(l.leet))
	}
	all := make([]word, 0, size)
	for i, l := range lines {
		words := l.words
		if leet && l.leet != nil {
			words = l.leet
		}
		for _, w := range words {
			all = append(all, word{w.letters, i})
		}
	}
	return all
}

// backward is each word spelled from its end.
func backward(words []word) []word {
	size := 0
	for _, w := range words {
		size += len(w.letters)
	}
	letters := make([]byte, 0, size)
	all := make([]word, len(words))
	for i, w := range words {
		begin := len(letters)
		letters = append(letters, w.letters...)
		slices.Reverse(letters[begin:])
		all[i] = word{letters[begin:], w.line}
	}
	return all
}

// reverse is words from the last to the first.
func reverse(words []word) []word {
	words = slices.Clone(words)
	slices.Reverse(words)
	return words
}

// turnedLines is each line from its end, in the order of the lines.
func turnedLines(words []word) []word {
	all := backward(words)
	for from, to := 0, 0; from < len(all); from = to {
		for to < len(all) && all[to].line == all[from].line {
			to++
		}
		slices.Reverse(all[from:to])
	}
	return all
}

// sparse is every second word, and the first and the last one of each line.
func sparse(words []word) [][]word {
	some := [][]word{make([]word, 0, len(words)/2+1), make([]word, 0, len(words)/2+1), nil, nil}
	for i, w := range words {
		some[i%2] = append(some[i%2], w)
		if i == 0 || words[i-1].line != w.line {
			some[2] = append(some[2], w)
		}
		if i+1 == len(words) || words[i+1].line != w.line {
			some[3] = append(some[3], w)
		}
	}
	return some
}

// second is every second letter.
func second(r reading, phase int) reading {
	s := reading{letters: make([]byte, 0, len(r.letters)/2+1)}
	for i := phase; i < len(r.letters); i += 2 {
		if i < r.from {
			s.from++
		}
		if i < r.to {
			s.to++
		}
		s.letters = append(s.letters, r.letters[i])
	}
	return s
}

// spelled is the first letter of each word, the last one of each word, and the first one of each line.
func spelled(words []word) [][]word {
	some := [][]word{make([]word, 0, len(words)), make([]word, 0, len(words)), nil}
	for i, w := range words {
		n := len(w.letters)
		some[0] = append(some[0], word{w.letters[:1], w.line})
		some[1] = append(some[1], word{w.letters[n-1:], w.line})
		if i == 0 || words[i-1].line != w.line {
			some[2] = append(some[2], word{w.letters[:1], w.line})
		}
	}
	return some
}
