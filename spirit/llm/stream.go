package llm

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"seance/spirit"
)

const (
	maxLine   = 256 << 10 // bytes of one event; what holds a few words is below 2 KB
	maxStream = 4 << 20   // bytes of one answer, with everything that was thought before it
)

var errCut = errors.New("the stream ended before it said why")

// A stream is the body of an answer as langchaingo may read it: of every event only text and end are passed on, in a
// form that holds nothing else. What it would swallow, spell as if it were text, or stumble over is dealt with here:
// errors in mid-stream, thoughts, calls of tools, other choices, lines of any length, bytes that are no text. What the
// events say goes into the CallInfo.
type stream struct {
	body    io.ReadCloser
	lines   *bufio.Reader
	dialect dialect
	info    *CallInfo

	mu    sync.Mutex // held while reading: Close waits for whoever reads
	left  bytes.Buffer
	read  int
	ended error // what Read says once left is empty
	think thoughts
}

func newStream(body io.ReadCloser, d dialect, info *CallInfo) *stream {
	return &stream{body: body, lines: bufio.NewReaderSize(body, 4<<10), dialect: d, info: info}
}

// Read gives the next clean event. Its error, when it is not io.EOF, is in the CallInfo too.
func (s *stream) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.left.Len() == 0 {
		if s.ended != nil {
			return 0, s.ended
		}
		s.ended = s.next()
	}
	return s.left.Read(p)
}

// Close lets go of the connection and returns when nobody reads any more.
func (s *stream) Close() error {
	err := s.body.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = errors.New("closed")
	s.left.Reset()
	return err
}

// next reads one line and puts what it means into left. It fails at the end, whichever it is.
func (s *stream) next() error {
	line, err := s.line()
	if data, ok := bytes.CutPrefix(line, []byte("data:")); ok {
		if err := s.event(bytes.TrimSpace(data)); err != nil {
			return err
		}
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF):
		s.left.Write(s.dialect.end(s.info))
		return io.EOF
	default:
		s.info.fail(&spirit.Failure{Kind: spirit.FailedTruncated, Err: errCut})
		return err
	}
}

func (s *stream) event(data []byte) error {
	if bytes.Equal(data, []byte("[DONE]")) {
		s.left.Write(s.dialect.end(s.info))
		return io.EOF
	}
	ev, ok := s.dialect.parse(data)
	if !ok {
		return nil
	}
	if ev.failed {
		f := failed("an error in mid-stream", 200, nil, data)
		s.info.fail(f)
		return f
	}
	s.info.note(ev)
	if text := s.think.strip(ev.text); text != "" {
		s.left.Write(s.dialect.text(text))
	}
	if ev.done {
		s.left.Write(s.dialect.end(s.info))
		return io.EOF
	}
	return nil
}

// line reads one line without its end. A line or an answer that is too long is an error.
func (s *stream) line() ([]byte, error) {
	var line []byte
	for {
		part, err := s.lines.ReadSlice('\n')
		line = append(line, part...)
		s.read += len(part)
		if len(line) > maxLine || s.read > maxStream {
			return nil, fmt.Errorf("more than %d bytes in a line, or %d in all", maxLine, maxStream)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return bytes.TrimRight(line, "\r\n"), err
		}
	}
}

// thoughts leaves out what a model thought before its answer where a server passes it on as text: between <think> and
// </think>, at the very beginning.
type thoughts struct {
	held string // what may still become one of the marks
	over bool   // the answer has begun
}

const thinks, thought = "<think>", "</think>"

func (t *thoughts) strip(text string) string {
	if t.over || text == "" {
		return text
	}
	t.held += text
	begun := strings.TrimLeft(t.held, " \t\r\n")
	switch {
	case strings.HasPrefix(begun, thinks):
		_, answer, ended := strings.Cut(begun, thought)
		if !ended {
			t.held = thinks + begun[max(len(thinks), len(begun)-len(thought)):] // no need to keep the thoughts
			return ""
		}
		t.held, t.over = "", true
		return answer
	case strings.HasPrefix(thinks, begun):
		return "" // empty as yet, or the beginning of the mark
	default:
		t.over = true
		return t.held
	}
}

// An event is what one line of a stream says, whoever says it.
type event struct {
	text   string
	reason string // why it ends, in the service's word; empty while it goes on
	model  string
	usage  usage
	failed bool // it is the report of an error
	done   bool // nothing comes after it
}

// A dialect is how a kind of service streams: how its events are read, and how the clean ones are written that
// langchaingo's package for it reads.
type dialect interface {
	parse(data []byte) (event, bool)
	text(text string) []byte
	end(info *CallInfo) []byte
}

func encoded(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and numbers can be written
	}
	return append(append([]byte("data: "), raw...), "\n\n"...)
}
