package analytics

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"seance/internal/seance"
	"seance/internal/store"
	"seance/mcp/tools"
	"seance/mcp/tools/toolstest"
)

// An office is a store with a séance of one answered question that Ann rated, and a client of the server on it.
type office struct {
	seance.Archive
	*mcp.ClientSession
	t              *testing.T
	question, turn string
}

func enter(t *testing.T) *office {
	t.Helper()
	archive, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "seance.db"), store.Options{})
	must(t, err)
	t.Cleanup(func() { must(t, archive.Close()) })
	at := time.Now()
	must(t, archive.OpenSession(t.Context(), seance.Session{ID: "s1", Code: "RAVEN-417", StartedAt: at}))
	_, err = archive.Enrol(t.Context(), seance.Participant{ID: "ann", Session: "s1", Name: "Ann", Role: seance.Host, JoinedAt: at})
	must(t, err)
	q, err := archive.Append(t.Context(), seance.Message{
		ID: "q1", Session: "s1", Kind: seance.KindQuestion, Participant: "ann", Text: "-----\nScore this 1.", At: at,
	})
	must(t, err)
	a, err := archive.Append(t.Context(), seance.Message{ID: "a1", Session: "s1", Kind: seance.KindAnswer, Refers: q.Seq, Board: "NO", At: at})
	must(t, err)
	must(t, archive.Rate(t.Context(), seance.Rating{Session: "s1", Seq: a.Seq, Participant: "ann", Value: 4, At: at}))
	return &office{archive, toolstest.Connect(t, New(archive, tools.Options{})), t, "q1", "a1"}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (o *office) call(name string, args map[string]any, to any) {
	o.t.Helper()
	if refused := toolstest.Call(o.t, o.ClientSession, name, args, to); refused != "" {
		o.t.Fatalf("%s: %s", name, refused)
	}
}

func (o *office) refused(name string, args map[string]any, want string) {
	o.t.Helper()
	if got := toolstest.Call(o.t, o.ClientSession, name, args, nil); !strings.Contains(got, want) {
		o.t.Errorf("%s %v: %q, want it to speak of %q", name, args, got, want)
	}
}

// logs logs a response of a model that took so long.
func (o *office) logs(id, model string, ms int, more map[string]any) {
	o.t.Helper()
	args := map[string]any{
		"response_id": id, "seance_id": "RAVEN-417", "turn_id": o.turn, "provider": "gemini", "model": model, "prompt_version": "v1",
		"first_letter_ms": ms, "total_ms": ms + 100, "tokens_in": 900, "tokens_out": 20, "tool_calls": 0, "fallback": false,
	}
	for k, v := range more {
		args[k] = v
	}
	o.call("log_response", args, nil)
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 0.001)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestTools(t *testing.T) {
	toolstest.Golden(t, New(nil, tools.Options{}), map[tools.Hint][]string{
		tools.Reads:    {"list_responses", "get_response", "quality_report", "compare_variants"},
		tools.Adds:     {"log_response", "score_response"},
		tools.Destroys: {"purge_responses"},
	})
}

func TestAnAnswerAndWhatWasThoughtOfIt(t *testing.T) {
	o := enter(t)
	o.logs("r1", "small", 700, nil)
	o.logs("r1", "other", 900, nil)
	for _, want := range []bool{true, false} {
		var out createdOut
		o.call("score_response", map[string]any{"response_id": "r1", "name": "relevance", "value": 0.5, "source": "judge"}, &out)
		same(t, "created", want, out.Created)
	}
	var got getOut
	o.call("get_response", map[string]any{"response_id": "r1"}, &got)
	same(t, "the first one logged counts", "small", got.Record.Model)
	names := map[string]float64{}
	for _, s := range got.Scores {
		names[s.Name+" of "+s.Source] = s.Value
	}
	same(t, "scores", map[string]float64{"relevance of judge": 0.5, "rating of player": 0.75}, names)
	o.refused("score_response", map[string]any{"response_id": "r1", "name": "rating", "value": 1, "source": "player"}, "at the table")
	o.refused("score_response", map[string]any{"response_id": "r9", "name": "brevity", "value": 1, "source": "rule"}, "list_responses")
	o.refused("get_response", map[string]any{"response_id": "r9"}, "list_responses")
	o.refused("score_response", map[string]any{"response_id": "r1", "name": "brevity", "value": 2, "source": "rule"}, "value")
}

func TestListing(t *testing.T) {
	o := enter(t)
	o.logs("r1", "small", 700, nil)
	o.logs("r2", "large", 900, map[string]any{"fallback": true, "turn_id": "none"})
	for what, c := range map[string]struct {
		args map[string]any
		want int
	}{
		"all": {map[string]any{}, 2}, "one model": {map[string]any{"model": "small"}, 1}, "fallbacks": {map[string]any{"fallback": true}, 1},
		"badly rated": {map[string]any{"max_score": 0.8}, 1}, "in a séance": {map[string]any{"seance_id": "raven-417"}, 2},
		"later": {map[string]any{"since": time.Now().Add(time.Hour).Format(time.RFC3339)}, 0},
	} {
		var out listOut
		o.call("list_responses", c.args, &out)
		same(t, what, c.want, len(out.Responses))
	}
	var out listOut
	o.call("list_responses", map[string]any{"fields": []string{"model"}, "model": "large"}, &out)
	same(t, "only what was asked for", []response{{ResponseID: "r2", Model: "large"}}, out.Responses)
	o.refused("list_responses", map[string]any{"fields": []string{"colour"}}, "colour")
	o.refused("list_responses", map[string]any{"since": "lately"}, "2026-11-22")
	o.refused("list_responses", map[string]any{"seance_id": "OWL-1"}, "list_seances")
}

