package analytics

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"seance/internal/seance"
	"seance/mcp/tools"
)

// A response is what one answer took, as clients see it. With fields, only those are told, and the id.
type response struct {
	ResponseID    string `json:"response_id"`
	SeanceID      string `json:"seance_id,omitempty"`
	TurnID        string `json:"turn_id,omitempty"`
	Provider      string `json:"provider,omitempty"`
	Model         string `json:"model,omitempty"`
	PromptVersion string `json:"prompt_version,omitempty"`
	FirstLetterMs int64  `json:"first_letter_ms,omitempty"`
	TotalMs       int64  `json:"total_ms,omitempty"`
	TokensIn      int    `json:"tokens_in,omitempty"`
	TokensOut     int    `json:"tokens_out,omitempty"`
	ToolCalls     int    `json:"tool_calls,omitempty"`
	Fallback      bool   `json:"fallback,omitempty"`
	Error         string `json:"error,omitempty"`
	At            string `json:"at,omitempty"`
}

func shown(r seance.Response) response {
	return response{
		r.ID, string(r.Session), r.Turn, r.Provider, r.Model, r.PromptVersion, r.FirstLetter.Milliseconds(), r.Total.Milliseconds(),
		r.TokensIn, r.TokensOut, r.ToolCalls, r.Fallback, r.Error, when(r.At),
	}
}

func (a *server) addResponses(s *tools.Server) {
	tools.Add(s, tools.Tool{Name: "log_response", Title: "Log an answer", Hint: tools.Adds,
		Description: "Logs what an answer took. The table does so by itself."}, a.log)
	tools.Add(s, tools.Tool{Name: "score_response", Title: "Score an answer", Hint: tools.Adds,
		Description: "Scores a response from 0 to 1; the same name and source again replaces it. Players rate at the table."}, a.score)
	tools.Add(s, tools.Tool{Name: "list_responses", Title: "List answers",
		Description: "Lists responses, newest first."}, a.list)
	tools.Add(s, tools.Tool{Name: "get_response", Title: "One answer", Description: "One response with its scores."}, a.get)
	tools.Add(s, tools.Tool{Name: "purge_responses", Title: "Purge", Hint: tools.Destroys,
		Description: "Deletes the responses, with their scores, from before a time. Try with dry_run first."}, a.purge)
}

type logIn struct {
	ResponseID    string `json:"response_id" min:"1" max:"64" jsonschema:"yours; again, it changes nothing"`
	SeanceID      string `json:"seance_id"`
	TurnID        string `json:"turn_id" max:"64"`
	Provider      string `json:"provider" max:"64"`
	Model         string `json:"model" max:"128"`
	PromptVersion string `json:"prompt_version" max:"64"`
	FirstLetterMs int64  `json:"first_letter_ms" min:"0" max:"600000"`
	TotalMs       int64  `json:"total_ms" min:"0" max:"600000"`
	TokensIn      int    `json:"tokens_in" min:"0" max:"10000000"`
	TokensOut     int    `json:"tokens_out" min:"0" max:"10000000"`
	ToolCalls     int    `json:"tool_calls" min:"0" max:"1000"`
	Fallback      bool   `json:"fallback"`
	Error         string `json:"error,omitempty" max:"64" jsonschema:"a kind, such as timeout"`
}

type createdOut struct {
	Created bool `json:"created"`
}

func (a *server) log(ctx context.Context, in logIn) (createdOut, error) {
	session, err := tools.SessionOf(ctx, a.store, in.SeanceID)
	if err != nil {
		return createdOut{}, err
	}
	created, err := a.store.LogResponse(ctx, seance.Response{
		ID: in.ResponseID, Session: session.ID, Turn: in.TurnID, Provider: in.Provider, Model: in.Model,
		PromptVersion: in.PromptVersion, FirstLetter: time.Duration(in.FirstLetterMs) * time.Millisecond,
		Total: time.Duration(in.TotalMs) * time.Millisecond, TokensIn: in.TokensIn, TokensOut: in.TokensOut,
		ToolCalls: in.ToolCalls, Fallback: in.Fallback, Error: in.Error, At: time.Now(),
	})
	return createdOut{created}, err
}

type scoreIn struct {
	ResponseID string  `json:"response_id"`
	Name       string  `json:"name" enum:"in_character,relevance,brevity,spellable,safety,rating"`
	Value      float64 `json:"value" min:"0" max:"1"`
	Source     string  `json:"source" enum:"player,rule,judge"`
	Comment    string  `json:"comment,omitempty" max:"500"`
}

