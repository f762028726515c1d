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
	below    = "steering"
	docsAt   = folder + "/" + below
	maxBytes = 64 << 10 // of one file
)

var (
	errTooLarge  = errors.New("it is larger than 64 KiB")
	errNotFile   = errors.New("it is not an ordinary file")
	errNotFolder = errors.New("it is not a folder")
)

// From says where a document comes from.
type From string

// The places that documents come from, as they go before each other.
const (
	Workspace From = "workspace"
	User      From = "user"    // for all workspaces of whoever runs the program
	Program   From = "program" // comes with it
)

// A source is a place that documents come from. Its names are those of a workspace root: .kiro/steering/... The zero
// value is an empty one.
type source struct {
	from From
	dir  string // of the workspace's .kiro on disk
	docs fs.FS  // what is under .kiro/steering, where nothing else can be reached
	kiro fs.FS  // or what is under .kiro
	rest fs.FS  // and what is beside it
}

// path is what people call a file of this source.
func (s source) path(name string) string {
	if s.from == User {
		return "~/" + name
	}
	return name
}

// openWorkspace opens the documents of dir, a .kiro folder, and of the workspace around it if the folder has that
// name. Links that lead out of either open nothing. A folder that is not there is an empty source.
func openWorkspace(dir string) (src source, done func(), err error) {
	src, done = source{from: Workspace}, func() {}
	if dir == "" {
		return src, done, nil
	}
	dir, err = filepath.Abs(dir)
	if err != nil {
		return src, done, fmt.Errorf("steering folder: %w", err)
	}
	kiro, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return src, done, nil
	}
	if err != nil {
		return src, done, fmt.Errorf("steering folder: %w", err)
	}
	src.dir, src.kiro, done = dir, kiro.FS(), func() { _ = kiro.Close() } // read only
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

// openUser opens the documents of dir, the user's .kiro folder, and nothing beside its steering folder. If it is the
// workspace's own folder too, it is an empty source.
func openUser(dir, workspace string) (src source, done func(), err error) {
	src, done = source{from: User}, func() {}
	if dir == "" {
		return src, done, nil
	}
	if a, err := os.Stat(dir); err == nil {
		if b, err := os.Stat(workspace); err == nil && os.SameFile(a, b) {
			return src, done, nil
		}
	}
	docs, err := os.OpenRoot(filepath.Join(dir, below))
	if errors.Is(err, fs.ErrNotExist) {
		return src, done, nil
	}
	if err != nil {
		return src, done, fmt.Errorf("the user's steering folder: %w", err)
	}
	src.docs = docs.FS()
	return src, func() { _ = docs.Close() }, nil // read only
}

// openEmbedded makes a source of the documents in the binary; their root holds a .kiro folder.
func openEmbedded(files fs.FS) (source, error) {
	if files == nil {
		return source{from: Program}, nil
	}
	kiro, err := fs.Sub(files, folder)
	if err != nil {
		return source{}, fmt.Errorf("embedded steering documents: %w", err)
	}
	return source{from: Program, kiro: kiro}, nil
}

// find says where a name is looked up in this source; files is nil if it has no such place.
func (s source) find(name string) (files fs.FS, inside string) {
	if s.docs != nil {
		if name == docsAt {
			return s.docs, "."
		}
		if inside, ok := strings.CutPrefix(name, docsAt+"/"); ok {
			return s.docs, inside
		}
		return nil, ""
	}
	if inside, ok := strings.CutPrefix(name, folder+"/"); ok {
		return s.kiro, inside
	}
	return s.rest, name
}

// beside is where a name is on disk, if it is a file that Library.Files tells of.
func (s source) beside(name string) (string, bool) {
	inside, inKiro := strings.CutPrefix(name, folder+"/")
	switch {
	case s.kiro == nil || s.dir == "" || strings.HasPrefix(name, docsAt+"/"):
		return "", false
	case inKiro:
		return filepath.Join(s.dir, filepath.FromSlash(inside)), true
	case s.rest == nil:
		return "", false
	}
	return filepath.Join(filepath.Dir(s.dir), filepath.FromSlash(name)), true
}

// read returns a file; fs.ErrNotExist if this source has none of that name.
func (s source) read(name string) ([]byte, error) {
	files, inside := s.find(name)
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

// list returns the names of all steering documents, sorted. Hidden files and folders are passed over.
func (s source) list() ([]string, error) {
	files, top := s.find(docsAt)
	if files == nil {
		return nil, nil
	}
	var names []string
	err := fs.WalkDir(files, top, func(name string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist): // there is none, or it went away meanwhile
			return nil
		case err != nil:
			return err
		case name != top && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
		case !d.IsDir() && isDocument(name):
			names = append(names, path.Join(docsAt, strings.TrimPrefix(name, top)))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list steering documents: %w", err)
	}
	slices.Sort(names)
	return names, nil
}

// inFolder returns the names of the documents in a folder, sorted, but not of those in folders below; fs.ErrNotExist if
// this source has no folder of that name.
func (s source) inFolder(name string) ([]string, error) {
	files, inside := s.find(name)
	if files == nil {
		return nil, fs.ErrNotExist
	}
	if info, err := fs.Stat(files, inside); err != nil {
		return nil, err
	} else if !info.IsDir() {
		return nil, errNotFolder
	}
	entries, err := fs.ReadDir(files, inside)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, d := range entries {
		if !d.IsDir() && !strings.HasPrefix(d.Name(), ".") && isDocument(d.Name()) {
			names = append(names, path.Join(name, d.Name()))
		}
	}
	return names, nil
}

func isDocument(name string) bool { return strings.EqualFold(path.Ext(name), ".md") }

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
