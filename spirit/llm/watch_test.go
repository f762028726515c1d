package llm_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tmc/langchaingo/llms"

	"seance/spirit"
	"seance/spirit/llm"
)

// slow is a model that writes a piece after each of these times, and stops when it is told to unless it is deaf.
func slow(deaf bool, waits ...time.Duration) model {
	return func(o llms.CallOptions) (*llms.ContentResponse, error) {
		ctx := o.Metadata["ctx"].(context.Context)
		for _, wait := range waits {
			select {
			case <-time.After(wait):
			case <-ctx.Done():
				if !deaf {
					return nil, ctx.Err()
				}
				time.Sleep(wait)
			}
			if err := o.StreamingFunc(ctx, []byte("x")); err != nil && !deaf {
				return nil, err
			}
		}
		return &llms.ContentResponse{Choices: []*llms.ContentChoice{{StopReason: "stop"}}}, nil
	}
}

// A call has so long to its first text, between two pieces, and in all; patience scales each.
func TestLimits(t *testing.T) {
	const s = time.Second
	many := func(n int, wait time.Duration) []time.Duration {
		var list []time.Duration
		for range n {
			list = append(list, wait)
		}
		return list
	}
	for name, test := range map[string]struct {
		patience time.Duration
		waits    []time.Duration
		deaf     bool
		said     int
		ended    time.Duration // when
		why      string        // empty for success
	}{
		"in time":               {0, []time.Duration{1400 * time.Millisecond}, false, 1, 1400 * time.Millisecond, ""},
		"late":                  {0, []time.Duration{1600 * time.Millisecond}, false, 0, 1500 * time.Millisecond, "timeout: no headers came within 1.5s"},
		"pauses":                {0, []time.Duration{1 * s, 1400 * time.Millisecond, 1400 * time.Millisecond, 1 * s}, false, 4, 4800 * time.Millisecond, ""},
		"a pause too long":      {0, []time.Duration{1 * s, 1 * s, 2 * s}, false, 2, 3500 * time.Millisecond, "timeout: it paused for 1.5s"},
		"too long in all":       {0, many(10, 1100*time.Millisecond), false, 5, 6 * s, "timeout: it was not done within 6s"},
		"patience":              {6 * s, []time.Duration{5 * s, 5 * s}, false, 2, 10 * s, ""},
		"patience at its end":   {6 * s, []time.Duration{7 * s}, false, 0, 6 * s, "timeout: no headers came within 6s"},
		"patience in all":       {6 * s, many(10, 5*s), false, 4, 24 * s, "timeout: it was not done within 24s"},
		"what comes after that": {0, []time.Duration{1 * s, 2 * s, 2 * s}, true, 1, 6500 * time.Millisecond, "timeout: it paused for 1.5s"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := llm.Wrap("slow", contextual{slow(test.deaf, test.waits...)}, llm.WrapOptions{Patience: test.patience})
				began := time.Now()
				said, _, err := hear(t.Context(), p)
				if took := time.Since(began); took != test.ended && !test.deaf {
					t.Errorf("it ended after %s, want %s", took, test.ended)
				}
				if len(said) != test.said {
					t.Errorf("%d pieces were heard, want %d", len(said), test.said)
				}
				if (err == nil) != (test.why == "") || err != nil && !strings.Contains(err.Error(), test.why) {
					t.Errorf("ended with %v, want %q", err, test.why)
				}
				if failure, ok := errors.AsType[*spirit.Failure](err); err != nil && (!ok || failure.Kind != spirit.FailedTimeout) {
					t.Errorf("ended with %v", err)
				}
			})
		})
	}
}

// contextual hands a model its context, among the metadata.
type contextual struct{ model }

func (c contextual) GenerateContent(ctx context.Context, m []llms.MessageContent, options ...llms.CallOption) (*llms.ContentResponse, error) {
	return c.model.GenerateContent(ctx, m, append(options, llms.WithMetadata(map[string]any{"ctx": ctx}))...)
}
