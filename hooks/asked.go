package hooks

import (
	"context"
	"errors"
	"strings"
	"time"

	"seance/internal/door"
	"seance/internal/seance"
)

const (
	// askedWithin is what all hooks on a question have together; ending the last command takes lingers more at most.
	askedWithin = 2*time.Second - lingers

	refuses   = 2 // the exit status that refuses a question
	maxRefuse = 160
	// saysRefused is what a person reads when the hook gives no reason.
	saysRefused = "That is not asked at this table. Ask something else."
)

// Asked does what hooks on a question say and returns what they add to it. A command that exits with status 2 refuses
// the question: then there is a *seance.Fault of kind ErrRefused. It takes 2 s at most; what has not been said by then
// is not part of the question. A hook that fails costs what it would have added; any
// other error means that ctx was canceled. The text of q is what matchers test:
// it went through the door before.
func (r *Runner) Asked(ctx context.Context, q seance.Question) (seance.Advice, error) {
	hooks := r.running(seance.QuestionAsked, q.Message.Text)
	if len(hooks) == 0 {
		return seance.Advice{}, nil
	}
	var directions, added []string
	for _, h := range hooks {
		if h.Action.Type == Agent {
			directions = append(directions, strings.TrimSpace(h.Action.Prompt))
		}
	}
	asker := q.Asker
	event := r.eventOf(seance.Occasion{
		Trigger: seance.QuestionAsked, At: time.Now(), Session: q.Session, Present: q.Present, Participant: &asker,
		Question: q.Message.Text,
	})
	within, cancel := context.WithTimeout(ctx, askedWithin)
	defer cancel()
	for _, h := range hooks {
		if h.Action.Type != Command || within.Err() != nil {
			continue
		}
		out, err := r.run(within, h, event, nil)
		switch {
		case errors.Is(ctx.Err(), context.Canceled): // nobody asks any more
			return seance.Advice{}, context.Cause(ctx)
		case err == nil && out.Status == refuses:
			r.counts.refused.Add(1)
			return seance.Advice{}, &seance.Fault{Kind: seance.ErrRefused, Say: reason(out.Stderr)}
		case err != nil || out.Status != 0:
			r.counts.failed.Add(1)
			r.log.Warn("hook on a question failed", "hook", h.ID(), "session", q.Session.ID, "status", out.Status, "err", err)
		default:
			if text, err := door.Text(out.Stdout, maxStdout); err == nil { // else it printed nothing to speak of
				added = append(added, text)
			}
		}
	}
	return seance.Advice{Direction: strings.Join(directions, "\n"), Context: clip(strings.Join(added, "\n"), maxStdout)}, nil
}

// reason is the first line of what a command said against a question, cleaned like a player's words, for it may hold
// some; or a stock sentence.
func reason(stderr string) string {
	line, _, _ := strings.Cut(strings.TrimLeft(stderr, "\r\n"), "\n")
	if say, err := door.Text(line, maxRefuse); err == nil {
		return say
	}
	return saysRefused
}

// clip cuts s after so many bytes, between two characters.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}
