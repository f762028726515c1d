package listen

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"seance/internal/operator"
	"seance/mcp/tools"
)

// opened has s on the operator's listener as serve does, and returns where, until the test ends or close is called.
func opened(t testing.TB, s *tools.Server, o operator.Options, idle time.Duration) (url string, shut func()) {
	t.Helper()
	o.Addr, o.Metrics = "127.0.0.1:0", operator.NewMetrics("test")
	back, err := operator.Listen(o)
	if err != nil {
		t.Fatal(err)
	}
	back.Handle("/mcp", handler(s, slog.New(slog.DiscardHandler), idle))
	served := make(chan error, 1)
	go func() { served <- back.Serve() }()
	ended := false
	shut = func() {
		if ended {
			return
		}
		ended = true
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		err := errors.Join(back.Shutdown(ctx), <-served)
		s.Close()
		if err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(shut)
	return "http://" + back.Addr().String() + "/mcp", shut
}
