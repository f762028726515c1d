package api

import (
	"fmt"
	"strings"
	"time"
	"unicode"

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
