//go:build unix

package kiro

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What doctor says of installations, none of which is asked anything.
func TestCheck(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		script script
		change func(*Options)
		want   []string
	}{
		"well": {want: []string{
			"ok kiro-cli --version: kiro-cli 2.16.0", "ok kiro-cli whoami: signed in",
			"ok initialize: engine v2, agent 2.15.2", "ok session/new: model auto",
		}},
		"v3": {change: func(o *Options) { o.Engine = "v3" }, want: []string{
			"ok kiro-cli --version: kiro-cli 2.16.0", "ok kiro-cli whoami: signed in",
			"ok initialize: engine v3, agent 2.15.2", "ok session/new: model auto",
		}},
		"signed out": {script: script{SignedOut: true, Plays: []string{"kiro-signed-out"}}, want: []string{
			"ok kiro-cli --version: kiro-cli 2.16.0",
			"NO kiro-cli whoami: kiro-cli whoami says that nobody is signed in: Not logged in",
			"ok initialize: engine v2, agent 2.15.2",
			"NO session/new: session/new: error -32000: Authentication required (exit status 0; it logged nothing)",
		}},
		"dies": {script: script{Plays: []string{"acp-fault-exit-in-handshake"}}, want: []string{
			"ok kiro-cli --version: kiro-cli 2.16.0", "ok kiro-cli whoami: signed in",
			"NO initialize: initialize: kiro-cli ended (exit status 0; it logged thread 'main' panicked at src/agent.rs:41: Bad file descriptor (os error 9))",
		}},
		"hangs": {
			script: script{Hangs: true}, change: func(o *Options) { o.Limits.Init = 100 * time.Millisecond },
			want: []string{"NO kiro-cli --version: kiro-cli --version: no answer in time"},
		},
		"not there": {change: func(o *Options) { o.Command = "/nonexistent/kiro-cli" }, want: []string{
			"NO kiro-cli --version: kiro-cli --version: fork/exec /nonexistent/kiro-cli: no such file or directory",
		}},
		"wrong engine": {change: func(o *Options) { o.Engine = "v9" }, want: []string{
			`NO options: kiro: the engine is v2 or v3, not "v9"`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := prepare(t, test.script)
			if test.change != nil {
				test.change(&o)
			}
			var got []string
			for _, f := range Check(t.Context(), o) {
				got = append(got, map[bool]string{true: "ok ", false: "NO "}[f.OK]+f.Name+": "+f.Note)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if left, err := os.ReadDir(o.Dir); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
			st := &stage{t: t, home: strings.TrimPrefix(o.Environ[0], "HOME=")}
			for _, r := range st.reports() {
				if r.Wrong != "" || running(r.Pid) {
					t.Errorf("process %d: %s", r.Pid, r.Wrong)
				}
				for _, method := range r.Methods {
					if method == "session/prompt" {
						t.Error("it was asked something")
					}
				}
			}
		})
	}
}
