package spirit

import (
	"strings"
	"time"

	"seance/internal/seance"
)

// An answer is one question on its way through the minds. It lives in one goroutine.
type answer struct {
	spirit   *Spirit
	question seance.Question
	prompt   Prompt
	fence    string
	place    uint64 // the question's among all; what a deflection is picked by
	say      func(seance.Part) error
	began    time.Time
	boardBy  time.Duration // since it began: when minds are given up for Last
	tried    int           // minds that were to be asked before
	ahead    *hold         // tokens that are being set aside for a mind whose turn has not come
	guard    *echo

	letter    time.Duration // since it began: when the board line was announced
	said      bool          // the board line is out: no other mind is asked
	source    seance.Source
	deflected bool  // by us: whatever the mind says beside it is not for the table
	sayErr    error // nobody listens any more
}

// echo is the check for what is guarded. Making it takes some time, so it is made while a mind is waited for.
func (a *answer) echo() *echo {
	if a.guard == nil {
		a.guard = newEcho(a.prompt.Persona, a.prompt.Recent, a.fence)
	}
	return a.guard
}

// spell announces the board line, or a deflection in its place. It does neither if the machine behind the mind speaks
// and another may be asked: that is reported.
func (a *answer) spell(c *cutter, source seance.Source, mind string, atLast bool) (refused bool) {
	v := judge(c.took, a.prompt.Tone)
	switch {
	case v == refusal && !atLast:
		return true
	case v != fine || a.echo().leaks(c.took):
		a.deflect(mind)
		return false
	}
	a.echo().said(c.took)
	if a.prompt.Initiative != nil && source != seance.SourceDeflection {
		source = seance.SourceInitiative
	}
	a.announce(c.board, source, mind)
	return false
}

// deflect announces that the spirit will not say.
func (a *answer) deflect(mind string) {
	var said []string
	for _, t := range last(a.prompt.Recent, lately) {
		said = append(said, t.Board)
	}
	a.deflected = true
	a.announce(deflect(asides, a.place, said), seance.SourceDeflection, mind)
}

func (a *answer) announce(board string, source seance.Source, mind string) {
	a.said, a.source, a.letter = true, source, time.Since(a.began)
	a.sayErr = a.say(seance.Part{
		Kind: seance.PartBoard, Text: board, Source: source, Mind: mind, Tempo: a.prompt.Persona.Pace,
	})
}

// whisper says what was said beside the board line, if there is any of it, and reports whether something else had to
// take its place.
func (a *answer) whisper(c *cutter, mind string) (guarded bool) {
	if a.deflected || a.sayErr != nil {
		return false
	}
	text, ok := plain(c.whisper(), maxSaid-len(strings.Fields(c.board)), a.prompt.Tone)
	if guarded = !ok || text != "" && a.echo().leaks(text); guarded {
		var said []string
		for _, t := range last(a.prompt.Recent, lately) {
			said = append(said, t.Whisper)
		}
		text = deflect(murmurs, a.place, said)
	}
	if text != "" {
		a.sayErr = a.say(seance.Part{Kind: seance.PartWhisper, Text: text, Mind: mind})
	}
	return guarded
}
