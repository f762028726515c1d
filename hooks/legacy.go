package hooks

import (
	"fmt"
	"regexp"
	"strings"
)

// legacy reads the older shape, one hook a file, as leniently as it was written: keys that are not known here belonged
// to the IDE.
func (f fields) legacy() []Hook {
	h := Hook{
		Name: strings.TrimSpace(f.text("name")), Description: f.text("description"), Enabled: f.flag("enabled", true),
		Path: f.path, Legacy: true,
	}
	if h.Name == "" {
		f.refuse("it has no name")
	}
	when, ok := f.object("when")
	if !ok {
		return nil
	}
	event := when.text("type")
	if h.Trigger, ok = legacyEvents[event]; !ok {
		when.refuse("there is no event %q", event)
	}
	h.Matcher = when.legacyMatcher(h)
	var err error
	if h.pattern, err = compileMatcher(h.Matcher); err != nil {
		when.refuse("%v", err)
	}
	then, ok := f.object("then")
	if !ok {
		return nil
	}
	h.Action = then.legacyAction()
	h.Timeout = then.timeout(h.Action.Type)
	if ours(f.path) {
		f.warn(`this is the older shape, which only Kiro runs: write it as "version": "v1" for the séance`)
	}
	return []Hook{h}
}

// legacyMatcher makes a matcher of what the event is about. Patterns mean something to file events alone.
func (f fields) legacyMatcher(h Hook) string {
	switch h.Trigger {
	case PostFileCreate, PostFileSave, PostFileDelete:
		var patterns []string
		f.read("patterns", "a list of texts", &patterns)
		return globs(patterns)
	case "PreToolUse", "PostToolUse":
		var tools []string
		f.read("toolTypes", "a list of texts", &tools)
		if name := f.text("toolName"); name != "" {
			tools = append(tools, regexp.QuoteMeta(name))
		}
		for i, tool := range tools {
			if tool == "*" {
				return ""
			}
			tools[i] = fmt.Sprintf("(?:%s)", tool)
		}
		return strings.Join(tools, "|")
	}
	return ""
}

func (f fields) legacyAction() Action {
	act := Action{Prompt: f.text("prompt"), Command: f.text("command")}
	var ok bool
	if act.Type, ok = legacyActions[f.text("type")]; !ok {
		f.refuse("there is no action %q", f.text("type"))
		return act
	}
	switch {
	case act.Type == Agent && strings.TrimSpace(act.Prompt) == "":
		f.refuse("it has to have a prompt")
	case act.Type == Command && strings.TrimSpace(act.Command) == "":
		f.refuse("it has to have a command")
	}
	return act
}
