package spirit

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"seance/internal/door"
	"seance/internal/seance"
)

// A verdict is what the guard makes of what a mind said.
type verdict int

const (
	fine    verdict = iota
	unfit           // not for this table: the spirit turns aside
	refusal         // the machine behind it speaks, not the spirit: another mind may do better
)

// judge looks at a line as a mind wrote it, board line or whisper. A refusal that also holds an address is a refusal:
// nothing of it is said either way.
func judge(text string, tone seance.Tone) verdict {
	switch plain := flat(text); {
	case machines.breaks(plain):
		return refusal
	case addresses.breaks(plain), forbidden.breaks(plain), telephone(plain), scribble(plain), coarse(plain, tone):
		return unfit
	}
	return fine
}

// flat is text as the patterns expect it: lower case without accents, straight apostrophes, figures of any script as 0 to
// 9, and letters of other scripts within a Latin word as the Latin ones they look like.
func flat(text string) string {
	if ascii(text) {
		return strings.ToLower(text)
	}
	return flattened(text)
}

// flattened is flat for text of any characters.
func flattened(text string) string {
	var b strings.Builder
	for token := range strings.SplitAfterSeq(text, " ") {
		mixed := strings.ContainsFunc(token, func(r rune) bool { return r <= unicode.MaxASCII && unicode.IsLetter(r) })
		for _, r := range bare(token) {
			switch {
			case r <= unicode.MaxASCII:
				b.WriteRune(unicode.ToLower(r))
			case strings.ContainsRune("’‘ʼ´", r):
				b.WriteByte('\'')
			case unicode.Is(unicode.Nd, r):
				b.WriteByte('0' + byte(figure(r)))
			case unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point):
			case mixed && unicode.IsLetter(r) && door.Readings(r) != "":
				b.WriteByte(door.Readings(r)[0])
			default:
				b.WriteRune(unicode.ToLower(r))
			}
		}
	}
	return b.String()
}

// figure is the value of a decimal figure: those of one script stand in a row that begins with its zero.
func figure(r rune) int {
	n := 0
	for n < 9 && unicode.Is(unicode.Nd, r-rune(n)-1) {
		n++
	}
	return n
}

var (
	whisperLabel = regexp.MustCompile(`(?i)\A[^\pL\pN]*(?:whisper|line (?:2|two))[^\pL\pN]*:`)
	codeFence    = regexp.MustCompile("(?m)^\\s*(?:```|~~~).*$")
	lineMarks    = regexp.MustCompile(`(?m)^\s*(?:(?:[-*+>•]|#{1,6}|\d{1,2}[.)])\s+|[-*_=]{3,}\s*$)`)
	linkTarget   = regexp.MustCompile(`\]\([^)\s]*\)`)
	htmlTag      = regexp.MustCompile(`</?[A-Za-z!][^<>]*>`)
	signs        = strings.NewReplacer("*", "", "_", " ", "`", "", "#", "", "~", "", "|", " ", "<", "", ">", "", "[", "", "]", "", "{", "", "}", "", "\\", "")
)

// plain returns a whisper as plain text on one line, at most so many words: the marks of Markdown and HTML are gone.
// ok is false if it holds what a spirit does not say.
func plain(raw string, words int, tone seance.Tone) (text string, ok bool) {
	raw = whisperLabel.ReplaceAllString(raw, "")
	raw = codeFence.ReplaceAllString(raw, "")
	raw = lineMarks.ReplaceAllString(raw, "")
	if strings.TrimSpace(raw) == "" {
		return "", true
	}
	line, err := door.Text(raw, maxReply)
	if err != nil {
		return "", strings.TrimSpace(raw) == ""
	}
	if judge(line, tone) != fine {
		return "", false
	}
	judged := line
	line = signs.Replace(htmlTag.ReplaceAllString(linkTarget.ReplaceAllString(line, ""), ""))
	line = clip(unquote(strings.Join(strings.Fields(line), " ")), words)
	if !strings.ContainsFunc(line, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) {
		return "", true
	}
	return line, line == judged || judge(line, tone) == fine
}

// unquote takes off one pair of quotation marks around the whole.
func unquote(s string) string {
	for _, pair := range []string{`""`, "“”", "''", "‘’", "«»"} {
		marks := []rune(pair)
		inner, left := strings.CutPrefix(s, string(marks[0]))
		inner, right := strings.CutSuffix(inner, string(marks[1]))
		if left && right && !strings.ContainsAny(inner, pair) {
			return strings.TrimSpace(inner)
		}
	}
	return s
}

// clip shortens text to so many words: after the last sentence that fits, or else in mid-sentence, which it shows.
func clip(text string, words int) string {
	fields := strings.Fields(text)
	if len(fields) <= words {
		return text
	}
	for n := words; n > 0; n-- {
		if strings.ContainsAny(string(lastRune(strings.TrimRight(fields[n-1], `"”'’)`))), ".!?…") {
			return strings.Join(fields[:n], " ")
		}
	}
	return strings.TrimRight(strings.Join(fields[:max(words, 0)], " "), ",;:–—-") + "…"
}

func lastRune(s string) rune {
	for _, r := range slices.Backward([]rune(s)) {
		return r
	}
	return ' '
}

// asides are said when what a mind came up with cannot be. Their number is prime, so that counting on by the distance
// of two questions does not come back to the same one.
var asides = []string{
	"NOT TONIGHT", "ASK ANOTHER", "THE LAMP IS LOW", "I WILL NOT SAY", "THAT DOOR STAYS SHUT", "ASK THE CANDLE",
	"LET IT SLEEP", "THE VEIL IS THICK", "SPEAK OF OTHER THINGS", "NOT MINE TO TELL", "LOOK AWAY", "THE WORD IS LOST", "HUSH",
}

// murmurs are the same for a whisper that cannot be said.
var murmurs = []string{
	"The rest is lost in the dark.", "Something shut the door on that.", "The candle swallowed the end of it.",
	"There was more, and it is gone.", "That part is not for this side.", "The wind took the rest.", "It slips away again.",
}

// deflect picks one of the lines by the place of a question in its session, passing over what was said lately: the same
// question gets the same line, and the next one another.
func deflect(lines []string, place uint64, lately []string) string {
	for i := range uint64(len(lines)) {
		if line := lines[(place+i)%uint64(len(lines))]; !slices.Contains(lately, line) {
			return line
		}
	}
	return lines[place%uint64(len(lines))]
}
