package steering_test

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"seance/steering"
)

// A house is a library over a workspace of its own, with its log.
type house struct {
	*steering.Library
	t    *testing.T
	root string
	log  strings.Builder
}

func inhabit(t *testing.T, files map[string]string) *house {
	t.Helper()
	h := &house{t: t, root: t.TempDir()}
	lay(t, h.root, files)
	var err error
	h.Library, err = steering.Open(steering.Options{
		Dir: filepath.Join(h.root, ".kiro"), Logger: slog.New(slog.NewTextHandler(&h.log, nil)),
		Embedded: fstest.MapFS{".kiro/steering/p.md": {Data: []byte("---\nseance: spirit\n---\nOf the house.")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// reload returns what the log says of it.
func (h *house) reload() string {
	h.t.Helper()
	h.log.Reset()
	if err := h.Reload(); err != nil {
		h.t.Fatal(err)
	}
	return h.log.String()
}

func (h *house) text(id string) string {
	p, ok := h.Persona(id)
	if !ok {
		return "nobody"
	}
	return p.Text
}

const (
	page = ".kiro/steering/p.md"
	good = "---\nseance: spirit\n---\n"
)

func TestASaveTakesEffect(t *testing.T) {
	h := inhabit(t, map[string]string{
		page: good + "Old. #[[file:docs/r.md]] #[[file:.kiro/steering/s.md]]", "docs/r.md": "---\nseance: rules\n---\nR1",
		".kiro/steering/s.md": "---\nseance: rules\n---\nS1",
	})
	if said := h.reload(); said != "" {
		t.Errorf("nothing changed and the log says\n%s", said)
	}
	lay(t, h.root, map[string]string{
		page: good + "New. #[[file:docs/r.md]] #[[file:.kiro/steering/s.md]]", ".kiro/steering/q.md": good + "Q",
	})
	said := h.reload()
	if h.text("p") != "New. R1 S1" || h.text("q") != "Q" {
		t.Errorf("the spirits say %q and %q", h.text("p"), h.text("q"))
	}
	if !strings.Contains(said, `msg="steering changed" spirits=2`) {
		t.Errorf("log:\n%s", said)
	}
	lay(t, h.root, map[string]string{"docs/r.md": "---\nseance: rules\n---\nR2", ".kiro/steering/s.md": "---\nseance: rules\n---\nS2"})
	if h.reload(); h.text("p") != "New. R2 S2" {
		t.Errorf("what it refers to has changed, and it says %q", h.text("p"))
	}
	if err := os.Remove(filepath.Join(h.root, ".kiro/steering/q.md")); err != nil {
		t.Fatal(err)
	}
	if h.reload(); h.text("q") != "nobody" {
		t.Error("who was deleted is still there")
	}
	if err := os.RemoveAll(filepath.Join(h.root, ".kiro")); err != nil {
		t.Fatal(err)
	}
	if h.reload(); h.text("p") != "Of the house." {
		t.Errorf("without a folder it says %q", h.text("p"))
	}
}

func TestABrokenSaveKeepsTheVersionOfBefore(t *testing.T) {
	for _, c := range []struct{ what, text, want string }{
		{"not YAML", "---\nseance: spirit\ntitle: [\n---\nNew.", "error the front matter is not YAML: "},
		{"an unknown kind", "---\nseance: ghost\n---\nNew.", `2 error seance: "ghost" is none of spirit, rules, lore`},
		{"an unknown mode", "---\nseance: spirit\ninclusion: now\n---\n", `3 error inclusion: "now" is none of always, fileMatch, manual, auto`},
		{"a mode without its pattern", "---\nseance: spirit\ninclusion: fileMatch\n---\n", "3 warning inclusion: fileMatch without a fileMatchPattern never matches"},
		{"an unclosed front matter", "---\nseance: spirit\nNew.", "1 warning the front matter is never closed by a line of three dashes, so it is text"},
		{"a line before it", "\n" + good + "New.", "1 warning the front matter does not start on the first line, so it is text"},
		{"nothing, for a moment", "", "1 error it is empty"},
		{"not UTF-8", good + "\xff", "0 error it is not UTF-8"},
		{"too much", good + strings.Repeat("a", 64<<10), "0 error it cannot be read: it is larger than 64 KiB"},
	} {
		t.Run(c.what, func(t *testing.T) {
			h := inhabit(t, map[string]string{page: good + "Old."})
			lay(t, h.root, map[string]string{page: c.text})
			said := h.reload()
			if got := h.text("p"); got != "Old." {
				t.Errorf("the spirit says %q", got)
			}
			const still = "; the version of before stays in force"
			problems := about(h.Library, "p.md")
			if len(problems) != 1 || !strings.Contains(problems[0], c.want) || !strings.HasSuffix(problems[0], still) {
				t.Errorf("problems: %q", problems)
			}
			if !strings.Contains(said, "path="+page+" line=") || !strings.Contains(said, still) {
				t.Errorf("log:\n%s", said)
			}
			lay(t, h.root, map[string]string{".kiro/steering/q.md": good + "Q"})
			if said := h.reload(); h.text("p") != "Old." || strings.Contains(said, "path="+page) {
				t.Errorf("it says %q, and the log once more\n%s", h.text("p"), said)
			}
			lay(t, h.root, map[string]string{page: good + "Mended."})
			if h.reload(); h.text("p") != "Mended." || len(h.Problems()) != 0 {
				t.Errorf("mended, it says %q, with problems %v", h.text("p"), h.Problems())
			}
		})
	}
}

func TestABrokenSaveOfWhatIsReferredTo(t *testing.T) {
	for _, at := range []string{"docs/r.md", ".kiro/steering/r.md"} {
		h := inhabit(t, map[string]string{page: good + "#[[file:" + at + "]]", at: "---\nseance: rules\n---\nRules."})
		lay(t, h.root, map[string]string{at: "---\nseance: [rules\n---\nNew."})
		h.reload()
		if got := h.text("p"); got != "Rules." {
			t.Errorf("the spirit says %q", got)
		}
		if ps := h.Problems(); len(ps) != 1 || ps[0].Path != at || ps[0].Line == 0 {
			t.Errorf("problems: %v", ps)
		}
	}
}

func TestADocumentMayLeaveTheSeance(t *testing.T) {
	h := inhabit(t, map[string]string{".kiro/steering/q.md": good + "Q"})
	lay(t, h.root, map[string]string{".kiro/steering/q.md": "---\ninclusion: always\n---\nFor the coding agent."})
	if h.reload(); h.text("q") != "nobody" || len(h.Problems()) != 0 {
		t.Errorf("it says %q, with problems %v", h.text("q"), h.Problems())
	}
}

func TestAReloadThatFailsChangesNothing(t *testing.T) {
	h := inhabit(t, map[string]string{page: good + "Old."})
	if err := os.RemoveAll(filepath.Join(h.root, ".kiro")); err != nil {
		t.Fatal(err)
	}
	lay(t, h.root, map[string]string{".kiro": "a file"})
	if err := h.Reload(); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Reload: %v", err)
	}
	if h.text("p") != "Old." {
		t.Errorf("it says %q", h.text("p"))
	}
}

func TestReadersNeverSeeHalfAnEdition(t *testing.T) {
	write := func(root string, n int) {
		files := map[string]string{}
		for _, id := range []string{"p", "q"} {
			files[".kiro/steering/"+id+".md"] = fmt.Sprintf("%s%d", good, n)
		}
		lay(t, root, files)
	}
	root := t.TempDir()
	write(root, 0)
	l := open(t, root)
	var readers sync.WaitGroup
	stop := make(chan struct{})
	for range 8 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				all := l.Personas()
				if len(all) != 2 || all[0].Text != all[1].Text {
					t.Errorf("read %+v", all)
					return
				}
				_, _ = l.Persona("p")
				_, _, _ = l.Documents(), l.Problems(), l.Files()
				_ = steering.Choose(l.Lore(), nil, "lamp")
			}
		})
	}
	var reloads sync.WaitGroup // several at once are one after the other
	for range 4 {
		reloads.Go(func() {
			if err := l.Reload(); err != nil {
				t.Error(err)
			}
		})
	}
	reloads.Wait()
	for n := 1; n <= 20; n++ {
		write(root, n)
		if err := l.Reload(); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	readers.Wait()
	if p, _ := l.Persona("p"); p.Text != "20" {
		t.Errorf("at last it says %q", p.Text)
	}
}

func TestFilesBesideTheFolderAreNamed(t *testing.T) {
	h := inhabit(t, map[string]string{
		page:          good + "#[[file:docs/r.md]] #[[file:.kiro/own.md]] #[[file:docs/none.md]] #[[folder:tales]] #[[file:.kiro/steering/s.md]] #[[file:../x.md]]",
		"docs/r.md":   "---\nseance: rules\n---\nR",
		"tales/t.md":  "---\nseance: rules\n---\nT",
		"tales/t.txt": "no",
	})
	var got []string
	for _, name := range h.Files() {
		rel, err := filepath.Rel(h.root, name)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, filepath.ToSlash(rel))
	}
	if diff := cmp.Diff([]string{".kiro/own.md", "docs/none.md", "docs/r.md", "tales", "tales/t.md"}, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}
