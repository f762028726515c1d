// Package hooks reads the hook files under .kiro/hooks and does what those of the séance say when something happens at a
// table: the spirit speaks by a prompt, or a command runs.
//
// Reading tells files apart by what is in them and never fails for it: a file that cannot be used is refused with a
// reason, and nothing that was found vanishes. Files under .kiro/hooks/seance/ are the séance's; all others are for Kiro
// and are only listed.
//
// No hook holds back a letter. QuestionAsked hooks have 2 s together; everything else happens beside the tables, from
// bounded queues. What people write reaches a command on its standard input alone.
package hooks

import (
	"path"
	"regexp"
	"strings"
	"time"

	"seance/internal/seance"
)

const (
	folder  = ".kiro"
	hooksAt = folder + "/hooks"
	oursAt  = hooksAt + "/seance"
)

// A Hook is what one entry of a hook file says.
type Hook struct {
	Name        string
	Description string
	Trigger     seance.Trigger
	Matcher     string // as its file has it, or made of a legacy file's patterns; empty matches always
	Action      Action
	Timeout     time.Duration // of a command, 600 s at most
	After       time.Duration // SilenceFell: how long it has been quiet
	At          string        // ClockStruck: when
	Enabled     bool
	Path        string // of its file, from the workspace root, with slashes: .kiro/hooks/...
	Place       int    // in its file, from 0
	Legacy      bool   // its file has the older shape, which only Kiro runs

	pattern *regexp.Regexp // nil matches always
	strikes schedule
}

// An Action is what a hook does.
type Action struct {
	Type    ActionType
	Command string // for /bin/sh
	Prompt  string // for the spirit
}

// ActionType tells the two kinds of actions apart.
type ActionType string

// The actions: a command runs, or the spirit speaks by a prompt.
const (
	Command ActionType = "command"
	Agent   ActionType = "agent"
)

// ID names a hook among all others.
func (h Hook) ID() string { return h.Path + "#" + h.Name }

// State says what becomes of a hook.
type State string

// The states of a hook.
const (
	Runs        State = "runs"
	Off         State = "off"
	CommandsOff State = "commands are off"
	ForKiro     State = "for Kiro, not for the séance"
)

// state says what becomes of h where commands are allowed or not.
func (h Hook) state(commands bool) State {
	switch {
	case h.Legacy || !ours(h.Path) || !seances[h.Trigger]:
		return ForKiro
	case !h.Enabled:
		return Off
	case h.Action.Type == Command && !commands:
		return CommandsOff
	}
	return Runs
}

// matches reports whether the matcher lets text pass.
func (h Hook) matches(text string) bool { return h.pattern == nil || h.pattern.MatchString(text) }

// ours reports whether a file is one of the séance's.
func ours(name string) bool { return strings.HasPrefix(path.Clean(name), oursAt+"/") }
