// Package spirit turns a question into an utterance: the door, the persona, the memory of the sitting and a chain of
// minds become one board line and at most one whisper. Whatever a mind does, the board line holds only what the board
// can spell, nothing half-true is announced, and what was said never changes. A spirit always answers.
package spirit

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"time"

	"seance/internal/care"
	"seance/internal/door"
	"seance/internal/seance"
	"seance/steering"
)

// Options are what a Spirit is made of.
type Options struct {
	Personas interface {
		Persona(id string) (steering.Persona, bool)
		Lore() []steering.Lore
	}
	// Minds are asked in this order, one after the other, until one answers.
	Minds []Mind
	// Last answers when none of them does. It is heard out whatever it takes, so it must be one that never fails and
	// takes no time: the offline oracle. A Spirit without it is not made.
	Last    Provider
	Budget  Budget        // of all minds together
	Ledger  seance.Ledger // no budget holds if nil
	Memory  Memory        // nothing is remembered if nil
	Hooks   Hooks         // nobody else is asked about a question if nil
	Observe func(Call)    // hears of every call of a mind, Last among them; it must not take long, and may be nil
	Logger  *slog.Logger  // discards if nil
}

// A Spirit answers questions of any number of sessions at once. It is the relay's Medium.
type Spirit struct {
	o   Options
	log *slog.Logger
}

// New makes a Spirit. It panics if o.Last is nil.
func New(o Options) *Spirit {
	if o.Last == nil {
		panic("spirit: a spirit without its last mind")
	}
	care.Look("") // reads its lists now, not while the first person waits
	return &Spirit{o: o, log: cmp.Or(o.Logger, slog.New(slog.DiscardHandler))}
}

const (
	memoryWithin = 150 * time.Millisecond
	recalled     = 200 // turns: an evening. A mind that minds repeating itself sees them all
	lately       = 8   // turns that a language model is shown, and within which no deflection comes twice
)

// Admit decides what becomes of a question before anything is kept: it is answered with care, comes back cleaned, or is
// refused with a *seance.Fault that says why. Care comes first: whoever is in need is not told that they wrote too much.
func (s *Spirit) Admit(_ context.Context, q seance.Question) (seance.Admission, error) {
	if card, ok := care.Look(q.Message.Text); ok {
		return seance.Admission{Care: &card}, nil
	}
	text, err := door.Text(q.Message.Text, door.MaxQuestion)
	if err != nil {
		return seance.Admission{}, err
	}
	return seance.Admission{Text: text}, nil
}

// Answer says the board line as soon as it is whole, then the whisper if there is one. It fails only if ctx ends or say
// does; an error after the board line costs the whisper only.
func (s *Spirit) Answer(ctx context.Context, q seance.Question, say func(seance.Part) error) error {
	began := time.Now()
	persona, ok := s.o.Personas.Persona(q.Session.Spirit)
	if !ok {
		s.log.Warn("spirit has no document any more", "session", q.Session.ID, "spirit", q.Session.Spirit)
		persona = steering.Plain(q.Session.Spirit)
	}
	a := answer{
		prompt: newPrompt(q, persona, s.recall(ctx, q), rand.Text()),
		place:  uint64(q.Session.Seed) + q.Message.Seq,
		say:    say,
		began:  began,
	}
	log := s.log.With("session", q.Session.ID, "question", q.Message.Seq)
	for i := range len(s.o.Minds) + 1 {
		mind := s.o.Last
		if i < len(s.o.Minds) {
			mind = s.o.Minds[i].Provider
		}
		result, err := a.ask(ctx, mind, i == len(s.o.Minds))
		switch {
		case a.sayErr != nil:
			return a.sayErr
		case err != nil:
			log.Warn("mind broke off", "mind", mind.Name(), "announced", a.said, "after", time.Since(began), "err", err)
		}
		if a.said {
			log.Debug("answered", "mind", mind.Name(), "source", a.source, "model", result.Model, "after", time.Since(began),
				"tokens_in", result.TokensIn, "tokens_out", result.TokensOut)
			return nil
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
	log.Error("no mind answered")
	a.deflect("")
	return a.sayErr
}

// recall asks the memory. Without it, how many questions there were is guessed from the place of this one: a turn takes
// two or three places.
func (s *Spirit) recall(ctx context.Context, q seance.Question) Recollection {
	guess := Recollection{Asked: int(max(q.Message.Seq, 1)-1) / 2}
	if s.o.Memory == nil {
		return guess
	}
	ctx, cancel := context.WithTimeout(ctx, memoryWithin)
	defer cancel()
	was, err := s.o.Memory.Recall(ctx, q.Session.ID, q.Message.Seq, recalled)
	if err != nil {
		if !errors.Is(err, context.Canceled) {
			s.log.Warn("memory fails", "session", q.Session.ID, "question", q.Message.Seq, "err", err)
		}
		return guess
	}
	return was
}
