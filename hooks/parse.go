package hooks

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"seance/internal/seance"
)

const (
	usualTimeout = 60 * time.Second
	maxTimeout   = 600 * time.Second // what 0 stands for, too
	minSilence   = 15 * time.Second
)

// parse reads a hook file of either shape, told by what is in it. An error among the problems refuses the file: then
// there are no hooks.
func parse(name string, data []byte) ([]Hook, []Problem) {
	p := &problems{path: name}
	hooks := p.file(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	if p.refused() {
		hooks = nil
	}
	return hooks, p.list
}

func (p *problems) file(data []byte) []Hook {
	var whole json.RawMessage
	if err := json.Unmarshal(data, &whole); err != nil {
		line := 0
		if bad, ok := errors.AsType[*json.SyntaxError](err); ok {
			line = 1 + bytes.Count(data[:min(int(bad.Offset), len(data))], []byte("\n"))
		}
		p.add(Error, line, "this is not JSON: %v", err)
		return nil
	}
	values, err := readObject(data)
	if err != nil {
		p.refuse("this is no hook file: %v", err)
		return nil
	}
	f := fields{problems: p, values: values}
	var version string
	_ = json.Unmarshal(values["version"], &version) // another type is another version
	switch {
	case f.has("when") && f.has("then"):
		return f.legacy()
	case f.has("when"):
		f.refuse(`there is a "when" and no "then": nothing follows from it`)
	case !f.has("hooks"):
		f.refuse(`this is no hook file: want "version": "v1" and "hooks", or a "when" with its "then"`)
	case !f.has("version"):
		f.refuse(`there is no version: want "version": "v1"`)
	case version != "v1":
		f.refuse(`the version is %s: want "v1"`, values["version"])
	default:
		return f.v1()
	}
	return nil
}

func (f fields) v1() []Hook {
	f.only("version", "hooks")
	var list []json.RawMessage
	if !f.read("hooks", "a list, [...]", &list) {
		return nil
	}
	if len(list) == 0 {
		f.refuse("there are no hooks in it")
	}
	hooks := make([]Hook, 0, len(list))
	for i, raw := range list {
		entry := fields{problems: f.problems, where: fmt.Sprintf("hook %d: ", i+1)}
		values, err := readObject(raw)
		if err != nil {
			entry.refuse("%v", err)
			continue
		}
		entry.values = values
		h := entry.hook()
		h.Path, h.Place = f.path, i
		if h.Name != "" && slices.ContainsFunc(hooks, func(o Hook) bool { return o.Name == h.Name }) {
			f.refuse("two hooks are called %q", h.Name)
		}
		hooks = append(hooks, h)
	}
	return hooks
}

// hook reads one entry of the v1 shape.
func (f fields) hook() Hook {
	f.only("name", "description", "trigger", "matcher", "action", "timeout", "enabled", "confirm", "after", "at")
	h := Hook{
		Name: strings.TrimSpace(f.text("name")), Description: f.text("description"), Matcher: f.text("matcher"),
		Trigger: seance.Trigger(f.text("trigger")), Enabled: f.flag("enabled", true),
	}
	if h.Name == "" {
		f.refuse("it has no name")
	} else {
		f.where = strings.TrimSuffix(f.where, ": ") + " (" + h.Name + "): "
	}
	f.trigger(h)
	var err error
	if h.pattern, err = compileMatcher(h.Matcher); err != nil {
		f.refuse("%v", err)
	}
	h.Action = f.action()
	h.Timeout = f.timeout(h.Action.Type)
	h.After = f.after(h.Trigger)
	h.At, h.strikes = f.at(h.Trigger)
	f.confirm(h)
	f.place(h)
	return h
}

func (f fields) trigger(h Hook) {
	if seances[h.Trigger] || kiros[h.Trigger] {
		return
	}
	var known []string
	for _, triggers := range []map[seance.Trigger]bool{seances, kiros} {
		for t := range triggers {
			known = append(known, string(t))
		}
	}
	slices.Sort(known)
	switch near, ok := nearest(string(h.Trigger), known); {
	case h.Trigger == "":
		f.refuse("it has no trigger")
	case ok:
		f.refuse("there is no trigger %q: did you mean %q?", h.Trigger, near)
	default:
		f.refuse("there is no trigger %q", h.Trigger)
	}
}

func (f fields) action() Action {
	a, ok := f.object("action")
	if !ok {
		return Action{}
	}
	act := Action{Type: ActionType(a.text("type")), Command: a.text("command"), Prompt: a.text("prompt")}
	switch act.Type {
	case Command:
		a.only("type", "command")
		if strings.TrimSpace(act.Command) == "" {
			a.refuse("a command action has to have a command")
		}
	case Agent:
		a.only("type", "prompt")
		if strings.TrimSpace(act.Prompt) == "" {
			a.refuse("an agent action has to have a prompt")
		}
	default:
		a.refuse("the type is %q: want command or agent", act.Type)
	}
	return act
}

func (f fields) timeout(action ActionType) time.Duration {
	d, ok := f.seconds("timeout")
	switch {
	case !ok:
		return usualTimeout
	case action == Agent:
		f.warn("only commands have a timeout")
	case d == 0:
		return maxTimeout
	}
	return min(d, maxTimeout)
}

func (f fields) after(trigger seance.Trigger) time.Duration {
	switch d, ok := f.seconds("after"); {
	case trigger != seance.SilenceFell && f.has("after"):
		f.refuse(`"after" goes with SilenceFell alone`)
	case trigger != seance.SilenceFell:
	case !f.has("after"):
		f.refuse(`SilenceFell has to have "after", in seconds`)
	case ok && d < minSilence:
		f.refuse(`"after" is %v: want %v or more seconds`, d.Seconds(), minSilence.Seconds())
	default:
		return d
	}
	return 0
}

func (f fields) at(trigger seance.Trigger) (string, schedule) {
	at := f.text("at")
	switch {
	case trigger != seance.ClockStruck && f.has("at"):
		f.refuse(`"at" goes with ClockStruck alone`)
		return "", schedule{}
	case trigger != seance.ClockStruck:
		return "", schedule{}
	case !f.has("at"):
		f.refuse(`ClockStruck has to have "at", as "03:33" or the five fields of cron`)
		return "", schedule{}
	}
	s, err := parseSchedule(at)
	if err != nil {
		f.refuse("at: %v", err)
	}
	return at, s
}

// confirm checks what only the IDE uses.
func (f fields) confirm(h Hook) {
	if !f.has("confirm") {
		return
	}
	if h.Trigger != stop || h.Action.Type != Command {
		f.refuse(`"confirm" goes with Stop and a command alone`)
		return
	}
	c, ok := f.object("confirm")
	if !ok {
		return
	}
	c.only("question", "options", "confirmCommand")
	c.text("confirmCommand")
	if c.text("question") == "" {
		c.refuse("it has no question")
	}
	var options []json.RawMessage
	if !c.read("options", "a list of {id, label, run}", &options) || len(options) == 0 {
		c.refuse("it has no options")
	}
	for i, raw := range options {
		o := fields{problems: f.problems, where: fmt.Sprintf("%soption %d: ", c.where, i+1)}
		var err error
		if o.values, err = readObject(raw); err != nil {
			o.refuse("%v", err)
			continue
		}
		o.only("id", "label", "run")
		if o.text("id") == "" || o.text("label") == "" || !o.has("run") {
			o.refuse("want id, label and run")
		}
		o.flag("run", false)
	}
}

// place checks what follows from where the file is.
func (f fields) place(h Hook) {
	switch {
	case !ours(f.path):
		if seances[h.Trigger] && !kiros[h.Trigger] {
			f.warn("%s is the séance's: it happens to files under %s/ only", h.Trigger, oursAt)
		}
		return
	case !seances[h.Trigger]:
		if kiros[h.Trigger] {
			f.warn("%s is for Kiro: the server never runs it", h.Trigger)
		}
		return
	case h.Action.Type == Agent && speechless[h.Trigger]:
		f.refuse("nobody can be spoken to at %s: use a command", h.Trigger)
	}
	if f.has("matcher") && h.pattern != nil && matchless[h.Trigger] {
		f.warn("%s has nothing for a matcher to test, so it always happens", h.Trigger)
	}
	if strings.Contains(h.Action.Command, "{{") {
		f.warn("nothing is filled into a command: the event comes as JSON on its standard input")
	}
}
