package care

import (
	"math/bits"
	"slices"
)

// A search looks through one question with one list.
type search struct {
	*reading
	l     *list
	tight bool // no punctuation between words

	known  int      // characters of the question that are in words of the list
	has    []uint64 // the words of the list that are anywhere in the question
	words  []found  // of every place that was looked at; the first is none
	wordAt []span   // by place: which of words begin there; zero if it was not looked at
	ends   []int32  // of every choice that was looked for
	looked []look   // the shared ones among these; the first is none
	lookAt []int32  // by place: the last of looked there
	stack  []int32  // ends of what is being followed
}

// found is a word of the list and where it ends.
type found struct {
	word uint16
	end  int32
}

// A look is where a choice ends, for one place to begin.
type look struct {
	choice *choice
	ends   span
	before int32 // the look before it at the same place
}

// A span is a part of something, from its first to after its last.
type span struct{ from, to int32 }

const (
	minLetters = 2   // letters that a sign must have which are not figures or signs that look like one
	maxSpread  = 8   // characters that are passed over between two letters of a word
	maxSteps   = 300 // that are taken at one place to find words: runs of signs can be read in too many ways
	maxStars   = 2   // letters of a word that stars may stand for; never the first, never more than half
	wholeFrom  = 10  // letters that a phrase inside a run of letters without spaces must have
)

// start makes ready to look for the phrases of a list.
func (l *list) start(t *reading) *search {
	n := len(t.glyphs)
	s := &search{reading: t, l: l, words: make([]found, 1, n+1), wordAt: make([]span, n), lookAt: make([]int32, n+1)}
	s.readAll()
	s.known = s.knows()
	return s
}

// knows returns how many characters of the question are in words of the list.
func (s *search) knows() int {
	known := 0
	for at := 0; at < len(s.glyphs); at++ {
		if !s.begins[at] {
			continue
		}
		furthest := int32(at)
		words := s.wordsAt(at)
		for _, w := range s.words[words.from:words.to] {
			if s.over[w.end] {
				furthest = max(furthest, w.end)
			}
		}
		known += int(furthest) - at
		at = max(at, int(furthest)-1)
	}
	return known
}

// sign returns how many characters the longest sign takes, 0 if there is none that counts. Those which depend on what
// the question is about count only if fluent: in another language the list would not understand that.
func (s *search) sign(fluent bool) int {
	var (
		signs []span
		which []*phrase
	)
	s.begin(false)
	s.each(&s.l.signs, func(p *phrase, at span) bool {
		if (fluent || p.unless == nil) && s.lettered(at) {
			signs, which = append(signs, at), append(which, p)
		}
		return true
	})
	if len(signs) == 0 {
		return 0
	}
	var hidden []span
	s.begin(true)
	s.each(&s.l.idioms, func(_ *phrase, at span) bool {
		hidden = append(hidden, at)
		return true
	})
	s.begin(false)
	longest := 0
	for i, sign := range signs {
		if slices.ContainsFunc(hidden, func(h span) bool { return h.from < sign.to && sign.from < h.to }) ||
			slices.ContainsFunc(which[i].unless, s.about) {
			continue
		}
		longest = max(longest, int(sign.to-sign.from))
	}
	return longest
}

// begin forgets which choices were looked for.
func (s *search) begin(tight bool) {
	s.tight = tight
	s.ends = s.ends[:0]
	s.looked = append(s.looked[:0], look{})
	clear(s.lookAt)
}

// readAll finds every word of the list in the question: where words begin, and where a number or another word
// ends amid letters.
func (s *search) readAll() {
	s.has = make([]uint64, len(s.l.signs.byFirst)/64+1)
	for at := range s.glyphs {
		if s.begins[at] || at > 0 && s.glyphs[at-1].figure {
			s.wordsAt(at)
		}
	}
	for i := 1; i < len(s.words); i++ {
		w := s.words[i]
		s.has[w.word/64] |= 1 << (w.word % 64)
		if s.solid(int(w.end)) {
			s.wordsAt(int(w.end))
		}
	}
}

// about reports whether the question has a word of the context.
func (s *search) about(context string) bool {
	yes := false
	s.each(s.l.contexts[context], func(*phrase, span) bool {
		yes = true
		return false
	})
	return yes
}

