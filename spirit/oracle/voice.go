package oracle

import (
	"maps"
	"slices"
	"strings"

	"seance/internal/seance"
	"seance/steering"
)

// A voice is a persona at work on one answer.
type voice struct {
	persona *steering.Persona
	banned  map[string]bool
	world   map[string]bool    // words the persona brings along
	worded  bool               // some of them have boards of their own
	brought []string           // nouns of the persona's own, in the singular
	added   map[string][]*noun // the persona's own words, by the class they may stand for
	cruelty float64

	// What the question itself fills in.
	pick, figure, echo string
	low, high          int // bounds of a number that is asked for, when high > low
}

// familyCruelty is how cruel a persona may be at a family table.
const familyCruelty = 0.6

func (o *Oracle) voice(p *steering.Persona, tone seance.Tone) *voice {
	v := &voice{persona: p, cruelty: p.Cruelty}
	if tone != seance.Adult {
		v.cruelty = min(v.cruelty, familyCruelty)
	}
	if len(p.Ban) > 0 {
		v.banned = map[string]bool{}
		for _, w := range p.Ban {
			w = strings.ToLower(strings.TrimSpace(w))
			v.banned[w], v.banned[plural(w)] = true, true
		}
	}
	if len(p.Add) > 0 {
		v.world = make(map[string]bool, len(p.Add))
	}
	for _, w := range p.Add {
		w = strings.ToLower(strings.TrimSpace(w))
		v.world[w] = true
		v.worded = v.worded || o.book.worded[w]
		n := o.lex.nouns[w]
		if n == nil && isWord(w) && len(w) < 12 {
			n = &noun{one: w, many: plural(w), class: "thing", say: true}
		}
		if n == nil {
			continue
		}
		if v.added == nil {
			v.added = map[string][]*noun{}
		}
		class := n.class
		if as, ok := sayAs[class]; ok {
			class = as
		}
		v.added[class] = append(v.added[class], n)
		if n.one != "" && (o.lex.nouns[w] != nil || !strings.HasSuffix(w, "s")) { // "the wings says" is none
			v.brought = append(v.brought, n.one)
		}
	}
	return v
}

// brings reports whether one of words is the persona's own.
func (v *voice) brings(words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return v.world[w] })
}

// own is one of the words the persona brings along, if it brings any.
func (v *voice) own(d *die) string {
	if len(v.brought) == 0 {
		return ""
	}
	return pick(d, v.brought)
}

// polarities are the persona's weights of yes, no and maybe; all alike when it has none.
func (v *voice) polarities() (yes, no, maybe float64) {
	yes, no, maybe = max(v.persona.Yes, 0), max(v.persona.No, 0), max(v.persona.Maybe, 0)
	if yes+no+maybe == 0 {
		return 1, 1, 1
	}
	return yes, no, maybe
}

// allowed is one of list that the persona would say; its own words come up more often than the rest.
func (v *voice) allowed(d *die, list []*noun, countable, many bool) string {
	form := func(n *noun) string {
		switch {
		case countable && !n.countable(), many && n.many == "":
			return ""
		case many:
			return n.many
		case n.one == "":
			return n.many
		}
		return n.one
	}
	if len(list) == 0 {
		return ""
	}
	if own := v.added[list[0].class]; len(own) > 0 && d.n(5) < 3 {
		for range 4 {
			if w := form(pick(d, own)); w != "" && !v.banned[w] {
				return w
			}
		}
	}
	for range 12 {
		if w := form(pick(d, list)); w != "" && !v.banned[w] {
			return w
		}
	}
	return ""
}

// sayAs are classes whose words may stand where another class is asked for.
var sayAs = map[string]string{"water": "place", "light": "thing", "metal": "thing", "tool": "thing", "paper": "thing", "sky": "thing", "money": "thing", "body": "thing",
	"idea": "thing", "trade": "person", "travel": "thing", "music": "thing", "magic": "thing", "love": "thing", "play": "thing", "festival": "thing", "school": "thing"}

// bans reports whether text holds a word the persona never uses.
func (v *voice) bans(text string) bool {
	if v.banned == nil {
		return false
	}
	return slices.ContainsFunc(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r < 'a' || r > 'z' }),
		func(w string) bool { return v.banned[w] })
}

