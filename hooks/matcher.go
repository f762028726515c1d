package hooks

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
)

// compileMatcher reads a matcher; nil matches always. Matchers are RE2, so that no text, however long or odd, keeps the
// server busy; what other dialects have beyond it is refused by name.
func compileMatcher(pattern string) (*regexp.Regexp, error) {
	if pattern == "" || pattern == "*" {
		return nil, nil //nolint:nilnil // no pattern is one that matches always
	}
	re, err := regexp.Compile(pattern)
	if err == nil {
		return re, nil
	}
	if what := beyondRE2(pattern); what != "" {
		return nil, fmt.Errorf("the matcher uses a %s, which RE2 does not have: say plainly what matches", what)
	}
	if bad, ok := errors.AsType[*syntax.Error](err); ok {
		return nil, fmt.Errorf("the matcher is no regular expression: %s: %q", bad.Code, bad.Expr)
	}
	return nil, fmt.Errorf("the matcher is no regular expression: %w", err)
}

// beyondRE2 names the first thing in pattern that backtracking engines understand and RE2 does not.
func beyondRE2(pattern string) string {
	class := false
	for i := 0; i < len(pattern); i++ {
		rest := pattern[i:]
		switch {
		case rest[0] == '\\':
			if len(rest) > 1 && !class && (rest[1] >= '1' && rest[1] <= '9' || rest[1] == 'k') {
				return "backreference (" + rest[:2] + ")"
			}
			i++
		case class:
			class = rest[0] != ']'
		case rest[0] == '[':
			class = true
		case strings.HasPrefix(rest, "(?="), strings.HasPrefix(rest, "(?!"):
			return "lookahead (" + rest[:3] + "...))"
		case strings.HasPrefix(rest, "(?<="), strings.HasPrefix(rest, "(?<!"):
			return "lookbehind (" + rest[:4] + "...))"
		case strings.HasPrefix(rest, "(?>"):
			return "atomic group (" + rest[:3] + "...))"
		}
	}
	return ""
}

// globs makes one matcher of the patterns of a legacy file: ** crosses folders, * and ? do not, {a,b} is either.
func globs(patterns []string) string {
	if len(patterns) == 0 {
		return ""
	}
	alternatives := make([]string, len(patterns))
	for i, p := range patterns {
		alternatives[i] = glob(p)
	}
	return "^(?:" + strings.Join(alternatives, "|") + ")$"
}

func glob(pattern string) string {
	var b strings.Builder
	braces := 0
	for i := 0; i < len(pattern); i++ {
		rest := pattern[i:]
		switch {
		case strings.HasPrefix(rest, "**/"):
			b.WriteString("(?:.*/)?")
			i += 2
		case strings.HasPrefix(rest, "**"):
			b.WriteString(".*")
			i++
		case rest[0] == '*':
			b.WriteString("[^/]*")
		case rest[0] == '?':
			b.WriteString("[^/]")
		case rest[0] == '{' && strings.Contains(rest, "}"):
			b.WriteString("(?:")
			braces++
		case rest[0] == '}' && braces > 0:
			b.WriteString(")")
			braces--
		case rest[0] == ',' && braces > 0:
			b.WriteString("|")
		case rest[0] == '\\' && len(rest) > 1:
			b.WriteString(regexp.QuoteMeta(rest[1:2]))
			i++
		default:
			b.WriteString(regexp.QuoteMeta(rest[:1]))
		}
	}
	return b.String() + strings.Repeat(")", braces)
}
