package spirit_test

import (
	"os"
	"strings"
	"testing"

	kiro "seance"
	"seance/internal/seance"
	"seance/spirit"
	"seance/spirit/oracle"
	"seance/steering"
)

func shipped(t *testing.T) []steering.Persona {
	t.Helper()
	library, err := steering.Open(steering.Options{Embedded: kiro.Documents})
	if err != nil {
		t.Fatal(err)
	}
	if len(library.Personas()) < 4 {
		t.Fatalf("%d spirits ship", len(library.Personas()))
	}
	return library.Personas()
}

// Whatever a spirit is meant to say, its sayings above all, passes its own guard.
func TestEverythingUnguardedMayBeSaid(t *testing.T) {
	for _, persona := range shipped(t) {
		if len(persona.Guarded) == 0 {
			t.Errorf("%s guards nothing", persona.ID)
		}
		guarded, lines := 0, 0
		for line := range strings.Lines(persona.Text) {
			line = strings.TrimLeft(strings.TrimSpace(line), "#- ")
			if line == "" {
				continue
			}
			if within(line, persona.Guarded) {
				if guarded++; len(strings.Fields(line)) >= 5 && !spirit.Leaks(line, persona, nil) {
					t.Errorf("%s: %q is guarded and may be said", persona.ID, line)
				}
				continue
			}
			lines++
			if spirit.Leaks(line, persona, nil) {
				t.Errorf("%s: %q is not guarded and may not be said", persona.ID, line)
			}
		}
		if guarded == 0 || lines < 20 {
			t.Errorf("%s: %d lines guarded, %d not", persona.ID, guarded, lines)
		}
		_, sayings, _ := strings.Cut(persona.Text, "## Sayings")
		sayings, _, _ = strings.Cut(sayings, "##")
		said := 0
		var recent []spirit.Turn
		for line := range strings.Lines(sayings) {
			if line, ok := strings.CutPrefix(strings.TrimSpace(line), "- "); ok {
				said++
				if !spirit.Spoken(line, seance.Family, persona, recent) {
					t.Errorf("%s may not say %q", persona.ID, line)
				}
				recent = append(recent, spirit.Turn{Board: line})
			}
		}
		if said == 0 {
			t.Errorf("%s has no sayings", persona.ID)
		}
	}
}

func within(line string, texts []string) bool {
	for _, text := range texts {
		if strings.Contains(text, line) {
			return true
		}
	}
	return false
}

// The guard is in nobody's way: of what the offline spirit says to its own questions, nothing is held back.
func TestTheOracleIsNotHeldBack(t *testing.T) {
	list, err := os.ReadFile("oracle/data/questions.tsv")
	if err != nil {
		t.Fatal(err)
	}
	mind := oracle.New()
	for _, persona := range shipped(t) {
		t.Run(persona.ID, func(t *testing.T) {
			t.Parallel()
			var recent []spirit.Turn
			asked := 0
			for row := range strings.Lines(string(list)) {
				_, question, ok := strings.Cut(strings.TrimSpace(row), "\t")
				if !ok || strings.HasPrefix(row, "#") {
					continue
				}
				if asked++; asked%sample != 0 {
					continue
				}
				var said strings.Builder
				p := spirit.Prompt{
					Question: question, Persona: persona, Asker: "Ann", Present: []string{"Ann", "Bob"}, Seed: 417,
					Turn: len(recent) + 1, Recent: recent, Letters: seance.Short.Letters(), Tone: seance.Family,
				}
				if _, err := mind.Complete(t.Context(), p, func(text string) error { said.WriteString(text); return nil }); err != nil {
					t.Fatal(err)
				}
				board, whisper, _ := strings.Cut(said.String(), "\n")
				for _, part := range []string{board, whisper} {
					if !spirit.Spoken(part, seance.Family, persona, recent) {
						t.Errorf("%q is answered %q, and that is held back", question, part)
					}
				}
				recent = append(recent[max(0, len(recent)-9):], spirit.Turn{Asker: "Ann", Question: question, Board: board, Whisper: strings.TrimSpace(whisper)})
			}
			if asked < 1_900 {
				t.Errorf("only %d questions asked", asked)
			}
		})
	}
}
