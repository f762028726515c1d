package tools

import (
	"context"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// A Prompt is a message that a person picks for their model.
type Prompt struct {
	Name, Title, Description string
	Needs                    []Argument
}

// An Argument is what a Prompt needs to know.
type Argument struct {
	Name, Description string
	Optional          bool
}

// AddPrompt adds a prompt. do writes its text; what people wrote belongs into quoted data there.
func AddPrompt(s *Server, p Prompt, do func(ctx context.Context, args map[string]string) (string, error)) {
	prompt := &mcp.Prompt{Name: p.Name, Title: p.Title, Description: p.Description}
	for _, a := range p.Needs {
		prompt.Arguments = append(prompt.Arguments, &mcp.PromptArgument{Name: a.Name, Description: a.Description, Required: !a.Optional})
	}
	s.sdk.AddPrompt(prompt, func(ctx context.Context, req *mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
		for _, a := range p.Needs {
			if !a.Optional && req.Params.Arguments[a.Name] == "" {
				return nil, Wrong("the prompt %s needs %s: %s", p.Name, a.Name, a.Description)
			}
		}
		text, err := do(ctx, req.Params.Arguments)
		if err != nil {
			return nil, say(s.o.Logger.With("prompt", p.Name), err)
		}
		return &mcp.GetPromptResult{Description: p.Description, Messages: []*mcp.PromptMessage{
			{Role: "user", Content: &mcp.TextContent{Text: text}},
		}}, nil
	})
}
