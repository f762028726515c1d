package oracle

import (
	"strings"
)

// echo is the noun of the question, in the number it was asked in.
func (f *filler) echo(p part) string {
	n := f.a.noun
	if n == nil {
		return ""
	}
	if p.verb == "them" {
		if f.a.many || n.one == "" {
			return "them"
		}
		return "it"
	}
	if p.det == "a" && (f.a.many || !n.countable()) {
		return ""
	}
	if f.a.many {
		return n.many
	}
	return n.one
}

// recalled is a noun that somebody asked about earlier, with its article.
func (f *filler) recalled() string {
	for i := len(f.a.p.Recent) - 2; i >= 0; i-- {
		for _, w := range strings.Fields(strings.ToLower(f.a.p.Recent[i].Question)) {
			w = strings.Trim(w, "?.,!'\"")
			n := f.o.lex.nouns[w]
			if n == nil || !echoed[n.class] || dull[w] || f.a.noun == n || f.o.lex.verbs[w] {
				continue
			}
			return w
		}
	}
	return ""
}

// echoed are the classes of nouns that whispers may take up with "the".
var echoed = set("thing spot place animal plant food tech travel music play tool paper room tool cloth metal light")

// spoken is a person's name as it may be said: at most 12 letters that the board knows.
func (f *filler) spoken(name string) string {
	if name == "" || len(name) > 24 {
		return ""
	}
	s, ok := f.spell(name)
	if !ok || len(s) > 12 {
		return ""
	}
	return strings.TrimSpace(name)
}

// someone is somebody at the table who did not ask; silent: who has not asked for a while.
func (f *filler) someone(silent bool) string {
	var list []string
	for _, n := range f.a.p.Present {
		if n == f.a.p.Asker {
			continue
		}
		spoke := false
		for _, t := range f.a.p.Recent {
			spoke = spoke || t.Asker == n
		}
		if silent && spoke {
			continue
		}
		list = append(list, n)
	}
	if len(list) == 0 || silent && len(f.a.p.Recent) < 3 {
		return ""
	}
	d := die(hash(f.a.canon, "someone"))
	return pick(&d, list)
}

func (f *filler) everyone() string {
	list := f.a.p.Present
	if len(list) == 0 || len(list) > 4 {
		return ""
	}
	out := ""
	for i, n := range list {
		if f.spoken(n) == "" {
			return ""
		}
		switch {
		case i > 0 && i == len(list)-1:
			out += " and "
		case i > 0:
			out += " "
		}
		out += n
	}
	return out
}