// each calls f for each phrase of p and each place where it begins, until f returns false. Of several ends, the furthest
// counts.
func (s *search) each(p *phrases, f func(*phrase, span) bool) {
	possible := make([]bool, len(p.all))
	for i := range p.all {
		possible[i] = !slices.ContainsFunc(p.all[i].needs, func(words []uint64) bool { return !intersect(words, s.has) })
	}
	try := func(which []int32, at int) bool {
		for _, i := range which {
			if !possible[i] {
				continue
			}
			s.stack = s.stack[:0]
			s.follow(p.all[i].items, at, false, 0)
			furthest := -1
			for _, end := range s.stack {
				if s.whole(at, int(end)) {
					furthest = max(furthest, int(end))
				}
			}
			if furthest > at && !f(&p.all[i], span{int32(at), int32(furthest)}) {
				return false
			}
		}
		return true
	}
	for at := range s.glyphs {
		if !s.begins[at] {
			continue
		}
		if s.glyphs[at].figure && !try(p.byNumber, at) {
			return
		}
		words := s.wordsAt(at)
		for i := words.from; i < words.to; i++ {
			if !try(p.byFirst[s.words[i].word], at) {
				return
			}
		}
	}
}

// whole reports whether a phrase may begin and end at these places: where words do, or inside a run of letters if it is
// long enough.
func (s *search) whole(from, to int) bool {
	return s.over[to] && (to-from >= wholeFrom || !s.solid(to) && !s.solid(from-1))
}

// lettered reports whether there are letters enough in a span, and not only figures and signs that look like them.
func (s *search) lettered(at span) bool {
	letters := 0
	for _, g := range s.glyphs[at.from:at.to] {
		if g.solid && !g.figure {
			letters++
		}
	}
	return letters >= minLetters
}

// follow adds to the stack, from base on, where items end that begin at a place. begun is false if they are the first of
// a phrase or of a choice: only then no filler may come before them.
func (s *search) follow(items []item, at int, begun bool, base int) {
	if len(items) == 0 {
		if !slices.Contains(s.stack[base:], int32(at)) {
			s.stack = append(s.stack, int32(at))
		}
		return
	}
	it, rest := &items[0], items[1:]
	switch {
	case it.kind == gap:
		s.skip(it, rest, at, base)
		return
	case it.optional || it.many:
		s.follow(rest, at, begun, base)
	}
	for {
		switch it.kind {
		case edge:
			if s.edge(at) {
				s.follow(rest, at, begun, base)
				return
			}
		case number:
			if end := s.number(at, it.n); end > 0 {
				s.follow(rest, end, true, base)
			}
		case oneOf:
			if begun && s.tight && s.pausesAt(at) {
				return
			}
			next := rest
			if it.many {
				next = items
			}
			ends := s.choose(it.choice, at)
			for i := ends.from; i < ends.to; i++ {
				s.follow(next, int(s.ends[i]), true, base)
			}
		}
		if !begun {
			return
		}
		if at = s.filler(at); at < 0 {
			return
		}
	}
}

// choose returns which of s.ends are those of a choice that begins at a place.
func (s *search) choose(c *choice, at int) span {
	at = s.upTo(at)
	first := c.beginning()
	number := first.number && at < len(s.glyphs) && s.glyphs[at].figure
	if !first.anything && !number && !s.anyAt(at, first.words) {
		return span{}
	}
	if c.shared {
		for i := s.lookAt[at]; i > 0; i = s.looked[i].before {
			if s.looked[i].choice == c {
				return s.looked[i].ends
			}
		}
	}
	base := len(s.stack)
	words := s.wordsAt(at)
	for i := words.from; i < words.to; i++ {
		if w := s.words[i]; has(c.words, w.word) && !slices.Contains(s.stack[base:], w.end) {
			s.stack = append(s.stack, w.end)
		}
	}
	for i := words.from; i < words.to; i++ {
		for _, which := range first.byWord[s.words[i].word] {
			s.follow(c.phrases[which], at, false, base)
		}
	}
	for _, which := range first.others {
		s.follow(c.phrases[which], at, false, base)
	}
	ends := span{from: int32(len(s.ends))}
	s.ends = append(s.ends, s.stack[base:]...)
	ends.to = int32(len(s.ends))
	s.stack = s.stack[:base]
	if c.shared {
		s.looked = append(s.looked, look{c, ends, s.lookAt[at]})
		s.lookAt[at] = int32(len(s.looked) - 1)
	}
	return ends
}

