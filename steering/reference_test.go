package steering_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"seance/steering"
)

func TestReferences(t *testing.T) {
	const front = "---\nseance: spirit\ninclusion: manual\nname: p\n---\n"
	rules := func(text string) string { return "---\nseance: rules\n---\n" + text }
	pull := func(names ...string) string { return "#[[file:" + strings.Join(names, "]] #[[file:") + "]]" }
	for _, c := range []struct {
		what  string
		text  string
		files map[string]string
		want  string
	}{
		{what: "the line ends and the mark of edge-crlf and edge-bom are gone",
			text: pull(".kiro/steering/edge-crlf.md", ".kiro/steering/edge-bom.md"),
			want: "# Rules\nLine ends are CRLF. # Rules\nThis file starts with a byte order mark."},
		{what: "a loop is cut", text: pull(".kiro/steering/edge-loop-a.md"),
			want: "A, then B, then [left out: .kiro/steering/edge-loop-a.md]"},
		{what: "twice is no loop", text: pull("r.md", "r.md"), files: map[string]string{"r.md": rules("R")}, want: "R R"},
		{what: "itself", text: pull(".kiro/steering/p.md"), want: "[left out: .kiro/steering/p.md]"},
		{what: "four deep", text: pull("1.md"), want: "1 2 3 4 [left out: 5.md]", files: map[string]string{
			"1.md": rules("1 " + pull("2.md")), "2.md": rules("2 " + pull("3.md")), "3.md": rules("3 " + pull("4.md")),
			"4.md": rules("4 " + pull("5.md")), "5.md": rules("5")}},
		{what: "a séance document beside .kiro", text: pull("./docs/more.md"), files: map[string]string{"docs/more.md": rules("More.")}, want: "More."},
		{what: "what is not for spirits", text: pull(".kiro/steering/AGENTS.md", ".kiro/steering/developer-manual.md", "go.mod"),
			want: "[left out: .kiro/steering/AGENTS.md] [left out: .kiro/steering/developer-manual.md] [left out: go.mod]"},
		{what: "an agent's page that claims to be rules", text: pull("AGENTS.md"), files: map[string]string{"AGENTS.md": rules("A")},
			want: "[left out: AGENTS.md]"},
		{what: "front matter that is broken", text: pull(".kiro/steering/edge-bad-yaml.md"), want: "[left out: .kiro/steering/edge-bad-yaml.md]"},
		{what: "hidden files", text: pull(".secret/r.md", "docs/.r.md"),
			files: map[string]string{".secret/r.md": rules("S"), "docs/.r.md": rules("S")},
			want:  "[left out: .secret/r.md] [left out: docs/.r.md]"},
		{what: "the way up", text: pull("docs/../r.md"), files: map[string]string{"r.md": rules("R")}, want: "[left out: docs/../r.md]"},
		{what: "a folder, one level of it, the others passed over", text: "#[[folder:docs/]]", want: "A\n\nR", files: map[string]string{
			"docs/r.md": rules("R"), "docs/a.md": rules("A"), "docs/more/b.md": rules("B"), "docs/dev.md": "Dev.",
			"docs/.h.md": rules("H"), "docs/t.txt": rules("T")}},
		{what: "what is no folder", text: "#[[folder:r.md]] #[[folder:nowhere]] #[[folder:docs]] #[[folder:.]] #[[folder:..]]",
			files: map[string]string{"r.md": rules("R"), "docs/dev.md": "Dev."},
			want:  "[left out: r.md] [left out: nowhere] [left out: docs] [left out: .] [left out: ..]"},
		{what: "a folder is no file", text: pull("docs"), files: map[string]string{"docs/r.md": rules("R")}, want: "[left out: docs]"},
		{what: "the folder it is in", text: "#[[folder:.kiro/steering/own]]", files: map[string]string{
			".kiro/steering/own/r.md": rules("R, then #[[folder:.kiro/steering/own]]"), ".kiro/steering/own/s.md": rules("S")}, want: "R, then S\n\nS"},
		{what: "another word", text: "#[[image:r.md]]", files: map[string]string{"r.md": rules("R")}, want: "[left out: r.md]"},
		{what: "a line of the file", text: pull("r.md:4", "r.md:5"), files: map[string]string{"r.md": rules("one\ntwo")}, want: "one two"},
		{what: "lines", text: pull("r.md:5-6"), files: map[string]string{"r.md": rules("one\ntwo\nthree\nfour")}, want: "two\nthree"},
		{what: "lines that begin in the front matter or end behind the file", text: pull("r.md:1-4", "r.md:5-99"),
			files: map[string]string{"r.md": rules("one\ntwo")}, want: "one two"},
		{what: "lines that are none", text: pull("r.md:2", "r.md:3-1", "r.md:0", "r.md:9", "r.md:1-x"),
			files: map[string]string{"r.md": rules("one")},
			want:  "[left out: r.md:2] [left out: r.md:3-1] [left out: r.md:0] [left out: r.md:9] [left out: r.md:1-x]"},
		{what: "lines of what is not for spirits", text: pull(".kiro/steering/developer-manual.md:1-9"), want: "[left out: .kiro/steering/developer-manual.md:1-9]"},
		{what: "lines within a comment", text: pull("r.md:5"), files: map[string]string{"r.md": rules("<!--\nhidden\n-->")}, want: "[left out: r.md:5]"},
		{what: "lines that pull in", text: pull("r.md:5"), files: map[string]string{"r.md": rules("one\n" + pull("s.md")), "s.md": rules("S")}, want: "S"},
		{what: "a file beyond 64 KiB", text: pull("big.md"), files: map[string]string{"big.md": rules(strings.Repeat("a", 64<<10))},
			want: "[left out: big.md]"},
		{what: "a comment pulls nothing in", text: "<!-- " + pull("r.md") + " -->A<!-- B\n-->\n", files: map[string]string{"r.md": rules("R")}, want: "A"},
		{what: "an unclosed comment", text: "A <!-- B\nC", want: "A"},
		{what: "what a comment leaves behind", text: "A\n\n<!-- B -->\n\nC", want: "A\n\nC"},
		{what: "other brackets", text: "#[[nothing]] #[name] [[x]]", want: "#[[nothing]] #[name] [[x]]"},
	} {
		t.Run(c.what, func(t *testing.T) {
			root := workspace(t, c.files)
			lay(t, root, map[string]string{".kiro/steering/p.md": front + c.text})
			p, ok := open(t, root).Persona("p")
			if !ok {
				t.Fatal("the document was not kept")
			}
			if p.Text != c.want {
				t.Errorf("text is\n%s\nwant\n%s", p.Text, c.want)
			}
		})
	}
}

