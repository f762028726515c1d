package toolbox

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"seance/internal/seance"
	"seance/spirit"
)

const (
	maxChars    = 16_000 // of one build_context: an evening
	maxQuestion = 2_000  // characters that build_context takes of a question
	readNotes   = 60     // of a person: more than are kept of earlier sittings
	knownNotes  = 10     // of them that the spirit is told
)

// Recall returns what came before q, as the memory server tells it of q's session, and what is known of who asks or,
// where nobody does, of whom the occasion is about, if they have agreed to be known. It takes Options.Within at most. An
// error is one of the memory; without the participants' server nobody is known.
func (t *Toolbox) Recall(ctx context.Context, q seance.Question, n int) (spirit.Recollection, error) {
	ctx, cancel := context.WithTimeout(ctx, t.o.Within)
	defer cancel()
	var who visitor
	var asking sync.WaitGroup
	if soul := soulOf(q); soul != "" {
		asking.Go(func() {
			var err error
			if who, err = t.visitor(ctx, soul, q.Session.ID); err != nil {
				t.log.Debug("nobody is known", "session", q.Session.ID, "err", err)
			}
		})
	}
	was, err := t.context(ctx, q, n)
	asking.Wait() // it ends with ctx
	if err != nil {
		return spirit.Recollection{}, fmt.Errorf("memory of %s: %w", q.Session.ID, err)
	}
	was.Known, was.LastSeen = who.known, who.last
	return was, nil
}

// soulOf is whom q is about, across sessions; empty if that is nobody's business.
func soulOf(q seance.Question) string {
	if q.Initiative == nil {
		return q.Asker.Soul
	}
	if p := q.Initiative.Occasion.Participant; p != nil {
		return p.Soul
	}
	return ""
}

// context asks the memory about q's own session.
func (t *Toolbox) context(ctx context.Context, q seance.Question, n int) (spirit.Recollection, error) {
	about := q.Message.Text
	if q.Initiative != nil {
		about = strings.TrimSpace(q.Initiative.Occasion.Question + " " + q.Initiative.Occasion.Board)
	}
	var got struct {
		Recap    string   `json:"recap"`
		Facts    []string `json:"facts"`
		Asked    int      `json:"asked"`
		Answered []struct {
			Name  string `json:"name"`
			Asked string `json:"asked"`
			Told  string `json:"told"`
		} `json:"answered"`
	}
	err := t.memory.call(ctx, "build_context", map[string]any{
		"seance_id": string(q.Session.ID), "question": cut(about, maxQuestion), "max_chars": maxChars,
		"before_seq": q.Message.Seq, "brief": true,
	}, &got)
	if err != nil {
		return spirit.Recollection{}, err
	}
	was := spirit.Recollection{Recap: got.Recap, Facts: got.Facts, Asked: got.Asked}
	for _, pair := range got.Answered[max(0, len(got.Answered)-n):] {
		board, whisper, _ := strings.Cut(pair.Told, "\n")
		was.Turns = append(was.Turns, spirit.Turn{Asker: pair.Name, Question: pair.Asked, Board: board, Whisper: whisper})
	}
	return was, nil
}

// A visitor is what is known of somebody from other sittings.
type visitor struct {
	known []string  // newest first
	last  time.Time // when they were last here; zero if they were not
}

// visitor asks about somebody who may have agreed to be known. What was noted in this sitting is left out: that is in
// its own turns.
func (t *Toolbox) visitor(ctx context.Context, soul string, here seance.SessionID) (visitor, error) {
	var got struct {
		Profile struct {
			Consent bool `json:"consent"`
		} `json:"profile"`
		Visits []struct {
			Session string    `json:"seance_id"`
			At      time.Time `json:"at"`
		} `json:"visits"`
		Notes []struct {
			Session string    `json:"seance_id"`
			Text    string    `json:"text"`
			At      time.Time `json:"at"`
		} `json:"notes"`
	}
	err := t.participants.call(ctx, "get_participant", map[string]any{"participant_id": soul, "notes_limit": readNotes}, &got)
	if err != nil || !got.Profile.Consent {
		return visitor{}, err
	}
	var who visitor
	for _, v := range got.Visits {
		if v.Session != string(here) && v.At.After(who.last) {
			who.last = v.At
		}
	}
	for _, note := range got.Notes {
		if note.Session == string(here) {
			continue
		}
		if len(who.known) < knownNotes {
			who.known = append(who.known, note.Text)
		}
		if note.Session != "" && note.At.After(who.last) {
			who.last = note.At
		}
	}
	return who, nil
}

// cut is the beginning of a text, so many characters of it at most.
func cut(text string, most int) string {
	runes := []rune(text)
	return string(runes[:min(len(runes), most)])
}
