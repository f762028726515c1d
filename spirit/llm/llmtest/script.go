// Package llmtest is a language model that plays from a script: a real HTTP server on loopback which streams as OpenAI's
// chat completions do, and as Anthropic's Messages when it is asked at such a path. It speaks and fails as services were
// seen to. Only tests import it.
package llmtest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// A Turn is what the server does with one question.
type Turn struct {
	Wait   time.Duration     // before anything, headers included
	Status int               // 200 if zero
	Header map[string]string // beside Content-Type
	Body   string            // all there is to the answer, if it is set: an error, or something that is no stream
	Steps  []Step            // of a stream
}

// A Step writes a piece of a stream. Its error ends the answer as if the line were cut.
type Step func(*Stage) error

// A Stage is an answer on its way to one client.
type Stage struct {
	out       io.Writer
	flush     func()
	gone      <-chan struct{} // the client has left
	closing   <-chan struct{} // the server is closed
	anthropic bool
	text      int // blocks begun
}

// Refuse answers with a status and a body that says so in JSON.
func Refuse(status int, body string, header map[string]string) Turn {
	return Turn{Status: status, Header: header, Body: body}
}

// Say streams text in these pieces, then ends as a model that has said everything: with reason, usage and the last mark.
func Say(pieces ...string) Turn {
	steps := make([]Step, 0, len(pieces)+2)
	for _, piece := range pieces {
		steps = append(steps, Text(piece))
	}
	return Turn{Steps: append(steps, Finish("stop"), Usage(20, 10), Done())}
}

// Text streams a piece of text.
func Text(piece string) Step {
	return func(s *Stage) error {
		if !s.anthropic {
			return s.chunk(map[string]any{"content": piece}, nil)
		}
		if err := s.block("text"); err != nil {
			return err
		}
		return s.send("content_block_delta", map[string]any{"index": 0, "delta": map[string]any{"type": "text_delta", "text": piece}})
	}
}

// Think streams what models think before they answer.
func Think(piece string) Step {
	return func(s *Stage) error {
		if !s.anthropic {
			return s.chunk(map[string]any{"reasoning_content": piece}, nil)
		}
		return s.send("content_block_delta", map[string]any{"index": 9, "delta": map[string]any{"type": "thinking_delta", "thinking": piece}})
	}
}

// CallTool streams a call of a tool that nobody offered.
func CallTool() Step {
	return func(s *Stage) error {
		if !s.anthropic {
			return s.chunk(map[string]any{"tool_calls": []any{map[string]any{
				"index": 0, "id": "call_1", "type": "function", "function": map[string]any{"name": "knock", "arguments": `{"times":3}`},
			}}}, nil)
		}
		return s.send("content_block_delta", map[string]any{"index": 1, "delta": map[string]any{"type": "input_json_delta", "partial_json": `{"times":3}`}})
	}
}

// Finish says why the model stops: "stop", "length", "content_filter", "tool_calls". Anthropic's words are its own.
func Finish(reason string) Step {
	return func(s *Stage) error {
		if !s.anthropic {
			return s.chunk(map[string]any{}, reason)
		}
		own := map[string]string{"stop": "end_turn", "length": "max_tokens", "content_filter": "refusal", "tool_calls": "tool_use"}
		return s.send("message_delta", map[string]any{"delta": map[string]any{"stop_reason": own[reason]}, "usage": map[string]any{"output_tokens": 10}})
	}
}

// Usage says what the call took so far, in tokens.
func Usage(in, out int) Step {
	return func(s *Stage) error {
		if !s.anthropic {
			return s.data(map[string]any{"object": "chat.completion.chunk", "choices": []any{}, "usage": map[string]any{
				"prompt_tokens": in, "completion_tokens": out, "total_tokens": in + out,
			}})
		}
		return s.send("message_delta", map[string]any{"delta": map[string]any{}, "usage": map[string]any{"input_tokens": in, "output_tokens": out}})
	}
}

// Done writes the mark that nothing follows.
func Done() Step {
	return func(s *Stage) error {
		if !s.anthropic {
			return s.Raw("data: [DONE]\n\n")
		}
		return s.send("message_stop", map[string]any{})
	}
}

// Error streams the report of an error, as services do that fail when headers are out already.
func Error(kind string) Step {
	return func(s *Stage) error {
		if !s.anthropic {
			return s.data(map[string]any{"error": map[string]any{"message": "The server is in trouble", "type": kind, "code": nil}})
		}
		return s.send("error", map[string]any{"error": map[string]any{"type": kind, "message": "The server is in trouble"}})
	}
}

// Raw streams bytes as they are.
func Raw(bytes string) Step { return func(s *Stage) error { return s.Raw(bytes) } }

// Wait pauses.
func Wait(d time.Duration) Step {
	return func(s *Stage) error {
		select {
		case <-time.After(d):
			return nil
		case <-s.gone:
			return io.ErrClosedPipe
		case <-s.closing:
			return http.ErrAbortHandler
		}
	}
}

// Hang pauses until the client has left.
func Hang() Step { return Wait(time.Hour) }

// Cut breaks the connection.
func Cut() Step { return func(*Stage) error { return http.ErrAbortHandler } }

// Raw writes bytes as they are.
func (s *Stage) Raw(bytes string) error {
	if _, err := io.WriteString(s.out, bytes); err != nil {
		return err
	}
	s.flush()
	return nil
}

func (s *Stage) chunk(delta map[string]any, reason any) error {
	return s.data(map[string]any{
		"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "scripted-1",
		"choices": []any{map[string]any{"index": 0, "delta": delta, "finish_reason": reason}},
	})
}

func (s *Stage) data(v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return s.Raw("data: " + string(raw) + "\n\n")
}

// block begins an answer of Anthropic's and its one block, once.
func (s *Stage) block(kind string) error {
	if s.text++; s.text > 1 {
		return nil
	}
	if err := s.send("message_start", map[string]any{"message": map[string]any{
		"id": "msg_1", "model": "scripted-1", "role": "assistant",
		"usage": map[string]any{"input_tokens": 20, "output_tokens": 1},
	}}); err != nil {
		return err
	}
	return s.send("content_block_start", map[string]any{"index": 0, "content_block": map[string]any{"type": kind, "text": ""}})
}

func (s *Stage) send(kind string, v map[string]any) error {
	v["type"] = kind
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return s.Raw(fmt.Sprintf("event: %s\ndata: %s\n\n", kind, raw))
}

func isAnthropic(path string) bool { return strings.HasSuffix(path, "/messages") }
