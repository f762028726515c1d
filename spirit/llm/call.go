package llm

import (
	"cmp"
	"context"
	"sync"

	"github.com/tmc/langchaingo/llms"

	"seance/spirit"
)

// usage is what a call took, in tokens as they are billed.
type usage struct{ in, out int }

// A CallInfo is what the wire knows of a call and langchaingo does not tell: it travels in the call's context.
type CallInfo struct {
	progress func(phase) // told of headers and of everything that comes in

	mu      sync.Mutex
	status  int // of the answer; 0 until its headers are there
	finish  string
	model   string
	usage   usage
	failure *spirit.Failure // the first one
}

// A phase is how far a call has come.
type phase int

const (
	asked    phase = iota
	answered       // there are headers
	stirring       // something comes in, no text as yet
	speaking       // text has come
)

type infoKey struct{}

func withInfo(ctx context.Context, info *CallInfo) context.Context {
	return context.WithValue(ctx, infoKey{}, info)
}

// infoOf is the CallInfo of a request; one that nobody reads if there is none.
func infoOf(ctx context.Context) *CallInfo {
	if info, ok := ctx.Value(infoKey{}).(*CallInfo); ok {
		return info
	}
	return &CallInfo{progress: func(phase) {}}
}

func (c *CallInfo) headers(status int) {
	c.mu.Lock()
	c.status = status
	c.mu.Unlock()
	c.progress(answered)
}

func (c *CallInfo) note(ev event) {
	c.mu.Lock()
	if ev.reason != "" {
		c.finish = ev.reason
	}
	if ev.model != "" {
		c.model = ev.model
	}
	c.usage = usage{in: max(c.usage.in, ev.usage.in), out: max(c.usage.out, ev.usage.out)}
	c.mu.Unlock()
	c.progress(stirring)
}

func (c *CallInfo) fail(f *spirit.Failure) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failure == nil {
		c.failure = f
	}
}

func (c *CallInfo) reason() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.finish
}

// A report is what is known of a call at its end.
type report struct {
	status  int
	finish  string
	model   string
	usage   usage
	failure *spirit.Failure
	text    string // of a wrapped model
}

func (c *CallInfo) look() report {
	c.mu.Lock()
	defer c.mu.Unlock()
	return report{status: c.status, finish: c.finish, model: c.model, usage: c.usage, failure: c.failure}
}

// take reads what a wrapped model says of itself: langchaingo's words for usage differ by package.
func (r *report) take(response *llms.ContentResponse) {
	for _, choice := range response.Choices {
		if choice == nil {
			continue
		}
		r.text += choice.Content
		r.finish = cmp.Or(r.finish, choice.StopReason)
		for _, names := range [][2]string{{"PromptTokens", "CompletionTokens"}, {"InputTokens", "OutputTokens"}} {
			in, _ := choice.GenerationInfo[names[0]].(int)
			out, _ := choice.GenerationInfo[names[1]].(int)
			r.usage = usage{in: max(r.usage.in, in), out: max(r.usage.out, out)}
		}
	}
}
