package main

import (
	"log/slog"

	"seance/internal/seance"
	"seance/relay"
	"seance/spirit"
	"seance/spirit/oracle"
	"seance/steering"
)

// newMedium makes the one that answers: the spirits of the library, the offline oracle to speak for them, and the
// journal as their memory.
func newMedium(library *steering.Library, journal seance.Journal, people seance.Register, log *slog.Logger) relay.Medium {
	return spirit.New(spirit.Options{
		Personas: library,
		Last:     oracle.New(),
		Memory:   spirit.JournalMemory(journal, people),
		Logger:   log,
	})
}
