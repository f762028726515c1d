package steering

import (
	"cmp"
	"errors"
	"io/fs"
	"slices"
	"strings"
)

// A key names one file of one source.
type key struct {
	from From
	name string
}

// A reading is one pass over all documents. Each file is read once in it.
type reading struct {
	sources  []source
	was      map[key]document // what was good before
	good     map[key]document // what is good now, and what was where it is broken now
	bad      map[key]error    // why there is no document
	beside   map[string]bool  // files on disk that are not steering documents and were asked for
	problems problems
}

// still is what the author of a broken save has to know.
const still = "; the version of before stays in force"

// document returns a séance document, from before if it is broken now. told is whether its author hears of what is wrong
// with it in any case: what somebody refers to may be no document at all.
func (r *reading) document(s source, name string, told bool) (document, error) {
	k := key{s.from, name}
	if d, ok := r.good[k]; ok {
		return d, nil
	}
	if err, ok := r.bad[k]; ok {
		return document{}, err
	}
	d, ps, err := s.parse(name)
	before, known := r.was[k]
	switch {
	case err == nil && d.kind != "":
	case errors.Is(err, fs.ErrNotExist):
	case known && err == nil && len(ps) == 0 && !d.blank():
		err = errDiffers // its author took it out of the séance
	case known:
		if len(ps) == 0 {
			ps.add(Error, s.path(name), 1, "it is empty")
		}
		for i := range ps {
			ps[i].Message += still
		}
		d, err, told = before, nil, true
	case err == nil:
		err = errDiffers
	}
	if told {
		r.problems.join(ps)
	}
	if err != nil {
		r.bad[k] = err
		return document{}, err
	}
	r.good[k] = d
	return d, nil
}

// parse reads a file of the source. Whatever is wrong is among the problems; err is why there is no document.
func (s source) parse(name string) (d document, ps problems, err error) {
	data, err := s.read(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return document{}, nil, err
	case err != nil:
		if !errors.Is(err, errTooLarge) && !errors.Is(err, errNotFile) {
			err = errNoAccess // a link that leads out, or no right to read
		}
		ps.add(Error, s.path(name), 0, "it cannot be read: %v", err)
		return document{}, ps, err
	}
	d, ok := parse(s.path(name), data, &ps)
	if !ok {
		return document{}, ps, errDiffers
	}
	d.from, d.name = s.from, name
	return d, ps, nil
}

// blank reports whether there is nothing in the file, as there may be for a moment while it is saved.
func (d document) blank() bool { return len(d.front) == 0 && strings.TrimSpace(d.body) == "" }

// collect reads the séance documents of all sources, sorted by path. Of two of the same kind and id the one from the
// earlier source counts, within a source the one with the earlier path.
func (r *reading) collect() ([]document, error) {
	type claim struct {
		kind kind
		id   string
	}
	var kept []document
	taken := map[claim]document{}
	for _, s := range r.sources {
		names, err := s.list()
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			d, err := r.document(s, name, true)
			if err != nil {
				continue
			}
			if first, ok := taken[claim{d.kind, d.id}]; ok {
				if first.from == d.from {
					r.problems.add(Warning, d.path, d.front.line("name"), "%s is %q too and goes before this one", first.path, d.id)
				}
				continue
			}
			taken[claim{d.kind, d.id}] = d
			kept = append(kept, d)
		}
	}
	slices.SortStableFunc(kept, func(a, b document) int { return cmp.Compare(a.path, b.path) })
	return kept, nil
}
