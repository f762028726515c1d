package kiro

import (
	"context"
	"errors"
	"fmt"
	"time"

	"seance/spirit"
)

// errStart means that the program cannot be run at all.
var errStart = errors.New("kiro-cli does not start")

// keep has a process running until ctx is done. One that fails is started again after a pause that doubles until a
// question has been answered.
func (p *Provider) keep(ctx context.Context, dir string, n int) {
	log := p.o.Logger.With("process", n)
	for failures := 0; ; {
		asked, err := p.live(ctx, dir, n)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			log.Debug("kiro-cli is replaced", "sessions", asked)
			continue
		}
		if asked > 0 {
			failures = 0
		}
		again := pause(failures, p.o.Limits)
		failures++
		log.Warn("kiro-cli failed", "err", err, "again_in", again)
		timer := time.NewTimer(again)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return
		}
	}
}

// pause is how long a process that failed so many times before rests.
func pause(failures int, l Limits) time.Duration {
	d := l.FirstRestart
	for range failures {
		if d >= l.LastRestart {
			break
		}
		d *= 2
	}
	return min(d, l.LastRestart)
}

// live runs one process from its start to its end, and returns how many questions it answered to their end. No error
// means that it has served its time.
func (p *Provider) live(ctx context.Context, dir string, n int) (answered int, err error) {
	h, err := newHouse(dir, p.o.Agent) // its own: Kiro keeps its sessions there, what people asked among them
	if err != nil {
		p.setTrouble(n, p.diagnose(ctx, h, fmt.Errorf("%w: %w", errStart, err), false))
		return 0, err
	}
	defer h.remove()
	proc, err := start(p.o, h)
	if err != nil {
		err = fmt.Errorf("%w: %w", errStart, err)
		p.setTrouble(n, p.diagnose(ctx, h, err, false))
		return 0, err
	}
	put := false // a question: from then on its log may hold what people wrote
	defer func() {
		grace := p.o.Limits.End
		if err != nil {
			grace = 0
		}
		how := proc.end(grace)
		if err != nil && !put {
			err = fmt.Errorf("%w (%s; it logged %s)", err, how, proc.lastWords())
		} else if err != nil {
			err = fmt.Errorf("%w (%s)", err, how)
		}
		switch {
		case err == nil, ctx.Err() != nil:
		case put: // it was signed in, and the next one is to come soon
			p.setTrouble(n, failed(err, proc.askedToken))
		default:
			p.setTrouble(n, p.diagnose(ctx, h, err, proc.askedToken))
		}
		if skipped := proc.skipped.Load(); skipped > 0 {
			p.o.Logger.Debug("kiro-cli wrote lines that are no protocol", "process", n, "lines", skipped)
		}
	}()
	version, err := proc.initialize(ctx)
	if err != nil {
		return 0, err
	}
	p.o.Logger.Info("kiro-cli speaks", "process", n, "engine", p.o.Engine, "agent_version", version)
	for range p.o.Sessions {
		s, err := proc.open(ctx, h.work, p.want)
		if err != nil {
			return answered, err
		}
		p.setTrouble(n, nil)
		taken, err := p.lend(ctx, proc, s)
		put = put || taken
		if err != nil {
			return answered, err
		}
		answered++
		if err := proc.close(ctx, s); err != nil {
			return answered, err
		}
	}
	return answered, nil
}

// lend has the session ready until somebody takes it, and returns when it can be closed: the turn in it is over. Until
// then the agent gets its answers, and its end is seen.
func (p *Provider) lend(ctx context.Context, proc *process, s session) (taken bool, err error) {
	back := make(chan returned, 1)
	for {
		select {
		case p.ready <- loan{proc.client, s, back}:
			stop := context.AfterFunc(ctx, proc.kill)
			end := <-back
			stop()
			return true, p.settle(ctx, proc, end)
		case f, ok := <-proc.in:
			if !ok {
				return false, errGone
			}
			if err := proc.meet(f, false); err != nil {
				return false, err
			}
		case <-ctx.Done():
			return false, context.Cause(ctx)
		}
	}
}

// settle brings an open turn to its end. An error means that the process is of no more use.
func (p *Provider) settle(ctx context.Context, proc *process, end returned) error {
	switch {
	case errors.Is(end.err, errGone), errors.Is(end.err, errUnfinished):
		return end.err
	case end.turn.open:
		return proc.cancel(ctx, end.turn)
	}
	if f, ok := errors.AsType[*rpcError](end.err); ok && refusedKind(f) == spirit.FailedAuth {
		return f // a new process reads the sign-in anew
	}
	return nil
}
