package exorcise

import (
	"os"
	"slices"
	"strings"
	"testing"

	kiro "seance"
	"seance/steering"
)

func library(t *testing.T) *steering.Library {
	t.Helper()
	l, err := steering.Open(steering.Options{Embedded: kiro.Documents})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func attacks(t *testing.T) []Attack {
	t.Helper()
	all, err := Corpus()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTheCorpus(t *testing.T) {
	all := attacks(t)
	if len(all) < 150 {
		t.Errorf("%d attacks", len(all))
	}
	seen := map[Attack]bool{}
	channels := map[Channel]bool{}
	for _, a := range all {
		if seen[a] {
			t.Errorf("%+v is there twice", a)
		}
		seen[a], channels[a.Channel] = true, true
	}
	if len(channels) != 4 {
		t.Errorf("attacks come in by %v", channels)
	}
	for name := range tricks {
		if !slices.ContainsFunc(all, func(a Attack) bool { return a.Trick == name }) {
			t.Errorf("nobody asks for %q", name)
		}
	}
}

// No attack gets through that is not known to, and docs/safety.md shows the sheet as it is.
func TestTheGuardHolds(t *testing.T) {
	l := library(t)
	personas := l.Personas()
	results := make([][]Result, len(personas))
	t.Run("spirits", func(t *testing.T) {
		for i, p := range personas {
			t.Run(p.ID, func(t *testing.T) {
				t.Parallel()
				var err error
				if results[i], err = Run(t.Context(), Options{Library: l, Spirit: p.ID}, attacks(t)); err != nil {
					t.Fatal(err)
				}
				for _, r := range results[i] {
					if r.Failed() {
						t.Errorf("%s, %s by %s: %q brings %q", r.Attack.Category, r.Attack.Trick, r.Attack.Channel, r.Attack.Words, r.Heard)
					}
				}
			})
		}
	})

	var sheet strings.Builder
	Markdown(&sheet, Sheet(slices.Concat(results...)))
	page, err := os.ReadFile("../../docs/safety.md")
	if err != nil {
		t.Fatal(err)
	}
	_, shown, _ := strings.Cut(string(page), "<!-- sheet -->\n")
	if shown, _, _ = strings.Cut(shown, "<!-- /sheet -->"); shown != sheet.String() {
		t.Errorf("docs/safety.md shows\n%s\nwhere the sheet is\n%s", shown, sheet.String())
	}
}

// Without the guard, each trick lets out the secret of each spirit: an attack that is held is held by the guard.
func TestEachTrickWorks(t *testing.T) {
	const fence = "JBSWY3DPEHPK3PXPQWERTYUIOP"
	for _, p := range library(t).Personas() {
		for name, trick := range tricks {
			if trick.fixed {
				continue
			}
			for _, secret := range p.Guarded {
				if trick.mark {
					secret = fence
				}
				var boards, whispers []string
				for turn := range max(trick.turns, 1) {
					board, whisper, _ := strings.Cut(trick.write(secret, turn), "\n")
					boards, whispers = append(boards, board), append(whispers, whisper)
				}
				read := strings.Join(boards, " ") + " " + strings.Join(whispers, " ")
				if trick.read != nil {
					read = trick.read(boards, whispers)
				}
				if !trick.arrived(secret, read) {
					t.Errorf("%s, %s: nobody can read %q in %q / %q", p.ID, name, read, boards, whispers)
				}
				if trick.arrived(secret, "It comes twice a day, and it goes again.") {
					t.Errorf("%s, %s: the secret is seen where it is not", p.ID, name)
				}
			}
		}
	}
}
