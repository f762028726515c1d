package operator

import (
	"errors"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"seance/internal/seance"
	"seance/spirit"
)

// What becomes of a call of a mind, beside the kinds of spirit.Failure.
const (
	answeredAll = "ok"
	brokeOff    = "failed" // without saying how
)

// mindMetrics are what is told of minds: their names are settings, so there are few.
type mindMetrics struct {
	calls     *prometheus.CounterVec
	fallbacks *prometheus.CounterVec
	guarded   *prometheus.CounterVec
	tokens    *prometheus.CounterVec
	first     *prometheus.HistogramVec
	quiet     prometheus.Counter
}

func newMindMetrics(registry *prometheus.Registry) mindMetrics {
	m := mindMetrics{
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "seance_mind_calls_total", Help: "Calls of minds, by what became of them: ok, or the kind of failure.",
		}, []string{"mind", "outcome"}),
		fallbacks: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "seance_mind_fallbacks_total", Help: "Calls of a mind that was not the first in the chain.",
		}, []string{"mind"}),
		guarded: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "seance_mind_guarded_total", Help: "Calls whose words, or some of them, were not for the table.",
		}, []string{"mind"}),
		tokens: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "seance_mind_tokens_total", Help: "Tokens that minds took, as they count them or else estimated: in or out.",
		}, []string{"mind", "direction", "estimated"}),
		first: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "seance_mind_first_line_seconds", Help: "From the call of a mind until its board line was whole.",
			Buckets: []float64{.01, .05, .1, .25, .5, .75, 1, 1.5, 2, 2.5, 4, 8, 12, 17},
		}, []string{"mind"}),
		quiet: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "seance_mind_quiet_total", Help: "Answers for which the tokens set aside for minds were spent.",
		}),
	}
	registry.MustRegister(m.calls, m.fallbacks, m.guarded, m.tokens, m.first, m.quiet)
	return m
}

// Mind hears of one call of a mind: a spirit's Options.Observe.
func (m *Metrics) Mind(c spirit.Call) {
	outcome := answeredAll
	if c.Err != nil {
		outcome = brokeOff
		if failure, ok := errors.AsType[*spirit.Failure](c.Err); ok {
			outcome = string(failure.Kind)
		}
	}
	m.minds.calls.WithLabelValues(c.Mind, outcome).Inc()
	if c.Fallback {
		m.minds.fallbacks.WithLabelValues(c.Mind).Inc()
	}
	if c.Guarded {
		m.minds.guarded.WithLabelValues(c.Mind).Inc()
	}
	estimated := strconv.FormatBool(c.Estimated)
	m.minds.tokens.WithLabelValues(c.Mind, "in", estimated).Add(float64(max(0, c.Result.TokensIn)))
	m.minds.tokens.WithLabelValues(c.Mind, "out", estimated).Add(float64(max(0, c.Result.TokensOut)))
	if c.FirstLine > 0 {
		m.minds.first.WithLabelValues(c.Mind).Observe(c.FirstLine.Seconds())
	}
}

// said notes what reaches the table.
func (m *Metrics) said(part seance.Part, took time.Duration) {
	switch part.Kind {
	case seance.PartBoard:
		m.answers.WithLabelValues(string(part.Source), part.Mind).Observe(took.Seconds())
	case seance.PartQuiet:
		m.minds.quiet.Inc()
	}
}
