package spirit

import (
	"slices"
	"strings"

	"seance/steering"
)

// What counts as giving something away, in letters unless said otherwise.
const (
	echoWords    = 5  // guarded words in a row
	echoLetters  = 28 // guarded letters in a row
	echoUnparted = 14 // of those words at least, where their bounds cannot be seen in what is said
	echoSpelled  = 10 // of the guarded text, spelled by the first or last letters of words or lines
	echoInitials = 12 // of its words' first letters
	echoBones    = 16 // of its consonants
	echoCanary   = 8  // of the canary
	echoTurns    = 6  // answers that are looked at together, this one included
	echoLines    = 30 // answers whose first letters are
)

// An echo knows what must not come back out of a prompt: the persona's guarded sections and the canary. It is used by
// one goroutine at a time.
type echo struct {
	sections []section
	canary   *index
	sign     string   // the canary's letters and figures
	before   []Turn   // the answers looked at together with this one
	lines    []string // the board lines whose first letters are
	parts    []string // what this answer has said
}

// A section is guarded text, indexed by everything that might be made of it.
type section struct {
	text, initials, bones *index
	starts, ends          []int // for each letter: the words that begin before it, and those that have ended with it
	telling               []int // the same as ends, for the words that say something by themselves
	first                 []bool
}

// newEcho prepares the check for one answer. recent are the answers before it, oldest first; what they and this one say
// together is looked at too. canary is a word that only the prompt holds; there is none if it is empty.
func newEcho(persona steering.Persona, recent []Turn, canary string) *echo {
	e := &echo{before: last(recent, echoTurns-1), sign: alnum(canary), canary: newIndex(pour(readWords(canary, false)))}
	for _, t := range last(recent, echoLines-1) {
		e.lines = append(e.lines, t.Board)
	}
	for _, text := range persona.Guarded {
		if words := readWords(text, false); len(words) > 0 {
			e.sections = append(e.sections, newSection(words))
		}
	}
	return e
}

func newSection(words []word) section {
	var s section
	letters := pour(words)
	ended, telling := 0, 0
	for number, w := range words {
		for i := range w.letters {
			if i+1 == len(w.letters) {
				ended++
				if !common[string(fold(slices.Clone(w.letters)))] {
					telling++
				}
			}
			started := number
			if i > 0 {
				started++
			}
			s.first = append(s.first, i == 0)
			s.starts, s.ends, s.telling = append(s.starts, started), append(s.ends, ended), append(s.telling, telling)
		}
	}
	s.text, s.initials, s.bones = newIndex(letters), newIndex(heads(words)), newIndex(bones(letters))
	return s
}

// common are the words that everybody says: five of them in a row are nobody's.
var common = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range readWords("a an the i you he she it we they me him her us them my your his its our their this that these those "+
		"who what when where why how which one is are was were be been am do does did have has had will would can could may shall "+
		"to of in on at by for from with as and or but if than so not no yes all there here then now", false) {
		m[string(fold(w.letters))] = true
	}
	return m
}()

// said tells the check what this answer has said, so that the next part is looked at together with it.
func (e *echo) said(text string) { e.parts = append(e.parts, text) }

// leaks reports whether saying text, after what was said before, would give away what is guarded.
func (e *echo) leaks(text string) bool {
	now := append(e.parts[:len(e.parts):len(e.parts)], text)
	if e.bears(now, len(now)-1) {
		return true
	}
	if len(e.sections) == 0 {
		return false
	}
	var boards, whispers, all []string
	for _, t := range e.before {
		boards = append(boards, t.Board)
		if t.Whisper != "" {
			whispers = append(whispers, t.Whisper)
		}
		all = append(all, t.Board, t.Whisper)
	}
	all = append(all, e.parts...)
	if e.echoes(all, text) || len(whispers) > 0 && e.echoes(whispers, text) {
		return true
	}
	return len(boards) < len(all) && e.echoes(boards, text) || e.begins(text)
}

