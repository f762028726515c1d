package llm_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/tmc/langchaingo/llms"

	"seance/internal/seance"
	"seance/spirit"
	"seance/spirit/llm"
	"seance/spirit/llm/llmtest"
)

// secret stands for a key: it must be nowhere but in a header.
const secret = "sk-0123456789abcdef"

var question = spirit.Prompt{System: "You are the night clerk.", Asked: "~~\nAnn asks: Who is there?\n~~", Question: "Who is there?", Asker: "Ann"}

// mind is a provider of a preset at the scripted server. Connections are its own, so that those left over can be seen.
func mind(t testing.TB, s *llmtest.Server, preset string, change ...func(*llm.Options)) *llm.Provider {
	t.Helper()
	o := llm.Options{Name: "first", Preset: preset, BaseURL: s.URL, Key: secret, Model: "scripted-1", Patience: 2 * time.Second}
	for _, c := range change {
		c(&o)
	}
	p, err := llm.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// hear asks and returns everything that was said.
func hear(ctx context.Context, p spirit.Provider) (string, spirit.Result, error) {
	var said strings.Builder
	result, err := p.Complete(ctx, question, func(text string) error {
		said.WriteString(text)
		return nil
	})
	return said.String(), result, err
}

// hasty gives up soon, for tests of what hangs.
func hasty(o *llm.Options) { o.Patience = 60 * time.Millisecond }

func TestAnAnswer(t *testing.T) {
	for preset, want := range map[string]spirit.Result{
		"openai":    {Source: seance.SourceModel, Model: "scripted-1", TokensIn: 20, TokensOut: 10},
		"anthropic": {Source: seance.SourceModel, Model: "scripted-1", TokensIn: 20, TokensOut: 10},
	} {
		t.Run(preset, func(t *testing.T) {
			s := llmtest.New(t, llmtest.Say("NIGHT", " CLERK", "\nI keep ", "the keys."))
			said, result, err := hear(t.Context(), mind(t, s, preset))
			if err != nil || said != "NIGHT CLERK\nI keep the keys." {
				t.Errorf("said %q, %v", said, err)
			}
			if diff := cmp.Diff(want, result); diff != "" {
				t.Errorf("result (-want +got):\n%s", diff)
			}
		})
	}
}

// What a fault is, whoever commits it: its kind, what was said before it, and for how long to stay away.
func TestFaults(t *testing.T) {
	type fault struct {
		turn  llmtest.Turn
		hasty bool
		said  string
		kind  spirit.FailureKind
		retry time.Duration
	}
	begin := llmtest.Text("NIGHT CLERK\nI keep")
	then := func(steps ...llmtest.Step) llmtest.Turn {
		return llmtest.Turn{Steps: append([]llmtest.Step{begin}, steps...)}
	}
	const said = "NIGHT CLERK\nI keep"
	json := map[string]string{"Content-Type": "application/json"}
	faults := map[string]fault{
		"error in mid-stream":     {then(llmtest.Error("server_error"), llmtest.Text(" MORE"), llmtest.Finish("stop"), llmtest.Done()), false, said, spirit.FailedOverloaded, 0},
		"overload in mid-stream":  {then(llmtest.Error("overloaded_error")), false, said, spirit.FailedOverloaded, 0},
		"rate in mid-stream":      {then(llmtest.Error("rate_limit_error")), false, said, spirit.FailedRate, 0},
		"error before any text":   {llmtest.Turn{Steps: []llmtest.Step{llmtest.Error("server_error")}}, false, "", spirit.FailedOverloaded, 0},
		"ends without why":        {then(), false, said, spirit.FailedTruncated, 0},
		"done without why":        {then(llmtest.Done()), false, said, spirit.FailedTruncated, 0},
		"line cut":                {then(llmtest.Cut()), false, said, spirit.FailedTruncated, 0},
		"line cut in an event":    {then(llmtest.Raw(`data: {"choices":[{"index":0,"delta":{"con`), llmtest.Cut()), false, said, spirit.FailedTruncated, 0},
		"cut before any text":     {llmtest.Turn{Steps: []llmtest.Step{llmtest.Cut()}}, false, "", spirit.FailedTruncated, 0},
		"out of tokens":           {then(llmtest.Finish("length"), llmtest.Done()), false, said, spirit.FailedTruncated, 0},
		"out of tokens, silent":   {llmtest.Turn{Steps: []llmtest.Step{llmtest.Finish("length"), llmtest.Done()}}, false, "", spirit.FailedEmpty, 0},
		"filtered":                {then(llmtest.Finish("content_filter"), llmtest.Done()), false, said, spirit.FailedTruncated, 0},
		"filtered before a word":  {llmtest.Turn{Steps: []llmtest.Step{llmtest.Finish("content_filter"), llmtest.Done()}}, false, "", spirit.FailedEmpty, 0},
		"wants a tool":            {llmtest.Turn{Steps: []llmtest.Step{llmtest.CallTool(), llmtest.Finish("tool_calls"), llmtest.Done()}}, false, "", spirit.FailedEmpty, 0},
		"thinks and says nothing": {llmtest.Turn{Steps: []llmtest.Step{llmtest.Think("Who might I be?"), llmtest.Finish("stop"), llmtest.Done()}}, false, "", spirit.FailedEmpty, 0},
		"says nothing":            {llmtest.Turn{Steps: []llmtest.Step{llmtest.Finish("stop"), llmtest.Done()}}, false, "", spirit.FailedEmpty, 0},
		"nothing at all":          {llmtest.Turn{}, false, "", spirit.FailedTruncated, 0},
		"huge line":               {then(llmtest.Raw("data: " + strings.Repeat("x", 1<<20) + "\n\n")), false, said, spirit.FailedTruncated, 0},
		"hangs before headers":    {llmtest.Turn{Wait: time.Hour}, true, "", spirit.FailedTimeout, 0},
		"hangs after headers":     {llmtest.Turn{Steps: []llmtest.Step{llmtest.Hang()}}, true, "", spirit.FailedTimeout, 0},
		"hangs in mid-stream":     {then(llmtest.Hang()), true, said, spirit.FailedTimeout, 0},
		"a web page":              {llmtest.Turn{Body: "<html>Sign in to the Wi-Fi</html>", Header: map[string]string{"Content-Type": "text/html"}}, false, "", spirit.FailedBadRequest, 0},
		"an answer in one piece":  {llmtest.Turn{Body: `{"choices":[{"message":{"content":"YES"},"finish_reason":"stop"}]}`, Header: json}, false, "", spirit.FailedBadRequest, 0},
		"wrong key":               {llmtest.Refuse(401, `{"error":{"message":"Incorrect API key: `+secret+`","type":"invalid_request_error","code":"invalid_api_key"}}`, nil), false, "", spirit.FailedAuth, 0},
		"wrong key, Google's way": {llmtest.Refuse(400, `[{"error":{"code":400,"status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}]`, nil), false, "", spirit.FailedAuth, 0},
		"may not":                 {llmtest.Refuse(403, `{"error":{"type":"permission_error"}}`, nil), false, "", spirit.FailedAuth, 0},
		"unknown model":           {llmtest.Refuse(404, `{"error":{"code":"model_not_found","message":"scripted-1"}}`, nil), false, "", spirit.FailedBadRequest, 0},
		"moved":                   {llmtest.Refuse(307, `moved`, map[string]string{"Location": "http://127.0.0.1:9/"}), false, "", spirit.FailedBadRequest, 0},
		"too many calls":          {llmtest.Refuse(429, `{"error":{"type":"rate_limit_error"}}`, map[string]string{"Retry-After": "7"}), false, "", spirit.FailedRate, 7 * time.Second},
		"too many, in fractions":  {llmtest.Refuse(429, `{}`, map[string]string{"Retry-After-Ms": "1500"}), false, "", spirit.FailedRate, 1500 * time.Millisecond},
		"too many, Google's way":  {llmtest.Refuse(429, `[{"error":{"status":"RESOURCE_EXHAUSTED","details":[{"retryDelay":"18s"}]}}]`, nil), false, "", spirit.FailedRate, 18 * time.Second},
		"too many, for ever":      {llmtest.Refuse(429, `{}`, map[string]string{"Retry-After": "1e300"}), false, "", spirit.FailedRate, 24 * time.Hour},
		"nothing paid":            {llmtest.Refuse(429, `{"error":{"type":"insufficient_quota","code":"insufficient_quota"}}`, nil), false, "", spirit.FailedQuota, 0},
		"nothing left":            {llmtest.Refuse(402, `{"error":{"message":"Insufficient Balance"}}`, nil), false, "", spirit.FailedQuota, 0},
		"broken":                  {llmtest.Refuse(500, `oops`, nil), false, "", spirit.FailedOverloaded, 0},
		"overloaded":              {llmtest.Refuse(503, `{"error":{"code":503,"status":"UNAVAILABLE"}}`, map[string]string{"Retry-After": "2"}), false, "", spirit.FailedOverloaded, 2 * time.Second},
		"overloaded, 529":         {llmtest.Refuse(529, `{"type":"error","error":{"type":"overloaded_error"}}`, nil), false, "", spirit.FailedOverloaded, 0},
		"endless refusal":         {llmtest.Refuse(500, strings.Repeat("x", 8<<20), nil), false, "", spirit.FailedOverloaded, 0},
	}
	for _, preset := range []string{"openai", "anthropic"} {
		for name, test := range faults {
			t.Run(preset+"/"+name, func(t *testing.T) {
				s := llmtest.New(t, test.turn)
				var o []func(*llm.Options)
				if test.hasty {
					o = append(o, hasty)
				}
				p := mind(t, s, preset, o...)
				said, result, err := hear(t.Context(), p)
				failure, ok := errors.AsType[*spirit.Failure](err)
				if !ok || failure.Kind != test.kind || failure.RetryAfter != test.retry {
					t.Errorf("failed with %v, want %s and to stay away for %s", err, test.kind, test.retry)
				}
				if said != test.said {
					t.Errorf("said %q, want %q", said, test.said)
				}
				if test.turn.Status != 0 && (result.TokensIn != 0 || result.TokensOut != 0) {
					t.Errorf("a refusal cost %+v", result)
				}
				if err != nil && (strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), "clerk")) {
					t.Errorf("the error tells too much: %v", err)
				}
				if len(s.Calls()) != 1 {
					t.Errorf("asked %d times", len(s.Calls()))
				}
				if !s.Settled(10 * time.Second) {
					t.Error("the call is still open")
				}
			})
		}
	}
}

