package api

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// width is how long the lines of a plain text are, in characters.
const width = 72

// text is the keepsake for whoever has nothing but a window of letters.
func (k keepsake) text() []byte {
	var b strings.Builder
	rule := strings.Repeat("-", width) + "\n"
	for _, said := range []string{strings.ToUpper(oneLine(k.session.Name)), "", k.summoned(), "", k.present()} {
		wrap(&b, "", said)
	}
	b.WriteString("\n" + rule)
	today := k.session.StartedAt.Format(day)
	for _, p := range k.passages {
		if d := p.at().Format(day); d != today {
			b.WriteString("\n" + d + "\n")
			today = d
		}
		if p.end != nil {
			b.WriteString("\n" + rule)
		}
		k.writeText(&b, p)
	}
	if len(k.passages) == 0 {
		b.WriteString("\n" + silence + "\n")
	}
	return []byte(b.String())
}

func (k keepsake) writeText(b *strings.Builder, p passage) {
	const margin, deep = "       ", "            "
	if q := p.question; q != nil {
		if q.Erased {
			fmt.Fprintf(b, "\n%s(%s)\n", margin, erasedQuestion)
		} else {
			fmt.Fprintf(b, "\n%s  %s asked:\n", q.At.Format(hour), k.asker(q))
			wrap(b, margin, oneLine(q.Text))
		}
	}
	switch a := p.answer; {
	case a == nil && p.question != nil:
		fmt.Fprintf(b, "\n%s(%s)\n", margin, unanswered)
	case a == nil:
	case a.Erased:
		fmt.Fprintf(b, "\n%s(%s)\n", margin, erasedAnswer)
	case p.question == nil:
		fmt.Fprintf(b, "\n%s  unasked:\n\n", a.At.Format(hour))
		wrap(b, deep, oneLine(a.Board))
	default:
		b.WriteByte('\n')
		wrap(b, deep, oneLine(a.Board))
	}
	switch w := p.whisper; {
	case w == nil:
	case w.Erased:
		fmt.Fprintf(b, "\n%s(%s)\n", margin, erasedWhisper)
	default:
		if said := oneLine(w.Text); said != "" {
			b.WriteByte('\n')
			wrap(b, margin, "\u201c"+said+"\u201d")
		}
	}
	if p.end != nil {
		fmt.Fprintf(b, "\n%s  %s\n", p.end.At.Format(hour), ending(p.end))
	}
}

// wrap writes words in lines of at most width characters behind margin, or longer ones where a word is.
func wrap(b *strings.Builder, margin, said string) {
	long := 0
	for i, word := range slices.Collect(strings.SplitSeq(said, " ")) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
			b.WriteString(margin)
			long = len(margin)
		case long+1+n > width:
			b.WriteString("\n" + margin)
			long = len(margin)
		default:
			b.WriteByte(' ')
			long++
		}
		b.WriteString(word)
		long += n
	}
	b.WriteByte('\n')
}
