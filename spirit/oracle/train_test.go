package oracle

import (
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"seance/spirit"
)

var train = flag.Bool("train", false, "write data/table.bin anew from data/questions.tsv")

// A labelled question of data/questions.tsv.
type labelled struct {
	kind     Kind
	question string
	heldOut  bool
}

// labelledQuestions are the rows of data/questions.tsv; a fifth of them, by their own hash, is held out.
func labelledQuestions(t testing.TB) ([]labelled, uint64) {
	t.Helper()
	b, err := os.ReadFile("data/questions.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var rows []labelled
	for i, row := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		if row == "" || row[0] == '#' {
			continue
		}
		label, q, ok := strings.Cut(row, "\t")
		k, known := kindNamed(label)
		if !ok || !known {
			t.Fatalf("questions.tsv:%d: want a kind, a tab and a question: %q", i+1, row)
		}
		rows = append(rows, labelled{k, q, hash(11, q)%5 == 0})
	}
	return rows, hash(3, string(b))
}

// untrained is an oracle whose table knows nothing.
func untrained(t testing.TB) *Oracle {
	t.Helper()
	o, err := read(&table{scale: 1, weights: make([]int8, buckets*kinds)})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// hearAlone and understandAlone read a question that nothing came before.
func hearAlone(o *Oracle, q string) *ask {
	p := &spirit.Prompt{Question: q, Present: []string{"Ann", "Bob"}, Asker: "Ann"}
	return o.hear(p, o.stock.soul(0, &p.Persona), q, nil, 0)
}

func understandAlone(o *Oracle, q string) *ask {
	p := &spirit.Prompt{Question: q, Present: []string{"Ann", "Bob"}, Asker: "Ann"}
	return o.understand(p, o.stock.soul(0, &p.Persona), q, nil, 0)
}

// fit trains a table by averaged stochastic gradient descent with weight decay.
func fit(o *Oracle, rows []labelled) *table {
	type example struct {
		features []uint32
		kind     Kind
	}
	var list []example
	for _, r := range rows {
		a := hearAlone(o, r.question)
		if len(a.tokens) == 0 {
			continue
		}
		f := a.features(nil)
		slices.Sort(f)
		list = append(list, example{slices.Compact(f), r.kind})
	}
	w := make([]float64, buckets*kinds)
	grad := make([]float64, buckets*kinds) // squared, summed: AdaGrad
	d := die(99)
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	for range 24 {
		for i := len(order) - 1; i > 0; i-- {
			j := d.n(i + 1)
			order[i], order[j] = order[j], order[i]
		}
		for _, at := range order {
			e := list[at]
			var p [kinds]float64
			top := math.Inf(-1)
			for k := range kinds {
				for _, f := range e.features {
					p[k] += w[int(f)*kinds+k]
				}
				top = max(top, p[k])
			}
			sum := 0.0
			for k := range p {
				p[k] = math.Exp(p[k] - top)
				sum += p[k]
			}
			for k := range p {
				g := p[k] / sum
				if Kind(k) == e.kind {
					g--
				}
				if math.Abs(g) < 1e-4 {
					continue
				}
				for _, f := range e.features {
					i := int(f)*kinds + k
					gi := g + 2e-4*w[i]
					grad[i] += gi * gi
					w[i] -= 0.25 * gi / math.Sqrt(grad[i]+1e-2)
				}
			}
		}
	}
	most := 0.0
	for _, x := range w {
		most = max(most, math.Abs(x))
	}
	t := &table{scale: most / 127, weights: make([]int8, len(w))}
	for i, x := range w {
		t.weights[i] = int8(math.Round(x / t.scale))
	}
	return t
}

// right counts the rows whose kind o names, in all and by kind, and lists those it does not.
func right(o *Oracle, rows []labelled) (share float64, byKind [kinds][2]int, wrong []string) {
	hits := 0
	for _, r := range rows {
		a := understandAlone(o, r.question)
		byKind[r.kind][1]++
		if sameForm(a.kind, r.kind) {
			hits++
			byKind[r.kind][0]++
		} else {
			wrong = append(wrong, fmt.Sprintf("%s, taken for %s: %s", r.kind, a.kind, r.question))
		}
	}
	return float64(hits) / float64(max(len(rows), 1)), byKind, wrong
}

// sameForm reports whether answers of the kinds have the same form: a question about the ghost that a fact rule answered
// as "where" is as right as "whereabouts".
func sameForm(got, want Kind) bool {
	for _, alike := range []kindSet{
		kindsOf(Where, Whereabouts), kindsOf(Name, Who), kindsOf(Identity, Who), kindsOf(Identity, Name), kindsOf(Age, HowMany), kindsOf(Want, What),
		kindsOf(Death, How), kindsOf(Death, What), kindsOf(What, Identity), kindsOf(Choice, Who), kindsOf(Thanks, Praise),
		kindsOf(When, Clock), kindsOf(HowLong, When), kindsOf(Sum, HowMany), kindsOf(YesNo, Presence, Know, Mood, Machine),
	} {
		if alike&kindsOf(got) != 0 && alike&kindsOf(want) != 0 {
			return true
		}
	}
	return got == want
}

// TestTable trains on four fifths of the questions and says how it does on those and on the fifth it has not seen. The
// table that ships is trained on all of them and must be of today's questions.
func TestTable(t *testing.T) {
	rows, sum := labelledQuestions(t)
	var seen, unseen []labelled
	for _, r := range rows {
		if r.heldOut {
			unseen = append(unseen, r)
		} else {
			seen = append(seen, r)
		}
	}
	o := untrained(t)
	o.table = fit(o, seen)
	knows, _, _ := right(o, seen)
	guesses, byKind, wrong := right(o, unseen)
	t.Logf("%d questions: right on the %d it learned from %.1f %%, on the %d held out %.1f %%", len(rows), len(seen), 100*knows, len(unseen), 100*guesses)
	for k, n := range byKind {
		if n[1] > 0 {
			t.Logf("  held out %-12s %d of %d", Kind(k), n[0], n[1])
		}
	}
	for _, w := range wrong {
		t.Logf("  %s", w)
	}
	if knows < 0.93 || guesses < 0.80 {
		t.Errorf("kinds right %.3f and held out %.3f, want 0.93 and 0.80", knows, guesses)
	}
	if *train {
		o := untrained(t)
		if err := os.WriteFile("data/table.bin", fit(o, rows).bytes(sum), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	head := len(tableMagic) + 8
	if got := leUint64(tableBytes[head:]); got != sum {
		t.Error("data/table.bin is not of today's data/questions.tsv: go generate ./spirit/oracle")
	}
}

func leUint64(b []byte) uint64 {
	n := uint64(0)
	for i := 7; i >= 0; i-- {
		n = n<<8 | uint64(b[i])
	}
	return n
}
