package steering

import "strconv"

// Lore is something a spirit may remember when a question touches it.
type Lore struct {
	ID          string // `name`, or the file's stem
	Description string
	Keywords    []string // whole words that call it up
	Budget      int      // the most characters of it that go into one prompt
	Sticky      int      // questions it stays once called up
	Cooldown    int      // questions it then rests
	Text        string
}

// What holds for lore that does not say otherwise: about a paragraph, for the length of a short exchange.
const (
	loreBudget   = 600
	loreSticky   = 2
	loreCooldown = 3
)

func newLore(d document, text string, ps *problems) Lore {
	l := Lore{
		ID: d.id, Description: d.front.word("description"), Keywords: d.front.words("keywords"),
		Budget: loreBudget, Sticky: loreSticky, Cooldown: loreCooldown, Text: text,
	}
	for key, to := range map[string]*int{"budget": &l.Budget, "sticky": &l.Sticky, "cooldown": &l.Cooldown} {
		if _, set := d.front[key]; !set {
			continue
		}
		if v, err := strconv.Atoi(d.front.word(key)); err == nil && v >= 0 {
			*to = v
		} else {
			ps.add(Warning, d.path, d.front.line(key), "%s is not a whole number", key)
		}
	}
	if len(l.Keywords) == 0 && l.Description == "" {
		ps.add(Warning, d.path, 0, "without keywords and without a description no question calls it up")
	}
	return l
}
