// Package analytics is the MCP server of what answers took and how they were judged.
//
// It promises: every figure says of how many answers it is made, and a comparison of too few says so instead of naming
// a winner. Ratings of players are the journal's own, told as scores; the server calls no model: judgements are made by
// whoever asks for them.
package analytics

import (
	"context"
	"errors"
	"strings"
	"time"

	"seance/internal/seance"
	"seance/mcp/tools"
)

// A Store is what the server works on.
type Store interface {
	seance.Analytics
	Session(ctx context.Context, key string) (seance.Session, error)
	Sessions(ctx context.Context, q seance.SessionQuery) ([]seance.Session, string, error)
	Turn(ctx context.Context, id string) (seance.Turn, error)
}

const instructions = `Séance is a spirit board: people ask, a spirit spells answers. This server holds what each answer took (which mind, how
long, how many tokens) and how it was scored. Scores go from 0 to 1; rating is what players gave. quality_report and
compare_variants tell of how many answers their figures are made. Arguments that a tool does not know are refused.`

// New makes the server. Its notices are told once a second at most.
func New(store Store, o tools.Options) *tools.Server {
	if o.Settle == 0 {
		o.Settle = time.Second
	}
	a := &server{store: store}
	s := tools.New(tools.About{
		Name: "seance-analytics", Title: "Séance analytics", Instructions: instructions, Complete: a.complete,
	}, o)
	a.addResponses(s)
	a.addReports(s)
	a.addResources(s)
	return s
}

type server struct{ store Store }

func when(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// moment reads a time that a caller gave; the zero time for none.
func moment(name, said string) (time.Time, error) {
	if said == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, said)
	if err != nil {
		return t, tools.Wrong("%s is %q: write it as 2026-11-22T20:00:00Z", name, said)
	}
	return t, nil
}

func unknown(err error, id string) error {
	if errors.Is(err, seance.ErrNotFound) {
		return tools.Wrong("there is no response %q: list_responses shows those that there are", id)
	}
	return err
}

func (a *server) complete(ctx context.Context, argument, value string) ([]string, error) {
	var values []string
	seen := map[string]bool{}
	add := func(v string, matches bool) {
		if v != "" && matches && !seen[v] {
			seen[v] = true
			values = append(values, v)
		}
	}
	switch argument {
	case "seance_id":
		sessions, _, err := a.store.Sessions(ctx, seance.SessionQuery{Page: seance.Page{Limit: 100}})
		if err != nil {
			return nil, err
		}
		for _, s := range sessions {
			add(s.Code, strings.HasPrefix(s.Code, strings.ToUpper(value)))
		}
	case "model", "prompt_version", "response_id":
		responses, _, err := a.store.Responses(ctx, seance.ResponseQuery{Page: seance.Page{Limit: 100}})
		if err != nil {
			return nil, err
		}
		for _, r := range responses {
			v := map[string]string{"model": r.Model, "prompt_version": r.PromptVersion, "response_id": r.ID}[argument]
			add(v, strings.HasPrefix(v, value))
		}
	}
	return values, nil
}
