package tools

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"seance/internal/seance"
)

type knock struct {
	Door  string   `json:"door" jsonschema:"which one" enum:"front,back"`
	Times int      `json:"times,omitempty" min:"1" max:"9"`
	Said  string   `json:"said,omitempty" max:"20"`
	Who   []string `json:"who,omitempty" enum:"ann,bob" max:"3"`
	Paging
}

type heard struct {
	Steps []string `json:"steps"`
	Paged
}

// house is a server with a tool of each kind.
func house(o Options, do func(context.Context, knock) (heard, error)) *Server {
	s := New(About{Name: "house", Title: "A house", Complete: func(_ context.Context, _, value string) ([]string, error) {
		var values []string
		for i := range 120 {
			values = append(values, fmt.Sprintf("%s%d", value, i))
		}
		return values, nil
	}}, o)
	Add(s, Tool{"knock", "Knock", "Knocks.", Reads}, do)
	Add(s, Tool{"paint", "Paint", "Paints.", Adds}, do)
	Add(s, Tool{"burn", "Burn", "Burns.", Destroys}, do)
	AddPrompt(s, Prompt{Name: "sell", Needs: []Argument{{Name: "price", Description: "what it costs"}}},
		func(_ context.Context, args map[string]string) (string, error) {
			return "Sell for " + args["price"], nil
		})
	return s
}

func nobody(context.Context, knock) (heard, error) { return heard{Steps: []string{}}, nil }

func connect(t *testing.T, s *Server, o *mcp.ClientOptions) *mcp.ClientSession {
	t.Helper()
	ours, theirs := mcp.NewInMemoryTransports()
	if _, err := s.MCP().Connect(t.Context(), ours, nil); err != nil {
		t.Fatal(err)
	}
	session, err := mcp.NewClient(&mcp.Implementation{Name: "visitor", Version: "1"}, o).Connect(t.Context(), theirs, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return session
}

func names(t *testing.T, c *mcp.ClientSession) []string {
	t.Helper()
	var list []string
	for tool, err := range c.Tools(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, tool.Name)
	}
	return list
}

func TestHintsAndSchema(t *testing.T) {
	c := connect(t, house(Options{}, nobody), nil)
	list, err := c.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	hints := map[string][4]bool{}
	for _, tool := range list.Tools {
		a := tool.Annotations
		hints[tool.Name] = [4]bool{a.ReadOnlyHint, *a.DestructiveHint, a.IdempotentHint, *a.OpenWorldHint}
	}
	want := map[string][4]bool{"knock": {true, false, true, false}, "paint": {false, false, true, false}, "burn": {false, true, true, false}}
	if diff := cmp.Diff(want, hints); diff != "" {
		t.Errorf("hints read-only, destructive, idempotent, open world (-want +got):\n%s", diff)
	}
	text, err := json.Marshal(list.Tools[0].InputSchema)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		`"additionalProperties":false`, `"enum":["front","back"]`, `"maximum":9`, `"maxLength":20`, `"maxItems":3`,
		`"enum":["ann","bob"]`, `"maximum":100`, `"required":["door"]`,
	} {
		if !strings.Contains(string(text), part) {
			t.Errorf("schema lacks %s: %s", part, text)
		}
	}
	if strings.Contains(string(text), "null") {
		t.Errorf("a type may be null: %s", text)
	}
}

