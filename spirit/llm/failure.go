package llm

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"seance/spirit"
)

// longestRetry bounds for how long a service may ask us to stay away.
const longestRetry = 24 * time.Hour

// A refusal is what a service says went wrong, in the shapes of OpenAI, Anthropic and Google.
type refusal struct {
	words []string // its own words for the kind: types, codes, reasons
	code  int      // a status inside the body, for an error in mid-stream; else 0
	retry time.Duration
}

// readRefusal looks for an error in a body: in an object, in a list around it, or bare. What cannot be read says nothing.
func readRefusal(body []byte) (r refusal) {
	var said any
	if json.Unmarshal(body, &said) != nil {
		return r
	}
	if list, ok := said.([]any); ok && len(list) > 0 {
		said = list[0] // Google's way
	}
	top, _ := said.(map[string]any)
	inner, ok := top["error"].(map[string]any)
	if !ok {
		inner = top
	}
	r.take(inner)
	details, _ := inner["details"].([]any)
	for _, d := range details {
		if detail, ok := d.(map[string]any); ok {
			r.take(detail)
		}
	}
	return r
}

func (r *refusal) take(from map[string]any) {
	for _, field := range []string{"type", "code", "status", "reason"} {
		switch v := from[field].(type) {
		case string:
			r.words = append(r.words, strings.ToLower(v))
			if n, err := strconv.Atoi(v); err == nil {
				r.code = n
			}
		case float64:
			r.code = int(v)
		}
	}
	if delay, ok := from["retryDelay"].(string); ok {
		if d, err := time.ParseDuration(delay); err == nil {
			r.retry = bounded(d)
		}
	}
}

// says reports whether one of the service's own words holds one of these.
func (r refusal) says(any ...string) bool {
	return slices.ContainsFunc(r.words, func(word string) bool {
		return slices.ContainsFunc(any, func(part string) bool { return strings.Contains(word, part) })
	})
}

// kind tells what sort of failure an answer with this status is. 529 is Anthropic's for being overloaded, and what it
// says in mid-stream comes without any status.
func (r refusal) kind(status int) spirit.FailureKind {
	switch {
	case r.says("insufficient_quota", "billing", "insufficient_balance", "credit") || status == http.StatusPaymentRequired:
		return spirit.FailedQuota
	case r.says("api_key", "authentication", "permission") || status == http.StatusUnauthorized || status == http.StatusForbidden:
		return spirit.FailedAuth
	case r.says("rate_limit", "resource_exhausted", "too_many_requests") || status == http.StatusTooManyRequests:
		return spirit.FailedRate
	case status == http.StatusRequestTimeout || status == http.StatusTooEarly || status >= 500:
		return spirit.FailedOverloaded
	case status >= 300 || r.says("invalid_request", "not_found"):
		return spirit.FailedBadRequest
	default:
		return spirit.FailedOverloaded
	}
}

// failed is the failure of an answer with a status that is no success. In words it holds the status and the phase only:
// what the other side wrote may hold a key or the prompt.
func failed(phase string, status int, header http.Header, body []byte) *spirit.Failure {
	r := readRefusal(body)
	if status == http.StatusOK {
		status = r.code
	}
	f := &spirit.Failure{Kind: r.kind(status), RetryAfter: retryAfter(header, time.Now())}
	if f.RetryAfter == 0 {
		f.RetryAfter = r.retry
	}
	if f.Err = fmt.Errorf("%s", phase); status != 0 {
		f.Err = fmt.Errorf("%s with status %d", phase, status)
	}
	return f
}

// retryAfter reads how long to stay away: whole or broken seconds, a date, or OpenAI's milliseconds. 0 if nothing is said.
func retryAfter(header http.Header, now time.Time) time.Duration {
	if ms, err := strconv.ParseFloat(header.Get("Retry-After-Ms"), 64); err == nil {
		return bounded(time.Duration(ms) * time.Millisecond)
	}
	said := header.Get("Retry-After")
	if seconds, err := strconv.ParseFloat(said, 64); err == nil {
		return bounded(time.Duration(min(seconds, longestRetry.Seconds()) * float64(time.Second)))
	}
	if at, err := http.ParseTime(said); err == nil {
		return bounded(at.Sub(now))
	}
	return 0
}

func bounded(d time.Duration) time.Duration { return min(max(d, 0), longestRetry) }

// mentions reports whether text names a field, and not just as a part of another's name.
func mentions(text, field string) bool {
	return regexp.MustCompile(`\b` + regexp.QuoteMeta(field) + `\b`).MatchString(text)
}
