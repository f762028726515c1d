package steering

import (
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A front is the front matter of a document: a YAML mapping, read as words. YAML's own ideas of what a word means are
// not asked for, so that `no` stays a word, and a version a figure as it was written.
type front map[string]*yaml.Node

// split parts a document into the YAML of its front matter and the rest. The front matter starts at the first byte and
// ends with a line of three dashes; bodyLine is the line that the rest starts on. Without front matter all is body.
func split(text string) (matter, body string, bodyLine int) {
	first, rest, ok := strings.Cut(text, "\n")
	if !ok || !dashes(first) {
		return "", text, 1
	}
	line := 1
	for at := 0; at < len(rest); {
		line++
		current, _, more := strings.Cut(rest[at:], "\n")
		if dashes(current) {
			return rest[:at], strings.TrimPrefix(rest[at+len(current):], "\n"), line + 1
		}
		if !more {
			break
		}
		at += len(current) + 1
	}
	return "", text, 1
}

func dashes(line string) bool { return strings.TrimRight(line, " \t") == "---" }

// almostFront matches what its author took for front matter although blank lines stand before it.
var almostFront = regexp.MustCompile(`\A[ \t]*\n\s*---[ \t]*\n[A-Za-z]+:`)

var (
	errNotMapping = errors.New("it is not a list of keys and values")
	errorLine     = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)
)

// parseFront reads a front matter. The line of an error counts within it, from 1, or is 0.
func parseFront(matter string) (f front, line int, err error) {
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(matter), &root); err != nil {
		at := errorLine.FindStringSubmatch(err.Error())
		if len(at) > 1 {
			line, _ = strconv.Atoi(at[1]) // no figure is line 0
		}
		return nil, line, errors.New(errorLine.ReplaceAllString(err.Error(), ""))
	}
	if root.Kind == 0 || len(root.Content) == 0 || root.Content[0].Tag == "!!null" {
		return front{}, 0, nil
	}
	f, ok := mapping(root.Content[0])
	if !ok {
		return nil, 1, errNotMapping
	}
	return f, 0, nil
}

// mapping reads a node as keys and values; of a key that is there twice the last counts.
func mapping(n *yaml.Node) (front, bool) {
	n = target(n)
	if n == nil || n.Kind != yaml.MappingNode {
		return nil, false
	}
	f := front{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		f[n.Content[i].Value] = n.Content[i+1]
	}
	return f, true
}

// target follows one alias: front matter has no use for more.
func target(n *yaml.Node) *yaml.Node {
	if n != nil && n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// line is where the value of key stands in the file, or 0.
func (f front) line(key string) int {
	if n := f[key]; n != nil {
		return n.Line + 1 // the dashes above it
	}
	return 0
}

// word is the value of key as it is written, without quotes; empty if it is absent or no single value.
func (f front) word(key string) string {
	n := target(f[key])
	if n == nil || n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		return ""
	}
	return strings.Join(strings.Fields(n.Value), " ")
}

// words is the value of key as a list; a single value is split at its commas.
func (f front) words(key string) []string {
	n := target(f[key])
	var values []string
	switch {
	case n == nil:
	case n.Kind == yaml.SequenceNode:
		for i := range n.Content {
			values = append(values, front{"": n.Content[i]}.word(""))
		}
	default:
		values = strings.Split(f.word(key), ",")
	}
	var kept []string
	for _, v := range values {
		if v = strings.TrimSpace(v); v != "" {
			kept = append(kept, v)
		}
	}
	return kept
}

// number is the value of key; ok is false unless it is a figure from least to most.
func (f front) number(key string, least, most float64) (v float64, ok bool) {
	v, err := strconv.ParseFloat(f.word(key), 64)
	return v, err == nil && !math.IsNaN(v) && v >= least && v <= most
}
