package kiro

import (
	"context"
	"strings"

	"github.com/tmc/langchaingo/llms"

	"seance/spirit"
)

// Model is Kiro as anything that speaks to a language model sees it. The prompt in the call's metadata
// (spirit.Metadata) counts; without one, the system messages are the guide and the others, in their order, what is asked.
// Of the options only the streaming function means anything to Kiro.
func (p *Provider) Model() llms.Model { return model{p} }

type model struct{ p *Provider }

// GenerateContent answers as Provider.Complete does, with its errors.
func (m model) GenerateContent(ctx context.Context, messages []llms.MessageContent, options ...llms.CallOption) (*llms.ContentResponse, error) {
	var opts llms.CallOptions
	for _, option := range options {
		option(&opts)
	}
	prompt, ok := spirit.PromptOf(opts.Metadata)
	if !ok {
		prompt = promptOf(messages)
	}
	var said strings.Builder
	result, err := m.p.Complete(ctx, prompt, func(text string) error {
		said.WriteString(text)
		if opts.StreamingFunc == nil {
			return nil
		}
		return opts.StreamingFunc(ctx, []byte(text))
	})
	if err != nil {
		return nil, err
	}
	return &llms.ContentResponse{Choices: []*llms.ContentChoice{{
		Content: said.String(), StopReason: "end_turn",
		GenerationInfo: map[string]any{"source": string(result.Source), "model": result.Model},
	}}}, nil
}

// Call answers one message.
func (m model) Call(ctx context.Context, prompt string, options ...llms.CallOption) (string, error) {
	return llms.GenerateFromSinglePrompt(ctx, m, prompt, options...)
}

func promptOf(messages []llms.MessageContent) spirit.Prompt {
	var guide, asked []string
	for _, m := range messages {
		for _, part := range m.Parts {
			text, ok := part.(llms.TextContent)
			switch {
			case !ok:
			case m.Role == llms.ChatMessageTypeSystem:
				guide = append(guide, text.Text)
			default:
				asked = append(asked, text.Text)
			}
		}
	}
	return spirit.Prompt{System: strings.Join(guide, "\n"), Asked: strings.Join(asked, "\n")}
}
