package memory

import (
	"context"
	"time"

	"github.com/google/uuid"

	"seance/internal/seance"
	"seance/mcp/tools"
)

func (m *server) addFacts(s *tools.Server) {
	tools.Add(s, tools.Tool{Name: "pin_fact", Title: "Pin a fact", Hint: tools.Adds,
		Description: "Pins a fact that holds in a séance, so that build_context tells it. The same text again is the same fact."}, m.pinFact)
	tools.Add(s, tools.Tool{Name: "list_facts", Title: "List facts", Description: "Lists a séance's pinned facts, oldest first."}, m.listFacts)
	tools.Add(s, tools.Tool{Name: "store_recap", Title: "Keep a recap", Hint: tools.Adds,
		Description: "Keeps a summary of a séance up to a seq; the newest is told by build_context."}, m.storeRecap)
}

type pinIn struct {
	SeanceID string `json:"seance_id"`
	Text     string `json:"text" min:"1" max:"300"`
	Source   string `json:"source_turn_id,omitempty"`
}

type pinOut struct {
	FactID  string `json:"fact_id"`
	Created bool   `json:"created"`
}

func (m *server) pinFact(ctx context.Context, in pinIn) (pinOut, error) {
	session, err := tools.SessionOf(ctx, m.store, in.SeanceID)
	if err != nil {
		return pinOut{}, err
	}
	if in.Source != "" {
		if t, err := m.store.Turn(ctx, in.Source); err != nil || t.Session != session.ID {
			return pinOut{}, tools.Wrong("source_turn_id %q is no turn of %s: recall_turns shows those that are", in.Source, session.Code)
		}
	}
	id, err := uuid.NewV7()
	if err != nil {
		return pinOut{}, err
	}
	f, created, err := m.store.PinFact(ctx, seance.Fact{
		ID: id.String(), Session: session.ID, Text: in.Text, Source: in.Source, At: time.Now(),
	})
	return pinOut{f.ID, created}, err
}

type factsIn struct {
	SeanceID string `json:"seance_id"`
	tools.Paging
}

type fact struct {
	FactID string `json:"fact_id"`
	Text   string `json:"text"`
	Source string `json:"source_turn_id,omitempty"`
	At     string `json:"at"`
}

type factsOut struct {
	Facts []fact `json:"facts"`
	tools.Paged
}

func (m *server) listFacts(ctx context.Context, in factsIn) (out factsOut, err error) {
	session, err := tools.SessionOf(ctx, m.store, in.SeanceID)
	if err != nil {
		return out, err
	}
	out.Facts, out.Paged, err = tools.List("facts "+string(session.ID), in.Paging,
		func(p seance.Page) ([]seance.Fact, string, error) {
			facts, next, err := m.store.Facts(ctx, session.ID, p)
			return facts, next, err
		}, factOf)
	return out, err
}

func factOf(f seance.Fact) fact { return fact{f.ID, f.Text, f.Source, when(f.At)} }

type recapIn struct {
	SeanceID string `json:"seance_id"`
	UpToSeq  uint64 `json:"up_to_seq" jsonschema:"the last turn that it sums up"`
	Text     string `json:"text" min:"1" max:"4000"`
}

type recapOut struct {
	Version int `json:"version"`
}

func (m *server) storeRecap(ctx context.Context, in recapIn) (recapOut, error) {
	session, err := tools.SessionOf(ctx, m.store, in.SeanceID)
	if err != nil {
		return recapOut{}, err
	}
	r, err := m.store.StoreRecap(ctx, seance.Recap{Session: session.ID, UpTo: in.UpToSeq, Text: in.Text, At: time.Now()})
	return recapOut{r.Version}, err
}
