package spirit

import (
	"math/rand/v2"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"
	"unicode"

	"seance/internal/seance"
)

// judgedPlainly is judge without whatever makes it fast: each pattern is tried on each text, which is read in each way.
func judgedPlainly(text string, tone seance.Tone) verdict {
	broken := func(s *sieve, text string) bool {
		return slices.ContainsFunc(s.rules, func(r rule) bool { return r.pattern.MatchString(text) })
	}
	number := func(f string) bool {
		figures := strings.FieldsFunc(f, func(r rune) bool { return !unicode.IsDigit(r) })
		return len(strings.Join(figures, "")) >= telephoneFigures && !dates.MatchString(f)
	}
	switch plain := flattened(text); {
	case broken(machines, plain):
		return refusal
	case broken(addresses, plain), broken(forbidden, plain), slices.ContainsFunc(figures.FindAllString(plain, -1), number),
		inWords(plain), scribble(plain), coarseWords(readWords(plain, false), tone), coarseWords(readWords(plain, true), tone):
		return unfit
	}
	return fine
}

func judgedAlike(t *testing.T, text string) {
	t.Helper()
	for _, tone := range []seance.Tone{seance.Family, seance.Adult} {
		if got, want := judge(text, tone), judgedPlainly(text, tone); got != want {
			t.Errorf("%q is judged %d for %s, and %d by each rule", text, got, tone, want)
		}
	}
}

// matching is a text that an expression may match, as luck has it.
func matching(e *syntax.Regexp, luck *rand.Rand) string {
	times := func(least, most int) string {
		var b strings.Builder
		for range least + luck.IntN(most-least+1) {
			b.WriteString(matching(e.Sub[0], luck))
		}
		return b.String()
	}
	switch e.Op {
	case syntax.OpLiteral:
		return string(e.Rune)
	case syntax.OpCharClass:
		pair := 2 * luck.IntN(len(e.Rune)/2)
		return string(e.Rune[pair] + luck.Int32N(min(e.Rune[pair+1]-e.Rune[pair], 90)+1))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return " "
	case syntax.OpStar:
		return times(0, 2)
	case syntax.OpPlus:
		return times(1, 3)
	case syntax.OpQuest:
		return times(0, 1)
	case syntax.OpRepeat:
		return times(e.Min, max(e.Max, e.Min))
	case syntax.OpAlternate:
		return matching(e.Sub[luck.IntN(len(e.Sub))], luck)
	case syntax.OpCapture, syntax.OpConcat:
		var b strings.Builder
		for _, sub := range e.Sub {
			b.WriteString(matching(sub, luck))
		}
		return b.String()
	}
	return ""
}

// For each rule, texts that break it: they hold what the rule is said to need, and are judged as if it needed nothing.
func TestNoRuleIsPassedOver(t *testing.T) {
	luck := rand.New(rand.NewPCG(417, 0))
	for _, s := range []*sieve{machines, addresses, forbidden} {
		for _, r := range s.rules {
			if len(r.needs) == 0 {
				t.Errorf("%q needs nothing: it is tried on each text", r.pattern)
			}
			e, err := syntax.Parse(r.pattern.String(), syntax.Perl)
			if err != nil {
				t.Fatal(err)
			}
			matched := 0
			for range 80 {
				text := matching(e, luck) + []string{"", " ", "x"}[luck.IntN(3)]
				if r.pattern.MatchString(text) {
					if matched++; !s.breaks(text) {
						t.Errorf("%q matches %q, and is not tried", r.pattern, text)
					}
				}
			}
			if matched < 4 {
				t.Errorf("%q matches %d texts: that shows little", r.pattern, matched)
			}
			judgedAlike(t, matching(e, luck))
		}
	}
}

func TestWhatARuleNeeds(t *testing.T) {
	for _, c := range []struct{ pattern, want string }{
		{`red moon`, "red moon"},
		{`\bred\b`, "red"},
		{`red|full`, "red|full"},
		{`(?:red|full) (?:moon|sun)`, "red sun|full sun|red moon|full moon"},
		{`(?:a )?moon`, "moon"},
		{`reds?`, "red"},
		{`red.*moon`, "red & moon"},
		{`red \w+ (?:moon|sun)`, "red  &  sun| moon"},
		{`(?:red )+moon`, "red  & moon"},
		{`(?:red ){2}`, "red "},
		{`(?:red )*moon`, "moon"},
		{`(?:red|\w+) moon`, " moon"},
		{`(?:red|your \w+) moon`, "red|your  &  moon"},
		{`(?:red|)(?:moon|\d)`, ""},
		{`(?:\w+|red moon)x?`, ""},
		{`[ab]c`, "ac|bc"},
		{`[^a]c`, "c"},
		{`(?i)red`, ""},
		{`red\|moon`, "red|moon"},
		{`\.`, "."},
		{`a very long word`, "a very lon"},
	} {
		s := newSieve(c.pattern)
		var got []string
		for _, r := range s.rules {
			var lists []string
			for _, list := range r.needs {
				var some []string
				for _, place := range list {
					some = append(some, wordAt(s.words, 0, "", place))
				}
				lists = append(lists, strings.Join(some, "|"))
			}
			got = append(got, strings.Join(lists, " & "))
		}
		if got := strings.Join(got, "|"); got != c.want {
			t.Errorf("%s needs %q, want %q", c.pattern, got, c.want)
		}
	}
}

// wordAt is the word with a place, found in the tree from a node on, to which so much of it leads.
func wordAt(w words, node uint16, begin string, place int) string {
	if w.nodes[node].word == place+1 {
		return begin
	}
	for c, symbol := range w.symbols {
		if next := w.nodes[node].next[symbol]; symbol > 0 && next > 0 {
			if found := wordAt(w, next, begin+string(rune(c)), place); found != "" {
				return found
			}
		}
	}
	return ""
}

func TestAlternatives(t *testing.T) {
	for pattern, want := range map[string]string{
		`a`: `a`, `a|b`: `a,b`, `(a|b)|c`: `(a|b),c`, `[|]|c`: `[|],c`, `\||b`: `\|,b`, `\(|b`: `\(,b`, `[(]|(?:[)]|x)`: `[(],(?:[)]|x)`, `[\]|]|b`: `[\]|],b`,
	} {
		parts := alternatives(pattern)
		if got := strings.Join(parts, ","); got != want {
			t.Errorf("%s is parted into %s, want %s", pattern, got, want)
		}
		for _, part := range parts {
			regexp.MustCompile(part)
		}
	}
}

func FuzzJudge(f *testing.F) {
	for _, said := range []string{
		"YES", "As an AI I won't.", "Kill yourself", "ask at farwater dot net", "Ring 555 123 4567", "f u c k it", "Ѕhit, ’tis 18.71!", "You wiⅼⅼ die in May",
		"five 55 one 2 three 45", "٠٣٠١٢٣٤٥٦٧", "#*#*#*#*#*#*", "\xff\xfe kill \xf0 yourself", "k\u0336ill yourself", "sh1iiit", "ﬁve “hundred” crаp",
	} {
		f.Add(said)
	}
	f.Fuzz(func(t *testing.T, said string) { judgedAlike(t, said) })
}

// BenchmarkSieve is what it costs to make the rules, which every start does.
func BenchmarkSieve(b *testing.B) {
	var patterns []string
	for _, s := range []*sieve{machines, addresses, forbidden} {
		for _, r := range s.rules {
			patterns = append(patterns, r.pattern.String())
		}
	}
	for b.Loop() {
		newSieve(patterns...)
	}
}
