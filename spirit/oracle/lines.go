package oracle

import (
	"fmt"
	"regexp"
	"strings"
)

// A line is one thing the oracle can say: a board with whispers of its own, or (under a key that begins with "~") a
// whisper alone.
type line struct {
	id       int
	key      string
	board    []part
	whispers []whisper
	need     uint32   // tags that must hold
	fits     uint32   // tags among need that say when, and so make the line fit more closely
	lo, hi   int      // levels it is said at
	varied   float64  // bits of chance in its slots
	own      []string // the persona must bring one of these words along
}

// A whisper is a line's text beside the board.
type whisper struct {
	id   int
	text []part
}

// A part of a line is literal text or, when slot is set, what fills it: "[a thing]" has det "a" and slot "thing".
type part struct {
	text string
	det  string // a, the
	slot string
	verb string // them, it: the pronoun for what fills the slot
	many bool   // "[thing+s]"
	cap  bool   // begins with a capital
}

// Tags of lines, and what must be so for a line with the tag to be said.
const (
	tagPast      = 1 << iota // the question is about the past
	tagFuture                // the future
	tagPresent               // neither
	tagShould                // it asks what ought to be done
	tagNotShould             // it does not
	tagCan                   // it asks what can be done
	tagYou                   // it is about the ghost
	tagNotYou                // it is not
	tagMe                    // it is about those who ask
	tagNotMe                 // it is not
	tagKin                   // the one who did it is kin
	tagStranger              // is not
	tagAlone                 // no other spirits
	tagCrowd                 // others
	tagLone                  // one person at the table
	tagCruel                 // the persona may be cruel
	tagKind                  // may be gentle
	tagOld                   // speaks in an old way
	tagNotOld                // does not
	tagFar                   // it is about a future of no certain date
	tagTimed                 // it names the time itself: "by Monday"
	tagBrief                 // it is about what takes minutes: bread, a bus
)

var tagNames = map[string]uint32{
	"past": tagPast, "future": tagFuture, "present": tagPresent, "should": tagShould, "notshould": tagNotShould, "can": tagCan, "you": tagYou, "notyou": tagNotYou,
	"me": tagMe, "notme": tagNotMe, "kin": tagKin, "stranger": tagStranger, "alone": tagAlone, "crowd": tagCrowd, "lone": tagLone,
	"cruel": tagCruel, "kind": tagKind, "old": tagOld, "notold": tagNotOld, "far": tagFar, "timed": tagTimed, "brief": tagBrief,
}

// situational tags fit a line to its question; the rest only allow it.
const situational = tagPast | tagFuture | tagFar | tagTimed | tagBrief | tagShould | tagCan | tagYou | tagMe

// A book is every line, by key.
type book struct {
	lines    []*line
	byKey    map[string][]*line
	whispers int
	worded   map[string]bool // words of personas that have boards of their own
}

var slotPattern = regexp.MustCompile(`\[([^\]]*)\]`)

// read adds the lines of one data file.
func (b *book) read(file, text string) error {
	var keys []string
	for i, raw := range strings.Split(text, "\n") {
		raw = strings.TrimSpace(raw)
		if raw == "" || raw[0] == '#' {
			continue
		}
		if head, ok := strings.CutPrefix(raw, "== "); ok {
			keys = strings.Fields(head)
			continue
		}
		if len(keys) == 0 {
			return fmt.Errorf("%s:%d: a line before the first key", file, i+1)
		}
		l, err := b.parse(raw, strings.HasPrefix(keys[0], "~"))
		if err != nil {
			return fmt.Errorf("%s:%d: %w", file, i+1, err)
		}
		l.key = keys[0]
		for _, k := range keys {
			if base, word, owned := strings.Cut(k, "/own/"); owned {
				l.own = append(l.own, word)
				b.worded[word] = true
				if k = base; len(l.own) > 1 {
					continue
				}
			}
			b.byKey[k] = append(b.byKey[k], l)
		}
		b.lines = append(b.lines, l)
	}
	return nil
}

func (b *book) parse(raw string, whisperOnly bool) (*line, error) {
	l := &line{id: len(b.lines), lo: 1, hi: 4}
	if raw[0] == '{' {
		tags, rest, ok := strings.Cut(raw[1:], "}")
		if !ok {
			return nil, fmt.Errorf("tags without an end: %q", raw)
		}
		for _, t := range strings.Fields(tags) {
			if t[0] >= '1' && t[0] <= '4' {
				l.lo, l.hi = int(t[0]-'0'), int(t[0]-'0')
				switch {
				case strings.HasSuffix(t, "+"):
					l.hi = 4
				case len(t) == 3:
					l.hi = int(t[2] - '0')
				}
				continue
			}
			bit, ok := tagNames[t]
			if !ok {
				return nil, fmt.Errorf("no tag %q", t)
			}
			l.need |= bit
		}
		l.fits = l.need & situational
		raw = strings.TrimSpace(rest)
	}
	pieces := fields(raw, "|")
	if len(pieces) == 0 {
		return nil, fmt.Errorf("an empty line")
	}
	if !whisperOnly {
		var err error
		if l.board, err = parseParts(pieces[0]); err != nil {
			return nil, err
		}
		for _, p := range l.board {
			if p.slot == "" && strings.Trim(p.text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ") != "" {
				return nil, fmt.Errorf("%q is not on the board", p.text)
			}
			l.varied += chancy[p.slot]
		}
		pieces = pieces[1:]
	}
	for _, p := range pieces {
		parts, err := parseParts(p)
		if err != nil {
			return nil, err
		}
		b.whispers++
		l.whispers = append(l.whispers, whisper{id: b.whispers, text: parts})
	}
	return l, nil
}

func parseParts(s string) ([]part, error) {
	var out []part
	at := 0
	for _, m := range slotPattern.FindAllStringSubmatchIndex(s, -1) {
		if m[0] > at {
			out = append(out, part{text: s[at:m[0]]})
		}
		inside := s[m[2]:m[3]]
		p := part{cap: inside != "" && inside[0] >= 'A' && inside[0] <= 'Z'}
		words := strings.Fields(strings.ToLower(inside))
		if len(words) > 1 && (words[0] == "a" || words[0] == "the") {
			p.det, words = words[0], words[1:]
		}
		if len(words) == 0 {
			return nil, fmt.Errorf("an empty slot in %q", s)
		}
		p.slot = words[0]
		if len(words) > 1 {
			p.verb = words[1]
		}
		if head, ok := strings.CutSuffix(p.slot, "+s"); ok {
			p.slot, p.many = head, true
		}
		if !slots[p.slot] {
			return nil, fmt.Errorf("no slot [%s] in %q", inside, s)
		}
		if p.verb != "" && p.verb != "them" {
			return nil, fmt.Errorf("no form %q of a slot in %q", p.verb, s)
		}
		out = append(out, p)
		at = m[1]
	}
	if at < len(s) {
		out = append(out, part{text: s[at:]})
	}
	for i, p := range out {
		// What fills [noun] may be one or many: a verb right after it would agree with only one of them.
		if p.slot == "noun" && p.verb == "" && p.det != "a" && i+1 < len(out) && out[i+1].slot == "" {
			if next := strings.Fields(strings.ToLower(out[i+1].text)); len(next) > 0 && singularVerbs[strings.Trim(next[0], ".,?!")] && strings.HasPrefix(out[i+1].text, " ") {
				return nil, fmt.Errorf("%q may not agree with [noun] in %q", next[0], s)
			}
		}
	}
	return out, nil
}

var singularVerbs = set("is was has does are were have do knows sees comes goes sleeps waits")