// thou are the verbs that agree with "thou"; any other verb keeps its "you", as people of the time did too.
var thou = map[string]string{
	"are": "art", "were": "wert", "will": "wilt", "have": "hast", "had": "hadst", "do": "dost", "did": "didst", "can": "canst", "may": "mayst",
	"should": "shouldst", "would": "wouldst", "could": "couldst", "know": "knowest", "knew": "knewest", "ask": "askest", "say": "sayest", "said": "saidst",
	"think": "thinkest", "see": "seest", "want": "wantest", "hear": "hearest", "hold": "holdest", "stay": "stayest", "speak": "speakest", "sit": "sittest",
	"feel": "feelest", "hide": "hidest", "fear": "fearest", "like": "likest", "go": "goest", "come": "comest", "cannot": "canst not", "must": "must",
}

// archaicBoard and archaicWhisper are what an old tongue says instead: only changes that hold in any sentence.
var archaicBoard, archaicWhisper = archaic()

func archaic() (board, whisper *strings.Replacer) {
	pairs := []string{
		" your own ", " thine own ", " your ", " thy ", " it was ", " 'twas ", " it is ", " 'tis ", " it will ", " 'twill ", " perhaps ", " mayhap ", " maybe ", " mayhap ",
		" between ", " betwixt ", " often ", " oft ", " over there", " yonder", " nothing ", " naught ", " enough ", " enow ",
	}
	for _, after := range []string{"to", "for", "behind", "of", "near", "with", "beside", "at", "by", "from", "on", "let", "tell", "told", "hear", "heard", "show"} {
		for _, end := range []string{".", ",", " "} {
			if end == " " && after != "to" && after != "behind" && after != "tell" && after != "told" && after != "with" {
				continue // "for you are", "of you will" might follow
			}
			pairs = append(pairs, " "+after+" you"+end, " "+after+" thee"+end)
		}
	}
	for _, ask := range []string{"do", "did", "are", "were", "have", "had", "will", "can", "would", "could", "should", "may"} {
		pairs = append(pairs, " "+ask+" you ", " "+thou[ask]+" thou ")
	}
	for _, plain := range slices.Sorted(maps.Keys(thou)) {
		old := thou[plain]
		pairs = append(pairs, " you "+plain+" ", " thou "+old+" ", " you "+plain+".", " thou "+old+".", " you "+plain+",", " thou "+old+",")
	}
	var upper, mixed []string
	for i := 0; i < len(pairs); i += 2 {
		from, to := pairs[i], pairs[i+1]
		upper = append(upper, strings.ToUpper(from), strings.ToUpper(strings.ReplaceAll(to, "'", "")))
		mixed = append(mixed, from, to, capital(from), capital(to))
	}
	return strings.NewReplacer(upper...), strings.NewReplacer(mixed...)
}

// capital is s, which begins with a space, as it stands at the beginning of a sentence.
func capital(s string) string {
	rest := s[1:]
	if i := strings.IndexFunc(rest, func(r rune) bool { return r >= 'a' && r <= 'z' }); i >= 0 {
		rest = rest[:i] + strings.ToUpper(rest[i:i+1]) + rest[i+1:]
	}
	return " " + rest
}

// leastArchaic is how archaic a persona must be to say thou at all; below it only a word here and there is old.
const leastArchaic = 0.3

// speakOld turns an answer into older English, as far as the persona speaks it.
func (v *voice) speakOld(d *die, board, said string) (string, string) {
	if v.persona.Archaic < leastArchaic || d.float() >= min(1, v.persona.Archaic*1.4) {
		return board, said
	}
	if board != "YES" && board != "NO" {
		old := strings.TrimSpace(archaicBoard.Replace(" " + board + " "))
		switch {
		case strings.HasPrefix(old, "YES "):
			old = "AYE" + old[3:]
		case strings.HasPrefix(old, "NO ") && !strings.HasPrefix(old, "NO ONE"):
			old = "NAY" + old[2:]
		case old == "MAYBE", old == "PERHAPS":
			old = "MAYHAP"
		}
		board = old
	}
	return board, strings.TrimSpace(archaicWhisper.Replace(" " + said + " "))
}
