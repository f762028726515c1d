package hooks

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
)

const maxBytes = 64 << 10 // of one file

// An edition is one reading of all hook files. It never changes.
type edition struct {
	files    map[string][]Hook // by path: what was good of it last
	hooks    []Hook            // in order: path, then place
	problems []Problem
	kept     []string // paths whose last good version is in force because the present one is refused
}

// read reads the hook files of all folders, .kiro folders each; of those with the same path the first counts, sound or
// not. A file that is refused and was sound in the edition before stays as it was.
func read(folders []fs.FS, before *edition) *edition {
	e := &edition{files: map[string][]Hook{}}
	seen := map[string]bool{}
	for _, kiro := range folders {
		names, unread := list(kiro)
		e.problems = append(e.problems, unread...)
		for _, name := range names {
			if full := path.Join(folder, name); !seen[full] {
				seen[full] = true
				e.take(kiro, name, full, before)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(e.files)) {
		e.hooks = append(e.hooks, e.files[name]...)
	}
	slices.SortStableFunc(e.problems, func(a, b Problem) int { return strings.Compare(a.Path, b.Path) })
	return e
}

// take reads one file into e.
func (e *edition) take(kiro fs.FS, name, full string, before *edition) {
	data, err := readFile(kiro, name)
	var hooks []Hook
	var found []Problem
	if err != nil {
		found = []Problem{{Path: full, Severity: Error, Message: "it cannot be read: " + err.Error()}}
	} else {
		hooks, found = parse(full, data)
	}
	e.problems = append(e.problems, found...)
	if hooks == nil && before != nil && before.files[full] != nil {
		hooks = before.files[full]
		e.kept = append(e.kept, full)
	}
	if hooks != nil {
		e.files[full] = hooks
	}
}

// list returns the paths of all that could be hook files below hooks/, sorted. Hidden files and folders, and files that
// neither end in .json nor in .hook, are something else.
func list(kiro fs.FS) (names []string, unread []Problem) {
	below := path.Base(hooksAt)
	_ = fs.WalkDir(kiro, below, func(name string, d fs.DirEntry, err error) error { // never returns an error
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			unread = append(unread, Problem{Path: path.Join(folder, name), Severity: Error, Message: "it cannot be read: " + err.Error()})
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
		case strings.HasPrefix(d.Name(), ".") && d.IsDir():
			return fs.SkipDir
		case strings.HasPrefix(d.Name(), "."), d.IsDir():
		default:
			switch strings.ToLower(path.Ext(name)) {
			case ".json", ".hook":
				names = append(names, name)
			}
		}
		return nil
	})
	return names, unread
}

func readFile(kiro fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(kiro, name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular(): // a pipe would keep us waiting
		return nil, errors.New("it is not an ordinary file")
	}
	f, err := kiro.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // read only
	data, err := io.ReadAll(io.LimitReader(f, maxBytes+1))
	if err == nil && len(data) > maxBytes {
		return nil, errors.New("it is larger than 64 KiB")
	}
	return data, err
}

// openFolder opens a .kiro folder; links that lead out of it open nothing. One that is not there is nil.
func openFolder(dir string) (kiro fs.FS, done func(), err error) {
	done = func() {}
	if dir == "" {
		return nil, done, nil
	}
	root, err := os.OpenRoot(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, done, nil
	case err != nil:
		return nil, done, fmt.Errorf("hooks folder: %w", err)
	}
	return root.FS(), func() { _ = root.Close() }, nil // read only
}
