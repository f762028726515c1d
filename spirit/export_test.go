package spirit

import (
	"seance/internal/seance"
	"seance/steering"
)

// Spoken reports whether the guard lets a board line or whisper out, as the next of a sitting.
func Spoken(text string, tone seance.Tone, persona steering.Persona, recent []Turn) bool {
	return judge(text, tone) == fine && !newEcho(persona, recent, "JBSWY3DPEHPK3PXPQWERTYUIOP").leaks(text)
}

// Leaks reports whether the echo check finds what persona guards in text, as the next of a sitting.
func Leaks(text string, persona steering.Persona, recent []Turn) bool {
	return newEcho(persona, recent, "").leaks(text)
}

// JudgedAlike fails the test unless the guard judges text as it would with each of its rules tried.
var JudgedAlike = judgedAlike
