package oracle

import (
	"fmt"
	"strings"
)

// A rule is one line of data/rules.txt: it holds when every group has a word in the question and no group of nots has.
type rule struct {
	key  string
	form Kind // of a fact: the kind of question it is, when nobody else knows better
	all  [][]int
	nots [][]int
}

// A rulebook is the rules by section, and the numbering of the words they look for.
type rulebook struct {
	ids     map[string]int
	longest int // words in the longest phrase
	guard   []rule
	fact    []rule
	shape   []rule
	talk    []rule
	topic   []rule
}

// terms is the set of rule words that a question holds.
type terms []uint64

func (t terms) add(id int)      { t[id>>6] |= 1 << (id & 63) }
func (t terms) has(id int) bool { return t[id>>6]&(1<<(id&63)) != 0 }

func (t terms) any(ids []int) bool {
	for _, id := range ids {
		if t.has(id) {
			return true
		}
	}
	return false
}

// holds reports whether the rule is met by t.
func (r *rule) holds(t terms) bool {
	for _, group := range r.all {
		if !t.any(group) {
			return false
		}
	}
	for _, group := range r.nots {
		if t.any(group) {
			return false
		}
	}
	return true
}

// compile reads the groups of a rule: "who|which kill|murder !@me".
func (b *rulebook) compile(key, groups string) rule {
	r := rule{key: key}
	for _, g := range strings.Fields(groups) {
		var ids []int
		g, not := strings.CutPrefix(g, "!")
		for _, alt := range strings.Split(g, "|") {
			id, ok := b.ids[alt]
			if !ok {
				id = len(b.ids)
				b.ids[alt] = id
				b.longest = max(b.longest, strings.Count(alt, "_")+1)
			}
			ids = append(ids, id)
		}
		if not {
			r.nots = append(r.nots, ids)
		} else {
			r.all = append(r.all, ids)
		}
	}
	return r
}

func parseRules(text string) (*rulebook, error) {
	b := &rulebook{ids: map[string]int{}}
	var section *[]rule
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if name, ok := strings.CutPrefix(line, "== "); ok {
			switch name {
			case "guard":
				section = &b.guard
			case "fact":
				section = &b.fact
			case "shape":
				section = &b.shape
			case "talk":
				section = &b.talk
			case "topic":
				section = &b.topic
			default:
				return nil, fmt.Errorf("rules.txt:%d: no section %q", i+1, name)
			}
			continue
		}
		key, groups, ok := strings.Cut(line, " ")
		if !ok || section == nil {
			return nil, fmt.Errorf("rules.txt:%d: a key, then its groups", i+1)
		}
		key, form, isFact := strings.Cut(key, ":")
		r := b.compile(key, groups)
		if isFact {
			if r.form, ok = kindNamed(form); !ok {
				return nil, fmt.Errorf("rules.txt:%d: no kind %q", i+1, form)
			}
		}
		*section = append(*section, r)
	}
	return b, nil
}

// first is the first of rules that holds, or nil.
func first(rules []rule, t terms) *rule {
	for i := range rules {
		if rules[i].holds(t) {
			return &rules[i]
		}
	}
	return nil
}

// collect is the set of rule words in tokens, singly and as phrases, as they were said and in their plain forms. Of the
// words that ask, only the first asks: "who were you when you lived" is no "when".
func (b *rulebook) collect(tokens []token) terms {
	t := make(terms, len(b.ids)/64+1)
	var said, plain strings.Builder
	asked := false
	for i := range tokens {
		again := asked && asking[tokens[i].word]
		asked = asked || asking[tokens[i].word]
		said.Reset()
		plain.Reset()
		for n := 0; n < b.longest && i+n < len(tokens); n++ {
			if n > 0 {
				said.WriteByte('_')
				plain.WriteByte('_')
			}
			said.WriteString(tokens[i+n].word)
			plain.WriteString(tokens[i+n].base)
			if n == 0 && again {
				continue
			}
			if id, ok := b.ids[said.String()]; ok {
				t.add(id)
			}
			if id, ok := b.ids[plain.String()]; ok {
				t.add(id)
			}
		}
	}
	return t
}

// mark adds a mark such as @you.
func (b *rulebook) mark(t terms, name string) {
	if id, ok := b.ids[name]; ok {
		t.add(id)
	}
}
