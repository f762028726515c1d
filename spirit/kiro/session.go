package kiro

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
)

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
