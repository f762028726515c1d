package oracle

import (
	"slices"
	"strconv"
	"strings"

	"seance/steering"
)

// A written life is what a persona's front matter settles about its ghost. Everything that it leaves open is drawn.
type written struct {
	culprit, kin                         string // as they were written; the rest went into known
	object, secret, want, manner, haunts string
}

// readLife adds what the persona's `soul:` says to k, where it wins over the title, and returns the rest.
func readLife(s *stock, p *steering.Persona, k *known) written {
	said := func(key string) string { return strings.Join(strings.Fields(p.Soul[key]), " ") }
	if names := strings.Fields(said("name")); len(names) > 0 {
		k.name, k.surname = names[0], ""
		if len(names) > 1 {
			k.surname = names[len(names)-1]
		}
		switch {
		case slices.Contains(s.women, k.name):
			k.sex = 'w'
		case slices.Contains(s.men, k.name):
			k.sex = 'm'
		}
	}
	if y := yearIn(said("died")); y != 0 {
		k.died = y
	}
	k.born = yearIn(said("born"))
	if v := unarticled(said("trade")); v != "" {
		k.trade = s.tradeNamed(v)
	}
	k.town = said("town")
	w := written{culprit: said("culprit"), kin: said("kin"), object: unarticled(said("object")), secret: said("secret"), want: said("want"), haunts: unarticled(said("room"))}
	if v := said("manner"); v != "" {
		if k.plot = s.plotNamed(v); k.plot == nil {
			k.plot = &plot{id: "written", words: set(strings.ToLower(v)), places: []string{"in " + orHere(k.town)}, fears: []string{"THE DARK"}}
			w.manner = v
		}
	}
	return w
}

func orHere(town string) string {
	if town == "" {
		return "this house"
	}
	return town
}

// yearIn is the first year in s, or 0.
func yearIn(s string) int {
	for _, f := range strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' }) {
		if n, err := strconv.Atoi(f); err == nil && n >= 1 && n <= 2100 && len(f) > 2 {
			return n
		}
	}
	return 0
}

// unarticled is s in lower case without the article it may begin with.
func unarticled(s string) string {
	s = strings.ToLower(strings.TrimRight(s, "."))
	for _, art := range []string{"a ", "an ", "the ", "her ", "his ", "my "} {
		if rest, ok := strings.CutPrefix(s, art); ok {
			return rest
		}
	}
	return s
}

// tradeNamed is the trade that name means, made up if the stock has none like it.
func (s *stock) tradeNamed(name string) *trade {
	for i := range s.trades {
		if t := &s.trades[i]; name == t.woman || name == t.man {
			return t
		}
	}
	return &trade{woman: name, man: name, did: "I WAS " + strings.ToUpper(article(name)+" "+name), words: set(name)}
}

// plotNamed is the way to die that says means, or nil.
func (s *stock) plotNamed(says string) *plot {
	best, most := (*plot)(nil), 0
	for i := range s.plots {
		hits := 0
		for _, w := range strings.FieldsFunc(strings.ToLower(says), func(r rune) bool { return r < 'a' || r > 'z' }) {
			if w == s.plots[i].id || titleDeaths[w] == s.plots[i].id {
				hits += 3
			}
			for known := range s.plots[i].words {
				if w == known || len(known) > 3 && strings.HasPrefix(w, known) {
					hits += 2
					break
				}
			}
		}
		if hits > most {
			best, most = &s.plots[i], hits
		}
	}
	return best
}

// live puts the written life in the place of what was drawn.
func (g *soul) live(s *stock, w written, k known) {
	if k.born != 0 {
		g.born = k.born
		if k.died == 0 {
			g.died = g.born + g.age
		}
		if g.age = g.died - g.born; g.age < 0 {
			g.age = 0
		}
	}
	if k.town != "" {
		g.town = k.town
	}
	if w.haunts != "" {
		g.room = w.haunts
	}
	g.manner, g.confided = w.manner, w.secret
	if w.culprit != "" {
		g.culprit = personNamed(s, s.culprits, w.culprit, g.culprit)
	}
	if w.kin != "" {
		g.beloved = personNamed(s, s.beloved, w.kin, g.beloved)
		switch g.beloved.relation {
		case "mother":
			g.mother = g.beloved.name
		case "father":
			g.father = g.beloved.name
		}
	}
	if w.object != "" {
		g.object = w.object
		for i := range s.motives {
			if slices.Contains(s.motives[i].objects, w.object) {
				g.motive = &s.motives[i]
			}
		}
	}
	if w.want != "" || w.secret != "" {
		t := *g.twist
		if w.want != "" {
			t.want = strings.ToUpper(strings.TrimRight(w.want, "."))
		}
		if w.secret != "" {
			t.id = "written"
		}
		g.twist = &t
	}
}

// personNamed reads "Ishmael, her husband", "her uncle Silas", "the doctor" or "Silas"; what it leaves open stays as
// drawn.
func personNamed(s *stock, relations []relation, says string, drawn person) person {
	p := drawn
	var names []string
	found := relation{}
	lower := " " + strings.ToLower(strings.NewReplacer(",", " ", ".", " ").Replace(says)) + " "
	for _, list := range [][]relation{relations, s.culprits, s.beloved, s.witnesses} {
		for _, r := range list {
			if found.name == "" && strings.Contains(lower, " "+r.name+" ") {
				found = r
			}
		}
	}
	for _, f := range strings.FieldsFunc(says, func(r rune) bool { return r == ' ' || r == ',' || r == '.' }) {
		if f[0] >= 'A' && f[0] <= 'Z' && !small[strings.ToLower(f)] && !strings.EqualFold(f, found.name) {
			names = append(names, f)
		}
	}
	if found.name != "" {
		p.relation, p.kin = found.name, found.kin
		switch found.sex {
		case "w":
			p.woman = true
		case "m":
			p.woman = false
		}
		if len(names) == 0 && p.woman != drawn.woman {
			p.name = s.men[len(says)%len(s.men)]
			if p.woman {
				p.name = s.women[len(says)%len(s.women)]
			}
		}
	}
	if len(names) > 0 {
		p.name = names[0]
		if found.name == "" || found.sex == "any" || found.sex == "other" {
			switch {
			case slices.Contains(s.women, p.name):
				p.woman = true
			case slices.Contains(s.men, p.name):
				p.woman = false
			}
		}
	}
	return p
}

var small = set("the a an her his my our their old")
