package steering

import (
	"cmp"
	"fmt"
	"slices"
)

// A Problem is something in a steering document that its author should know.
type Problem struct {
	Path     string // from the workspace root, with slashes: .kiro/steering/..., or ~/.kiro/steering/... for the user's
	Line     int    // from 1; 0 when it concerns the whole document
	Severity Severity
	Message  string // a sentence without a full stop
}

// String is the problem as a line of a report. What concerns the whole document is said of its first line, so that
// editors find the place.
func (p Problem) String() string {
	return fmt.Sprintf("%s:%d: %s: %s", p.Path, max(p.Line, 1), p.Severity, p.Message)
}

// Severity tells what is wrong from what is only unwise.
type Severity string

// An error keeps a document or a part of it out; a warning changes nothing.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// problems collects, each thing once: a document that several others pull in is read several times.
type problems []Problem

func (ps *problems) add(severity Severity, path string, line int, format string, args ...any) {
	p := Problem{Path: path, Line: line, Severity: severity, Message: fmt.Sprintf(format, args...)}
	if !slices.Contains(*ps, p) {
		*ps = append(*ps, p)
	}
}

func (ps *problems) join(others problems) {
	for _, p := range others {
		ps.add(p.Severity, p.Path, p.Line, "%s", p.Message)
	}
}

func (ps problems) sorted() []Problem {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Message, b.Message))
	})
	return ps
}
