package hooks

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"
)

const (
	maxCommands = 2 // at once; one of them is left to questions, for which people wait
	maxStdout   = 4 << 10
	maxStderr   = 1 << 10

	// lingers is how long what a command left running may keep its output open.
	lingers = 100 * time.Millisecond
)

// allowed are the names in the environment of commands, where the program has them. No key and no token is among them.
var allowed = []string{
	"PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "TZ", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "LC_TIME",
}

func inherited(environ []string) []string {
	env := []string{} // nil would be everything
	for _, pair := range environ {
		if name, _, _ := strings.Cut(pair, "="); slices.Contains(allowed, name) {
			env = append(env, pair)
		}
	}
	return env
}

// An Output is what a command said and how it ended.
type Output struct {
	Stdout string // the first 4 KiB
	Stderr string // the first 1 KiB
	Status int    // of its exit; -1 if a signal ended it
}

// ErrCommandsOff means that Options.Commands does not allow commands.
var ErrCommandsOff = errors.New("commands of hooks are off")

// RunCommand runs h's command now, whatever its trigger and matcher, and waits for it. The event is a JSON object, or
// nothing; hook_event_name, cwd and at are put in where it has none. A status other than 0 is no error. It fails if h
// has no command, if commands are off (ErrCommandsOff), and if the command could not be begun or took too long.
func (r *Runner) RunCommand(ctx context.Context, h Hook, given []byte) (Output, error) {
	switch {
	case h.Action.Type != Command:
		return Output{}, fmt.Errorf("%s has no command", h.ID())
	case !r.o.Commands:
		return Output{}, ErrCommandsOff
	}
	values := map[string]any{"hook_event_name": h.Trigger, "cwd": r.root, "at": time.Now()}
	if len(bytes.TrimSpace(given)) > 0 {
		if err := json.Unmarshal(given, &values); err != nil || values == nil {
			return Output{}, errors.New("the event has to be a JSON object")
		}
	}
	event, err := json.Marshal(values)
	if err != nil {
		return Output{}, fmt.Errorf("event of a hook: %w", err)
	}
	return r.run(ctx, h, append(event, '\n'), nil)
}

// run waits for its turn, first for one of also if there are any, and runs h's command for h.Timeout at most.
func (r *Runner) run(ctx context.Context, h Hook, event []byte, also chan struct{}) (Output, error) {
	for _, turns := range []chan struct{}{also, r.slots} {
		if turns == nil {
			continue
		}
		select {
		case turns <- struct{}{}:
			defer func() { <-turns }()
		case <-ctx.Done():
			return Output{}, fmt.Errorf("it did not come to its turn: %w", context.Cause(ctx))
		}
	}
	r.counts.commands.Add(1)
	return execute(ctx, h, event, r.root, r.env)
}

// execute runs a command in a process group of its own, which ends with it or at its deadline.
func execute(ctx context.Context, h Hook, event []byte, dir string, env []string) (Output, error) {
	ctx, cancel := context.WithTimeout(ctx, h.Timeout)
	defer cancel()
	stdout, stderr := &head{left: maxStdout}, &head{left: maxStderr}
	cmd := exec.CommandContext(ctx, "/bin/sh", "-c", h.Action.Command) //nolint:gosec // the operator's words; no player's are in it
	cmd.Dir, cmd.Env = dir, env
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(event), stdout, stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.WaitDelay = lingers
	cmd.Cancel = func() error { return killGroup(cmd.Process) }
	err := cmd.Run()
	if cmd.Process != nil {
		_ = killGroup(cmd.Process) // what it left running; often nothing
	}
	out := Output{Stdout: stdout.String(), Stderr: stderr.String()}
	if cmd.ProcessState != nil {
		out.Status = cmd.ProcessState.ExitCode()
	}
	var exit *exec.ExitError
	switch {
	case err != nil && ctx.Err() != nil:
		return out, fmt.Errorf("stopped: %w", context.Cause(ctx))
	case err == nil, errors.As(err, &exit), errors.Is(err, exec.ErrWaitDelay):
		return out, nil
	}
	return out, fmt.Errorf("run a command: %w", err)
}

func killGroup(leader *os.Process) error {
	err := syscall.Kill(-leader.Pid, syscall.SIGKILL)
	if errors.Is(err, syscall.ESRCH) {
		return os.ErrProcessDone
	}
	return err
}

// A head keeps the beginning of what is written to it and takes the rest without keeping it.
type head struct {
	kept bytes.Buffer
	left int
}

// Write never fails.
func (h *head) Write(p []byte) (int, error) {
	n := min(len(p), h.left)
	h.left -= n
	h.kept.Write(p[:n])
	return len(p), nil
}

func (h *head) String() string { return h.kept.String() }
