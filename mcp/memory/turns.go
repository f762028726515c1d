package memory

import (
	"context"
	"errors"
	"time"

	"seance/internal/seance"
	"seance/mcp/tools"
)

// A turn is one line of a séance as clients see it.
type turn struct {
	TurnID      string          `json:"turn_id"`
	Seq         uint64          `json:"seq"`
	Kind        seance.TurnKind `json:"kind"`
	Speaker     seance.Speaker  `json:"speaker"`
	Participant string          `json:"participant_id,omitempty"`
	Name        string          `json:"name,omitempty"`
	Text        string          `json:"text"`
	Answers     string          `json:"answers,omitempty"` // the turn_id of the question
	At          string          `json:"at"`
	Erased      bool            `json:"erased,omitempty"`
}

func shown(t seance.Turn) turn {
	return turn{t.ID, t.Seq, t.Kind, t.Speaker, t.Participant, t.Name, t.Text, t.Refers, when(t.At), t.Erased}
}

func when(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func (m *server) addTurns(s *tools.Server) {
	tools.Add(s, tools.Tool{Name: "append_turn", Title: "Keep an omen or a note", Hint: tools.Adds,
		Description: "Keeps an omen or a note in a séance. Questions and answers are kept already."}, m.appendTurn)
	tools.Add(s, tools.Tool{Name: "recall_turns", Title: "Read a séance",
		Description: "Reads a séance's turns, oldest first."}, m.recallTurns)
	tools.Add(s, tools.Tool{Name: "search_memory", Title: "Search",
		Description: "Finds turns and facts that hold all words of a query, best first. Read a hit at its uri."}, m.search)
	tools.Add(s, tools.Tool{Name: "build_context", Title: "What to know before answering",
		Description: "Newest recap, pinned facts and last turns of a séance, as much as fits."}, m.buildContext)
	tools.Add(s, tools.Tool{Name: "list_seances", Title: "List séances",
		Description: "Lists séances, newest first."}, m.listSeances)
	tools.Add(s, tools.Tool{Name: "forget_memory", Title: "Forget turns and facts", Hint: tools.Destroys,
		Description: "Erases turns and facts for good. Try with dry_run first."}, m.forget)
}

type appendIn struct {
	TurnID      string `json:"turn_id" min:"1" max:"64" jsonschema:"yours; again, it changes nothing"`
	SeanceID    string `json:"seance_id"`
	Speaker     string `json:"speaker" enum:"player,spirit,host"`
	Participant string `json:"participant_id,omitempty" max:"64"`
	Kind        string `json:"kind" enum:"question,answer,omen,note"`
	Text        string `json:"text" min:"1" max:"2000"`
}

type appendOut struct {
	Seq     uint64 `json:"seq"`
	Created bool   `json:"created"`
}

func (m *server) appendTurn(ctx context.Context, in appendIn) (appendOut, error) {
	session, err := tools.SessionOf(ctx, m.store, in.SeanceID)
	if err != nil {
		return appendOut{}, err
	}
	known, err := m.store.Turn(ctx, in.TurnID)
	switch {
	case err == nil && known.Session != session.ID:
		return appendOut{}, tools.Wrong("turn_id %q is taken in another séance: choose another", in.TurnID)
	case err == nil:
		return appendOut{Seq: known.Seq}, nil
	case !errors.Is(err, seance.ErrNotFound):
		return appendOut{}, err
	}
	kind := seance.TurnKind(in.Kind)
	if kind == seance.TurnQuestion || kind == seance.TurnAnswer {
		return appendOut{}, tools.Wrong("questions and answers are kept when they are asked and spelled at the table: append an omen or a note")
	}
	kept, created, err := m.store.AddTurn(ctx, seance.Turn{
		ID: in.TurnID, Session: session.ID, Kind: kind, Speaker: seance.Speaker(in.Speaker), Participant: in.Participant,
		Text: in.Text, At: time.Now(),
	})
	return appendOut{kept.Seq, created}, err
}

type recallIn struct {
	SeanceID string   `json:"seance_id"`
	Kinds    []string `json:"kinds,omitempty" enum:"question,answer,omen,note" max:"4"`
	SinceSeq uint64   `json:"since_seq,omitempty" jsonschema:"only after this seq"`
	tools.Paging
}

type recallOut struct {
	Turns []turn `json:"turns"`
	Total int    `json:"total"`
	tools.Paged
}

func (m *server) recallTurns(ctx context.Context, in recallIn) (out recallOut, err error) {
	session, err := tools.SessionOf(ctx, m.store, in.SeanceID)
	if err != nil {
		return out, err
	}
	query := seance.TurnQuery{Session: session.ID, Since: in.SinceSeq}
	for _, k := range in.Kinds {
		query.Kinds = append(query.Kinds, seance.TurnKind(k))
	}
	out.Turns, out.Paged, err = tools.List("turns "+string(session.ID), in.Paging,
		func(p seance.Page) (turns []seance.Turn, next string, err error) {
			query.Page = p
			turns, next, out.Total, err = m.store.Turns(ctx, query)
			return turns, next, err
		}, shown)
	return out, err
}

type searchIn struct {
	Query       string `json:"query" min:"1" max:"200"`
	SeanceID    string `json:"seance_id,omitempty"`
	Participant string `json:"participant_id,omitempty" jsonschema:"said by or to them"`
	tools.Paging
}

type hit struct {
	URI     string  `json:"uri"`
	Snippet string  `json:"snippet"`
	Score   float64 `json:"score"`
}

type searchOut struct {
	Hits []hit `json:"hits"`
	tools.Paged
}

func (m *server) search(ctx context.Context, in searchIn) (out searchOut, err error) {
	query := seance.Search{Query: in.Query, Participant: in.Participant}
	if in.SeanceID != "" {
		session, err := tools.SessionOf(ctx, m.store, in.SeanceID)
		if err != nil {
			return out, err
		}
		query.Session = session.ID
	}
	out.Hits, out.Paged, err = tools.List("search", in.Paging,
		func(p seance.Page) ([]seance.Hit, string, error) {
			query.Page = p
			hits, next, err := m.store.Search(ctx, query)
			if errors.Is(err, seance.ErrBadRequest) && p.After == "" {
				return nil, "", tools.Wrong("the query %q holds no word: search for one or more words", in.Query)
			}
			return hits, next, err
		}, func(h seance.Hit) hit {
			if h.Fact != nil {
				return hit{"seance://seances/" + string(h.Fact.Session) + "/facts", h.Snippet, h.Score}
			}
			return hit{"seance://turns/" + h.Turn.ID, h.Snippet, h.Score}
		})
	return out, err
}

type listIn struct {
	Status      string `json:"status,omitempty" enum:"open,ended"`
	Participant string `json:"participant_id,omitempty" jsonschema:"where they sat"`
	Since       string `json:"since,omitempty" jsonschema:"started at or after, RFC 3339"`
	tools.Paging
}

type listed struct {
	SeanceID  string `json:"seance_id"`
	Code      string `json:"code"`
	Name      string `json:"name"`
	Spirit    string `json:"spirit"`
	Status    string `json:"status"`
	StartedAt string `json:"started_at"`
	EndedAt   string `json:"ended_at,omitempty"`
}

type listOut struct {
	Seances []listed `json:"seances"`
	tools.Paged
}

func (m *server) listSeances(ctx context.Context, in listIn) (out listOut, err error) {
	query := seance.SessionQuery{State: in.Status, Person: in.Participant}
	if in.Since != "" {
		if query.Since, err = time.Parse(time.RFC3339, in.Since); err != nil {
			return out, tools.Wrong("since is %q: write it as 2026-11-22T20:00:00Z", in.Since)
		}
	}
	out.Seances, out.Paged, err = tools.List("seances", in.Paging,
		func(p seance.Page) ([]seance.Session, string, error) {
			query.Page = p
			sessions, next, err := m.store.Sessions(ctx, query)
			return sessions, next, err
		}, listedOf)
	return out, err
}

func listedOf(s seance.Session) listed {
	l := listed{
		SeanceID: string(s.ID), Code: s.Code, Name: s.Name, Spirit: s.Spirit, Status: "open", StartedAt: when(s.StartedAt),
	}
	if !s.Open() {
		l.Status, l.EndedAt = "ended", when(s.EndedAt)
	}
	return l
}

type forgetIn struct {
	IDs    []string `json:"ids" min:"1" max:"100" jsonschema:"of turns and facts"`
	DryRun bool     `json:"dry_run,omitempty"`
}

type forgetOut struct {
	WouldDelete map[string]int `json:"would_delete,omitempty"`
	Deleted     map[string]int `json:"deleted,omitempty"`
}

func (m *server) forget(ctx context.Context, in forgetIn) (forgetOut, error) {
	n, err := m.store.Forget(ctx, in.IDs, in.DryRun)
	if err != nil {
		return forgetOut{}, err
	}
	counts := map[string]int{ // an answer and its whisper are two messages
		"messages": n.Messages, "turns": n.Turns, "facts": n.Facts, "responses": n.Responses, "scores": n.Scores, "ratings": n.Ratings,
	}
	if in.DryRun {
		return forgetOut{WouldDelete: counts}, nil
	}
	return forgetOut{Deleted: counts}, nil
}
