package llm

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"sync"

	"seance/spirit"
)

const maxRefusal = 64 << 10 // bytes that are read of an answer that is none

// errRefused ends a call whose failure is in its CallInfo.
var errRefused = errors.New("no answer")

// A transport is the wire below langchaingo: it shapes what is sent, notes what comes back, and hands on clean streams
// only.
type transport struct {
	inner http.RoundTripper
	key   string
	extra map[string]any

	mu     sync.Mutex
	preset Preset // learns what the service refuses
}

// RoundTrip asks, and once more for each field that the service refuses by name. Everything but a stream is an
// error, and so is a redirect, which would carry the question and the key to somewhere else.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	info := infoOf(req.Context())
	raw, err := io.ReadAll(req.Body)
	if err = errors.Join(err, req.Body.Close()); err != nil {
		return nil, err
	}
	if t.key == "" {
		req = req.Clone(req.Context())
		req.Header.Del("Authorization")
	}
	for {
		body := map[string]any{}
		if err := json.Unmarshal(raw, &body); err != nil {
			return nil, fmt.Errorf("the body that was to be sent: %w", err)
		}
		preset := t.knows()
		preset.shape(body, t.extra)
		res, err := t.send(req, body)
		if err != nil {
			return nil, err
		}
		info.headers(res.StatusCode)
		if res.StatusCode == http.StatusOK && isStream(res.Header) {
			res.Body = newStream(res.Body, preset.dialect(), info)
			res.ContentLength = -1
			return res, nil
		}
		said, err := io.ReadAll(io.LimitReader(res.Body, maxRefusal))
		if err = errors.Join(err, res.Body.Close()); err != nil {
			return nil, err
		}
		if refuses(res.StatusCode) && preset.yield(string(said), body) {
			t.learn(preset)
			continue
		}
		f := failed("an answer", res.StatusCode, res.Header, said)
		if res.StatusCode/100 == 2 {
			f = &spirit.Failure{Kind: spirit.FailedBadRequest, Err: fmt.Errorf("an answer with status %d that is no stream", res.StatusCode)}
		}
		info.fail(f)
		return nil, errRefused
	}
}

func (t *transport) send(req *http.Request, body map[string]any) (*http.Response, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	again := req.Clone(req.Context())
	again.Body, again.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
	again.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(raw)), nil }
	again.Header.Set("Accept", "text/event-stream")
	return t.inner.RoundTrip(again)
}

func (t *transport) knows() Preset {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.preset
}

func (t *transport) learn(p Preset) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.preset = p
}

func (p Preset) dialect() dialect {
	if p.anthropic {
		return &messages{}
	}
	return chat{}
}

// refuses reports whether a status may mean that a field of the body is not known.
func refuses(status int) bool {
	return status == http.StatusBadRequest || status == http.StatusUnprocessableEntity
}

func isStream(header http.Header) bool {
	kind, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	return err == nil && kind == "text/event-stream"
}
