// Package steering reads the documents that say who the spirits are: Markdown with front matter under .kiro/steering,
// those of the workspace before those in the binary. It reads leniently and never fails for what one document holds:
// what cannot be used is kept out, and Problems says where and why.
//
// A document belongs to the séance if its front matter has `seance: spirit`, `rules` or `lore`. No other document is
// ever part of what this package returns, not even by reference.
package steering

import (
	"cmp"
	"io/fs"
	"log/slog"
	"slices"
	"sync/atomic"
)

// Options say where documents come from.
type Options struct {
	Embedded fs.FS        // its root holds .kiro/steering; may be nil
	Dir      string       // the workspace's .kiro folder, whose documents win by id; it may be empty or not there
	Logger   *slog.Logger // discards if nil
}

// A Library holds what was read. Safe for concurrent use.
type Library struct {
	o       Options
	log     *slog.Logger
	current atomic.Pointer[edition]
}

// An edition is one reading of all documents. It never changes.
type edition struct {
	personas []Persona
	lore     []Lore
	problems []Problem
}

// Open reads all documents. It fails when a folder cannot be read, never for what is in a document.
func Open(o Options) (*Library, error) {
	l := &Library{o: o, log: cmp.Or(o.Logger, slog.New(slog.DiscardHandler))}
	e, err := l.read()
	if err != nil {
		return nil, err
	}
	l.current.Store(e)
	return l, nil
}

// Personas returns the spirits in the order of their documents' paths.
func (l *Library) Personas() []Persona { return slices.Clone(l.current.Load().personas) }

// Persona finds a spirit by its id.
func (l *Library) Persona(id string) (Persona, bool) {
	for _, p := range l.current.Load().personas {
		if p.ID == id {
			return p, true
		}
	}
	return Persona{}, false
}

// Lore returns what spirits may remember, in the order of the documents' paths.
func (l *Library) Lore() []Lore { return slices.Clone(l.current.Load().lore) }

// Problems returns what is wrong with the documents, by path and line.
func (l *Library) Problems() []Problem { return slices.Clone(l.current.Load().problems) }

func (l *Library) read() (*edition, error) {
	workspace, done, err := openWorkspace(l.o.Dir)
	if err != nil {
		return nil, err
	}
	defer done()
	embedded, err := openEmbedded(l.o.Embedded)
	if err != nil {
		return nil, err
	}

	var ps problems
	sources := []source{workspace, embedded}
	docs, err := collect(sources, &ps)
	if err != nil {
		return nil, err
	}
	e := &edition{}
	for _, d := range docs {
		text := (&expander{sources: sources, problems: &ps}).expand(d, nil)
		switch d.kind {
		case spirit:
			e.personas = append(e.personas, newPersona(d, text, &ps))
			if mode := d.front.word("inclusion"); (mode == "" || mode == "always") && workspace.code() {
				ps.add(Warning, d.path, d.front.line("inclusion"), "without inclusion: manual this spirit haunts the IDE")
			}
		case lore:
			e.lore = append(e.lore, newLore(d, text, &ps))
		}
	}
	e.problems = ps.sorted()
	for _, p := range e.problems {
		l.log.Warn("steering document", "path", p.Path, "line", p.Line, "severity", p.Severity, "problem", p.Message)
	}
	l.log.Debug("steering read", "spirits", len(e.personas), "lore", len(e.lore), "problems", len(e.problems))
	return e, nil
}

// collect reads the séance documents of all sources, sorted by path. Of two of the same kind and id the one from the
// earlier source counts, within a source the one with the earlier path.
func collect(sources []source, ps *problems) ([]document, error) {
	type key struct {
		kind kind
		id   string
	}
	var kept []document
	from := map[key]int{}
	for i, s := range sources {
		names, err := s.list()
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			data, err := s.read(name)
			if err != nil {
				ps.add(Error, name, 0, "it cannot be read: %v", err)
				continue
			}
			d, ok := parse(name, data, ps)
			if !ok || d.kind == "" {
				continue
			}
			if at, taken := from[key{d.kind, d.id}]; taken {
				if at == i {
					ps.add(Warning, name, d.front.line("name"), "another document before it is %q too, so this one is not read", d.id)
				}
				continue
			}
			from[key{d.kind, d.id}] = i
			kept = append(kept, d)
		}
	}
	slices.SortStableFunc(kept, func(a, b document) int { return cmp.Compare(a.path, b.path) })
	return kept, nil
}
