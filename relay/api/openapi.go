package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
)

// answer is what huma sends when a handler succeeds.
type answer[T any] struct {
	Body envelope[T]
}

// A download is what huma sends when a handler succeeds with something other than an envelope.
type download struct {
	ContentType string `header:"Content-Type" hidden:"true"`
	Disposition string `header:"Content-Disposition" doc:"Says whether to keep it, and under which name"`
	Body        []byte
}

// describe is the frame of the OpenAPI document, without paths that are not ours.
func describe(version string) huma.Config {
	c := huma.DefaultConfig("Séance", version)
	c.Info.Description = "Friends lay their hands on one planchette and ask a spirit questions. " +
		"What happens at the table travels by WebSocket; docs/protocol.md has both sides."
	c.Info.License = &huma.License{Name: "MIT", Identifier: "MIT"}
	c.CreateHooks = nil // no $schema in answers
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", ""
	c.AllowAdditionalPropertiesByDefault = true // during a rolling deploy, boards know more than servers
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {
		Type: "http", Scheme: "bearer", BearerFormat: "JWT", Description: "As create and join return it",
	}, "soul": {
		Type: "apiKey", In: "header", Name: fiber.HeaderAuthorization, Description: "Soul, a space, and the secret of POST /api/soul",
	}}
	return c
}

// route registers an operation whose handler returns data or an error, and puts both into their envelope.
func route[I, O any](s *Server, op huma.Operation, handle func(context.Context, *I) (O, error)) {
	register(s, op, func(ctx context.Context, in *I) (*answer[O], error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, err
		}
		return &answer[O]{Body: seal(out)}, nil
	})
}

// fetch registers an operation whose handler returns something to keep or to show, of one of the given types, or an
// error, which gets its envelope.
func fetch[I any](
	s *Server, op huma.Operation, types map[string]*huma.Schema, handle func(context.Context, *I) (*download, error),
) {
	content := map[string]*huma.MediaType{}
	for name, schema := range types {
		content[name] = &huma.MediaType{Schema: schema}
	}
	op.Responses = map[string]*huma.Response{strconv.Itoa(http.StatusOK): {Content: content}}
	register(s, op, handle)
}

// register registers an operation with what all of them share: the limit of what is read, the way errors go out, and
// the statuses that belong to them in the document.
func register[I, O any](s *Server, op huma.Operation, handle func(context.Context, *I) (*O, error)) {
	invalid := slices.Contains(op.Errors, http.StatusUnprocessableEntity)
	op.MaxBodyBytes = maxBody
	op.Metadata = map[string]any{"server": s}
	op.Errors = append(op.Errors, http.StatusBadRequest, http.StatusTooManyRequests, http.StatusServiceUnavailable)
	if op.Method == http.MethodPost || op.Method == http.MethodPatch {
		op.Errors = append(op.Errors, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, s.tell(ctx, op.OperationID, err)
		}
		return out, nil
	})

	documented := operation(s.api.OpenAPI().Paths[op.Path], op.Method)
	s.documented = append(s.documented, documented)
	responses := documented.Responses
	if !invalid {
		delete(responses, strconv.Itoa(http.StatusUnprocessableEntity)) // huma adds it to whatever takes input
	}
	for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} {
		responses[strconv.Itoa(status)].Headers = map[string]*huma.Header{fiber.HeaderRetryAfter: {
			Description: "Seconds until trying again is worth it", Schema: &huma.Schema{Type: huma.TypeInteger},
		}}
	}
}

// serverOf is the server whose operation a request is for; huma gives the methods that check input nothing else.
func serverOf(ctx huma.Context) *Server { return ctx.Operation().Metadata["server"].(*Server) }

func operation(at *huma.PathItem, method string) *huma.Operation {
	return map[string]*huma.Operation{
		http.MethodGet: at.Get, http.MethodPost: at.Post, http.MethodPatch: at.Patch, http.MethodDelete: at.Delete,
	}[method]
}

// document serves the OpenAPI document of everything registered so far.
func (s *Server) document() error {
	raw, err := json.Marshal(s.api.OpenAPI())
	if err != nil {
		return fmt.Errorf("openapi: %w", err)
	}
	f := newFile("openapi.json", raw)
	s.app.Get("/openapi.json", f.send)
	return nil
}
