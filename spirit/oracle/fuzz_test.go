package oracle

import (
	"os"
	"slices"
	"strings"
	"testing"

	"seance/internal/seance"
	"seance/spirit"
)

// TestAnything asks questions made of odd pieces. 20,000 of them; 100,000 where SEANCE_TEST_LONG is set.
func TestAnything(t *testing.T) {
	o := New()
	rows, _ := labelledQuestions(t)
	n := 20_000
	if os.Getenv("SEANCE_TEST_LONG") != "" {
		n = 100_000
	}
	if testing.Short() {
		n = 4_000
	}
	odd := []string{"?", "!!", "[THING]", "{past}", "%s", "or", "or or", "my", "'s", "\u202e", "🦉", "мы", "李雷", "who", "why", "9999999999999", "-1", "1/0", "0", "=", "\n", "\x00", "é", "İstanbul",
		"Mara", "Jun's", "the", "a", "an", "|", "==", "~", "YES", "NO", "GOODBYE", "say", "spell", "it", "he", "will", "did", ",", "I or you", "less", "x", "^"}
	var words []string
	for w := range o.lex.known {
		words = append(words, w)
	}
	// the order of a map must not make the test another one every day
	slices.Sort(words)
	d := die(4)
	s := sit(o, 1, personas()[0])
	for i := range n {
		if i%40 == 0 {
			s = sit(o, uint32(d.next()), personas()[d.n(3)])
			s.p.Present = [][]string{{"Mara", "Jun", "Tom"}, {"Mara"}, {"Zoë", "李雷"}, {}}[d.n(4)]
			s.p.Letters = []int{24, 44}[d.n(2)]
			s.p.Tone = []seance.Tone{seance.Family, seance.Adult}[d.n(2)]
		}
		var b strings.Builder
		for range 1 + d.n(9) {
			switch d.n(4) {
			case 0:
				b.WriteString(pick(&d, odd))
			case 1:
				piece := strings.Fields(rows[d.n(len(rows))].question)
				b.WriteString(strings.Join(piece[:1+d.n(len(piece))], " "))
			default:
				b.WriteString(pick(&d, words))
			}
			b.WriteString(pick(&d, []string{" ", " ", " ", ", ", ""}))
		}
		asker := ""
		if len(s.p.Present) > 0 {
			asker = pick(&d, s.p.Present)
		}
		if _, u := s.ask(asker, b.String()); wrong(u, s.p.Letters) != "" {
			t.Fatalf("%q: %q | %q: %s", b.String(), u.board, u.whisper, wrong(u, s.p.Letters))
		}
	}
}

// FuzzAnswer lets no text whatever break the board.
func FuzzAnswer(f *testing.F) {
	o := New()
	for _, q := range evening {
		f.Add(q, uint32(1), 3)
	}
	f.Add("\xff\xfe or \x00?", uint32(9), 30)
	f.Fuzz(func(t *testing.T, q string, seed uint32, turn int) {
		p := spirit.Prompt{Question: q, Asker: q, Present: []string{q, "Jun"}, Seed: seed, Turn: turn, Persona: personas()[seed%3], Letters: 24,
			Recent: []spirit.Turn{{Asker: "Jun", Question: q, Board: "YES"}}}
		if _, u := o.answer(&p); wrong(u, 24) != "" && !strings.ContainsAny(q, "[]{}|_<>#* \n\r\t") {
			t.Errorf("%q: %q | %q: %s", q, u.board, u.whisper, wrong(u, 24))
		}
	})
}
