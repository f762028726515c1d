package spirit

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"seance/internal/door"
	"seance/internal/seance"
)

// unspeakable is what no spirit says: addresses, handles, and the voice of the machine behind it.
var unspeakable = []*regexp.Regexp{
	regexp.MustCompile(`(?i)\b[a-z][a-z0-9+.-]*://|\bwww\.`),
	regexp.MustCompile(`(?i)\b[a-z0-9-]+\.(?:com|net|org|info|io|dev|app|ai|gg|tv|xyz|co\.uk|de|fr|es)\b`),
	regexp.MustCompile(`\S@\S+\.\S`),
	regexp.MustCompile(`(?:^|[\s("'])@\w{2,}`),
	regexp.MustCompile(`(?i)\bas an? (?:ai|artificial|large|language|virtual|digital)\b|\blanguage model\b|\bsystem prompt\b`),
	regexp.MustCompile(`(?i)\bi(?: am|['’]m) (?:just |only )?(?:an? )?(?:ai\b|artificial|large language|chatbot|chatgpt|claude|gemini|kiro)`),
	regexp.MustCompile(`(?i)\bi(?: am|['’]m) (?:a )?(?:real |living )?(?:human|person)\b`),
	regexp.MustCompile(`(?i)\b(?:openai|chatgpt|anthropic)\b|\bi(?: can(?:no|['’])t|['’]m unable to) (?:assist|help) with\b`),
}

// figures matches what could be a telephone number; two years side by side are none.
var (
	figures = regexp.MustCompile(`\+?\(?\d[\d ()./-]{5,}\d`)
	years   = regexp.MustCompile(`^\d{4}\D+\d{4}$`)
)

// A verdict is what the guard makes of what a mind said.
type verdict int

const (
	fine    verdict = iota
	unfit           // not for this table: the spirit turns aside
	refusal         // the machine behind it speaks, not the spirit: another mind may do better
)

// judge looks at a line as a mind wrote it, board line or whisper.
func judge(text string, tone seance.Tone) verdict {
	switch {
	case !speakable(text):
		return unfit
	default:
		return fine
	}
}

// speakable reports whether a spirit may say text.
func speakable(text string) bool {
	if slices.ContainsFunc(unspeakable, func(p *regexp.Regexp) bool { return p.MatchString(text) }) {
		return false
	}
	return !slices.ContainsFunc(figures.FindAllString(text, -1), func(f string) bool {
		digits := 0
		for _, r := range f {
			if unicode.IsDigit(r) {
				digits++
			}
		}
		return digits >= 7 && !years.MatchString(f)
	})
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
	line = signs.Replace(htmlTag.ReplaceAllString(linkTarget.ReplaceAllString(line, ""), ""))
	line = clip(unquote(strings.Join(strings.Fields(line), " ")), words)
	if !strings.ContainsFunc(line, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) {
		return "", true
	}
	return line, judge(line, tone) == fine
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
