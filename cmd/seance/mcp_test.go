package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"seance/internal/bench"
	"seance/internal/seance"
	"seance/internal/store"
	"seance/mcp/listen"
	"seance/mcp/tools"
)

// An agents' house is the real program with an operator's side at a known place.
type agentsHouse struct {
	*bench.Server
	data string
	mcp  string // http://host:port/mcp/
	end  func() error
}

func startForAgents(t *testing.T, env ...string) *agentsHouse {
	t.Helper()
	back, err := bench.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	h := &agentsHouse{data: t.TempDir(), mcp: "http://" + back + "/mcp/"}
	h.Server = started(t, bench.ServerOptions{Data: h.data, Env: append(env, "SEANCE_OPERATOR_ADDR="+back, "SEANCE_TEMPO=0.1")})
	h.end = sync.OnceValue(h.Stop)
	t.Cleanup(func() {
		if err := h.end(); err != nil {
			t.Error(err)
		}
		faultless(t, h.Log())
	})
	return h
}

// agent is a client of a server over HTTP, or of a process of its own on the same data.
func (h *agentsHouse) agent(t *testing.T, server, version string, stdio bool, o *mcp.ClientOptions) *mcp.ClientSession {
	t.Helper()
	var transport mcp.Transport = &mcp.StreamableClientTransport{Endpoint: h.mcp + server}
	if stdio {
		cmd := exec.Command(program(t), "mcp", server, "--data", h.data)
		cmd.Stderr = os.Stderr
		cmd.Env = append(os.Environ(), "SEANCE_LOG_LEVEL=error")
		transport = &mcp.CommandTransport{Command: cmd}
	}
	c, err := mcp.NewClient(&mcp.Implementation{Name: "agent", Version: "1"}, o).Connect(t.Context(), transport, &mcp.ClientSessionOptions{ProtocolVersion: version})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() }) // the house may be closed already
	return c
}

// do calls a tool and reads its result into out, which may be nil.
func do(ctx context.Context, c *mcp.ClientSession, tool string, args map[string]any, out any) error {
	r, err := c.CallTool(ctx, &mcp.CallToolParams{Name: tool, Arguments: args})
	if err != nil {
		return fmt.Errorf("%s: %w", tool, err)
	}
	if r.IsError {
		return fmt.Errorf("%s: %s", tool, r.Content[0].(*mcp.TextContent).Text)
	}
	if out == nil {
		return nil
	}
	text, err := json.Marshal(r.StructuredContent)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, out)
}

// A house and an agent's own process write into one database at once, and nothing is lost.
func TestTwoProcessesWriteAtOnce(t *testing.T) {
	h := startForAgents(t)
	g := sitDown(t.Context(), t, h.Address)
	const each, questions = 100, 5
	writers := map[string]*mcp.ClientSession{
		"http":  h.agent(t, "memory", "", false, nil),
		"stdio": h.agent(t, "memory", "2025-06-18", true, nil),
	}
	var writing sync.WaitGroup
	for name, c := range writers {
		for half := range 2 {
			writing.Go(func() {
				for i := range each / 2 {
					id := fmt.Sprintf("%s-%d-%d", name, half, i)
					if err := do(t.Context(), c, "append_turn", map[string]any{
						"turn_id": id, "seance_id": g.Session.Code, "speaker": "host", "kind": "note", "text": "Note " + id,
					}, nil); err != nil {
						t.Errorf("%s: %v", id, err)
						return
					}
				}
			})
		}
	}
	for i := range questions {
		g.ask(t.Context(), t, fmt.Sprintf("Is this question number %d?", i))
	}
	writing.Wait()
	for name, c := range writers {
		for kind, want := range map[string]int{"note": 2 * each, "question": questions, "answer": questions} {
			var got struct{ Total int }
			err := do(t.Context(), c, "recall_turns", map[string]any{"seance_id": g.Session.Code, "kinds": []string{kind}, "limit": 1}, &got)
			if err != nil || got.Total != want {
				t.Errorf("%s sees %d of %d turns of kind %s: %v", name, got.Total, want, kind, err)
			}
		}
	}
}

// An agent with a process of its own is told within a second of what happens at the table.
func TestStdioSeesWhatHappens(t *testing.T) {
	h := startForAgents(t)
	g := sitDown(t.Context(), t, h.Address)
	uri := "seance://seances/" + g.Session.ID + "/transcript"
	for _, version := range []string{"2025-06-18", "2026-07-28"} {
		changed := make(chan string, 99)
		c := h.agent(t, "memory", version, true, &mcp.ClientOptions{
			ResourceUpdatedHandler: func(_ context.Context, r *mcp.ResourceUpdatedNotificationRequest) { changed <- r.Params.URI },
		})
		if err := c.Subscribe(t.Context(), &mcp.SubscribeParams{URI: uri}); err != nil {
			t.Fatal(err)
		}
		if _, err := c.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: uri}); err != nil { // by now it has heard of the subscription
			t.Fatal(err)
		}
		question := "Do you see this in " + version + "?"
		if _, err := g.board.Ask(t.Context(), newID(), question); err != nil {
			t.Fatal(err)
		}
		acked := time.Now()
		select {
		case got := <-changed:
			took := time.Since(acked)
			t.Logf("%s: told after %s", version, took.Round(time.Millisecond))
			if got != uri || took > time.Second {
				t.Errorf("%s: told of %s after %s", version, got, took)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("%s: nothing was told", version)
		}
		r, err := c.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: uri})
		if err != nil || !strings.Contains(r.Contents[0].Text, question) {
			t.Errorf("%s: %v %v", version, r, err)
		}
		time.Sleep(100 * time.Millisecond) // for the answer, so that the next one is a change of its own
		if err := c.Close(); err != nil {
			t.Errorf("%s: %v", version, err)
		}
	}
}

