package kiro

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"time"
)

// maxLine bounds a line from the agent, in bytes. What it says to us is a few hundred; longer lines are skipped.
const maxLine = 1 << 20

// Codes of JSON-RPC and of ACP.
const (
	codeMethodNotFound = -32601
	codeInvalidParams  = -32602
	codeAuthRequired   = -32000
)

// errGone means that the agent closed its end.
var errGone = errors.New("kiro-cli ended")

// A frame is any message of JSON-RPC 2.0.
type frame struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id,omitempty"` // a number or a string; ours are numbers
	Method  string          `json:"method,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *rpcError       `json:"error,omitempty"`
}

// hasID reports whether f is a request or a response. Without one it is a notification.
func (f frame) hasID() bool { return len(f.ID) > 0 && !bytes.Equal(f.ID, []byte("null")) }

// answers reports whether f is the response to our request id.
func (f frame) answers(id json.RawMessage) bool { return f.Method == "" && bytes.Equal(f.ID, id) }

func (f frame) valid() bool {
	return f.Version == "2.0" && (f.Method != "" || f.hasID() && (f.Result != nil || f.Error != nil))
}

// An rpcError is the agent's refusal of a request. Its data is left out: it may hold what was asked.
type rpcError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

// Error says code and message, cut to a line.
func (e *rpcError) Error() string { return fmt.Sprintf("error %d: %s", e.Code, oneLine(e.Message)) }

// brief is e without what its message says in particular.
func (e *rpcError) brief() *rpcError {
	message := e.Message
	if i := strings.IndexAny(message, ":(\"'`\n"); i >= 0 {
		message = strings.TrimSpace(message[:i])
	}
	return &rpcError{e.Code, message}
}

// A wire carries frames, one a line. One goroutine at a time may use it, beside the one that reads.
type wire struct {
	in      chan frame // closed when the agent closed its end
	skipped atomic.Int64
	quit    chan struct{} // closed when nobody takes frames any more

	out    io.Writer
	within time.Duration // for a write, where out knows deadlines
	next   int           // id of our next request
}

func newWire(out io.Writer, within time.Duration) *wire {
	return &wire{in: make(chan frame, 16), quit: make(chan struct{}), out: out, within: within}
}

// read passes on what is JSON-RPC and counts what is not, until r ends or quit is closed.
func (w *wire) read(r io.Reader) {
	defer close(w.in)
	lines := bufio.NewReaderSize(r, 64<<10)
	for {
		line, err := readLine(lines)
		var f frame
		switch {
		case err != nil:
			return
		case line == nil || json.Unmarshal(line, &f) != nil || !f.valid():
			w.skipped.Add(1)
			continue
		}
		select {
		case w.in <- f:
		case <-w.quit:
			return
		}
	}
}

// readLine returns the next line, or nil for one longer than maxLine, which is gone then.
func readLine(r *bufio.Reader) ([]byte, error) {
	line := []byte{}
	for {
		part, err := r.ReadSlice('\n')
		if line != nil && len(line)+len(part) <= maxLine {
			line = append(line, part...)
		} else {
			line = nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}

// request sends a request and returns its id.
func (w *wire) request(method string, params any) (json.RawMessage, error) {
	id := json.RawMessage(fmt.Sprint(w.next))
	w.next++
	return id, w.send(frame{ID: id, Method: method}, params)
}

// notify sends what has no response.
func (w *wire) notify(method string, params any) error { return w.send(frame{Method: method}, params) }

// reply answers the agent's request.
func (w *wire) reply(id json.RawMessage, result any) error {
	raw, err := json.Marshal(result)
	if err != nil {
		return err
	}
	return w.write(frame{ID: id, Result: raw})
}

// refuse answers the agent's request for something that we do not have.
func (w *wire) refuse(id json.RawMessage) error {
	return w.write(frame{ID: id, Error: &rpcError{Code: codeMethodNotFound, Message: "Method not found"}})
}

func (w *wire) send(f frame, params any) error {
	raw, err := json.Marshal(params)
	if err != nil {
		return err
	}
	f.Params = raw
	return w.write(f)
}

// write never waits longer than within: an agent that does not read is as good as gone.
func (w *wire) write(f frame) error {
	f.Version = "2.0"
	line, err := json.Marshal(f)
	if err != nil {
		return err
	}
	if pipe, ok := w.out.(interface{ SetWriteDeadline(time.Time) error }); ok {
		_ = pipe.SetWriteDeadline(time.Now().Add(w.within)) // a pipe without deadlines just waits
	}
	if _, err := w.out.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("%w: %w", errGone, err)
	}
	return nil
}

// await hands what arrives to meet until the response to id does, ctx ends or the agent is gone. Nothing is taken once
// ctx is done.
func (w *wire) await(ctx context.Context, id json.RawMessage, meet func(frame) error) (json.RawMessage, error) {
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case f, ok := <-w.in:
			switch {
			case !ok:
				return nil, errGone
			case !f.answers(id):
				if err := meet(f); err != nil {
					return nil, err
				}
			case f.Error != nil:
				return nil, f.Error
			default:
				return f.Result, nil
			}
		}
	}
	return nil, context.Cause(ctx)
}
