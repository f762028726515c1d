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
	sign     string // the canary's letters and figures

	boards, whispers, all []utterance // of the answers that are looked at together with this one
	begun                 []byte      // the first letters of the board lines before this one
	parts                 []utterance // what this answer has said
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
	e := &echo{sign: alnum(canary), canary: newIndex(pour(readWords(canary, false)))}
	for _, text := range persona.Guarded {
		if words := readWords(text, false); len(words) > 0 {
			e.sections = append(e.sections, newSection(words))
		}
	}
	if len(e.sections) == 0 {
		return e
	}
	for _, t := range last(recent, echoTurns-1) {
		board := newUtterance(t.Board)
		e.boards, e.all = append(e.boards, board), append(e.all, board)
		if t.Whisper != "" {
			whisper := newUtterance(t.Whisper)
			e.whispers, e.all = append(e.whispers, whisper), append(e.all, whisper)
		}
	}
	for _, t := range last(recent, echoLines-1) {
		e.begun = append(e.begun, begin(readWords(t.Board, false))...)
	}
	return e
}

func newSection(words []word) section {
	letters := pour(words)
	counts := make([]int, 3*len(letters))
	s := section{
		starts: counts[:0:len(letters)], ends: counts[len(letters) : len(letters) : 2*len(letters)], telling: counts[2*len(letters) : 2*len(letters)],
		first: make([]bool, 0, len(letters)),
	}
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
func (e *echo) said(text string) { e.parts = append(e.parts, newUtterance(text)) }

// leaks reports whether saying text, after what was said before, would give away what is guarded.
func (e *echo) leaks(text string) bool {
	now := newUtterance(text)
	if e.bears(now) {
		return true
	}
	if len(e.sections) == 0 {
		return false
	}
	return e.echoes(now, e.all, e.parts) || len(e.whispers) > 0 && e.echoes(now, e.whispers, nil) ||
		len(e.boards) < len(e.all)+len(e.parts) && e.echoes(now, e.boards, nil) || e.begins(now)
}

// echoes reports whether now, said after the lines before it, gives away a guarded section: read forwards, backwards,
// turned, decoded, or by the first letters of its words.
func (e *echo) echoes(now utterance, before, parts []utterance) bool {
	for r := range readings(append(slices.Concat(before, parts), now)) {
		if slices.ContainsFunc(e.sections, func(s section) bool { return s.in(r) }) {
			return true
		}
	}
	return false
}

// begins reports whether now is one more line of an evening whose lines begin with the letters of a guarded section.
func (e *echo) begins(now utterance) bool {
	r := reading{letters: append(slices.Clone(e.begun), begin(now.words)...), from: len(e.begun), spelled: true}
	r.to = len(r.letters)
	return slices.ContainsFunc(e.sections, func(s section) bool { return s.in(r) || s.in(r.reversed()) })
}

// begin is the first letter of words, if there are any.
func begin(words []word) []byte { return heads(words[:min(len(words), 1)]) }

// bears reports whether the canary, or much of it, is in this answer with now.
func (e *echo) bears(now utterance) bool {
	if e.sign == "" {
		return false
	}
	lines := append(slices.Clone(e.parts), now)
	var signs string
	for _, l := range lines {
		signs += alnum(l.text)
	}
	back := string(turned([]byte(signs)))
	enough := min(echoCanary, len(e.sign))
	for at := range len(e.sign) - enough + 1 {
		if piece := e.sign[at : at+enough]; strings.Contains(signs, piece) || strings.Contains(back, piece) {
			return true
		}
	}
	for r := range readings(lines) {
		if e.canary.any(r.letters, func(_, _, n int) bool { return n >= echoCanary }) {
			return true
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
