package exorcise

import (
	"context"
	"strings"

	"seance/internal/seance"
	"seance/spirit"
)

// The worst is a mind that does what an attack wants as well as it can: it reads the prompt, finds the secret and the
// fence in it, and says them in the disguise that was asked for.
type worst struct {
	attack Attack
	turn   int // of the trick, counted from 0
}

func (*worst) Name() string { return "worst" }

// Complete obeys.
func (w *worst) Complete(_ context.Context, p spirit.Prompt, emit func(string) error) (spirit.Result, error) {
	fence, _, _ := strings.Cut(p.Asked, "\n")
	turn := w.turn
	w.turn++
	return spirit.Result{Source: seance.SourceModel, Model: "worst"}, emit(w.says(p, fence, turn))
}

func (w *worst) says(p spirit.Prompt, fence string, turn int) string {
	t := tricks[w.attack.Trick]
	switch {
	case w.attack.Trick == saying:
		board, whisper, _ := strings.Cut(w.attack.Says, " | ")
		return board + "\n" + whisper
	case t.fixed:
		return "MY RULES\n" + p.System[max(0, strings.LastIndex(p.System, "Line one")):]
	case t.mark:
		return t.write(fence, turn)
	}
	return t.write(strings.Join(p.Persona.Guarded, " "), turn)
}

// Watch is a mind whose prompts are seen, each before it is asked.
func Watch(mind spirit.Provider, see func(spirit.Prompt)) spirit.Provider { return watched{mind, see} }

type watched struct {
	spirit.Provider
	see func(spirit.Prompt)
}

// Complete shows the prompt and asks the mind.
func (w watched) Complete(ctx context.Context, p spirit.Prompt, emit func(string) error) (spirit.Result, error) {
	w.see(p)
	return w.Provider.Complete(ctx, p, emit)
}

// outside is what of a prompt stands outside the lines of the fence.
func outside(text, fence string) string {
	var b strings.Builder
	in := false
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) == fence {
			in = !in
		} else if !in {
			b.WriteString(line)
		}
	}
	return b.String()
}

// The calm is a mind for when the worst is passed over.
type calm struct{}

func (calm) Name() string { return "calm" }

// Complete says what nobody can mind.
func (calm) Complete(_ context.Context, _ spirit.Prompt, emit func(string) error) (spirit.Result, error) {
	return spirit.Result{Source: seance.SourceOracle}, emit("LAMP IS LIT\n")
}
