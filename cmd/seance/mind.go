package main

import (
	"log/slog"

	"seance/internal/seance"
	"seance/spirit"
	"seance/steering"
)

// A circle is what the one that answers is made of beside its minds.
type circle struct {
	personas *steering.Library
	ledger   seance.Ledger     // no budget holds if nil
	memory   spirit.Memory     // nothing is remembered if nil
	hooks    spirit.Hooks      // nobody else is asked about a question if nil
	observe  func(spirit.Call) // hears of every call of a mind if it is not nil
	log      *slog.Logger
}

// newMedium makes the one that answers: the spirits of the library, the minds that speak for them one after the other
// within their budget.
func (c *config) newMedium(m *minds, o circle) *spirit.Spirit {
	return spirit.New(spirit.Options{
		Personas: o.personas,
		Minds:    m.list,
		Last:     m.last,
		Budget:   spirit.Budget{Session: int64(c.SessionBudget), Day: int64(c.DayBudget)},
		Ledger:   o.ledger,
		Memory:   o.memory,
		Hooks:    o.hooks,
		Observe:  o.observe,
		Logger:   o.log,
	})
}
