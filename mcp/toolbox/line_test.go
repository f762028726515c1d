package toolbox

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"seance/internal/seance"
	"seance/mcp/memory"
	"seance/mcp/participants"
	"seance/mcp/tools"
	"seance/spirit"
	"seance/steering"
)

// handmade serves by hand: serve gets what the toolbox writes and where it reads. It ends when both are closed.
func handmade(serve func(in io.ReadCloser, out io.WriteCloser)) dialer {
	return func(context.Context) (ends, func() error, error) {
		ours := ends{}
		in, theirs := io.Pipe()
		out, back := io.Pipe()
		ours.out, ours.in = theirs, out
		done := make(chan struct{})
		go func() {
			defer close(done)
			serve(in, back)
			_ = in.Close()
			_ = back.Close()
		}()
		return ours, func() error { <-done; return nil }, nil
	}
}

// answers reads requests and writes what say makes of each until nobody asks any more. An empty line is not written.
func answers(say func(method string, id json.RawMessage) string) dialer {
	return handmade(func(in io.ReadCloser, out io.WriteCloser) {
		for lines := bufio.NewScanner(in); lines.Scan(); {
			var request struct {
				ID     json.RawMessage
				Method string
			}
			if json.Unmarshal(lines.Bytes(), &request) != nil || request.ID == nil {
				continue
			}
			if line := say(request.Method, request.ID); line != "" {
				if _, err := io.WriteString(out, line+"\n"); err != nil {
					return
				}
			}
		}
	})
}

const greeting = `{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"x","version":"1"}}`

// welcomes answers the handshake of the old era, and leaves everything else to say.
func welcomes(say func(id json.RawMessage) string) dialer {
	return answers(func(method string, id json.RawMessage) string {
		switch method {
		case "server/discover":
			return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"error":{"code":-32601,"message":"what?"}}`, id)
		case "initialize":
			return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":%s}`, id, greeting)
		}
		return say(id)
	})
}

func empty() Servers {
	return Servers{memory.New(nil, tools.Options{}), participants.New(nil, tools.Options{}), nil}
}

// rogues are servers that do what no server should.
func rogues() map[string]dialer {
	shut := func(in io.ReadCloser, out io.WriteCloser) {}
	filler := strings.Repeat("x", 60<<10)
	return map[string]dialer{
		"refuses the line":         func(context.Context) (ends, func() error, error) { return ends{}, nil, errors.New("no") },
		"is gone at once":          handmade(shut),
		"reads and says nothing":   handmade(func(in io.ReadCloser, _ io.WriteCloser) { _, _ = io.Copy(io.Discard, in) }),
		"does not even read":       deaf(),
		"hangs after the greeting": welcomes(func(json.RawMessage) string { return "" }),
		"talks nonsense":           welcomes(func(json.RawMessage) string { return `{"jsonrpc":"2.0","id":"nobody's","result":[]}` + "\n%%%" }),
		"answers with nothing":     welcomes(func(id json.RawMessage) string { return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":{}}`, id) }),
		"answers with another shape": welcomes(func(id json.RawMessage) string {
			return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":{"content":[],"structuredContent":{"answered":7}}}`, id)
		}),
		"answers with an error": welcomes(func(id json.RawMessage) string {
			return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"error":{"code":-32603,"message":"broken"}}`, id)
		}),
		"refuses the tool": welcomes(func(id json.RawMessage) string {
			return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":{"isError":true,"content":[{"type":"text","text":"not now"}]}}`, id)
		}),
		"floods with notices": flooded(`{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"` + filler + `"}}` + "\n"),
		"floods one line":     flooded(filler),
	}
}

