package care

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"seance/internal/door"
	"seance/internal/seance"
)

// A list is what one language's file says, made ready to be matched.
//
// A file has these parts, each under a heading. Lines that begin with # are remarks, those that begin with four spaces
// go on with the line before.
//
//	== card                        the card: its text, and a line "- label | contact" for each place to turn to
//	== groups                      <name> = phrase, phrase, …   the same name again adds to it. Words of <fillers> may
//	                               stand between any two others
//	== signs                       phrases that bring the card
//	== signs unless game, story    phrases that bring it unless the question has words of one of these contexts
//	== idioms                      phrases that hide a sign which they overlap. Words that follow each other have no comma
//	                               or the like between them, as they may have in other phrases
//	== context game                phrases, with commas between them, that tell what a question is about
//
// A phrase is made of words. They are written without regard to case; accents may be missing in a question (and ä, ö, ü
// may be ae, oe, ue), apostrophes and hyphens too, letters may be repeated, spaced out or replaced by their look-alikes.
//
//	want to         one word after the other
//	mum|mom         one of these words
//	~suicide        the word, also with a letter left out inside it, or with two neighbours in each other's place
//	(am|i will be)  one of these phrases
//	<friend>        one phrase of the group
//	so? <very>*     there or not; any number of times
//	..              up to four words of the same sentence, none of them in the group <others>
//	...             up to eight words of the same sentence, whatever they are
//	0 00            a number; a number of two or more figures
//	.               the beginning or the end of a part of a sentence
type list struct {
	card     seance.Care
	words    []trie // the spelling of every word in the phrases; 0 is the root
	fillers  []uint64
	others   []uint64
	signs    phrases
	idioms   phrases
	contexts map[string]*phrases

	// While it is read:
	ids    map[string]int // numbers of words
	groups map[string]*choice
}

// parse reads a list.
func parse(text string) (*list, error) {
	l := &list{words: make([]trie, 1), ids: map[string]int{}, groups: map[string]*choice{}, contexts: map[string]*phrases{}}
	var read func(line string) error
	for line := range strings.Lines(unfold.Replace(text)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		var err error
		if heading, ok := strings.CutPrefix(line, "== "); ok {
			read, err = l.part(heading)
		} else if read == nil {
			err = errors.New("it stands under no heading")
		} else {
			err = read(line)
		}
		if err != nil {
			return nil, fmt.Errorf("%q: %w", line, err)
		}
	}
	return l, l.finish()
}

// unfold joins lines to those that they go on.
var unfold = strings.NewReplacer("|\n    ", "|", "\n    ", " ")

// part returns what reads the lines under a heading.
func (l *list) part(heading string) (func(line string) error, error) {
	kind, names, _ := strings.Cut(heading, " ")
	switch kind {
	case "card":
		return l.readCard, nil
	case "groups":
		return l.readGroup, nil
	case "idioms":
		return func(line string) error { return l.add(&l.idioms, line, nil) }, nil
	case "context":
		about := &phrases{}
		l.contexts[names] = about
		return func(line string) error {
			for phrase := range strings.SplitSeq(line, ",") {
				if err := l.add(about, phrase, nil); err != nil {
					return err
				}
			}
			return nil
		}, nil
	case "signs":
		var unless []string
		if names, ok := strings.CutPrefix(names, "unless "); ok {
			unless = strings.Split(names, ", ")
		}
		return func(line string) error { return l.add(&l.signs, line, unless) }, nil
	}
	return nil, errors.New("there is no such heading")
}

// finish checks what only the whole list can tell, and makes its phrases findable.
func (l *list) finish() error {
	for _, s := range l.signs.all {
		for _, name := range s.unless {
			if l.contexts[name] == nil {
				return fmt.Errorf("signs unless %s: there is no such context", name)
			}
		}
	}
	if l.card.Text == "" || len(l.card.Lines) == 0 || len(l.signs.all) == 0 {
		return errors.New("a list needs a card with lines, and signs")
	}
	if g := l.groups["fillers"]; g != nil {
		l.fillers = g.words
	}
	if g := l.groups["others"]; g != nil {
		l.others = g.words
	}
	l.signs.index(len(l.ids))
	l.idioms.index(len(l.ids))
	for _, about := range l.contexts {
		about.index(len(l.ids))
	}
	l.ids, l.groups = nil, nil
	return nil
}

func (l *list) readCard(line string) error {
	place, ok := strings.CutPrefix(line, "- ")
	if !ok {
		l.card.Text = strings.TrimSpace(l.card.Text + " " + line)
		return nil
	}
	label, contact, ok := strings.Cut(place, " | ")
	if !ok {
		return errors.New("a place to turn to is a label and a contact")
	}
	l.card.Lines = append(l.card.Lines, seance.CareLine{Label: label, Contact: contact})
	return nil
}

func (l *list) readGroup(line string) error {
	name, alternatives, ok := strings.Cut(line, " = ")
	if !ok || !strings.HasPrefix(name, "<") || !strings.HasSuffix(name, ">") {
		return errors.New("a group is <name> = phrase, phrase")
	}
	name = strings.Trim(name, "<>")
	g := l.groups[name]
	if g == nil {
		g = &choice{}
	}
	if g.first != nil {
		return errors.New("a group is written before the phrases that it stands in")
	}
	for phrase := range strings.SplitSeq(alternatives, ",") {
		if err := l.alternative(g, phrase); err != nil {
			return err
		}
	}
	g.shared = g.phrases != nil
	l.groups[name] = g // only now: a group is not a part of itself
	return nil
}

