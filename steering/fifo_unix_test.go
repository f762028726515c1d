//go:build unix

package steering_test

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A pipe would keep whoever reads it waiting for ever.
func TestAPipeIsNotRead(t *testing.T) {
	root := workspace(t, map[string]string{
		".kiro/steering/p.md": "---\nseance: spirit\nname: p\n---\n#[[file:pipe.md]] #[[file:.kiro/steering/pipe.md]] #[[folder:pipe.md]]",
	})
	for _, name := range []string{"pipe.md", ".kiro/steering/pipe.md"} {
		if err := syscall.Mkfifo(filepath.Join(root, filepath.FromSlash(name)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	l := open(t, root)
	p, _ := l.Persona("p")
	if want := "[left out: pipe.md] [left out: .kiro/steering/pipe.md] [left out: pipe.md]"; p.Text != want {
		t.Errorf("text is %q, want %q", p.Text, want)
	}
	if got := about(l, "pipe.md"); len(got) != 1 || !strings.HasSuffix(got[0], "it cannot be read: it is not an ordinary file") {
		t.Errorf("problems of the pipe: %q", got)
	}
}
