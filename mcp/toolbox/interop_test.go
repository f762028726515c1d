package toolbox

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/client/transport"
	asked "github.com/mark3labs/mcp-go/mcp"

	"seance/internal/seance"
)

// The pipe within the process is a row of the interop matrix: mcp-go's client and go-sdk's server, in every version that
// the client can pin.
func TestInterop(t *testing.T) {
	h := enter(t, Options{})
	m := h.asks("s", "m", "Where is the cat?")
	h.spells("s", m.Seq, "ATTIC")
	servers := serversOf(h.Archive)
	for _, version := range []string{"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28", ""} {
		t.Run("version "+version, func(t *testing.T) {
			ctx := t.Context()
			e, wait, err := pipeTo(servers.Memory)(ctx)
			must(t, err)
			c := client.NewClient(transport.NewIO(eof{e.in}, e.out, nil), client.WithProtocolVersion(version))
			defer func() { _ = e.out.Close(); _ = e.in.Close(); _ = wait() }()
			must(t, c.Start(ctx))
			hello, err := c.Initialize(ctx, asked.InitializeRequest{Params: asked.InitializeParams{
				ClientInfo: asked.Implementation{Name: "test", Version: "1"},
			}})
			must(t, err)
			want := version
			if want == "" {
				want = "2026-07-28"
			}
			same(t, "version", want, hello.ProtocolVersion)

			list, err := c.ListTools(ctx, asked.ListToolsRequest{})
			must(t, err)
			same(t, "tools", 9, len(list.Tools))
			call := func(name string, args map[string]any) (*asked.CallToolResult, error) {
				return c.CallTool(ctx, asked.CallToolRequest{Params: asked.CallToolParams{Name: name, Arguments: args}})
			}
			got, err := call("recall_turns", map[string]any{"seance_id": "RAVEN-417"})
			must(t, err)
			if got.IsError || !strings.Contains(string(got.RawStructuredContent), "ATTIC") || !strings.Contains(textOf(got), "ATTIC") {
				t.Errorf("recall_turns tells %s and %q", got.RawStructuredContent, textOf(got))
			}
			for what, args := range map[string]map[string]any{
				"unknown argument": {"seance_id": "s", "spell": 1}, "wrong type": {"seance_id": 7}, "no séance": {"seance_id": "OWL-1"},
				"none at all": nil,
			} {
				if got, err := call("recall_turns", args); err == nil && !got.IsError {
					t.Errorf("%s is not refused", what)
				}
			}
			if _, err := call("raise_the_dead", nil); err == nil {
				t.Error("an unknown tool can be called")
			}
			read := func(uri string) (string, error) {
				got, err := c.ReadResource(ctx, asked.ReadResourceRequest{Params: asked.ReadResourceParams{URI: uri}})
				if err != nil {
					return "", err
				}
				return got.Contents[0].(asked.TextResourceContents).Text, nil
			}
			if text, err := read("seance://seances/s/transcript"); err != nil || !strings.Contains(text, "ATTIC") {
				t.Errorf("the transcript reads %q, %v", text, err)
			}
			if _, err := read("seance://seances/OWL-1/transcript"); err == nil {
				t.Error("what is not there can be read")
			}
			templates, err := c.ListResourceTemplates(ctx, asked.ListResourceTemplatesRequest{})
			must(t, err)
			same(t, "templates", 4, len(templates.ResourceTemplates))
			prompt, err := c.GetPrompt(ctx, asked.GetPromptRequest{Params: asked.GetPromptParams{
				Name: "continue_seance", Arguments: map[string]string{"seance_id": "s"},
			}})
			must(t, err)
			if text := prompt.Messages[0].Content.(asked.TextContent).Text; !strings.Contains(text, "ATTIC") {
				t.Errorf("the prompt is %q", text)
			}
			done, err := c.Complete(ctx, asked.CompleteRequest{Params: asked.CompleteParams{
				Ref:      asked.PromptReference{Type: "ref/prompt", Name: "continue_seance"},
				Argument: asked.CompleteArgument{Name: "seance_id", Value: "rav"},
			}})
			must(t, err)
			same(t, "completion", []string{"RAVEN-417"}, done.Completion.Values)
		})
	}
}

// An eof is a pipe that ends as others do: the client writes to the log about everything else.
type eof struct{ io.Reader }

func (r eof) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != nil {
		err = io.EOF
	}
	return n, err
}

// A call that is given up is given up over there, too.
func TestACallThatIsGivenUp(t *testing.T) {
	h := enter(t, Options{})
	q := questionOf(h.asks("s", "a", "Who?"))
	watched := &toldToStop{Archive: h.Archive, stopped: make(chan struct{})}
	l := &line{name: "memory", dial: pipeTo(serversOf(watched).Memory)}
	defer func() { l.close()() }()
	ctx, cancel := context.WithCancelCause(t.Context())
	watched.reached = func() { cancel(errors.New("enough")) }
	err := l.call(ctx, "build_context", map[string]any{"seance_id": string(q.Session.ID), "question": "Who?"}, nil)
	if err == nil || !strings.Contains(err.Error(), "enough") {
		t.Errorf("it ends with %v", err)
	}
	<-watched.stopped
}

// A toldToStop store waits for being told so.
type toldToStop struct {
	seance.Archive
	reached func()
	stopped chan struct{}
}

func (s *toldToStop) Turns(ctx context.Context, _ seance.TurnQuery) ([]seance.Turn, string, int, error) {
	s.reached()
	<-ctx.Done()
	close(s.stopped)
	return nil, "", 0, ctx.Err()
}
