package oracle

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	kiro "seance"
	"seance/steering"
)

// marks are what a listener could tell a spirit by: not what it is called, only how it talks.
func marks(u utterance, seen map[string]float64) {
	words := strings.Fields(u.board)
	for _, w := range words {
		seen["board "+w]++
	}
	switch {
	case len(words) < 2:
		seen["one word"]++
	case len(words) < 4:
		seen["two or three"]++
	default:
		seen["four or five"]++
	}
	if u.whisper == "" {
		seen["silent"]++
	} else {
		seen["whispers"]++
	}
	for _, w := range strings.Fields(strings.ToLower(strings.NewReplacer(".", "", ",", "", "?", "", ":", "").Replace(u.whisper))) {
		seen["said "+w]++
	}
}

// identify learns from some sittings how each persona talks, by naive Bayes, and says how often it knows one again from
// five answers of another ghost of theirs.
func identify(t *testing.T, o *Oracle, list []steering.Persona) float64 {
	t.Helper()
	rows, _ := labelledQuestions(t)
	five := func(p steering.Persona, seed uint32, seen map[string]float64) {
		s := sit(o, seed, p)
		s.p.Turn = int(seed % 12)
		for n := range 5 {
			q := rows[int(hash(uint64(seed), "q", string(rune('a'+n)))%uint64(len(rows)))].question
			_, u := s.ask("Mara", q)
			marks(u, seen)
		}
	}
	learned := make([]map[string]float64, len(list))
	totals := make([]float64, len(list))
	all := map[string]bool{}
	for i, p := range list {
		learned[i] = map[string]float64{}
		for seed := range uint32(300) {
			five(p, seed, learned[i])
		}
		for w, n := range learned[i] {
			totals[i] += n
			all[w] = true
		}
	}
	right, tries := 0, 0
	for i, p := range list {
		for seed := uint32(5000); seed < 5200; seed++ {
			heard := map[string]float64{}
			five(p, seed, heard)
			best, top := -1, math.Inf(-1)
			for j := range list {
				score := 0.0
				for w, n := range heard {
					score += n * math.Log((learned[j][w]+0.3)/(totals[j]+0.3*float64(len(all))))
				}
				if score > top {
					best, top = j, score
				}
			}
			tries++
			if best == i {
				right++
			}
		}
	}
	return float64(right) / float64(tries)
}

func TestPersonasAreToldApart(t *testing.T) {
	share := identify(t, New(), personas())
	t.Logf("known again from five answers: %.1f %%", 100*share)
	if share < 0.9 {
		t.Errorf("known again in %.3f, want 0.9", share)
	}
}

func TestPersonaRules(t *testing.T) {
	o := New()
	rows, _ := labelledQuestions(t)
	p := steering.Persona{ID: "b", Ban: []string{"candle", "dust", "lamp"}, Yes: 1, No: 0, Maybe: 0, Terseness: 1}
	words, n := 0, 0
	s := sit(o, 3, p)
	for i := range 400 {
		a, u := s.ask("Mara", rows[i*3%len(rows)].question)
		for _, banned := range []string{"CANDLE", "CANDLES", "DUST", "LAMP"} {
			for _, w := range strings.FieldsFunc(strings.ToUpper(u.board+" "+u.whisper), func(r rune) bool { return r < 'A' || r > 'Z' }) {
				if w == banned && a.kind != Choice {
					t.Errorf("%q: says %s, which it never says: %q %q", a.p.Question, banned, u.board, u.whisper)
				}
			}
		}
		if a.kind == YesNo && a.claim == "" && a.guard == "" && u.sense == no && !a.flip && u.line.key == "no" {
			t.Errorf("%q: a spirit that only says yes said %q", a.p.Question, u.board)
		}
		words += len(strings.Fields(u.board + " " + u.whisper))
		n++
	}
	p.Terseness = 0
	s = sit(o, 3, p)
	more := 0
	for i := range 400 {
		_, u := s.ask("Mara", rows[i*3%len(rows)].question)
		more += len(strings.Fields(u.board + " " + u.whisper))
	}
	t.Logf("words an answer: terse %.1f, talkative %.1f", float64(words)/float64(n), float64(more)/400)
	if float64(words) > 0.75*float64(more) {
		t.Errorf("a terse spirit says %d words where a talkative one says %d", words, more)
	}
}

// TestTitle holds that a persona's title and description shape its ghost.
func TestTitle(t *testing.T) {
	o := New()
	for _, c := range []struct {
		p          steering.Persona
		name, plot string
		died       int
		woman      bool
	}{
		{steering.Persona{Title: "Margery, drowned 1871", Description: "A lighthouse keeper's daughter."}, "Margery", "drowned", 1871, true},
		{steering.Persona{Title: "Old Tobias", Description: "He rang the bells until one fell."}, "Tobias", "", 0, false},
		{steering.Persona{Title: "Captain Ezra Pike, lost at sea, 1790"}, "Ezra", "marsh", 1790, false},
	} {
		for seed := range uint32(10) {
			g := o.stock.soul(seed, &c.p)
			if g.name != c.name || c.died != 0 && g.died != c.died || c.plot != "" && c.plot != "marsh" && g.plot.id != c.plot || g.woman != c.woman {
				t.Errorf("%q: %s, died %d by %s, woman %v", c.p.Title, g.name, g.died, g.plot.id, g.woman)
			}
		}
	}
	p := steering.Persona{Title: "The Bone Librarian"}
	if g := o.stock.soul(1, &p); g.title != "The Bone Librarian" || g.name == "" || g.trade != "librarian" {
		t.Errorf("the librarian is %q, called %q, a %s", g.name, g.title, g.trade)
	}
}

// shipped are the personas that come with the house.
func shipped(t *testing.T) []steering.Persona {
	t.Helper()
	library, err := steering.Open(steering.Options{Embedded: kiro.Documents})
	if err != nil {
		t.Fatal(err)
	}
	return library.Personas()
}

// TestShippedPersonas holds the same of the spirits that ship.
func TestShippedPersonas(t *testing.T) {
	list := shipped(t)
	share := identify(t, New(), list)
	t.Logf("%d spirits, known again from five answers: %.1f %%", len(list), 100*share)
	if len(list) < 3 || share < 0.9 {
		t.Errorf("%d spirits are known again in %.3f, want three or more in 0.9", len(list), share)
	}
}

// TestGolden holds the words of whole sittings. Run with -train after a wanted change to write them anew.
func TestGolden(t *testing.T) {
	o := New()
	for i, p := range personas() {
		s := sit(o, uint32(7+i*1000), p)
		var b strings.Builder
		for n, q := range evening {
			_, u := s.ask(s.p.Present[n%3], q)
			b.WriteString(q + "\n\t" + u.board + "\n")
			if u.whisper != "" {
				b.WriteString("\t" + u.whisper + "\n")
			}
		}
		path := filepath.Join("testdata", p.ID+".txt")
		if *train {
			if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(want) != b.String() {
			t.Errorf("%s differs from %s: go test -run Golden ./spirit/oracle -train writes it anew; got\n%s", p.ID, path, b.String())
		}
	}
}
