package oracle

import (
	"fmt"
	"strings"
	"testing"

	"seance/internal/seance"
	"seance/spirit"
)

var occasions = []seance.Trigger{
	seance.SeanceOpened, seance.ParticipantJoined, seance.ParticipantLeft, seance.SilenceFell, seance.ClockStruck, seance.AnswerRated, seance.AnswerGiven,
}

// unasked lets the spirit speak of its own accord, as a hook does.
func (s *sitting) unasked(i seance.Initiative) utterance {
	s.p.Asker, s.p.Question, s.p.Initiative = "", "", &i
	s.p.Recent = s.history[max(0, len(s.history)-recalled):]
	_, u := s.o.answer(&s.p)
	s.p.Initiative = nil
	s.history = append(s.history, spirit.Turn{Board: u.board, Whisper: u.whisper})
	return u
}

// TestInitiatives holds that the spirit has twelve things to say for everything that happens before it says one again,
// and that none is a yes or a no to a question nobody asked.
func TestInitiatives(t *testing.T) {
	o := New()
	for _, p := range personas() {
		for _, trigger := range occasions {
			s := sit(o, 11, p)
			said := map[string]bool{}
			for n := range 12 {
				u := s.unasked(seance.Initiative{Key: fmt.Sprint("hook/", n), Occasion: seance.Occasion{
					Trigger: trigger, Participant: &seance.Participant{Name: "Ida"}, Question: "will it rain?", Board: "YES", Rating: 5,
				}})
				if said[u.board] {
					t.Errorf("%s, %s: %q comes twice", p.ID, trigger, u.board)
				}
				said[u.board] = true
				if yesWords.MatchString(u.board) || u.board == "GOODBYE" || len(u.board) > 24 {
					t.Errorf("%s, %s: %q", p.ID, trigger, u.board)
				}
			}
		}
	}
}

// TestInitiativeIsNoTurn holds that what nobody asked does not get between a question and the one that leans on it.
func TestInitiativeIsNoTurn(t *testing.T) {
	o := New()
	for seed := range uint32(10) {
		s := sit(o, seed, personas()[0])
		s.ask("Mara", "Who killed you?")
		s.unasked(seance.Initiative{Key: "k", Occasion: seance.Occasion{Trigger: seance.SilenceFell}})
		if a, u := s.ask("Mara", "why?"); a.fact != "motive" {
			t.Errorf("seed %d: %q", seed, u.board)
		}
	}
}

func TestJoinedIsGreetedByName(t *testing.T) {
	o, named := New(), 0
	for seed := range uint32(40) {
		u := sit(o, seed, personas()[0]).unasked(seance.Initiative{Key: "k", Occasion: seance.Occasion{
			Trigger: seance.ParticipantJoined, Participant: &seance.Participant{Name: "Ida"},
		}})
		if strings.Contains(u.board, "IDA") {
			named++
		}
	}
	if named < 15 {
		t.Errorf("%d of 40 who joined heard their name", named)
	}
}
