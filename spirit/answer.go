package spirit

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"seance/internal/seance"
)

// A mind that is not the last has this long, counted from the question's turn where nothing else is said.
const (
	firstTextWithin = 1500 * time.Millisecond // from its own call
	boardWithin     = 2500 * time.Millisecond // for all such minds together: an announcement comes within 3 s
	wholeWithin     = 6 * time.Second         // with the whisper
)

var (
	errSlow   = errors.New("too slow")
	errEmpty  = errors.New("it said nothing that the board can spell")
	errEnough = errors.New("enough was said")
)

// An answer is one question on its way through the minds.
type answer struct {
	prompt Prompt
	place  uint64 // the question's among all; what a deflection is picked by
	say    func(seance.Part) error
	began  time.Time

	said      bool // the board line is out: no other mind is asked
	source    seance.Source
	deflected bool  // by us: whatever the mind says beside it is not for the table
	sayErr    error // nobody listens any more
}

// ask lets one mind answer. Unless a.said is set afterwards nothing has been announced and another may try; an error
// with it cost the whisper. The last mind is heard out before anything is said: it takes no time, has no limit, and
// tells itself where its words come from.
func (a *answer) ask(ctx context.Context, mind Provider, last bool) (Result, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	within := func(time.Duration) {}
	if !last {
		left := boardWithin - time.Since(a.began)
		if left <= 0 {
			return Result{}, errSlow
		}
		watch := time.AfterFunc(min(firstTextWithin, left), func() { cancel(errSlow) })
		defer watch.Stop()
		within = func(d time.Duration) { watch.Reset(d - time.Since(a.began)) }
	}

	c := &cutter{letters: a.prompt.Letters}
	var heard, enough bool
	result, err := mind.Complete(ctx, a.prompt, func(text string) error {
		if ctx.Err() != nil {
			return context.Cause(ctx) // what comes too late is not said
		}
		if text != "" && !heard {
			heard = true
			within(boardWithin)
		}
		if c.add(text) && !last && !a.said {
			within(wholeWithin)
			a.spell(c, seance.SourceModel, mind.Name())
		}
		if enough = c.done() || a.deflected || a.sayErr != nil; enough {
			return errEnough
		}
		return nil
	})
	switch {
	case enough: // then an error is our own
	case ctx.Err() != nil: // no error does not prove that the mind came to its end
		return result, context.Cause(ctx)
	case err != nil:
		return result, err
	}
	if !a.said {
		if !c.end() {
			return result, errEmpty
		}
		source := seance.SourceModel
		if last {
			source = cmp.Or(result.Source, seance.SourceOracle)
		}
		a.spell(c, source, mind.Name())
	}
	a.whisper(c, mind.Name())
	return result, nil
}

// spell announces the board line, or a deflection in its place.
func (a *answer) spell(c *cutter, source seance.Source, mind string) {
	if judge(c.took, a.prompt.Tone) != fine {
		a.deflect(mind)
		return
	}
	a.announce(c.board, source, mind)
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
	a.said, a.source = true, source
	a.sayErr = a.say(seance.Part{
		Kind: seance.PartBoard, Text: board, Source: source, Mind: mind, Tempo: a.prompt.Persona.Pace,
	})
}

// whisper says what was said beside the board line, if there is any of it.
func (a *answer) whisper(c *cutter, mind string) {
	if a.deflected || a.sayErr != nil {
		return
	}
	text, ok := plain(c.whisper(), maxSaid-len(strings.Fields(c.board)), a.prompt.Tone)
	if !ok {
		var said []string
		for _, t := range last(a.prompt.Recent, lately) {
			said = append(said, t.Whisper)
		}
		text = deflect(murmurs, a.place, said)
	}
	if text != "" {
		a.sayErr = a.say(seance.Part{Kind: seance.PartWhisper, Text: text, Mind: mind})
	}
}
