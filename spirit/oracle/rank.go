package oracle

import (
	"math"
	"slices"
	"strings"
)

// An utterance is an answer as it is said.
type utterance struct {
	board, whisper string
	line           *line    // what the board was made from
	from           string   // the key of the whisper
	sense          polarity // of a yes-or-no answer
}

// How lines are ranked, in units where 1 makes a line about three times as likely.
const (
	fitBonus     = 0.6  // for every tag that fits the question
	variedBonus  = 0.27 // for every bit of chance in a line, up to six: such lines rarely come out the same twice
	echoBonus    = 0.5  // for names of the table
	ownBonus     = 1.6  // for what only this persona says
	reusePenalty = -6.0 // the board stood there before
	alikePenalty = -3.0 // times the likeness to any of the last boards
	shortBonus   = 0.35 // times terseness, for every word saved
	banPenalty   = -20.0
)

const (
	candidatesMost = 40 // lines that are filled and ranked
	recentMost     = 8  // boards that a new one must not be like
	whispersMost   = 24 // whispers that a new one must not be like
	wordsMost      = 30 // of board and whisper together
)

// tagsOf are the tags that hold for this question, soul and voice.
func (a *ask) tagsOf(g *soul, v *voice) uint32 {
	t := uint32(0)
	add := func(ok bool, yes, no uint32) {
		if ok {
			t |= yes
		} else {
			t |= no
		}
	}
	switch a.tense {
	case past:
		t |= tagPast
	case future:
		t |= tagFuture
	case present:
		t |= tagPresent
	}
	if a.tense == future {
		t |= a.horizon()
	}
	add(a.tense == should, tagShould, tagNotShould)
	add(a.tense == can, tagCan, 0)
	add(a.you && !a.me, tagYou, tagNotYou)
	add(a.me, tagMe, tagNotMe)
	add(g.culprit.kin, tagKin, tagStranger)
	add(g.others == 0, tagAlone, tagCrowd)
	add(len(a.p.Present) < 2, tagLone, 0)
	add(v.cruelty >= 0.35, tagCruel, 0)
	add(v.cruelty <= 0.5, tagKind, 0)
	add(v.persona.Archaic >= leastArchaic, tagOld, tagNotOld)
	return t
}

// said are the lines of keys that may be said now.
func (o *Oracle) said(v *voice, keys []string, tags uint32, level int) []*line {
	var out []*line
	for _, k := range keys {
		for _, l := range o.book.byKey[k] {
			if l.need&^tags == 0 && level >= l.lo && level <= l.hi && (l.own == nil || v.brings(l.own)) {
				out = append(out, l)
			}
		}
	}
	return out
}

// board chooses the board line among those of keys. salt decides between lines that are as good: for the ghost's own
// facts it changes with every turn, elsewhere it is the question's own, so that asking again changes nothing.
func (o *Oracle) board(a *ask, g *soul, v *voice, keys []string, salt uint64) (utterance, bool) {
	tags, level := a.tagsOf(g, v), o.level(a.p.Turn)
	lines := o.said(v, keys, tags, level)
	if len(lines) > candidatesMost {
		slices.SortFunc(lines, func(x, y *line) int {
			hx, hy := mix(salt+uint64(x.id)), mix(salt+uint64(y.id))
			switch {
			case hx < hy:
				return -1
			case hx > hy:
				return 1
			}
			return 0
		})
		lines = lines[:candidatesMost]
	}
	letters := a.p.Letters
	if letters <= 0 {
		letters = 24
	}
	var recent [][]string
	for _, r := range a.p.Recent[max(0, len(a.p.Recent)-recentMost):] {
		recent = append(recent, strings.Fields(r.Board))
	}
	stood := make(map[string]bool, len(a.p.Recent)+3) // every board of the sitting, as far as it is recalled
	for i := range a.p.Recent {
		stood[a.p.Recent[i].Board] = true
	}
	for _, whole := range []string{"YES", "NO", "GOODBYE"} {
		delete(stood, whole)
	}
	old := v.persona.Archaic >= leastArchaic
	best, top := utterance{}, math.Inf(-1)
	for _, l := range lines {
		f := &filler{o: o, a: a, g: g, v: v, d: die(hash(salt, "fill", l.key) + uint64(l.id)), used: map[string]bool{}}
		text, ok := f.fill(l.board, true)
		if !ok || len(text) > letters {
			continue
		}
		d := die(mix(salt ^ uint64(l.id)*0x9e3779b97f4a7c15))
		score := d.gumbel()
		for bit := uint32(1); bit <= l.fits; bit <<= 1 {
			if l.fits&bit != 0 {
				score += fitBonus
			}
		}
		if l.own != nil {
			score += ownBonus
		}
		score += variedBonus * min(l.varied, 6)
		if l.need&tagOld != 0 {
			score += 1.2 * v.persona.Archaic
		}
		if l.need&tagCruel != 0 {
			score += 2 * (v.cruelty - 0.35)
		}
		for _, p := range l.board {
			if p.slot == "own" && v.worded {
				score -= ownBonus // who has boards of its own need not fill blanks
			}
			if p.slot == "asker" || p.slot == "other" || p.slot == "noun" {
				score += echoBonus
			}
		}
		score -= shortBonus * v.persona.Terseness * float64(strings.Count(text, " ")) * 2
		if v.bans(text) {
			score += banPenalty
		}
		if stood[text] || old && stood[strings.TrimSpace(archaicBoard.Replace(" "+text+" "))] {
			score += reusePenalty
		}
		words := strings.Fields(text)
		for _, r := range recent {
			if like := alike(r, words); salt != a.canon || like >= 0.5 { // what is not the ghost's own story had better not drift
				score += alikePenalty * like
			}
		}
		if score > top {
			best, top = utterance{board: text, line: l}, score
		}
	}
	return best, top > math.Inf(-1)
}

