package oracle

import (
	"regexp"
	"strings"
	"testing"
)

// TestParty asks, one after another, what tables throw at a spirit, of several ghosts, and holds the board to what would
// read as an answer.
func TestParty(t *testing.T) {
	o := New()
	for _, c := range []struct {
		questions string // the last is judged; those before lead up to it
		board     string
	}{
		{"guess my age; no, higher", `^(THEN IT IS |THEN TIS )?[0-9]+( THEN| IS MY LAST GUESS)?$`},
		{"who wins between a shark and a bear", `SHARK|BEAR`},
		{"tea versus coffee", `TEA|COFFEE`},
		{"are you moving it or is Tom", `\b(I|TOM)\b`},
		{"cheese", `CHEESE`},
		{"hahahaha", `LAUGH|SOUND|FUNNY|GIGGLE|JOKE|HA`},
		{"what about", `ABOUT|FINISH|REST`},
		{"who is the dumbest", `^(NONE|NOBODY|I AM|ONLY I|THE FURNITURE|NOT ANY)`},
		{"is Tom stupid", `^(NO|NAY|NEVER)`},
		{"am i pretty", `^(YES|AYE|YOU ARE|THOU ART)`},
		{"can ghosts hurt us", `^(NO|NAY)`},
		{"are we in danger", `^(NO|NAY)`},
		{"burn the doll?", yesWords.String()},
		{"what is your name; how do you spell that", `^(?!THAT)`},
		{"what should i cook; i am vegetarian; what about dessert", `^(?!NAY|NO|YES)`},
		{"tell us a joke; tell a better one", `^(?!AS YOU WISH)`},
		{"can you do my homework", `HANDS|FINGERS|WARM|THROUGH`},
		{"what fruit are you", `^(?!I AM)`},
	} {
		not, want := "", c.board
		if rest, ok := strings.CutPrefix(want, "^(?!"); ok { // what it must not begin with
			not, want = strings.TrimSuffix(rest, ")"), ""
		}
		good, bad := regexp.MustCompile(want), regexp.MustCompile("^("+not+`)\b`)
		for seed := range uint32(12) {
			s := sit(o, seed, personas()[seed%3])
			var u utterance
			for _, q := range strings.Split(c.questions, "; ") {
				_, u = s.ask("Mara", q)
			}
			if !good.MatchString(u.board) || not != "" && bad.MatchString(u.board) {
				t.Errorf("seed %d, %q: %q", seed, c.questions, u.board)
			}
		}
	}
}

// TestHorizon holds that the tail of a yes or no fits the time the question is about.
func TestHorizon(t *testing.T) {
	o := New()
	far := regexp.MustCompile(`YEAR|SPRING|SUMMER|AUTUMN|WINTER|JANUARY|FEBRUARY|MARCH|APRIL|BY MAY|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER|(MON|TUES|WEDNES|THURS|FRI|SATUR|SUN)DAY|RAIN`)
	for _, questions := range []string{"will it rain tomorrow", "will the bread rise", "will the bus come", "will my exam go well on monday", "is the meeting going to be long today",
		"will the party on friday be fun; will the neighbours complain", "will the pizza come; is it going to be cold"} {
		for seed := range uint32(40) {
			s := sit(o, seed, personas()[seed%3])
			var u utterance
			for _, q := range strings.Split(questions, "; ") {
				_, u = s.ask("Mara", q)
			}
			if far.MatchString(u.board) {
				t.Errorf("seed %d, %q: %q", seed, questions, u.board)
			}
		}
	}
}

// TestOwnWords holds that boards made for one persona's words are said by nobody else.
func TestOwnWords(t *testing.T) {
	o := New()
	owned := map[string][]string{}
	for _, l := range o.book.lines {
		if l.own != nil && len(l.board) == 1 && l.board[0].slot == "" {
			owned[l.board[0].text] = l.own
		}
	}
	rows, _ := labelledQuestions(t)
	said := 0
	for i, p := range shipped(t) {
		s := sit(o, uint32(i), p)
		for n := range 300 {
			_, u := s.ask("Mara", rows[(n*7+i)%len(rows)].question)
			if u.line.own == nil {
				continue
			}
			said++
			if v := o.voice(&p, s.p.Tone); !v.brings(u.line.own) {
				t.Errorf("%s said %q, which belongs to %v", p.ID, u.board, u.line.own)
			}
		}
	}
	if len(owned) == 0 || said == 0 {
		t.Error("no persona said anything of its own")
	}
}
