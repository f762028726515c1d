package oracle

import (
	"slices"
	"strconv"
	"strings"

	"seance/steering"
)

// A person of the ghost's story.
type person struct {
	name, relation string
	woman          bool
	kin            bool
}

func (p person) he() string {
	if p.woman {
		return "she"
	}
	return "he"
}

func (p person) him() string {
	if p.woman {
		return "her"
	}
	return "him"
}

func (p person) his() string {
	if p.woman {
		return "her"
	}
	return "his"
}

// A soul is one ghost's life. Everything the oracle says about itself comes from here.
type soul struct {
	name, surname, town, trade, did string
	title                           string // what the persona calls it, if that is not a name
	woman                           bool
	born, died, age                 int
	season, month, weekday, hour    string
	plot                            *plot
	work                            *trade
	place, grave, room, fear        string
	culprit, beloved, witness       person
	mother, father                  string
	motive                          *motive
	object                          string
	hide                            *named
	twist                           *twist
	fate                            *named
	pet, petName, song, food        string
	flower, colour                  string
	hair, eyes, dress               string
	manner, confided                string // how it died and its secret, where its persona writes them
	others                          int    // spirits beside it; 0 when it is alone
	here                            bool   // it lived and died in this very house
	angry                           bool
}

var seasonMonths = map[string][]string{
	"winter": {"December", "January", "February"}, "spring": {"March", "April", "May"},
	"summer": {"June", "July", "August"}, "autumn": {"September", "October", "November"},
}

var seasons = []string{"winter", "spring", "summer", "autumn"}

var weekdays = []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}

// The years ghosts died in, and how old they were.
const (
	firstDeath, lastDeath = 1704, 1931
	youngest, oldest      = 19, 71
)

// soul draws the life of the seed's ghost. What the persona's written life says of it is kept, and else what its title
// and description say: "Margery, drowned 1871" is called Margery and drowned in 1871.
func (s *stock) soul(seed uint32, p *steering.Persona) *soul {
	d := die(hash(uint64(seed), "soul", p.ID))
	g := &soul{}
	known := readTitle(s, p)
	life := readLife(s, p, &known)

	g.woman = d.n(2) == 0
	if known.sex != 0 {
		g.woman = known.sex == 'w'
	}
	taken := map[string]bool{}
	fresh := func(list []string) string {
		for {
			if n := pick(&d, list); !taken[n] {
				taken[n] = true
				return n
			}
		}
	}
	firstName := func(woman bool) string {
		if woman {
			return fresh(s.women)
		}
		return fresh(s.men)
	}
	g.name, g.surname, g.title = firstName(g.woman), fresh(s.surnames), known.title
	if known.name != "" {
		g.name = known.name
		taken[known.name] = true
	}
	if known.surname != "" {
		g.surname = known.surname
	}
	g.died = firstDeath + d.n(lastDeath-firstDeath+1)
	if known.died != 0 {
		g.died = known.died
	}
	g.age = youngest + d.n(oldest-youngest+1)
	g.born = g.died - g.age
	g.work = known.trade
	for g.work == nil || known.trade == nil && g.work.from > g.died {
		g.work = &s.trades[d.n(len(s.trades))]
	}
	g.trade, g.did = g.work.man, g.work.did
	if g.woman {
		g.trade = g.work.woman
	}
	g.town = pick(&d, s.towns)
	g.plot = &s.plots[d.n(len(s.plots))]
	if known.plot != nil {
		g.plot = known.plot
	}
	g.season = pick(&d, seasons)
	if g.plot.id == "snow" {
		g.season = "winter"
	}
	g.month = pick(&d, seasonMonths[g.season])
	g.weekday = pick(&d, weekdays)
	g.hour = pick(&d, s.hours)
	g.place, g.fear = pick(&d, g.plot.places), pick(&d, g.plot.fears)
	g.grave, g.room = pick(&d, s.graves), pick(&d, s.rooms)

	used := map[string]bool{}
	role := func(list []relation) person {
		for {
			r := pick(&d, list)
			if used[r.name] || r.whose == "man" && g.woman || r.whose == "woman" && !g.woman {
				continue
			}
			used[r.name] = true
			p := person{relation: r.name, kin: r.kin, woman: r.sex == "w"}
			switch r.sex {
			case "any":
				p.woman = d.n(2) == 0
			case "other":
				p.woman = !g.woman
			}
			p.name = firstName(p.woman)
			return p
		}
	}
	g.culprit = role(s.culprits)
	if g.culprit.relation == "husband" || g.culprit.relation == "wife" {
		used["sweetheart"] = true
	}
	used["best friend"] = g.culprit.relation == "friend"
	g.beloved = role(s.beloved)
	used[g.trade] = true
	g.witness = role(s.witnesses)
	g.mother, g.father = firstName(true), firstName(false)
	if g.beloved.relation == "mother" {
		g.mother = g.beloved.name
	}
	if g.beloved.relation == "father" {
		g.father = g.beloved.name
	}

	g.motive = &s.motives[d.n(len(s.motives))]
	g.object = pick(&d, g.motive.objects)
	g.hide = &s.hides[d.n(len(s.hides))]
	for {
		g.twist = &s.twists[d.n(len(s.twists))]
		if (g.twist.motives == nil || g.twist.motives[g.motive.id]) && (g.twist.plots == nil || g.twist.plots[g.plot.id]) {
			break
		}
	}
	g.fate = &s.fates[d.n(len(s.fates))]
	g.pet, g.petName = pick(&d, s.pets), pick(&d, s.petNames)
	g.song, g.food, g.flower = pick(&d, s.songs), pick(&d, s.foods), pick(&d, s.flowers)
	g.colour, g.hair, g.eyes, g.dress = pick(&d, s.colours), pick(&d, s.hair), pick(&d, s.eyes), pick(&d, s.dress)
	if d.n(2) == 0 {
		g.others = 2 + d.n(5)
	}
	g.here, g.angry = d.n(2) == 0, d.n(2) == 0
	g.live(s, life, known)
	return g
}

