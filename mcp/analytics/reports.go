package analytics

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"seance/internal/seance"
	"seance/mcp/tools"
)

// most is how many responses one report is made of: the newest of those that it could be.
const most = 10_000

func (a *server) addReports(s *tools.Server) {
	tools.Add(s, tools.Tool{Name: "quality_report", Title: "How good answers were",
		Description: "Latency, scores with 95 % intervals, fallbacks and errors of the answers of a time, by group."}, a.report)
	tools.Add(s, tools.Tool{Name: "compare_variants", Title: "Which one is better",
		Description: "Compares two models or prompt versions by the mean of a score, and says when there are too few."}, a.compare)
}

// A judged is a response with its scores.
type judged struct {
	seance.Response
	scores []seance.Judgement
}

// read reads the responses of a query with their scores. cut says that there are more than a report is made of.
func (a *server) read(ctx context.Context, q seance.ResponseQuery) (all []judged, cut bool, err error) {
	q.Page = seance.Page{Limit: 100}
	for len(all) < most {
		page, next, err := a.store.Responses(ctx, q)
		if err != nil {
			return nil, false, err
		}
		for _, r := range page {
			all = append(all, judged{Response: r})
		}
		if q.After = next; next == "" {
			break
		}
	}
	cut = q.After != ""
	q.Page = seance.Page{}
	scores, err := a.store.Judgements(ctx, q)
	for i := range all {
		all[i].scores = scores[all[i].ID]
	}
	return all, cut, err
}

type reportIn struct {
	Since   string `json:"since" jsonschema:"RFC 3339"`
	Until   string `json:"until" jsonschema:"RFC 3339, not included"`
	GroupBy string `json:"group_by" enum:"model,prompt_version,seance,day"`
}

// A group is the figures of some answers.
type group struct {
	Group            string          `json:"group"`
	N                int             `json:"n"`
	FirstLetterP50Ms int64           `json:"first_letter_p50_ms"`
	FirstLetterP95Ms int64           `json:"first_letter_p95_ms"`
	Scores           map[string]mean `json:"scores"`
	FallbackRate     float64         `json:"fallback_rate"`
	ErrorRate        float64         `json:"error_rate"`
}

type reportOut struct {
	Groups    []group `json:"groups"`
	Truncated bool    `json:"truncated,omitempty"` // made of the newest 10,000
}

func (a *server) report(ctx context.Context, in reportIn) (out reportOut, err error) {
	var q seance.ResponseQuery
	if q.Since, err = moment("since", in.Since); err != nil {
		return out, err
	}
	if q.Until, err = moment("until", in.Until); err != nil {
		return out, err
	}
	all, cut, err := a.read(ctx, q)
	if err != nil {
		return out, err
	}
	return reportOut{groups(all, in.GroupBy), cut}, nil
}

func groups(all []judged, by string) []group {
	parts := map[string][]judged{}
	for _, r := range all {
		key := map[string]string{
			"model": r.Provider + " " + r.Model, "prompt_version": r.PromptVersion, "seance": string(r.Session),
			"day": r.At.UTC().Format(time.DateOnly),
		}[by]
		parts[key] = append(parts[key], r)
	}
	list := []group{}
	for _, key := range slices.Sorted(maps.Keys(parts)) {
		list = append(list, groupOf(key, parts[key]))
	}
	return list
}

func groupOf(name string, part []judged) group {
	g := group{Group: name, N: len(part), Scores: map[string]mean{}}
	var first []time.Duration
	values := map[string][]float64{}
	for _, r := range part {
		if r.FirstLetter > 0 {
			first = append(first, r.FirstLetter)
		}
		if r.Fallback {
			g.FallbackRate++
		}
		if r.Error != "" {
			g.ErrorRate++
		}
		for _, s := range r.scores {
			values[string(s.Name)] = append(values[string(s.Name)], s.Value)
		}
	}
	g.FallbackRate /= float64(len(part))
	g.ErrorRate /= float64(len(part))
	g.FirstLetterP50Ms, g.FirstLetterP95Ms = quantile(first, 0.5), quantile(first, 0.95)
	for name, v := range values {
		g.Scores[name] = meanOf(v)
	}
	return g
}

type compareIn struct {
	A     string `json:"a" jsonschema:"a model or a prompt_version"`
	B     string `json:"b"`
	Score string `json:"score" enum:"in_character,relevance,brevity,spellable,safety,rating"`
	Since string `json:"since" jsonschema:"RFC 3339"`
}

type compareOut struct {
	Difference float64 `json:"difference"` // mean of a less mean of b
	Low        float64 `json:"low"`        // 95 % interval of the difference
	High       float64 `json:"high"`
	NA         int     `json:"n_a"`
	NB         int     `json:"n_b"`
	Verdict    string  `json:"verdict"`
}

func (a *server) compare(ctx context.Context, in compareIn) (out compareOut, err error) {
	if in.A == in.B {
		return out, tools.Wrong("a and b are the same")
	}
	since, err := moment("since", in.Since)
	if err != nil {
		return out, err
	}
	all, _, err := a.read(ctx, seance.ResponseQuery{Since: since})
	if err != nil {
		return out, err
	}
	values := map[string][]float64{}
	for _, r := range all {
		for _, which := range []string{in.A, in.B} {
			if r.Model != which && r.PromptVersion != which {
				continue
			}
			for _, s := range r.scores {
				if string(s.Name) == in.Score {
					values[which] = append(values[which], s.Value)
				}
			}
		}
	}
	meanA, errorA := meanError(values[in.A])
	meanB, errorB := meanError(values[in.B])
	out = compareOut{Difference: meanA - meanB, NA: len(values[in.A]), NB: len(values[in.B])}
	half := z * math.Hypot(errorA, errorB) // Welch: the variances need not be the same
	out.Low, out.High = max(-1, out.Difference-half), min(1, out.Difference+half)
	switch {
	case out.NA < enough || out.NB < enough:
		out.Low, out.High = -1, 1
		out.Verdict = fmt.Sprintf("too few to tell: %d and %d scores, and each needs %d", out.NA, out.NB, enough)
	case out.Low > 0:
		out.Verdict = "a is better"
	case out.High < 0:
		out.Verdict = "b is better"
	default:
		out.Verdict = "no difference shows"
	}
	return out, nil
}
