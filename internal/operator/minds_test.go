package operator

import (
	"errors"
	"strings"
	"testing"
	"time"

	"seance/internal/seance"
	"seance/spirit"
)

// Each call of a mind is counted once, with what it took.
func TestMindsAreCounted(t *testing.T) {
	m := NewMetrics("test")
	m.Mind(spirit.Call{Mind: "gemini", Result: spirit.Result{TokensIn: 700, TokensOut: 20}, FirstLine: 300 * time.Millisecond})
	m.Mind(spirit.Call{Mind: "gemini", Result: spirit.Result{TokensIn: 700}, Estimated: true, Fallback: true, Err: &spirit.Failure{Kind: spirit.FailedTimeout, Err: errors.New("late")}})
	m.Mind(spirit.Call{Mind: "gemini", Guarded: true, Err: errors.New("odd")})
	m.said(seance.Part{Kind: seance.PartQuiet}, time.Second)
	_, text := serve(t, Options{Metrics: m}, usual, nil).get("/metrics")
	for _, line := range []string{
		`seance_mind_calls_total{mind="gemini",outcome="ok"} 1`, `seance_mind_calls_total{mind="gemini",outcome="timeout"} 1`,
		`seance_mind_calls_total{mind="gemini",outcome="failed"} 1`, `seance_mind_fallbacks_total{mind="gemini"} 1`,
		`seance_mind_guarded_total{mind="gemini"} 1`, `seance_mind_tokens_total{direction="in",estimated="false",mind="gemini"} 700`,
		`seance_mind_tokens_total{direction="in",estimated="true",mind="gemini"} 700`,
		`seance_mind_tokens_total{direction="out",estimated="false",mind="gemini"} 20`, `seance_mind_first_line_seconds_count{mind="gemini"} 1`,
		`seance_mind_quiet_total 1`,
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("the metrics lack %q", line)
		}
	}
}
