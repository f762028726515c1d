package steering

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxLore is how many characters of lore one question may bring along.
const maxLore = 2_000

// Choose returns the lore that goes with a question, its texts cut to what there is room for: the most hits first, then
// by path. A question calls up lore whose keywords it holds as whole words, case and accents folded, or, where there are
// no keywords, two or more words of the description that say something. Once called up, lore stays for the next Sticky
// questions; then it rests for Cooldown questions, in which nothing calls it up. earlier are the session's questions so
// far, oldest first: all of this follows from them alone, so that it is the same on every node and after a restart.
func Choose(lore []Lore, earlier []string, question string) []Lore {
	finder := newFinder(lore)
	type state struct{ stays, rests int }
	states := make([]state, len(lore))
	var active []int
	var hits []int
	for i := range len(earlier) + 1 {
		asked := question
		if i < len(earlier) {
			asked = earlier[i]
		}
		hits = finder.hits(asked)
		active = active[:0]
		for at := range lore {
			s := &states[at]
			switch {
			case s.stays > 0:
				if s.stays--; s.stays == 0 {
					s.rests = lore[at].Cooldown
				}
			case s.rests > 0:
				s.rests--
				continue
			case hits[at] >= finder.need[at]:
				if s.stays = lore[at].Sticky; s.stays == 0 {
					s.rests = lore[at].Cooldown
				}
			default:
				continue
			}
			active = append(active, at)
		}
	}
	slices.SortStableFunc(active, func(a, b int) int {
		return cmp.Or(hits[b]-hits[a], cmp.Compare(lore[a].Path, lore[b].Path))
	})

	var chosen []Lore
	room := maxLore
	for _, at := range active {
		l := lore[at]
		l.Text = cut(l.Text, min(l.Budget, room))
		if l.Text != "" {
			chosen = append(chosen, l)
			room -= utf8.RuneCountInString(l.Text)
		}
	}
	return chosen
}

// A finder finds the phrases of all lore in a question at once.
type finder struct {
	begins  map[string][]phrase // by first word
	need    []int               // by lore
	found   []int               // by lore
	phrases []int               // by phrase: the number of the question that it was last found in
	asked   int
	words   []string // of that question
}

type phrase struct {
	id, lore int
	rest     []string
}

func newFinder(lore []Lore) *finder {
	f := &finder{begins: map[string][]phrase{}, need: make([]int, len(lore)), found: make([]int, len(lore))}
	for i, l := range lore {
		c := l.calls
		if c == nil {
			c = callsOf(l.Keywords, l.Description)
		}
		f.need[i] = c.need
		for _, p := range c.phrases {
			f.begins[p[0]] = append(f.begins[p[0]], phrase{id: len(f.phrases), lore: i, rest: p[1:]})
			f.phrases = append(f.phrases, 0)
		}
	}
	return f
}

// hits counts the different phrases of each piece of lore that a question holds. The next call overwrites the counts.
func (f *finder) hits(question string) []int {
	f.asked++
	clear(f.found)
	f.words = appendWords(f.words[:0], question)
	for i, w := range f.words {
		for _, p := range f.begins[w] {
			following := f.words[i+1:]
			if f.phrases[p.id] != f.asked && len(following) >= len(p.rest) && slices.Equal(following[:len(p.rest)], p.rest) {
				f.phrases[p.id] = f.asked
				f.found[p.lore]++
			}
		}
	}
	return f.found
}

// cut returns the beginning of text, at most most characters: whole sentences if they fill half of the room, else whole
// words and a mark that there was more. Room that is too small for a word holds nothing.
func cut(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	if most <= 0 {
		return ""
	}
	for i := most; i > most/2; i-- {
		if strings.ContainsRune(".!?…。！？\n", runes[i-1]) && (unicode.IsSpace(runes[i]) || runes[i-1] >= 0x3000 || runes[i-1] == '\n') {
			return strings.TrimSpace(string(runes[:i]))
		}
	}
	for i := most - 1; i > 0; i-- { // one place is for the mark
		if unicode.IsSpace(runes[i]) {
			if kept := strings.TrimRight(string(runes[:i]), " \t\n,;:–—-"); kept != "" {
				return kept + "…"
			}
		}
	}
	return ""
}
