package listen

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// What is kept of a session of the older era, for a client that lost a stream and asks for the rest of it.
const (
	keptStreams = 32        // beside the one for notices
	keptBytes   = 256 << 10 // the last event is kept even if it is longer
)

// events is an mcp.EventStore with bounds for each session: the SDK's own keeps a stream for every call that a session
// ever made, and refuses a client its stream of notices for good once the first of them is gone.
type events struct {
	mu       sync.Mutex // guards what is below
	sessions map[string]*told
}

// told is what one session was told lately.
type told struct {
	streams []*stream // oldest first
	bytes   int
}

// A stream is the end of one answer's events, or of the notices, which have no name.
type stream struct {
	name  string
	first int // place of data[0] in the stream
	data  [][]byte
}

var _ mcp.EventStore = (*events)(nil)

func newEvents() *events { return &events{sessions: map[string]*told{}} }

// Open begins a stream, and lets go of one that is too old.
func (e *events) Open(_ context.Context, session, name string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	t := e.sessions[session]
	if t == nil {
		t = &told{}
		e.sessions[session] = t
	}
	if t.find(name) == nil {
		t.streams = append(t.streams, &stream{name: name})
	}
	if len(t.streams) > 1+keptStreams {
		oldest := slices.IndexFunc(t.streams, func(s *stream) bool { return s.name != "" })
		t.bytes -= t.streams[oldest].bytes()
		t.streams = slices.Delete(t.streams, oldest, oldest+1)
	}
	return nil
}

// Append keeps an event of a stream that is still kept.
func (e *events) Append(_ context.Context, session, name string, data []byte) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	t := e.sessions[session]
	s := t.find(name)
	if s == nil {
		return nil
	}
	s.data = append(s.data, data)
	t.bytes += len(data)
	for t.bytes > keptBytes {
		oldest := slices.IndexFunc(t.streams, func(o *stream) bool { return len(o.data) > 1 || len(o.data) == 1 && o != s })
		if oldest < 0 {
			break
		}
		t.bytes -= t.streams[oldest].drop()
	}
	return nil
}

// After tells what came after an event of a stream. A client that asks for its notices from the first on gets those
// that are left if none is gone, and else those that are still to come.
func (e *events) After(_ context.Context, session, name string, index int) iter.Seq2[[]byte, error] {
	data, err := e.after(session, name, index)
	return func(yield func([]byte, error) bool) {
		if err != nil {
			yield(nil, err)
			return
		}
		for _, d := range data {
			if !yield(d, nil) {
				return
			}
		}
	}
}

func (e *events) after(session, name string, index int) ([][]byte, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	t := e.sessions[session]
	s := t.find(name)
	if s == nil {
		return nil, fmt.Errorf("stream %q: %w", name, mcp.ErrEventsPurged)
	}
	if index < 0 && name == "" && s.first > 0 {
		t.bytes -= s.bytes()
		s.first, s.data = 0, nil // the SDK counts its events anew
	}
	from := index + 1 - s.first
	if from < 0 {
		return nil, fmt.Errorf("stream %q from %d: %w", name, index, mcp.ErrEventsPurged)
	}
	return slices.Clone(s.data[min(from, len(s.data)):]), nil
}

// SessionClosed forgets a session.
func (e *events) SessionClosed(_ context.Context, session string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.sessions, session)
	return nil
}

// find returns a stream that is kept, nil if it is not.
func (t *told) find(name string) *stream {
	if t == nil {
		return nil
	}
	if i := slices.IndexFunc(t.streams, func(s *stream) bool { return s.name == name }); i >= 0 {
		return t.streams[i]
	}
	return nil
}

func (s *stream) bytes() (n int) {
	for _, d := range s.data {
		n += len(d)
	}
	return n
}

// drop lets go of the first event and returns how long it was.
func (s *stream) drop() int {
	n := len(s.data[0])
	s.data[0] = nil
	s.data, s.first = s.data[1:], s.first+1
	return n
}
