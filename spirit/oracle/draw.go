package oracle

import (
	"strconv"
)

// chance is a word by chance that this line has not used yet.
func (f *filler) chance(p part) string {
	for range 8 {
		w := f.draw(p)
		if w != "" && f.used[w] {
			continue
		}
		if w != "" {
			f.used[w] = true
		}
		return w
	}
	return ""
}

func (f *filler) draw(p part) string {
	d := &f.d
	class := ""
	switch p.slot {
	case "thing", "person", "place", "room", "spot", "animal", "plant", "cloth", "paper", "sound", "idea":
		class = p.slot
	case "things":
		class = "thing"
		p.many = true
	case "feeling":
		class = "feeling"
	case "plantly":
		class = "plant"
	case "foodly":
		class = "food"
	case "drinkly":
		class = "drink"
	case "colourly":
		class = "colour"
	case "weather", "weatherly":
		class = "weather"
	case "mass":
		return f.v.allowed(d, f.o.lex.mass, false, false)
	case "seasonal":
		return pick(d, seasons)
	case "monthly":
		return pick(d, seasonMonths[pick(d, seasons)])
	case "dayly":
		return pick(d, weekdays)
	case "adj":
		for range 8 {
			if w := pick(d, f.o.lex.adjs); !f.v.banned[w] && !predicative[w] {
				return w
			}
		}
		return ""
	case "timely":
		return pick(d, []string{"dusk", "dawn", "midnight", "noon", "first light", "the third bell", "low tide", "half past nine",
			"ten past four", "moonrise", "cockcrow", "lamp time", "sundown", "the last bell"})
	case "small":
		return numberWords[2+d.n(11)]
	case "smaller":
		return numberWords[1+d.n(4)]
	case "dozens":
		return strconv.Itoa(13 + d.n(86))
	case "durs":
		return pick(d, []string{"days", "nights", "weeks", "moons", "years", "winters", "hours", "summers"})
	case "year":
		return strconv.Itoa(1580 + d.n(340))
	case "digit":
		return f.v.digit(d)
	case "feet":
		return numberWords[4+d.n(6)]
	case "letter":
		return string(rune('A' + d.n(26)))
	case "anyname":
		women := d.n(2) == 0
		switch {
		case f.a.has("her", "she", "mum", "mom", "mother", "wife", "girlfriend", "daughter", "sister", "girl", "nan", "grandma", "aunt", "woman"):
			women = true
		case f.a.has("his", "he", "him", "dad", "father", "husband", "boyfriend", "son", "brother", "boy", "uncle", "grandad", "man"):
			women = false
		}
		if women {
			return pick(d, f.o.stock.women)
		}
		return pick(d, f.o.stock.men)
	case "anytown":
		return pick(d, f.o.stock.towns)
	}
	countable := class != "weather" && class != "feeling" && class != "idea" && class != "food" && class != "drink" && class != "colour" && class != "plant"
	return f.v.allowed(d, f.o.lex.classes[class], countable, p.many)
}

// predicative are adjectives that stand before no noun.
var predicative = set("afraid alone alive asleep awake sure glad sorry upset better best ready able")