func TestWhatIsOffered(t *testing.T) {
	for name, test := range map[string]struct {
		o    Options
		want []string
	}{
		"everything":                {Options{}, []string{"burn", "knock", "paint"}},
		"read-only":                 {Options{ReadOnly: true}, []string{"knock"}},
		"some":                      {Options{Only: []string{"paint", "knock"}}, []string{"knock", "paint"}},
		"read-only wins over names": {Options{ReadOnly: true, Only: []string{"paint", "knock"}}, []string{"knock"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := names(t, connect(t, house(test.o, nobody), nil))
			slices.Sort(got)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("tools (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFailuresAreSentences(t *testing.T) {
	for name, test := range map[string]struct {
		args any
		err  error
		want string
	}{
		"unknown argument": {map[string]any{"door": "front", "dor": 1}, nil, "dor"},
		"wrong value":      {map[string]any{"door": "side"}, nil, "enum"},
		"too many":         {map[string]any{"door": "front", "limit": 1000}, nil, "maximum"},
		"a mistake":        {map[string]any{"door": "front"}, Wrong("knock %s", "softly"), "knock softly"},
		"a fault":          {map[string]any{"door": "front"}, &seance.Fault{Kind: seance.ErrNotFound, Say: "No such door."}, "No such door."},
		"the store is away": {map[string]any{"door": "front"}, fmt.Errorf("disk: %w", seance.ErrUnavailable),
			"cannot be reached"},
		"our own fault": {map[string]any{"door": "front"}, errors.New("secret path /x"), "server's log"},
	} {
		t.Run(name, func(t *testing.T) {
			var log strings.Builder
			s := house(Options{Logger: slog.New(slog.NewTextHandler(&log, nil))},
				func(context.Context, knock) (heard, error) { return heard{Steps: []string{}}, test.err })
			got, err := connect(t, s, nil).CallTool(t.Context(), &mcp.CallToolParams{Name: "knock", Arguments: test.args})
			if err != nil {
				t.Fatalf("a protocol error: %v", err)
			}
			text := got.Content[0].(*mcp.TextContent).Text
			if !got.IsError || !strings.Contains(text, test.want) || strings.Contains(text, "/x") {
				t.Errorf("error %t, text %q, want an error with %q", got.IsError, text, test.want)
			}
		})
	}
}

func TestPages(t *testing.T) {
	const all = 250
	read := func(size int) func(seance.Page) ([]int, string, error) {
		return func(p seance.Page) ([]int, string, error) {
			from := 0
			if p.After != "" {
				if _, err := fmt.Sscan(p.After, &from); err != nil {
					return nil, "", err
				}
			}
			var list []int
			for i := from; i < all && len(list) < p.Limit; i++ {
				list = append(list, size)
			}
			if to := from + len(list); to < all {
				return list, fmt.Sprint(to), nil
			}
			return list, "", nil
		}
	}
	show := func(size int) string { return strings.Repeat("x", size) }
	for name, test := range map[string]struct {
		limit, size, pages int
		truncated          bool
	}{
		"20 if nothing is said": {0, 10, 13, false},
		"never more than 100":   {100, 10, 3, false},
		"cut at 16 KiB":         {100, 2000, 36, true},
	} {
		t.Run(name, func(t *testing.T) {
			seen, pages, cursor := 0, 0, ""
			for {
				got, paged, err := List("numbers", Paging{Limit: test.limit, Cursor: cursor}, read(test.size), show)
				if err != nil {
					t.Fatal(err)
				}
				seen, pages = seen+len(got), pages+1
				if text, _ := json.Marshal(got); len(text) > maxList {
					t.Errorf("a page has %d bytes", len(text))
				}
				if paged.Truncated != (test.truncated && len(got) < test.limit && paged.NextCursor != "" || paged.Truncated && paged.NextCursor == "") {
					t.Errorf("truncated is %t", paged.Truncated)
				}
				if cursor = paged.NextCursor; cursor == "" {
					break
				}
			}
			if seen != all || pages != test.pages {
				t.Errorf("%d entries on %d pages, want %d on %d", seen, pages, all, test.pages)
			}
		})
	}
	for _, cursor := range []string{"no base64!", "aGVsbG8", seal("others", "20")} {
		var mistake *Mistake
		if _, _, err := List("numbers", Paging{Cursor: cursor}, read(1), show); !errors.As(err, &mistake) {
			t.Errorf("cursor %q: %v, want a Mistake", cursor, err)
		}
	}
	none, _, err := List("numbers", Paging{}, func(seance.Page) ([]int, string, error) { return nil, "", nil }, show)
	if err != nil || none == nil {
		t.Errorf("an empty list is %v, %v; it must not be null", none, err)
	}
}

func TestResources(t *testing.T) {
	s := house(Options{}, nobody)
	AddResource(s, Resource{URI: "house://rooms/{room}/light", Name: "light"},
		func(_ context.Context, args map[string]string) (any, error) {
			if args["room"] != "attic" {
				return nil, fmt.Errorf("room %s: %w", args["room"], seance.ErrNotFound)
			}
			return map[string]string{"light": args["room"]}, nil
		})
	c := connect(t, s, nil)
	got, err := c.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: "house://rooms/attic/light"})
	if err != nil || !strings.Contains(got.Contents[0].Text, `"attic"`) || got.Contents[0].MIMEType != "application/json" {
		t.Errorf("%v, %v", got, err)
	}
	for _, uri := range []string{"house://rooms/cellar/light", "house://rooms/attic", "house://rooms/a/b/light"} {
		if _, err := c.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: uri}); err == nil {
			t.Errorf("%s can be read", uri)
		}
	}
}

