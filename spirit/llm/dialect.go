package llm

import (
	"encoding/json"
)

// chat is OpenAI's way: chat.completion.chunk objects and a closing [DONE].
type chat struct{}

func (chat) parse(data []byte) (event, bool) {
	var said struct {
		Model   string
		Error   json.RawMessage
		Choices []struct {
			Index int
			Delta struct{ Content any }
			// OpenAI's word for why it ends, null until then.
			FinishReason string `json:"finish_reason"`
		}
		Usage *struct {
			Prompt     int `json:"prompt_tokens"`
			Completion int `json:"completion_tokens"`
			Total      int `json:"total_tokens"`
		}
		Object string
	}
	if json.Unmarshal(data, &said) != nil {
		return event{}, false
	}
	if len(said.Error) > 0 && string(said.Error) != "null" || said.Object == "error" {
		return event{failed: true}, true
	}
	ev := event{model: said.Model}
	if u := said.Usage; u != nil {
		// What was thought is billed as written. Some count it into completion_tokens, some only into the total.
		ev.usage = usage{in: u.Prompt, out: max(u.Completion, u.Total-u.Prompt)}
	}
	for _, c := range said.Choices {
		if c.Index == 0 {
			ev.text, _ = c.Delta.Content.(string)
			ev.reason = c.FinishReason
		}
	}
	return ev, true
}

type object = map[string]any

func (chat) text(text string) []byte {
	return encoded(object{"choices": []object{{"index": 0, "delta": object{"content": text}}}})
}

func (chat) end(info *CallInfo) []byte {
	last := encoded(object{"choices": []object{{"index": 0, "delta": object{}, "finish_reason": info.reason()}}})
	return append(last, "data: [DONE]\n\n"...)
}

// messages is Anthropic's way: typed events from message_start to message_stop. begun is set with the first text.
type messages struct{ begun bool }

func (*messages) parse(data []byte) (event, bool) {
	type counts struct {
		In      *int `json:"input_tokens"`
		Out     *int `json:"output_tokens"`
		Written int  `json:"cache_creation_input_tokens"`
		Read    int  `json:"cache_read_input_tokens"`
	}
	var said struct {
		Type    string
		Message struct {
			Model string
			Usage counts
		}
		Delta struct {
			Type, Text string
			StopReason string `json:"stop_reason"`
		}
		Usage counts
	}
	if json.Unmarshal(data, &said) != nil {
		return event{}, false
	}
	var ev event
	// What is read from or written to a cache is billed as read, at a price of its own.
	count := func(c counts) {
		if c.In != nil {
			ev.usage.in = *c.In + c.Written + c.Read
		}
		if c.Out != nil {
			ev.usage.out = *c.Out
		}
	}
	switch said.Type {
	case "error":
		ev.failed = true
	case "message_start":
		ev.model = said.Message.Model
		count(said.Message.Usage)
		ev.usage.out = 0 // of the first few tokens only
	case "content_block_delta":
		if said.Delta.Type == "text_delta" {
			ev.text = said.Delta.Text
		}
	case "message_delta":
		ev.reason = said.Delta.StopReason
		count(said.Usage)
	case "message_stop":
		ev.done = true
	}
	return ev, true
}

func (m *messages) text(text string) []byte {
	delta := encoded(object{"type": "content_block_delta", "index": 0, "delta": object{"type": "text_delta", "text": text}})
	return append(m.begin(), delta...)
}

func (m *messages) begin() []byte {
	if m.begun {
		return nil
	}
	m.begun = true
	return append(
		encoded(object{"type": "message_start", "message": object{"usage": object{"input_tokens": 0}}}),
		encoded(object{"type": "content_block_start", "index": 0, "content_block": object{"type": "text"}})...)
}

func (m *messages) end(info *CallInfo) []byte {
	last := append(m.begin(), encoded(object{"type": "content_block_stop", "index": 0})...)
	last = append(last, encoded(object{"type": "message_delta", "delta": object{"stop_reason": info.reason()}, "usage": object{}})...)
	return append(last, encoded(object{"type": "message_stop"})...)
}
