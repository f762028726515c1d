//go:build unix

package kiro

import (
	"strings"
	"testing"

	"seance/spirit"
)

// A whole turn on each engine, and each fault that comes within a turn.
func TestTranscripts(t *testing.T) {
	hello := spirit.Prompt{Asked: "Say hello"}
	for name, test := range map[string]struct {
		options func(*Options)
		want    func(*settings) // what the session is switched to; as New has it if nil
		prompt  spirit.Prompt
		says    string
		kind    spirit.FailureKind
		model   string
		err     string // part of the error
		logs    string // part of the log
	}{
		"acp-v2": {
			options: func(o *Options) { o.Model = "claude-haiku-4.5" },
			says:    "NEVER ALONE", model: "claude-haiku-4.5",
		},
		"acp-v3": {
			options: func(o *Options) { o.Engine = "v3" },
			prompt:  hello, says: "Hello from Kiro.", model: "auto",
		},
		"acp-permission": {want: bare, says: "NO", model: "auto"},
		"acp-fault-bare-lines": {
			want: bare, says: "YES", model: "auto", logs: `msg="kiro-cli wrote lines that are no protocol" process=0 lines=4`,
		},
		"acp-fault-odd-updates": {want: bare, says: "SOON", model: "auto"},
		"acp-fault-refusal": {
			want: bare, says: "I'm Kiro, I can help you with code.", kind: spirit.FailedEmpty, model: "auto",
		},
		"acp-fault-token-request": {
			options: func(o *Options) { o.Engine = "v3" },
			want:    bare, kind: spirit.FailedAuth, model: "auto", err: "--auth-method=cli",
		},
		"acp-fault-no-config-option": {
			options: func(o *Options) { o.Engine = "v3" },
			want:    func(s *settings) { *s = settings{model: "claude-haiku-4.5"} },
			says:    "YES", model: "auto", logs: "kiro refuses a switch and keeps its default",
		},
		"kiro-content": {want: bare, says: "GRAVE", model: "auto"},
		"kiro-anytime": {want: bare, says: "NO", model: "auto"},
		"kiro-flood":   {want: bare, says: "STILL HERE", model: "auto"},
		"kiro-cut":     {want: bare, says: "AT THE", kind: spirit.FailedTruncated, model: "auto"},
		"kiro-mute":    {want: bare, says: " \n", kind: spirit.FailedEmpty, model: "auto"},
		"kiro-throttled": {
			want: bare, kind: spirit.FailedRate, model: "auto",
		},
		"kiro-dies": {want: bare, says: "NEV", kind: spirit.FailedTruncated, model: "auto"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := prepare(t, script{Plays: []string{name}})
			if test.options != nil {
				test.options(&o)
			}
			st := begin(t, o, test.want)
			prompt := test.prompt
			if prompt.Asked == "" {
				prompt = lighthouse
			}
			says, result, err := st.asks(prompt)
			if says != test.says || kind(err) != test.kind || (err == nil) != (test.kind == "") {
				t.Errorf("said %q, %v; want %q, %s", says, err, test.says, test.kind)
			}
			if err != nil && !strings.Contains(err.Error(), test.err) {
				t.Errorf("the error is %v, want it to say %s", err, test.err)
			}
			if result.Model != test.model || result.Source != "model" {
				t.Errorf("the result is %+v, want %s of %q", result, "model", test.model)
			}
			if says, _, err := st.asks(prompt); says != "SOON\nwait for the bell" || err != nil {
				t.Errorf("then said %q, %v", says, err)
			}
			st.consumed()
			if !strings.Contains(st.log.String(), test.logs) {
				t.Errorf("the log does not say %s", test.logs)
			}
			if logged := st.log.String(); strings.Contains(logged, "alone") {
				t.Errorf("what was asked is in the log:\n%s", logged)
			}
		})
	}
}
