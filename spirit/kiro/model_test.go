//go:build unix

package kiro

import (
	"context"
	"strings"
	"testing"

	"github.com/tmc/langchaingo/llms"

	"seance/spirit"
)

// Kiro as a language model: the messages are its prompt, the metadata's prompt goes first, failures are Kiro's.
func TestModel(t *testing.T) {
	t.Parallel()
	st := begin(t, prepare(t, script{Plays: []string{"acp-permission"}}), bare)
	messages := []llms.MessageContent{
		llms.TextParts(llms.ChatMessageTypeSystem, lighthouse.System),
		llms.TextParts(llms.ChatMessageTypeHuman, lighthouse.Asked),
	}
	got, err := st.Model().GenerateContent(t.Context(), messages)
	if err != nil || got.Choices[0].Content != "NO" {
		t.Errorf("it said %+v, %v", got, err)
	}
	var streamed strings.Builder
	got, err = st.Model().GenerateContent(t.Context(), nil, llms.WithMetadata(spirit.Metadata(lighthouse)),
		llms.WithStreamingFunc(func(_ context.Context, chunk []byte) error {
			streamed.Write(chunk)
			return nil
		}))
	if err != nil || got.Choices[0].Content != bell || streamed.String() != bell {
		t.Errorf("it said %+v and streamed %q, %v", got, &streamed, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := llms.GenerateFromSinglePrompt(ended, st.Model(), "are you alone?"); kind(err) != spirit.FailedCanceled {
		t.Errorf("the call ended with %v", err)
	}
	st.consumed()
}
