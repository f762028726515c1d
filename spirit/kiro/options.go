package kiro

import (
	"cmp"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// Options are how kiro-cli is run. The zero value works where kiro-cli is on the PATH and signed in.
type Options struct {
	Command   string   // path of kiro-cli; looked for on the PATH if empty
	Engine    string   // "v2" or "v3"; v2 if empty
	Agent     string   // name of the agent that is made for it; seance-spirit if empty
	Model     string   // the engine's own choice if empty
	Key       string   // handed on as KIRO_API_KEY; the operator's sign-in counts if empty
	Dir       string   // where its working directory is made and removed; the system's directory for such if empty
	Processes int      // how many questions are answered at once; 2 if 0
	Sessions  int      // a process is replaced after so many questions, since it grows; 50 if 0
	Version   string   // ours, told to the agent; "dev" if empty
	Environ   []string // NAME=value: what it gets of ours is picked from these; os.Environ() if nil
	Limits    Limits
	Logger    *slog.Logger // discards if nil
}

// Limits are how long things may take. What is 0 has the time beside it; only tests need others.
type Limits struct {
	Init   time.Duration // starting and shaking hands, --version, whoami: 20 s, ahead of any question
	New    time.Duration // opening and switching a session: 60 s, ahead of any question
	Take   time.Duration // waiting for a session when a question comes: 100 ms
	Prompt time.Duration // a whole answer, within what the caller allows: 12 s
	Cancel time.Duration // stopping when told to: 2 s, then the process group is killed
	Close  time.Duration // closing a session: 5 s
	Write  time.Duration // taking a line of ours: 2 s
	End    time.Duration // ending when told to: 1 s, then the process group is killed

	FirstRestart time.Duration // the pause after a process failed: 1 s, then twice as long each time
	LastRestart  time.Duration // and never longer than 60 s
}

var agentName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)

// whole returns o with everything filled in, or says what is wrong with it.
func (o Options) whole() (Options, error) {
	o.Command = cmp.Or(o.Command, "kiro-cli")
	if path, err := filepath.Abs(o.Command); err == nil && filepath.Base(o.Command) != o.Command {
		o.Command = path // it is run from another directory
	}
	o.Engine = cmp.Or(o.Engine, string(V2))
	o.Agent = cmp.Or(o.Agent, "seance-spirit")
	o.Processes = cmp.Or(o.Processes, 2)
	o.Sessions = cmp.Or(o.Sessions, 50)
	o.Version = cmp.Or(o.Version, "dev")
	o.Logger = cmp.Or(o.Logger, slog.New(slog.DiscardHandler))
	if o.Environ == nil {
		o.Environ = os.Environ()
	}
	l := &o.Limits
	l.Init = cmp.Or(l.Init, 20*time.Second)
	l.New = cmp.Or(l.New, time.Minute)
	l.Take = cmp.Or(l.Take, 100*time.Millisecond)
	l.Prompt = cmp.Or(l.Prompt, 12*time.Second)
	l.Cancel = cmp.Or(l.Cancel, 2*time.Second)
	l.Close = cmp.Or(l.Close, 5*time.Second)
	l.Write = cmp.Or(l.Write, 2*time.Second)
	l.End = cmp.Or(l.End, time.Second)
	l.FirstRestart = cmp.Or(l.FirstRestart, time.Second)
	l.LastRestart = cmp.Or(l.LastRestart, time.Minute)
	switch {
	case o.Engine != string(V2) && o.Engine != string(V3):
		return o, fmt.Errorf("kiro: the engine is v2 or v3, not %q", o.Engine)
	case !agentName.MatchString(o.Agent):
		return o, fmt.Errorf("kiro: the agent's name is letters, digits, - and _, not %q", o.Agent)
	case o.Processes < 0 || o.Sessions < 0:
		return o, fmt.Errorf("kiro: %d processes of %d sessions are none", o.Processes, o.Sessions)
	}
	return o, nil
}
