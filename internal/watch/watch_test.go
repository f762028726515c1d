package watch_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seance/internal/watch"
)

// A watching is a Watcher of one workspace that runs until the test ends.
type watching struct {
	t    *testing.T
	root string
	told chan []watch.Change
}

func begin(t *testing.T, root string, o watch.Options) *watching {
	t.Helper()
	w := &watching{t: t, root: root, told: make(chan []watch.Change, 64)}
	o.Roots = []watch.Root{{Dir: filepath.Join(root, ".kiro"), Name: ".kiro"}}
	if o.Settle == 0 {
		o.Settle = 20 * time.Millisecond
	}
	if o.Every == 0 {
		o.Every = time.Hour // only notices count, unless a test says otherwise
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	watcher := watch.Open(o)
	go func() { ended <- watcher.Run(ctx, func(c []watch.Change) { w.told <- c }) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return w
}

func (w *watching) write(name, text string) {
	w.t.Helper()
	name = filepath.Join(w.root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		w.t.Fatal(err)
	}
	part := filepath.Join(filepath.Dir(name), ".part") // in one step: nobody sees half of it
	if err := os.WriteFile(part, []byte(text), 0o644); err != nil {
		w.t.Fatal(err)
	}
	if err := os.Rename(part, name); err != nil {
		w.t.Fatal(err)
	}
}

func (w *watching) rename(from, to string) {
	w.t.Helper()
	if err := os.Rename(filepath.Join(w.root, from), filepath.Join(w.root, to)); err != nil {
		w.t.Fatal(err)
	}
}

func (w *watching) remove(name string) {
	w.t.Helper()
	if err := os.RemoveAll(filepath.Join(w.root, name)); err != nil {
		w.t.Fatal(err)
	}
}

// expect waits until all of want was told, in any portions, and nothing else before it.
func (w *watching) expect(want ...watch.Change) {
	w.t.Helper()
	left := map[watch.Change]bool{}
	for _, c := range want {
		left[c] = true
	}
	late := time.After(10 * time.Second)
	for len(left) > 0 {
		select {
		case told := <-w.told:
			for _, c := range told {
				if !left[c] {
					w.t.Fatalf("told of %+v, want %v", c, left)
				}
				delete(left, c)
			}
		case <-late:
			w.t.Fatalf("never told of %v", left)
		}
	}
}

const ann = ".kiro/steering/spirit-ann.md"

func TestWhatBecomesOfAFileIsTold(t *testing.T) {
	root := t.TempDir()
	(&watching{t: t, root: root}).write(ann, "1")
	w := begin(t, root, watch.Options{})
	w.write(ann, "22")
	w.expect(watch.Change{Path: ann, Op: watch.Saved})
	w.write(".kiro/hooks/seance/silence.json", "{}")
	w.expect(watch.Change{Path: ".kiro/hooks/seance/silence.json", Op: watch.Created})
	w.remove(ann)
	w.expect(watch.Change{Path: ann, Op: watch.Deleted})
}

func TestASaveByRenamingOverIsOneSave(t *testing.T) {
	root := t.TempDir()
	(&watching{t: t, root: root}).write(ann, "1")
	w := begin(t, root, watch.Options{})
	for range 3 { // the notices go on although the file is another one
		w.write(".kiro/steering/.spirit-ann.md.swp", "2")
		w.write(ann+"~", "1")
		w.write(ann+".tmp", "2")
		w.rename(ann+".tmp", ann)
		w.remove(ann + "~")
		w.expect(watch.Change{Path: ann, Op: watch.Saved})
	}
}

func TestFoldersMayComeLater(t *testing.T) {
	root := t.TempDir()
	w := begin(t, root, watch.Options{})
	w.write("README.md", "not ours")
	w.write(ann, "1")
	w.expect(watch.Change{Path: ann, Op: watch.Created})
	w.write(".kiro/steering/a/b/c.md", "1")
	w.write(".kiro/agents/other.md", "not ours")
	w.write(".kiro/steering/figure.png", "not ours")
	w.expect(watch.Change{Path: ".kiro/steering/a/b/c.md", Op: watch.Created})
	w.write(".kiro/steering/a/b/c.md", "22")
	w.expect(watch.Change{Path: ".kiro/steering/a/b/c.md", Op: watch.Saved})
}

func TestFoldersMayBeMovedAndComeBack(t *testing.T) {
	root := t.TempDir()
	(&watching{t: t, root: root}).write(ann, "1")
	w := begin(t, root, watch.Options{})
	w.rename(".kiro", "away")
	w.expect(watch.Change{Path: ann, Op: watch.Deleted})
	w.write("away/steering/spirit-bea.md", "1")
	w.rename("away", ".kiro")
	w.expect(watch.Change{Path: ann, Op: watch.Created}, watch.Change{Path: ".kiro/steering/spirit-bea.md", Op: watch.Created})
	w.write(ann, "22")
	w.expect(watch.Change{Path: ann, Op: watch.Saved})
	w.remove(".kiro")
	w.expect(watch.Change{Path: ann, Op: watch.Deleted}, watch.Change{Path: ".kiro/steering/spirit-bea.md", Op: watch.Deleted})
}

func TestWhatHappensTogetherIsToldTogether(t *testing.T) {
	root := t.TempDir()
	w := begin(t, root, watch.Options{Settle: 300 * time.Millisecond})
	var want []watch.Change
	for _, name := range []string{"a.md", "b.md", "c.md"} {
		w.write(".kiro/steering/"+name, "1")
		w.write(".kiro/steering/"+name, "22")
		want = append(want, watch.Change{Path: ".kiro/steering/" + name, Op: watch.Created})
	}
	w.write(".kiro/steering/gone.md", "1")
	w.remove(".kiro/steering/gone.md")
	select {
	case told := <-w.told:
		if diff := cmp.Diff(want, told); diff != "" {
			t.Errorf("changes (-want +got):\n%s", diff)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("told of nothing")
	}
}

func TestChangesBetweenOpenAndRunAreTold(t *testing.T) {
	w := &watching{t: t, root: t.TempDir()}
	watcher := watch.Open(watch.Options{Roots: []watch.Root{{Dir: filepath.Join(w.root, ".kiro"), Name: "~/.kiro"}}})
	w.write(ann, "1")
	ctx, cancel := context.WithCancel(t.Context())
	var told []watch.Change
	if err := watcher.Run(ctx, func(c []watch.Change) { told = append(told, c...); cancel() }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]watch.Change{{Path: "~/" + ann, Op: watch.Created}}, told); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}

func TestFilesBesideTheFolders(t *testing.T) {
	root := t.TempDir()
	rules := filepath.Join(root, "docs", "rules.md")
	w := begin(t, root, watch.Options{Also: func() []string { return []string{rules, rules} }})
	beside := filepath.ToSlash(rules)
	w.write(ann, "1") // the first look, which asks for them, is over
	w.expect(watch.Change{Path: ann, Op: watch.Created})
	w.write("docs/other.md", "1")
	w.write("docs/rules.md", "1")
	w.expect(watch.Change{Path: beside, Op: watch.Created})
	w.write("docs/rules.md", "22")
	w.expect(watch.Change{Path: beside, Op: watch.Saved})
	w.remove("docs")
	w.expect(watch.Change{Path: beside, Op: watch.Deleted})
}

func TestAFileThatNobodyAsksForAnyMore(t *testing.T) {
	root := t.TempDir()
	var also atomic.Value
	also.Store([]string{filepath.Join(root, "rules.md")})
	w := begin(t, root, watch.Options{Also: func() []string { return also.Load().([]string) }})
	w.write(ann, "1")
	w.write("rules.md", "1") // before or after the first look: either way it is there now
	for told := false; !told; {
		select {
		case changes := <-w.told:
			told = slices.ContainsFunc(changes, func(c watch.Change) bool { return c.Path == ann })
		case <-time.After(10 * time.Second):
			t.Fatal("told of nothing")
		}
	}
	also.Store([]string{})
	w.write(ann, "22")
	for told := false; !told; {
		select {
		case changes := <-w.told:
			if slices.ContainsFunc(changes, func(c watch.Change) bool { return c.Op == watch.Deleted }) {
				t.Fatalf("told of %v", changes)
			}
			told = slices.ContainsFunc(changes, func(c watch.Change) bool { return c == watch.Change{Path: ann, Op: watch.Saved} })
		case <-time.After(10 * time.Second):
			t.Fatal("told of nothing")
		}
	}
	w.write("rules.md", "22")
	w.write(ann, "333")
	w.expect(watch.Change{Path: ann, Op: watch.Saved})
}

// A folder reached through a link outside of what is watched sends no notices of what changes behind it.
func TestItLooksByItself(t *testing.T) {
	elsewhere := &watching{t: t, root: t.TempDir()}
	elsewhere.write("ann.md", "1")
	root := t.TempDir()
	w := begin(t, root, watch.Options{Every: 20 * time.Millisecond})
	w.write(".kiro/steering/other.md", "1")
	w.expect(watch.Change{Path: ".kiro/steering/other.md", Op: watch.Created})
	if err := os.Symlink(filepath.Join(elsewhere.root, "ann.md"), filepath.Join(root, filepath.FromSlash(ann))); err != nil {
		t.Fatal(err)
	}
	w.expect(watch.Change{Path: ann, Op: watch.Created})
	elsewhere.write("ann.md", "22")
	w.expect(watch.Change{Path: ann, Op: watch.Saved})
}

func TestAFolderThatIsALink(t *testing.T) {
	root := t.TempDir()
	w := begin(t, root, watch.Options{})
	w.write("pages/a.md", "1")
	if err := os.Mkdir(filepath.Join(root, ".kiro"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join("..", "pages"), filepath.Join(root, ".kiro", "steering")); err != nil {
		t.Fatal(err)
	}
	w.expect(watch.Change{Path: ".kiro/steering/a.md", Op: watch.Created})
	w.write("pages/a.md", "22")
	w.expect(watch.Change{Path: ".kiro/steering/a.md", Op: watch.Saved})
}

// As containers mount what they are configured by: files are links into a folder that is changed at one stroke.
func TestFilesThatAreLinksIntoAFolderThatIsReplaced(t *testing.T) {
	root := t.TempDir()
	w := begin(t, root, watch.Options{})
	w.write(".kiro/steering/.one/a.md", "1")
	w.write(".kiro/steering/.two/a.md", "22")
	data := filepath.Join(root, ".kiro", "steering", ".data")
	for link, to := range map[string]string{data: ".one", filepath.Join(filepath.Dir(data), "a.md"): ".data/a.md"} {
		if err := os.Symlink(to, link); err != nil {
			t.Fatal(err)
		}
	}
	w.expect(watch.Change{Path: ".kiro/steering/a.md", Op: watch.Created})
	if err := os.Symlink(".two", data+".new"); err != nil {
		t.Fatal(err)
	}
	w.rename(".kiro/steering/.data.new", ".kiro/steering/.data")
	w.expect(watch.Change{Path: ".kiro/steering/a.md", Op: watch.Saved})
}

func TestCloseFreesAWatcherThatIsNotRun(t *testing.T) {
	if err := watch.Open(watch.Options{Roots: []watch.Root{{Dir: t.TempDir(), Name: ".kiro"}}}).Close(); err != nil {
		t.Error(err)
	}
}
