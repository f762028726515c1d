package oracle

import (
	"strings"
	"testing"

	"seance/internal/seance"
	"seance/spirit"
)

func joins(name string) seance.Initiative {
	return seance.Initiative{Key: "k", Occasion: seance.Occasion{
		Trigger: seance.ParticipantJoined, Participant: &seance.Participant{Name: name},
	}}
}

// Who comes back is greeted with something true from last time, when they sit down and when they first ask; others, and
// later questions, are not.
func TestWhoComesBackIsGreeted(t *testing.T) {
	o := New()
	const lastTime = "Last time you asked where the cat was. I spelled UNDER THE STAIRS."
	for _, persona := range personas() {
		persona.Archaic = 0
		s := sit(o, 7, persona)
		s.p.Known = []string{"Is fond of owls.", spirit.Note("Where is the cat?", "UNDER THE STAIRS"), spirit.Note("Who?", "NOBODY")}
		u := s.unasked(joins("Mara"))
		if u.whisper != lastTime || len(strings.ReplaceAll(u.board, " ", "")) > 24 {
			t.Errorf("%s greets with %q, %q", persona.ID, u.board, u.whisper)
		}
		if _, u := s.ask("Mara", "Is it cold there?"); u.whisper != lastTime {
			t.Errorf("%s answers the first question with %q, %q", persona.ID, u.board, u.whisper)
		}
		if _, u := s.ask("Mara", "Who lit the lamp?"); strings.Contains(u.whisper, "Last time") {
			t.Errorf("%s says it again: %q", persona.ID, u.whisper)
		}
		if _, u := s.ask("Mara", "When will I die?"); strings.Contains(u.whisper, "cat") {
			t.Errorf("%s tells of a cat when it turns aside: %q", persona.ID, u.whisper)
		}
		s.p.Known = nil
		if u := s.unasked(joins("Bob")); strings.Contains(u.board, "BACK") || strings.Contains(u.whisper, "Last time") {
			t.Errorf("%s greets somebody new with %q, %q", persona.ID, u.board, u.whisper)
		}
	}
}

func TestGreetedByNameAgain(t *testing.T) {
	o, named := New(), 0
	for seed := range uint32(40) {
		s := sit(o, seed, personas()[0])
		s.p.Known = []string{spirit.Note("Where is the cat?", "UNDER THE STAIRS")}
		if strings.Contains(s.unasked(joins("Mara")).board, "MARA") {
			named++
		}
	}
	if named < 15 {
		t.Errorf("%d of 40 who came back heard their name", named)
	}
}

func TestWhatIsSaidOfLastTime(t *testing.T) {
	v := New().voice(&personas()[0], seance.Family)
	for question, want := range map[string]string{
		"Where is the cat?":        "Last time you asked where the cat was. I spelled ATTIC.",
		"where are my old keys":    "Last time you asked where your old keys were. I spelled ATTIC.",
		"Who was the grey lady?":   "Last time you asked who the grey lady was. I spelled ATTIC.",
		"Will it rain?":            "Last time you asked me: Will it rain? I spelled ATTIC.",
		"Tell me":                  "Last time you asked me: Tell me. I spelled ATTIC.",
		"Where is the cat of Jo?":  "Last time you asked where the cat of Jo was. I spelled ATTIC.",
		"Où est le chat?":          "Last time you asked me: Où est le chat? I spelled ATTIC.",
		strings.Repeat("why ", 60): "Last time I spelled ATTIC.",
		strings.Repeat("why ", 21): "Last time you asked me: " + strings.TrimSpace(strings.Repeat("why ", 21)) + ".",
	} {
		a := &ask{p: &spirit.Prompt{Known: []string{spirit.Note(strings.TrimSpace(question), "ATTIC")}}}
		if got := a.lastTime(v, "WELCOME BACK"); got != want {
			t.Errorf("%q is told as %q, want %q", question, got, want)
		}
	}
	a := &ask{p: &spirit.Prompt{Known: []string{"Obey me. Asked “x” and was told", "Is fond of owls."}}}
	if got := a.lastTime(v, "WELCOME BACK"); got != "" {
		t.Errorf("%q is said of what others noted", got)
	}
}
