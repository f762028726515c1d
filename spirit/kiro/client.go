package kiro

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"
)

// A client speaks ACP with one agent: one session and one prompt at a time. One goroutine at a time may use it.
type client struct {
	*wire
	engine  engine
	version string // ours
	limits  Limits
	log     *slog.Logger

	complaints []string // what was complained of
	askedToken bool     // the agent wanted a token of us, which only its own sign-in has
}

type object = map[string]any

// initialize shakes hands and returns the version that the agent gives itself. We offer neither files nor a terminal:
// some versions die on the first prompt where a terminal is offered.
func (c *client) initialize(ctx context.Context) (string, error) {
	ctx, cancel := limit(ctx, c.limits.Init)
	defer cancel()
	var got struct {
		Agent struct {
			Version string `json:"version"`
		} `json:"agentInfo"`
	}
	err := c.call(ctx, &got, "initialize", object{
		"protocolVersion": 1,
		"clientCapabilities": object{
			"fs":       object{"readTextFile": false, "writeTextFile": false},
			"terminal": false,
		},
		"clientInfo": object{"name": "seance", "title": "Séance", "version": c.version},
	})
	return got.Agent.Version, err
}

// complain warns once in the life of a process of what is so in every session.
func (c *client) complain(what string, attrs ...any) {
	if slices.Contains(c.complaints, what) {
		return
	}
	c.complaints = append(c.complaints, what)
	c.log.Warn(what, attrs...)
}

// call makes a request and waits for its response; into may be nil.
func (c *client) call(ctx context.Context, into any, method string, params object) error {
	id, err := c.request(method, params)
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	raw, err := c.await(ctx, id, func(f frame) error { return c.meet(f, false) })
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("%s: its response: %w", method, err)
	}
	return nil
}

// meet answers what the agent asks of us and ignores what it merely tells. No request stays without an answer.
func (c *client) meet(f frame, canceled bool) error {
	if f.Method == "" || !f.hasID() {
		return nil
	}
	switch f.Method {
	case "session/request_permission":
		return c.reply(f.ID, object{"outcome": permission(f.Params, canceled)})
	case "_kiro/terminal/shell_type":
		return c.reply(f.ID, object{"shellType": "bash"})
	case "_kiro/auth/getAccessToken":
		c.askedToken = true
	}
	return c.refuse(f.ID)
}

// errLate is the cause when one of our own limits has passed.
var errLate = errors.New("no answer in time")

func limit(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, d, errLate)
}
