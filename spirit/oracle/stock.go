package oracle

import (
	"fmt"
	"strconv"
	"strings"
)

// A plot is a way to have died.
type plot struct {
	id     string
	words  map[string]bool
	places []string
	fears  []string
}

// A trade is what the ghost did.
type trade struct {
	woman, man, did string
	words           map[string]bool
	from            int
}

// A motive is why somebody did it, and the thing it was about.
type motive struct {
	id      string
	words   map[string]bool
	objects []string
}

// A place to hide a thing, or what became of somebody.
type named struct {
	id, text string
	words    map[string]bool
}

// A twist is the secret behind the story.
type twist struct {
	id      string
	motives map[string]bool // nil for any
	plots   map[string]bool
	want    string
}

type relation struct {
	name, sex, whose string
	kin              bool
}

// The stock is what lives are made of, as data/souls.txt has it.
type stock struct {
	women, men, surnames, towns           []string
	trades                                []trade
	plots                                 []plot
	culprits, beloved, witnesses          []relation
	motives                               []motive
	hides                                 []named
	twists                                []twist
	fates                                 []named
	pets, petNames, songs, foods, flowers []string
	colours, hair, eyes, dress, rooms     []string
	graves, hours                         []string
	objectWords                           map[string]bool // everything that could have been hidden
	causeWords                            map[string]bool // everything that could have been the death
	tradeWords                            map[string]bool
	motiveWords                           map[string]bool
	hideWords                             map[string]bool
	names                                 map[string]bool // first and last names, in lower case
}

func fields(s, sep string) []string {
	var out []string
	for _, f := range strings.Split(s, sep) {
		if f = strings.TrimSpace(f); f != "" {
			out = append(out, f)
		}
	}
	return out
}

func parseSouls(text string) (*stock, error) {
	s := &stock{}
	lists := map[string]*[]string{
		"women": &s.women, "men": &s.men, "surnames": &s.surnames, "towns": &s.towns, "pets": &s.pets, "petnames": &s.petNames,
		"songs": &s.songs, "foods": &s.foods, "flowers": &s.flowers, "colours": &s.colours, "hair": &s.hair, "eyes": &s.eyes,
		"dress": &s.dress, "rooms": &s.rooms, "graves": &s.graves, "hours": &s.hours,
	}
	words := map[string]bool{"women": true, "men": true, "surnames": true}
	section := ""
	for i, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		if name, ok := strings.CutPrefix(line, "== "); ok {
			section = name
			continue
		}
		if l, ok := lists[section]; ok {
			if words[section] {
				*l = append(*l, strings.Fields(line)...)
			} else {
				*l = append(*l, fields(line, ";")...)
			}
			continue
		}
		f := fields(line, "|")
		need := map[string]int{"trades": 3, "plots": 4, "culprits": 4, "beloved": 4, "witnesses": 4, "motives": 3, "hides": 2, "twists": 4, "fates": 3}[section]
		if need == 0 || len(f) < need {
			return nil, fmt.Errorf("souls.txt:%d: not a row of %q", i+1, section)
		}
		switch section {
		case "trades":
			t := trade{did: f[1], words: set(f[2])}
			var two bool
			if t.woman, t.man, two = strings.Cut(f[0], "/"); !two {
				t.man = t.woman
			}
			if len(f) > 3 {
				t.from, _ = strconv.Atoi(f[3])
			}
			s.trades = append(s.trades, t)
		case "plots":
			s.plots = append(s.plots, plot{id: f[0], words: set(f[1]), places: fields(f[2], ";"), fears: fields(f[3], ";")})
		case "culprits", "beloved", "witnesses":
			r := relation{name: f[0], sex: f[1], kin: f[2] == "kin", whose: f[3]}
			switch section {
			case "culprits":
				s.culprits = append(s.culprits, r)
			case "beloved":
				s.beloved = append(s.beloved, r)
			default:
				s.witnesses = append(s.witnesses, r)
			}
		case "motives":
			s.motives = append(s.motives, motive{id: f[0], words: set(f[1]), objects: fields(f[2], ";")})
		case "hides":
			s.hides = append(s.hides, named{id: f[0], text: f[0], words: set(f[1])})
		case "twists":
			t := twist{id: f[0], want: f[3]}
			if f[1] != "any" {
				t.motives = set(f[1])
			}
			if f[2] != "any" {
				t.plots = set(f[2])
			}
			s.twists = append(s.twists, t)
		case "fates":
			s.fates = append(s.fates, named{id: f[0], text: f[1], words: set(f[2])})
		}
	}
	s.index()
	return s, nil
}

func (s *stock) index() {
	s.objectWords, s.causeWords, s.tradeWords = map[string]bool{}, map[string]bool{}, map[string]bool{}
	s.motiveWords, s.hideWords, s.names = map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, list := range [][]string{s.women, s.men, s.surnames} {
		for _, n := range list {
			s.names[strings.ToLower(n)] = true
		}
	}
	join := func(to, from map[string]bool) {
		for w := range from {
			to[w] = true
		}
	}
	for _, m := range s.motives {
		join(s.motiveWords, m.words)
		for _, o := range m.objects {
			join(s.objectWords, set(o))
		}
	}
	for _, p := range s.plots {
		join(s.causeWords, p.words)
	}
	for _, t := range s.trades {
		join(s.tradeWords, t.words)
	}
	for _, h := range s.hides {
		join(s.hideWords, h.words)
	}
}