// alternative takes a phrase up into c.
func (l *list) alternative(c *choice, phrase string) error {
	items, err := l.items(phrase)
	if err != nil {
		return err
	}
	if it := items[0]; len(items) == 1 && it.kind == oneOf && !it.optional && !it.many && it.choice.phrases == nil {
		c.words = union(c.words, it.choice.words)
	} else {
		c.phrases = append(c.phrases, items)
	}
	return nil
}

// items reads a phrase.
func (l *list) items(phrase string) ([]item, error) {
	var items []item
	for rest := strings.TrimSpace(phrase); rest != ""; rest = strings.TrimSpace(rest) {
		var field string
		if rest[0] == '(' {
			end := strings.IndexByte(rest, ')')
			if end < 0 {
				return nil, errors.New("a bracket is not closed")
			}
			end += len(rest[end:]) - len(strings.TrimLeft(rest[end:], ")?*"))
			field, rest = rest[:end], rest[end:]
		} else {
			field, rest, _ = strings.Cut(rest, " ")
		}
		it, err := l.item(field)
		if err != nil {
			return nil, err
		}
		items = append(items, it)
		if g := l.groups["fillers"]; len(items) == 1 && it.kind == edge && g != nil {
			items = append(items, item{kind: oneOf, choice: g, many: true})
		}
	}
	if len(items) == 0 {
		return nil, errors.New("it has a phrase without words")
	}
	return items, nil
}

// item reads one place of a phrase.
func (l *list) item(field string) (item, error) {
	switch field {
	case "..":
		return item{kind: gap, n: 4}, nil
	case "...":
		return item{kind: gap, n: 8, open: true}, nil
	case "0", "00":
		return item{kind: number, n: len(field)}, nil
	case ".":
		return item{kind: edge}, nil
	}
	it := item{kind: oneOf, choice: &choice{}}
	field, it.optional = strings.CutSuffix(field, "?")
	field, it.many = strings.CutSuffix(field, "*")
	if phrases, ok := strings.CutPrefix(field, "("); ok {
		for phrase := range strings.SplitSeq(strings.TrimSuffix(phrases, ")"), "|") {
			if err := l.alternative(it.choice, phrase); err != nil {
				return it, err
			}
		}
		return it, nil
	}
	for word := range strings.SplitSeq(field, "|") {
		if !strings.HasPrefix(word, "<") {
			ids, err := l.spell(word)
			if err != nil {
				return it, err
			}
			it.choice.words = union(it.choice.words, ids)
			continue
		}
		g := l.groups[strings.Trim(word, "<>")]
		switch {
		case g == nil:
			return it, fmt.Errorf("there is no group %s above", word)
		case word == field:
			it.choice = g
		default:
			it.choice.phrases = append(it.choice.phrases, []item{{kind: oneOf, choice: g}})
		}
	}
	return it, nil
}

// umlauts are letters that are also written as two.
var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue")

// spell takes a word up into the words of the list, and returns the numbers of its spellings as bits.
func (l *list) spell(word string) ([]uint64, error) {
	var ids []uint64
	word, sloppy := strings.CutPrefix(word, "~")
	word = strings.NewReplacer("'", "", "’", "", "-", "").Replace(strings.ToLower(word))
	for _, spelling := range slices.Compact([]string{word, umlauts.Replace(word)}) {
		letters := make([]byte, 0, len(spelling))
		for _, r := range door.Bare(ligatures.Replace(spelling)) {
			if r < 'a' || r > 'z' {
				return nil, fmt.Errorf("%q cannot be in a word", r)
			}
			letters = append(letters, byte(r))
		}
		if len(letters) == 0 {
			return nil, errors.New("it has a word without letters")
		}
		ids = union(ids, l.number(letters))
		for i := 1; sloppy && i < len(letters); i++ {
			if i < len(letters)-1 {
				ids = union(ids, l.number(slices.Delete(slices.Clone(letters), i, i+1)))
			}
			swapped := slices.Clone(letters)
			swapped[i-1], swapped[i] = swapped[i], swapped[i-1]
			ids = union(ids, l.number(swapped))
		}
	}
	return ids, nil
}

// number returns the number of a word as a bit, a new one for a new word.
func (l *list) number(letters []byte) []uint64 {
	id, ok := l.ids[string(letters)]
	if !ok {
		id = len(l.ids) + 1
		l.ids[string(letters)] = id
		l.plant(letters, id)
	}
	one := make([]uint64, id/64+1)
	one[id/64] = 1 << (id % 64)
	return one
}

// A trie is a place in the spelling of words: those that go on, by letter, and the word that ends here.
type trie struct {
	next [26]uint16
	word uint16
}

func (l *list) plant(letters []byte, id int) {
	at := uint16(0)
	for _, letter := range letters {
		next := l.words[at].next[letter-'a']
		if next == 0 {
			next = uint16(len(l.words))
			l.words[at].next[letter-'a'] = next
			l.words = append(l.words, trie{})
		}
		at = next
	}
	l.words[at].word = uint16(id)
}
