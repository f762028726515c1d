package steering_test

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"seance/steering"
)

func TestTheUserStandsBetweenTheWorkspaceAndTheProgram(t *testing.T) {
	spirit := func(name, text string) string {
		return "---\nseance: spirit\ninclusion: manual\nname: " + name + "\n---\n" + text
	}
	const rules = "---\nseance: rules\n---\n"
	embedded := fstest.MapFS{
		".kiro/steering/a.md":     {Data: []byte(spirit("ann", "Ann of the program."))},
		".kiro/steering/b.md":     {Data: []byte(spirit("bea", "Bea of the program."))},
		".kiro/steering/c.md":     {Data: []byte(spirit("cat", "Cat of the program. #[[file:.kiro/steering/rules.md]]"))},
		".kiro/steering/rules.md": {Data: []byte(rules + "Rules of the program.")},
	}
	home, root := t.TempDir(), t.TempDir()
	lay(t, home, map[string]string{
		".kiro/steering/x.md": spirit("ann", "Ann of the user."),
		".kiro/steering/y.md": spirit("bea", "Bea of the user. #[[file:mine.md]] #[[file:more/mine.md]] #[[file:.kiro/steering/rules.md]]"),
		".kiro/steering/z.md": spirit("dee", "#[[file:../secret.md]] #[[file:beside.md]] #[[file:rules.md]] #[[folder:more]] #[[file:.kiro/secret.md]]"),

		".kiro/steering/mine.md":      rules + "Mine.",
		".kiro/steering/more/mine.md": rules + "More of mine.",
		".kiro/secret.md":             rules + "Secret.",
		"beside.md":                   rules + "Beside.",
	})
	lay(t, root, map[string]string{".kiro/steering/q.md": spirit("ann", "Ann of the workspace. #[[file:mine.md]]")})
	l, err := steering.Open(steering.Options{
		Embedded: embedded, Dir: filepath.Join(root, ".kiro"), User: filepath.Join(home, ".kiro"),
	})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, p := range l.Personas() {
		got[p.ID] = p.Text
	}
	want := map[string]string{
		"ann": "Ann of the workspace. [left out: mine.md]",
		"bea": "Bea of the user. Mine. More of mine. Rules of the program.",
		"cat": "Cat of the program. Rules of the program.",
		"dee": "[left out: ../secret.md] [left out: beside.md] [left out: rules.md] More of mine. [left out: .kiro/secret.md]",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("spirits (-want +got):\n%s", diff)
	}
	var in []string
	for _, d := range l.Documents() {
		in = append(in, d.Kind+" "+d.ID+" "+string(d.From)+" "+d.Path)
	}
	wantIn := []string{
		"spirit cat program .kiro/steering/c.md", "spirit ann workspace .kiro/steering/q.md",
		"spirit bea user ~/.kiro/steering/y.md", "spirit dee user ~/.kiro/steering/z.md",
		"rules rules program .kiro/steering/rules.md", "rules mine user ~/.kiro/steering/mine.md",
		"rules mine user ~/.kiro/steering/more/mine.md",
	}
	if diff := cmp.Diff(wantIn, in); diff != "" {
		t.Errorf("in force (-want +got):\n%s", diff)
	}
	if got := about(l, "q.md"); len(got) != 1 {
		t.Errorf("problems of ann: %q", got)
	}

	lay(t, home, map[string]string{".kiro/steering/rules.md": rules + "Rules of the user."})
	if err := l.Reload(); err != nil {
		t.Fatal(err)
	}
	if p, _ := l.Persona("cat"); p.Text != "Cat of the program. Rules of the user." {
		t.Errorf("cat says %q", p.Text)
	}
}

func TestASpiritOfTheUsersHauntsEveryIDE(t *testing.T) {
	home := t.TempDir()
	lay(t, home, map[string]string{".kiro/steering/p.md": "---\nseance: spirit\n---\n"})
	l, err := steering.Open(steering.Options{User: filepath.Join(home, ".kiro")})
	if err != nil {
		t.Fatal(err)
	}
	want := []steering.Problem{{
		Path: "~/.kiro/steering/p.md", Severity: steering.Warning, Message: "without inclusion: manual this spirit haunts the IDE",
	}}
	if diff := cmp.Diff(want, l.Problems()); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestAWorkspaceInTheHomeIsReadOnce(t *testing.T) {
	home := t.TempDir()
	lay(t, home, map[string]string{".kiro/steering/p.md": "---\nseance: rules\n---\n"})
	if err := os.Symlink(home, home+"-link"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Remove(home + "-link") })
	l, err := steering.Open(steering.Options{Dir: filepath.Join(home, ".kiro"), User: filepath.Join(home+"-link", ".kiro")})
	if err != nil || l.Read() != 1 || len(l.Problems()) != 1 {
		t.Errorf("%d documents, problems %v, %v", l.Read(), l.Problems(), err)
	}
}

func TestLinksOutOfTheUsersFolderOpenNothing(t *testing.T) {
	home := t.TempDir()
	lay(t, home, map[string]string{
		".kiro/steering/p.md": "---\nseance: spirit\ninclusion: manual\n---\n#[[file:link.md]] #[[folder:out]]",
		"secret/s.md":         "---\nseance: rules\n---\nSecret.",
	})
	for from, to := range map[string]string{"link.md": "secret/s.md", "out": "secret"} {
		if err := os.Symlink(filepath.Join(home, to), filepath.Join(home, ".kiro/steering", from)); err != nil {
			t.Fatal(err)
		}
	}
	l, err := steering.Open(steering.Options{User: filepath.Join(home, ".kiro")})
	if err != nil {
		t.Fatal(err)
	}
	if p, _ := l.Persona("p"); p.Text != "[left out: link.md] [left out: out]" {
		t.Errorf("text is %q", p.Text)
	}
}
