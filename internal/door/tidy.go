package door

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// tidy returns s as one line of NFKC: what cannot be seen is gone, runs of space are one space, the ends are trimmed.
func tidy(s string) string {
	s = norm.NFKC.String(strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r), r == blankBraille:
			return ' '
		case invisible(r):
			return -1
		}
		return r
	}, s)
	// Marks that an invisible character kept apart from their base compose with it only now.
	return strings.Join(strings.Fields(norm.NFKC.String(s)), " ")
}

// blankBraille is a symbol that looks like a space.
const blankBraille = '\u2800'

// invisible reports whether r leaves no trace on a screen: zero-width characters, soft hyphens, byte order marks,
// direction marks, bidi controls, tags, fillers. Selectors of emoji style and Mongolian forms stay: they are counted
// as marks.
func invisible(r rune) bool {
	switch {
	case unicode.Is(unicode.Prepended_Concatenation_Mark, r): // signs around Arabic numbers: format characters, and seen
		return false
	case r >= 0xE0100 && r <= 0xE01EF: // 240 selectors that can smuggle a text
		return true
	}
	return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point)
}

// breaksLine reports whether r has no business in a name: control characters, line breaks, bidi embeddings, overrides
// and isolates.
func breaksLine(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
}

// modelTokens are the marks by which language models tell who speaks. NFKC has made full-width ones plain.
var modelTokens = regexp.MustCompile(`(?is)<\|.*?\|>|\[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\]|` +
	`<</?SYS>>|<(?:start|end)_of_turn>|</?(?:s|bos|eos|system|assistant|user|human|tool|think|thinking)>`)

// stripTokens puts a space in the place of each model token, so that what stood around it cannot close up to another.
func stripTokens(s string) string { return modelTokens.ReplaceAllString(s, " ") }

// speakers are those who would speak if their name stood before a colon at the start.
var speakers = []string{
	"system", "assistant", "user", "human", "ai", "bot", "developer", "model", "tool", "spirit", "host", "admin", "seance",
}

const (
	colons        = ":\u2236\ua789\u02d0"
	maxSpeakerTag = 80 // bytes up to the colon
)

// stripSpeakers takes speaker tags ("System:", "### Assistant:") off the start of s.
func stripSpeakers(s string) string {
	for {
		at := strings.IndexAny(s, colons)
		if at < 0 || at > maxSpeakerTag || !strings.ContainsFunc(s[:at], unicode.IsLetter) || !readsAsAny(s[:at], speakers) {
			return s
		}
		s = strings.TrimLeft(s[at:], colons+" *_]>)")
	}
}
