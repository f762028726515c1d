package listen

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	mark "github.com/mark3labs/mcp-go/client"
	marktransport "github.com/mark3labs/mcp-go/client/transport"
	markmcp "github.com/mark3labs/mcp-go/mcp"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"seance/internal/operator"
)

// A peer is a client of one SDK, connected by one transport in one version of the protocol.
type peer interface {
	version() string
	tools(ctx context.Context) ([]string, error)
	// call returns a tool's text and whether it is an error's.
	call(ctx context.Context, tool string, args map[string]any) (text string, failed bool, err error)
	read(ctx context.Context, uri string) (string, error)
	templates(ctx context.Context) ([]string, error)
	prompt(ctx context.Context, name string, args map[string]string) (string, error)
	complete(ctx context.Context, prompt, argument, value string) ([]string, error)
	subscribe(ctx context.Context, uri string) error
	close() error
}

// notices are what a peer is told unasked.
type notices struct {
	progress chan float64
	changed  chan string
}

func newNotices() notices { return notices{make(chan float64, 99), make(chan string, 99)} }

// Both SDKs' clients do everything, over HTTP and stdio, in every version that they can be held to.
func TestInterop(t *testing.T) {
	type dial func(*testing.T, *table, string, notices) (peer, error)
	for name, d := range map[string]dial{
		"go-sdk over HTTP": sdkHTTP, "go-sdk over stdio": sdkStdio, "mcp-go over HTTP": markHTTP, "mcp-go over stdio": markStdio,
	} {
		for _, version := range append([]string{""}, versions...) {
			t.Run(name+" "+version, func(t *testing.T) {
				t.Parallel()
				h := newTable().watched(t)
				close(h.going)
				n := newNotices()
				p, err := d(t, h, version, n)
				if err != nil {
					t.Fatal(err)
				}
				want := version
				if want == "" {
					want = modernEra
				}
				if p.version() != want {
					t.Errorf("speaks %q, want %q", p.version(), want)
				}
				converse(t, h, p, n)
				if err := p.close(); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// converse does with a peer what clients do.
func converse(t *testing.T, h *table, p peer, n notices) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()

	list, err := p.tools(ctx)
	if err != nil || strings.Join(list, " ") != "climb knock" {
		t.Errorf("tools: %v %v", list, err)
	}
	text, failed, err := p.call(ctx, "knock", map[string]any{"door": "front", "times": 2})
	if err != nil || failed || !strings.Contains(text, `{"sound":"knock knock front"}`) {
		t.Errorf("a call: %q %t %v", text, failed, err)
	}
	for about, args := range map[string]map[string]any{
		"an argument that nobody knows": {"door": "front", "dor": "back"}, "a value that is none": {"door": "side"},
		"none at all": {}, "a wrong type": {"door": "front", "times": "two"},
	} {
		if text, failed, err := p.call(ctx, "knock", args); err == nil && !failed {
			t.Errorf("%s is taken: %q", about, text)
		}
	}
	if text, failed, err = p.call(ctx, "knock", map[string]any{"door": "wall"}); err != nil || !failed || text != "a wall is no door: knock on the front" {
		t.Errorf("a mistake: %q %t %v", text, failed, err)
	}
	if text, failed, err = p.call(ctx, "fly", nil); err == nil && !failed {
		t.Errorf("an unknown tool: %q", text)
	}
	if text, failed, err = p.call(ctx, "climb", map[string]any{}); err != nil || failed || text != "upstairs" {
		t.Errorf("a call with progress: %q %t %v", text, failed, err)
	}
	for want := range 3 {
		select {
		case got := <-n.progress:
			if got != float64(want+1) {
				t.Errorf("progress %v, want %d", got, want+1)
			}
		case <-ctx.Done():
			t.Fatal("no progress was told")
		}
	}
	if text, err = p.read(ctx, "table://seats/north"); err != nil || !strings.Contains(text, `"north"`) {
		t.Errorf("a resource: %q %v", text, err)
	}
	for _, uri := range []string{"table://seats/south", "table://nowhere"} {
		if text, err = p.read(ctx, uri); err == nil {
			t.Errorf("%s can be read: %q", uri, text)
		}
	}
	if list, err = p.templates(ctx); err != nil || strings.Join(list, " ") != "table://seats/{seat}" {
		t.Errorf("templates: %v %v", list, err)
	}
	if text, err = p.prompt(ctx, "call", map[string]string{"whom": "Margery"}); err != nil || text != "Are you there, Margery?" {
		t.Errorf("a prompt: %q %v", text, err)
	}
	if text, err = p.prompt(ctx, "call", nil); err == nil {
		t.Errorf("a prompt that lacks something: %q", text)
	}
	if list, err = p.complete(ctx, "call", "whom", "Mar"); err != nil || strings.Join(list, " ") != "whom Mar" {
		t.Errorf("completion: %v %v", list, err)
	}
	if err := p.subscribe(ctx, "table://candles"); err != nil {
		t.Fatalf("subscribe: %v", err)
	}
	for lit := time.NewTicker(50 * time.Millisecond); ; { // until the server has heard of it: the newer era does not say
		select {
		case uri := <-n.changed:
			if uri != "table://candles" {
				t.Errorf("told of %s", uri)
			}
			return
		case <-lit.C:
			h.candles.Add(1)
		case <-ctx.Done():
			t.Fatal("no change was told")
		}
	}
}

// sdk is the go-sdk's client.
type sdk struct{ *mcp.ClientSession }

func sdkClient(n notices) *mcp.Client {
	return mcp.NewClient(&mcp.Implementation{Name: "sdk", Version: "1"}, &mcp.ClientOptions{
		ProgressNotificationHandler: func(_ context.Context, r *mcp.ProgressNotificationClientRequest) { n.progress <- r.Params.Progress },
		ResourceUpdatedHandler:      func(_ context.Context, r *mcp.ResourceUpdatedNotificationRequest) { n.changed <- r.Params.URI },
	})
}

func sdkHTTP(t *testing.T, h *table, version string, n notices) (peer, error) {
	url, _ := opened(t, h.Server, operator.Options{}, idle)
	s, err := sdkClient(n).Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: url}, &mcp.ClientSessionOptions{ProtocolVersion: version})
	return sdk{s}, err
}

func sdkStdio(t *testing.T, h *table, version string, n notices) (peer, error) {
	in, out := piped(t, h)
	s, err := sdkClient(n).Connect(t.Context(), &mcp.IOTransport{Reader: out, Writer: in}, &mcp.ClientSessionOptions{ProtocolVersion: version})
	return sdk{s}, err
}

// piped serves h over stdio for as long as the test; what is written to in is read by it.
func piped(t *testing.T, h *table) (in io.WriteCloser, out io.ReadCloser) {
	t.Helper()
	theirs, in := io.Pipe()
	out, ours := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- Stdio(context.WithoutCancel(t.Context()), h.Server, theirs, ours)
		ours.Close()
	}()
	t.Cleanup(func() {
		in.Close()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("stdio ended with %v", err)
			}
		case <-time.After(5 * time.Second):
			t.Error("stdio does not end with its input")
		}
	})
	return in, out
}

