package toolbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/client/transport"
	asked "github.com/mark3labs/mcp-go/mcp"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"seance/mcp/tools"
)

var (
	errClosed = errors.New("the toolbox is closed")
	errBroken = errors.New("the line to the server broke")
)

const (
	shakeFor = 2 * time.Second       // to the end of a handshake
	stuckFor = 50 * time.Millisecond // what a call that was given up may take to notice it; then the line is hung up
	// flood is the most bytes that a server may send since it was last asked something. A page of memory has some 100 KB.
	flood = 4 << 20
)

// ends are what a client reads and writes. serve ends when both are closed.
type ends struct {
	in  io.ReadCloser
	out io.WriteCloser
}

// A dialer begins to serve somebody, and returns their ends. wait returns when the server is done with them.
type dialer func(ctx context.Context) (e ends, wait func() error, err error)

// pipeTo serves over pipes within this process: two SDKs, and nothing between them but lines of JSON.
func pipeTo(s *tools.Server) dialer {
	return func(ctx context.Context) (ends, func() error, error) {
		ours, theirs := ends{}, mcp.IOTransport{}
		theirs.Reader, ours.out = io.Pipe()
		ours.in, theirs.Writer = io.Pipe()
		session, err := s.MCP().Connect(ctx, &theirs, nil)
		if err != nil {
			return ends{}, nil, err
		}
		return ours, session.Wait, nil
	}
}

// A line leads to one server. It is made when it is first needed, and again after it has broken.
type line struct {
	name string
	dial dialer

	mu     sync.Mutex // guards what is below
	now    *conn
	closed bool
	tasks  sync.WaitGroup // calls, handshakes and servers that are not done yet
}

// A conn is a line as it is now.
type conn struct {
	ends
	client *client.Client
	ready  chan struct{} // closed after the handshake, whatever came of it
	err    error         // what came of it

	once sync.Once
	gone chan struct{} // closed when it is hung up or has broken

	mu    sync.Mutex // guards heard
	heard int        // bytes since the last call
}

// hangUp ends a conn. Whoever waits for an answer stops waiting; again is harmless.
func (c *conn) hangUp() {
	c.once.Do(func() {
		close(c.gone)
		_ = c.out.Close() // pipes: nothing can be lost that anybody waits for
		_ = c.in.Close()
	})
}

// Read is what the client reads by. Every end is a plain one for it.
func (c *conn) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	c.mu.Lock()
	c.heard += n
	over := c.heard > flood
	c.mu.Unlock()
	if over || err != nil {
		c.hangUp()
		return 0, io.EOF
	}
	return n, nil
}

// open returns the conn, and begins to make one if there is none. Others wait for it, too: it outlives ctx.
func (l *line) open(ctx context.Context) (*conn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, errClosed
	}
	if l.now != nil {
		select {
		case <-l.now.gone:
		default:
			return l.now, nil
		}
	}
	c := &conn{ready: make(chan struct{}), gone: make(chan struct{})}
	lasting := context.WithoutCancel(ctx)
	e, wait, err := l.dial(lasting)
	if err != nil {
		return nil, fmt.Errorf("reach %s: %w", l.name, err)
	}
	c.ends = e
	c.client = client.NewClient(transport.NewIO(c, e.out, nil))
	l.now = c
	l.tasks.Go(func() {
		_ = wait() // how a server ends is its own affair
		c.hangUp()
	})
	shaking, cancel := context.WithTimeout(lasting, shakeFor)
	shaken := make(chan error, 1)
	l.tasks.Go(func() {
		err := c.client.Start(shaking)
		if err == nil {
			_, err = c.client.Initialize(shaking, asked.InitializeRequest{Params: asked.InitializeParams{
				ClientInfo: asked.Implementation{Name: "seance-spirit", Version: "1"},
			}})
		}
		shaken <- err
	})
	l.tasks.Go(func() {
		defer cancel()
		defer close(c.ready)
		select {
		case c.err = <-shaken:
		case <-shaking.Done(): // it may be stuck in writing
			c.err = context.Cause(shaking)
		case <-c.gone:
			c.err = errBroken
		}
		if c.err != nil {
			c.hangUp()
		}
	})
	return c, nil
}

// reach returns once the server can be asked.
func (l *line) reach(ctx context.Context) error {
	_, err := l.reached(ctx)
	return err
}

func (l *line) reached(ctx context.Context) (*conn, error) {
	c, err := l.open(ctx)
	if err != nil {
		return nil, err
	}
	select {
	case <-c.ready:
		err = c.err
	case <-ctx.Done():
		err = context.Cause(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("reach %s: %w", l.name, err)
	}
	return c, nil
}

// A refusal is what a tool said instead of doing its work.
type refusal struct{ tool, text string }

func (r *refusal) Error() string { return r.tool + " refuses: " + r.text }

// call calls a tool and reads its result into to, which may be nil. It returns when ctx is done, whatever the server
// does. What the tool says when it fails is a *refusal.
func (l *line) call(ctx context.Context, tool string, args, to any) error {
	c, err := l.reached(ctx)
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.heard = 0
	c.mu.Unlock()

	type answer struct {
		result *asked.CallToolResult
		err    error
	}
	done := make(chan answer, 1)
	if !l.begin(func() {
		result, err := c.client.CallTool(ctx, asked.CallToolRequest{
			Params: asked.CallToolParams{Name: tool, Arguments: args},
		})
		done <- answer{result, err}
	}) {
		return errClosed
	}
	var got answer
	select {
	case got = <-done:
	case <-ctx.Done():
		l.begin(func() {
			stuck := time.NewTimer(stuckFor)
			defer stuck.Stop()
			select {
			case <-done:
			case <-stuck.C: // nobody reads what it writes
				c.hangUp()
			}
		})
		return fmt.Errorf("%s: %w", tool, context.Cause(ctx))
	case <-c.gone:
		select {
		case got = <-done: // it came just before
		default:
			return fmt.Errorf("%s: %w", tool, errBroken)
		}
	}
	switch {
	case got.err != nil:
		return fmt.Errorf("%s: %w", tool, got.err)
	case got.result.IsError:
		return &refusal{tool, textOf(got.result)}
	case to == nil:
		return nil
	}
	if err := json.Unmarshal(got.result.RawStructuredContent, to); err != nil {
		return fmt.Errorf("%s: result: %w", tool, err)
	}
	return nil
}

// begin runs f beside its caller, unless the line is closed.
func (l *line) begin(f func()) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return false
	}
	l.tasks.Go(f)
	return true
}

// close hangs up for good. wait returns once nothing of the line is under way any more.
func (l *line) close() (wait func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	if l.now != nil {
		l.now.hangUp()
	}
	return l.tasks.Wait
}

// textOf is what a result says to people.
func textOf(r *asked.CallToolResult) string {
	for _, c := range r.Content {
		if text, ok := c.(asked.TextContent); ok {
			return text.Text
		}
	}
	return "without a word"
}
