package listen

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"seance/mcp/tools"
)

// finish is how long calls may go on after the last of the input: clients expect a server to end within 2 s.
const finish = 1500 * time.Millisecond

// Stdio serves s to one client, a JSON-RPC message a line, until in ends or ctx is done. Calls that came before the end
// of in are answered, but for 1.5 s at most. Nothing but the protocol is written to out. When ctx is done, a read of in
// that is under way is left behind.
func Stdio(ctx context.Context, s *tools.Server, in io.Reader, out io.Writer) error {
	pipe := &mcp.IOTransport{Reader: io.NopCloser(in), Writer: nopCloser{out}, MaxLineLength: maxBody}
	session, err := s.MCP().Connect(ctx, patient{pipe}, nil)
	if err != nil {
		return fmt.Errorf("stdio: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- session.Wait() }() // it is waited for below
	select {
	case err = <-ended:
	case <-ctx.Done():
		err = errors.Join(session.Close(), <-ended)
	}
	gone := slices.ContainsFunc(left, func(l error) bool { return errors.Is(err, l) })
	if err != nil && ctx.Err() == nil && !gone {
		return fmt.Errorf("stdio: %w", err)
	}
	return nil
}

// left are the ways in which one learns that the client is gone.
var left = []error{io.EOF, io.ErrClosedPipe, syscall.EPIPE}

type nopCloser struct{ io.Writer }

// Close does nothing.
func (nopCloser) Close() error { return nil }

// patient is a transport whose input does not end before what was asked is answered: the SDK would give up the calls
// that are being made, and a client may close its end as soon as it has written.
type patient struct{ mcp.Transport }

// Connect makes a connection.
func (p patient) Connect(ctx context.Context) (mcp.Connection, error) {
	inner, err := p.Transport.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &patientConn{Connection: inner, asked: map[jsonrpc.ID]bool{}, closed: make(chan struct{})}, nil
}

type patientConn struct {
	mcp.Connection
	close  sync.Once
	closed chan struct{}

	mu    sync.Mutex // guards what is below
	asked map[jsonrpc.ID]bool
	none  chan struct{} // closed when nothing is asked any more; nil until somebody wants to know
}

// Read reads a message; it holds back the end of the input until all calls are answered.
func (c *patientConn) Read(ctx context.Context) (jsonrpc.Message, error) {
	message, err := c.Connection.Read(ctx)
	if call, ok := message.(*jsonrpc.Request); ok && err == nil && call.IsCall() && call.Method != "subscriptions/listen" {
		c.mu.Lock()
		c.asked[call.ID] = true
		c.mu.Unlock()
	}
	if errors.Is(err, io.EOF) {
		late := time.NewTimer(finish)
		defer late.Stop()
		select {
		case <-c.answered():
		case <-c.closed:
		case <-late.C:
		case <-ctx.Done():
		}
	}
	return message, err
}

// answered is closed when nothing is left to be answered.
func (c *patientConn) answered() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.none = make(chan struct{})
	if len(c.asked) == 0 {
		close(c.none)
	}
	return c.none
}

// Write writes a message.
func (c *patientConn) Write(ctx context.Context, message jsonrpc.Message) error {
	err := c.Connection.Write(ctx, message)
	if answer, ok := message.(*jsonrpc.Response); ok {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.asked[answer.ID] {
			if delete(c.asked, answer.ID); len(c.asked) == 0 && c.none != nil {
				close(c.none)
			}
		}
	}
	return err
}

// Close ends the connection.
func (c *patientConn) Close() error {
	c.close.Do(func() { close(c.closed) })
	return c.Connection.Close()
}
