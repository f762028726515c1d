package kiro

import (
	"cmp"
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

// settings are what a session is switched to before it is asked anything.
type settings struct {
	mode       string // the agent; "" leaves the engine's
	model      string // "" leaves the engine's
	supervised bool   // V3: every tool asks for permission first, which it does not get
}

// A session is where one prompt is put.
type session struct {
	id    string
	model string
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

// opened is what the agent says about a new session: V2 has modes and models, V3 modes and options.
type opened struct {
	ID    string `json:"sessionId"`
	Modes struct {
		Current   string `json:"currentModeId"`
		Available []struct {
			ID string `json:"id"`
		} `json:"availableModes"`
	} `json:"modes"`
	Models struct {
		Current string `json:"currentModelId"`
	} `json:"models"`
	Options []struct {
		ID      string          `json:"id"`
		Current json.RawMessage `json:"currentValue"`
	} `json:"configOptions"`
}

// option is the value that a session's option has, "" if there is no such option.
func (o opened) option(id string) string {
	for _, option := range o.Options {
		if option.ID == id {
			var value string
			_ = json.Unmarshal(option.Current, &value) // what is no string is no value of ours
			return value
		}
	}
	return ""
}

func (o opened) offers(mode string) bool {
	for _, m := range o.Modes.Available {
		if m.ID == mode {
			return true
		}
	}
	return false
}

// errArmed means that what people write would reach an agent with tools that nobody holds back.
var errArmed = errors.New("neither the agent without tools nor supervision is to be had")

// open makes a session in dir and switches it. A switch that fails keeps the engine's default and is logged; only a
// session in which tools could be used is an error.
func (c *client) open(ctx context.Context, dir string, want settings) (session, error) {
	ctx, cancel := limit(ctx, c.limits.New)
	defer cancel()
	var got opened
	if err := c.call(ctx, &got, "session/new", object{"cwd": dir, "mcpServers": []any{}}); err != nil {
		return session{}, err
	}
	if got.ID == "" {
		return session{}, errors.New("session/new: no session came of it")
	}
	s := session{id: got.ID, model: cmp.Or(got.Models.Current, got.option("model"))}
	harmless, err := c.disarm(ctx, s, got, want)
	if err != nil {
		return s, err
	}
	if want.mode != "" && !harmless {
		return s, errArmed
	}
	if want.model == "" || want.model == s.model {
		return s, nil
	}
	method, params := "session/set_model", object{"sessionId": s.id, "modelId": want.model}
	if c.engine == V3 {
		method, params = "session/set_config_option", option(s, "model", want.model)
	}
	changed, err := c.change(ctx, method, params)
	if changed {
		s.model = want.model
	}
	return s, err
}

// disarm switches to the agent without tools and, where the engine knows that, to tools that ask first: they are refused
// whatever they ask. It reports whether one of the two is in force.
func (c *client) disarm(ctx context.Context, s session, got opened, want settings) (harmless bool, err error) {
	switch current := got.Modes.Current; {
	case current == want.mode, current == "" && c.engine == V2: // V2 was started with it
		harmless = true
	case want.mode == "":
	case !got.offers(want.mode):
		c.complain("kiro does not offer our agent", "engine", c.engine, "agent", want.mode)
	default:
		harmless, err = c.change(ctx, "session/set_mode", object{"sessionId": s.id, "modeId": want.mode})
	}
	if err != nil || !want.supervised {
		return harmless, err
	}
	switch got.option("autopilot") {
	case "off":
		harmless = true
	case "on":
		supervised, err := c.change(ctx, "session/set_config_option", option(s, "autopilot", "off"))
		return harmless || supervised, err
	}
	return harmless, nil
}

// complain warns once in the life of a process of what is so in every session.
func (c *client) complain(what string, attrs ...any) {
	if slices.Contains(c.complaints, what) {
		return
	}
	c.complaints = append(c.complaints, what)
	c.log.Warn(what, attrs...)
}

func option(s session, id, value string) object {
	return object{"sessionId": s.id, "configId": id, "value": value}
}

// change makes a switch. The agent's refusal is no error.
func (c *client) change(ctx context.Context, method string, params object) (changed bool, err error) {
	err = c.call(ctx, nil, method, params)
	if refused, ok := errors.AsType[*rpcError](err); ok {
		c.complain("kiro refuses a switch and keeps its default", "engine", c.engine, "method", method, "err", refused)
		return false, nil
	}
	return err == nil, err
}

// A turn is a prompt that was put and has no response yet.
type turn struct {
	session session
	id      json.RawMessage
	open    bool
}

// prompt puts text and hears it out: say gets the words. The stop reason is the agent's. A turn that is still open
// afterwards is to be canceled.
func (c *client) prompt(ctx context.Context, s session, text string, say func(string) error) (stop string, t turn, err error) {
	t = turn{session: s}
	t.id, err = c.request("session/prompt", object{
		"sessionId": s.id, "prompt": []any{object{"type": "text", "text": text}},
	})
	if err != nil {
		return "", t, err
	}
	t.open = true
	raw, err := c.await(ctx, t.id, func(f frame) error {
		if words := f.words(s.id); words != "" {
			return say(words)
		}
		return c.meet(f, false)
	})
	refused, ok := errors.AsType[*rpcError](err)
	t.open = !ok && err != nil
	if ok {
		err = refused.brief() // its whole message may quote what was asked
	}
	if err != nil {
		return "", t, err
	}
	var got struct {
		Stop string `json:"stopReason"`
	}
	if err := json.Unmarshal(raw, &got); err != nil {
		return "", t, fmt.Errorf("session/prompt: its response: %w", err)
	}
	return got.Stop, t, nil
}

// words are what f says for the board in the session: text of the agent's message and nothing else, no thinking, no
// images, no updates of a kind that nobody knows yet.
func (f frame) words(session string) string {
	if f.Method != "session/update" || f.hasID() {
		return ""
	}
	var p struct {
		Session string `json:"sessionId"`
		Update  struct {
			Kind    string          `json:"sessionUpdate"`
			Content json.RawMessage `json:"content"`
		} `json:"update"`
	}
	var content struct {
		Type string `json:"type"`
		Text string `json:"text"`
	}
	if json.Unmarshal(f.Params, &p) != nil || p.Session != session || p.Update.Kind != "agent_message_chunk" ||
		json.Unmarshal(p.Update.Content, &content) != nil || content.Type != "text" {
		return ""
	}
	return content.Text
}

// cancel ends an open turn: nothing it says is heard any more, what it asks for is canceled. An error means that the
// agent did not stop in time.
func (c *client) cancel(ctx context.Context, t turn) error {
	if err := c.notify("session/cancel", object{"sessionId": t.session.id}); err != nil {
		return err
	}
	ctx, end := limit(ctx, c.limits.Cancel)
	defer end()
	_, err := c.await(ctx, t.id, func(f frame) error { return c.meet(f, true) })
	if _, refused := errors.AsType[*rpcError](err); refused {
		return nil // an end, too
	}
	return err
}

// close forgets a session. What the agent says to that does not matter, only that it says something.
func (c *client) close(ctx context.Context, s session) error {
	ctx, cancel := limit(ctx, c.limits.Close)
	defer cancel()
	err := c.call(ctx, nil, c.engine.closing(), object{"sessionId": s.id})
	if refused, ok := errors.AsType[*rpcError](err); ok {
		c.log.Debug("kiro does not close a session", "engine", c.engine, "err", refused)
		return nil
	}
	return err
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

// permission is our outcome of a request for one: the option that rejects, by its kind and wherever it stands.
func permission(params json.RawMessage, canceled bool) object {
	var p struct {
		Options []struct {
			ID   string `json:"optionId"`
			Kind string `json:"kind"`
		} `json:"options"`
	}
	if !canceled && json.Unmarshal(params, &p) == nil {
		for _, kind := range []string{"reject_once", "reject_always"} {
			for _, option := range p.Options {
				if option.Kind == kind {
					return object{"outcome": "selected", "optionId": option.ID}
				}
			}
		}
	}
	return object{"outcome": "cancelled"}
}

// errLate is the cause when one of our own limits has passed.
var errLate = errors.New("no answer in time")

func limit(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, d, errLate)
}
