package kiro

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"time"
	"unicode"
)

// A process is kiro-cli running as an agent, the leader of its own process group.
type process struct {
	*client
	cmd   *exec.Cmd
	stdin io.Closer
	key   string // is not to be told on

	reading sync.WaitGroup // stdout and stderr
	said    chan struct{}  // closed when stderr ended

	mu    sync.Mutex
	tail  []string // the last lines of stderr, the newest last
	ended bool     // the group is killed, or about to be: its id may soon be somebody else's
}

const (
	tailLines  = 3
	tailLength = 200
)

// start runs the command in the house. Whoever starts a process ends it.
func start(o Options, h house) (*process, error) {
	cmd := exec.Command(o.Command, engine(o.Engine).args(o.Agent)...)
	cmd.Dir, cmd.Env = h.work, h.environ(o)
	leads(cmd)
	in, err1 := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	log, err3 := cmd.StderrPipe()
	if err := errors.Join(err1, err2, err3); err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{
		client: &client{
			wire:    newWire(in, o.Limits.Write),
			engine:  engine(o.Engine),
			version: o.Version,
			limits:  o.Limits,
			log:     o.Logger,
		},
		cmd: cmd, stdin: in, key: o.Key, said: make(chan struct{}),
	}
	p.reading.Go(func() { p.read(out) })
	p.reading.Go(func() { p.listen(log) })
	return p, nil
}

// listen keeps the end of what kiro-cli logs and never lets it wait.
func (p *process) listen(r io.Reader) {
	defer close(p.said)
	lines := bufio.NewReaderSize(r, 4096)
	for {
		line, err := readLine(lines)
		if text := oneLine(string(line)); text != "" {
			p.mu.Lock()
			p.tail = append(p.tail, text)
			p.tail = p.tail[max(0, len(p.tail)-tailLines):]
			p.mu.Unlock()
		}
		if err != nil {
			return
		}
	}
}

// lastWords is the end of what kiro-cli logged.
func (p *process) lastWords() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.tail) == 0 {
		return "nothing"
	}
	return without(p.key, strings.Join(p.tail, " | "))
}

// kill ends the whole group at once; the owner still calls end.
func (p *process) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.ended {
		killGroup(p.cmd)
	}
}

// end closes the agent's input, gives it the grace to go by itself, ends whatever is left of its group, and waits for
// all of it. It says how the leader went.
func (p *process) end(grace time.Duration) string {
	_ = p.stdin.Close() // an agent that is gone has closed it already
	after := time.NewTimer(grace)
	defer after.Stop()
	for gone := false; !gone; {
		select {
		case _, ok := <-p.in:
			gone = !ok
		case <-after.C:
			gone = true
		}
	}
	p.mu.Lock()
	p.ended = true
	killGroup(p.cmd)
	p.mu.Unlock()
	close(p.quit)
	select { // Wait closes the pipes, and the last lines would be lost; nobody left can write any
	case <-p.said:
	case <-time.After(p.limits.End):
	}
	_ = p.cmd.Wait() // how it went is said below
	p.reading.Wait()
	return p.cmd.ProcessState.String()
}

// run runs kiro-cli for one answer, within the house as an agent would, and returns the first line of what it prints.
func run(ctx context.Context, o Options, h house, args ...string) (string, error) {
	ctx, cancel := limit(ctx, o.Limits.Init)
	defer cancel()
	cmd := exec.CommandContext(ctx, o.Command, args...)
	cmd.Dir, cmd.Env = h.work, h.environ(o)
	leads(cmd)
	cmd.Cancel = func() error { killGroup(cmd); return nil }
	cmd.WaitDelay = o.Limits.End
	var said head
	cmd.Stdout, cmd.Stderr = &said, &said
	err := cmd.Run()
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		err = fmt.Errorf("kiro-cli %s: %w", strings.Join(args, " "), err)
	}
	first, _, _ := strings.Cut(strings.TrimSpace(string(said)), "\n")
	return without(o.Key, oneLine(first)), err
}

// A head keeps the beginning of what is written to it.
type head []byte

func (h *head) Write(p []byte) (int, error) {
	*h = append(*h, p[:min(len(p), 4096-len(*h))]...)
	return len(p), nil
}

// without is s without the key.
func without(key, s string) string {
	if key == "" {
		return s
	}
	return strings.ReplaceAll(s, key, "[key]")
}

// oneLine is s without control characters, cut to a length that a log bears.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(strings.TrimSpace(s), "?"))
	if r := []rune(s); len(r) > tailLength {
		return string(r[:tailLength]) + "…"
	}
	return s
}
