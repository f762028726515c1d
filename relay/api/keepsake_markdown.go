package api

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// markdown is the keepsake in CommonMark.
func (k keepsake) markdown() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n*%s*\n\n%s\n\n---\n", escape(oneLine(k.session.Name)), escape(k.summoned()), escape(k.present()))
	today := k.session.StartedAt.Format(day)
	for _, p := range k.passages {
		if d := p.at().Format(day); d != today {
			fmt.Fprintf(&b, "\n## %s\n", d)
			today = d
		}
		k.writeMarkdown(&b, p)
	}
	if len(k.passages) == 0 {
		fmt.Fprintf(&b, "\n*%s*\n", silence)
	}
	return []byte(b.String())
}

func (k keepsake) writeMarkdown(b *strings.Builder, p passage) {
	if q := p.question; q != nil {
		if q.Erased {
			fmt.Fprintf(b, "\n*%s*\n", erasedQuestion)
		} else {
			fmt.Fprintf(b, "\n**%s** asked at %s\n\n> %s\n", escape(k.asker(q)), q.At.Format(hour), escape(oneLine(q.Text)))
		}
	}
	switch a := p.answer; {
	case a == nil && p.question != nil:
		fmt.Fprintf(b, "\n*%s*\n", unanswered)
	case a == nil:
	case a.Erased:
		fmt.Fprintf(b, "\n*%s*\n", erasedAnswer)
	case p.question == nil:
		fmt.Fprintf(b, "\n*Unasked, at %s*\n\n**%s**\n", a.At.Format(hour), escape(oneLine(a.Board)))
	default:
		fmt.Fprintf(b, "\n**%s**\n", escape(oneLine(a.Board)))
	}
	switch w := p.whisper; {
	case w == nil:
	case w.Erased:
		fmt.Fprintf(b, "\n*%s*\n", erasedWhisper)
	default:
		if said := oneLine(w.Text); said != "" {
			fmt.Fprintf(b, "\n*%s*\n", escape(said))
		}
	}
	if p.end != nil {
		fmt.Fprintf(b, "\n---\n\n*%s: %s*\n", p.end.At.Format(hour), ending(p.end))
	}
}

// special is what Markdown, GitHub's too, reads as more than itself, wherever it stands in a line.
const special = "\\`*_[]<>&#~|$"

var (
	// opening is what begins a list, a rule or a heading's underline when it stands first.
	opening = regexp.MustCompile(`^([-+=]|[0-9]+[.)])`)
	// address is what becomes a link by itself.
	address = regexp.MustCompile(`(?i)(:)(//)|(www)(\.)`)
)

// escape has Markdown show a line as it is.
func escape(said string) string {
	var b strings.Builder
	for _, r := range said {
		if r < utf8.RuneSelf && strings.ContainsRune(special, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	said = address.ReplaceAllString(b.String(), `$1$3\$2$4`)
	if m := opening.FindString(said); m != "" {
		last := len(m) - 1
		said = said[:last] + `\` + said[last:]
	}
	return said
}
