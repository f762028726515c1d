package watch

import (
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

const (
	steering = "steering"
	hooks    = "hooks"
)

// files lists what counts, by path, and the folders to be told about.
func (w *Watcher) files() (files map[string]fs.FileInfo, folders []string) {
	files, all := map[string]fs.FileInfo{}, map[string]bool{}
	w.inside = map[string]bool{}
	for _, r := range w.o.Roots {
		all[nearest(filepath.Dir(r.Dir))] = true
		if info, err := os.Stat(r.Dir); err != nil || !info.IsDir() {
			continue
		}
		all[r.Dir] = true
		for _, part := range []string{steering, hooks} {
			r.list(part, files, w.inside)
		}
	}
	for _, name := range w.also {
		all[nearest(filepath.Dir(name))] = true
		if info, err := os.Stat(name); err == nil {
			files[filepath.ToSlash(name)] = info
		}
	}
	maps.Copy(all, w.inside)
	return files, slices.Sorted(maps.Keys(all))
}

// list adds the files below one folder of the root, and that folder, which may be a link, with those below it. What
// cannot be read is not there.
func (r Root) list(part string, files map[string]fs.FileInfo, folders map[string]bool) {
	top, err := filepath.EvalSymlinks(filepath.Join(r.Dir, part))
	if err != nil {
		return
	}
	_ = filepath.WalkDir(top, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fs.SkipDir
		case name != top && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			folders[name] = true
			return nil
		case part == steering && !strings.EqualFold(filepath.Ext(name), ".md"):
			return nil // what an editor keeps beside a document
		}
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() { // the file, if it is a link to one
			files[path.Join(r.Name, part, filepath.ToSlash(strings.TrimPrefix(name, top)))] = info
		}
		return nil
	})
}

// nearest is dir, or the closest folder above it that is there.
func nearest(dir string) string {
	for {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return dir
		}
		dir = up
	}
}

// matters reports whether something at name can be about a file that counts: folders above the roots are watched too,
// and much may go on there.
func (w *Watcher) matters(name string) bool {
	if w.inside[filepath.Dir(name)] || w.inside[name] {
		return true
	}
	for _, r := range w.o.Roots {
		if above(name, filepath.Join(r.Dir, steering)) || above(name, filepath.Join(r.Dir, hooks)) {
			return true
		}
	}
	return slices.ContainsFunc(w.also, func(also string) bool { return above(name, also) })
}

// above reports whether a is b or a folder above it.
func above(a, b string) bool {
	rest, ok := strings.CutPrefix(b, a)
	return ok && (rest == "" || rest[0] == filepath.Separator || a[len(a)-1] == filepath.Separator)
}
