package oracle

import (
	"regexp"
	"strings"

	"seance/internal/seance"
	"seance/spirit"
)

// comesBack reports whether somebody whom the spirit knows from another sitting has just sat down, or asks their first
// question of this one.
func (a *ask) comesBack() bool {
	switch {
	case len(a.p.Known) == 0 || a.guard != "":
		return false
	case a.p.Initiative != nil:
		return a.p.Initiative.Occasion.Trigger == seance.ParticipantJoined
	}
	for _, t := range a.p.Recent {
		if t.Asker == a.p.Asker && t.Question != "" {
			return false
		}
	}
	return true
}

// lastTime says what somebody who comes back asked before, and what was spelled for them: true, and in few enough words
// to go with the board. It is empty if there is nothing of the kind that this persona would say.
func (a *ask) lastTime(v *voice, board string) string {
	room := wordsMost - len(strings.Fields(board))
	for _, note := range a.p.Known {
		question, told, ok := spirit.NoteOf(note)
		if !ok {
			continue
		}
		said := " I spelled " + told + "."
		for _, text := range []string{
			"Last time you asked " + reported(question) + said, "Last time you asked " + reported(question), "Last time" + said,
		} {
			if len(strings.Fields(text)) <= room && !v.bans(text) {
				return text
			}
		}
	}
	return ""
}

// whereIs are questions that are as well told as asked.
var whereIs = regexp.MustCompile(`(?i)^(who|what|where|when|how) (is|are|was|were) ((?:the|my|our)(?: [a-z]+){1,3})\??$`)

// reported is a question as it is told afterwards: "where the cat was."; others stand as they were asked.
func reported(question string) string {
	found := whereIs.FindStringSubmatch(question)
	if found == nil {
		if last := question[len(question)-1]; last != '?' && last != '.' && last != '!' {
			question += "."
		}
		return "me: " + question
	}
	verb := map[string]string{"is": "was", "are": "were"}[strings.ToLower(found[2])]
	if verb == "" {
		verb = strings.ToLower(found[2])
	}
	what := strings.Fields(found[3])
	switch strings.ToLower(what[0]) {
	case "my", "our":
		what[0] = "your"
	default:
		what[0] = "the"
	}
	return strings.ToLower(found[1]) + " " + strings.Join(what, " ") + " " + verb + "."
}
