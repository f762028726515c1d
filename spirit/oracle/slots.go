package oracle

import (
	"strconv"
	"strings"
)

// slots are all that may stand in brackets. Names in capitals on the board, as they are in a whisper.
//
//	the soul      name surname initial born died age trade did town season month weekday hour haunt culprit culpritinitial
//	              rel rels he him his beloved bbeloved brel bhe bhim witness wrel whe object hide deathplace grave motherof
//	              fatherof pet petname song food flower colour fear hair eyes dress fate want spirits manner confided newcomer
//	the question  asker other silent named everyone count countplus noun past pick figure subj aux auxnot echo fav own title
//	chance        thing person place room spot animal plant cloth paper sound adj feeling idea mass weather weatherly
//	              seasonal monthly dayly colourly plantly foodly drinkly timely small smaller dozens durs year digit feet
//	              letter anyname anytown things
//	near.go       scale high percent ofus fingers adultage youngage agenow pocket petcall lettersaid
var slots = set("name surname initial born died age trade did town season month weekday hour haunt culprit culpritinitial " +
	"rel rels he him his beloved bbeloved brel bhe bhim witness wrel whe object hide deathplace grave mother " +
	"father pet petname song food flower colour fear hair eyes dress fate want spirits manner confided newcomer " +
	"asker other silent named everyone count countplus noun past pick figure subj aux auxnot echo fav own title " +
	"thing person place room spot animal plant cloth paper sound adj feeling idea mass weather weatherly " +
	"seasonal monthly dayly colourly plantly foodly drinkly timely small smaller dozens durs year digit feet " +
	"letter anyname anytown things " +
	"scale high percent ofus fingers adultage youngage agenow pocket petcall lettersaid")

// chancy slots are filled by chance; how many bits of it each brings.
var chancy = map[string]float64{
	"thing": 6, "things": 6, "person": 5, "place": 5, "room": 4.5, "spot": 4.5, "animal": 5, "plant": 4, "plantly": 4, "cloth": 3.5, "paper": 3.5, "sound": 3,
	"adj": 5, "feeling": 4, "idea": 4.5, "mass": 4, "weather": 3.5, "weatherly": 3.5, "seasonal": 2, "monthly": 3.5, "dayly": 2.5, "colourly": 3.5,
	"foodly": 4, "drinkly": 2.5, "timely": 3.5, "small": 3, "dozens": 6, "durs": 2.5, "year": 8, "letter": 4.5, "own": 5, "scale": 3, "percent": 5.5, "fingers": 2, "ofus": 1.5, "adultage": 5, "youngage": 4, "pocket": 3.5, "petcall": 3.5, "anyname": 7, "anytown": 5, "digit": 3,
}

// A filler fills the slots of one line.
type filler struct {
	o    *Oracle
	a    *ask
	g    *soul
	v    *voice
	d    die
	used map[string]bool // keeps one line from saying the same word twice

	favourite, ownWord string // the one word of the persona's that this line has come back to
}

// fill is the line's text, or false when a slot cannot be filled here.
func (f *filler) fill(parts []part, board bool) (string, bool) {
	var b strings.Builder
	for i, p := range parts {
		if p.slot == "" {
			text := p.text
			if i+1 < len(parts) && parts[i+1].slot != "" && parts[i+1].det == "" { // "A [THING]" is "AN URN" when it must be
				next, ok := f.word(parts[i+1])
				if !ok {
					return "", false
				}
				for _, art := range []string{"A ", "a ", "An ", "an ", "AN "} {
					if head, ok := strings.CutSuffix(text, art); ok && (head == "" || strings.HasSuffix(head, " ")) {
						fixed := article(next)
						if art[0] == 'A' {
							fixed = strings.ToUpper(fixed[:1]) + fixed[1:]
						}
						text = head + fixed + " "
						break
					}
				}
				parts[i+1].write(&b, text, next)
				continue
			}
			b.WriteString(text)
			continue
		}
		if i > 0 && parts[i-1].slot == "" && p.det == "" {
			continue // written with the text before it
		}
		w, ok := f.word(p)
		if !ok {
			return "", false
		}
		p.write(&b, "", w)
	}
	s := b.String()
	if board {
		return f.spell(s)
	}
	return capitals(s), true
}

// write puts text and the word that fills p.
func (p part) write(b *strings.Builder, text, w string) {
	b.WriteString(text)
	if p.cap && w != "" {
		w = strings.ToUpper(w[:1]) + w[1:]
	}
	b.WriteString(w)
}

// spell is text as the board spells it, or false when it cannot.
func (f *filler) spell(s string) (string, bool) {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == ' ':
			b.WriteRune(r)
		case r == '\'':
		case r == '-':
			b.WriteByte(' ')
		default:
			for _, c := range strings.ToUpper(fold(r)) {
				if (c < 'A' || c > 'Z') && c != '\'' {
					return "", false
				}
				if c != '\'' {
					b.WriteRune(c)
				}
			}
		}
	}
	words := strings.Fields(b.String())
	if len(words) == 0 || len(words) > 5 {
		return "", false
	}
	return strings.Join(words, " "), true
}