func TestPromptsSayWhatTheyNeed(t *testing.T) {
	c := connect(t, house(Options{}, nobody), nil)
	got, err := c.GetPrompt(t.Context(), &mcp.GetPromptParams{Name: "sell", Arguments: map[string]string{"price": "7"}})
	if err != nil || got.Messages[0].Content.(*mcp.TextContent).Text != "Sell for 7" {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := c.GetPrompt(t.Context(), &mcp.GetPromptParams{Name: "sell"}); err == nil || !strings.Contains(err.Error(), "what it costs") {
		t.Errorf("without a price: %v", err)
	}
}

func TestChangesAreToldOnceAndOnlyToWhoAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var roof, cellar, all atomic.Int64
		told := make(chan string, 9)
		s := house(Options{}, nobody)
		for uri, of := range map[string]*atomic.Int64{"house://roof": &roof, "house://cellar": &cellar} {
			AddResource(s, Resource{URI: uri, Name: uri}, func(context.Context, map[string]string) (any, error) { return of.Load(), nil })
		}
		change := func(of *atomic.Int64) { of.Add(1); all.Add(1) }
		var watching sync.WaitGroup
		ctx, stop := context.WithCancel(t.Context())
		watching.Go(func() { s.Watch(ctx, func(context.Context) (int64, error) { return all.Load(), nil }) })

		c := connect(t, s, &mcp.ClientOptions{ResourceUpdatedHandler: func(_ context.Context, r *mcp.ResourceUpdatedNotificationRequest) {
			told <- r.Params.URI
		}})
		if err := c.Subscribe(t.Context(), &mcp.SubscribeParams{URI: "house://roof"}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		for range 5 {
			change(&roof)
			change(&cellar)
		}
		time.Sleep(300 * time.Millisecond)
		synctest.Wait()
		if len(told) != 1 || <-told != "house://roof" {
			t.Errorf("want the roof told of once, %d changes are left", len(told))
		}
		change(&cellar)
		time.Sleep(time.Second)
		synctest.Wait()
		if len(told) != 0 {
			t.Errorf("told of %s, which has not changed or nobody asked for", <-told)
		}
		if err := c.Unsubscribe(t.Context(), &mcp.UnsubscribeParams{URI: "house://roof"}); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		change(&roof)
		time.Sleep(time.Second)
		synctest.Wait()
		if len(told) != 0 {
			t.Errorf("told of %s after it was unsubscribed", <-told)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		stop()
		watching.Wait()
		s.Close()
	})
}

func TestCompletions(t *testing.T) {
	c := connect(t, house(Options{}, nobody), nil)
	got, err := c.Complete(t.Context(), &mcp.CompleteParams{
		Ref: &mcp.CompleteReference{Type: "ref/prompt", Name: "any"}, Argument: mcp.CompleteParamsArgument{Name: "n", Value: "a"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if c := got.Completion; len(c.Values) != maxCompletions || c.Total != 120 || !c.HasMore {
		t.Errorf("%d values of %d, more: %t", len(c.Values), c.Total, c.HasMore)
	}
}

// Close waits for nobody: a call that goes on is given up.
func TestCloseGivesUpCalls(t *testing.T) {
	begun, over := make(chan struct{}), make(chan error, 1)
	s := house(Options{}, func(ctx context.Context, _ knock) (heard, error) {
		close(begun)
		<-ctx.Done()
		over <- ctx.Err()
		return heard{}, ctx.Err()
	})
	c := connect(t, s, nil)
	var calling sync.WaitGroup
	calling.Go(func() { // what it is told depends on who is faster
		_, _ = c.CallTool(t.Context(), &mcp.CallToolParams{Name: "knock", Arguments: map[string]any{"door": "front"}})
	})
	<-begun
	s.Close()
	if err := <-over; !errors.Is(err, context.Canceled) {
		t.Errorf("the call ended with %v", err)
	}
	calling.Wait()
}
