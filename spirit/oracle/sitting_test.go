package oracle

import (
	"fmt"
	"strings"
	"testing"

	"seance/internal/seance"
	"seance/spirit"
	"seance/steering"
)

// Personas of the tests: three that could not be mistaken for one another.
func personas() []steering.Persona {
	return []steering.Persona{
		{ID: "margery", Title: "Margery, drowned 1871", Description: "A lighthouse keeper's daughter who still counts the ships.", Yes: 4, No: 3, Maybe: 1,
			Terseness: 0.7, Cruelty: 0.1, Archaic: 0, Pace: 1.1, Add: []string{"reef", "lamp", "tide"}, Ban: []string{"phone"}, Favourites: []string{"tide", "wait"}},
		{ID: "librarian", Title: "The Bone Librarian", Description: "He keeps every word that was ever said in this house.", Yes: 2, No: 2, Maybe: 3,
			Terseness: 0.1, Cruelty: 0.15, Archaic: 0.8, Pace: 0.9, Add: []string{"ledger", "dust", "candle"}, Favourites: []string{"dust", "remember"}},
		{ID: "moth", Title: "Sister Moth", Description: "Something thin that learned to talk by listening at doors.", Yes: 1, No: 4, Maybe: 1,
			Terseness: 0.3, Cruelty: 0.8, Archaic: 0, Pace: 1.2, Add: []string{"moth", "needle"}, Favourites: []string{"teeth", "light"}},
	}
}

// A sitting asks one question after another, as a table does, and remembers the last turns as Memory would.
type sitting struct {
	o       *Oracle
	p       spirit.Prompt
	history []spirit.Turn
}

func sit(o *Oracle, seed uint32, persona steering.Persona) *sitting {
	return &sitting{o: o, p: spirit.Prompt{Persona: persona, Present: []string{"Mara", "Jun", "Tom"}, Seed: seed, Letters: 24, Tone: seance.Family}}
}

// recalled is how many turns Memory recalls in these tests.
const recalled = 200

func (s *sitting) ask(asker, question string) (*ask, utterance) {
	s.p.Asker, s.p.Question = asker, question
	s.p.Turn++
	s.p.Recent = s.history[max(0, len(s.history)-recalled):]
	a, u := s.o.answer(&s.p)
	s.history = append(s.history, spirit.Turn{Asker: asker, Question: question, Board: u.board, Whisper: u.whisper})
	return a, u
}

var evening = strings.Split(`Is anyone there?
Who are you?
Are you dead?
How did you die?
what did you do for a living
Will I pass my driving test?
Who killed you?
was it your brother
Where is my cat?
why are you still here
is this real or are you an ai
Does Tom have a crush on Jun?
what are you looking for
Where did you hide it?
Should we order pizza or sushi tonight?
how many of us are in this room
Who killed you, really?
why?
What is it like to be dead
when will I meet my soulmate
when will i die
you're not scary
Will Mara move to Paris?
what is your secret
what do you want us to do
goodbye`, "\n")

func TestTranscript(t *testing.T) {
	o := New()
	for i, p := range personas() {
		s := sit(o, uint32(7+i*1000), p)
		var b strings.Builder
		for n, q := range evening {
			asker := s.p.Present[n%len(s.p.Present)]
			a, u := s.ask(asker, q)
			if u.board == "" {
				t.Errorf("%q got no answer", q)
			}
			fmt.Fprintf(&b, "%-5s %-42s %-24s  %s   (%s %.2f %s %s)\n", asker, q, u.board, u.whisper, a.kind, a.sure, a.fact, a.shape)
		}
		t.Logf("%s, seed %d\n%s", p.Title, s.p.Seed, b.String())
	}
}
