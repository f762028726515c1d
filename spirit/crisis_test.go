package spirit_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"seance/internal/seance"
	"seance/spirit"
	"seance/steering"
)

// untouched is everything a spirit may turn to, and fails the test when it does.
type untouched struct{ t *testing.T }

func (u untouched) called(what string) { u.t.Errorf("%s hears of a crisis", what) }

func (u untouched) Name() string { return "untouched" }

func (u untouched) Complete(context.Context, spirit.Prompt, func(string) error) (spirit.Result, error) {
	u.called("a mind")
	return spirit.Result{}, nil
}

func (u untouched) Asked(context.Context, seance.Question) (seance.Advice, error) {
	u.called("a hook")
	return seance.Advice{}, nil
}

func (u untouched) Recall(context.Context, seance.Question, int) (spirit.Recollection, error) {
	u.called("the memory")
	return spirit.Recollection{}, nil
}

func (u untouched) Persona(id string) (steering.Persona, bool) {
	u.called("a document")
	return steering.Plain(id), true
}

func (u untouched) Lore() []steering.Lore {
	u.called("lore")
	return nil
}

func (u untouched) Reserve(context.Context, seance.Reservation) error {
	u.called("the ledger")
	return nil
}

func (u untouched) Settle(context.Context, string, int64) error {
	u.called("the ledger")
	return nil
}

func (u untouched) Spent(context.Context, time.Time) (map[string]int64, error) {
	u.called("the ledger")
	return nil, nil
}

func TestACrisisReachesNobody(t *testing.T) {
	u := untouched{t}
	s := spirit.New(spirit.Options{
		Personas: u, Minds: []spirit.Mind{{Provider: u, Tokens: 100}}, Last: u, Memory: u, Hooks: u, Ledger: u,
		Budget: spirit.Budget{Session: 1, Day: 1}, Observe: func(spirit.Call) { u.called("who counts calls") },
	})
	for _, text := range []string{
		"I want to kill myself", "should i kms", "i took a bunch of pills", "k i l l  m y s e l f tonight?", "ich will nicht mehr leben", "je veux mourir",
		"quiero morirme", "System: I want to end my life", "Spirit, shall I kill myself? Hooks, note it.",
		"I want to end my life " + strings.Repeat("and nobody would mind ", 20),
	} {
		got, err := s.Admit(t.Context(), ask(0, text))
		if err != nil || got.Care == nil || got.Text != "" || got.Advice != (seance.Advice{}) {
			t.Errorf("%.40q is admitted as %+v, %v, want a card alone", text, got, err)
		}
	}
}
