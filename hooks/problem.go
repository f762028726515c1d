package hooks

import (
	"fmt"
	"slices"
)

// A Problem is something in a hook file that its author should know.
type Problem struct {
	Path     string // from the workspace root, with slashes: .kiro/hooks/...
	Line     int    // from 1; 0 when it concerns the whole file
	Severity Severity
	Message  string // a sentence without a full stop
}

// String is the problem as a line of a report.
func (p Problem) String() string {
	return fmt.Sprintf("%s:%d: %s: %s", p.Path, p.Line, p.Severity, p.Message)
}

// Severity tells what is wrong from what is only unwise.
type Severity string

// An error refuses a file with all its hooks; a warning changes nothing.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// problems collects what is wrong with one file.
type problems struct {
	path string
	list []Problem
}

func (p *problems) refuse(format string, args ...any) { p.add(Error, 0, format, args...) }
func (p *problems) warn(format string, args ...any)   { p.add(Warning, 0, format, args...) }

func (p *problems) add(severity Severity, line int, format string, args ...any) {
	p.list = append(p.list, Problem{Path: p.path, Line: line, Severity: severity, Message: fmt.Sprintf(format, args...)})
}

// refused reports whether the file cannot be used.
func (p *problems) refused() bool {
	return slices.ContainsFunc(p.list, func(q Problem) bool { return q.Severity == Error })
}

// nearest returns the word of known that is at most two letters away from word.
func nearest(word string, known []string) (string, bool) {
	best, least := "", 3
	for _, k := range known {
		if d := distance(word, k); d < least {
			best, least = k, d
		}
	}
	return best, best != ""
}

// distance is how many letters have to be added, taken away or changed to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for i := range row {
		row[i] = i
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			changed := diagonal
			if a[i] != b[j] {
				changed++
			}
			diagonal, row[j+1] = row[j+1], min(changed, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
