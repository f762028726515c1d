package llm

import (
	"maps"
	"slices"
)

// A Preset is what is known of a service beside its models: their names rot within months, so they are settings.
type Preset struct {
	Name    string
	BaseURL string
	// Local is a program on the host's own machine or network: it asks for no key and costs nothing.
	Local bool

	anyModel  bool           // has one model and takes every name for it
	anthropic bool           // speaks Anthropic's Messages instead of OpenAI's chat completions
	limit     string         // the field that bounds an answer's tokens
	drop      []string       // fields that it refuses
	extra     map[string]any // fields that it gets beside the usual ones
}

// effort is the field that says how long a model may think before it answers. "none" is asked for first, for the table
// waits; models that cannot stop thinking refuse it and then get "low", and those that never think get nothing.
const effort = "reasoning_effort"

// Presets are the services that are known by name, in the order in which they are asked when nothing else is said: those
// that answer fast first, those on the host's own machine last. Base URLs and refused fields are those of the services'
// own documentation; Mistral answers 422 to stream_options and tells what was used without.
func Presets() []Preset {
	quick := map[string]any{effort: "none"}
	return []Preset{
		{Name: "gemini", BaseURL: "https://generativelanguage.googleapis.com/v1beta/openai", limit: maxTokens, extra: quick},
		{Name: "openai", BaseURL: "https://api.openai.com/v1", limit: maxCompletion, extra: quick},
		{Name: "anthropic", BaseURL: "https://api.anthropic.com/v1", limit: maxTokens, anthropic: true},
		{Name: "groq", BaseURL: "https://api.groq.com/openai/v1", limit: maxCompletion, extra: quick},
		{Name: "openrouter", BaseURL: "https://openrouter.ai/api/v1", limit: maxTokens,
			extra: map[string]any{"reasoning": map[string]any{"effort": "low", "exclude": true}}},
		{Name: "mistral", BaseURL: "https://api.mistral.ai/v1", limit: maxTokens, drop: []string{streamOptions}},
		{Name: "deepseek", BaseURL: "https://api.deepseek.com/v1", limit: maxTokens},
		{Name: "ollama", BaseURL: "http://localhost:11434/v1", Local: true, limit: maxTokens, extra: quick},
		{Name: "lmstudio", BaseURL: "http://localhost:1234/v1", Local: true, limit: maxTokens},
		{Name: "llamacpp", BaseURL: "http://localhost:8080/v1", Local: true, anyModel: true, limit: maxTokens},
		{Name: "vllm", BaseURL: "http://localhost:8000/v1", Local: true, limit: maxTokens},
	}
}

const (
	maxTokens     = "max_tokens"
	maxCompletion = "max_completion_tokens"
	streamOptions = "stream_options"
)

// PresetOf finds a preset by its name.
func PresetOf(name string) (Preset, bool) {
	all := Presets()
	i := slices.IndexFunc(all, func(p Preset) bool { return p.Name == name })
	if i < 0 {
		return Preset{}, false
	}
	return all[i], true
}

// shape turns the body that langchaingo wrote into ours. It always sends a temperature, which many models refuse, and
// cannot be told everything that a service wants. A field of extra that is nil is left out.
func (p Preset) shape(body, extra map[string]any) {
	for _, field := range []string{"temperature", "metadata", "n", "seed", "tools", "tool_choice", maxTokens, maxCompletion} {
		delete(body, field)
	}
	body[p.limit] = MaxTokens
	maps.Copy(body, p.extra)
	maps.Copy(body, extra)
	for field, value := range body {
		if value == nil || slices.Contains(p.drop, field) {
			delete(body, field)
		}
	}
}

// yield takes back what a service refused by name, and reports whether there is something to take back. said is the
// body of its refusal.
func (p *Preset) yield(said string, body map[string]any) bool {
	names := func(field string) bool { _, sent := body[field]; return sent && mentions(said, field) }
	switch {
	case names(effort):
		p.extra = maps.Clone(p.extra)
		if p.extra[effort] = nil; body[effort] == "none" {
			p.extra[effort] = "low"
		}
	case names(streamOptions):
		p.drop = append(slices.Clone(p.drop), streamOptions)
	case p.anthropic:
		return false
	case names(maxTokens):
		p.limit = maxCompletion
	case names(maxCompletion):
		p.limit = maxTokens
	default:
		return false
	}
	return true
}