// deaf greets and then reads nothing any more, so that whoever writes to it is stuck.
func deaf() dialer {
	return handmade(func(in io.ReadCloser, out io.WriteCloser) {
		lines := bufio.NewReaderSize(in, 16)
		for range 2 {
			line, err := lines.ReadString('\n')
			if err != nil {
				return
			}
			var request struct {
				ID     json.RawMessage
				Method string
			}
			_ = json.Unmarshal([]byte(line), &request)
			answer := fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"error":{"code":-32601,"message":"what?"}}`, request.ID)
			if request.Method == "initialize" {
				answer = fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":%s}`, request.ID, greeting)
			}
			_, _ = io.WriteString(out, answer+"\n")
		}
		_, _ = lines.ReadString('\n') // that it is initialized
		// Nothing of theirs is read until they hang up, which shows in writing.
		for err := error(nil); err == nil; {
			_, err = io.WriteString(out, "\n")
		}
	})
}

// flooded greets and then says the same again and again, whether anybody asks or not.
func flooded(text string) dialer {
	return func(ctx context.Context) (ends, func() error, error) {
		var out io.WriteCloser
		inner := welcomes(func(json.RawMessage) string {
			for {
				if _, err := io.WriteString(out, text); err != nil {
					return ""
				}
			}
		})
		e, wait, err := inner(ctx)
		pipe, theirs := io.Pipe()
		out = theirs
		go func() { // ends when either side is closed
			_, err := io.Copy(theirs, e.in)
			_ = theirs.CloseWithError(err)
		}()
		return ends{in: both{pipe, e.in}, out: e.out}, wait, err
	}
}

// both closes two things.
type both struct {
	io.ReadCloser
	other io.Closer
}

func (b both) Close() error { return errors.Join(b.ReadCloser.Close(), b.other.Close()) }

// Whatever a memory does, the answer comes, and not later than it would have without.
func TestABadMemoryCostsTheMemory(t *testing.T) {
	for what, rogue := range rogues() {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			box := boxWith(t, rogue, rogue, rogue, Options{})
			q := questionOf(seance.Message{ID: "m", Session: "s", Seq: 7, Participant: "ms", Text: "Who?"})
			for range 3 {
				began := time.Now()
				if was, err := box.Recall(t.Context(), q, 8); err == nil {
					t.Errorf("it recalls %+v", was)
				}
				if took := time.Since(began); took > time.Second {
					t.Errorf("recalling takes %v", took)
				}
			}
			s := spirit.New(spirit.Options{Personas: cast{}, Last: lamp{}, Memory: box, Observe: box.Log})
			var heard []string
			must(t, s.Answer(t.Context(), q, func(p seance.Part) error { heard = append(heard, p.Text); return nil }))
			same(t, "the table hears", []string{"LAMP", "It burns."}, heard)
		})
	}
}

// boxWith is a toolbox that is not waited for when it is opened: its servers may be anything.
func boxWith(t *testing.T, memory, participants, analytics dialer, o Options) *Toolbox {
	t.Helper()
	box := begin(t.Context(), memory, participants, analytics, o)
	t.Cleanup(func() { must(t, box.Close()) })
	return box
}

type cast struct{}

func (cast) Persona(id string) (steering.Persona, bool) { return steering.Plain(id), true }
func (cast) Lore() []steering.Lore                      { return nil }

// A lamp is a mind that needs nothing.
type lamp struct{}

func (lamp) Name() string { return "lamp" }
func (lamp) Complete(_ context.Context, _ spirit.Prompt, emit func(string) error) (spirit.Result, error) {
	return spirit.Result{Source: seance.SourceOracle}, emit("LAMP\nIt burns.")
}

func TestSlowMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box := begin(t.Context(), rogues()["reads and says nothing"], pipeTo(empty().Participants), pipeTo(empty().Participants), Options{})
		began := time.Now()
		q := questionOf(seance.Message{ID: "m", Session: "s", Seq: 7, Participant: "as", Text: "Who?"})
		_, err := box.Recall(t.Context(), q, 8)
		if took := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || took != 150*time.Millisecond {
			t.Errorf("%v after %v", err, took)
		}
		must(t, box.Close()) // and nothing of it runs any more, or the test fails
	})
}

