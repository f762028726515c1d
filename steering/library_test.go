package steering_test

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"seance/steering"
)

// workspace copies testdata/kiro into a folder of its own, as a code workspace, and lays files beside it.
func workspace(t testing.TB, files map[string]string) (root string) {
	t.Helper()
	root = t.TempDir()
	if err := os.CopyFS(root, os.DirFS("testdata/kiro")); err != nil {
		t.Fatal(err)
	}
	lay(t, root, map[string]string{"go.mod": "module example"})
	lay(t, root, files)
	return root
}

func lay(t testing.TB, root string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		name = filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func open(t testing.TB, root string) *steering.Library {
	t.Helper()
	l, err := steering.Open(steering.Options{Dir: filepath.Join(root, ".kiro")})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// about returns the problems of one steering document as "line severity message".
func about(l *steering.Library, name string) []string {
	var said []string
	for _, p := range l.Problems() {
		if p.Path == ".kiro/steering/"+name {
			said = append(said, fmt.Sprintf("%d %s %s", p.Line, p.Severity, p.Message))
		}
	}
	return said
}

func TestEveryProblemOfTheFixturesIsFoundAndNoOther(t *testing.T) {
	l := open(t, workspace(t, nil))
	want := map[string][]string{
		"edge-blank-line-first.md":      {"1 warning the front matter does not start on the first line, so it is text"},
		"edge-unterminated.md":          {"1 warning the front matter is never closed by a line of three dashes, so it is text"},
		"edge-seance-unknown.md":        {`3 error seance: "ghost" is none of spirit, rules, lore`},
		"edge-unknown-inclusion.md":     {`2 error inclusion: "sometimes" is none of always, fileMatch, manual, auto`},
		"edge-file-match-no-pattern.md": {"2 warning inclusion: fileMatch without a fileMatchPattern never matches"},
		"edge-crlf.md":                  {"3 warning no spirit refers to these rules, so they are not in force"},
		"edge-bom.md":                   {"3 warning no spirit refers to these rules, so they are not in force"},
		"edge-loop-a.md":                {"3 warning no spirit refers to these rules, so they are not in force", "5 warning the reference to .kiro/steering/edge-loop-b.md is left out: it leads back to itself"},
		"edge-loop-b.md":                {"3 warning no spirit refers to these rules, so they are not in force", "5 warning the reference to .kiro/steering/edge-loop-a.md is left out: it leads back to itself"},
		"edge-missing-reference.md":     {"6 error the reference to docs/not-there.md is left out: there is no such file"},
		"edge-outside-root.md": {
			"6 error the reference to ../../outside.md is left out: it leads out of the workspace",
			"7 error the reference to /etc/hostname is left out: paths start at the workspace root, with plain slashes",
			"8 error the reference to .git/config is left out: hidden files stay hidden",
			"9 error the reference to .env is left out: hidden files stay hidden",
		},
		"edge-reference-to-developer-doc.md": {
			"6 error the reference to .kiro/steering/product-always.md is left out: it is not a séance document",
			"7 error the reference to AGENTS.md is left out: there is no such file",
		},
		"edge-spirit-always.md": {"2 warning without inclusion: manual this spirit haunts the IDE"},
		"edge-misspelt-key.md": {
			`4 warning unknown key "titel"; did you mean "title"?`,
			`5 warning there is no heading "Not here" to guard`,
		},
	}
	files, err := filepath.Glob("testdata/kiro/.kiro/steering/*.md")
	if err != nil || len(files) < 25 {
		t.Fatalf("%d fixtures, %v", len(files), err)
	}
	for _, f := range append(files, "nested/lore-cellar.md") {
		name := strings.TrimPrefix(filepath.ToSlash(f), "testdata/kiro/.kiro/steering/")
		if name == "edge-bad-yaml.md" {
			continue // the words are the YAML library's: see below
		}
		if diff := cmp.Diff(want[name], about(l, name)); diff != "" {
			t.Errorf("problems of %s (-want +got):\n%s", name, diff)
		}
	}
	if got := about(l, "edge-bad-yaml.md"); len(got) != 1 || !strings.Contains(got[0], "error the front matter is not YAML: ") {
		t.Errorf("problems of edge-bad-yaml.md: %q", got)
	}
}

func TestOnlySeanceDocumentsBecomeSpirits(t *testing.T) {
	l := open(t, workspace(t, nil))
	var ids []string
	for _, p := range l.Personas() {
		ids = append(ids, p.ID)
	}
	want := []string{
		"edge-missing-reference", "edge-misspelt-key", "edge-outside-root", "edge-reference-to-developer-doc",
		"edge-spirit-always", "margery",
	}
	if diff := cmp.Diff(want, ids); diff != "" {
		t.Errorf("spirits (-want +got):\n%s", diff)
	}
	if p, ok := l.Persona("nobody"); ok {
		t.Errorf("found %+v for an id that nobody has", p)
	}
}

func TestPersonaIsReadAsWritten(t *testing.T) {
	p, _ := open(t, workspace(t, nil)).Persona("margery")
	want := steering.Persona{
		ID: "margery", Title: "Margery, drowned 1871", Lang: "en", Voice: steering.Voice{Preset: "low-tide"},
		Description: "A lighthouse keeper's daughter who still counts the ships.",
		Yes:         4, No: 3, Maybe: 1, Terseness: 0.7, Cruelty: 0.1, Archaic: 0.4, Pace: 1.1,
		Add: []string{"reef", "lamp", "tide"}, Ban: []string{"phone"}, Favourites: []string{"tide", "wait"},
		Guard: []string{"Secret"}, Guarded: []string{"The lamp was put out on purpose, and she knows by whom."},
		Text: `# Margery
You are Margery, a lighthouse keeper's daughter. You speak in short words, of tides, lamps and waiting.

# Rules of the board
- The board line has at most 24 letters, 1 to 5 words.
- The whisper has at most 30 words.
- Never claim to be human.

## Secret
The lamp was put out on purpose, and she knows by whom.`,
	}
	if diff := cmp.Diff(want, p); diff != "" {
		t.Errorf("margery (-want +got):\n%s", diff)
	}
}

func TestLoreIsRead(t *testing.T) {
	want := []steering.Lore{
		{ID: "edge-auto-no-name", Path: ".kiro/steering/edge-auto-no-name.md", Keywords: []string{"attic"}, Budget: 600, Sticky: 2, Cooldown: 3, Text: "No name: the file stem is the name."},
		{
			ID: "storm", Path: ".kiro/steering/lore-description-only.md", Description: "The storm that took the ferry and its passengers.", Budget: 600, Sticky: 2, Cooldown: 3,
			Text: "The ferry left at dusk with eleven aboard.",
		},
		{
			ID: "lighthouse", Path: ".kiro/steering/lore-lighthouse.md", Description: "The lighthouse on the north reef, its lamp and its keepers.",
			Keywords: []string{"lighthouse", "lamp", "keeper", "north reef"}, Budget: 400, Sticky: 2, Cooldown: 3,
			Text: "The lamp burned whale oil. It was dark for one night in October 1871.",
		},
		{
			ID: "cellar", Path: ".kiro/steering/nested/lore-cellar.md", Description: "What lies in the cellar under the tower.", Keywords: []string{"cellar"},
			Budget: 600, Sticky: 2, Cooldown: 3, Text: "The cellar floods twice a day.",
		},
	}
	if diff := cmp.Diff(want, open(t, workspace(t, nil)).Lore(), cmpopts.IgnoreUnexported(steering.Lore{})); diff != "" {
		t.Errorf("lore (-want +got):\n%s", diff)
	}
}

func TestWhatIsWrongWithLore(t *testing.T) {
	for front, want := range map[string][]string{
		"keywords: [lamp]\nbudget: much\nsticky: -1\ncooldown: 1.5": {
			"4 warning budget is not a whole number", "5 warning sticky is not a whole number", "6 warning cooldown is not a whole number"},
		"title: Lore":                     {"0 warning without keywords and without a description no question calls it up"},
		"keywords: ['!?']":                {"3 warning there are too few words here for a question to call it up"},
		"description: What is the ferry?": {"3 warning there are too few words here for a question to call it up"},
		"description: The ferry's oars":   nil,
	} {
		files := fstest.MapFS{".kiro/steering/l.md": {Data: []byte("---\nseance: lore\n" + front + "\n---\nText.")}}
		l, err := steering.Open(steering.Options{Embedded: files})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, about(l, "l.md")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", front, diff)
		}
		if lore := l.Lore(); lore[0].Budget != 600 || lore[0].Sticky != 2 || lore[0].Cooldown != 3 {
			t.Errorf("%s is read as %+v", front, lore[0])
		}
	}
}

func TestFrontMatterIsReadAsWords(t *testing.T) {
	for _, c := range []struct {
		what, front string
		want        func(p *steering.Persona)
		problems    []string
	}{
		{"quoted either way", "title: 'It''s she'\ndescription: \"A \\\"ghost\\\"\"",
			func(p *steering.Persona) { p.Title, p.Description = "It's she", `A "ghost"` }, nil},
		{"words that YAML 1.1 took for booleans", "lang: no\ntitle: on\nvoice: off", func(p *steering.Persona) { p.Lang, p.Title, p.Voice.Preset = "no", "on", "off" }, nil},
		{"weights in any notation", "weights: {no: 2.5, yes: '4', maybe: 0}", func(p *steering.Persona) { p.Yes, p.No, p.Maybe = 4, 2.5, 0 }, nil},
		{"one weight", "weights:\n  no: 3", func(p *steering.Persona) { p.No = 3 }, nil},
		{"weights that are zero", "weights: {yes: 0, no: 0, maybe: 0}", func(*steering.Persona) {}, []string{"the weights are all zero, so they count one each"}},
		{"figures out of range", "terseness: 2\ncruelty: much\npace: .nan", func(*steering.Persona) {}, []string{
			"terseness is not a number from 0 to 1", "cruelty is not a number from 0 to 1", "pace is not a number from 0.25 to 4"}},
		{"lists in any notation", "favourites: tide, wait\nlexicon:\n  add: [no, yes]\n  ban:\n  - phone",
			func(p *steering.Persona) {
				p.Favourites, p.Add, p.Ban = []string{"tide", "wait"}, []string{"no", "yes"}, []string{"phone"}
			}, nil},
		{"an entry that means nothing", "lexicon: {ad: [reef], add: [tide]}", func(p *steering.Persona) { p.Add = []string{"tide"} },
			[]string{`unknown key "ad" under lexicon; did you mean "add"?`}},
		{"a voice of its own", "voice: {preset: low-tide, rate: 0.90, echo: no}", func(p *steering.Persona) {
			p.Voice = steering.Voice{Preset: "low-tide", Settings: map[string]string{"rate": "0.90", "echo": "no"}}
		}, nil},
		{"a voice without a preset", "voice: {rate: [1]}", func(*steering.Persona) {}, []string{"rate under voice is not a single value"}},
		{"a voice that is none", "voice: [low-tide]", func(*steering.Persona) {},
			[]string{"voice is neither the name of a preset nor a list of keys and values"}},
		{"a soul", "soul: {name: No, born: 1840, kin: ''}", func(p *steering.Persona) { p.Soul = map[string]string{"name": "No", "born": "1840"} }, nil},
		{"a soul misspelt", "soul:\n  bron: 1840\n  colour: red\n  kin: [Ann, Bea]", func(*steering.Persona) {}, []string{
			`unknown key "bron" under soul; did you mean "born"?`,
			`unknown key "colour" under soul: it takes name, born, died, trade, town, manner, culprit, object, kin, secret, want, room`,
			"kin under soul is not a single value"}},
		{"what is not a list", "weights: 3", func(*steering.Persona) {}, []string{"weights is not a list of keys and values"}},
		{"a key twice", "title: A\ntitle: B", func(p *steering.Persona) { p.Title = "B" }, nil},
		{"an alias", "title: &t A\ndescription: *t", func(p *steering.Persona) { p.Title, p.Description = "A", "A" }, nil},
		{"an empty value", "title:\ndescription: ~", func(*steering.Persona) {}, nil},
		{"an unknown key far from any", "status: draft", func(*steering.Persona) {}, []string{`unknown key "status"`}},
	} {
		t.Run(c.what, func(t *testing.T) {
			files := fstest.MapFS{".kiro/steering/p.md": {Data: []byte("---\nseance: spirit\n" + c.front + "\n---\n# Heading #\nText")}}
			l, err := steering.Open(steering.Options{Embedded: files})
			if err != nil {
				t.Fatal(err)
			}
			want := steering.Plain("p")
			want.Title, want.Text = "Heading", "# Heading #\nText"
			c.want(&want)
			got, _ := l.Persona("p")
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("persona (-want +got):\n%s", diff)
			}
			var said []string
			for _, p := range l.Problems() {
				said = append(said, p.Message)
			}
			if diff := cmp.Diff(c.problems, said); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheWorkspaceBeatsTheBinary(t *testing.T) {
	spirit := func(name, text string) string {
		return "---\nseance: spirit\ninclusion: manual\nname: " + name + "\n---\n" + text
	}
	const rules = "---\nseance: rules\n---\n"
	embedded := fstest.MapFS{
		".kiro/steering/a.md":     {Data: []byte(spirit("ann", "Ann of the house. #[[file:.kiro/steering/rules.md]]"))},
		".kiro/steering/b.md":     {Data: []byte(spirit("bea", "Bea of the house. #[[file:.kiro/steering/rules.md]]"))},
		".kiro/steering/rules.md": {Data: []byte(rules + "House rules.")},
		".kiro/steering/more.md":  {Data: []byte(rules + "More of the house.")},
	}
	root := t.TempDir()
	lay(t, root, map[string]string{
		".kiro/steering/z.md":          spirit("ann", "Ann of the workspace. #[[file:.kiro/steering/more.md]]"),
		".kiro/steering/zz.md":         spirit("ann", "Ann once more."),
		".kiro/steering/b.md":          "---\nseance: [spirit\n---\n",
		".kiro/steering/rules.md":      rules + "Workspace rules.",
		".kiro/steering/.hidden/c.md":  spirit("cat", "Not read."),
		".kiro/steering/not-a-page.go": spirit("dee", "Not read."),
	})
	var log strings.Builder
	l, err := steering.Open(steering.Options{
		Embedded: embedded, Dir: filepath.Join(root, ".kiro"), Logger: slog.New(slog.NewTextHandler(&log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, p := range l.Personas() {
		got[p.ID] = p.Text
	}
	want := map[string]string{
		"ann": "Ann of the workspace. More of the house.",
		"bea": "Bea of the house. Workspace rules.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("spirits (-want +got):\n%s", diff)
	}
	if got := about(l, "zz.md"); len(got) != 1 || got[0] != `4 warning .kiro/steering/z.md is "ann" too and goes before this one` {
		t.Errorf("problems of the second ann: %q", got)
	}
	if !strings.Contains(log.String(), "path=.kiro/steering/b.md") {
		t.Errorf("the log does not name the broken document:\n%s", log.String())
	}
}

func TestAFolderByAnotherNameOpensNothingBesideIt(t *testing.T) {
	root := t.TempDir()
	lay(t, root, map[string]string{
		"beside.md":           "---\nseance: rules\n---\nBeside.",
		"house/rules.md":      "---\nseance: rules\n---\nWithin.",
		"house/steering/p.md": "---\nseance: spirit\nname: p\n---\n#[[file:beside.md]] #[[file:.kiro/rules.md]]",
	})
	l, err := steering.Open(steering.Options{Dir: filepath.Join(root, "house")})
	if err != nil {
		t.Fatal(err)
	}
	if p, _ := l.Persona("p"); p.Text != "[left out: beside.md] Within." {
		t.Errorf("text is %q", p.Text)
	}
}

func TestAFolderThatIsNotThereIsEmpty(t *testing.T) {
	l, err := steering.Open(steering.Options{Dir: filepath.Join(t.TempDir(), ".kiro")})
	if err != nil || len(l.Personas()) != 0 {
		t.Errorf("Open: %v", err)
	}
}

func TestAFolderThatIsAFileIsAnError(t *testing.T) {
	root := t.TempDir()
	lay(t, root, map[string]string{".kiro": "not a folder"})
	if _, err := steering.Open(steering.Options{Dir: filepath.Join(root, ".kiro")}); err == nil {
		t.Error("a file passed for a folder")
	}
}

func TestALongPersonaIsCut(t *testing.T) {
	for _, c := range []struct {
		runes, want int
		problems    int
	}{{8000, 8000, 0}, {8001, 8001, 1}, {12_001, 12_000, 1}} {
		files := fstest.MapFS{".kiro/steering/p.md": {Data: []byte("---\nseance: spirit\n---\n" + strings.Repeat("é", c.runes))}}
		l, err := steering.Open(steering.Options{Embedded: files})
		if err != nil {
			t.Fatal(err)
		}
		p, _ := l.Persona("p")
		if got := len([]rune(p.Text)); got != c.want || len(l.Problems()) != c.problems {
			t.Errorf("%d characters became %d with problems %v", c.runes, got, l.Problems())
		}
	}
}
