package spirit

// promptKey is where a Prompt travels in the metadata of a call. Its beginning keeps the one adapter that forwards
// metadata to the other side from forwarding this.
const promptKey = "openai:seance.prompt"

// Metadata is what a call tells a model beside its messages: p itself, for models that work from asker, people, persona
// and seed, like the offline oracle. It never leaves this process.
func Metadata(p Prompt) map[string]any { return map[string]any{promptKey: p} }

// PromptOf is the Prompt that Metadata put into a call's metadata. It reports false if there is none: then a model has
// the messages alone.
func PromptOf(metadata map[string]any) (Prompt, bool) {
	p, ok := metadata[promptKey].(Prompt)
	return p, ok
}