// begins reports whether text is one more line of an evening whose lines begin with the letters of a guarded section.
func (e *echo) begins(text string) bool {
	var r reading
	for i, line := range append(e.lines[:len(e.lines):len(e.lines)], text) {
		for word := range strings.FieldsSeq(line) {
			if words := readWords(word, false); len(words) > 0 {
				r.letters = append(r.letters, words[0].letters[0])
				break
			}
		}
		if i == len(e.lines)-1 {
			r.from = len(r.letters)
		}
	}
	r.to, r.spelled, r.letters = len(r.letters), true, fold(r.letters)
	return slices.ContainsFunc(e.sections, func(s section) bool { return s.in(r) || s.in(r.reversed()) })
}

// bears reports whether the canary, or much of it, is in the parts of this answer.
func (e *echo) bears(now []string, fresh int) bool {
	if e.sign == "" {
		return false
	}
	signs := alnum(strings.Join(now, ""))
	back := turned([]byte(signs))
	for at := 0; at+min(echoCanary, len(e.sign)) <= len(e.sign); at++ {
		piece := e.sign[at : at+min(echoCanary, len(e.sign))]
		if strings.Contains(signs, piece) || strings.Contains(string(back), piece) {
			return true
		}
	}
	found := func(r reading) bool {
		return e.canary.any(r.letters, func(_, _, n int) bool { return n >= min(echoCanary, len(e.canary.letters)) })
	}
	for r := range readings(now, fresh) {
		if found(r) {
			return true
		}
	}
	return false
}

// echoes reports whether text, said after the lines before it, gives away a guarded section: read forwards, backwards,
// shifted, decoded, or by the first letters of its words.
func (e *echo) echoes(before []string, text string) bool {
	lines := append(before[:len(before):len(before)], text)
	for r := range readings(lines, len(before)) {
		for i := range e.sections {
			if e.sections[i].in(r) {
				return true
			}
		}
	}
	return false
}

// in reports whether a reading gives the section away with something of what is about to be said: what was said before
// cannot be taken back.
func (s *section) in(r reading) bool {
	fresh := func(at, n int) bool { return at < r.to && at+n > r.from }
	if r.spelled {
		return s.text.any(r.letters, func(at, _, n int) bool { return n >= echoSpelled && fresh(at, n) }) ||
			s.initials.any(r.letters, func(at, _, n int) bool { return n >= echoInitials && fresh(at, n) })
	}
	if s.text.any(r.letters, func(at, in, n int) bool {
		return fresh(at, n) && (n >= echoLetters || s.words(r, at, in, n))
	}) {
		return true
	}
	if !r.plain {
		return false
	}
	if s.initials.any(r.letters, func(at, _, n int) bool { return n >= echoInitials && fresh(at, n) }) {
		return true
	}
	before, within := len(bones(r.letters[:r.from])), len(bones(r.letters[r.from:r.to]))
	return s.bones.any(bones(r.letters), func(at, _, n int) bool {
		return n >= echoBones && at < before+within && at+n > before
	})
}

// words reports whether the n letters that the reading shares from at on with the section, there from in on, hold
// enough whole words of it.
func (s *section) words(r reading, at, in, n int) bool {
	whole := func(in, n int) int { return s.ends[in+n-1] - s.starts[in] }
	if whole(in, n) < echoWords || !s.tells(in, n) {
		return false
	}
	if n >= echoUnparted {
		return true
	}
	if r.first == nil {
		return false
	}
	// So few letters could be a coincidence: the words must be words there, too.
	for n > 0 && !(s.first[in] && r.first[at]) {
		at, in, n = at+1, in+1, n-1
	}
	for n > 0 && !((in+n == len(s.first) || s.first[in+n]) && (at+n == len(r.first) || r.first[at+n])) {
		n--
	}
	return n > 0 && whole(in, n) >= echoWords && s.tells(in, n)
}

// tells reports whether one of the words that end within the n letters from in on is not common.
func (s *section) tells(in, n int) bool {
	before := 0
	if in > 0 {
		before = s.telling[in-1]
	}
	return s.telling[in+n-1] > before
}
