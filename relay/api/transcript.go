package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"seance/internal/seance"
	"seance/relay/wire"
)

type transcriptInput struct {
	Key           string `path:"key" doc:"A session's id, or its code in any case" example:"RAVEN-417"`
	Authorization string `header:"Authorization" hidden:"true"`
	Format        string `query:"format" enum:"md,txt,json" default:"md" doc:"Markdown, plain text, or JSON as in the history"`
}

// A transcript is a sitting as programs keep it.
type transcript struct {
	Session      wire.Session       `json:"session"`
	Participants []wire.Participant `json:"participants" nullable:"false" doc:"Everyone who ever joined, by candle"`
	Messages     []line             `json:"messages" nullable:"false"`
}

// transcripts registers the route of what people keep of a sitting.
func (s *Server) transcripts() {
	text := &huma.Schema{Type: huma.TypeString}
	fetch(s, huma.Operation{
		OperationID: "get-transcript", Method: http.MethodGet, Path: "/api/sessions/{key}/transcript",
		Summary: "Keep what was said, as a file", Security: holder,
		Errors: []int{
			http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity,
		},
	}, map[string]*huma.Schema{
		"text/markdown": text, "text/plain": text,
		"application/json": envelope[transcript]{}.Schema(s.api.OpenAPI().Components.Schemas),
	}, s.transcript)
}

func (s *Server) transcript(ctx context.Context, in *transcriptInput) (*download, error) {
	at, _, err := s.holds(ctx, in.Authorization, in.Key)
	if err != nil {
		return nil, err
	}
	people, err := s.store.Participants(ctx, at.ID)
	if err != nil {
		return nil, fmt.Errorf("participants of %s: %w", at.ID, err)
	}
	var messages []seance.Message
	for m, err := range s.store.After(ctx, at.ID, 0) {
		if err != nil {
			return nil, fmt.Errorf("transcript of %s: %w", at.ID, err)
		}
		messages = append(messages, m)
	}
	out := &download{Disposition: fmt.Sprintf(`attachment; filename="seance-%s.%s"`, at.Code, in.Format)}
	switch in.Format {
	case "json":
		out.ContentType = "application/json"
		if out.Body, err = s.transcriptJSON(at, people, messages); err != nil {
			return nil, fmt.Errorf("transcript of %s: %w", at.ID, err)
		}
	case "txt":
		out.ContentType = "text/plain; charset=utf-8"
		out.Body = s.keepsake(at, people, messages).text()
	default:
		out.ContentType = "text/markdown; charset=utf-8"
		out.Body = s.keepsake(at, people, messages).markdown()
	}
	return out, nil
}

func (s *Server) transcriptJSON(
	at seance.Session, people []seance.Participant, messages []seance.Message,
) ([]byte, error) {
	out := transcript{Session: s.show(at), Participants: []wire.Participant{}, Messages: []line{}}
	for _, p := range people {
		out.Participants = append(out.Participants, wire.ParticipantOf(p))
	}
	for _, m := range messages {
		shown, err := lineOf(m, people)
		if err != nil {
			return nil, err
		}
		out.Messages = append(out.Messages, shown)
	}
	body, err := json.MarshalIndent(seal(out), "", "  ")
	return append(body, '\n'), err
}

// keepsake is a sitting as people keep it.
func (s *Server) keepsake(at seance.Session, people []seance.Participant, messages []seance.Message) keepsake {
	k := keepsake{session: at, spirit: at.Spirit, people: people, passages: passages(messages)}
	for _, p := range s.personas.Personas() { // unless it was taken away since
		if p.ID == at.Spirit {
			k.spirit = p.Title
		}
	}
	return k
}
