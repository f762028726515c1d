package kiro

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"sync"
)

// A Finding is one thing that Check looked at.
type Finding struct {
	Name string // what was looked at, such as "kiro-cli whoami"
	OK   bool
	Note string // what was found, in a few words
}

// Check looks at a real installation at no cost: its version, its sign-in, and whether it shakes hands and opens a
// session. Nothing is asked. It stops at what makes the rest pointless.
func Check(ctx context.Context, o Options) []Finding {
	o, err := o.whole()
	if err != nil {
		return []Finding{{Name: "options", Note: err.Error()}}
	}
	h, err := newHouse(o.Dir, o.Agent)
	if err != nil {
		return []Finding{{Name: "working directory", Note: err.Error()}}
	}
	defer h.remove()

	var found []Finding
	note := func(name string, err error, note string) bool {
		if err != nil {
			note = err.Error()
		}
		found = append(found, Finding{Name: name, OK: err == nil, Note: note})
		return err == nil
	}
	version, err := run(ctx, o, h, "--version")
	if !note("kiro-cli --version", err, version) {
		return found
	}
	note("kiro-cli whoami", whoami(ctx, o, h), "signed in") // whatever it says, the handshake shows more

	proc, err := start(o, h)
	if err != nil {
		note("initialize", err, "")
		return found
	}
	end := sync.OnceValue(func() string { return proc.end(o.Limits.End) })
	defer end()
	lastWords := func(err error) error {
		if err == nil {
			return nil
		}
		return fmt.Errorf("%w (%s; it logged %s)", err, end(), proc.lastWords())
	}
	agent, err := proc.initialize(ctx)
	if !note("initialize", lastWords(err), fmt.Sprintf("engine %s, agent %s", o.Engine, orUnknown(agent))) {
		return found
	}
	s, err := proc.open(ctx, h.work, settings{mode: o.Agent, model: o.Model, supervised: true})
	if !note("session/new", lastWords(err), "model "+orUnknown(s.model)) {
		return found
	}
	_ = proc.close(ctx, s) // it ends with its process in any case
	return found
}

func orUnknown(s string) string {
	if s == "" {
		return "unknown"
	}
	return oneLine(s)
}

// errSignedOut means that kiro-cli says of itself that nobody is signed in.
var errSignedOut = errors.New("kiro-cli whoami says that nobody is signed in")

// whoami asks kiro-cli who is signed in. Who it is is not told on: that is an address.
func whoami(ctx context.Context, o Options, h house) error {
	said, err := run(ctx, o, h, "whoami")
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.Exited() {
		return fmt.Errorf("%w: %s", errSignedOut, said)
	}
	if err == nil && strings.Contains(strings.ToLower(said), "not logged in") {
		return fmt.Errorf("%w: %s", errSignedOut, said)
	}
	return err
}
