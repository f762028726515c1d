package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Which minds are asked follows from what is set, and what is missing is told.
func TestWhichMinds(t *testing.T) {
	for name, test := range map[string]struct {
		env   map[string]string
		asked string // with spaces between
		tells string // in what is told of minds that are off
	}{
		"nothing":        {nil, "", "set GEMINI_API_KEY and SEANCE_GEMINI_MODEL"},
		"a key alone":    {map[string]string{"GEMINI_API_KEY": "k"}, "", "set SEANCE_GEMINI_MODEL"},
		"a model alone":  {map[string]string{"SEANCE_OPENAI_MODEL": "m"}, "", "set OPENAI_API_KEY"},
		"key and model":  {map[string]string{"GEMINI_API_KEY": "k", "SEANCE_GEMINI_MODEL": "m"}, "gemini", ""},
		"usual order":    {map[string]string{"OPENAI_API_KEY": "k", "SEANCE_OPENAI_MODEL": "m", "GEMINI_API_KEY": "k", "SEANCE_GEMINI_MODEL": "m", "SEANCE_KIRO_CLI": "/opt/kiro-cli"}, "kiro gemini openai", ""},
		"another order":  {map[string]string{"SEANCE_SPIRIT": "openai,gemini", "OPENAI_API_KEY": "k", "SEANCE_OPENAI_MODEL": "m", "GEMINI_API_KEY": "k", "SEANCE_GEMINI_MODEL": "m"}, "openai gemini", ""},
		"not all":        {map[string]string{"SEANCE_SPIRIT": "openai", "OPENAI_API_KEY": "k", "SEANCE_OPENAI_MODEL": "m", "GEMINI_API_KEY": "k", "SEANCE_GEMINI_MODEL": "m"}, "openai", ""},
		"named, no key":  {map[string]string{"SEANCE_SPIRIT": "gemini"}, "", "set GEMINI_API_KEY and SEANCE_GEMINI_MODEL"},
		"oracle alone":   {map[string]string{"SEANCE_SPIRIT": "oracle", "GEMINI_API_KEY": "k", "SEANCE_GEMINI_MODEL": "m"}, "", ""},
		"oracle first":   {map[string]string{"SEANCE_SPIRIT": "oracle,gemini", "GEMINI_API_KEY": "k", "SEANCE_GEMINI_MODEL": "m"}, "gemini", ""},
		"local by URL":   {map[string]string{"SEANCE_OLLAMA_BASE_URL": "http://gpu:11434/v1", "SEANCE_OLLAMA_MODEL": "m"}, "ollama", ""},
		"local by name":  {map[string]string{"SEANCE_SPIRIT": "ollama", "SEANCE_OLLAMA_MODEL": "m"}, "ollama", ""},
		"local by model": {map[string]string{"SEANCE_OLLAMA_MODEL": "m"}, "", "set SEANCE_OLLAMA_BASE_URL=http://localhost:11434/v1"},
		"kiro by name":   {map[string]string{"SEANCE_SPIRIT": "kiro"}, "kiro", ""},
		"kiro by a key":  {map[string]string{"KIRO_API_KEY": "k"}, "", "SEANCE_KIRO_CLI"},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := bound(t, test.env)
			if err != nil {
				t.Fatal(err)
			}
			m, err := c.openMinds("", "test", nil)
			if err != nil {
				t.Fatal(err)
			}
			asked := []string{}
			for _, mind := range m.list {
				asked = append(asked, mind.Provider.Name())
			}
			if diff := cmp.Diff(strings.Fields(test.asked), asked); diff != "" || m.last.Name() != oracleMind {
				t.Errorf("asked (-want +got), then %s:\n%s", m.last.Name(), diff)
			}
			told := ""
			for _, f := range c.mindFeatures() {
				if !f.On {
					told += f.Note + "\n"
				}
			}
			if !strings.Contains(told, test.tells) || test.tells == "" && test.asked != "" && told != "" {
				t.Errorf("told %q, want %q", told, test.tells)
			}
		})
	}
}

// What a mind costs is set aside for those that cost something, and slow ones are waited for.
func TestMindsInTheChain(t *testing.T) {
	c, err := bound(t, map[string]string{
		"SEANCE_SPIRIT": "kiro,gemini,ollama", "GEMINI_API_KEY": "k", "SEANCE_GEMINI_MODEL": "m", "SEANCE_OLLAMA_MODEL": "m",
		"SEANCE_OLLAMA_PATIENCE": "5s",
	})
	if err != nil {
		t.Fatal(err)
	}
	m, err := c.openMinds("", "test", nil)
	if err != nil {
		t.Fatal(err)
	}
	var patience []time.Duration
	var tokens []int64
	for _, mind := range m.list {
		patience, tokens = append(patience, mind.Patience), append(tokens, mind.Tokens)
	}
	if diff := cmp.Diff([]time.Duration{kiroPatience, 0, 5 * time.Second}, patience); diff != "" {
		t.Errorf("patience (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int64{0, tokensAside, 0}, tokens); diff != "" {
		t.Errorf("tokens (-want +got):\n%s", diff)
	}
	if c.SessionBudget != 400_000 || c.DayBudget != 2_000_000 {
		t.Errorf("caps %d and %d", c.SessionBudget, c.DayBudget)
	}
}

func TestMindSettingsRefused(t *testing.T) {
	for name, test := range map[string]struct {
		env  map[string]string
		says string
	}{
		"unknown":     {map[string]string{"SEANCE_SPIRIT": "gemini,delphi"}, `SEANCE_SPIRIT names "delphi": the minds are kiro, gemini,`},
		"twice":       {map[string]string{"SEANCE_SPIRIT": "gemini,gemini"}, "SEANCE_SPIRIT names gemini twice"},
		"too patient": {map[string]string{"SEANCE_KIRO_PATIENCE": "1m"}, `SEANCE_KIRO_PATIENCE is "1m": want a time above 0 such as 4s, 12s at most`},
		"no time":     {map[string]string{"SEANCE_GEMINI_PATIENCE": "4"}, `SEANCE_GEMINI_PATIENCE is "4"`},
		"no URL":      {map[string]string{"SEANCE_OLLAMA_BASE_URL": "localhost:11434"}, "SEANCE_OLLAMA_BASE_URL has no URL"},
		"debt":        {map[string]string{"SEANCE_BUDGET_DAY": "-1"}, "SEANCE_BUDGET_DAY is -1"},
		"words":       {map[string]string{"SEANCE_BUDGET_SESSION": "much"}, `SEANCE_BUDGET_SESSION is "much": want a whole number`},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := bound(t, test.env); err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("says %v, want %q", err, test.says)
			}
		})
	}
}
