package steering

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const (
	maxDepth      = 4
	maxReferences = 100      // in all, for one document: loops are cut, but a fan of fans has no end either
	maxExpanded   = 64 << 10 // bytes
)

// aside matches what does not stay in a text as it is: comments (an unclosed one takes the rest, as in a browser) and
// references.
var aside = regexp.MustCompile(`(?s)<!--.*?(?:-->|\z)|#\[\[([a-z]+):([^\]\n]*)\]\]`)

var emptyLines = regexp.MustCompile(`\n{3,}`)

// An expander pulls references into one document.
type expander struct {
	reading    *reading
	pulled     map[key]document
	references int
	bytes      int
}

// expand returns the text of d with comments stripped and every reference replaced by the séance document it names, or
// by a marker where that cannot be. trail are the documents that led here, d the last of them.
func (e *expander) expand(d document, trail []key) string {
	trail = append(slices.Clone(trail), key{d.from, d.name})
	var b strings.Builder
	at := 0
	for _, m := range aside.FindAllStringSubmatchIndex(d.body, -1) {
		b.WriteString(d.body[at:m[0]])
		at = m[1]
		if m[2] < 0 {
			continue // a comment
		}
		what, name := d.body[m[2]:m[3]], strings.TrimSpace(d.body[m[4]:m[5]])
		text, severity, why := e.pull(d, what, name, trail)
		if why != "" {
			line := d.bodyLine + strings.Count(d.body[:m[0]], "\n")
			e.reading.problems.add(severity, d.path, line, "the reference to %s is left out: %s", name, why)
			text = fmt.Sprintf("[left out: %s]", name)
		}
		b.WriteString(text)
		e.bytes += len(text)
	}
	b.WriteString(d.body[at:])
	return strings.TrimSpace(emptyLines.ReplaceAllString(b.String(), "\n\n"))
}

// lines matches what follows the name of a file when only some of its lines are wanted.
var lines = regexp.MustCompile(`:(\d{1,6})(?:-(\d{1,6}))?$`)

// pull returns the text that a reference in d stands for; or how bad it is that there is none, and why.
func (e *expander) pull(d document, what, name string, trail []key) (text string, severity Severity, why string) {
	name = strings.TrimPrefix(name, "./")
	first, last := 0, 0
	if m := lines.FindStringSubmatch(name); m != nil && what == "file" {
		name = strings.TrimSuffix(name, m[0])
		first, _ = strconv.Atoi(m[1]) // digits, and not many
		last, _ = strconv.Atoi(firstOf(m[2], m[1]))
		if first < 1 || last < first {
			return "", Error, "these are no lines of a file"
		}
	}
	if what == "folder" {
		name = strings.TrimSuffix(name, "/")
	}
	if why := escapes(name); why != "" {
		return "", Error, why
	}
	sources := e.reading.sources
	if d.from == User && !strings.HasPrefix(name, folder+"/") {
		name = docsAt + "/" + name // the user's paths start at their steering folder, and end in it
		sources = slices.DeleteFunc(slices.Clone(sources), func(s source) bool { return s.from != User })
	}
	for _, s := range sources {
		if at, ok := s.beside(name); ok {
			e.reading.beside[at] = true
		}
	}
	switch what {
	case "file":
		return e.file(sources, name, first, last, trail)
	case "folder":
		return e.folder(sources, name, trail)
	}
	return "", Error, "only files and folders can be pulled in"
}

// file returns the lines from first to last of a document, or all of it if last is 0, from the first source that has a
// file of that name.
func (e *expander) file(sources []source, name string, first, last int, trail []key) (text string, severity Severity, why string) {
	for _, s := range sources {
		k := key{s.from, name}
		e.references++
		switch {
		case slices.Contains(trail, k):
			return "", Warning, "it leads back to itself"
		case len(trail) > maxDepth:
			return "", Warning, fmt.Sprintf("it is more than %d references deep", maxDepth)
		case e.references > maxReferences || e.bytes > maxExpanded:
			return "", Error, "too much is pulled in"
		}
		d, err := e.reading.document(s, name, false)
		if errors.Is(err, fs.ErrNotExist) {
			e.references--
			continue
		}
		if err != nil {
			return "", Error, err.Error()
		}
		e.pulled[k] = d
		if last > 0 {
			if d = d.lines(first, last); d.body == "" {
				return "", Error, "there is no text on these lines"
			}
		}
		return e.expand(d, trail), "", ""
	}
	return "", Error, "there is no such file"
}

// folder returns the séance documents in a folder, by name, from the first source that has one of that name. What else
// is there, and what led here, is passed over.
func (e *expander) folder(sources []source, name string, trail []key) (text string, severity Severity, why string) {
	for _, s := range sources {
		names, err := s.inFolder(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			if !errors.Is(err, errNotFolder) {
				err = errNoAccess
			}
			return "", Error, err.Error()
		}
		var texts []string
		for _, name := range names {
			if at, ok := s.beside(name); ok {
				e.reading.beside[at] = true
			}
			if slices.Contains(trail, key{s.from, name}) {
				continue
			}
			if _, err := e.reading.document(s, name, false); err != nil {
				continue
			}
			text, severity, why := e.file([]source{s}, name, 0, 0, trail)
			if why != "" {
				return "", severity, why
			}
			texts = append(texts, text)
		}
		if len(texts) == 0 {
			return "", Error, "no séance document is in it"
		}
		return strings.Join(texts, "\n\n"), "", ""
	}
	return "", Error, "there is no such folder"
}

// comment matches a comment as aside does.
var comment = regexp.MustCompile(`(?s)<!--.*?(?:-->|\z)`)

// lines returns d with only those lines of its file that are from first to last, counted from 1, front matter and
// comments left out.
func (d document) lines(first, last int) document {
	body := comment.ReplaceAllStringFunc(d.body, func(c string) string { return strings.Repeat("\n", strings.Count(c, "\n")) })
	all := strings.Split(body, "\n")
	from := min(max(0, first-d.bodyLine), len(all))
	to := min(max(from, last-d.bodyLine+1), len(all))
	d.body = strings.TrimRight(strings.Join(all[from:to], "\n"), " \t\n")
	d.bodyLine += from
	return d
}

var (
	errDiffers  = errors.New("it is not a séance document")
	errNoAccess = errors.New("it cannot be opened from here")
)

// escapes says why a path may not be read, or nothing.
func escapes(name string) string {
	segments := strings.Split(name, "/")
	switch {
	case strings.HasPrefix(name, "/"), strings.ContainsAny(name, `\:`):
		return "paths start at the workspace root, with plain slashes"
	case slices.Contains(segments, ".."):
		return "it leads out of the workspace"
	case !fs.ValidPath(name) || name == ".":
		return "it is no path of a file or a folder"
	case segments[0] != folder && slices.ContainsFunc(segments, func(s string) bool { return strings.HasPrefix(s, ".") }):
		return "hidden files stay hidden"
	}
	return ""
}
