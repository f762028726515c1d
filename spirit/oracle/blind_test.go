package oracle

import (
	"os"
	"strings"
	"testing"
)

// A row of a blind list: what form a stranger expects of the answer, and whether the question leans on the one before.
type blindRow struct{ form, question string }

// blindSittings reads a list of testdata, where an empty line begins another sitting.
func blindSittings(t *testing.T, name string) [][]blindRow {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var out [][]blindRow
	for _, block := range strings.Split(string(b), "\n\n") {
		var rows []blindRow
		for _, l := range strings.Split(block, "\n") {
			if form, q, ok := strings.Cut(l, "\t"); ok && l[0] != '#' {
				rows = append(rows, blindRow{strings.TrimPrefix(form, "+"), q})
			}
		}
		if len(rows) > 0 {
			out = append(out, rows)
		}
	}
	return out
}

var blindKinds = map[string]Kind{
	"yesno": YesNo, "who": Who, "where": Where, "when": When, "number": HowMany, "long": HowLong, "why": Why, "how": How, "name": Name, "age": Age,
	"bye": Farewell, "mood": Mood, "sum": Sum,
}

// reads reports whether a board reads as an answer of the form that was expected, by the board alone where it can tell.
func reads(o *Oracle, form, board string, a *ask, u utterance) bool {
	said := func(class string) bool {
		for _, w := range strings.Fields(strings.ToLower(board)) {
			if n := o.lex.nouns[w]; n != nil && n.class == class {
				return true
			}
		}
		return false
	}
	switch form {
	case "colour":
		return said("colour")
	case "animal":
		return said("animal")
	case "choice":
		for _, opt := range a.options {
			if strings.Contains(board, strings.ToUpper(strings.Fields(opt)[0])) {
				return true
			}
		}
		return (len(a.options) == 0 || u.line.key == "choice/neither") && !yesWords.MatchString(board)
	case "what", "spell":
		return !yesWords.MatchString(board) && u.line.key != "nonsense" && board != "GOODBYE"
	case "tell", "order", "insult", "praise", "thanks", "hello":
		return u.line.key != "nonsense" && board != "GOODBYE"
	case "nonsense":
		return board != "GOODBYE"
	case "yesno":
		if formed(Presence, board) || formed(Mood, board) || formed(Know, board) || u.sense != maybe {
			return true
		}
	case "number", "age", "long":
		if formed(HowMany, board) || formed(Age, board) {
			return true
		}
	}
	return formed(blindKinds[form], board)
}

// TestBlindLists asks the lists that strangers might have written, a sitting each. The second one was never tuned on:
// see testdata/README.md for what a reader made of the answers.
func TestBlindLists(t *testing.T) {
	o := New()
	for _, c := range []struct {
		list           string
		overall, worst float64
	}{
		{"blind.tsv", 0.92, 0.75},
		{"second.tsv", 0.88, 0.70},
		{"third.tsv", 0.88, 0.70},
	} {
		right, asked := map[string]int{}, map[string]int{}
		for i, rows := range blindSittings(t, c.list) {
			for run := range 4 {
				s := sit(o, uint32(40+i+100*run), personas()[(i+run)%3])
				for _, r := range rows {
					a, u := s.ask("Mara", r.question)
					if a.guard != "" {
						continue // turned aside on purpose
					}
					asked[r.form]++
					asked["all"]++
					if reads(o, r.form, u.board, a, u) {
						right[r.form]++
						right["all"]++
					} else if run == 0 {
						t.Logf("%s: %-8s %-60.60q %s", c.list, r.form, r.question, u.board)
					}
				}
			}
		}
		for form, n := range asked {
			share := float64(right[form]) / float64(n)
			t.Logf("%s: %-8s %3d of %3d, %.0f %%", c.list, form, right[form], n, 100*share)
			if form == "all" && share < c.overall || n >= 20 && share < c.worst {
				t.Errorf("%s: %s: right form in %.3f", c.list, form, share)
			}
		}
	}
}
