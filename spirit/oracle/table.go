package oracle

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"math"
)

// The table is a multinomial logistic regression over hashed features, one signed byte a weight. It is trained from
// data/questions.tsv by "go generate"; see train_test.go.

//go:generate go test -run ^TestTable$ -train .

//go:embed data/table.bin
var tableBytes []byte

// buckets is how many hashed features the table has. A power of two.
const buckets = 8192

// tableMagic begins a table; its last byte changes whenever the features do.
const tableMagic = "seance1\x03"

// A table gives each kind of question a weight for every feature.
type table struct {
	scale   float64
	weights []int8 // buckets * kinds
}

// readTable is the inverse of (*table).bytes.
func readTable(b []byte) (*table, error) {
	head := len(tableMagic) + 8 + 8
	if len(b) != head+buckets*kinds || string(b[:len(tableMagic)]) != tableMagic {
		return nil, errors.New("data/table.bin does not fit this code: go generate ./spirit/oracle")
	}
	t := &table{scale: math.Float64frombits(binary.LittleEndian.Uint64(b[len(tableMagic):])), weights: make([]int8, buckets*kinds)}
	for i, c := range b[head:] {
		t.weights[i] = int8(c)
	}
	return t, nil
}

// bytes are the table as it is embedded; sum is of the questions it was trained from.
func (t *table) bytes(sum uint64) []byte {
	b := []byte(tableMagic)
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(t.scale))
	b = binary.LittleEndian.AppendUint64(b, sum)
	for _, w := range t.weights {
		b = append(b, byte(w))
	}
	return b
}

// choose is the likeliest kind within allowed, and how likely it is among all of those.
func (t *table) choose(features []uint32, allowed kindSet) (Kind, float64) {
	var score [kinds]float64
	for _, f := range features {
		row := t.weights[int(f)*kinds : int(f)*kinds+kinds]
		for k, w := range row {
			score[k] += float64(w)
		}
	}
	best, top := Nonsense, math.Inf(-1)
	for k := range score {
		if allowed&(1<<k) != 0 && score[k] > top {
			best, top = Kind(k), score[k]
		}
	}
	sum := 0.0
	for k := range score {
		if allowed&(1<<k) != 0 {
			sum += math.Exp((score[k] - top) * t.scale)
		}
	}
	return best, 1 / sum
}

// features are what the table looks at: words, pairs, how it begins and ends, and what the hand-written rules say.
func (a *ask) features(dst []uint32) []uint32 {
	add := func(parts ...string) { dst = append(dst, uint32(hash(7, parts...)%buckets)) }
	q := a.tokens
	add("bias")
	for i, t := range q {
		add("w", t.base)
		if i > 0 {
			add("b", q[i-1].base, t.base)
		}
		if !a.o.lex.known[t.word] && !a.o.vocabulary[t.word] {
			add("unknown")
		}
		if n := a.o.lex.nouns[t.word]; n != nil {
			add("class", n.class)
		}
	}
	if len(q) > 0 {
		add("first", q[0].word)
		add("last", q[len(q)-1].base)
		if auxiliaries[q[0].word] {
			add("aux")
		}
	}
	if len(q) > 1 {
		add("first2", q[0].word, q[1].word)
		add("second", q[1].word)
	}
	if len(q) > 2 {
		add("first3", q[0].word, q[1].word, q[2].word)
	}
	switch {
	case len(q) < 3:
		add("length", string(rune('0'+len(q))))
	case len(q) < 6:
		add("length", "few")
	case len(q) > 12:
		add("length", "many")
	}
	if a.asked {
		add("asked")
	}
	if len(a.all) > 0 && hellos[a.all[0].word] {
		add("hello")
	}
	if r := first(a.o.rules.fact, a.terms); r != nil {
		add("fact", r.key)
	}
	if r := first(a.o.rules.shape, a.terms); r != nil {
		add("shape", r.key)
	}
	for _, m := range [...]string{"@you", "@me", "@name", "@he", "@verb"} {
		if id, ok := a.o.rules.ids[m]; ok && a.terms.has(id) {
			add("mark", m)
		}
	}
	return dst
}
