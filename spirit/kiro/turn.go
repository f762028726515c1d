package kiro

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

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