func (s sdk) version() string { return s.InitializeResult().ProtocolVersion }
func (s sdk) close() error    { return s.Close() }

func (s sdk) tools(ctx context.Context) (names []string, err error) {
	list, err := s.ListTools(ctx, nil)
	if err != nil {
		return nil, err
	}
	for _, tool := range list.Tools {
		names = append(names, tool.Name)
	}
	return names, nil
}

func (s sdk) call(ctx context.Context, tool string, args map[string]any) (string, bool, error) {
	params := &mcp.CallToolParams{Name: tool, Arguments: args}
	params.SetProgressToken("climbing")
	r, err := s.CallTool(ctx, params)
	if err != nil {
		return "", false, err
	}
	return r.Content[0].(*mcp.TextContent).Text, r.IsError, nil
}

func (s sdk) read(ctx context.Context, uri string) (string, error) {
	r, err := s.ReadResource(ctx, &mcp.ReadResourceParams{URI: uri})
	if err != nil {
		return "", err
	}
	return r.Contents[0].Text, nil
}

func (s sdk) templates(ctx context.Context) (uris []string, err error) {
	list, err := s.ListResourceTemplates(ctx, nil)
	if err != nil {
		return nil, err
	}
	for _, one := range list.ResourceTemplates {
		uris = append(uris, one.URITemplate)
	}
	return uris, nil
}

