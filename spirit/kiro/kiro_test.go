package kiro

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seance/spirit"
)

func TestOptions(t *testing.T) {
	for name, test := range map[string]struct {
		o    Options
		fine bool
	}{
		"zero":           {Options{}, true},
		"v3":             {Options{Engine: "v3"}, true},
		"unknown engine": {Options{Engine: "v4"}, false},
		"path as name":   {Options{Agent: "../spirit"}, false},
		"flag as name":   {Options{Agent: "-v"}, false},
		"less than none": {Options{Processes: -1}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := New(test.o); (err == nil) != test.fine {
				t.Errorf("New: %v", err)
			}
		})
	}
}

// The agent has nothing, and says so in the words that Kiro knows.
func TestAgentFile(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("testdata", "agents", "seance-spirit.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want, got any
	if err := errors.Join(json.Unmarshal(raw, &want), json.Unmarshal(agentFile("seance-spirit"), &got)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the agent (-want +got):\n%s", diff)
	}
	prompt, err := os.ReadFile(filepath.Join("testdata", "agents", "seance-spirit.md"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(prompt), agentPrompt); diff != "" {
		t.Errorf("its prompt (-want +got):\n%s", diff)
	}
}

// Neither the block nor a line of a player's opens with a command of Kiro's.
func TestBlock(t *testing.T) {
	for name, test := range map[string]struct {
		p    spirit.Prompt
		want string
	}{
		"plain":            {spirit.Prompt{System: "You are Margery.", Asked: "Ash asks: why?"}, "You are Margery.\nAsh asks: why?"},
		"heading":          {spirit.Prompt{System: "# The Keeper", Asked: "F\nAsh asks: why?\nF"}, "Your guide:\n# The Keeper\nF\nAsh asks: why?\nF"},
		"slash":            {spirit.Prompt{Asked: "/quit"}, "> /quit"},
		"hash":             {spirit.Prompt{Asked: "F\n#secrets asks: why?\nF"}, "F\n> #secrets asks: why?\nF"},
		"behind blanks":    {spirit.Prompt{Asked: " \u200b\t/model"}, ">  \u200b\t/model"},
		"shell and file":   {spirit.Prompt{Asked: "!ls\n@/etc/passwd"}, "> !ls\n> @/etc/passwd"},
		"blank lines lead": {spirit.Prompt{System: "\n\n/agent", Asked: "why?"}, "Your guide:\n\n\n/agent\nwhy?"},
		"within a line":    {spirit.Prompt{Asked: "and/or #1?"}, "and/or #1?"},
		"nothing":          {spirit.Prompt{}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := block(test.p); got != test.want {
				t.Errorf("Kiro gets %q, want %q", got, test.want)
			}
		})
	}
}

func TestPermission(t *testing.T) {
	for name, test := range map[string]struct {
		params   string
		canceled bool
		want     object
	}{
		"once before always": {`{"options":[{"optionId":"N","kind":"reject_always"},{"optionId":"n","kind":"reject_once"}]}`, false, object{"outcome": "selected", "optionId": "n"}},
		"always":             {`{"options":[{"optionId":"y","kind":"allow_once"},{"optionId":"N","kind":"reject_always"}]}`, false, object{"outcome": "selected", "optionId": "N"}},
		"lying ids":          {`{"options":[{"optionId":"reject_once","kind":"allow_once"}]}`, false, object{"outcome": "cancelled"}},
		"unknown kinds":      {`{"options":[{"optionId":"x","kind":"perhaps"}]}`, false, object{"outcome": "cancelled"}},
		"none":               {`{}`, false, object{"outcome": "cancelled"}},
		"no object":          {`[1]`, false, object{"outcome": "cancelled"}},
		"canceled":           {`{"options":[{"optionId":"n","kind":"reject_once"}]}`, true, object{"outcome": "cancelled"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, permission(json.RawMessage(test.params), test.canceled)); diff != "" {
				t.Errorf("outcome (-want +got):\n%s", diff)
			}
		})
	}
}

func TestStopReasons(t *testing.T) {
	for stop, want := range map[string]spirit.FailureKind{
		"end_turn": "", "refusal": spirit.FailedEmpty, "max_tokens": spirit.FailedTruncated,
		"max_turn_requests": spirit.FailedTruncated, "cancelled": spirit.FailedTruncated, "": spirit.FailedTruncated,
	} {
		if got := kind(ended(stop, true)); got != want {
			t.Errorf("%q is %q, want %q", stop, got, want)
		}
	}
	if got := kind(ended("end_turn", false)); got != spirit.FailedEmpty {
		t.Errorf("silence is %q", got)
	}
}

// What Kiro refuses a prompt with may quote it.
func TestRefusalIsBrief(t *testing.T) {
	for message, want := range map[string]string{
		"The request was throttled by the service (request_id: x)": "The request was throttled by the service",
		"Invalid params: Ash asks: are you alone?":                 "Invalid params",
		"cannot parse \"are you alone?\"":                          "cannot parse",
		"Auth refresh callback failed":                             "Auth refresh callback failed",
	} {
		if got := (&rpcError{-32603, message}).brief().Message; got != want {
			t.Errorf("%q is told as %q, want %q", message, got, want)
		}
	}
}

func TestRefusals(t *testing.T) {
	for _, test := range []struct {
		code    int
		message string
		want    spirit.FailureKind
	}{
		{-32000, "Authentication required", spirit.FailedAuth},
		{-32603, "You are not logged in, please log in with kiro-cli login", spirit.FailedAuth},
		{-32603, "The request was throttled by the service (request_id: x)", spirit.FailedRate},
		{-32000, "Too many requests, please wait before trying again.", spirit.FailedRate},
		{-32603, "You have reached the limit for overages", spirit.FailedQuota},
		{-32602, "Invalid params", spirit.FailedBadRequest},
		{-32601, "Method not found", spirit.FailedBadRequest},
		{-32603, "Unknown model", spirit.FailedBadRequest},
		{-32603, "Internal error", spirit.FailedOverloaded},
	} {
		if got := refusedKind(&rpcError{test.code, test.message}); got != test.want {
			t.Errorf("%d %q is %s, want %s", test.code, test.message, got, test.want)
		}
	}
}
