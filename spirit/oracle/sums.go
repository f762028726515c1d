package oracle

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// operators of sums, as they are written and said.
var operators = map[string]byte{
	"+": '+', "plus": '+', "and": '+', "add": '+', "added": '+', "-": '-', "minus": '-', "less": '-', "*": '*', "x": '*', "×": '*', "times": '*',
	"multiplied": '*', "power": '^', "/": '/', "÷": '/', "over": '/', "divided": '/', "^": '^',
}

// sum works out a sum in the question: the key of what to say and the figure, or ok false when there is none.
func (a *ask) sum() (key, figure string, ok bool) {
	type step struct {
		op byte
		n  float64
	}
	var steps []step
	var op byte
	for i, t := range a.tokens {
		if n, isNumber := number(t.word); isNumber {
			if len(steps) > 0 && op == 0 {
				if last := &steps[len(steps)-1]; n < 10 && last.n >= 20 && last.n < 100 && int(last.n)%10 == 0 { // twenty one
					last.n += float64(n)
				}
				continue
			}
			steps = append(steps, step{op, float64(n)})
			op = 0
			continue
		}
		if o, isOp := operators[t.word]; isOp && len(steps) > 0 && i+1 < len(a.tokens) {
			if t.word == "and" && !a.has("sum", "add") || t.word == "over" {
				continue
			}
			op = o
		}
	}
	if len(steps) == 1 {
		switch {
		case a.has("comes_after", "number_after"):
			return figureOf(steps[0].n + 1)
		case a.has("comes_before", "number_before"):
			return figureOf(steps[0].n - 1)
		case a.has("squared"):
			steps = append(steps, step{'*', steps[0].n})
		case a.has("root"):
			return figureOf(math.Sqrt(steps[0].n))
		case a.has("half"):
			return figureOf(steps[0].n / 2)
		case a.has("double", "twice"):
			return figureOf(steps[0].n * 2)
		}
	}
	if len(steps) == 1 && len(a.figures) == 2 && a.has("how_many", "how_much") { // "12 apples and eat 5, how many are left"
		return a.toldSum()
	}
	if len(steps) < 2 {
		return a.toldSum()
	}
	for i := 1; i < len(steps); { // times before plus
		s := steps[i]
		switch s.op {
		case '*':
			steps[i-1].n *= s.n
		case '/':
			if s.n == 0 {
				return "sum/never", "", true
			}
			steps[i-1].n /= s.n
		case '^':
			steps[i-1].n = math.Pow(steps[i-1].n, s.n)
		default:
			i++
			continue
		}
		steps = slices.Delete(steps, i, i+1)
	}
	total := steps[0].n
	for _, s := range steps[1:] {
		if s.op == '-' {
			total -= s.n
		} else {
			total += s.n
		}
	}
	return figureOf(total)
}

// toldSum works out a sum that is told: I have twelve apples and eat five.
func (a *ask) toldSum() (key, figure string, ok bool) {
	whole := &ask{o: a.o, tokens: a.all}
	whole.terms = a.o.rules.collect(a.all)
	whole.findFigures()
	if f := whole.figures; len(f) == 2 && whole.has("have", "had", "has", "are", "give", "buy", "get") && whole.has("how_many", "how_much", "left", "altogether", "in_total") {
		switch {
		case whole.has("eat", "lose", "give", "take_away", "sell", "spend", "left", "drop", "ate", "lost", "gave", "sold", "break", "leave", "die"):
			return figureOf(float64(f[0] - f[1]))
		case whole.has("more", "find", "get", "buy", "add", "altogether", "total", "gets", "bought", "found"):
			return figureOf(float64(f[0] + f[1]))
		}
	}
	return "", "", false
}

func figureOf(n float64) (key, figure string, ok bool) {
	switch {
	case math.IsNaN(n) || math.Abs(n) >= 1e9:
		return "sum/large", "", true
	case n != math.Trunc(n):
		return "sum/odd", "", true
	case n < 0:
		return "sum", "minus " + strconv.FormatFloat(-n, 'f', 0, 64), true
	}
	return "sum", strconv.FormatFloat(n, 'f', 0, 64), true
}

// bounds finds "between 1 and 10", "from 1 to 6", "fingers".
func (a *ask) bounds() (low, high int) {
	switch {
	case len(a.figures) >= 2:
		low, high = a.figures[0], a.figures[1]
		if low > high {
			low, high = high, low
		}
	case a.has("finger", "fingers"):
		low, high = 1, 10
	case len(a.figures) == 1:
		low, high = 1, a.figures[0]
	case a.has("dice", "die"):
		low, high = 1, 6
	default:
		low, high = 1, 12
	}
	if high-low > 100000 || high <= low {
		return 1, 12
	}
	return low, high
}

func (v *voice) digit(d *die) string {
	if v.high <= v.low {
		return strconv.Itoa(1 + d.n(12))
	}
	return strconv.Itoa(v.low + d.n(v.high-v.low+1))
}

// echoes is the word a "say X" asks for, if it is one the oracle may repeat: a word of the lexicon or a name at the table.
func (a *ask) echoes() string {
	for i, t := range a.tokens {
		if t.word != "say" && t.word != "spell" && t.word != "repeat" && t.word != "write" {
			continue
		}
		rest := a.tokens[i+1:]
		if len(rest) > 2 && rest[0].word == "after" && (rest[1].word == "me" || rest[1].word == "us") {
			rest = rest[2:]
		}
		for len(rest) > 0 && (rest[0].word == "the" || rest[0].word == "word" || rest[0].word == "a" || rest[0].word == "out" || rest[0].word == "name") {
			rest = rest[1:]
		}
		var words []string
		for _, r := range rest {
			if len(words) > 0 && r.word == "to" {
				rest = rest[:len(words)]
				break
			}
			if len(words) == 3 || !(a.o.lex.known[r.word] || sayable[r.word] || a.isNamed(r.word)) {
				break
			}
			words = append(words, r.word)
		}
		if len(words) == len(rest) && len(words) > 0 && words[0] != "something" && words[0] != "anything" {
			return strings.Join(words, " ")
		}
	}
	return ""
}

// sayable are words beyond the lexicon that may be said on request.
var sayable = set("hello hi hey yes no boo goodbye bye please thanks happy birthday good night evening morning abracadabra meow")
