// Package spirit turns a question into an utterance: the door, the persona, the memory of the sitting and a chain of
// minds become one board line and at most one whisper. Whatever a mind does, the board line holds only what the board
// can spell, nothing half-true is announced, and what was said never changes. A spirit always answers.
package spirit

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"hash/fnv"
	"log/slog"
	"sync"
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
	o     Options
	log   *slog.Logger
	minds []*mind
	tasks sync.WaitGroup // calls and reservations; they may outlive the answer that they were begun for
}

// A mind is one link of the chain.
type mind struct {
	Mind
	breaker *breaker
}

// New makes a Spirit. It panics if o.Last is nil.
func New(o Options) *Spirit {
	if o.Last == nil {
		panic("spirit: a spirit without its last mind")
	}
	if o.Observe == nil {
		o.Observe = func(Call) {}
	}
	care.Look("") // reads its lists now, not while the first person waits
	s := &Spirit{o: o, log: cmp.Or(o.Logger, slog.New(slog.DiscardHandler))}
	for _, m := range o.Minds {
		m.Patience = min(m.Patience, MaxPatience)
		s.minds = append(s.minds, &mind{Mind: m, breaker: newBreaker(m.Provider.Name(), s.log)})
	}
	return s
}

// Close waits until no call of a mind is under way any more, or until ctx is done. A mind that stops when it is told to
// keeps nobody waiting; what one that does not would have cost stays set aside. Nothing is asked of s meanwhile or
// afterwards.
func (s *Spirit) Close(ctx context.Context) error {
	idle := make(chan struct{})
	go func() { // ends with the last task
		s.tasks.Wait()
		close(idle)
	}()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

const (
	hooksWithin  = 2 * time.Second
	memoryWithin = 150 * time.Millisecond
	recalled     = 200 // turns: an evening. A mind that minds repeating itself sees them all
	lately       = 8   // turns that a language model is shown, and within which no deflection comes twice
)

// Admit decides what becomes of a question before anything is kept: it is answered with care, comes back cleaned and
// with what hooks add to it, or is refused with a *seance.Fault that says why. Care comes first: whoever is in need is
// not told that they wrote too much, and no hook hears of it.
func (s *Spirit) Admit(ctx context.Context, q seance.Question) (seance.Admission, error) {
	if card, ok := care.Look(q.Message.Text); ok {
		return seance.Admission{Care: &card}, nil
	}
	text, err := door.Text(q.Message.Text, door.MaxQuestion)
	if err != nil {
		return seance.Admission{}, err
	}
	if s.o.Hooks == nil {
		return seance.Admission{Text: text}, nil
	}
	q.Message.Text = text
	within, cancel := context.WithTimeout(ctx, hooksWithin)
	defer cancel()
	advice, err := s.o.Hooks.Asked(within, q)
	fault, refused := errors.AsType[*seance.Fault](err)
	switch {
	case ctx.Err() != nil:
		return seance.Admission{}, context.Cause(ctx)
	case refused && errors.Is(err, seance.ErrRefused):
		return seance.Admission{}, fault
	case err != nil:
		s.log.Warn("hooks fail", "session", q.Session.ID, "err", err)
		advice = seance.Advice{}
	}
	return seance.Admission{Text: text, Advice: advice}, nil
}

// Answer says the board line as soon as it is whole, then the whisper if there is one. It fails only if ctx ends or say
// does; an error after the board line costs the whisper only.
func (s *Spirit) Answer(ctx context.Context, q seance.Question, say func(seance.Part) error) error {
	a := &answer{spirit: s, question: q, place: placeOf(q), say: say, began: time.Now(), boardBy: boardWithin}
	defer a.release()
	persona, ok := s.o.Personas.Persona(q.Session.Spirit)
	if !ok {
		s.log.Warn("spirit has no document any more", "session", q.Session.ID, "spirit", q.Session.Spirit)
		persona = steering.Plain(q.Session.Spirit)
	}
	a.reserveAhead(ctx)
	a.fence = rand.Text()
	was := s.recall(ctx, q)
	a.prompt = Render(q, persona, choose(s.o.Personas.Lore(), q, was), was, a.fence)

	log := s.log.With("session", q.Session.ID, "question", q.Message.Seq)
	var paid, spent int
	for _, m := range s.minds {
		if a.costs(m) {
			paid++
		}
		err := a.try(ctx, m)
		switch {
		case a.sayErr != nil:
			return a.sayErr
		case errors.Is(err, seance.ErrSpent):
			spent++
			fallthrough
		case errors.Is(err, errOpen):
			log.Debug("mind passed over", "mind", m.Provider.Name(), "err", err)
		case errors.Is(err, errLedger):
			log.Warn("mind passed over, since its cost cannot be counted", "mind", m.Provider.Name(), "err", err)
		case err != nil:
			log.Warn("mind broke off", "mind", m.Provider.Name(), "announced", a.said, "after", time.Since(a.began), "err", err)
		}
		if a.said {
			log.Debug("answered", "mind", m.Provider.Name(), "source", a.source, "after", time.Since(a.began))
			return nil
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
	if paid > 0 && spent == paid {
		// Whether the table can be told changes nothing about the answer.
		_ = say(seance.Part{Kind: seance.PartQuiet})
	}
	err := a.end(ctx, s.o.Last)
	switch {
	case a.said:
		log.Debug("answered", "mind", s.o.Last.Name(), "source", a.source, "after", time.Since(a.began))
		return a.sayErr
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	log.Error("no mind answered", "err", err)
	a.deflect("")
	return a.sayErr
}

// placeOf is the place of a question among all, which deflections are picked by.
func placeOf(q seance.Question) uint64 {
	place := uint64(q.Session.Seed) + q.Message.Seq
	if q.Initiative != nil {
		key := fnv.New32a()
		_, _ = key.Write([]byte(q.Initiative.Key)) // a hash takes everything
		place += uint64(key.Sum32())
	}
	return place
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
	was, err := s.o.Memory.Recall(ctx, q, recalled)
	if err != nil {
		if !errors.Is(err, context.Canceled) {
			s.log.Warn("memory fails", "session", q.Session.ID, "question", q.Message.Seq, "err", err)
		}
		return guess
	}
	return was
}