func TestLinksOutOfTheWorkspaceOpenNothing(t *testing.T) {
	outside := t.TempDir()
	lay(t, outside, map[string]string{"secret.md": "---\nseance: rules\nname: s\n---\nSecret."})
	root := workspace(t, map[string]string{
		".kiro/steering/p.md": "---\nseance: spirit\nname: p\n---\n#[[file:link.md]] #[[file:.kiro/steering/link.md]] #[[file:out/secret.md]]",
	})
	for from, to := range map[string]string{"link.md": "secret.md", ".kiro/steering/link.md": "secret.md", "out": ""} {
		if err := os.Symlink(filepath.Join(outside, to), filepath.Join(root, from)); err != nil {
			t.Fatal(err)
		}
	}
	l := open(t, root)
	p, _ := l.Persona("p")
	if want := "[left out: link.md] [left out: .kiro/steering/link.md] [left out: out/secret.md]"; p.Text != want {
		t.Errorf("text is %q, want %q", p.Text, want)
	}
	if got := about(l, "link.md"); len(got) != 1 || !strings.Contains(got[0], "error it cannot be read") {
		t.Errorf("problems of the link: %q", got)
	}
}

func TestAFanOfReferencesEnds(t *testing.T) {
	many := strings.Repeat("#[[file:next.md]]", 500)
	files := map[string]string{".kiro/steering/p.md": "---\nseance: spirit\nname: p\n---\n" + strings.ReplaceAll(many, "next", "1")}
	for i := 1; i <= 4; i++ {
		files[fmt.Sprintf("%d.md", i)] = "---\nseance: rules\n---\n" + strings.ReplaceAll(many, "next", fmt.Sprint(i+1))
	}
	l := open(t, workspace(t, files))
	if !slices.ContainsFunc(l.Problems(), func(p steering.Problem) bool {
		return p.Severity == steering.Error && strings.HasSuffix(p.Message, "too much is pulled in")
	}) {
		t.Error("nobody was told that too much is pulled in")
	}
}
