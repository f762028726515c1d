package llm_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"seance/spirit"
	"seance/spirit/llm"
	"seance/spirit/llm/llmtest"
)

func TestCheck(t *testing.T) {
	end := time.Date(2031, 2, 3, 0, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		preset string
		models []llmtest.Model
		want   llm.Health
	}{
		"there":            {"openai", []llmtest.Model{{ID: "other"}, {ID: "scripted-1"}}, llm.Health{Listed: true}},
		"not there":        {"openai", []llmtest.Model{{ID: "scripted-2", Shutdown: "2031-02-03"}}, llm.Health{}},
		"ends":             {"openai", []llmtest.Model{{ID: "scripted-1", Shutdown: "2031-02-03"}}, llm.Health{Listed: true, Shutdown: end}},
		"Google's way":     {"gemini", []llmtest.Model{{ID: "models/scripted-1"}}, llm.Health{Listed: true}},
		"with a tag":       {"ollama", []llmtest.Model{{ID: "scripted-1:latest"}}, llm.Health{Listed: true}},
		"whatever it is":   {"llamacpp", nil, llm.Health{Listed: true}},
		"Anthropic's list": {"anthropic", []llmtest.Model{{ID: "scripted-1"}}, llm.Health{Listed: true}},
	} {
		t.Run(name, func(t *testing.T) {
			s := llmtest.New(t, llmtest.Say("YES"))
			s.List(test.models...)
			got, err := mind(t, s, test.preset).Check(t.Context())
			if err != nil || got != test.want {
				t.Errorf("%+v, %v, want %+v", got, err, test.want)
			}
			if len(s.Calls()) != 0 {
				t.Error("something was asked")
			}
		})
	}
}

// The key is what it is checked with, and it is not told on.
func TestCheckFails(t *testing.T) {
	s := llmtest.New(t, llmtest.Say("YES"))
	s.Guard(secret)
	s.List(llmtest.Model{ID: "scripted-1"})
	if h, err := mind(t, s, "openai").Check(t.Context()); err != nil || !h.Listed {
		t.Errorf("%+v, %v", h, err)
	}
	_, err := mind(t, s, "openai", func(o *llm.Options) { o.Key = "sk-wrong" }).Check(t.Context())
	if failure, ok := errors.AsType[*spirit.Failure](err); !ok || failure.Kind != spirit.FailedAuth || strings.Contains(err.Error(), "sk-") {
		t.Errorf("failed with %v", err)
	}
	_, err = mind(t, s, "openai", func(o *llm.Options) { o.Transport = deaf{} }).Check(t.Context())
	if failure, ok := errors.AsType[*spirit.Failure](err); !ok || failure.Kind != spirit.FailedOverloaded || strings.Contains(err.Error(), "secret.example") {
		t.Errorf("failed with %v", err)
	}
}