// capitals begins every sentence with a capital.
func capitals(s string) string {
	b := []byte(s)
	start := true
	for i, c := range b {
		switch {
		case start && c >= 'a' && c <= 'z':
			b[i] = c - 'a' + 'A'
			start = false
		case c == '.' || c == '?' || c == '!':
			start = true
		case c != ' ' && c != '"':
			start = false
		}
	}
	return string(b)
}

// word is what fills one slot.
func (f *filler) word(p part) (string, bool) {
	w := f.value(p)
	if w == "" {
		return "", false
	}
	switch p.det {
	case "the":
		return "the " + w, true
	case "a":
		return article(w) + " " + w, true
	}
	return w, true
}

func (f *filler) value(p part) string {
	g, a := f.g, f.a
	switch p.slot {
	case "name":
		return g.name
	case "surname":
		return g.surname
	case "initial":
		return g.name[:1]
	case "born":
		return strconv.Itoa(g.born)
	case "died":
		return strconv.Itoa(g.died)
	case "age":
		return strconv.Itoa(g.age)
	case "trade":
		return g.trade
	case "did":
		return "I" + strings.ToLower(g.did[1:]) // "I KEPT BEES" and "I was a juggler" alike
	case "town":
		return g.town
	case "season":
		return g.season
	case "month":
		return g.month
	case "weekday":
		return g.weekday
	case "hour":
		return g.hour
	case "haunt":
		return g.room
	case "culprit":
		return g.culprit.name
	case "culpritinitial":
		return g.culprit.name[:1]
	case "rel":
		return g.culprit.relation
	case "rels":
		if n := f.o.lex.nouns[g.culprit.relation]; n != nil && n.many != "" {
			return n.many
		}
		return plural(g.culprit.relation)
	case "he":
		return g.culprit.he()
	case "him":
		return g.culprit.him()
	case "his":
		return g.culprit.his()
	case "beloved":
		return g.beloved.name
	case "bbeloved":
		return strings.TrimSuffix(g.beloved.name, "s") + "s"
	case "brel":
		return g.beloved.relation
	case "bhe":
		return g.beloved.he()
	case "bhim":
		return g.beloved.him()
	case "witness":
		return g.witness.name
	case "wrel":
		return g.witness.relation
	case "whe":
		return g.witness.he()
	case "object":
		return g.object
	case "hide":
		return g.hide.text
	case "deathplace":
		return g.place
	case "grave":
		return g.grave
	case "mother":
		return g.mother
	case "father":
		return g.father
	case "pet":
		return g.pet
	case "petname":
		return g.petName
	case "song":
		return g.song
	case "food":
		return g.food
	case "flower":
		return g.flower
	case "colour":
		return g.colour
	case "fear":
		return strings.ToLower(g.fear)
	case "hair":
		return g.hair
	case "eyes":
		return g.eyes
	case "dress":
		return g.dress
	case "fate":
		return f.inStory(g.fate.text)
	case "want":
		return f.inStory(g.twist.want)
	case "spirits":
		if g.others == 0 {
			return ""
		}
		return numberWords[g.others+1]
	case "manner":
		return g.manner
	case "confided":
		return g.confided
	case "newcomer":
		if i := a.p.Initiative; i != nil && i.Occasion.Participant != nil {
			return f.spoken(i.Occasion.Participant.Name)
		}
		return ""
	case "asker":
		return f.spoken(a.p.Asker)
	case "other", "silent":
		return f.spoken(f.someone(p.slot == "silent"))
	case "named":
		if len(a.named) == 0 {
			return ""
		}
		return f.spoken(a.named[0])
	case "everyone":
		return f.everyone()
	case "count", "countplus":
		n := len(a.p.Present)
		if p.slot == "countplus" {
			n++
		}
		if len(a.p.Present) < 2 {
			return ""
		}
		if n < len(numberWords) {
			return numberWords[n]
		}
		return strconv.Itoa(n)
	case "noun":
		return f.echo(p)
	case "past":
		return f.recalled()
	case "pick":
		return f.v.pick
	case "figure":
		return f.v.figure
	case "echo":
		return f.v.echo
	case "subj":
		return a.subj
	case "aux":
		return a.aux
	case "auxnot":
		if a.aux == "" {
			return ""
		}
		if a.aux == "can" {
			return "cannot"
		}
		return a.aux + " not"
	case "fav":
		if len(f.v.persona.Favourites) == 0 {
			return ""
		}
		if f.favourite == "" {
			f.favourite = strings.ToLower(pick(&f.d, f.v.persona.Favourites))
		}
		return f.favourite
	case "own":
		if f.ownWord == "" {
			f.ownWord = f.v.own(&f.d)
		}
		return f.ownWord
	case "title":
		return g.title
	}
	if w := f.measured(p.slot); w != "" {
		return w
	}
	return f.chance(p)
}

// inStory puts the story's own people into a phrase of data/souls.txt.
func (f *filler) inStory(s string) string {
	g := f.g
	return strings.NewReplacer("[HE]", g.culprit.he(), "[HIM]", g.culprit.him(), "[CULPRIT]", g.culprit.name, "[BELOVED]", g.beloved.name,
		"[WITNESS]", g.witness.name, "[OBJECT]", g.object).Replace(strings.Clone(s))
}