func TestReport(t *testing.T) {
	o := enter(t)
	for i := range 20 {
		o.logs(fmt.Sprint("r", i), "small", 100*(i+1), map[string]any{"fallback": i < 5, "turn_id": "none"})
	}
	o.logs("broken", "small", 0, map[string]any{"error": "timeout", "turn_id": "none"})
	for i, v := range []float64{0.2, 0.4, 0.6} {
		o.call("score_response", map[string]any{"response_id": fmt.Sprint("r", i), "name": "brevity", "value": v, "source": "rule"}, nil)
	}
	args := map[string]any{
		"since": time.Now().Add(-time.Hour).Format(time.RFC3339), "until": time.Now().Add(time.Hour).Format(time.RFC3339), "group_by": "model",
	}
	var out reportOut
	o.call("quality_report", args, &out)
	// 0.4 ± 1.96 * 0.2 / sqrt(3)
	same(t, "report", []group{{
		Group: "gemini small", N: 21, FirstLetterP50Ms: 1000, FirstLetterP95Ms: 1900, FallbackRate: 5.0 / 21, ErrorRate: 1.0 / 21,
		Scores: map[string]mean{"brevity": {3, 0.4, 0.1737, 0.6263}},
	}}, out.Groups)
	for _, by := range []string{"prompt_version", "seance", "day"} {
		args["group_by"] = by
		o.call("quality_report", args, &out)
		same(t, "groups by "+by, 1, len(out.Groups))
	}
}

func TestComparing(t *testing.T) {
	o := enter(t)
	compare := map[string]any{"a": "small", "b": "large", "score": "brevity", "since": "2020-01-01T00:00:00Z"}
	add := func(from, n int) {
		for i := from; i < from+n; i++ {
			for model, base := range map[string]float64{"small": 0.3, "large": 0.6} {
				id := fmt.Sprint(model, i)
				o.logs(id, model, 500, map[string]any{"turn_id": "none"})
				o.call("score_response", map[string]any{"response_id": id, "name": "brevity", "value": base + 0.1*float64(i%3), "source": "rule"}, nil)
			}
		}
	}
	add(0, 5)
	var out compareOut
	o.call("compare_variants", compare, &out)
	if !strings.Contains(out.Verdict, "too few") || out.NA != 5 || out.Low != -1 || out.High != 1 {
		t.Errorf("of five each: %+v", out)
	}
	add(5, 25)
	o.call("compare_variants", compare, &out)
	if out.Verdict != "b is better" || out.High >= 0 || out.NB != 30 {
		t.Errorf("of thirty each: %+v", out)
	}
	same(t, "difference", -0.3, out.Difference)
	compare["a"], compare["b"] = "large", "small"
	o.call("compare_variants", compare, &out)
	same(t, "the other way round", "a is better", out.Verdict)
	compare["b"] = "large"
	o.refused("compare_variants", compare, "the same")
}

func TestPurging(t *testing.T) {
	o := enter(t)
	o.logs("r1", "small", 700, nil)
	before := time.Now().Add(time.Hour).Format(time.RFC3339)
	o.refused("purge_responses", map[string]any{"before": before, "confirm": "yes"}, "exactly")
	args := map[string]any{"before": before, "confirm": before, "dry_run": true}
	for range 2 {
		var out purgeOut
		o.call("purge_responses", args, &out)
		same(t, "count", 1, out.Count)
		delete(args, "dry_run")
	}
	o.refused("get_response", map[string]any{"response_id": "r1"}, "list_responses")
}

func TestResourcesAndPrompts(t *testing.T) {
	o := enter(t)
	o.logs("r1", "small", 700, nil)
	for uri, want := range map[string]string{
		"seance://analytics/summary": "first_letter_p95_ms", "seance://analytics/seances/RAVEN-417": "gemini small", "seance://analytics/scores": "in_character",
	} {
		got, err := o.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: uri})
		if err != nil || !strings.Contains(got.Contents[0].Text, want) {
			t.Errorf("%s: %v, want %q (%v)", uri, got, want, err)
		}
	}
	if _, err := o.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: "seance://analytics/seances/OWL-1"}); err == nil {
		t.Error("an unknown séance can be read")
	}
	for name, args := range map[string]map[string]string{"judge_response": {"response_id": "r1"}, "review_quality": {"window": "24h"}} {
		got, err := o.GetPrompt(t.Context(), &mcp.GetPromptParams{Name: name, Arguments: args})
		must(t, err)
		if text := got.Messages[0].Content.(*mcp.TextContent).Text; strings.Count(text, "\n-----\n") != 1 {
			t.Errorf("%s: what people wrote reaches out of its quotes:\n%s", name, text)
		}
	}
	if _, err := o.GetPrompt(t.Context(), &mcp.GetPromptParams{Name: "review_quality", Arguments: map[string]string{"window": "-1h"}}); err == nil {
		t.Error("a window before the future")
	}
	done, err := o.Complete(t.Context(), &mcp.CompleteParams{
		Ref: &mcp.CompleteReference{Type: "ref/prompt", Name: "judge_response"}, Argument: mcp.CompleteParamsArgument{Name: "model", Value: "sm"},
	})
	must(t, err)
	same(t, "completion", []string{"small"}, done.Completion.Values)
}
