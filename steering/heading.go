package steering

import (
	"regexp"
	"strings"
)

// A section is a heading and where the text below it begins.
type section struct {
	level    int
	heading  string
	at, text int // bytes
}

var headingLine = regexp.MustCompile(`^ {0,3}(#{1,6})(?:[ \t]+(.*?))??(?:[ \t]+#+)?[ \t]*$`)

// sections finds the headings of a text. What stands between fences of code is none.
func sections(text string) []section {
	var found []section
	fence := ""
	at := 0
	for line := range strings.Lines(text) {
		bare := strings.TrimSpace(line)
		switch {
		case fence != "":
			if strings.HasPrefix(bare, fence) && strings.Trim(bare, fence[:1]) == "" {
				fence = ""
			}
		case strings.HasPrefix(bare, "```"), strings.HasPrefix(bare, "~~~"):
			fence = bare[:len(bare)-len(strings.TrimLeft(bare, bare[:1]))]
		default:
			if m := headingLine.FindStringSubmatch(strings.TrimRight(line, "\n")); m != nil {
				found = append(found, section{level: len(m[1]), heading: m[2], at: at, text: at + len(line)})
			}
		}
		at += len(line)
	}
	return found
}

// heading is the first heading of a text that says something.
func heading(text string) string {
	for _, s := range sections(text) {
		if s.heading != "" {
			return s.heading
		}
	}
	return ""
}

// under returns the text below each heading of that name, whatever its case, up to the next heading of the same or a
// higher level.
func under(text, name string) []string {
	var texts []string
	all := sections(text)
	for i, s := range all {
		if !strings.EqualFold(s.heading, name) {
			continue
		}
		end := len(text)
		for _, next := range all[i+1:] {
			if next.level <= s.level {
				end = next.at
				break
			}
		}
		texts = append(texts, strings.TrimSpace(text[s.text:end]))
	}
	return texts
}
