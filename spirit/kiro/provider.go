// Package kiro lets Kiro answer, by the one door that is documented: kiro-cli as an agent over ACP on its standard input
// and output, with the operator's own sign-in. The agent has no tools, sees no files, asks for nothing that it is given,
// and is put one question per session, a prompt at a time. Whatever it does (hangs, dies, floods, babbles) costs at most
// the one answer that it was asked for, and every process that was started is ended and waited for.
//
// It is tested against a fake that is true to the protocol, not against a signed-in Kiro.
package kiro

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"seance/internal/seance"
	"seance/spirit"
)

// A Provider is Kiro as a mind. It answers while Run runs, any number of callers at once: each question takes a session
// that is ready, and where none is, the call fails nearly at once so that the next mind is asked.
type Provider struct {
	o     Options
	want  settings
	ready chan loan // a session that was opened ahead, and the client to use it with

	mu      sync.Mutex
	trouble []*spirit.Failure // of each process: why it does not come up; nil while it does
	known   chan struct{}     // closed when a session was ready for the first time, or no process came up
}

// A loan is the use of a client for one question. Who took it gives it back, always.
type loan struct {
	client  *client
	session session
	back    chan<- returned
}

// returned is how a loan ended. An open turn is to be canceled.
type returned struct {
	turn turn
	err  error
}

// New makes a Provider. Nothing runs before Run.
func New(o Options) (*Provider, error) {
	o, err := o.whole()
	if err != nil {
		return nil, err
	}
	return &Provider{
		o:       o,
		want:    settings{mode: o.Agent, model: o.Model, supervised: true},
		ready:   make(chan loan),
		trouble: make([]*spirit.Failure, o.Processes),
		known:   make(chan struct{}),
	}, nil
}

// Name is "kiro".
func (p *Provider) Name() string { return "kiro" }

// Run keeps the processes alive and sessions ready until ctx is done; then every process group is ended, all of it is
// waited for, and the working directory is removed. Call it once. It fails only if there is no place for the directory:
// a kiro-cli that does not start is tried again, less and less often.
func (p *Provider) Run(ctx context.Context) error {
	dir, err := os.MkdirTemp(p.o.Dir, "seance-kiro-")
	if err != nil {
		return fmt.Errorf("a directory for kiro-cli: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // there is nothing of ours in it
	var processes sync.WaitGroup
	for n := range p.o.Processes {
		processes.Go(func() { p.keep(ctx, dir, n) })
	}
	processes.Go(func() { p.version(ctx, dir) })
	processes.Wait()
	return nil
}

// version logs which kiro-cli this is. The agent may give itself another version; neither decides anything.
func (p *Provider) version(ctx context.Context, dir string) {
	h, err := newHouse(dir, p.o.Agent)
	if err != nil {
		return // the processes say so
	}
	defer h.remove()
	if version, err := run(ctx, p.o, h, "--version"); err == nil {
		p.o.Logger.Info("kiro-cli found", "version", version)
	}
}

// errUnfinished is how a loan ends whose taker never came to an end.
var errUnfinished = errors.New("the question was dropped")

// Complete puts the prompt to a session that is ready; its error is a *spirit.Failure, or emit's own. It returns as soon
// as ctx is done: what Kiro still does about the question ends out of sight. Kiro does not say what it took in tokens.
func (p *Provider) Complete(ctx context.Context, prompt spirit.Prompt, emit func(text string) error) (spirit.Result, error) {
	l, err := p.take(ctx)
	if err != nil {
		return spirit.Result{Source: seance.SourceModel}, err
	}
	return p.answer(ctx, l, prompt, emit)
}

func (p *Provider) answer(ctx context.Context, l loan, prompt spirit.Prompt, emit func(text string) error) (spirit.Result, error) {
	end := returned{err: errUnfinished}
	defer func() { l.back <- end }()

	ctx, cancel := limit(ctx, p.o.Limits.Prompt)
	defer cancel()
	result := spirit.Result{Source: seance.SourceModel, Model: l.session.model}
	var spoke bool
	var emitErr error
	stop, t, err := l.client.prompt(ctx, l.session, block(prompt), func(words string) error {
		spoke = spoke || strings.TrimSpace(words) != ""
		emitErr = emit(words)
		return emitErr
	})
	end = returned{turn: t, err: err}
	switch {
	case emitErr != nil:
		return result, emitErr
	case err != nil:
		return result, failed(err, l.client.askedToken)
	}
	return result, ended(stop, spoke)
}

// Ready waits until a session is ready for the first time, for callers that have just begun to Run. It fails if none
// comes up or ctx ends.
func (p *Provider) Ready(ctx context.Context) error {
	select {
	case <-p.known:
		if trouble := p.down(); trouble != nil {
			return trouble
		}
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// take finds a session that is ready. It waits no longer than it takes to put one session in another's place.
func (p *Provider) take(ctx context.Context) (loan, error) {
	if ctx.Err() != nil {
		return loan{}, failed(context.Cause(ctx), false)
	}
	select {
	case l := <-p.ready:
		return l, nil
	default:
	}
	if trouble := p.down(); trouble != nil {
		return loan{}, trouble
	}
	soon := time.NewTimer(p.o.Limits.Take)
	defer soon.Stop()
	select {
	case l := <-p.ready:
		return l, nil
	case <-soon.C:
		return loan{}, &spirit.Failure{Kind: spirit.FailedOverloaded, Err: errors.New("kiro: no session is ready")}
	case <-ctx.Done():
		return loan{}, failed(context.Cause(ctx), false)
	}
}

// down says why none of the processes comes up; nil if one does or may.
func (p *Provider) down() *spirit.Failure {
	p.mu.Lock()
	defer p.mu.Unlock()
	if slices.Contains(p.trouble, nil) {
		return nil
	}
	return p.trouble[0]
}

// setTrouble notes why a process does not come up; nil when it did.
func (p *Provider) setTrouble(n int, trouble *spirit.Failure) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.trouble[n] = trouble
	select {
	case <-p.known:
	default:
		if trouble == nil || !slices.Contains(p.trouble, nil) {
			close(p.known)
		}
	}
}

// commands are what a line for Kiro must not open with: its chat takes the line for one of its own commands then, or
// pulls in a file.
const commands = "/#@!"

// block is the prompt as the one block of text that Kiro gets. It never opens with a command, and no line of what people
// wrote does.
func block(p spirit.Prompt) string {
	lines := strings.Split(p.Asked, "\n")
	for i, line := range lines {
		if opensCommand(line) {
			lines[i] = "> " + line
		}
	}
	text := strings.Join(lines, "\n")
	if p.System != "" {
		text = p.System + "\n" + text
	}
	if opensCommand(text) {
		text = "Your guide:\n" + text
	}
	return text
}

func opensCommand(text string) bool {
	text = strings.TrimLeft(text, " \t\r\n\v\f\u00a0\u200b\ufeff")
	return text != "" && strings.ContainsRune(commands, rune(text[0]))
}