// has reports whether somebody of the story stands in this relation to the ghost.
func (g *soul) has(relation string) bool {
	return g.culprit.relation == relation || g.beloved.relation == relation
}

// What a persona's title and description settle about the ghost.
type known struct {
	name, surname, title string
	town                 string
	sex                  byte
	born, died           int
	plot                 *plot
	trade                *trade
}

func readTitle(s *stock, p *steering.Persona) known {
	var k known
	head, rest, _ := strings.Cut(p.Title, ",")
	names := strings.Fields(head)
	proper := len(names) > 0 && len(names) < 4
	for _, n := range names {
		if n == "The" || n == "A" || n == "An" || n[0] < 'A' || n[0] > 'Z' || len(n) > 9 || strings.Trim(n, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") != "" {
			proper = false
		}
	}
	switch {
	case proper:
		for len(names) > 1 && slices.Contains([]string{"Old", "Captain", "Sister", "Brother", "Mother", "Father", "Aunt", "Uncle", "Lady", "Lord", "Doctor", "Miss", "Mister", "Little", "Poor"}, names[0]) {
			names = names[1:]
		}
		k.name = names[0]
		if len(names) > 1 {
			k.surname = names[len(names)-1]
		}
	case len(names) > 0:
		k.title = head
	}
	switch {
	case slices.Contains(s.women, k.name):
		k.sex = 'w'
	case slices.Contains(s.men, k.name):
		k.sex = 'm'
	}
	text := strings.ToLower(p.Title + " " + p.Description)
	words := strings.FieldsFunc(text, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '\'' })
	for _, w := range words {
		switch strings.TrimSuffix(w, "'s") {
		case "she", "her", "woman", "daughter", "widow", "girl", "lady", "queen", "wife", "mother", "nun", "governess", "sister":
			if k.sex == 0 {
				k.sex = 'w'
			}
		case "he", "his", "him", "man", "son", "widower", "boy", "lord", "king", "husband", "father", "monk", "captain", "brother":
			if k.sex == 0 {
				k.sex = 'm'
			}
		}
		if y, err := strconv.Atoi(w); err == nil && y >= 1000 && y <= 1960 {
			k.died = y
		}
	}
	for _, w := range strings.FieldsFunc(strings.ToLower(rest), func(r rune) bool { return r < 'a' || r > 'z' }) {
		if id, ok := titleDeaths[w]; ok {
			for i := range s.plots {
				if s.plots[i].id == id {
					k.plot = &s.plots[i]
				}
			}
		}
	}
	for i := range s.trades {
		for _, name := range []string{s.trades[i].woman, s.trades[i].man} {
			if k.trade == nil && strings.Contains(text, name) && name != "cook" && name != "actor" {
				k.trade = &s.trades[i]
			}
		}
	}
	return k
}

// titleDeaths are the words of a title that settle how its ghost died.
var titleDeaths = map[string]string{
	"drowned": "drowned", "poisoned": "poison", "fell": "fall", "pushed": "fall", "frozen": "snow", "froze": "snow", "burned": "smoke",
	"burnt": "smoke", "fever": "fever", "immured": "locked", "entombed": "locked", "wrecked": "wreck", "shipwrecked": "wreck",
	"sea": "wreck", "marsh": "marsh", "buried": "quarry", "shot": "shot", "lost": "marsh",
}
