package oracle

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"testing"

	"github.com/tmc/langchaingo/llms"

	"seance/spirit"
)

// TestModelSaysWhatTheProviderSays holds that the oracle is one spirit, whichever way it is asked.
func TestModelSaysWhatTheProviderSays(t *testing.T) {
	o := New()
	p := spirit.Prompt{Question: "Who killed you?", Asker: "Mara", Present: []string{"Mara", "Jun"}, Persona: personas()[1], Seed: 9, Turn: 4, Letters: 24}
	var provided strings.Builder
	if _, err := o.Complete(t.Context(), p, func(text string) error { provided.WriteString(text); return nil }); err != nil {
		t.Fatal(err)
	}
	var streamed strings.Builder
	r, err := o.Model().GenerateContent(t.Context(), []llms.MessageContent{llms.TextParts(llms.ChatMessageTypeHuman, "something else")},
		llms.WithMetadata(spirit.Metadata(p)),
		llms.WithStreamingFunc(func(_ context.Context, chunk []byte) error { streamed.Write(chunk); return nil }))
	if err != nil {
		t.Fatal(err)
	}
	if r.Choices[0].Content != provided.String() || streamed.String() != provided.String() || r.Choices[0].StopReason == "" {
		t.Errorf("the provider says %q, the model %q, streamed %q", provided.String(), r.Choices[0].Content, streamed.String())
	}
}

func TestModelWithoutMetadata(t *testing.T) {
	m := New().Model()
	one, err := llms.GenerateFromSinglePrompt(t.Context(), m, "are you a man or a woman?", llms.WithSeed(4))
	if err != nil {
		t.Fatal(err)
	}
	two, _ := llms.GenerateFromSinglePrompt(t.Context(), m, "are you a man or a woman?", llms.WithSeed(4))
	if board, _, _ := strings.Cut(one, "\n"); one != two || !strings.Contains(board, "MAN") {
		t.Errorf("%q, then %q", one, two)
	}
	talk := []llms.MessageContent{
		llms.TextParts(llms.ChatMessageTypeHuman, "who killed you?"),
		llms.TextParts(llms.ChatMessageTypeAI, "MY BROTHER\nNobody asked."),
		llms.TextParts(llms.ChatMessageTypeHuman, "why?"),
	}
	r, err := m.GenerateContent(t.Context(), talk, llms.WithSeed(4))
	if err != nil || r.Choices[0].Content == "" {
		t.Errorf("%v, %v", r, err)
	}
	if _, err := m.GenerateContent(t.Context(), nil); err == nil {
		t.Error("nothing was asked, and it answered")
	}
	broken := errors.New("the reader is gone")
	if _, err := m.GenerateContent(t.Context(), talk, llms.WithStreamingFunc(func(context.Context, []byte) error { return broken })); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

// TestNoProviderIsDragged holds that speaking like a model brings none of the packages that dial out.
func TestNoProviderIsDragged(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, pkg := range strings.Fields(string(out)) {
		if strings.HasPrefix(pkg, "github.com/tmc/langchaingo/llms/") {
			t.Errorf("the oracle builds %s", pkg)
		}
	}
}
