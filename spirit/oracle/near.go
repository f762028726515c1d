package oracle

import (
	"slices"
	"strconv"
	"strings"
)

// nearer are the keys of data/near.txt that lie closer to the question than key, or nil: by what was answered before, by
// who it is about, by its topics.
func (o *Oracle) nearer(a *ask, key string) []string {
	kind := a.kind.String()
	if key != kind && key != "why/me" && key != "why/you" && key != "how/advice" && key != "where/lost" {
		return nil
	}
	if a.kind == Why && a.leaned && a.prev != nil && a.prev.kind == YesNo && !a.prev.you {
		switch said := a.lastBoard(); {
		case affirms(said):
			return []string{"why/yes"}
		case denies(said):
			return []string{"why/no"}
		}
	}
	head := key
	if key == "how" && a.me {
		head = "how/advice"
	}
	if key == "why/me" || key == "why/you" {
		head = "why"
	}
	if !a.you || a.kind == How && a.has("do_you") && slices.Contains(a.topics, "food") {
		for _, t := range a.byWeight() {
			if k := head + "/" + t; len(o.book.byKey[k]) > 0 {
				return []string{k}
			}
		}
	}
	switch {
	case key == "why" && a.you:
		return []string{"why/you"}
	case key == "who" && (a.me || len(a.p.Present) > 1 && a.has("@name")) && !a.you:
		return []string{"who/me"}
	}
	return nil
}

// byWeight are the topics, those of living things first: "make friends at school" is about friends.
func (a *ask) byWeight() []string {
	rank := func(t string) int {
		if i := slices.Index(living, t); i >= 0 {
			return i
		}
		return len(living)
	}
	ts := slices.Clone(a.topics)
	slices.SortStableFunc(ts, func(x, y string) int { return rank(x) - rank(y) })
	return ts
}

var living = []string{"animal", "love", "people", "kin", "sleep", "fear"}

// lastBoard is what the question before was answered with.
func (a *ask) lastBoard() string {
	for i := len(a.p.Recent) - 1; i >= 0; i-- {
		if a.p.Recent[i].Question != "" {
			return a.p.Recent[i].Board
		}
	}
	return ""
}

func affirms(board string) bool {
	w, _, _ := strings.Cut(board, " ")
	return w == "YES" || w == "AYE" || w == "ALWAYS" || board == "SO IT IS" || board == "THAT IS TRUE" || board == "IT WILL BE SO"
}

func denies(board string) bool {
	w, _, _ := strings.Cut(board, " ")
	return w == "NO" || w == "NAY" || w == "NEVER" || strings.HasSuffix(board, " NOT") || strings.HasSuffix(board, "CANNOT") || board == "NOT YET"
}

// measured fills the slots whose range the question sets.
func (f *filler) measured(slot string) string {
	d := &f.d
	switch slot {
	case "scale":
		low, high := 1, 10
		if len(f.a.figures) > 1 && f.v.high > f.v.low {
			low, high = f.v.low, f.v.high
		}
		return strconv.Itoa(low + d.n(high-low+1))
	case "high":
		if len(f.a.figures) > 1 && f.v.high > f.v.low {
			return strconv.Itoa(f.v.high)
		}
		return "10"
	case "percent":
		return strconv.Itoa(41 + d.n(54))
	case "ofus":
		n := len(f.a.p.Present)
		if n < 2 {
			return ""
		}
		return numberWords[1+d.n(min(n, 19))]
	case "fingers":
		return numberWords[1+d.n(5)]
	case "adultage":
		return strconv.Itoa(24 + d.n(45))
	case "youngage":
		return strconv.Itoa(22 + d.n(17))
	case "agenow":
		return "over " + strconv.Itoa((thisCentury-f.g.born)/10*10)
	case "pocket":
		return pick(d, pockets)
	case "petcall":
		return pick(d, f.o.stock.petNames)
	case "lettersaid":
		return strings.ToUpper(f.a.letter())
	}
	return ""
}

// thisCentury is a year that has passed: ages of the dead are said as "over", so that they stay true.
const thisCentury = 2026

var pockets = []string{"a key", "a coin", "a receipt", "a paper tissue", "a ticket", "nothing much", "a pen", "a button", "your phone", "an old sweet", "a small stone", "a folded note"}
