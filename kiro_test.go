package kiro_test

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	kiro "seance"
	"seance/steering"
)

func TestTheDocumentsThatShipAreSound(t *testing.T) {
	library, err := steering.Open(steering.Options{Embedded: kiro.Documents})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range library.Problems() {
		t.Error(p)
	}
	if n := len(library.Lore()); n < 1 {
		t.Errorf("%d pieces of lore", n)
	}
	personas := library.Personas()
	if len(personas) < 3 {
		t.Fatalf("%d spirits ship", len(personas))
	}
	voices, favourites := map[string]string{}, map[string]string{}
	for _, p := range personas {
		if p.Title == "" || p.Description == "" || p.Voice.Preset == "" || len(p.Guard) == 0 {
			t.Errorf("%s lacks something to be chosen by: %+v", p.ID, p)
		}
		for _, rule := range []string{"# How an answer is given", "# How a spirit behaves"} {
			if !strings.Contains(p.Text, rule) {
				t.Errorf("%s has no %q", p.ID, rule)
			}
		}
		if other, taken := voices[p.Voice.Preset]; taken {
			t.Errorf("%s and %s have one voice", p.ID, other)
		}
		voices[p.Voice.Preset] = p.ID
		for _, word := range p.Favourites {
			if other, taken := favourites[word]; taken {
				t.Errorf("%s and %s both love the word %q", p.ID, other, word)
			}
			favourites[word] = p.ID
		}
		for _, word := range p.Ban {
			if favourites[word] == p.ID {
				t.Errorf("%s both loves and never says %q", p.ID, word)
			}
		}
	}
}

// The folder as a host who works on this repository has it, with an editor open beside it.
func TestTheFolderOfThisRepositoryIsSound(t *testing.T) {
	library, err := steering.Open(steering.Options{Dir: ".kiro"})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range library.Problems() {
		t.Error(p)
	}
	inForce := map[string]bool{}
	for _, d := range library.Documents() {
		inForce[d.Path] = true
	}
	err = fs.WalkDir(kiro.Documents, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !inForce[name] {
			t.Errorf("%s ships and is not in force", name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

var boardLine = regexp.MustCompile(`^[A-Z0-9]+( [A-Z0-9]+){0,4}$`)

func TestTheSayingsFitTheBoard(t *testing.T) {
	library, err := steering.Open(steering.Options{Embedded: kiro.Documents})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range library.Personas() {
		_, text, _ := strings.Cut(p.Text, "## Sayings\n")
		text, _, _ = strings.Cut(text, "\n## ")
		sayings := strings.Split(strings.TrimSpace(text), "\n")
		if len(sayings) < 3 {
			t.Errorf("%s has %d sayings", p.ID, len(sayings))
		}
		for _, s := range sayings {
			line := strings.TrimPrefix(s, "- ")
			if !boardLine.MatchString(line) || len(strings.ReplaceAll(line, " ", "")) > 24 {
				t.Errorf("%s cannot spell its own saying %q", p.ID, line)
			}
		}
	}
}