// skip is follow for a gap and what comes after it. A letter that stands alone counts as a part of a word.
func (s *search) skip(gap *item, rest []item, at, base int) {
	const word, letter = 4, 1
	for left := gap.n * word; left >= 0; {
		s.follow(rest, s.upTo(at), true, base)
		begin, end, ok := s.word(at)
		switch {
		case !ok || !s.over[at] || !gap.open && s.other(begin, end):
			return
		case end-begin >= looseFrom:
			end = begin + 1
			left -= letter
		case end-begin == 1:
			left -= letter
		default:
			left -= word
		}
		at = end
	}
}

// other reports whether a word is somebody else.
func (s *search) other(begin, end int) bool {
	words := s.wordsAt(begin)
	for i := words.from; i < words.to; i++ {
		if w := s.words[i]; int(w.end) == end && has(s.l.others, w.word) {
			return true
		}
	}
	return false
}

// filler returns where a filler ends that begins at a place, -1 if there is none.
func (s *search) filler(at int) int {
	end := -1
	words := s.wordsAt(at)
	for i := words.from; i < words.to; i++ {
		if w := s.words[i]; has(s.l.fillers, w.word) && s.over[w.end] && s.over[at] {
			end = max(end, int(w.end))
		}
	}
	return end
}

// number returns where a number of at least n figures ends, -1 if there is none at the place.
func (s *search) number(at, n int) int {
	begin, _, ok := s.word(at)
	end := begin
	for ok && end < len(s.glyphs) && s.glyphs[end].figure {
		end++
	}
	if end-begin < n {
		return -1
	}
	return end
}

// anyAt reports whether one of the words begins at a place.
func (s *search) anyAt(at int, words []uint64) bool {
	here := s.wordsAt(at)
	for i := here.from; i < here.to; i++ {
		if has(words, s.words[i].word) {
			return true
		}
	}
	return false
}

// wordsAt returns which of s.words begin at a place, after what is not a letter.
func (s *search) wordsAt(at int) span {
	at = s.upTo(at)
	if at == len(s.glyphs) {
		return span{}
	}
	if s.wordAt[at] == (span{}) {
		from := int32(len(s.words))
		s.spell(&spelling{begin: at, first: from}, 0, at, none)
		s.wordAt[at] = span{from, int32(len(s.words))}
	}
	return s.wordAt[at]
}

// spell finds the words that begin at a place. It goes on from a node of the spelling with the glyphs at at.
func (s *search) spell(w *spelling, n uint16, at, last int) {
	if w.steps++; w.steps > maxSteps {
		return
	}
	t := &s.l.words[n]
	if f := (found{t.word, int32(at)}); t.word != 0 && s.counts(w, at) && !slices.Contains(s.words[w.first:], f) {
		s.words = append(s.words, f)
	}
	spread := w.spread
	for i := at; i < len(s.glyphs) && i-at <= maxSpread; i++ {
		g := &s.glyphs[i]
		for left := g.letters; left != 0; left &= left - 1 {
			letter := bits.TrailingZeros32(left)
			if next := t.next[letter]; next != 0 {
				w.letters++
				s.spell(w, next, i+1, letter)
				w.letters--
			}
			if letter == last && i == at {
				s.spell(w, n, i+1, last) // one more of the same
			}
		}
		if g.star && last != none && w.stars < maxStars {
			w.letters, w.stars = w.letters+1, w.stars+1
			for letter, next := range t.next {
				if next != 0 {
					s.spell(w, next, i+1, letter)
				}
			}
			w.letters, w.stars = w.letters-1, w.stars-1
		}
		if g.solid {
			break
		}
		w.spread = w.spread || last != none
	}
	w.spread = spread
}

// A spelling is a word while its letters are being looked for.
type spelling struct {
	begin   int
	first   int32 // of s.words, those of this place
	letters int
	stars   int  // letters that a star stood for
	steps   int  // taken so far
	spread  bool // something was passed over between the letters
}

// none is the letter before the first.
const none = -1

// counts reports whether a reader would take it for a word that ends at a place.
func (s *search) counts(w *spelling, end int) bool {
	amid := s.solid(w.begin - 1)
	switch {
	case w.stars > 0 && (w.letters < 3 || 2*w.stars > w.letters): // stars stand for the few
		return false
	case w.letters == 1 && amid && !s.begins[w.begin]: // a letter inside a word is none
		return false
	default:
		return !w.spread || !amid && !s.solid(end) // neither is a part of one word with a part of the next
	}
}
