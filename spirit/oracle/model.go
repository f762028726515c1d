package oracle

import (
	"context"
	"errors"
	"hash/fnv"
	"strings"

	"github.com/tmc/langchaingo/llms"

	"seance/internal/seance"
	"seance/spirit"
	"seance/steering"
)

// Model is the oracle as anything that speaks to a language model sees it. What it needs beside the words travels in the
// call's metadata (spirit.Metadata); without, it answers the last human message as a spirit without a character would,
// and takes the call's seed. Streaming functions get the board line, then the rest.
func (o *Oracle) Model() llms.Model { return model{o} }

type model struct{ o *Oracle }

// GenerateContent answers the prompt in the metadata, or the last human message. No such message is an error.
func (m model) GenerateContent(ctx context.Context, messages []llms.MessageContent, options ...llms.CallOption) (*llms.ContentResponse, error) {
	var opts llms.CallOptions
	for _, option := range options {
		option(&opts)
	}
	p, ok := spirit.PromptOf(opts.Metadata)
	if !ok {
		question, asked := lastAsked(messages)
		if !asked {
			return nil, errors.New("there is no human message to answer")
		}
		p = plainPrompt(question, messages, opts.Seed)
	}
	if err := ctx.Err(); err != nil {
		return nil, context.Cause(ctx)
	}
	a, u := m.o.answer(&p)
	chunks := []string{u.board}
	if u.whisper != "" {
		chunks = append(chunks, "\n"+u.whisper)
	}
	text := ""
	for _, chunk := range chunks {
		text += chunk
		if opts.StreamingFunc != nil {
			if err := opts.StreamingFunc(ctx, []byte(chunk)); err != nil {
				return nil, err
			}
		}
	}
	return &llms.ContentResponse{Choices: []*llms.ContentChoice{{
		Content: text, StopReason: "stop",
		GenerationInfo: map[string]any{"source": string(a.source()), "PromptTokens": 0, "CompletionTokens": 0, "TotalTokens": 0},
	}}}, nil
}

// Call answers one message.
func (m model) Call(ctx context.Context, prompt string, options ...llms.CallOption) (string, error) {
	return llms.GenerateFromSinglePrompt(ctx, m, prompt, options...)
}

func lastAsked(messages []llms.MessageContent) (string, bool) {
	for i := len(messages) - 1; i >= 0; i-- {
		if messages[i].Role == llms.ChatMessageTypeHuman {
			return textOf(messages[i]), true
		}
	}
	return "", false
}

func textOf(m llms.MessageContent) string {
	text := ""
	for _, p := range m.Parts {
		if t, ok := p.(llms.TextContent); ok {
			text += t.Text
		}
	}
	return text
}

// plainPrompt is what is left when nobody says who asks: the turns are those of the messages, the seed the call's, or
// the first message's own when there is none.
func plainPrompt(question string, messages []llms.MessageContent, seed int) spirit.Prompt {
	p := spirit.Prompt{Question: question, Persona: steering.Plain("oracle"), Seed: uint32(seed), Turn: 1, Letters: 24, Tone: seance.Family}
	open := ""
	for _, m := range messages {
		switch m.Role {
		case llms.ChatMessageTypeHuman:
			if p.Seed == 0 {
				h := fnv.New32a()
				_, _ = h.Write([]byte(textOf(m))) // never fails
				p.Seed = h.Sum32()
			}
			open = textOf(m)
		case llms.ChatMessageTypeAI:
			if open != "" {
				p.Recent = append(p.Recent, turnOf(open, textOf(m)))
				open = ""
				p.Turn++
			}
		}
	}
	return p
}

func turnOf(question, answer string) spirit.Turn {
	board, whisper, _ := strings.Cut(answer, "\n")
	return spirit.Turn{Question: question, Board: board, Whisper: whisper}
}
