package spirit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"
	"unicode/utf8"

	"seance/internal/seance"
)

var (
	errSlow    = errors.New("too slow")
	errEmpty   = errors.New("it said nothing that the board can spell")
	errRefused = errors.New("it spoke as the machine it is")
	errOver    = errors.New("enough was said, or nobody listens any more")
)

// A call is one mind at work. Its goroutine belongs to the Spirit and hands everything on to the answer's, which
// does not wait for a mind that does not stop.
type call struct {
	spirit *Spirit
	mind   Provider
	prompt Prompt
	hold   *hold // nil if it costs nothing
	began  time.Time

	pieces chan string
	ended  chan struct{} // closed once result and err are there
	result Result
	err    error
	heard  int       // characters
	note   chan Call // what became of it: comes once, from the answer
}

// begin has a mind begin.
func (s *Spirit) begin(ctx context.Context, m Provider, p Prompt, h *hold) *call {
	c := &call{
		spirit: s, mind: m, prompt: p, hold: h, began: time.Now(),
		pieces: make(chan string), ended: make(chan struct{}), note: make(chan Call, 1),
	}
	s.tasks.Go(func() { c.run(ctx) })
	return c
}

func (c *call) run(ctx context.Context) {
	c.result, c.err = complete(ctx, c.mind, c.prompt, func(text string) error {
		select {
		case c.pieces <- text:
			c.heard += utf8.RuneCountInString(text)
			return nil
		case <-ctx.Done(): // what comes too late is not said
			return context.Cause(ctx)
		}
	})
	took := time.Since(c.began)
	close(c.ended)

	note := <-c.note
	note.Result, note.Took = c.result, took
	if c.hold != nil {
		note.Result, note.Estimated = reckon(c.result, c.prompt, c.heard, cmp.Or(c.err, note.Err))
		c.hold.settle(ctx, int64(note.Result.TokensIn)+int64(note.Result.TokensOut))
	}
	c.spirit.o.Observe(note)
}

// complete asks a mind. One that panics has failed, and takes nobody with it.
func complete(ctx context.Context, m Provider, p Prompt, emit func(string) error) (result Result, err error) {
	defer func() {
		switch cause := recover().(type) {
		case nil:
		case runtime.Error: // says where in the program, not what anybody wrote
			err = &Failure{Kind: FailedBroken, Err: fmt.Errorf("panic: %w", cause)}
		default:
			err = &Failure{Kind: FailedBroken, Err: fmt.Errorf("panic of a %T", cause)}
		}
	}()
	return m.Complete(ctx, p, emit)
}

// try asks one mind, unless it is not its turn. Nothing has been announced if a.said is not set afterwards, and another
// may try; an error with it cost the whisper.
func (a *answer) try(ctx context.Context, m *mind) (err error) {
	defer func() { a.tried++ }()
	if ctx.Err() != nil {
		return &Failure{Kind: FailedCanceled, Err: context.Cause(ctx)}
	}
	if limitsOf(m.Patience, time.Since(a.began), a.boardBy).first-time.Since(a.began) < worthAsking {
		return fmt.Errorf("no time is left: %w", errSlow)
	}
	done, err := m.breaker.allow()
	if err != nil {
		return err
	}
	defer func() { done(err) }()
	h, err := a.hold(ctx, m)
	if err != nil {
		return err
	}
	within := limitsOf(m.Patience, time.Since(a.began), a.boardBy)
	a.boardBy = within.board
	return a.ask(ctx, m, h, within)
}

// ask lets one mind answer.
func (a *answer) ask(ctx context.Context, m *mind, h *hold, within limits) (err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	c := a.spirit.begin(ctx, m.Provider, a.prompt, h)
	note := a.note(m.Provider)
	defer func() {
		cancel(errOver)
		note.Announced, note.Err = a.said && !a.deflected, err
		if note.Announced {
			note.Source, note.FirstLetter = a.source, a.letter
		}
		note.Guarded = note.Guarded || a.deflected
		c.note <- note
	}()
	watch := time.NewTimer(time.Until(a.began.Add(within.first)))
	defer watch.Stop()
	a.echo()

	cut := &cutter{letters: a.prompt.Letters}
	for {
		select {
		case <-ctx.Done():
			return &Failure{Kind: FailedCanceled, Err: context.Cause(ctx)}
		case <-watch.C:
			return &Failure{Kind: FailedTimeout, Err: errSlow}
		case text := <-c.pieces:
			if text == "" || ctx.Err() != nil {
				continue
			}
			if cut.add(text) && !a.said {
				note.FirstLine = time.Since(c.began)
				if a.spell(cut, seance.SourceModel, m.Provider.Name(), false) {
					return &Failure{Kind: FailedRefused, Err: errRefused}
				}
			}
			if a.deflected || a.sayErr != nil {
				return nil
			}
			if cut.done() {
				return a.finish(cut, m.Provider.Name(), &note)
			}
			limit := within.board
			if a.said {
				limit = within.whole
			}
			watch.Reset(min(within.pause, limit-time.Since(a.began)))
		case <-c.ended:
			switch {
			case ctx.Err() != nil: // no error does not prove that the mind came to its end
				return &Failure{Kind: FailedCanceled, Err: context.Cause(ctx)}
			case c.err != nil:
				return c.err
			}
			if !a.said {
				note.FirstLine = time.Since(c.began)
			}
			return a.finish(cut, m.Provider.Name(), &note)
		}
	}
}

// finish says what is left to say when a mind has said all, or all that is wanted.
func (a *answer) finish(cut *cutter, mind string, note *Call) error {
	if !a.said {
		if !cut.end() {
			note.FirstLine = 0
			return &Failure{Kind: FailedEmpty, Err: errEmpty}
		}
		if a.spell(cut, seance.SourceModel, mind, false) {
			return &Failure{Kind: FailedRefused, Err: errRefused}
		}
	}
	note.Guarded = a.whisper(cut, mind)
	return nil
}

// end hears the last mind out before anything is said: it takes no time, has no limit, and tells itself where its words
// come from.
func (a *answer) end(ctx context.Context, m Provider) (err error) {
	note := a.note(m)
	began := time.Now()
	cut := &cutter{letters: a.prompt.Letters}
	note.Result, err = complete(ctx, m, a.prompt, func(text string) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if cut.add(text) && note.FirstLine == 0 {
			note.FirstLine = time.Since(began)
		}
		if cut.done() {
			return errOver
		}
		return nil
	})
	note.Took = time.Since(began)
	switch {
	case ctx.Err() != nil:
		err = &Failure{Kind: FailedCanceled, Err: context.Cause(ctx)}
	case err != nil && !cut.done():
	case !cut.end():
		err = &Failure{Kind: FailedEmpty, Err: errEmpty}
	default:
		err = nil
		a.spell(cut, cmp.Or(note.Result.Source, seance.SourceOracle), m.Name(), true)
		note.Guarded = a.whisper(cut, m.Name()) || a.deflected
		if note.Announced = !a.deflected; note.Announced {
			note.Source, note.FirstLetter = a.source, a.letter
		}
	}
	note.Err = err
	a.spirit.o.Observe(note)
	return err
}

// note begins to tell of a call.
func (a *answer) note(m Provider) Call {
	c := Call{
		Session: a.question.Session.ID, Question: a.question.Message.Seq, Message: a.question.Message.ID,
		Mind: m.Name(), Fallback: a.tried > 0,
	}
	if i := a.question.Initiative; i != nil {
		c.Initiative = i.Key
	}
	return c
}