// A server whose store hangs is given up, and found again once that has come back.
func TestAStoreThatHangs(t *testing.T) {
	h := enter(t, Options{})
	stuck := &stuckStore{Archive: h.Archive}
	box, err := Open(t.Context(), serversOf(stuck), Options{})
	must(t, err)
	t.Cleanup(func() { must(t, box.Close()) })
	q := questionOf(h.asks("s", "a", "Who?"))
	for _, stops := range []bool{true, false} {
		hung := make(chan struct{})
		stuck.hung.Store(&hung)
		stuck.stops.Store(stops)
		for range 3 {
			if _, err := box.Recall(t.Context(), q, 8); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("a hanging store: %v", err)
			}
		}
		stuck.hung.Store(nil)
		close(hung)
		_, err := box.Recall(t.Context(), q, 8)
		for tries := 0; err != nil && tries < 20; tries++ { // a busy machine may take longer than a memory has
			_, err = box.Recall(t.Context(), q, 8)
		}
		if err != nil {
			t.Errorf("once it is back: %v", err)
		}
	}
}

// A stuckStore hangs when it is asked for turns.
type stuckStore struct {
	seance.Archive
	hung  atomic.Pointer[chan struct{}]
	stops atomic.Bool // when it is told to
}

func (s *stuckStore) Turns(ctx context.Context, q seance.TurnQuery) ([]seance.Turn, string, int, error) {
	if hung := s.hung.Load(); hung != nil {
		stop := ctx.Done()
		if !s.stops.Load() {
			stop = nil
		}
		select {
		case <-*hung:
		case <-stop:
			return nil, "", 0, ctx.Err()
		}
	}
	return s.Archive.Turns(ctx, q)
}

func TestALineThatBrokeIsMadeAnew(t *testing.T) {
	h := enter(t, Options{Within: time.Minute})
	q := questionOf(h.asks("s", "a", "Who?"))
	h.recalls(q, 8)
	for _, hangUp := range []func(c *conn){
		func(c *conn) { c.hangUp() },
		func(c *conn) { _ = c.in.Close() },
		func(c *conn) { _ = c.out.Close() },
	} {
		h.memory.mu.Lock()
		c := h.memory.now
		h.memory.mu.Unlock()
		hangUp(c)
		<-c.gone
		h.recalls(q, 8)
	}
	// What is to be written comes through, too.
	h.analytics.now.hangUp()
	h.Log(spirit.Call{Session: "s", Message: q.Message.ID, Mind: "lamp"})
	h.drain()
	if _, _, err := h.Response(t.Context(), string(q.Message.ID)+"/lamp"); err != nil {
		t.Error(err)
	}
}

func TestAServerThatCannotBeReached(t *testing.T) {
	dead := func(context.Context) (ends, func() error, error) { return ends{}, nil, errors.New("no") }
	for want, d := range map[string][3]dialer{
		"memory":    {dead, pipeTo(empty().Participants), pipeTo(empty().Memory)},
		"analytics": {pipeTo(empty().Memory), pipeTo(empty().Participants), dead},
	} {
		if _, err := open(t.Context(), d[0], d[1], d[2], Options{}); err == nil || !strings.Contains(err.Error(), "reach "+want) {
			t.Errorf("opened without its %s: %v", want, err)
		}
	}
}

// Nothing runs any more once it is closed, and nothing is asked any more either.
func TestClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box, err := Open(t.Context(), Servers{empty().Memory, empty().Participants, empty().Memory}, Options{})
		must(t, err)
		for range 2 {
			must(t, box.Close())
		}
		if _, err := box.Recall(t.Context(), questionOf(seance.Message{Session: "s"}), 8); !errors.Is(err, errClosed) {
			t.Errorf("recalled after it was closed: %v", err)
		}
		box.Log(spirit.Call{Session: "s"})
		if box.Dropped() != 1 {
			t.Errorf("%d dropped, want 1", box.Dropped())
		}
	})
}
