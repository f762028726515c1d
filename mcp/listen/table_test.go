package listen

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"seance/internal/seance"
	"seance/mcp/tools"
)

type knock struct {
	Door  string `json:"door" enum:"front,back,wall"`
	Times int    `json:"times,omitempty" min:"1" max:"9"`
}

type heard struct {
	Sound string `json:"sound"`
}

// A table has something of everything that clients use, and a number that changes.
type table struct {
	*tools.Server
	candles atomic.Int64
	going   chan struct{} // closed when climb, which reports progress, may come to its end
}

func newTable() *table {
	h := &table{going: make(chan struct{})}
	h.Server = tools.New(tools.About{
		Name: "table", Title: "A table", Complete: func(_ context.Context, argument, value string) ([]string, error) {
			return []string{argument + " " + value}, nil
		},
	}, tools.Options{Settle: 20 * time.Millisecond})
	tools.Add(h.Server, tools.Tool{Name: "knock", Title: "Knock", Description: "Knocks on a door.", Hint: tools.Reads},
		func(_ context.Context, in knock) (heard, error) {
			if in.Door == "wall" {
				return heard{}, tools.Wrong("a wall is no door: knock on the front")
			}
			return heard{strings.Repeat("knock ", in.Times) + in.Door}, nil
		})
	mcp.AddTool(h.MCP(), &mcp.Tool{Name: "climb", Description: "Climbs the stairs."},
		func(ctx context.Context, req *mcp.CallToolRequest, _ any) (*mcp.CallToolResult, any, error) {
			for step := range 3 {
				if err := req.Session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{
					ProgressToken: req.Params.GetProgressToken(), Progress: float64(step + 1), Total: 3,
				}); err != nil {
					return nil, nil, err
				}
			}
			select {
			case <-h.going:
				return says("upstairs"), nil, nil
			case <-ctx.Done():
				return nil, nil, ctx.Err()
			}
		})
	tools.AddResource(h.Server, tools.Resource{URI: "table://candles", Name: "candles"}, func(context.Context, map[string]string) (any, error) {
		return h.candles.Load(), nil
	})
	tools.AddResource(h.Server, tools.Resource{URI: "table://seats/{seat}", Name: "seat"}, func(_ context.Context, args map[string]string) (any, error) {
		if args["seat"] != "north" {
			return nil, fmt.Errorf("seat %s: %w", args["seat"], seance.ErrNotFound)
		}
		return args, nil
	})
	tools.AddPrompt(h.Server, tools.Prompt{Name: "call", Description: "Calls somebody.", Needs: []tools.Argument{{Name: "whom", Description: "who is called"}}},
		func(_ context.Context, args map[string]string) (string, error) {
			return "Are you there, " + args["whom"] + "?", nil
		})
	return h
}

// watched tells of changes until the test ends.
func (h *table) watched(t testing.TB) *table {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	var watching sync.WaitGroup
	watching.Go(func() { h.Watch(ctx, func(context.Context) (int64, error) { return h.candles.Load(), nil }) })
	t.Cleanup(func() { stop(); watching.Wait() })
	return h
}
