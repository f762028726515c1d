package steering

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

const (
	folder   = ".kiro"
	docsAt   = folder + "/steering"
	maxBytes = 64 << 10 // of one file
)

var (
	errTooLarge = errors.New("it is larger than 64 KiB")
	errNotFile  = errors.New("it is not an ordinary file")
)

// A source is a place that documents come from. Paths are those of a workspace root: .kiro/steering/... The zero value
// of either side is an empty one.
type source struct {
	kiro fs.FS // what is under .kiro
	rest fs.FS // what is beside it
}

// openWorkspace opens the documents of dir, a .kiro folder, and of the workspace around it if the folder has that
// name. Links that lead out of either open nothing. A folder that is not there is an empty source.
func openWorkspace(dir string) (src source, done func(), err error) {
	done = func() {}
	if dir == "" {
		return source{}, done, nil
	}
	dir, err = filepath.Abs(dir)
	if err != nil {
		return source{}, done, fmt.Errorf("steering folder: %w", err)
	}
	kiro, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return source{}, done, nil
	}
	if err != nil {
		return source{}, done, fmt.Errorf("steering folder: %w", err)
	}
	src, done = source{kiro: kiro.FS()}, func() { _ = kiro.Close() } // read only
	if filepath.Base(dir) != folder {
		return src, done, nil
	}
	rest, err := os.OpenRoot(filepath.Dir(dir))
	if err != nil {
		done()
		return source{}, func() {}, fmt.Errorf("workspace around the steering folder: %w", err)
	}
	src.rest = rest.FS()
	return src, func() { _ = kiro.Close(); _ = rest.Close() }, nil
}

// openEmbedded makes a source of the documents in the binary; their root holds a .kiro folder.
func openEmbedded(files fs.FS) (source, error) {
	if files == nil {
		return source{}, nil
	}
	kiro, err := fs.Sub(files, folder)
	if err != nil {
		return source{}, fmt.Errorf("embedded steering documents: %w", err)
	}
	return source{kiro: kiro}, nil
}

// read returns a file; fs.ErrNotExist if this source has none of that name.
func (s source) read(name string) ([]byte, error) {
	files, inside := s.rest, name
	if below, ok := strings.CutPrefix(name, folder+"/"); ok {
		files, inside = s.kiro, below
	}
	if files == nil {
		return nil, fs.ErrNotExist
	}
	info, err := fs.Stat(files, inside)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular(): // a pipe would keep us waiting
		return nil, errNotFile
	}
	f, err := files.Open(inside)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // read only
	data, err := io.ReadAll(io.LimitReader(f, maxBytes+1))
	if err == nil && len(data) > maxBytes {
		return nil, errTooLarge
	}
	return data, err
}

// list returns the paths of all steering documents, sorted. Hidden files and folders are passed over.
func (s source) list() ([]string, error) {
	if s.kiro == nil {
		return nil, nil
	}
	var names []string
	below := path.Base(docsAt)
	err := fs.WalkDir(s.kiro, below, func(name string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) && name == below:
			return fs.SkipAll
		case err != nil:
			return err
		case strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
		case !d.IsDir() && strings.EqualFold(path.Ext(name), ".md"):
			names = append(names, path.Join(folder, name))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list steering documents: %w", err)
	}
	slices.Sort(names)
	return names, nil
}

// code reports whether an IDE is likely to be open here.
func (s source) code() bool {
	if s.rest == nil {
		return false
	}
	for _, name := range []string{".git", "go.mod", "package.json"} {
		if _, err := fs.Stat(s.rest, name); err == nil {
			return true
		}
	}
	return false
}
