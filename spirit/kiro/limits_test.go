package kiro

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"seance/spirit"
)

// deaf is a client of an agent that takes everything and says nothing.
func deaf(t *testing.T, o Options) *client {
	t.Helper()
	o, err := o.whole()
	if err != nil {
		t.Fatal(err)
	}
	return &client{wire: newWire(io.Discard, o.Limits.Write), engine: V2, limits: o.Limits, log: o.Logger}
}

// Everything ends by itself, at the times that are promised.
func TestLimits(t *testing.T) {
	for name, test := range map[string]struct {
		do   func(context.Context, *client) error
		want time.Duration
	}{
		"initialize": {func(ctx context.Context, c *client) error {
			_, err := c.initialize(ctx)
			return err
		}, 20 * time.Second},
		"session/new": {func(ctx context.Context, c *client) error {
			_, err := c.open(ctx, "/", settings{})
			return err
		}, time.Minute},
		"close": {func(ctx context.Context, c *client) error { return c.close(ctx, session{id: "s"}) }, 5 * time.Second},
		"cancel": {func(ctx context.Context, c *client) error {
			return c.cancel(ctx, turn{id: []byte("1"), open: true})
		}, 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				if err := test.do(t.Context(), deaf(t, Options{})); !errors.Is(err, errLate) {
					t.Errorf("it ended with %v", err)
				}
				if took := time.Since(began); took != test.want {
					t.Errorf("it took %v, want %v", took, test.want)
				}
			})
		})
	}
}

// A prompt has 12 s, or less if the caller says so; what is not taken by then is waited for 100 ms.
func TestPromptLimits(t *testing.T) {
	for name, test := range map[string]struct {
		allowed time.Duration
		lend    bool
		kind    spirit.FailureKind
		want    time.Duration
	}{
		"ours":        {time.Minute, true, spirit.FailedTimeout, 12 * time.Second},
		"the callers": {3 * time.Second, true, spirit.FailedTimeout, 3 * time.Second},
		"none ready":  {time.Minute, false, spirit.FailedOverloaded, 100 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, err := New(Options{Environ: []string{}})
				if err != nil {
					t.Fatal(err)
				}
				back := make(chan returned, 1)
				began := time.Now()
				if test.lend {
					go func() { p.ready <- loan{deaf(t, Options{}), session{id: "s"}, back} }()
				}
				ctx, cancel := context.WithTimeout(t.Context(), test.allowed)
				defer cancel()
				if _, err := p.Complete(ctx, spirit.Prompt{Asked: "?"}, nil); kind(err) != test.kind {
					t.Errorf("the call ended with %v", err)
				}
				if took := time.Since(began); took != test.want {
					t.Errorf("it took %v, want %v", took, test.want)
				}
				if test.lend && !(<-back).turn.open {
					t.Error("nobody will cancel the turn")
				}
			})
		})
	}
}

// A caller that ends a call with its own failure gets it back.
func TestCauseIsKept(t *testing.T) {
	p, err := New(Options{Environ: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	want := &spirit.Failure{Kind: spirit.FailedTimeout, Err: errors.New("no first text")}
	cancel(want)
	if _, err := p.Complete(ctx, spirit.Prompt{}, nil); !errors.Is(err, want) {
		t.Errorf("the call ended with %v", err)
	}
}

// A program that is not there is tried again, less and less often.
func TestRestartsBackOff(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var at []time.Duration
		log := slog.New(handler(func(r slog.Record) {
			if r.Message == "kiro-cli failed" {
				at = append(at, r.Time.Sub(began))
			}
		}))
		p, err := New(Options{Command: "/nonexistent/kiro-cli", Dir: dir, Processes: 1, Logger: log, Environ: []string{}})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
		defer cancel()
		done := make(chan error, 1)
		go func() { done <- p.Run(ctx) }()
		if err := p.Ready(ctx); kind(err) != spirit.FailedBadRequest {
			t.Errorf("Ready: %v", err)
		}
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
		const s = time.Second
		if diff := cmp.Diff([]time.Duration{0, s, 3 * s, 7 * s, 15 * s, 31 * s, 63 * s, 123 * s, 183 * s, 243 * s}, at); diff != "" {
			t.Errorf("it was tried at (-want +got):\n%s", diff)
		}
	})
}

// A handler hears of every record.
type handler func(slog.Record)

func (h handler) Enabled(context.Context, slog.Level) bool { return true }
func (h handler) Handle(_ context.Context, r slog.Record) error {
	h(r)
	return nil
}
func (h handler) WithAttrs([]slog.Attr) slog.Handler { return h }
func (h handler) WithGroup(string) slog.Handler      { return h }

func TestReadLine(t *testing.T) {
	long := strings.Repeat("x", maxLine)
	r := bufio.NewReaderSize(strings.NewReader("a\n\n"+long+"\n"+long[1:]+"\nb\nno end"), 64<<10)
	var got []int
	for {
		line, err := readLine(r)
		if err != nil {
			break
		}
		if line == nil {
			got = append(got, -1)
			continue
		}
		got = append(got, len(line))
	}
	if diff := cmp.Diff([]int{2, 1, -1, maxLine, 2}, got); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(`{"jsonrpc":"2.0","id":1,"result":null}` + "\n" + `{"jsonrpc":"2.0","method":"session/update","params":{"update":{"content":[]}}}` + "\n")
	f.Add("[]\n{}\nnull\n\"\x00\xff\n" + `{"jsonrpc":"2.0","id":{},"method":"x"}` + "\n")
	f.Fuzz(func(t *testing.T, lines string) {
		w := newWire(io.Discard, time.Second)
		go w.read(strings.NewReader(lines))
		c := &client{wire: w, engine: V3, log: slog.New(slog.DiscardHandler)}
		for frame := range w.in {
			if words := frame.words("s"); words != "" && !strings.Contains(lines, "agent_message_chunk") && !strings.Contains(lines, `\u`) {
				t.Errorf("heard %q", words)
			}
			if err := c.meet(frame, false); err != nil {
				t.Error(err)
			}
		}
	})
}
