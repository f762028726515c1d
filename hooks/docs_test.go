package hooks

import (
	"errors"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	kiro "seance"
	"seance/internal/seance"
)

// The page for hosts is true: its examples are sound and do what it says, and its tables hold all there is.
func TestDocs(t *testing.T) {
	data, err := os.ReadFile("../docs/hooks.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(data)
	for trigger := range seances {
		if !strings.Contains(page, "`"+string(trigger)+"`") {
			t.Errorf("the page lacks %s", trigger)
		}
	}
	for _, name := range allowed {
		if !strings.Contains(page, "`"+name+"`") {
			t.Errorf("the page lacks %s", name)
		}
	}
	examples := fstest.MapFS{}
	for _, m := range regexp.MustCompile("(?s)\n`([^`\n]+)`\n```json\n(.*?)```").FindAllStringSubmatch(page, -1) {
		examples[m[1]] = &fstest.MapFile{Data: []byte(m[2])}
	}
	if len(examples) != 4 || strings.Count(page, "```json") != 4 {
		t.Fatalf("%d examples", len(examples))
	}
	r, err := NewRunner(Options{Dir: filepath.Join(t.TempDir(), ".kiro"), Embedded: examples, Commands: true, Env: os.Environ()})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range r.Problems() {
		t.Error(p)
	}
	write(t, r.root, "weather.txt", "Rain until ten.\n")
	if a, err := r.Asked(t.Context(), question("Will there be rain?")); err != nil || a.Context != "Rain until ten." {
		t.Errorf("%+v, %v", a, err)
	}
	_, err = r.Asked(t.Context(), question("What is her address?"))
	if !errors.Is(err, seance.ErrRefused) || err.Error() != "No addresses at this table." {
		t.Errorf("%v", err)
	}
	if h := r.running(seance.AnswerRated, "1"); len(h) != 1 || len(r.running(seance.AnswerRated, "3")) != 0 {
		t.Errorf("%v", h)
	}
	if h, err := r.Find("newcomer"); err != nil || r.State(h) != Off {
		t.Errorf("%+v, %v", h, err)
	}
}

// What ships is sound, needs no leave, and says how to switch it off.
func TestTheHooksThatShip(t *testing.T) {
	r, err := NewRunner(Options{Embedded: kiro.Hooks})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range r.Problems() {
		t.Error(p)
	}
	list := r.Hooks()
	if len(list) != 3 {
		t.Errorf("%d hooks ship", len(list))
	}
	for _, h := range list {
		if r.State(h) != Runs || h.Action.Type != Agent {
			t.Errorf("%s: %s, %s", h.ID(), r.State(h), h.Action.Type)
		}
		if !strings.Contains(h.Description, `"enabled": false`) || !strings.Contains(h.Description, path.Base(h.Path)) {
			t.Errorf("%s does not say how to switch it off: %s", h.ID(), h.Description)
		}
	}
}