func (a *server) score(ctx context.Context, in scoreIn) (createdOut, error) {
	if in.Source == "player" && in.Name == string(seance.ScoreRating) {
		return createdOut{}, tools.Wrong("ratings are the players' own: they give them at the table, and get_response tells them")
	}
	created, err := a.store.Judge(ctx, seance.Judgement{
		Response: in.ResponseID, Name: seance.ScoreName(in.Name), Value: in.Value, Source: in.Source, Comment: in.Comment, At: time.Now(),
	})
	return createdOut{created}, unknown(err, in.ResponseID)
}

type listIn struct {
	Model    string   `json:"model,omitempty"`
	SeanceID string   `json:"seance_id,omitempty"`
	Since    string   `json:"since,omitempty" jsonschema:"RFC 3339"`
	MaxScore *float64 `json:"max_score,omitempty" min:"0" max:"1" jsonschema:"only those with a mean score of at most this"`
	Fallback *bool    `json:"fallback,omitempty"`
	Fields   []string `json:"fields,omitempty" max:"14" jsonschema:"only these beside response_id"`
	tools.Paging
}

type listOut struct {
	Responses []response `json:"responses"`
	tools.Paged
}

func (a *server) list(ctx context.Context, in listIn) (out listOut, err error) {
	query := seance.ResponseQuery{Model: in.Model, Fallback: in.Fallback, MaxScore: in.MaxScore}
	if query.Since, err = moment("since", in.Since); err != nil {
		return out, err
	}
	if in.SeanceID != "" {
		session, err := tools.SessionOf(ctx, a.store, in.SeanceID)
		if err != nil {
			return out, err
		}
		query.Session = session.ID
	}
	only, err := fields(in.Fields)
	if err != nil {
		return out, err
	}
	out.Responses, out.Paged, err = tools.List("responses", in.Paging,
		func(p seance.Page) ([]seance.Response, string, error) {
			query.Page = p
			responses, next, err := a.store.Responses(ctx, query)
			return responses, next, err
		}, func(r seance.Response) response { return only(shown(r)) })
	return out, err
}

// fields leaves out what was not asked for. Its names are those of the response's JSON.
func fields(names []string) (func(response) response, error) {
	if len(names) == 0 {
		return func(r response) response { return r }, nil
	}
	all := response{
		SeanceID: "x", TurnID: "x", Provider: "x", Model: "x", PromptVersion: "x", FirstLetterMs: 1, TotalMs: 1, TokensIn: 1,
		TokensOut: 1, ToolCalls: 1, Fallback: true, Error: "x", At: "x",
	}
	known, err := object(all)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if known[name] == nil {
			return nil, tools.Wrong("a response has no field %q", name)
		}
	}
	return func(r response) response {
		full, err := object(r)
		if err != nil {
			return r
		}
		picked := map[string]json.RawMessage{"response_id": full["response_id"]}
		for _, name := range names {
			if full[name] != nil {
				picked[name] = full[name]
			}
		}
		text, err := json.Marshal(picked)
		var less response
		if err = errors.Join(err, json.Unmarshal(text, &less)); err != nil {
			return r
		}
		return less
	}, nil
}

func object(r response) (map[string]json.RawMessage, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	var o map[string]json.RawMessage
	return o, json.Unmarshal(text, &o)
}

type getIn struct {
	ResponseID string `json:"response_id"`
}

type score struct {
	Name    string  `json:"name"`
	Value   float64 `json:"value"`
	Source  string  `json:"source"`
	By      string  `json:"participant_id,omitempty"`
	Comment string  `json:"comment,omitempty"`
	At      string  `json:"at"`
}

type getOut struct {
	Record response `json:"record"`
	Scores []score  `json:"scores"`
}

func (a *server) get(ctx context.Context, in getIn) (getOut, error) {
	r, scores, err := a.store.Response(ctx, in.ResponseID)
	if err != nil {
		return getOut{}, unknown(err, in.ResponseID)
	}
	out := getOut{shown(r), make([]score, 0, len(scores))}
	for _, j := range scores {
		out.Scores = append(out.Scores, score{string(j.Name), j.Value, j.Source, j.By, j.Comment, when(j.At)})
	}
	return out, nil
}

type purgeIn struct {
	Before  string `json:"before" jsonschema:"RFC 3339"`
	Confirm string `json:"confirm" jsonschema:"the same time again"`
	DryRun  bool   `json:"dry_run,omitempty"`
}

type purgeOut struct {
	Count int `json:"count"` // deleted, or to be
}

func (a *server) purge(ctx context.Context, in purgeIn) (purgeOut, error) {
	before, err := moment("before", in.Before)
	if err != nil {
		return purgeOut{}, err
	}
	if in.Before == "" || in.Confirm != in.Before {
		return purgeOut{}, tools.Wrong("confirm has to be the same as before, exactly: what is purged does not come back")
	}
	n, err := a.store.Purge(ctx, before, in.DryRun)
	return purgeOut{n}, err
}
