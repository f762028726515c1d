// Package llm gives the spirit the minds of language models, through langchaingo: services and local programs that speak
// OpenAI's chat completions, and Anthropic's Messages. It is the one place where success is made to mean success: no
// error means that the model came to its own end with something said, while somebody still listened. Whatever else
// happens is a *spirit.Failure of the right kind, within the phases' time. No call outlives Complete, and neither keys
// nor prompts nor answers are in logs and errors.
package llm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/llms/anthropic"
	"github.com/tmc/langchaingo/llms/openai"

	"seance/internal/seance"
	"seance/spirit"
)

// MaxTokens bounds what a model may write for one answer. Thirty words are below 100 tokens; the rest is for those that
// think first and cannot be told not to.
const MaxTokens = 1024

// Options say which model is asked, and where.
type Options struct {
	Name    string         // as the chain, logs and metrics call it
	Preset  string         // one of Presets; Name if empty
	BaseURL string         // the preset's if empty
	Key     string         // none for programs that ask for none
	Model   string         // never guessed
	Extra   map[string]any // fields of the body that go before the preset's; nil leaves one out

	Patience  time.Duration     // 1.5 s if zero: see Wrap
	Transport http.RoundTripper // a connection pool of its own if nil
	Logger    *slog.Logger      // discards if nil
}

// A Provider is one language model as a mind. Safe for concurrent use.
type Provider struct {
	name     string
	wanted   string // the model as it was asked for
	model    llms.Model
	patience time.Duration
	log      *slog.Logger

	preset Preset // zero for a wrapped model
	wire   *transport
}

// New makes a Provider that asks a service. Nothing is sent before the first Complete or Check.
func New(o Options) (*Provider, error) {
	preset, ok := PresetOf(cmp.Or(o.Preset, o.Name))
	if !ok {
		return nil, fmt.Errorf("no preset is called %q", cmp.Or(o.Preset, o.Name))
	}
	preset.BaseURL = strings.TrimRight(cmp.Or(o.BaseURL, preset.BaseURL), "/")
	if u, err := url.Parse(preset.BaseURL); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return nil, fmt.Errorf("the base URL of %s is not like https://api.example.org/v1", o.Name)
	}
	if o.Model == "" {
		return nil, fmt.Errorf("%s lacks the name of a model", o.Name)
	}
	wire := &transport{inner: o.Transport, key: o.Key, extra: o.Extra, preset: preset}
	if wire.inner == nil {
		wire.inner = newPool()
	}
	client := &http.Client{Transport: wire}
	key := cmp.Or(o.Key, "none") // langchaingo wants one; the wire leaves it out
	var model llms.Model
	var err error
	// Everything is said, so that langchaingo does not look into the environment.
	if preset.anthropic {
		model, err = anthropic.New(anthropic.WithToken(key), anthropic.WithBaseURL(preset.BaseURL),
			anthropic.WithModel(o.Model), anthropic.WithHTTPClient(client))
	} else {
		model, err = openai.New(openai.WithToken(key), openai.WithBaseURL(preset.BaseURL), openai.WithModel(o.Model),
			openai.WithOrganization(""), openai.WithHTTPClient(client))
	}
	if err != nil {
		return nil, fmt.Errorf("%s cannot be asked: %w", o.Name, err)
	}
	p := Wrap(o.Name, model, WrapOptions{Model: o.Model, Patience: o.Patience, Logger: o.Logger})
	p.preset, p.wire = preset, wire
	return p, nil
}

// newPool keeps connections between questions, which are minutes apart, and notices when one died meanwhile: the next
// question must not wait on it.
func newPool() *http.Transport {
	pool := http.DefaultTransport.(*http.Transport).Clone()
	pool.MaxIdleConnsPerHost = 8
	pool.IdleConnTimeout = 5 * time.Minute
	pool.HTTP2 = &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 5 * time.Second}
	return pool
}

// WrapOptions say how a model is waited for.
type WrapOptions struct {
	Model string // what Result says of it where the model itself does not
	// Patience is how long its first text may take. 1.5 s if zero, and then it may pause for 1.5 s and take 6 s in all;
	// both grow and shrink with it.
	Patience time.Duration
	Logger   *slog.Logger // discards if nil
}

// Wrap makes a Provider of any model of langchaingo. What such a model needs beside the messages is in the call's
// metadata: see spirit.PromptOf. It must say why it stopped.
func Wrap(name string, model llms.Model, o WrapOptions) *Provider {
	return &Provider{
		name: name, wanted: o.Model, model: model,
		patience: cmp.Or(o.Patience, usualPatience),
		log:      cmp.Or(o.Logger, slog.New(slog.DiscardHandler)).With("mind", name),
	}
}