// A date is as good as seconds. It is rounded to seconds on the wire.
func TestRetryAfterADate(t *testing.T) {
	at := time.Now().Add(time.Minute).UTC().Format(http.TimeFormat)
	s := llmtest.New(t, llmtest.Refuse(429, "{}", map[string]string{"Retry-After": at}))
	_, _, err := hear(t.Context(), mind(t, s, "openai"))
	failure, ok := errors.AsType[*spirit.Failure](err)
	if !ok || failure.RetryAfter < 30*time.Second || failure.RetryAfter > time.Minute {
		t.Errorf("%v: stay away for %v, want about a minute", err, failure)
	}
}

// Nobody there is trouble on the other side, and no name of a host is told.
func TestNobodyThere(t *testing.T) {
	s := llmtest.New(t, llmtest.Say("YES"))
	p := mind(t, s, "openai", func(o *llm.Options) { o.Transport = deaf{} })
	_, _, err := hear(t.Context(), p)
	if failure, ok := errors.AsType[*spirit.Failure](err); !ok || failure.Kind != spirit.FailedOverloaded || strings.Contains(err.Error(), "secret") {
		t.Errorf("failed with %v", err)
	}
}

type deaf struct{}

func (deaf) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("dial secret.example")
}

// What is no text of the answer is not spelled: thoughts, calls of tools, other choices, comments, bytes that are none.
func TestOnlyTextIsText(t *testing.T) {
	for name, test := range map[string]struct {
		steps []llmtest.Step
		want  string
	}{
		"thoughts":           {[]llmtest.Step{llmtest.Think("Let me see."), llmtest.Text("YES")}, "YES"},
		"thoughts as text":   {[]llmtest.Step{llmtest.Text("<th"), llmtest.Text("ink>Let me see.</thi"), llmtest.Text("nk>\nYES")}, "\nYES"},
		"one like a thought": {[]llmtest.Step{llmtest.Text("<"), llmtest.Text("3 YES")}, "<3 YES"},
		"a call of a tool":   {[]llmtest.Step{llmtest.CallTool(), llmtest.Text("YES")}, "YES"},
		"nonsense":           {[]llmtest.Step{llmtest.Raw("data: nonsense\n\ndata: [1,2]\n\n:ping\nevent: x\nid: 3\n\n"), llmtest.Text("YES")}, "YES"},
		"another choice":     {[]llmtest.Step{llmtest.Raw(`data: {"choices":[{"index":1,"delta":{"content":"NO"}}]}` + "\n\n"), llmtest.Text("YES")}, "YES"},
		"no text in bytes":   {[]llmtest.Step{llmtest.Raw("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Y\xff\xfeS\"}}]}\n\n")}, "Y\ufffd\ufffdS"},
		"lines of Windows":   {[]llmtest.Step{llmtest.Raw("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"YES\"}}]}\r\n\r\n")}, "YES"},
		"content as a list":  {[]llmtest.Step{llmtest.Raw(`data: {"choices":[{"index":0,"delta":{"content":[{"type":"text"}]}}]}` + "\n\n"), llmtest.Text("YES")}, "YES"},
		"a long pause":       {[]llmtest.Step{llmtest.Text("Y"), llmtest.Wait(20 * time.Millisecond), llmtest.Text("ES")}, "YES"},
	} {
		t.Run(name, func(t *testing.T) {
			s := llmtest.New(t, llmtest.Turn{Steps: append(test.steps, llmtest.Finish("stop"), llmtest.Done())})
			said, _, err := hear(t.Context(), mind(t, s, "openai"))
			if err != nil || said != test.want {
				t.Errorf("said %q, %v, want %q", said, err, test.want)
			}
		})
	}
}

