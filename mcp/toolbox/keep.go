package toolbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"seance/internal/seance"
	"seance/spirit"
)

// A job is one tool that is called when there is time.
type job struct {
	line *line
	tool string
	args any
}

// response is what log_response takes.
type response struct {
	ID            string             `json:"response_id"`
	Session       seance.SessionID   `json:"seance_id"`
	Turn          seance.MessageID   `json:"turn_id"`
	Provider      string             `json:"provider"`
	Model         string             `json:"model"`
	PromptVersion string             `json:"prompt_version"`
	FirstLetterMs int64              `json:"first_letter_ms"`
	TotalMs       int64              `json:"total_ms"`
	TokensIn      int                `json:"tokens_in"`
	TokensOut     int                `json:"tokens_out"`
	ToolCalls     int                `json:"tool_calls"` // minds have no tools
	Fallback      bool               `json:"fallback"`
	Error         spirit.FailureKind `json:"error,omitempty"`
}

// The bounds of log_response's arguments, in characters, milliseconds and tokens.
const (
	maxID     = 64
	maxModel  = 128
	mostMs    = 600_000
	mostToken = 10_000_000
)

// Log notes what one call of a mind took: a spirit's Options.Observe. It never blocks.
func (t *Toolbox) Log(c spirit.Call) {
	r := response{
		ID: cut(callID(c), maxID), Session: c.Session, Turn: c.Message, Provider: cut(c.Mind, maxID), Model: cut(c.Result.Model, maxModel),
		PromptVersion: spirit.PromptVersion, TotalMs: min(c.Took.Milliseconds(), mostMs),
		TokensIn: within(c.Result.TokensIn), TokensOut: within(c.Result.TokensOut), Fallback: c.Fallback,
	}
	if c.Announced { // an announcement is told by its time, so it takes one
		r.FirstLetterMs = min(max(1, c.FirstLetter.Milliseconds()), mostMs)
	}
	if c.Err != nil {
		r.Error = spirit.FailedBroken
		if failure, ok := errors.AsType[*spirit.Failure](c.Err); ok {
			r.Error = failure.Kind
		}
	}
	t.keep(job{t.analytics, "log_response", r})
}

// callID is the same for the same mind and question, whenever it is told.
func callID(c spirit.Call) string {
	if c.Message != "" {
		return string(c.Message) + "/" + c.Mind
	}
	sum := sha256.Sum256([]byte(string(c.Session) + "\x00" + c.Initiative))
	return hex.EncodeToString(sum[:16]) + "/" + c.Mind
}

func within(tokens int) int { return min(max(0, tokens), mostToken) }

// Told notes for somebody who has agreed to be known what they asked and what was spelled for them, so that they can be
// greeted with it another time. Of others nothing is noted. It never blocks.
func (t *Toolbox) Told(q seance.Question, board string) {
	if q.Initiative != nil || q.Asker.Soul == "" || q.Message.ID == "" {
		return
	}
	t.keep(job{t.participants, "note_participant", map[string]any{
		"note_id": string(q.Message.ID), "participant_id": q.Asker.Soul, "seance_id": string(q.Session.ID),
		"text": spirit.Note(q.Message.Text, board),
	}})
}

// Happened notes who sits down and who gets up. It never blocks.
func (t *Toolbox) Happened(o seance.Occasion) {
	var event string
	switch o.Trigger {
	case seance.ParticipantJoined:
		event = "join"
	case seance.ParticipantLeft:
		event = "leave"
	}
	if event == "" || o.Participant == nil {
		return
	}
	who := o.Participant.Soul
	if who == "" {
		who = string(o.Participant.ID)
	}
	t.keep(job{t.participants, "record_visit", map[string]any{
		"visit_id": o.ID, "participant_id": who, "seance_id": string(o.Session.ID), "event": event,
		"at": o.At.UTC().Format(time.RFC3339Nano),
	}})
}

// keep puts a job behind the others, or drops it if there are too many.
func (t *Toolbox) keep(j job) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.closed {
		select {
		case t.jobs <- j:
			return
		default:
		}
	}
	if n := t.dropped.Add(1); n&(n-1) == 0 { // more and more rarely
		t.log.Warn("not written down, since too much waits", "tool", j.tool, "dropped", n)
	}
}

// write does the jobs one after the other, until there will be no more.
func (t *Toolbox) write(ctx context.Context) {
	for j := range t.jobs {
		if ctx.Err() != nil {
			t.dropped.Add(1)
			continue
		}
		if err := t.do(ctx, j); err != nil {
			// A refusal is no fault of the line: a session is over, or somebody does not want to be known any more.
			if _, refused := errors.AsType[*refusal](err); refused {
				t.log.Debug("not written down", "tool", j.tool, "err", err)
			} else {
				t.log.Warn("not written down", "tool", j.tool, "err", err)
			}
		}
	}
}

func (t *Toolbox) do(ctx context.Context, j job) (err error) {
	for range tries {
		within, cancel := context.WithTimeout(ctx, writeFor)
		err = j.line.call(within, j.tool, j.args, nil)
		cancel()
		if _, refused := errors.AsType[*refusal](err); err == nil || refused {
			return err
		}
	}
	return err
}