// Name is what the chain calls it.
func (p *Provider) Name() string { return p.name }

// Close lets go of connections that wait for the next question. It may be called any time.
func (p *Provider) Close() {
	if p.wire == nil {
		return
	}
	if pool, ok := p.wire.inner.(interface{ CloseIdleConnections() }); ok {
		pool.CloseIdleConnections()
	}
}

var (
	errSilent = errors.New("it came to its end and said nothing")
	errNoEnd  = errors.New("it stopped before its end")
)

// Complete asks the model and emits its text as it comes. The tokens in Result are those that the service counted: none
// where it was left before it did so.
func (p *Provider) Complete(ctx context.Context, prompt spirit.Prompt, emit func(text string) error) (spirit.Result, error) {
	outer := ctx
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	w := newWatch(p.patience, cancel)
	defer w.stop()
	info := &CallInfo{progress: w.reached}

	var said int
	var stopped error // emit's own, which ends the call
	say := func(_ context.Context, chunk []byte) error {
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case stopped != nil:
			return stopped
		case len(chunk) == 0:
			return nil
		}
		w.reached(speaking)
		said += len(chunk)
		if stopped = emit(string(chunk)); stopped != nil {
			cancel(stopped)
		}
		return stopped
	}
	response, err := p.model.GenerateContent(withInfo(ctx, info), prompted(prompt),
		llms.WithStreamingFunc(say), llms.WithMaxTokens(MaxTokens), llms.WithMetadata(spirit.Metadata(prompt)))
	heard := info.look()
	if response != nil && p.wire == nil { // nobody watched its wire
		heard.take(response)
		if said == 0 && heard.text != "" && err == nil {
			err = say(ctx, []byte(heard.text))
		}
	}
	result := spirit.Result{
		Source: seance.SourceModel, Model: cmp.Or(heard.model, p.wanted),
		TokensIn: heard.usage.in, TokensOut: heard.usage.out,
	}
	switch {
	case stopped != nil:
		return result, stopped
	case outer.Err() != nil:
		return result, leaving(context.Cause(outer))
	case ctx.Err() != nil:
		return result, &spirit.Failure{Kind: spirit.FailedTimeout, Err: context.Cause(ctx)}
	case heard.failure != nil:
		return result, heard.failure
	case heard.status == 0 && p.wire != nil:
		return result, &spirit.Failure{Kind: spirit.FailedOverloaded, Err: errors.New("it cannot be reached")}
	case p.wire == nil && err != nil:
		return result, wrapped(err)
	case !ownEnd(heard.finish) && (said > 0 || heard.finish == ""):
		return result, &spirit.Failure{Kind: spirit.FailedTruncated, Err: errNoEnd}
	case said == 0:
		return result, &spirit.Failure{Kind: spirit.FailedEmpty, Err: errSilent}
	case err != nil:
		return result, &spirit.Failure{Kind: spirit.FailedTruncated, Err: errNoEnd}
	}
	p.log.Debug("a mind came to its end", "model", result.Model, "tokens_in", result.TokensIn, "tokens_out", result.TokensOut)
	return result, nil
}

// prompted is a prompt as messages.
func prompted(p spirit.Prompt) []llms.MessageContent {
	if p.Asked == "" {
		return []llms.MessageContent{llms.TextParts(llms.ChatMessageTypeHuman, p.System)}
	}
	return []llms.MessageContent{
		llms.TextParts(llms.ChatMessageTypeSystem, p.System),
		llms.TextParts(llms.ChatMessageTypeHuman, p.Asked),
	}
}

// ownEnd reports whether a model stopped because it had said what it wanted to: OpenAI's word, Anthropic's, llama.cpp's.
func ownEnd(reason string) bool {
	switch strings.ToLower(reason) {
	case "stop", "end_turn", "stop_sequence", "eos":
		return true
	}
	return false
}

// leaving is the failure of a call that we broke off, or that its caller had no more time for.
func leaving(cause error) error {
	if errors.Is(cause, context.DeadlineExceeded) {
		return &spirit.Failure{Kind: spirit.FailedTimeout, Err: cause}
	}
	return &spirit.Failure{Kind: spirit.FailedCanceled, Err: cause}
}

// wrapped is the failure of a model that has no wire of ours. Its own words are kept out: who knows what is in them.
func wrapped(err error) error {
	if failure, ok := errors.AsType[*spirit.Failure](err); ok {
		return failure
	}
	return &spirit.Failure{Kind: spirit.FailedOverloaded, Err: errors.New("the model failed")}
}
