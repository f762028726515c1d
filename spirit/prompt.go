package spirit

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"seance/internal/seance"
	"seance/steering"
)

// Render puts together what minds get for q. lore is what goes with the question, as steering.Choose picks it. The fence
// is a line that nobody can know beforehand: whatever people wrote, and whatever commands of hooks printed, stands
// between two of it and nowhere else. System and Asked together have at most 12,000 characters.
func Render(q seance.Question, persona steering.Persona, lore []steering.Lore, was Recollection, fence string) Prompt {
	present := slices.SortedFunc(slices.Values(q.Present), func(a, b seance.Participant) int { return a.Candle - b.Candle })
	p := Prompt{
		Question:   q.Message.Text,
		Persona:    persona,
		Asker:      q.Asker.Name,
		Seed:       q.Session.Seed,
		Turn:       was.Asked + 1,
		Recent:     was.Turns,
		Recap:      was.Recap,
		Facts:      was.Facts,
		Known:      was.Known,
		LastSeen:   was.LastSeen,
		Letters:    q.Session.Settings.Spelling.Letters(),
		Tone:       q.Session.Settings.Tone,
		Initiative: q.Initiative,
	}
	for _, who := range present {
		p.Present = append(p.Present, who.Name)
	}
	if q.Initiative != nil {
		p.Question, p.Asker = "", ""
	}
	g := guide{
		prompt: p, fence: fence, turns: last(p.Recent, lately), facts: fitting(p.Facts), persona: []rune(persona.Text), lore: lore,
		direction: clipped(q.Message.Direction, maxDirection),
		context:   inside(q.Message.Context, fence, maxContext),
	}
	p.System, p.Asked = g.write()
	return p
}

// choose picks the lore that goes with q. An initiative calls up what its occasion is about.
func choose(lore []steering.Lore, q seance.Question, was Recollection) []steering.Lore {
	if len(lore) == 0 {
		return nil
	}
	about := q.Message.Text
	if q.Initiative != nil {
		about = q.Initiative.Occasion.Question + " " + q.Initiative.Occasion.Board
	}
	var earlier []string
	for _, t := range was.Turns {
		earlier = append(earlier, t.Question)
	}
	return steering.Choose(lore, earlier, about)
}

// PromptVersion names the words around what a prompt is filled with: it is another one when those have changed.
var PromptVersion = promptVersion()

// promptVersion is a hash over prompts that hold every fixed part there is.
func promptVersion() string {
	ann := seance.Participant{Name: "A"}
	asked := seance.Question{
		Session: seance.Session{Settings: seance.DefaultSettings()}, Asker: ann, Present: []seance.Participant{ann},
		Message: seance.Message{Text: "Q", Context: "C", Direction: "D"},
	}
	adult := asked
	adult.Session.Settings.Tone = seance.Adult
	unbidden := seance.Question{Session: asked.Session, Initiative: &seance.Initiative{Prompt: "P", Occasion: seance.Occasion{
		Trigger: "T", Participant: &ann, Question: "Q", Board: "B", Rating: 1, Silent: 1e9,
	}}}
	lore := []steering.Lore{{Text: "L"}}
	was := Recollection{
		Turns: []Turn{{Asker: "A", Question: "Q", Board: "B", Whisper: "W"}}, Recap: "R", Facts: []string{"F"},
		Known: []string{"K"}, LastSeen: time.Unix(0, 0),
	}
	sum := sha256.New()
	for _, q := range []seance.Question{asked, adult, unbidden} {
		p := Render(q, steering.Persona{}, lore, was, "F")
		sum.Write([]byte(p.System + "\x00" + p.Asked + "\x00"))
	}
	return hex.EncodeToString(sum.Sum(nil))[:8]
}

// last is the newest n turns.
func last(turns []Turn, n int) []Turn { return turns[max(0, len(turns)-n):] }

// clipped returns at most so many characters of text, and shows it when that is not all.
func clipped(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:most-1])) + "…"
}

// inside makes text fit to stand inside the fence: it cannot close it. Line ends stay, other control signs do not.
func inside(text, fence string, most int) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\u2028' || r == '\u2029' || r == '\u0085' || r == '\v' || r == '\f':
			return '\n'
		case r != '\n' && unicode.IsControl(r):
			return ' '
		}
		return r
	}, strings.ReplaceAll(strings.ToValidUTF8(text, " "), "\r\n", "\n"))
	return clipped(strings.TrimSpace(strings.ReplaceAll(text, fence, "…")), most)
}

// oneLine is inside for what has to stay on one line.
func oneLine(text, fence string, most int) string {
	return strings.Join(strings.Fields(inside(strings.Join(strings.Fields(text), " "), fence, most)), " ")
}
