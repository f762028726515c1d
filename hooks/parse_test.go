package hooks

import (
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seance/internal/seance"
)

// fixture reads a file of testdata as if it were called name.
func fixture(t *testing.T, file, name string) ([]Hook, []Problem) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	return parse(name, data)
}

// Each invalid fixture is refused, with its name and with a reason that says what is wrong.
func TestInvalidFilesAreRefused(t *testing.T) {
	want := map[string]string{
		"v1/invalid-after-elsewhere.json":         `hook 1 (x): "after" goes with SilenceFell alone`,
		"v1/invalid-agent-without-prompt.json":    `an agent action has to have a prompt`,
		"v1/invalid-backreference.json":           `the matcher uses a backreference (\1), which RE2 does not have`,
		"v1/invalid-bad-regex.json":               `the matcher is no regular expression: missing closing ): "(unclosed"`,
		"v1/invalid-clock-bad-at.json":            `at: "99" as the minute: want 0 to 59`,
		"v1/invalid-clock-without-at.json":        `ClockStruck has to have "at"`,
		"v1/invalid-command-without-command.json": `a command action has to have a command`,
		"v1/invalid-comments.hook":                `this is not JSON: invalid character '/'`,
		"v1/invalid-confirm-elsewhere.json":       `"confirm" goes with Stop and a command alone`,
		"v1/invalid-confirm-on-agent.json":        `"confirm" goes with Stop and a command alone`,
		"v1/invalid-duplicate-name.json":          `two hooks are called "x"`,
		"v1/invalid-lookahead.json":               `the matcher uses a lookahead ((?!...)), which RE2 does not have`,
		"v1/invalid-misspelt-key.json":            `there is no key "enabeld": did you mean "enabled"?`,
		"v1/invalid-negative-timeout.json":        `"timeout" is -1: want 0 or more seconds`,
		"v1/invalid-no-hooks.json":                `there are no hooks in it`,
		"v1/invalid-no-name.json":                 `hook 1: it has no name`,
		"v1/invalid-no-version.json":              `there is no version: want "version": "v1"`,
		"v1/invalid-one-hook-not-array.json":      `"hooks" has to be a list`,
		"v1/invalid-other-format.json":            `this is no hook file`,
		"v1/invalid-silence-too-short.json":       `"after" is 1: want 15 or more seconds`,
		"v1/invalid-silence-without-after.json":   `SilenceFell has to have "after"`,
		"v1/invalid-unknown-action.json":          `the type is "script": want command or agent`,
		"v1/invalid-unknown-trigger.json":         `there is no trigger "api_response"`,
		"v1/invalid-version-number.json":          `the version is 1: want "v1"`,
		"legacy/invalid-no-then.kiro.hook":        `there is a "when" and no "then"`,
		"legacy/invalid-unknown-when.kiro.hook":   `there is no event "moonRose"`,
		"agents/embedded-hooks.json":              `there is no version`,
	}
	for _, pattern := range []string{"v1/invalid-*", "legacy/invalid-*", "agents/*"} {
		files, err := filepath.Glob(filepath.Join("testdata", pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, f := range files {
			file := filepath.ToSlash(strings.TrimPrefix(f, "testdata/"))
			t.Run(file, func(t *testing.T) {
				name := path.Join(hooksAt, path.Base(file))
				hooks, problems := fixture(t, file, name)
				if hooks != nil {
					t.Errorf("it has hooks: %v", hooks)
				}
				var said []string
				for _, p := range problems {
					if p.Path != name {
						t.Errorf("a problem of %s", p.Path)
					}
					if p.Severity == Error {
						said = append(said, p.Message)
					}
				}
				reason, known := want[file]
				if !known || !strings.Contains(strings.Join(said, "\n"), reason) {
					t.Errorf("refused with %q, want %q", said, reason)
				}
			})
		}
	}
}

// Valid fixtures are read without a complaint; those of v1/seance/ as if they were the séance's, and only they run.
func TestValidFilesAreRead(t *testing.T) {
	count := map[string]int{
		"v1/valid-kiro.json": 5, "v1/valid-all-kiro-triggers.json": 13, "v1/valid-star-matcher.json": 1,
		"v1/seance/questions.json": 5, "v1/seance/files.json": 4, "v1/seance/circle.json": 7,
	}
	legacy, err := filepath.Glob("testdata/legacy/[^i]*")
	if err != nil || len(legacy) != 10 {
		t.Fatalf("%d legacy files, %v", len(legacy), err)
	}
	for _, f := range legacy {
		count[filepath.ToSlash(strings.TrimPrefix(f, "testdata/"))] = 1
	}
	for file, n := range count {
		t.Run(file, func(t *testing.T) {
			name, inside := path.Join(hooksAt, path.Base(file)), strings.HasPrefix(file, "v1/seance/")
			if inside {
				name = path.Join(oursAt, path.Base(file))
			}
			hooks, problems := fixture(t, file, name)
			if len(hooks) != n || len(problems) > 0 {
				t.Fatalf("%d hooks, want %d; problems %v", len(hooks), n, problems)
			}
			for i, h := range hooks {
				state := h.state(true)
				if h.Name == "" || h.Path != name || h.Place != i || (state == ForKiro) == inside {
					t.Errorf("%q in %s, place %d: %s", h.Name, h.Path, h.Place, state)
				}
			}
		})
	}
}

func TestWhatAHookSays(t *testing.T) {
	hooks, _ := fixture(t, "v1/seance/circle.json", oursAt+"/circle.json")
	if h := hooks[3]; h.After != 90*time.Second || h.Action != (Action{Type: Agent, Prompt: "Break the silence with one ominous word."}) {
		t.Errorf("%+v", h)
	}
	if h := hooks[2]; h.Enabled || h.state(true) != Off {
		t.Errorf("a hook that is switched off: %s", h.state(true))
	}
	if h := hooks[5]; h.At != "0 * * * *" || h.Timeout != 10*time.Second || h.state(false) != CommandsOff || h.state(true) != Runs {
		t.Errorf("%+v", h)
	}
	hooks, _ = fixture(t, "v1/valid-kiro.json", hooksAt+"/x.json")
	if h := hooks[2]; h.Timeout != maxTimeout { // 0
		t.Errorf("no timeout is %v", h.Timeout)
	}
	if h := hooks[0]; h.Timeout != usualTimeout || !h.Enabled {
		t.Errorf("%+v", h)
	}
}

// What the older shape says, in today's words.
func TestLegacyIsMapped(t *testing.T) {
	type said struct {
		Trigger seance.Trigger
		Matcher string
		Action  ActionType
		Enabled bool
	}
	got := map[string]said{}
	files, err := filepath.Glob("testdata/legacy/[^i]*")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		hooks, _ := fixture(t, strings.TrimPrefix(f, "testdata/"), hooksAt+"/x.kiro.hook")
		for _, h := range hooks {
			got[h.Name] = said{h.Trigger, h.Matcher, h.Action.Type, h.Enabled}
		}
	}
	want := map[string]said{
		"When it is quiet":   {"Stop", "", Command, true},
		"New document":       {"PostFileCreate", `^(?:docs/(?:.*/)?[^/]*\.md)$`, Agent, true},
		"A page is gone":     {"PostFileDelete", `^(?:docs/.*)$`, Agent, true},
		"Refresh spirit":     {"PostFileSave", `^(?:\.kiro/steering/[^/]*\.md|spirits/(?:.*/)?[^/]*\.md)$`, Command, true},
		"After a write":      {"PostToolUse", `(?:fsWrite)`, Command, true},
		"Weigh the answer":   {"PreToolUse", `(?:write)|(?:@mcp.*seance.*)`, Agent, true},
		"Look before asking": {"UserPromptSubmit", "", Command, true},
		"Before a task":      {"PreTaskExec", "", Command, true},
		"Banish":             {"Manual", "", Agent, false},
		"Ask the file":       {"Manual", "", Agent, true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// What is not in a fixture.
func TestParse(t *testing.T) {
	one := func(hook string) string { return `{"version": "v1", "hooks": [{"name": "x", ` + hook + `}]}` }
	agent := `"action": {"type": "agent", "prompt": "y"}`
	command := `"action": {"type": "command", "command": "true"}`
	for name, test := range map[string]struct {
		data     string
		severity Severity // of the only problem
		message  string   // part of it; empty for no problem
	}{
		"agent after the end":     {one(`"trigger": "SeanceClosed", ` + agent), Error, "nobody can be spoken to at SeanceClosed"},
		"agent by hand":           {one(`"trigger": "Manual", ` + agent), Error, "nobody can be spoken to at Manual"},
		"agent at a file":         {one(`"trigger": "PostFileSave", ` + agent), Error, "nobody can be spoken to at PostFileSave"},
		"command after the end":   {one(`"trigger": "SeanceClosed", ` + command), "", ""},
		"Kiro's chat trigger":     {one(`"trigger": "Stop", ` + command), Warning, "Stop is for Kiro"},
		"a matcher for nothing":   {one(`"trigger": "SeanceOpened", "matcher": "x", ` + agent), Warning, "nothing for a matcher"},
		"filled in":               {one(`"trigger": "PostFileSave", "action": {"type": "command", "command": "lint {{filePath}}"}`), Warning, "standard input"},
		"a misspelt trigger":      {one(`"trigger": "SilenceFel", ` + agent), Error, `did you mean "SilenceFell"?`},
		"keys count as written":   {one(`"trigger": "SeanceOpened", "Enabled": false, ` + agent), Error, `did you mean "enabled"?`},
		"a key twice":             {one(`"trigger": "SeanceOpened", "enabled": false, "enabled": true, ` + agent), Error, `"enabled" is there twice`},
		"a word for a truth":      {one(`"trigger": "SeanceOpened", "enabled": "false", ` + agent), Error, `"enabled" has to be true or false`},
		"null is absent":          {one(`"trigger": "SeanceOpened", "enabled": null, "matcher": null, ` + agent), "", ""},
		"lookbehind":              {one(`"trigger": "QuestionAsked", "matcher": "(?<=a)b", ` + agent), Error, "lookbehind ((?<=...))"},
		"no lookahead in a class": {one(`"trigger": "QuestionAsked", "matcher": "[(?=]", ` + agent), "", ""},
		"an action that is text":  {one(`"trigger": "QuestionAsked", "action": "y"`), Error, "action: want an object"},
		"timeout for words":       {one(`"trigger": "QuestionAsked", "timeout": 5, ` + agent), Warning, "only commands have a timeout"},
		"no day that ever comes":  {one(`"trigger": "ClockStruck", "at": "0 0 30 2 *", ` + agent), Error, "a day that no year has"},
		"a mark at the beginning": {"\xef\xbb\xbf" + one(`"trigger": "SeanceOpened", `+agent), "", ""},
		"nothing":                 {"", Error, "this is not JSON"},
		"a list":                  {"[]", Error, "this is no hook file: want an object"},
		"a text":                  {`"v1"`, Error, "this is no hook file"},
		"a hook that is null":     {`{"version": "v1", "hooks": [null]}`, Error, "hook 1: want an object"},
		"something behind it":     {one(`"trigger": "SeanceOpened", `+agent) + "{}", Error, "this is not JSON"},
		"older, in our folder":    {`{"name": "x", "when": {"type": "agentStop"}, "then": {"type": "runCommand", "command": "true"}}`, Warning, "only Kiro runs"},
	} {
		t.Run(name, func(t *testing.T) {
			hooks, problems := parse(oursAt+"/x.json", []byte(test.data))
			switch {
			case test.message == "" && (len(problems) > 0 || len(hooks) != 1):
				t.Fatalf("%d hooks, %v", len(hooks), problems)
			case test.message == "":
				return
			case len(problems) != 1 || problems[0].Severity != test.severity || !strings.Contains(problems[0].Message, test.message):
				t.Errorf("%v, want %s: %s", problems, test.severity, test.message)
			}
			if refused := hooks == nil; refused != (test.severity == Error) {
				t.Errorf("refused is %t", refused)
			}
		})
	}
}

func TestSyntaxErrorsHaveALine(t *testing.T) {
	_, problems := parse("x.json", []byte("{\n  \"version\": \"v1\",\n  \"hooks\": [,]\n}"))
	if len(problems) != 1 || problems[0].Line != 3 {
		t.Errorf("%v", problems)
	}
}

func TestGlobs(t *testing.T) {
	for _, test := range []struct {
		glob, path string
		want       bool
	}{
		{"docs/**/*.md", "docs/a.md", true},
		{"docs/**/*.md", "docs/a/b/c.md", true},
		{"docs/**/*.md", "other/docs/a.md", false},
		{"docs/*.md", "docs/a/b.md", false},
		{"docs/**", "docs/a/b", true},
		{"*.{ts,tsx}", "a.tsx", true},
		{"*.{ts,tsx}", "a.js", false},
		{"?.md", "ab.md", false},
		{"a.md", "aXmd", false},
		{"**", "any/thing", true},
		{"é*.md", "été.md", true},
		{"{a", "{a", true},
	} {
		re, err := compileMatcher(globs([]string{"none", test.glob}))
		if err != nil {
			t.Errorf("%s: %v", test.glob, err)
		} else if got := re.MatchString(test.path); got != test.want {
			t.Errorf("%s matches %s: %t", test.glob, test.path, got)
		}
	}
}

// Whatever is in a file, reading it neither crashes nor lets anything vanish.
func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"v1/*.json", "v1/seance/*", "v1/*.hook", "legacy/*"} {
		files, err := filepath.Glob(filepath.Join("testdata", pattern))
		if err != nil {
			f.Fatal(err)
		}
		for _, name := range files {
			data, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, name := range []string{oursAt + "/x.json", hooksAt + "/x.json"} {
			hooks, problems := parse(name, data)
			if len(hooks) == 0 && len(problems) == 0 {
				t.Error("neither hooks nor a reason")
			}
			for _, h := range hooks {
				if h.Name == "" || h.Timeout > maxTimeout || h.Action.Type != Agent && h.Action.Type != Command {
					t.Errorf("%+v", h)
				}
			}
		}
	})
}
