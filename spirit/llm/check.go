package llm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"seance/spirit"
)

const (
	maxList         = 8 << 20 // bytes of a list of models; OpenRouter's is below 1 MB
	anthropicDialed = "2023-06-01"
)

// A Health is what a service says of itself for nothing.
type Health struct {
	Listed   bool      // the model is one of those that it has
	Shutdown time.Time // from when on it will not be; zero if nothing is said
}

// Check asks for the list of models, which costs nothing and shows whether the service can be reached with this key. It
// fails with a *spirit.Failure, and for a wrapped model, of which there is no list.
func (p *Provider) Check(ctx context.Context) (Health, error) {
	if p.wire == nil {
		return Health{}, errors.New("there is nothing to look at")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.preset.BaseURL+"/models", nil)
	if err != nil {
		return Health{}, err
	}
	switch key := p.wire.key; {
	case p.preset.anthropic:
		req.Header.Set("X-Api-Key", key)
		req.Header.Set("Anthropic-Version", anthropicDialed)
		req.URL.RawQuery = "limit=1000" // its most; the usual is 20
	case key != "":
		req.Header.Set("Authorization", "Bearer "+key)
	}
	res, err := p.wire.inner.RoundTrip(req)
	switch {
	case ctx.Err() != nil:
		return Health{}, leaving(context.Cause(ctx))
	case err != nil:
		return Health{}, &spirit.Failure{Kind: spirit.FailedOverloaded, Err: errors.New("it cannot be reached")}
	}
	defer res.Body.Close()
	said, err := io.ReadAll(io.LimitReader(res.Body, maxList))
	if res.StatusCode != http.StatusOK {
		return Health{}, failed("its list of models", res.StatusCode, res.Header, said)
	}
	if err != nil {
		return Health{}, &spirit.Failure{Kind: spirit.FailedTruncated, Err: errNoEnd}
	}
	var list struct {
		Data []struct {
			ID       string
			Shutdown any `json:"shutdown_date"`
			Expires  any `json:"expiration_date"` // OpenRouter's word
			Ends     any `json:"deprecation"`     // Mistral's
		}
	}
	if json.Unmarshal(said, &list) != nil {
		return Health{}, &spirit.Failure{Kind: spirit.FailedBadRequest, Err: fmt.Errorf("what stands at its base URL has no list of models")}
	}
	h := Health{Listed: p.preset.anyModel}
	for _, m := range list.Data {
		// Gemini lists its models under models/, Ollama with a tag.
		if id := strings.TrimPrefix(m.ID, "models/"); id != strings.TrimPrefix(p.wanted, "models/") && id != p.wanted+":latest" {
			continue
		}
		h.Listed = true
		for _, said := range []any{m.Shutdown, m.Expires, m.Ends} {
			if at, ok := date(said); ok {
				h.Shutdown = at
				break
			}
		}
	}
	return h, nil
}

// date reads a day or a time as services write them: as text or in seconds since 1970.
func date(said any) (time.Time, bool) {
	switch v := said.(type) {
	case float64:
		return time.Unix(int64(v), 0).UTC(), v > 0
	case string:
		for _, layout := range []string{time.DateOnly, time.RFC3339} {
			if at, err := time.Parse(layout, v); err == nil {
				return at.UTC(), true
			}
		}
	}
	return time.Time{}, false
}
