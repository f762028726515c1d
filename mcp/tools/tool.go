package tools

import (
	"context"
	"fmt"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// A Hint says what calling a tool does to the house. Every tool may be called again with the same arguments without
// doing anything more, and none reaches out of the house.
type Hint int

// The three hints.
const (
	Reads    Hint = iota // changes nothing
	Adds                 // writes, and never changes or takes away what was there
	Destroys             // takes away for good
)

// A Tool is one thing a server can be asked to do.
type Tool struct {
	Name        string // snake_case, at most 30 characters
	Title       string
	Description string // for the model that chooses: what it does, when to use it, what comes back
	Hint        Hint
}

// A Quiet result is told as structured content alone: its Text takes the place of its JSON beside that. It is for callers
// who have said that they read no text.
type Quiet interface{ Text() string }

// Add adds a tool whose arguments and result are described by the types In and Out, structs with json tags. Beside
// `json` and `jsonschema` (a description), fields of In may have the tags `enum` (words with commas between), `min`,
// `max` (of numbers, or of a text's or list's length). A failure of do is told as a tool error. A tool that the server
// does not offer is left out. It panics if the types cannot be described.
func Add[In, Out any](s *Server, t Tool, do func(ctx context.Context, in In) (Out, error)) {
	if !s.offers(t.Name, t.Hint) {
		return
	}
	in, err := schemaFor[In]()
	if err != nil {
		panic(fmt.Sprintf("tool %s: arguments: %v", t.Name, err))
	}
	out, err := schemaFor[Out]()
	if err != nil {
		panic(fmt.Sprintf("tool %s: result: %v", t.Name, err))
	}
	loosen(out)
	s.tools = append(s.tools, t)
	destroys, open := t.Hint == Destroys, false
	mcp.AddTool(s.sdk, &mcp.Tool{
		Name: t.Name, Title: t.Title, Description: t.Description, InputSchema: in, OutputSchema: out,
		Annotations: &mcp.ToolAnnotations{
			ReadOnlyHint: t.Hint == Reads, DestructiveHint: &destroys, IdempotentHint: true, OpenWorldHint: &open,
		},
	}, func(ctx context.Context, call *mcp.CallToolRequest, args In) (*mcp.CallToolResult, Out, error) {
		ctx, done := s.during(ctx, call)
		defer done()
		result, err := do(ctx, args)
		if err != nil {
			var none Out
			return nil, none, say(s.o.Logger.With("tool", t.Name), err)
		}
		if quiet, ok := any(result).(Quiet); ok {
			if text := quiet.Text(); text != "" {
				return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: text}}}, result, nil
			}
		}
		return nil, result, nil
	})
}
