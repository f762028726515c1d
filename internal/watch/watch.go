// Package watch tells which steering and hook files were made, saved or deleted. It looks at what is on disk before and
// after, so that an editor which writes a second file and renames it over the first is seen as one save, and folders
// that are made, moved or removed later are followed. The system's notices only say when to look: where there are none,
// as on folders mounted from elsewhere, it looks by itself every few seconds.
package watch

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Op says what became of a file.
type Op string

// What becomes of files.
const (
	Created Op = "created"
	Saved   Op = "saved"
	Deleted Op = "deleted"
)

// A Change is a file that is not as it was.
type Change struct {
	Path string // as its Root calls it, with slashes: .kiro/steering/spirit-ann.md
	Op   Op
}

// A Root is a folder that holds a steering and a hooks folder.
type Root struct {
	Dir  string // on disk; it may not be there yet
	Name string // what changes call it: .kiro, or ~/.kiro for the user's
}

// Options say what to watch.
type Options struct {
	Roots []Root
	// Also returns further files and folders on disk, whose changes have the path that they are given here with
	// slashes; what is in the folders does not count. It is asked before each look and may be nil.
	Also   func() []string
	Settle time.Duration // what happens within this time of each other is told at once; 100 ms if zero
	Every  time.Duration // looks by itself this often; 5 s if zero
	Logger *slog.Logger  // discards if nil
}

const (
	settle = 100 * time.Millisecond
	every  = 5 * time.Second
	// A file that never comes to rest is told of after this many times Settle.
	patience = 10
)

// A Watcher remembers what the files were like. Run it once, or Close it.
type Watcher struct {
	o       Options
	log     *slog.Logger
	notices *fsnotify.Watcher // nil where the system has none to give
	seen    map[string]fs.FileInfo
	watched []string        // folders
	inside  map[string]bool // those of them in which everything matters
	also    []string        // what Also returned last
}

// Open looks at the files for the first time: Run tells of every change from here on. Whoever reads the files after
// Open and again on each Change has missed nothing.
func Open(o Options) *Watcher {
	o.Settle, o.Every = cmp.Or(o.Settle, settle), cmp.Or(o.Every, every)
	o.Roots = slices.Clone(o.Roots)
	w := &Watcher{o: o, log: cmp.Or(o.Logger, slog.New(slog.DiscardHandler))}
	for i, r := range o.Roots {
		if dir, err := filepath.Abs(r.Dir); err == nil {
			w.o.Roots[i].Dir = dir
		}
	}
	var err error
	if w.notices, err = fsnotify.NewWatcher(); err != nil {
		w.log.Warn("no notices of saved files: looking every few seconds", "every", w.o.Every, "err", err)
		w.notices = nil
	}
	w.seen = w.look()
	return w
}

// Close frees what Open took, for a Watcher that is not run.
func (w *Watcher) Close() error {
	if w.notices == nil {
		return nil
	}
	return w.notices.Close()
}

// Run tells of changes, sorted by path and each path once, from one goroutine, until ctx ends; then it returns nil with
// nothing left running. What happens while tell works is told next.
func (w *Watcher) Run(ctx context.Context, tell func([]Change)) error {
	defer func() { _ = w.Close() }() // nothing was written
	var events <-chan fsnotify.Event
	var faults <-chan error
	if w.notices != nil {
		events, faults = w.notices.Events, w.notices.Errors
	}
	ticks := time.NewTicker(w.o.Every)
	defer ticks.Stop()
	rest := time.NewTimer(w.o.Settle) // once at the start: something may have happened since Open
	defer rest.Stop()
	var stirred time.Time // the first event that was not looked into yet
	for {
		select {
		case <-ctx.Done():
			return nil
		case e := <-events:
			if !w.matters(e.Name) {
				continue
			}
			if stirred.IsZero() {
				stirred = time.Now()
			}
			rest.Reset(min(w.o.Settle, max(0, time.Until(stirred.Add(patience*w.o.Settle)))))
			continue
		case err := <-faults: // too many at once, most likely: looking shows what came of it
			w.log.Debug("notices of saved files fail", "err", err)
		case <-ticks.C:
			if !stirred.IsZero() {
				continue // rest is running
			}
		case <-rest.C:
		}
		stirred = time.Time{}
		w.ask()
		now := w.look()
		changes := w.compare(now)
		w.seen = now
		if len(changes) > 0 {
			tell(changes)
		}
	}
}

// ask asks what else is to be watched. Of a file that is heard of for the first time nothing is told yet, and of one
// that is heard of no more nothing any longer.
func (w *Watcher) ask() {
	if w.o.Also == nil {
		return
	}
	names := slices.Compact(slices.Sorted(slices.Values(w.o.Also())))
	for _, name := range names {
		if info, err := os.Stat(name); err == nil && !slices.Contains(w.also, name) {
			w.seen[filepath.ToSlash(name)] = info
		}
	}
	for _, name := range w.also {
		if !slices.Contains(names, name) {
			delete(w.seen, filepath.ToSlash(name))
		}
	}
	w.also = names
}

// compare returns what is different from what was seen last.
func (w *Watcher) compare(now map[string]fs.FileInfo) []Change {
	var changes []Change
	for name, info := range now {
		switch was, known := w.seen[name]; {
		case !known:
			changes = append(changes, Change{Path: name, Op: Created})
		case !same(was, info):
			changes = append(changes, Change{Path: name, Op: Saved})
		}
	}
	for name := range w.seen {
		if _, there := now[name]; !there {
			changes = append(changes, Change{Path: name, Op: Deleted})
		}
	}
	slices.SortFunc(changes, func(a, b Change) int { return cmp.Compare(a.Path, b.Path) })
	return changes
}

func same(a, b fs.FileInfo) bool {
	return a.ModTime().Equal(b.ModTime()) && a.Size() == b.Size() && os.SameFile(a, b)
}

// look returns what is on disk, by path, and sees to it that there will be notices of what comes next. A folder that
// appears while it looks makes it look again: files may have been put into it before anybody watched.
func (w *Watcher) look() map[string]fs.FileInfo {
	for range 4 {
		files, folders := w.files()
		if !w.watch(folders) {
			return files
		}
	}
	files, _ := w.files()
	return files
}

// watch asks for notices about these folders and no others. more is true if one of them is new.
func (w *Watcher) watch(folders []string) (more bool) {
	if w.notices == nil {
		return false
	}
	var watched []string
	for _, dir := range folders {
		if err := w.notices.Add(dir); err != nil { // again each time: another folder may bear its name by now
			if !errors.Is(err, fs.ErrNotExist) {
				w.log.Debug("no notices of saved files in a folder", "dir", dir, "err", err)
			}
			continue
		}
		watched = append(watched, dir)
		more = more || !slices.Contains(w.watched, dir)
	}
	for _, dir := range w.watched {
		if !slices.Contains(watched, dir) {
			_ = w.notices.Remove(dir) // gone already, if it fails
		}
	}
	w.watched = watched
	return more
}
