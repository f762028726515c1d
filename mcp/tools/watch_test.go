package tools

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"seance/internal/seance"
)

// What changes right after somebody subscribed is told, however soon Watch looks; and who leaves without a word is not
// kept.
func TestSubscriptionsBeginAtOnceAndEndWithTheirClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var roof atomic.Int64
		s := house(Options{}, nobody)
		AddResource(s, Resource{URI: "house://roof", Name: "roof"}, func(context.Context, map[string]string) (any, error) { return roof.Load(), nil })
		told := make(chan string, 9)
		ctx, stop := context.WithCancel(t.Context())
		var watching sync.WaitGroup
		watching.Go(func() { s.Watch(ctx, func(context.Context) (int64, error) { return roof.Load(), nil }) })
		c := connect(t, s, &mcp.ClientOptions{ResourceUpdatedHandler: func(_ context.Context, r *mcp.ResourceUpdatedNotificationRequest) {
			told <- r.Params.URI
		}})
		for range 2 { // twice is once
			if err := c.Subscribe(t.Context(), &mcp.SubscribeParams{URI: "house://roof"}); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait() // until the server has heard of it
		roof.Add(1)
		time.Sleep(time.Second)
		synctest.Wait()
		if len(told) != 1 {
			t.Errorf("told of %d changes, want 1", len(told))
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		roof.Add(1)
		time.Sleep(time.Second)
		synctest.Wait()
		s.mu.Lock()
		if len(s.subscribed) != 0 {
			t.Errorf("%d resources are watched for nobody", len(s.subscribed))
		}
		s.mu.Unlock()
		stop()
		watching.Wait()
		s.Close()
	})
}

func TestTools(t *testing.T) {
	var names []string
	for _, tool := range house(Options{ReadOnly: true}, nobody).Tools() {
		names = append(names, tool.Name)
	}
	if diff := cmp.Diff([]string{"knock"}, names); diff != "" {
		t.Errorf("tools that are offered (-want +got):\n%s", diff)
	}
}

// What is not there yet may be subscribed to, and is told of when it comes.
func TestSubscribingToWhatIsToCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var lit atomic.Int64
		s := house(Options{}, nobody)
		AddResource(s, Resource{URI: "house://lamp", Name: "lamp"}, func(context.Context, map[string]string) (any, error) {
			if lit.Load() == 0 {
				return nil, seance.ErrNotFound
			}
			return "lit", nil
		})
		told := make(chan string, 9)
		ctx, stop := context.WithCancel(t.Context())
		var watching sync.WaitGroup
		watching.Go(func() { s.Watch(ctx, func(context.Context) (int64, error) { return lit.Load(), nil }) })
		c := connect(t, s, &mcp.ClientOptions{ResourceUpdatedHandler: func(_ context.Context, r *mcp.ResourceUpdatedNotificationRequest) {
			told <- r.Params.URI
		}})
		if err := c.Subscribe(t.Context(), &mcp.SubscribeParams{URI: "house://lamp"}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		lit.Add(1)
		time.Sleep(time.Second)
		synctest.Wait()
		if len(told) != 1 {
			t.Errorf("told of %d changes, want 1", len(told))
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		stop()
		watching.Wait()
		s.Close()
	})
}