// alike is how much two texts share: words in both over words in either.
func alike(xs, ys []string) float64 {
	if len(xs) == 0 || len(ys) == 0 {
		return 0
	}
	both := 0
	for i, w := range xs {
		if slices.Index(xs, w) == i && slices.Contains(ys, w) {
			both++
		}
	}
	return float64(both) / float64(len(xs)+len(ys)-both)
}

// A pool is whispers of one key, and how likely they are to be drawn from.
type pool struct {
	key    string
	weight float64
}

// whisper is what is said beside the board, or nothing.
func (o *Oracle) whisper(a *ask, g *soul, v *voice, u *utterance, pools []pool) string {
	d := die(hash(uint64(a.p.Seed), "whisper", a.p.Persona.ID) ^ mix(a.canon+uint64(a.p.Turn)*0x51ed270b))
	for i := range u.line.whispers { // what was written for this very line goes with it
		w := &u.line.whispers[(i+a.p.Turn)%len(u.line.whispers)]
		if text, ok := o.speak(a, g, v, w, &d, u); ok {
			u.from = u.line.key
			return text
		}
	}
	terse := v.persona.Terseness
	bare := u.board == "YES" || u.board == "NO"
	silence := 0.04 + 0.5*terse
	if bare || a.fact == "" { // a board that may come up again is told apart by what is said beside it
		silence *= min(1, 0.4+u.line.varied/10)
	}
	if a.guard == "" && d.float() < silence {
		return ""
	}
	tags, level := a.tagsOf(g, v), o.level(a.p.Turn)
	for range 8 {
		total := 0.0
		for _, p := range pools {
			total += p.weight
		}
		if total <= 0 {
			return ""
		}
		at, chosen := d.float()*total, -1
		for i, p := range pools {
			if at -= p.weight; at < 0 {
				chosen = i
				break
			}
		}
		if chosen < 0 {
			return ""
		}
		lines := o.said(v, []string{pools[chosen].key}, tags, level)
		for i := range lines { // in an order of the seed's own, one further with every turn
			l := lines[(i+a.p.Turn+int(hash(uint64(a.p.Seed), pools[chosen].key)%97))%len(lines)]
			if text, ok := o.speak(a, g, v, &l.whispers[0], &d, u); ok {
				u.from = pools[chosen].key
				return text
			}
		}
		pools = slices.Delete(slices.Clone(pools), chosen, chosen+1)
	}
	return ""
}

// speak fills a whisper, unless it is too long, banned, or was heard a short while ago.
func (o *Oracle) speak(a *ask, g *soul, v *voice, w *whisper, d *die, u *utterance) (string, bool) {
	f := &filler{o: o, a: a, g: g, v: v, d: die(d.next()), used: map[string]bool{}}
	for _, word := range strings.Fields(strings.ToLower(u.board)) {
		f.used[word] = true
	}
	text, ok := f.fill(w.text, false)
	if terse := v.persona.Terseness; terse > 0.3 && a.guard == "" && w.id%4 != 0 && len(u.line.whispers) == 0 && strings.Count(text, " ") >= wordsMost-int(24*terse) {
		return "", false
	}
	if !ok || strings.Count(text, " ")+1+len(strings.Fields(u.board)) > wordsMost || v.bans(text) {
		return "", false
	}
	words := strings.Fields(text)
	for _, r := range a.p.Recent[max(0, len(a.p.Recent)-whispersMost):] {
		if r.Whisper != "" && alike(strings.Fields(r.Whisper), words) > 0.5 {
			return "", false
		}
	}
	return text, true
}
