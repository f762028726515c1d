package oracle

import (
	"strings"
	"testing"

	"seance/internal/seance"
	"seance/spirit"
)

// TestLines says every line of the data in as many situations as it takes, and names those that can never be said.
func TestLines(t *testing.T) {
	o := New()
	questions := []string{"will Jun find my old candle by the mill in May?", "should we buy two ducks?", "can she mend snow", "move to the letter m", "did they leave"}
	said := map[int]bool{}
	for seed := range uint32(150) {
		p := personas()[seed%3]
		if seed%2 == 0 {
			p.Favourites = []string{"ash"}
			p.Cruelty, p.Archaic = float64(seed%10)/10, float64(seed%7)/7
		}
		prompt := &spirit.Prompt{Persona: p, Asker: "Mara", Present: []string{"Mara", "Jun"}, Seed: seed, Turn: 1 + int(seed%22), Letters: 24, Tone: seance.Adult,
			Recent: []spirit.Turn{{Asker: "Mara", Question: "is the lantern haunted?"}, {Asker: "Mara", Question: "is it?"}, {Asker: "Mara", Question: "well?"}}}
		if seed%5 == 0 {
			prompt.Present = []string{"Mara"}
		}
		p.Add = []string{"lamp"}
		if seed%9 == 1 {
			p.Title = "The Crone"
		}
		if seed%7 == 1 {
			p.Soul = map[string]string{"manner": "stung by bees", "secret": "I lit it myself"}
			prompt.Initiative = &seance.Initiative{Occasion: seance.Occasion{Participant: &seance.Participant{Name: "Ida"}}}
		}
		g := o.stock.soul(seed, &p)
		for i, q := range questions {
			a := o.understand(prompt, g, q, nil, 0)
			a.subj, a.aux = a.subject()
			v := o.voice(&p, prompt.Tone)
			v.pick, v.figure, v.echo = "tea", "7", "boo"
			a.named = []string{"Jun"}
			for _, l := range o.book.lines {
				if said[l.id] {
					continue
				}
				f := &filler{o: o, a: a, g: g, v: v, d: die(hash(uint64(seed), l.key, q) + uint64(l.id)), used: map[string]bool{}}
				ok := true
				if l.board != nil {
					var board string
					board, ok = f.fill(l.board, true)
					ok = ok && len(board) <= 24
				}
				for j := range l.whispers {
					_, whispered := f.fill(l.whispers[j].text, false)
					ok = ok && (whispered || i < len(questions)-1)
					if l.board == nil {
						ok = whispered
					}
				}
				said[l.id] = ok
			}
		}
	}
	for _, l := range o.book.lines {
		if !said[l.id] {
			t.Errorf("%s: cannot be said: %s", l.key, source(l))
		}
	}
}

// source is a line as its file has it, more or less.
func source(l *line) string {
	var b strings.Builder
	write := func(parts []part) {
		for _, p := range parts {
			if p.slot == "" {
				b.WriteString(p.text)
				continue
			}
			b.WriteString("[" + p.slot + "]")
		}
	}
	write(l.board)
	for _, w := range l.whispers {
		b.WriteString(" | ")
		write(w.text)
	}
	return b.String()
}

// TestKeys holds that every rule leads to lines.
func TestKeys(t *testing.T) {
	o := New()
	for _, r := range o.rules.guard {
		if len(o.book.byKey["deflect/"+r.key]) == 0 {
			t.Errorf("guard %s has no lines", r.key)
		}
	}
	computed := set("sibling child spouse nameletters")
	for _, r := range o.rules.fact {
		key := "fact/" + r.key
		if k, ok := elsewhere[r.key]; ok {
			key = k
		}
		if len(o.book.byKey[key]) == 0 && len(o.book.byKey[key+"/drowned"]) == 0 && !computed[r.key] {
			t.Errorf("fact %s has no lines under %s", r.key, key)
		}
	}
	for _, r := range o.rules.shape {
		if len(o.book.byKey[r.key]) == 0 && r.key != "want" {
			t.Errorf("shape %s has no lines", r.key)
		}
	}
	for _, r := range o.rules.talk {
		if len(o.book.byKey[r.key]) == 0 {
			t.Errorf("talk %s has no lines", r.key)
		}
	}
	for _, r := range o.rules.topic {
		if len(o.book.byKey["~"+r.key]) == 0 {
			t.Errorf("topic %s has no whispers", r.key)
		}
	}
	for _, p := range o.stock.plots {
		if len(o.book.byKey["fact/manner/"+p.id]) == 0 {
			t.Errorf("plot %s has no lines", p.id)
		}
	}
	for _, m := range o.stock.motives {
		if len(o.book.byKey["fact/motive/"+m.id]) == 0 {
			t.Errorf("motive %s has no lines", m.id)
		}
	}
	for _, w := range o.stock.twists {
		if len(o.book.byKey["fact/secret/"+w.id]) == 0 {
			t.Errorf("twist %s has no lines", w.id)
		}
	}
}

// TestBadData holds that what a newcomer may get wrong is named with its place.
func TestBadData(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a letter off the board", "== who\nA MAN, A PLAN", "not on the board"},
		{"an unknown slot", "== who\nA [GIZMO]", "no slot"},
		{"an unknown tag", "== who\n{tuesday} A MAN", "no tag"},
		{"tags that never end", "== who\n{past A MAN", "without an end"},
		{"no key", "A MAN", "before the first key"},
		{"a verb that may not agree", "== ~noun\n[The noun] knows.", "agree"},
	} {
		b := &book{byKey: map[string][]*line{}}
		if err := b.read("test.txt", c.text); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "test.txt:") {
			t.Errorf("%s: error is %v, want one that says %q and where", c.name, err, c.want)
		}
	}
	if _, err := parseRules("== fact\nname:nokind who\n"); err == nil {
		t.Error("a rule of no kind was taken")
	}
	if _, err := parseSouls("== plots\ndrowned | water\n"); err == nil {
		t.Error("half a plot was taken")
	}
	if _, err := parseWords("key"); err == nil {
		t.Error("a word without a class was taken")
	}
	if _, err := readTable([]byte("short")); err == nil {
		t.Error("half a table was taken")
	}
}

// TestArticles holds what "a" and "an" go by.
func TestArticles(t *testing.T) {
	for w, want := range map[string]string{"key": "a", "urn": "an", "hour": "an", "owl": "an", "ewe": "a", "one": "a", "heir": "an", "unicorn": "a"} {
		if got := article(w); got != want {
			t.Errorf("%s %s, want %s", got, w, want)
		}
	}
}
