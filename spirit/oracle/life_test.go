package oracle

import (
	"strings"
	"testing"

	"seance/steering"
)

// TestWrittenLife holds that what a persona's author wrote of its life is what it tells, whatever the seed drew.
func TestWrittenLife(t *testing.T) {
	o := New()
	p := personas()[0]
	p.Soul = map[string]string{
		"name": "Margery Wick", "born": "1849", "died": "in 1871", "trade": "lighthouse keeper", "town": "Saltmere", "manner": "drowned off the reef",
		"culprit": "her uncle Silas", "object": "a brass key", "kin": "sister Nell", "secret": "the lamp was put out on purpose", "want": "light the lamp", "room": "the lamp room",
	}
	for seed := range uint32(12) {
		s := sit(o, seed, p)
		s.p.Turn = 10
		for _, c := range []struct{ question, want string }{
			{"what year did you die?", "1871"},
			{"when were you born", "1849"},
			{"how old were you", "22"},
			{"were you born in 1849?", "YES"},
			{"was it your uncle?", "YES"},
			{"was it Silas", "YES"},
			{"did you drown", "YES"},
			{"are you a woman", "YES"},
		} {
			_, u := s.ask("Mara", c.question)
			if !strings.Contains(u.board, c.want) && !(c.want == "YES" && u.sense == yes) {
				t.Errorf("seed %d: %q got %q, want %q", seed, c.question, u.board, c.want)
			}
		}
		g := o.stock.soul(seed, &p)
		if g.object != "brass key" || g.beloved.name != "Nell" || !g.culprit.kin || g.room != "lamp room" || g.twist.want != "LIGHT THE LAMP" || !g.woman || g.surname != "Wick" {
			t.Errorf("seed %d: %+v", seed, g)
		}
		_, u := s.ask("Mara", "what is your secret")
		if !strings.Contains(strings.ToLower(u.board+u.whisper), "lamp was put out") && !strings.Contains(u.board, "SAY") {
			t.Errorf("seed %d: the secret is %q %q", seed, u.board, u.whisper)
		}
	}
}

// TestMargery holds it of a persona that a host wrote: the name and the year of her title, drowned, a woman.
func TestMargery(t *testing.T) {
	library, err := steering.Open(steering.Options{Dir: "../../steering/testdata/kiro/.kiro"})
	if err != nil {
		t.Fatal(err)
	}
	p, ok := library.Persona("margery")
	if !ok {
		t.Fatal("there is no Margery")
	}
	o := New()
	for seed := range uint32(12) {
		if g := o.stock.soul(seed, &p); g.name != "Margery" || g.died != 1871 || g.plot.id != "drowned" || !g.woman {
			t.Errorf("seed %d: %s, %d, %s", seed, g.name, g.died, g.plot.id)
		}
		s := sit(o, seed, p)
		if _, u := s.ask("Mara", "what year did you die"); !strings.Contains(u.board, "1871") {
			t.Errorf("seed %d: she died in %q", seed, u.board)
		}
		if _, u := s.ask("Mara", "did you drown?"); u.sense != yes {
			t.Errorf("seed %d: did she drown? %q", seed, u.board)
		}
	}
}
