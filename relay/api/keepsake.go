package api

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"seance/internal/seance"
)

// A keepsake is a sitting as it is read afterwards, told in UTC: the server knows nobody's own time.
type keepsake struct {
	session  seance.Session
	spirit   string // its title
	people   []seance.Participant
	passages []passage
}

// A passage is something that was said and what came of it: a question with its answer and the whisper behind that, or
// whatever of it there was. What is not there is nil. The end of a session is a passage of its own.
type passage struct{ question, answer, whisper, end *seance.Message }

// passages puts messages, which are in order, together. Each stands where its first message stood.
func passages(messages []seance.Message) []passage {
	var found []*passage
	begun := map[uint64]*passage{} // by the seq of each message in it
	for i := range messages {
		m := &messages[i]
		p := begun[m.Refers]
		switch {
		case m.Kind == seance.KindAnswer && p != nil && p.answer == nil:
			p.answer = m
		case m.Kind == seance.KindWhisper && p != nil && p.whisper == nil:
			p.whisper = m
		default:
			p = &passage{}
			switch m.Kind {
			case seance.KindQuestion:
				p.question = m
			case seance.KindAnswer:
				p.answer = m
			case seance.KindWhisper:
				p.whisper = m
			case seance.KindEnd:
				p.end = m
			}
			found = append(found, p)
		}
		begun[m.Seq] = p
	}
	all := make([]passage, len(found))
	for i, p := range found {
		all[i] = *p
	}
	return all
}

// at is when a passage began.
func (p passage) at() time.Time {
	for _, m := range []*seance.Message{p.question, p.answer, p.whisper, p.end} {
		if m != nil {
			return m.At
		}
	}
	return time.Time{}
}

// The hours and days of a keepsake.
const (
	hour = "15:04"
	day  = "2 January 2006"
)

// summoned says whom, and when.
func (k keepsake) summoned() string {
	from, to := k.session.StartedAt, k.session.EndedAt
	switch {
	case k.session.Open():
		return fmt.Sprintf("%s was summoned on %s at %s UTC, and is still here.", k.spirit, from.Format(day), from.Format(hour))
	case from.Format(day) == to.Format(day):
		return fmt.Sprintf("%s was summoned on %s, from %s to %s UTC.", k.spirit, from.Format(day), from.Format(hour),
			to.Format(hour))
	default:
		return fmt.Sprintf("%s was summoned on %s at %s and stayed until %s at %s UTC.", k.spirit, from.Format(day),
			from.Format(hour), to.Format(day), to.Format(hour))
	}
}

// present says who sat at the table, and who watched.
func (k keepsake) present() string {
	var table, watching []string
	for _, p := range k.people {
		switch p.Role {
		case seance.Spectator:
			watching = append(watching, oneLine(p.Name))
		case seance.Host:
			table = append(table, oneLine(p.Name)+" (host)")
		default:
			table = append(table, oneLine(p.Name))
		}
	}
	said := "At the table: " + strings.Join(table, ", ") + "."
	if len(watching) > 0 {
		said += " Watching: " + strings.Join(watching, ", ") + "."
	}
	return said
}

// asker is the name of who asked.
func (k keepsake) asker(question *seance.Message) string {
	if p, ok := person(k.people, question.Participant); ok {
		return oneLine(p.Name)
	}
	return "Somebody"
}

// ending says how it was over.
func ending(m *seance.Message) string {
	switch seance.EndReason(m.Text) {
	case seance.EndedByGoodbye:
		return "The planchette was led to GOODBYE."
	case seance.EndedIdle:
		return "The candles burned down."
	default:
		return "The host ended the sitting."
	}
}

// What stands in the place of what is gone, or never came.
const (
	erasedQuestion = "A question was erased."
	erasedAnswer   = "An answer was erased."
	erasedWhisper  = "A whisper was erased."
	unanswered     = "The spirit did not answer."
	silence        = "Nobody asked anything."
)

// oneLine is what was said without what could do something other than be read: line breaks and control characters
// become spaces, marks of direction go.
func oneLine(said string) string {
	said = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r) || unicode.IsSpace(r) || r == '\u2028' || r == '\u2029':
			return ' '
		case unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, said)
	return strings.Join(strings.Fields(said), " ")
}

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
