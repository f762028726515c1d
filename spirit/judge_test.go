package spirit_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"seance/internal/exorcise"
	"seance/internal/seance"
	"seance/spirit"
	"seance/spirit/oracle"
)

// The guard passes over rules that cannot be broken. Nobody can tell: what the attacks say, what the offline spirit is
// asked, knows and answers, and what brings the card, is judged as by each rule.
func TestJudgedAlike(t *testing.T) {
	judged := 0
	alike := func(text string) {
		if judged++; judged%sample == 0 {
			spirit.JudgedAlike(t, text)
		}
	}
	attacks, err := exorcise.Corpus()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range attacks {
		alike(a.Words)
		alike(a.Says)
	}
	files, err := filepath.Glob("../internal/care/testdata/*.yes.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d lists of care, %v", len(files), err)
	}
	for _, name := range append(files, "oracle/data/questions.tsv", "oracle/data/talk.txt", "oracle/data/tongues.txt", "oracle/data/guard.txt") {
		list, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(list)) {
			alike(line)
		}
	}
	mind := oracle.New()
	for i, question := range evening {
		for n, persona := range shipped(t) {
			p := spirit.Prompt{
				Question: question, Persona: persona, Asker: "Ann", Present: []string{"Ann"}, Seed: 417, Turn: i + n + 1,
				Letters: seance.Short.Letters(), Tone: seance.Family,
			}
			if _, err := mind.Complete(t.Context(), p, func(text string) error { alike(text); return nil }); err != nil {
				t.Fatal(err)
			}
		}
	}
	if judged < 3_000 {
		t.Errorf("only %d texts", judged)
	}
}