// A process of an agent ends within 2 s of its input, and at a signal.
func TestStdioProcessEnds(t *testing.T) {
	for name, end := range map[string]func(*exec.Cmd, func() error) error{
		"input ends": func(_ *exec.Cmd, hangUp func() error) error { return hangUp() },
		"is told so": func(cmd *exec.Cmd, _ func() error) error { return cmd.Process.Signal(os.Interrupt) },
		"both at once": func(cmd *exec.Cmd, hangUp func() error) error {
			return errors.Join(cmd.Process.Signal(os.Interrupt), hangUp())
		},
	} {
		t.Run(name, func(t *testing.T) {
			cmd := exec.Command(program(t), "mcp", "analytics", "--data", t.TempDir())
			in, err := cmd.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintln(in, `{"jsonrpc":"2.0","id":1,"method":"ping"}`)
			answer := make([]byte, 8)
			if _, err := out.Read(answer); err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			if err := end(cmd, in.Close); err != nil {
				t.Fatal(err)
			}
			if err := cmd.Wait(); err != nil {
				t.Errorf("it ended with %v", err)
			}
			if took := time.Since(began); took > 2*time.Second {
				t.Errorf("it ended after %s", took)
			}
		})
	}
}

// The house closes quickly with agents that listen and call, and they are told nothing that is not so.
func TestHouseClosesWithAgents(t *testing.T) {
	h := startForAgents(t)
	for _, version := range []string{"2025-06-18", "2026-07-28"} {
		for _, one := range servers {
			c := h.agent(t, one.name, version, false, &mcp.ClientOptions{ResourceUpdatedHandler: func(context.Context, *mcp.ResourceUpdatedNotificationRequest) {}})
			uri := map[string]string{"memory": "seance://seances", "analytics": "seance://analytics/summary"}[one.name]
			if uri == "" {
				continue
			}
			if err := c.Subscribe(t.Context(), &mcp.SubscribeParams{URI: uri}); err != nil {
				t.Fatal(err)
			}
		}
	}
	began := time.Now()
	if err := h.end(); err != nil {
		t.Error(err)
	}
	took := time.Since(began)
	t.Logf("the house closed after %s", took.Round(time.Millisecond))
	if took > 2*time.Second {
		t.Errorf("the house closed after %s", took)
	}
}

// What any client of the servers that the house serves relies on, in both eras.
func TestServersAsServed(t *testing.T) {
	h := startForAgents(t)
	g := sitDown(t.Context(), t, h.Address)
	for _, one := range servers {
		for _, version := range []string{"2025-11-25", "2026-07-28"} {
			c := h.agent(t, one.name, version, false, nil)
			if got := c.InitializeResult().ProtocolVersion; got != version {
				t.Errorf("%s speaks %s, want %s", one.name, got, version)
			}
			if err := c.Ping(t.Context(), nil); version < "2026" && err != nil {
				t.Errorf("%s: ping: %v", one.name, err)
			}
			list, errTools := c.ListTools(t.Context(), nil)
			resources, errResources := c.ListResourceTemplates(t.Context(), nil)
			prompts, errPrompts := c.ListPrompts(t.Context(), nil)
			if err := errors.Join(errTools, errResources, errPrompts); err != nil {
				t.Fatalf("%s %s: %v", one.name, version, err)
			}
			if len(list.Tools) == 0 || len(resources.ResourceTemplates) == 0 || len(prompts.Prompts) == 0 {
				t.Errorf("%s has %d tools, %d templates, %d prompts", one.name, len(list.Tools), len(resources.ResourceTemplates), len(prompts.Prompts))
			}
			if version > "2026" && list.CacheScope != "private" {
				t.Errorf("%s: its list may be kept by %q", one.name, list.CacheScope)
			}
			if _, err := c.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: "seance://nowhere"}); err == nil {
				t.Errorf("%s reads what is not there", one.name)
			}
			for _, p := range prompts.Prompts {
				for _, a := range p.Arguments {
					found, err := c.Complete(t.Context(), &mcp.CompleteParams{
						Ref: &mcp.CompleteReference{Type: "ref/prompt", Name: p.Name}, Argument: mcp.CompleteParamsArgument{Name: a.Name, Value: ""},
					})
					if err != nil || a.Name == "seance_id" && !slices.Contains(found.Completion.Values, g.Session.Code) {
						t.Errorf("%s: completing %s of %s: %v %v", one.name, a.Name, p.Name, found, err)
					}
				}
			}
			if err := c.Close(); err != nil {
				t.Errorf("%s %s: %v", one.name, version, err)
			}
		}
		for header, value := range map[string]string{"Host": "evil.example", "Origin": "https://evil.example"} {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.mcp+one.name, strings.NewReader("{}"))
			if err != nil {
				t.Fatal(err)
			}
			if header == "Host" {
				req.Host = value
			}
			req.Header.Set(header, value)
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != http.StatusForbidden {
				t.Errorf("%s with %s %s: %s", one.name, header, value, res.Status)
			}
		}
	}
}