// Without [DONE] a reason is enough; local servers leave it out.
func TestAReasonIsAnEnd(t *testing.T) {
	s := llmtest.New(t, llmtest.Turn{Steps: []llmtest.Step{llmtest.Text("YES"), llmtest.Finish("stop")}})
	if said, _, err := hear(t.Context(), mind(t, s, "ollama")); err != nil || said != "YES" {
		t.Errorf("said %q, %v", said, err)
	}
}

// Whoever has heard enough gets back their own error; whoever has left gets no success, whatever came meanwhile.
func TestLeaving(t *testing.T) {
	for _, preset := range []string{"openai", "anthropic"} {
		t.Run(preset, func(t *testing.T) {
			enough := errors.New("enough")
			s := llmtest.New(t, llmtest.Turn{Steps: []llmtest.Step{llmtest.Text("YES\n"), llmtest.Hang()}})
			p := mind(t, s, preset)
			result, err := p.Complete(t.Context(), question, func(string) error { return enough })
			if !errors.Is(err, enough) || result.TokensOut != 0 { // nobody has counted what was written
				t.Errorf("ended with %v and %+v", err, result)
			}
			ctx, leave := context.WithCancelCause(t.Context())
			_, err = p.Complete(ctx, question, func(string) error { leave(enough); return nil })
			if failure, ok := errors.AsType[*spirit.Failure](err); !ok || failure.Kind != spirit.FailedCanceled || !errors.Is(err, enough) {
				t.Errorf("ended with %v", err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
			defer cancel()
			_, _, err = hear(ctx, p)
			if failure, ok := errors.AsType[*spirit.Failure](err); !ok || failure.Kind != spirit.FailedTimeout {
				t.Errorf("ended with %v", err)
			}
			if !s.Settled(10 * time.Second) {
				t.Error("a call is still open")
			}
		})
	}
}

// Nothing runs on after Complete has returned and connections are let go of, whatever went wrong.
func TestNothingRunsOn(t *testing.T) {
	turns := map[string]llmtest.Turn{
		"an answer":           llmtest.Say("YES"),
		"error in mid-stream": {Steps: []llmtest.Step{llmtest.Text("YES"), llmtest.Error("overloaded_error"), llmtest.Text("NO"), llmtest.Hang()}},
		"cut":                 {Steps: []llmtest.Step{llmtest.Text("YES"), llmtest.Cut()}},
		"hang":                {Steps: []llmtest.Step{llmtest.Text("YES"), llmtest.Hang()}},
		"silence":             {Wait: time.Hour},
		"refusal":             llmtest.Refuse(503, "{}", nil),
		"huge line":           {Steps: []llmtest.Step{llmtest.Raw("data: " + strings.Repeat("x", 1<<20)), llmtest.Hang()}},
	}
	for _, preset := range []string{"openai", "anthropic"} {
		for name, turn := range turns {
			t.Run(preset+"/"+name, func(t *testing.T) {
				s := llmtest.New(t, turn)
				before := runtime.NumGoroutine()
				p := mind(t, s, preset, hasty)
				for range 5 {
					_, _, _ = hear(t.Context(), p) // whatever comes of it
				}
				_, err := p.Complete(t.Context(), question, func(string) error { return io.EOF })
				_ = err // as before
				p.Close()
				s.Drop()
				until := time.Now().Add(10 * time.Second)
				for runtime.NumGoroutine() > before && time.Now().Before(until) {
					time.Sleep(time.Millisecond) // the server's own take a moment to see that the client has left
				}
				if now := runtime.NumGoroutine(); now > before {
					stacks := make([]byte, 1<<20)
					t.Errorf("%d goroutines became %d\n%s", before, now, stacks[:runtime.Stack(stacks, true)])
				}
			})
		}
	}
}

// What is sent: the messages, the bound, and nothing that a service would refuse or that is not its business.
func TestWhatIsSent(t *testing.T) {
	for preset, want := range map[string]map[string]any{
		"openai":     {"max_completion_tokens": 1024.0, "reasoning_effort": "none", "stream_options": map[string]any{"include_usage": true}},
		"gemini":     {"max_tokens": 1024.0, "reasoning_effort": "none", "stream_options": map[string]any{"include_usage": true}},
		"mistral":    {"max_tokens": 1024.0},
		"openrouter": {"max_tokens": 1024.0, "reasoning": map[string]any{"effort": "low", "exclude": true}, "stream_options": map[string]any{"include_usage": true}},
		"llamacpp":   {"max_tokens": 1024.0, "stream_options": map[string]any{"include_usage": true}},
	} {
		t.Run(preset, func(t *testing.T) {
			s := llmtest.New(t, llmtest.Say("YES"))
			if _, _, err := hear(t.Context(), mind(t, s, preset)); err != nil {
				t.Fatal(err)
			}
			call := s.Calls()[0]
			want["model"], want["stream"] = "scripted-1", true
			want["messages"] = []any{
				map[string]any{"role": "system", "content": question.System}, map[string]any{"role": "user", "content": question.Asked},
			}
			if diff := cmp.Diff(want, call.Body); diff != "" {
				t.Errorf("body (-want +got):\n%s", diff)
			}
			if got := call.Header.Get("Authorization"); got != "Bearer "+secret || call.Path != "/v1/chat/completions" {
				t.Errorf("asked at %s with %q", call.Path, got)
			}
			if strings.Contains(call.Raw, secret) {
				t.Error("the key is in the body")
			}
		})
	}
	t.Run("anthropic", func(t *testing.T) {
		s := llmtest.New(t, llmtest.Say("YES"))
		if _, _, err := hear(t.Context(), mind(t, s, "anthropic")); err != nil {
			t.Fatal(err)
		}
		call := s.Calls()[0]
		want := map[string]any{"model": "scripted-1", "stream": true, "max_tokens": 1024.0, "system": question.System, "messages": []any{
			map[string]any{"role": "user", "content": []any{map[string]any{"type": "text", "text": question.Asked}}},
		}}
		if diff := cmp.Diff(want, call.Body); diff != "" {
			t.Errorf("body (-want +got):\n%s", diff)
		}
		if call.Path != "/v1/messages" || call.Header.Get("X-Api-Key") != secret {
			t.Errorf("asked at %s with %q", call.Path, call.Header.Get("X-Api-Key"))
		}
	})
	t.Run("without a key", func(t *testing.T) {
		s := llmtest.New(t, llmtest.Say("YES"))
		p := mind(t, s, "ollama", func(o *llm.Options) { o.Key, o.Extra = "", map[string]any{"keep_alive": "1h", "reasoning_effort": nil} })
		if _, _, err := hear(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		call := s.Calls()[0]
		_, thinks := call.Body["reasoning_effort"]
		if call.Header.Get("Authorization") != "" || call.Body["keep_alive"] != "1h" || thinks {
			t.Errorf("sent %q, %v", call.Header.Get("Authorization"), call.Body)
		}
	})
}

// Fields that a model refuses by name are given up, at once and from then on.
func TestFieldsAreGivenUp(t *testing.T) {
	s := llmtest.New(t)
	s.PlayFunc(func(_ int, c llmtest.Call) llmtest.Turn {
		for _, field := range []string{"reasoning_effort", "stream_options", "max_completion_tokens"} {
			if _, sent := c.Body[field]; sent {
				return llmtest.Refuse(400, `{"error":{"type":"invalid_request_error","message":"Unsupported parameter: '`+field+`'"}}`, nil)
			}
		}
		return llmtest.Say("YES")
	})
	p := mind(t, s, "openai")
	for range 2 {
		if said, _, err := hear(t.Context(), p); err != nil || said != "YES" {
			t.Fatalf("said %q, %v", said, err)
		}
	}
	calls := s.Calls()
	if len(calls) != 6 || calls[1].Body["reasoning_effort"] != "low" || calls[5].Body["max_tokens"] != 1024.0 {
		t.Errorf("asked %d times: %v", len(calls), calls[len(calls)-1].Body)
	}
}

// Tokens are counted where they are billed.
func TestUsage(t *testing.T) {
	for name, test := range map[string]struct {
		preset, raw string
		in, out     int
	}{
		"thought, counted as written": {"openai", `{"choices":[],"usage":{"prompt_tokens":100,"completion_tokens":70,"total_tokens":170,"prompt_tokens_details":{"cached_tokens":64},"completion_tokens_details":{"reasoning_tokens":60}}}`, 100, 70},
		"thought, only in the total":  {"gemini", `{"choices":[],"usage":{"prompt_tokens":100,"completion_tokens":10,"total_tokens":170}}`, 100, 70},
		"from a cache":                {"anthropic", `{"type":"message_start","message":{"usage":{"input_tokens":10,"cache_creation_input_tokens":20,"cache_read_input_tokens":70,"output_tokens":1}}}`, 100, 10},
	} {
		t.Run(name, func(t *testing.T) {
			turn := llmtest.Turn{Steps: []llmtest.Step{llmtest.Text("YES"), llmtest.Finish("stop"), llmtest.Raw("data: " + test.raw + "\n\n"), llmtest.Done()}}
			s := llmtest.New(t, turn)
			_, result, err := hear(t.Context(), mind(t, s, test.preset))
			if err != nil || result.TokensIn != test.in || result.TokensOut != test.out {
				t.Errorf("took %d and %d (%v), want %d and %d", result.TokensIn, result.TokensOut, err, test.in, test.out)
			}
		})
	}
}

// A model of langchaingo's that is no service.
type model func(opts llms.CallOptions) (*llms.ContentResponse, error)

func (m model) GenerateContent(_ context.Context, _ []llms.MessageContent, options ...llms.CallOption) (*llms.ContentResponse, error) {
	var o llms.CallOptions
	for _, option := range options {
		option(&o)
	}
	return m(o)
}

func (m model) Call(context.Context, string, ...llms.CallOption) (string, error) { return "", nil }

// Any model can be wrapped, and gets the whole prompt beside the messages.
func TestWrap(t *testing.T) {
	answer := func(text, reason string) *llms.ContentResponse {
		return &llms.ContentResponse{Choices: []*llms.ContentChoice{{Content: text, StopReason: reason, GenerationInfo: map[string]any{"PromptTokens": 3, "CompletionTokens": 2}}}}
	}
	for name, test := range map[string]struct {
		model model
		said  string
		kind  spirit.FailureKind // empty for success
	}{
		"in one piece": {func(llms.CallOptions) (*llms.ContentResponse, error) { return answer("YES", "stop"), nil }, "YES", ""},
		"streamed": {func(o llms.CallOptions) (*llms.ContentResponse, error) {
			return answer("YES", "stop"), o.StreamingFunc(t.Context(), []byte("YES"))
		}, "YES", ""},
		"knows the table": {func(o llms.CallOptions) (*llms.ContentResponse, error) {
			p, ok := spirit.PromptOf(o.Metadata)
			if !ok {
				return nil, errors.New("no prompt")
			}
			return answer(p.Asker, "stop"), nil
		}, "Ann", ""},
		"no reason": {func(llms.CallOptions) (*llms.ContentResponse, error) { return answer("YES", ""), nil }, "YES", spirit.FailedTruncated},
		"no choice": {func(llms.CallOptions) (*llms.ContentResponse, error) { return &llms.ContentResponse{}, nil }, "", spirit.FailedTruncated},
		"nothing":   {func(llms.CallOptions) (*llms.ContentResponse, error) { return nil, nil }, "", spirit.FailedTruncated}, //nolint:nilnil // models do
		"no word":   {func(llms.CallOptions) (*llms.ContentResponse, error) { return answer("", "stop"), nil }, "", spirit.FailedEmpty},
		"an error":  {func(llms.CallOptions) (*llms.ContentResponse, error) { return nil, errors.New(secret) }, "", spirit.FailedOverloaded},
		"its own": {func(llms.CallOptions) (*llms.ContentResponse, error) {
			return nil, &spirit.Failure{Kind: spirit.FailedAuth, Err: errors.New("signed out")}
		}, "", spirit.FailedAuth},
		"both kinds": {func(llms.CallOptions) (*llms.ContentResponse, error) {
			return answer("YES", "stop"), errors.New(secret)
		}, "", spirit.FailedOverloaded},
	} {
		t.Run(name, func(t *testing.T) {
			said, result, err := hear(t.Context(), llm.Wrap("wrapped", test.model, llm.WrapOptions{}))
			failure, failed := errors.AsType[*spirit.Failure](err)
			if said != test.said || failed != (test.kind != "") || failed && failure.Kind != test.kind {
				t.Errorf("said %q, %v, want %q and %q", said, err, test.said, test.kind)
			}
			if err != nil && strings.Contains(err.Error(), secret) {
				t.Errorf("tells %v", err)
			}
			if err == nil && (result.TokensIn != 3 || result.TokensOut != 2) {
				t.Errorf("took %+v", result)
			}
		})
	}
}

func TestNewRefuses(t *testing.T) {
	for name, o := range map[string]llm.Options{
		"unknown":     {Name: "delphi", Model: "m"},
		"no model":    {Name: "openai"},
		"no URL":      {Name: "openai", Model: "m", BaseURL: "example.org"},
		"key in URL":  {Name: "openai", Model: "m", BaseURL: "https://user:" + secret + "@example.org"},
		"file as URL": {Name: "openai", Model: "m", BaseURL: "file:///etc"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := llm.New(o); err == nil || strings.Contains(err.Error(), secret) {
				t.Errorf("%v", err)
			}
		})
	}
}

// The environment is the settings' business, not langchaingo's.
func TestTheEnvironmentIsNotRead(t *testing.T) {
	s := llmtest.New(t, llmtest.Say("YES"))
	t.Setenv("OPENAI_ORGANIZATION", "org-x")
	t.Setenv("OPENAI_MODEL", "other")
	t.Setenv("OPENAI_BASE_URL", "http://127.0.0.1:9")
	t.Setenv("OPENAI_API_KEY", "other")
	if _, _, err := hear(t.Context(), mind(t, s, "openai")); err != nil {
		t.Fatal(err)
	}
	call := s.Calls()[0]
	if call.Header.Get("Openai-Organization") != "" || call.Body["model"] != "scripted-1" || call.Header.Get("Authorization") != "Bearer "+secret {
		t.Errorf("sent %v %v", call.Header, call.Body["model"])
	}
}
