package steering_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"seance/steering"
)

// Whatever is in a document, no other document's text gets out by it unless that one is the séance's too.
func FuzzDocument(f *testing.F) {
	names, _ := filepath.Glob("testdata/kiro/.kiro/steering/*.md")
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, reference := range []string{
		"#[[file:.kiro/steering/dev.md]]", "#[[file:./.kiro/steering/AGENTS.md:1-9]]", "#[[folder:.kiro/steering]]", "#[[folder:.kiro/]]",
		"#[[file:.kiro/settings/mcp.json:2]]", "#[[file:.kiro/steering/q.md]]<!--", "#[[file:.kiro/steering/p.md:5-6]]",
	} {
		f.Add([]byte("---\nseance: spirit\nguard: [Kept]\nsoul: {born: 1}\n---\n## Kept\n" + reference + "\n```\n# not\n"))
		f.Add([]byte("---\nseance: lore\nkeywords: [lamp]\nbudget: 7\n---\n" + reference))
	}
	const secret = "zq7 never said"
	f.Fuzz(func(t *testing.T, data []byte) {
		if strings.Contains(string(data), "zq7") {
			return // it says so itself
		}
		files := fstest.MapFS{
			".kiro/steering/p.md":      {Data: data},
			".kiro/steering/q.md":      {Data: []byte("---\nseance: spirit\nname: q\n---\n#[[file:.kiro/steering/p.md]] #[[folder:.kiro/steering]]")},
			".kiro/steering/dev.md":    {Data: []byte("---\ninclusion: always\n---\n" + secret)},
			".kiro/steering/plain.md":  {Data: []byte(secret)},
			".kiro/steering/broken.md": {Data: []byte("---\nseance: [rules\n---\n" + secret)},
			".kiro/steering/ghost.md":  {Data: []byte("---\nseance: ghost\n---\n" + secret)},
			".kiro/steering/AGENTS.md": {Data: []byte("---\nseance: rules\n---\n" + secret)},
			".kiro/settings/mcp.json":  {Data: []byte("{\n" + secret)},
		}
		l, err := steering.Open(steering.Options{Embedded: files})
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, p := range l.Personas() {
			if p.Yes+p.No+p.Maybe <= 0 || p.Pace < 0.25 || p.Pace > 4 || p.Terseness < 0 || p.Terseness > 1 {
				t.Errorf("weights and measures of %+v", p)
			}
			if len([]rune(p.Text)) > 12_000 || p.ID == "" {
				t.Errorf("persona %q of %d bytes", p.ID, len(p.Text))
			}
			said = append(said, p.Text, p.Title, p.Description)
			said = append(said, p.Guarded...)
		}
		for _, lore := range append(l.Lore(), steering.Choose(l.Lore(), []string{"the lamp"}, string(data))...) {
			said = append(said, lore.Text)
		}
		for _, d := range l.Documents() {
			said = append(said, d.Text)
		}
		if slices.ContainsFunc(said, func(text string) bool { return strings.Contains(text, "zq7") }) {
			t.Errorf("what is for others got out: %q", said)
		}
		if err := l.Reload(); err != nil {
			t.Error(err)
		}
	})
}
