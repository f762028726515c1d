package oracle

import (
	"fmt"
	"strings"
)

// A knownThing is a line of data/known.txt: what any schoolchild knows.
type knownThing struct {
	rule rule
	key  string
}

// readKnown adds the lines to the book, each under a key of its own.
func (o *Oracle) readKnown(text string) error {
	for i, raw := range strings.Split(text, "\n") {
		if raw = strings.TrimSpace(raw); raw == "" || raw[0] == '#' {
			continue
		}
		groups, said, ok := strings.Cut(raw, " = ")
		if !ok {
			return fmt.Errorf("known.txt:%d: groups, then what is said", i+1)
		}
		key := fmt.Sprintf("known/%d", i+1)
		o.known = append(o.known, knownThing{rule: o.rules.compile(key, groups), key: key})
		if err := o.book.read("known.txt", "== "+key+"\n"+said); err != nil {
			return err
		}
	}
	return nil
}

// schooled is the key of what any schoolchild would answer, or "".
func (a *ask) schooled() string {
	if a.you || len(a.tokens) < 3 {
		return ""
	}
	for i := range a.o.known {
		if k := &a.o.known[i]; k.rule.holds(a.terms) {
			return k.key
		}
	}
	return ""
}