func (s sdk) prompt(ctx context.Context, name string, args map[string]string) (string, error) {
	r, err := s.GetPrompt(ctx, &mcp.GetPromptParams{Name: name, Arguments: args})
	if err != nil {
		return "", err
	}
	return r.Messages[0].Content.(*mcp.TextContent).Text, nil
}

func (s sdk) complete(ctx context.Context, prompt, argument, value string) ([]string, error) {
	r, err := s.Complete(ctx, &mcp.CompleteParams{
		Ref: &mcp.CompleteReference{Type: "ref/prompt", Name: prompt}, Argument: mcp.CompleteParamsArgument{Name: argument, Value: value},
	})
	if err != nil {
		return nil, err
	}
	return r.Completion.Values, nil
}

func (s sdk) subscribe(ctx context.Context, uri string) error {
	return s.Subscribe(ctx, &mcp.SubscribeParams{URI: uri})
}

// marks is mcp-go's client.
type marks struct {
	*mark.Client
	t    *testing.T
	stop func()
}

func markHTTP(t *testing.T, h *table, version string, n notices) (peer, error) {
	url, _ := opened(t, h.Server, operator.Options{}, idle)
	options := []marktransport.StreamableHTTPCOption{marktransport.WithHTTPLogger(slog.New(slog.DiscardHandler))}
	if version != "" && version < modernEra { // this client takes its stream of notices for a choice of the older era
		options = append(options, marktransport.WithContinuousListening()) //nolint:staticcheck // the older era has it
	}
	transport, err := marktransport.NewStreamableHTTP(url, options...)
	if err != nil {
		return nil, err
	}
	return markClient(t, transport, version, n)
}

func markStdio(t *testing.T, h *table, version string, n notices) (peer, error) {
	in, out := piped(t, h)
	return markClient(t, marktransport.NewIO(out, in, io.NopCloser(strings.NewReader(""))), version, n)
}

func markClient(t *testing.T, transport marktransport.Interface, version string, n notices) (peer, error) {
	var options []mark.ClientOption
	if version != "" {
		options = append(options, mark.WithProtocolVersion(version))
	}
	c := mark.NewClient(transport, options...)
	c.OnNotification(func(notice markmcp.JSONRPCNotification) {
		switch fields := notice.Params.AdditionalFields; notice.Method {
		case "notifications/progress":
			n.progress <- fields["progress"].(float64)
		case "notifications/resources/updated":
			n.changed <- fields["uri"].(string)
		}
	})
	if err := c.Start(context.WithoutCancel(t.Context())); err != nil {
		return nil, err
	}
	request := markmcp.InitializeRequest{}
	request.Params.ClientInfo = markmcp.Implementation{Name: "mark", Version: "1"}
	request.Params.ProtocolVersion = version
	result, err := c.Initialize(t.Context(), request)
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	if got := c.ProtocolVersion(); got != "" && got != result.ProtocolVersion {
		return nil, fmt.Errorf("negotiated %s and speaks %s", result.ProtocolVersion, got)
	}
	return &marks{Client: c, t: t, stop: func() {}}, nil
}

