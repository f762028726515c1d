package spirit

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const (
	maxWords = 5  // of a board line (docs/protocol.md)
	maxSaid  = 30 // words of board line and whisper together
)

// A glyphs is one word as the board can spell it.
type glyphs struct {
	text string // A-Z and 0-9
	end  int    // where the word ends in the line it was read from
}

// spell reads a line as words of the board: upper case, accents folded, apostrophes joined, digits kept. Everything
// else parts words and is passed over.
func spell(line string) []glyphs {
	var words []glyphs
	open := false
	for at, r := range line {
		text, joins := letter(r)
		if text == "" {
			open = open && joins
			continue
		}
		if !open {
			words = append(words, glyphs{})
			open = true
		}
		w := &words[len(words)-1]
		w.text += text
		w.end = at + len(string(r))
	}
	return words
}

// unaccented are letters that Unicode does not take apart.
var unaccented = map[rune]string{
	'Æ': "AE", 'Œ': "OE", 'Ø': "O", 'Ð': "D", 'Đ': "D", 'Þ': "TH", 'Ł': "L", 'ẞ': "SS", 'ß': "SS", 'Ħ': "H", 'Ŧ': "T", 'ı': "I",
}

// letter returns the glyphs that stand for r. If there are none, joins tells whether the word goes on behind it.
func letter(r rune) (text string, joins bool) {
	switch {
	case r >= 'a' && r <= 'z':
		return string(r - 'a' + 'A'), true
	case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		return string(r), true
	case strings.ContainsRune("'’‘ʼ`´", r), unicode.Is(unicode.M, r):
		return "", true
	}
	if known := unaccented[unicode.ToUpper(r)]; known != "" {
		return known, true
	}
	if known := unaccented[r]; known != "" {
		return known, true
	}
	var b strings.Builder
	for _, part := range norm.NFKD.String(string(r)) {
		if part < unicode.MaxASCII && (unicode.IsLetter(part) || unicode.IsDigit(part)) {
			b.WriteRune(unicode.ToUpper(part))
		}
	}
	return b.String(), false
}

// fit returns how many of the words, from the first, a board line of so many letters may hold.
func fit(words []glyphs, letters int) int {
	for i, w := range words {
		letters -= len(w.text)
		if letters < 0 || i == maxWords {
			return i
		}
	}
	return len(words)
}

func join(words []glyphs) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.text
	}
	return strings.Join(texts, " ")
}
