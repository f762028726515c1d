package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"seance/internal/bench"
	"seance/spirit/llm/llmtest"
)

const testKey = "sk-ask-0123456789"

// command runs the program in this process with these settings, and holds its output against the key.
func command(t *testing.T, env []string, args ...string) (out, stderr string, code int) {
	t.Helper()
	var said, complained strings.Builder
	code = execute(args, append(env, "SEANCE_OPERATOR_ADDR=off"), strings.NewReader(""), &said, &complained)
	if strings.Contains(said.String()+complained.String(), testKey) {
		t.Errorf("%v shows the key: %s%s", args, &said, &complained)
	}
	return said.String(), complained.String(), code
}

// openai are the settings of a mind at a scripted server.
func openai(s *llmtest.Server) []string {
	return []string{"OPENAI_API_KEY=" + testKey, "SEANCE_OPENAI_MODEL=scripted-1", "SEANCE_OPENAI_BASE_URL=" + s.URL}
}

func TestAskAMind(t *testing.T) {
	refusal := llmtest.Refuse(401, `{"error":{"message":"bad key `+testKey+`"}}`, nil)
	for name, test := range map[string]struct {
		turn     llmtest.Turn
		args     []string
		code     int
		out, err string // parts
		calls    int
	}{
		"alone":               {llmtest.Say("YES\nAlways."), []string{"--provider", "openai"}, 0, `"board":"YES","whisper":"Always.","source":"model","provider":"openai"`, "", 1},
		"alone, and fails":    {refusal, []string{"--provider", "openai"}, 1, "", "seance: openai does not answer: auth: an answer with status 401", 1},
		"alone, and is cut":   {llmtest.Turn{Steps: []llmtest.Step{llmtest.Text("YE"), llmtest.Cut()}}, []string{"--provider", "openai"}, 1, "", "seance: openai does not answer: truncated", 1},
		"in the chain":        {llmtest.Say("YES\n"), nil, 0, `"board":"YES","whisper":"","source":"model","provider":"openai"`, "", 1},
		"the chain goes on":   {refusal, nil, 0, `"source":"oracle","provider":"oracle"`, "", 1},
		"oracle alone":        {llmtest.Say("YES\n"), []string{"--provider", "oracle"}, 0, `"source":"oracle","provider":"oracle"`, "", 0},
		"nobody of that name": {llmtest.Say("YES\n"), []string{"--provider", "delphi"}, 1, "", `seance: no mind is called "delphi": there are kiro, gemini`, 0},
		"not configured":      {llmtest.Say("YES\n"), []string{"--provider", "gemini"}, 1, "", "seance: gemini is not configured: set GEMINI_API_KEY and SEANCE_GEMINI_MODEL", 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := llmtest.New(t, test.turn)
			args := append([]string{"ask", "--json", "--seed", "7", "Is it so?"}, test.args...)
			out, stderr, code := command(t, openai(s), args...)
			if code != test.code || !strings.Contains(out, test.out) || !strings.Contains(stderr, test.err) {
				t.Errorf("code %d, said %s%s", code, out, stderr)
			}
			if len(s.Calls()) != test.calls {
				t.Errorf("the mind was asked %d times, want %d", len(s.Calls()), test.calls)
			}
		})
	}
}

// doctor tells what a mind would say for nothing, and what mends it.
func TestDoctorLooksAtMinds(t *testing.T) {
	near := time.Now().Add(10 * 24 * time.Hour).Format(time.DateOnly)
	for name, test := range map[string]struct {
		models []llmtest.Model
		key    string
		want   string
	}{
		"well":       {[]llmtest.Model{{ID: "scripted-1"}}, testKey, "ok mind openai listens, and has scripted-1"},
		"has ended":  {[]llmtest.Model{{ID: "scripted-1", Shutdown: "2000-01-02"}}, testKey, "MEND mind openai scripted-1 was shut down on 2000-01-02: set SEANCE_OPENAI_MODEL to another"},
		"ends soon":  {[]llmtest.Model{{ID: "scripted-1", Shutdown: near}}, testKey, "ok mind openai listens; scripted-1 is shut down on " + near},
		"no model":   {[]llmtest.Model{{ID: "other"}}, testKey, `MEND mind openai has no model "scripted-1": set SEANCE_OPENAI_MODEL to one that it has`},
		"wrong key":  {nil, "another", "MEND mind openai auth: its list of models with status 401"},
		"empty list": {nil, testKey, `MEND mind openai has no model "scripted-1"`},
	} {
		t.Run(name, func(t *testing.T) {
			s := llmtest.New(t, llmtest.Say("YES"))
			s.List(test.models...)
			s.Guard(test.key)
			out, _, _ := command(t, append(openai(s), "SEANCE_GROQ_MODEL=m"), "doctor", "--addr", "127.0.0.1:0", "--data", t.TempDir())
			told := ""
			for line := range strings.Lines(out) {
				told += strings.Join(strings.Fields(line), " ") + "\n"
			}
			for _, want := range []string{test.want, "on mind openai speaks for the spirits with scripted-1", "off mind groq set GROQ_API_KEY"} {
				if !strings.Contains(told, want) {
					t.Errorf("lacks %q:\n%s", want, told)
				}
			}
			if n := len(s.Calls()); n != 0 {
				t.Errorf("something was asked %d times", n)
			}
		})
	}
	t.Run("nobody there", func(t *testing.T) {
		env := []string{"OPENAI_API_KEY=" + testKey, "SEANCE_OPENAI_MODEL=m", fmt.Sprintf("SEANCE_OPENAI_BASE_URL=http://%s/v1", deaf(t))}
		out, _, code := command(t, env, "doctor", "--addr", "127.0.0.1:0", "--data", t.TempDir())
		if code != exitFailed || !strings.Contains(out, "overloaded: it cannot be reached") {
			t.Errorf("code %d: %s", code, out)
		}
	})
}

// deaf is an address at which nobody listens.
func deaf(t *testing.T) string {
	t.Helper()
	addr, err := bench.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	return addr
}
