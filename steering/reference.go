package steering

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
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
	sources    []source
	problems   *problems
	references int
	bytes      int
}

// expand returns the text of d with comments stripped and every reference replaced by the séance document it names, or
// by a marker where that cannot be. trail are the documents that led here, d the last of them.
func (e *expander) expand(d document, trail []string) string {
	trail = append(slices.Clone(trail), d.path)
	var b strings.Builder
	at := 0
	for _, m := range aside.FindAllStringSubmatchIndex(d.body, -1) {
		b.WriteString(d.body[at:m[0]])
		at = m[1]
		if m[2] < 0 {
			continue // a comment
		}
		what, name := d.body[m[2]:m[3]], strings.TrimSpace(d.body[m[4]:m[5]])
		text, severity, why := e.pull(what, name, trail)
		if why != "" {
			line := d.bodyLine + strings.Count(d.body[:m[0]], "\n")
			e.problems.add(severity, d.path, line, "the reference to %s is left out: %s", name, why)
			text = fmt.Sprintf("[left out: %s]", name)
		}
		b.WriteString(text)
		e.bytes += len(text)
	}
	b.WriteString(d.body[at:])
	return strings.TrimSpace(emptyLines.ReplaceAllString(b.String(), "\n\n"))
}

// pull returns the text that a reference stands for; or how bad it is that there is none, and why.
func (e *expander) pull(what, name string, trail []string) (text string, severity Severity, why string) {
	e.references++
	if what != "file" {
		return "", Error, "only files can be pulled in"
	}
	name = strings.TrimPrefix(name, "./")
	if why := escapes(name); why != "" {
		return "", Error, why
	}
	switch {
	case slices.Contains(trail, name):
		return "", Warning, "it leads back to itself"
	case len(trail) > maxDepth:
		return "", Warning, fmt.Sprintf("it is more than %d references deep", maxDepth)
	case e.references > maxReferences || e.bytes > maxExpanded:
		return "", Error, "too much is pulled in"
	}
	d, err := e.find(name)
	if err != nil {
		return "", Error, err.Error()
	}
	return e.expand(d, trail), "", ""
}

var (
	errNowhere  = errors.New("there is no such file")
	errDiffers  = errors.New("it is not a séance document")
	errNoAccess = errors.New("it cannot be opened from here")
)

// find reads a séance document from the first source that has a file of that name.
func (e *expander) find(name string) (document, error) {
	for _, s := range e.sources {
		data, err := s.read(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case errors.Is(err, errTooLarge), errors.Is(err, errNotFile):
			return document{}, err
		case err != nil:
			return document{}, errNoAccess // a link that leads out, or no right to read
		}
		if d, ok := parse(name, data, new(problems)); ok && d.kind != "" {
			return d, nil
		}
		return document{}, errDiffers
	}
	return document{}, errNowhere
}

// escapes says why a path may not be read, or nothing.
func escapes(name string) string {
	segments := strings.Split(name, "/")
	switch {
	case strings.HasPrefix(name, "/"), strings.ContainsAny(name, `\:`):
		return "paths start at the workspace root, with plain slashes"
	case slices.Contains(segments, ".."):
		return "it leads out of the workspace"
	case !fs.ValidPath(name) || name == ".":
		return "it is no path of a file"
	case segments[0] != folder && slices.ContainsFunc(segments, func(s string) bool { return strings.HasPrefix(s, ".") }):
		return "hidden files stay hidden"
	}
	return ""
}
