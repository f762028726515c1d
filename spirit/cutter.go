package spirit

import (
	"regexp"
	"strings"

	"seance/internal/door"
)

// maxReply bounds what is read of one mind, in bytes: some 30 words are wanted.
const maxReply = 16 << 10

// A cutter parts what a mind says, as it arrives, into the board line and the whisper. The board line is settled once
// and does not depend on how the text was cut into pieces on its way.
type cutter struct {
	letters int // the most that the board line may have

	raw   strings.Builder
	from  int    // where the board's line begins in raw
	board string // empty until it is settled
	took  string // what was written for it
	words int    // how many words of the line it took
	empty bool   // no board line can come of this any more
}

// add takes the next piece and reports whether the board line is settled: when its line ends, or as soon as the line
// holds more than the board can.
func (c *cutter) add(text string) bool {
	c.raw.WriteString(text[:min(len(text), maxReply-c.raw.Len())])
	return c.settle(false)
}

// end says that nothing more comes, which ends the line.
func (c *cutter) end() bool { return c.settle(true) }

func (c *cutter) settle(ended bool) bool {
	for c.board == "" && !c.empty {
		raw, _, whole := strings.Cut(c.raw.String()[c.from:], "\n")
		if !whole && !ended {
			raw = raw[:strings.LastIndexByte(raw, ' ')+1] // the last word may go on
		}
		line := lineOf(raw)
		words := spell(line)
		n := fit(words, c.letters)
		switch {
		case n == 0 && len(words) > 0:
			c.empty = true // its first word alone is too long
		case n > 0 && (whole || ended || n < len(words)):
			c.board, c.took, c.words = join(words[:n]), line[:words[n-1].end], n
		case whole:
			c.from += len(raw) + 1 // nothing to spell on this line: look on the next
		default:
			return false
		}
	}
	return c.board != ""
}

// whisper returns what was said beside the board line so far.
func (c *cutter) whisper() string {
	raw, rest, _ := strings.Cut(c.raw.String()[c.from:], "\n")
	line := lineOf(raw)
	if words := spell(line); c.words < len(words) {
		rest = strings.TrimLeft(line[words[c.words-1].end:], " ,.;:!?…–—-*_\"”'’)") + "\n" + rest
	}
	return strings.TrimSpace(rest)
}

// done reports whether reading on is no use: the whisper is as long as it may get, or the reply as a whole.
func (c *cutter) done() bool {
	return c.empty || c.raw.Len() >= maxReply || c.board != "" && len(strings.Fields(c.whisper())) > maxSaid
}

// boardLabel is a name that minds write before their first line although nobody asked for it.
var boardLabel = regexp.MustCompile(`(?i)\A[^\pL\pN]*(?:board|line (?:1|one)|answer)[^\pL\pN]*:`)

// lineOf cleans one line as the door cleans words of people: no tokens of models, nothing invisible. A line that the
// door refuses is empty.
func lineOf(raw string) string {
	line, err := door.Text(raw, maxReply)
	if err != nil {
		return ""
	}
	return boardLabel.ReplaceAllString(line, "")
}
