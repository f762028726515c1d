package care

import (
	"slices"
	"strings"
	"unicode"

	"seance/internal/door"
)

// A glyph is one character of a question, and what a reader may take it for.
type glyph struct {
	letters uint32 // a bit for each letter a to z that it may be read as
	solid   bool   // a letter or a figure: part of a word. Everything else may be passed over, inside a word too
	figure  bool
	star    bool // stands for any one letter, as in k*ll
	pause   bool // punctuation that ends a part of a sentence
	stop    bool // punctuation that ends a sentence
}

// A reading is a question made ready to be searched.
type reading struct {
	glyphs []glyph
	begins []bool // a word may begin at this glyph
	over   []bool // a word may end before this glyph; one longer than glyphs
}

const (
	// looseFrom is the number of letters from which a word is taken for several without their spaces ("iwanttodie…"):
	// phrases may then begin and end inside it. Few words of the four languages are longer.
	looseFrom = 16
	// mostGlyphs are looked at. A question that passes the door has no more.
	mostGlyphs = 8 * door.MaxQuestion
	// keptRepeats is how often a character may follow itself; no word needs more.
	keptRepeats = 3
)

// ligatures are letters that two letters of the tables stand for, and which no decomposition takes apart.
var ligatures = strings.NewReplacer("ß", "ss", "ẞ", "SS", "æ", "ae", "Æ", "AE", "œ", "oe", "Œ", "OE")

// read reads text as a person would who looks past its spelling.
func read(text string) *reading {
	runes := door.Bare(ligatures.Replace(text))
	t := &reading{glyphs: make([]glyph, 0, len(runes))}
	var last rune
	repeats := 0
	for _, r := range runes {
		if unicode.Is(unicode.Cf, r) {
			continue // nobody sees it
		}
		if r = unicode.ToLower(r); r != last {
			last, repeats = r, 0
		}
		if repeats++; repeats > keptRepeats {
			continue
		}
		if len(t.glyphs) == mostGlyphs {
			break
		}
		t.glyphs = append(t.glyphs, glyphOf(r))
	}
	t.cut()
	return t
}

func glyphOf(r rune) glyph {
	g := glyph{
		figure: unicode.IsNumber(r),
		star:   r == '*',
		stop:   strings.ContainsRune(".!?;…。", r),
	}
	g.solid = g.figure || unicode.IsLetter(r)
	g.pause = g.stop || strings.ContainsRune(",:()", r)
	for _, letter := range []byte(door.Readings(r)) {
		g.letters |= 1 << (letter - 'a')
	}
	return g
}

// cut finds where words begin and end.
func (t *reading) cut() {
	n := len(t.glyphs)
	t.begins, t.over = make([]bool, n), make([]bool, n+1)
	for i := range n + 1 {
		t.over[i] = !t.solid(i)
		if i < n {
			t.begins[i] = !t.solid(i-1) && (t.solid(i) || t.glyphs[i].letters != 0)
		}
	}
	for begin := 0; begin < n; begin++ {
		end := begin
		for t.solid(end) {
			end++
		}
		if end-begin >= looseFrom {
			for i := begin; i < end; i++ {
				t.begins[i], t.over[i] = true, true
			}
		}
		begin = end
	}
}

func (t *reading) solid(i int) bool { return i >= 0 && i < len(t.glyphs) && t.glyphs[i].solid }

// run returns the first run of letters and figures at or after at.
func (t *reading) run(at int) (begin, end int, ok bool) {
	for begin = at; begin < len(t.glyphs) && !t.glyphs[begin].solid; begin++ {
	}
	for end = begin; t.solid(end); end++ {
	}
	return begin, end, end > begin
}

// word is run within a sentence: ok is false if one ends before it.
func (t *reading) word(at int) (begin, end int, ok bool) {
	begin, end, ok = t.run(at)
	for i := at; i < begin; i++ {
		if t.glyphs[i].stop && !t.solid(i+1) {
			return 0, 0, false
		}
	}
	return begin, end, ok
}

// upTo returns the place of the next glyph at or after at that may be a part of a word.
func (t *reading) upTo(at int) int {
	for at < len(t.glyphs) && !t.glyphs[at].solid && t.glyphs[at].letters == 0 {
		at++
	}
	return at
}

// pausesAt reports whether punctuation follows before the next word.
func (t *reading) pausesAt(at int) bool {
	for ; at < len(t.glyphs) && !t.glyphs[at].solid; at++ {
		if t.glyphs[at].pause {
			return true
		}
	}
	return false
}

// edge reports whether a part of a sentence ends, or another begins, between the words on either side of at.
func (t *reading) edge(at int) bool {
	from, to := at, at
	for from > 0 && !t.glyphs[from-1].solid {
		from--
	}
	for to < len(t.glyphs) && !t.glyphs[to].solid {
		to++
	}
	return from == 0 || to == len(t.glyphs) || slices.ContainsFunc(t.glyphs[from:to], func(g glyph) bool { return g.pause })
}