func (m *marks) version() string { return m.ProtocolVersion() }

func (m *marks) close() error {
	m.stop()
	return m.Close()
}

func (m *marks) tools(ctx context.Context) (names []string, err error) {
	list, err := m.ListTools(ctx, markmcp.ListToolsRequest{})
	if err != nil {
		return nil, err
	}
	for _, tool := range list.Tools {
		names = append(names, tool.Name)
	}
	return names, nil
}

func (m *marks) call(ctx context.Context, tool string, args map[string]any) (string, bool, error) {
	r, err := m.CallTool(ctx, markmcp.CallToolRequest{Params: markmcp.CallToolParams{
		Name: tool, Arguments: args, Meta: &markmcp.Meta{ProgressToken: "climbing"},
	}})
	if err != nil {
		return "", false, err
	}
	return r.Content[0].(markmcp.TextContent).Text, r.IsError, nil
}

func (m *marks) read(ctx context.Context, uri string) (string, error) {
	r, err := m.ReadResource(ctx, markmcp.ReadResourceRequest{Params: markmcp.ReadResourceParams{URI: uri}})
	if err != nil {
		return "", err
	}
	return r.Contents[0].(markmcp.TextResourceContents).Text, nil
}

func (m *marks) templates(ctx context.Context) (uris []string, err error) {
	list, err := m.ListResourceTemplates(ctx, markmcp.ListResourceTemplatesRequest{})
	if err != nil {
		return nil, err
	}
	for _, one := range list.ResourceTemplates {
		text, err := json.Marshal(one.URITemplate)
		if err != nil {
			return nil, err
		}
		uris = append(uris, strings.Trim(string(text), `"`))
	}
	return uris, nil
}

func (m *marks) prompt(ctx context.Context, name string, args map[string]string) (string, error) {
	r, err := m.GetPrompt(ctx, markmcp.GetPromptRequest{Params: markmcp.GetPromptParams{Name: name, Arguments: args}})
	if err != nil {
		return "", err
	}
	return r.Messages[0].Content.(markmcp.TextContent).Text, nil
}

func (m *marks) complete(ctx context.Context, prompt, argument, value string) ([]string, error) {
	r, err := m.Complete(ctx, markmcp.CompleteRequest{Params: markmcp.CompleteParams{
		Ref: markmcp.PromptReference{Type: "ref/prompt", Name: prompt}, Argument: markmcp.CompleteArgument{Name: argument, Value: value},
	}})
	if err != nil {
		return nil, err
	}
	return r.Completion.Values, nil
}

func (m *marks) subscribe(ctx context.Context, uri string) (err error) {
	if m.version() < modernEra {
		return m.Subscribe(ctx, markmcp.SubscribeRequest{Params: markmcp.SubscribeParams{URI: uri}}) //nolint:staticcheck // the older era has it
	}
	m.stop, err = m.ListenAsync(context.WithoutCancel(ctx), markmcp.SubscriptionFilter{ResourceSubscriptions: []string{uri}}, nil)
	return err
}

// Why there is a router of eras: mcp-go's client, left to its defaults, takes any server that answers server/discover for
// one of the newer era, and the go-sdk's stateful handler does answer. Should this test fail, one of them has changed,
// and the router may be simpler than it is.
func TestDefaultsOfBothSDKsDoNotMeet(t *testing.T) {
	h := newTable()
	server := httptest.NewServer(mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return h.MCP() }, nil))
	defer server.Close()
	defer h.Close()
	transport, err := marktransport.NewStreamableHTTP(server.URL, marktransport.WithHTTPLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	p, err := markClient(t, transport, "", newNotices())
	if err == nil {
		defer p.close()
		_, err = p.tools(t.Context())
	}
	t.Logf("without the router: %v", err)
	if err == nil {
		t.Error("mcp-go's client and a stateful handler of the go-sdk understand each other")
	}
}
