package hooks

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"seance/internal/seance"
)

// maxQueued is how many events wait in a lane.
const maxQueued = 64

// A lane keeps the order of what is alike in one session, so that a slow command does not hold back the spirit's words.
// File hooks have the one without a session.
type lane struct {
	session seance.SessionID
	action  ActionType
}

// A job is an event and the hooks that wait for it, in order.
type job struct {
	hooks    []Hook
	occasion seance.Occasion // for agents
	event    []byte          // for commands
	optional bool            // it is the first to go when there is too much
}

// A queue is what waits in a lane. It exists as long as somebody drains the lane or is about to.
type queue struct{ jobs []job }

// queue puts j at the end of its lane; of a full lane the oldest optional job goes, or else the oldest.
func (r *Runner) queue(l lane, j job) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		return
	}
	q, draining := r.lanes[l]
	if !draining {
		q = &queue{}
		r.lanes[l] = q
		r.ready = append(r.ready, l)
		signal(r.kick)
	}
	q.jobs = append(q.jobs, j)
	if len(q.jobs) > maxQueued {
		out := max(slices.IndexFunc(q.jobs, func(j job) bool { return j.optional }), 0)
		q.jobs = slices.Delete(q.jobs, out, out+1)
		r.counts.dropped.Add(1)
		r.log.Warn("hooks fall behind: an event is dropped", "session", l.session, "action", l.action)
	}
}

// next takes the first job of a lane; when there is none the lane is gone.
func (r *Runner) next(l lane) (job, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	q := r.lanes[l]
	if len(q.jobs) == 0 {
		delete(r.lanes, l)
		return job{}, false
	}
	j := q.jobs[0]
	q.jobs = slices.Delete(q.jobs, 0, 1)
	return j, true
}

func (r *Runner) takeReady() []lane {
	r.mu.Lock()
	defer r.mu.Unlock()
	ready := r.ready
	r.ready = nil
	return ready
}

// end drops what waits and lets nothing more in.
func (r *Runner) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended, r.ready = true, nil
	for _, q := range r.lanes {
		q.jobs = nil
	}
}

// drain does what is in a lane until it is empty.
func (r *Runner) drain(ctx context.Context, tables Tables, l lane) {
	for {
		j, ok := r.next(l)
		if !ok {
			return
		}
		for _, h := range j.hooks {
			switch {
			case ctx.Err() != nil:
			case l.action == Agent:
				r.speak(ctx, tables, h, j.occasion)
			default:
				r.runBehind(ctx, h, j.event, l.session)
			}
		}
	}
}

// speak has the spirit speak by h's prompt.
func (r *Runner) speak(ctx context.Context, tables Tables, h Hook, o seance.Occasion) {
	sum := sha256.Sum256([]byte(h.ID() + "\x00" + o.ID))
	err := tables.Initiate(ctx, seance.Initiative{Key: hex.EncodeToString(sum[:16]), Prompt: h.Action.Prompt, Occasion: o})
	if err != nil {
		r.log.Debug("initiative given up", "hook", h.ID(), "session", o.Session.ID, "err", err)
		return
	}
	r.counts.initiatives.Add(1)
}

// runBehind runs a command that nobody waits for.
func (r *Runner) runBehind(ctx context.Context, h Hook, event []byte, session seance.SessionID) {
	out, err := r.run(ctx, h, event, r.behind)
	if (err != nil || out.Status != 0) && ctx.Err() == nil {
		r.counts.failed.Add(1)
		r.log.Warn("hook failed", "hook", h.ID(), "session", session, "status", out.Status, "err", err)
	}
}
