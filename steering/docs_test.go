package steering

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	kiro "seance"
)

var example = regexp.MustCompile("(?s)\n```markdown\n(.*?)```\n")

// What the page for hosts shows is what works: its examples are clean, and no key is missing from it.
func TestThePageForHosts(t *testing.T) {
	data, err := os.ReadFile("../docs/steering.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(data)
	dir := filepath.Join(t.TempDir(), ".kiro")
	if err := os.MkdirAll(filepath.Join(dir, "steering"), 0o755); err != nil {
		t.Fatal(err)
	}
	examples := example.FindAllStringSubmatch(page, -1)
	for i, name := range []string{"spirit-miller.md", "lore-weir.md"} {
		if err := os.WriteFile(filepath.Join(dir, "steering", name), []byte(examples[i][1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "..", "go.mod"), nil, 0o644); err != nil { // an editor may be open here
		t.Fatal(err)
	}
	l, err := Open(Options{Embedded: kiro.Documents, Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range l.Problems() {
		t.Error(p)
	}
	p, ok := l.Persona("miller")
	if !ok || len(p.Soul) != len(soulKeys) || len(p.Guarded) != 1 || !strings.Contains(p.Text, "# How a spirit behaves") {
		t.Errorf("the example is %+v", p)
	}
	if len(Choose(l.Lore(), nil, "Was the weir deep?")) != 1 {
		t.Error("nothing calls up the example of lore")
	}
	for _, key := range slices.Concat(knownKeys, soulKeys, []string{"yes", "no", "maybe", "add", "ban", "preset"}) {
		if !strings.Contains(page, "`"+key+"`") {
			t.Errorf("the page does not speak of `%s`", key)
		}
		if !slices.Contains([]string{"fileMatchPattern", "preset"}, key) &&
			!regexp.MustCompile(`(?m)^ *`+key+`:`).MatchString(examples[0][1]+examples[1][1]) {
			t.Errorf("no example has %s:", key)
		}
	}
}
