package oracle

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"seance/internal/seance"
	"seance/spirit"
	"seance/steering"
)

var _ spirit.Provider = (*Oracle)(nil)

// wrong says what no board may show, or "".
func wrong(u utterance, letters int) string {
	switch words := strings.Fields(u.board); {
	case u.board == "":
		return "no board"
	case strings.Trim(u.board, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ") != "":
		return "a letter that is not on the board"
	case strings.Join(words, " ") != u.board:
		return "spaces that are not single"
	case len(u.board) > letters:
		return fmt.Sprintf("%d letters, at most %d", len(u.board), letters)
	case len(words) > 5:
		return "more than five words"
	case len(words)+len(strings.Fields(u.whisper)) > 30:
		return "more than 30 words in all"
	case strings.ContainsAny(u.board+u.whisper, "[]{}|_<>#*") || strings.Contains(u.whisper, "  ") || strings.Contains(u.whisper, " ."):
		return "a slot that was not filled"
	case strings.ContainsAny(u.whisper, "\n\r\t"):
		return "a whisper of more than one line"
	}
	return ""
}

func TestComplete(t *testing.T) {
	o := New()
	if got, want := o.Name(), "oracle"; got != want {
		t.Errorf("Name is %q, want %q", got, want)
	}
	p := spirit.Prompt{Question: "Is anybody there?", Asker: "Mara", Present: []string{"Mara", "Jun"}, Seed: 3, Turn: 1, Letters: 24, Tone: seance.Family}
	var said []string
	r, err := o.Complete(context.Background(), p, func(text string) error { said = append(said, text); return nil })
	if err != nil {
		t.Fatal(err)
	}
	if r.Source != seance.SourceOracle || r.Model != "oracle" {
		t.Errorf("result is %+v, want source and model oracle", r)
	}
	board, whisper, _ := strings.Cut(strings.Join(said, ""), "\n")
	if bad := wrong(utterance{board: board, whisper: whisper}, 24); bad != "" {
		t.Errorf("said %q: %s", said, bad)
	}

	p.Question = "when will I die?"
	if r, err = o.Complete(context.Background(), p, func(string) error { return nil }); err != nil || r.Source != seance.SourceDeflection {
		t.Errorf("a question that is turned aside gives %+v, %v", r, err)
	}
	refused := errors.New("no room")
	if _, err := o.Complete(context.Background(), p, func(string) error { return refused }); !errors.Is(err, refused) {
		t.Errorf("error is %v, want the emitter's", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := o.Complete(ctx, p, func(string) error { t.Error("said something after the end"); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want context.Canceled", err)
	}
}

// TestZeroPrompt holds that the oracle answers whatever it is given.
func TestZeroPrompt(t *testing.T) {
	_, u := New().answer(&spirit.Prompt{})
	if bad := wrong(u, 24); bad != "" {
		t.Errorf("said %q: %s", u.board, bad)
	}
}

func TestSameSeedSameWords(t *testing.T) {
	one, two := New(), New() // two oracles: nothing is kept between calls
	for _, p := range personas() {
		s, r := sit(one, 77, p), sit(two, 77, p)
		for i, q := range evening {
			_, u := s.ask(s.p.Present[i%3], q)
			_, w := r.ask(r.p.Present[i%3], q)
			if u.board != w.board || u.whisper != w.whisper {
				t.Errorf("%s, %q: %q %q, then %q %q", p.ID, q, u.board, u.whisper, w.board, w.whisper)
			}
		}
	}
	_, u := sit(one, 1, personas()[0]).ask("Mara", "who killed you and what are you hiding?")
	differ := false
	for seed := uint32(2); seed < 12; seed++ {
		_, w := sit(one, seed, personas()[0]).ask("Mara", "who killed you and what are you hiding?")
		differ = differ || w.board != u.board
	}
	if !differ {
		t.Error("eleven seeds, one ghost")
	}
}

// TestAskedAgain holds that the world does not change because it was asked twice.
func TestAskedAgain(t *testing.T) {
	o := New()
	for seed := range uint32(30) {
		for _, q := range []string{"Where is my cat?", "Who stole my hat?", "When will it snow?", "What is in the box?", "How many stars are there?", "tea or coffee?", "Why is it so cold in here?", "Will Tom find a job?"} {
			s := sit(o, seed, personas()[seed%3])
			s.ask("Tom", "who took the key")
			_, first := s.ask("Mara", q)
			s.ask("Jun", "where did you hide it")
			s.ask("Jun", "say something")
			if _, again := s.ask("Tom", "so "+strings.ToLower(q)); again.board != first.board {
				t.Errorf("seed %d, %q: %q, then %q", seed, q, first.board, again.board)
			}
		}
	}
}

// TestPolarity holds that a yes stays a yes, and that its opposite is a no.
func TestPolarity(t *testing.T) {
	o := New()
	for _, c := range []struct{ one, other, same string }{
		{"Will I pass my exam?", "will i fail my exam", "am I going to pass the exam?"},
		{"Will we win the game?", "Will we lose the game?", "are we going to win the game"},
		{"Is the attic safe?", "is the attic dangerous", "so is the attic safe"},
		{"Does she love him?", "does she hate him", "does she really love him?"},
		{"Is he lucky?", "is he unlucky?", "is he lucky or not"},
		{"Will it be hot in May?", "Will it be cold in May?", "is it going to be hot in may"},
	} {
		for seed := range uint32(40) {
			s := sit(o, seed, personas()[0])
			_, one := s.ask("Mara", c.one)
			_, other := s.ask("Jun", c.other)
			_, same := s.ask("Tom", c.same)
			if one.sense != same.sense {
				t.Errorf("seed %d: %q is %v, %q is %v", seed, c.one, one.sense, c.same, same.sense)
			}
			if one.sense.flipped() != other.sense {
				t.Errorf("seed %d: %q is %v, %q is %v", seed, c.one, one.sense, c.other, other.sense)
			}
		}
	}
}

func TestNeverHuman(t *testing.T) {
	o := New()
	for _, q := range []string{"are you human", "Are you a human being?", "are you a real person", "so you're a person?", "are you flesh and blood", "am i talking to a human"} {
		for seed := range uint32(60) {
			s := sit(o, seed, personas()[seed%3])
			s.p.Turn = int(seed % 25)
			_, u := s.ask("Mara", q)
			if strings.HasPrefix(u.board, "YES") || strings.HasPrefix(u.board, "AYE") || strings.HasSuffix(u.board, " AM") {
				t.Errorf("seed %d: %q got %q", seed, q, u.board)
			}
		}
	}
	for _, q := range []string{"are you an ai", "are you a robot?", "is this a computer program"} {
		for seed := range uint32(60) {
			_, u := sit(o, seed, personas()[seed%3]).ask("Mara", q)
			if strings.HasPrefix(u.board, "NO ") || u.board == "NO" || strings.HasPrefix(u.board, "NAY") {
				t.Errorf("seed %d: %q got %q", seed, q, u.board)
			}
		}
	}
}

// TestAsides holds that at most one answer in nine turns to somebody silent or comes back to an earlier noun.
func TestAsides(t *testing.T) {
	o := New()
	rows, _ := labelledQuestions(t)
	for seed := range uint32(10) {
		s := sit(o, seed, personas()[seed%3])
		var aside []int
		for n := range 90 {
			if _, u := s.ask("Mara", rows[(n*131+int(seed))%len(rows)].question); u.from == "~aside" || u.from == "~recall" {
				aside = append(aside, s.p.Turn/9)
			}
		}
		for i := 1; i < len(aside); i++ {
			if aside[i] == aside[i-1] {
				t.Errorf("seed %d: two asides within nine answers", seed)
			}
		}
	}
}

// TestSecretsComeLate holds that neither name nor hiding place slips out before its time.
func TestSecretsComeLate(t *testing.T) {
	o := New()
	rows, _ := labelledQuestions(t)
	for seed := range uint32(40) {
		p := personas()[seed%3]
		s := sit(o, seed, p)
		g := o.stock.soul(seed, &p)
		for n := range restlessUntil {
			_, u := s.ask("Mara", rows[(n*73+int(seed)*11)%len(rows)].question)
			said := " " + strings.ToLower(u.board+" "+u.whisper) + " "
			for _, secret := range []string{g.culprit.name, g.hide.text} {
				if strings.Contains(said, " "+strings.ToLower(secret)+" ") {
					t.Errorf("seed %d, turn %d: %q gives %q away: %s | %s", seed, s.p.Turn, s.p.Question, secret, u.board, u.whisper)
				}
			}
		}
	}
}

func TestLetters(t *testing.T) {
	o := New()
	rows, _ := labelledQuestions(t)
	for _, letters := range []int{24, 44} {
		for i, r := range rows {
			s := sit(o, uint32(i), personas()[i%3])
			s.p.Turn, s.p.Letters = i%22, letters
			if _, u := s.ask("Mara", r.question); wrong(u, letters) != "" {
				t.Errorf("%q: %q | %q: %s", r.question, u.board, u.whisper, wrong(u, letters))
			}
		}
	}
}

// TestNames seats people whose names the board cannot spell, or that are words of their own.
func TestNames(t *testing.T) {
	o := New()
	for _, names := range [][]string{{"Zoë", "李雷"}, {"Will", "May"}, {"x", "Jean-Luc"}, {"A Very Long Name Of A Person", "🦉"}, {"O'Brien", ""}, {}} {
		for i, q := range evening {
			s := sit(o, 5, personas()[i%3])
			s.p.Present, s.p.Turn = names, i
			asker := ""
			if len(names) > 0 {
				asker = names[i%len(names)]
			}
			if _, u := s.ask(asker, q); wrong(u, 24) != "" {
				t.Errorf("%q, %q: %q | %q: %s", names, q, u.board, u.whisper, wrong(u, 24))
			}
		}
	}
	s := sit(o, 1, steering.Persona{})
	s.p.Present = []string{"Will", "May"}
	if a, _ := s.ask("Will", "will it rain in may"); len(a.named) != 0 {
		t.Errorf("took %q for people", a.named)
	}
	if a, _ := s.ask("Will", "does our May like tea?"); len(a.named) != 1 {
		t.Errorf("did not hear May's name: %q", a.named)
	}
}

// TestTwoHundred asks 200 open questions and counts what was said before: word for word, and nearly.
func TestTwoHundred(t *testing.T) {
	o := New()
	rows, _ := labelledQuestions(t)
	open := kindsOf(Who, What, Where, When, HowMany, HowLong, Why, How)
	for _, seed := range []uint32{1, 2, 3} {
		s := sit(o, seed, personas()[seed%3])
		boards, whole := map[string]int{}, map[string]int{}
		var said [][]string
		asks := map[uint64]bool{}
		near, asked := 0, 0
		for i := 0; i < len(rows) && asked < 200; i++ {
			r := rows[(i*37+int(seed)*101)%len(rows)]
			if open&kindsOf(r.kind) == 0 || understandAlone(o, r.question).fact != "" || understandAlone(o, r.question).guard != "" {
				continue // what the ghost says of itself must not change
			}
			if c := understandAlone(o, r.question).canon; asks[c] {
				continue // the same question in other words
			} else {
				asks[c] = true
			}
			asked++
			_, u := s.ask(s.p.Present[asked%3], r.question)
			boards[u.board]++
			whole[u.board+"|"+u.whisper]++
			words := strings.Fields(u.board + " " + strings.ToUpper(strings.NewReplacer(".", "", ",", "", "?", "").Replace(u.whisper)))
			for _, w := range said {
				if alike(w, words) > 0.7 {
					near++
					break
				}
			}
			said = append(said, words)
		}
		for b, n := range boards {
			if n > 1 {
				t.Logf("  %d %s", n, b)
			}
		}
		again := func(m map[string]int) (n int) {
			for _, c := range m {
				n += c - 1
			}
			return n
		}
		t.Logf("seed %d: of %d answers %d said again word for word, %d nearly; %d boards shown again", seed, asked, again(whole), near, again(boards))
		if asked < 200 {
			t.Fatalf("only %d open questions", asked)
		}
		if again(whole) > asked/100 || near > asked/20 {
			t.Errorf("seed %d: %d exact and %d near repeats in %d, want at most %d and %d", seed, again(whole), near, asked, asked/100, asked/20)
		}
	}
}
