package spirit

import (
	"strings"

	"seance/steering"
)

// An echo knows what must not come back out of a prompt: the persona's guarded sections and the canary.
type echo struct {
	canary string
}

// newEcho prepares the check for one answer. recent are the answers before it, oldest first; what they and this one say
// together is looked at too. canary is a word that only the prompt holds.
func newEcho(persona steering.Persona, recent []Turn, canary string) *echo {
	return &echo{canary: canary}
}

// leaks reports whether saying text, after what was said before, would give away what is guarded.
func (e *echo) leaks(text string) bool { return strings.Contains(text, e.canary) }
