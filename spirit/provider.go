package spirit

import (
	"context"
	"time"

	"seance/internal/seance"
	"seance/steering"
)

// A Provider continues a prompt, streaming text as it arrives, and stops when ctx is done. The text is plain: its
// first line is the board's, the rest is the whisper. No error means that the mind came to its own end; what else there
// is, is best a *Failure. Result is filled as far as known even with an error. Complete calls emit from one goroutine at
// a time and not after it has returned; an error of emit ends it.
type Provider interface {
	Name() string
	Complete(ctx context.Context, p Prompt, emit func(text string) error) (Result, error)
}

// A Prompt is everything a mind gets to answer one question. A language model reads System and Asked; the offline
// oracle works from the other fields, so that nothing has to be parsed out of prose.
type Prompt struct {
	System   string // the guide: persona, lore, memory, each in its place
	Asked    string // the question between the two lines of its fence, which System explains
	Question string // cleaned, never trusted

	Persona steering.Persona
	Asker   string   // the name of who asks
	Present []string // names of everyone at the table, the asker included, by candle
	Seed    uint32   // the session's: one seed, one ghost
	Turn    int      // 1 for the session's first question
	Recent  []Turn   // the last turns, oldest first, as Memory recalls them
	Recap   string   // what came before those, summed up; may be empty
	Facts   []string // what holds in this session, what touches the question first
	Letters int      // the most letters the board line may have
	Tone    seance.Tone

	// Known is what was noted in earlier sittings, newest first, of who asks or, where nobody does, of whom the occasion
	// is about; LastSeen is when they were last at a table. Empty and zero unless they agreed to be known.
	Known    []string
	LastSeen time.Time

	// Initiative is set when nobody asked: the spirit speaks of its own accord, and Question and Asker are empty.
	Initiative *seance.Initiative
}

// A Turn is a question and what was answered.
type Turn struct {
	Asker    string
	Question string
	Board    string
	Whisper  string
}

// Result says what it took.
type Result struct {
	Source              seance.Source
	Model               string
	TokensIn, TokensOut int
}