// A house that is set to be read only hides every tool that writes.
func TestReadOnlyHouse(t *testing.T) {
	h := startForAgents(t, "SEANCE_OPERATOR_READ_ONLY=true")
	for _, one := range servers {
		list, err := h.agent(t, one.name, "", false, nil).ListTools(t.Context(), nil)
		if err != nil || len(list.Tools) == 0 {
			t.Fatalf("%s: %v %v", one.name, list, err)
		}
		for _, tool := range list.Tools {
			if !tool.Annotations.ReadOnlyHint {
				t.Errorf("%s offers %s", one.name, tool.Name)
			}
		}
	}
}

// BenchmarkTools calls tools 50 times a second on a database that holds 10,000 turns, over HTTP as Kiro does, and tells
// the 95th percentile of how long that takes.
func BenchmarkTools(b *testing.B) {
	const sessions, turns = 20, 500
	data := b.TempDir()
	journal, err := store.Open(b.Context(), "sqlite:"+filepath.Join(data, "seance.db"), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer journal.Close()
	ids := fill(b, journal, sessions, turns)

	for _, call := range []struct {
		server, tool string
		args         func(i int) map[string]any
	}{
		{"memory", "recall_turns", func(i int) map[string]any { return map[string]any{"seance_id": ids[i%sessions]} }},
		{"memory", "build_context", func(i int) map[string]any {
			return map[string]any{"seance_id": ids[i%sessions], "question": "Where is the silver key?"}
		}},
		{"memory", "search_memory", func(i int) map[string]any { return map[string]any{"query": fmt.Sprintf("key %d", i%turns)} }},
		{"memory", "append_turn", func(i int) map[string]any {
			return map[string]any{"turn_id": newID(), "seance_id": ids[i%sessions], "speaker": "host", "kind": "note", "text": "A note."}
		}},
		{"participants", "find_participants", func(int) map[string]any { return map[string]any{} }},
		{"analytics", "list_responses", func(int) map[string]any { return map[string]any{} }},
	} {
		b.Run(call.tool, func(b *testing.B) {
			s, err := makeServer(call.server, journal, tools.Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			address, err := bench.FreeAddress()
			if err != nil {
				b.Fatal(err)
			}
			server := &http.Server{Addr: address, Handler: listen.Handler(s, nil), ReadHeaderTimeout: time.Second}
			served := begin(server.ListenAndServe)
			defer func() { _ = server.Close(); <-served }()
			var c *mcp.ClientSession
			for range 100 { // until it listens
				if c, err = mcp.NewClient(&mcp.Implementation{Name: "b", Version: "1"}, nil).Connect(b.Context(), &mcp.StreamableClientTransport{Endpoint: "http://" + address}, nil); err == nil {
					break
				}
				time.Sleep(10 * time.Millisecond)
			}
			if err != nil {
				b.Fatal(err)
			}
			defer c.Close()
			var took []time.Duration
			pace := time.NewTicker(20 * time.Millisecond)
			defer pace.Stop()
			for i := 0; b.Loop(); i++ {
				<-pace.C
				began := time.Now()
				if err := do(b.Context(), c, call.tool, call.args(i), nil); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
		})
	}
}

// fill keeps sessions with turns, half of them questions and half answers, and returns the sessions' ids.
func fill(b *testing.B, journal seance.Archive, sessions, turns int) (ids []string) {
	b.Helper()
	for i := range sessions {
		s := seance.Session{ID: seance.SessionID(newID()), Code: fmt.Sprintf("RAVEN-%03d", 100+i), StartedAt: time.Now()}
		if err := journal.OpenSession(b.Context(), s); err != nil {
			b.Fatal(err)
		}
		ids = append(ids, string(s.ID))
		var writing sync.WaitGroup
		for part := range 10 {
			writing.Go(func() {
				for j := range turns / 20 {
					q, err := journal.Append(b.Context(), seance.Message{
						ID: seance.MessageID(newID()), Session: s.ID, Kind: seance.KindQuestion, At: time.Now(),
						Text: fmt.Sprintf("Where is key %d?", part*turns/20+j),
					})
					if err == nil {
						_, err = journal.Append(b.Context(), seance.Message{
							ID: seance.MessageID(newID()), Session: s.ID, Kind: seance.KindAnswer, At: time.Now(),
							Board: "UNDER THE STAIR", Refers: q.Seq, Score: &seance.Score{}, Source: seance.SourceOracle,
						})
					}
					if err != nil {
						b.Error(err)
						return
					}
				}
			})
		}
		writing.Wait()
	}
	return ids
}
