// Package steering reads the documents that say who the spirits are: Markdown with front matter under .kiro/steering,
// those of the workspace before those of the user before those in the binary. It reads leniently and never fails for
// what one document holds: what cannot be used is kept out, and Problems says where and why.
//
// A document belongs to the séance if its front matter has `seance: spirit`, `rules` or `lore`. No other document is
// ever part of what this package returns, not even by reference.
package steering

import (
	"cmp"
	"io/fs"
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
)

// Options say where documents come from.
type Options struct {
	Embedded fs.FS        // its root holds .kiro/steering; may be nil
	Dir      string       // the workspace's .kiro folder, whose documents win by id; it may be empty or not there
	User     string       // the user's .kiro folder, whose documents win over those embedded; it may be empty or not there
	Logger   *slog.Logger // discards if nil
}

// A Library holds what was read. Safe for concurrent use.
type Library struct {
	o       Options
	log     *slog.Logger
	current atomic.Pointer[edition]
	reading sync.Mutex // one reads, so that editions follow each other
}

// An edition is one reading of all documents. It never changes.
type edition struct {
	personas  []Persona
	lore      []Lore
	documents []Document
	problems  []Problem
	read      int // séance documents with an id of their own, in force or not
	files     []string
	good      map[key]document
}

// Open reads all documents. It fails when a folder cannot be read, never for what is in a document.
func Open(o Options) (*Library, error) {
	l := &Library{o: o, log: cmp.Or(o.Logger, slog.New(slog.DiscardHandler))}
	e, err := l.read(nil)
	if err != nil {
		return nil, err
	}
	l.current.Store(e)
	l.tell(e.problems)
	l.log.Debug("steering read", "spirits", len(e.personas), "lore", len(e.lore), "problems", len(e.problems))
	return l, nil
}

// Reload reads all documents again; whoever asks the library next gets what they say now. A document that was good and
// is broken now stays in force as it was, and the problems and the log say so; one that was deleted is gone. If a folder
// cannot be read, everything stays as it was. What has not changed is not logged again.
func (l *Library) Reload() error {
	l.reading.Lock()
	defer l.reading.Unlock()
	was := l.current.Load()
	e, err := l.read(was.good)
	if err != nil {
		return err
	}
	l.current.Store(e)
	if reflect.DeepEqual(was.documents, e.documents) && reflect.DeepEqual(was.personas, e.personas) &&
		reflect.DeepEqual(was.lore, e.lore) && slices.Equal(was.problems, e.problems) {
		return nil
	}
	l.tell(slices.DeleteFunc(slices.Clone(e.problems), func(p Problem) bool { return slices.Contains(was.problems, p) }))
	l.log.Info("steering changed", "spirits", len(e.personas), "lore", len(e.lore), "problems", len(e.problems))
	return nil
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

// Lore returns what spirits may remember, in the order of the documents' paths: see Choose.
func (l *Library) Lore() []Lore { return slices.Clone(l.current.Load().lore) }

// Documents returns what is in force: spirits, then the rules that they or lore pull in, then lore, each by path.
func (l *Library) Documents() []Document { return slices.Clone(l.current.Load().documents) }

// Problems returns what is wrong with the documents, by path and line.
func (l *Library) Problems() []Problem { return slices.Clone(l.current.Load().problems) }

// Read is how many séance documents were read, whether in force or not; those that another goes before do not count.
func (l *Library) Read() int { return l.current.Load().read }

// Files returns the files and folders on disk that documents refer to beside the steering folders, there or not, sorted:
// a change to one of them is a reason to Reload.
func (l *Library) Files() []string { return slices.Clone(l.current.Load().files) }

func (l *Library) tell(problems []Problem) {
	for _, p := range problems {
		l.log.Warn("steering document", "path", p.Path, "line", p.Line, "severity", p.Severity, "problem", p.Message)
	}
}

func (l *Library) read(was map[key]document) (*edition, error) {
	workspace, done, err := openWorkspace(l.o.Dir)
	if err != nil {
		return nil, err
	}
	defer done()
	user, done, err := openUser(l.o.User, l.o.Dir)
	if err != nil {
		return nil, err
	}
	defer done()
	embedded, err := openEmbedded(l.o.Embedded)
	if err != nil {
		return nil, err
	}

	r := &reading{
		sources: []source{workspace, user, embedded}, was: was,
		good: map[key]document{}, bad: map[key]error{}, beside: map[string]bool{},
	}
	docs, err := r.collect()
	if err != nil {
		return nil, err
	}
	e := &edition{}
	pulled := map[key]document{} // by spirits and lore
	for _, d := range docs {
		x := &expander{reading: r, pulled: map[key]document{}}
		text := x.expand(d, nil)
		switch d.kind {
		case spirit:
			p := newPersona(d, text, &r.problems)
			e.personas = append(e.personas, p)
			e.documents = append(e.documents, d.inForce(p.Title, p.Text))
			if mode := d.front.word("inclusion"); (mode == "" || mode == "always") &&
				(d.from == User || d.from == Workspace && workspace.code()) {
				r.problems.add(Warning, d.path, d.front.line("inclusion"), "without inclusion: manual this spirit haunts the IDE")
			}
		case lore:
			e.lore = append(e.lore, newLore(d, text, &r.problems))
			e.documents = append(e.documents, d.inForce("", text))
		default:
			continue
		}
		maps.Copy(pulled, x.pulled)
	}
	for _, d := range docs {
		if _, needed := pulled[key{d.from, d.name}]; d.kind == rules && !needed && d.from != Program {
			r.problems.add(Warning, d.path, d.front.line("seance"), "no spirit refers to these rules, so they are not in force")
		}
	}
	for _, d := range pulled {
		if d.kind == rules {
			e.documents = append(e.documents, d.inForce("", (&expander{reading: r, pulled: map[key]document{}}).expand(d, nil)))
		}
	}
	slices.SortFunc(e.documents, Document.compare)
	e.problems = r.problems.sorted()
	e.read, e.good, e.files = len(docs), r.good, slices.Sorted(maps.Keys(r.beside))
	return e, nil
}
