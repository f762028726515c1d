package care

import (
	"errors"
	"iter"
	"math/bits"
)

// phrases are all phrases of one part of a list.
type phrases struct {
	all      []phrase
	byFirst  [][]int32 // by a word's number: the phrases that may begin with it
	byNumber []int32   // the phrases that may begin with a number
}

type phrase struct {
	items  []item
	unless []string   // contexts in which it means nothing
	needs  [][]uint64 // without a word of each of these sets it cannot be in a question
}

// An item is one place in a phrase.
type item struct {
	kind     kind
	choice   *choice // oneOf
	n        int     // gap: so many words; number: so many figures at least
	open     bool    // gap: passes other people by
	optional bool    // oneOf: or nothing
	many     bool    // oneOf: any number of times, none as well
}

type kind byte

const (
	oneOf  kind = iota // what is written
	gap                // some words that do not matter
	number             // figures
	edge               // a part of a sentence begins or ends
)

// A choice is what may stand in one place: single words, and phrases.
type choice struct {
	words   []uint64 // a bit for each word's number
	phrases [][]item
	shared  bool       // it stands in several phrases, and takes time to look for
	first   *beginning // found when first asked for
	last    []uint64   // likewise: see key
	ready   bool       // both are found
}

// A beginning is what a phrase may begin with.
type beginning struct {
	words    []uint64
	number   bool
	anything bool

	// Of a choice with phrases, which of them to look at.
	byWord map[uint16][]int32
	others []int32 // those that may begin without a word
}

// add takes a phrase up into p.
func (l *list) add(p *phrases, line string, unless []string) error {
	items, err := l.items(line)
	if err != nil {
		return err
	}
	if begin(items).anything {
		return errors.New("it may begin with anything")
	}
	prepare(items)
	p.all = append(p.all, phrase{items, unless, needs(items)})
	return nil
}

// prepare finds beforehand all that is found when first asked for: searches go on at the same time.
func prepare(items []item) {
	for _, it := range items {
		if it.kind != oneOf || it.choice.ready {
			continue
		}
		it.choice.beginning()
		it.choice.key()
		it.choice.ready = true
		for _, items := range it.choice.phrases {
			prepare(items)
		}
	}
}

// needs returns sets of words without one of which the items are not in a question.
func needs(items []item) [][]uint64 {
	var all [][]uint64
	for _, it := range items {
		if it.kind != oneOf || it.optional || it.many {
			continue
		}
		if first := it.choice.beginning(); !first.number && !first.anything {
			all = append(all, first.words)
		}
		if last := it.choice.key(); last != nil {
			all = append(all, last)
		}
	}
	return all
}

// key returns words without one of which the choice is not in a question, nil if there is no such set: of each phrase
// the last that has to be there, which says more than the first.
func (c *choice) key() []uint64 {
	if c.last != nil {
		return c.last
	}
	words := union(nil, c.words)
	for _, items := range c.phrases {
		all := needs(items)
		if len(all) == 0 {
			return nil
		}
		words = union(words, all[len(all)-1])
	}
	c.last = words
	return words
}

// index makes phrases findable by their first word; words are numbered from 1 to last.
func (p *phrases) index(last int) {
	p.byFirst = make([][]int32, last+1)
	for i, phrase := range p.all {
		b := begin(phrase.items)
		for word := range each(b.words) {
			p.byFirst[word] = append(p.byFirst[word], int32(i))
		}
		if b.number {
			p.byNumber = append(p.byNumber, int32(i))
		}
	}
}

// begin returns what items may begin with.
func begin(items []item) beginning {
	var b beginning
	for _, it := range items {
		switch it.kind {
		case edge:
			continue
		case gap:
			b.anything = true
		case number:
			b.number = true
		case oneOf:
			first := it.choice.beginning()
			b.words = union(b.words, first.words)
			b.number = b.number || first.number
			b.anything = b.anything || first.anything
			if it.optional || it.many {
				continue
			}
		}
		return b
	}
	b.anything = true // nothing has to be there
	return b
}

func (c *choice) beginning() *beginning {
	if c.first != nil {
		return c.first
	}
	c.first = &beginning{words: union(nil, c.words), byWord: map[uint16][]int32{}}
	for i, items := range c.phrases {
		b := begin(items)
		c.first.words = union(c.first.words, b.words)
		c.first.number = c.first.number || b.number
		c.first.anything = c.first.anything || b.anything
		if b.number || b.anything {
			c.first.others = append(c.first.others, int32(i))
			continue
		}
		for word := range each(b.words) {
			c.first.byWord[word] = append(c.first.byWord[word], int32(i))
		}
	}
	return c.first
}

// each yields the numbers of words.
func each(words []uint64) iter.Seq[uint16] {
	return func(yield func(uint16) bool) {
		for i, left := range words {
			for ; left != 0; left &= left - 1 {
				if !yield(uint16(i*64 + bits.TrailingZeros64(left))) {
					return
				}
			}
		}
	}
}

// union returns a with the bits of b.
func union(a, b []uint64) []uint64 {
	for len(a) < len(b) {
		a = append(a, 0)
	}
	for i, bits := range b {
		a[i] |= bits
	}
	return a
}

// intersect reports whether a and b have a bit in common.
func intersect(a, b []uint64) bool {
	for i := range min(len(a), len(b)) {
		if a[i]&b[i] != 0 {
			return true
		}
	}
	return false
}

func has(words []uint64, word uint16) bool {
	return int(word/64) < len(words) && words[word/64]&(1<<(word%64)) != 0
}
