package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func entriesOf(t *testing.T, http bool) []entry {
	t.Helper()
	o := installation{cfg: &config{Operator: usualOperator}, http: http, command: "seance"}
	entries, err := o.entries()
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

// Whatever else is in a settings file stays, in its order and its form, and a second time changes nothing.
func TestSettingsKeepWhatIsNotOurs(t *testing.T) {
	fixture, err := os.ReadFile("testdata/kiro/mcp-others.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{
		"others": string(fixture),
		"tabs":   strings.ReplaceAll(string(fixture), "  ", "\t"),
		"odd":    `{"a":1e3,"mcpServers":{"x":{"<&>":"\u00e9<&>","n":10000000000000000000001}},"z":[null,true]}`,
		"ours": `{"mcpServers": {"seance-memory": {"timeout": 5, "env": {"MINE": "1"}, "headers": {"X-Mine": "1"}, "url": "http://old"},
			"x": {"seance-memory": {}}}}`,
	} {
		for _, http := range []bool{false, true} {
			after, err := merge([]byte(file), entriesOf(t, http))
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			again, err := merge(after, entriesOf(t, http))
			if err != nil || string(again) != string(after) {
				t.Errorf("%s: a second time: %v\n%s", name, err, cmp.Diff(string(after), string(again)))
			}
			was, is := parsed(t, []byte(file)), parsed(t, after)
			for _, one := range servers {
				key := "seance-" + one.name
				ours, _ := is["mcpServers"].(map[string]any)[key].(map[string]any)
				if ours["autoApprove"] == nil || (ours["url"] != nil) != http || (ours["command"] != nil) == http {
					t.Errorf("%s: %s is %v", name, key, ours)
				}
				old, _ := was["mcpServers"].(map[string]any)[key].(map[string]any)
				for _, mine := range []string{"disabled", "timeout"} {
					if !cmp.Equal(old[mine], ours[mine]) {
						t.Errorf("%s: %s of %s is %v, was %v", name, mine, key, ours[mine], old[mine])
					}
				}
				delete(was["mcpServers"].(map[string]any), key)
				delete(is["mcpServers"].(map[string]any), key)
			}
			if diff := cmp.Diff(was, is); diff != "" {
				t.Errorf("%s: what is not ours (-want +got):\n%s", name, diff)
			}
		}
	}

	after, err := merge([]byte(`{"a":1e3,"mcpServers":{"x":{"k":"\u00e9<&>","n":10000000000000000000001}},"z":[null,true]}`), entriesOf(t, true))
	if err != nil {
		t.Fatal(err)
	}
	last := -1
	for _, part := range []string{`"a": 1e3`, `"x": {`, `\u00e9<&>`, `10000000000000000000001`, `"seance-memory"`, `"seance-analytics"`, `"z": [`} {
		at := strings.Index(string(after), part)
		if at <= last {
			t.Errorf("%s is not where it was:\n%s", part, after)
		}
		last = at
	}
	if tabs, _ := merge([]byte("{\n\t\"a\": 1\n}"), entriesOf(t, false)); !strings.Contains(string(tabs), "\n\t\"mcpServers\": {\n\t\t\"seance-memory\"") {
		t.Errorf("the file's own indentation is gone:\n%s", tabs)
	}
	mine, err := merge([]byte(`{"mcpServers":{"seance-memory":{"env":{"MINE":"1"},"headers":{"X-Mine":"1"}}}}`), entriesOf(t, true))
	if err != nil || !strings.Contains(string(mine), `"X-Mine": "1"`) || !strings.Contains(string(mine), "Bearer ${SEANCE_OPERATOR_TOKEN}") {
		t.Errorf("%v: a header of somebody's own is gone:\n%s", err, mine)
	}
}

func parsed(t *testing.T, text []byte) (o map[string]any) {
	t.Helper()
	if err := json.Unmarshal(text, &o); err != nil {
		t.Fatal(err)
	}
	return o
}

func TestSettingsThatAreRefused(t *testing.T) {
	for file, say := range map[string]string{
		"{": "is not JSON (line 1", "{}\n{}": "is not JSON (line 2", "[]": "no JSON object", "null": "no JSON object",
		`{"mcpServers": []}`: `"mcpServers" that is no JSON object`, `{"mcpServers": {"seance-memory": 1}}`: `"seance-memory" that is no`,
		"\xef\xbb\xbf{}": "is not JSON", `{"mcpServers": {"seance-memory": {"headers": []}}}`: `"headers" that is no`,
	} {
		if after, err := merge([]byte(file), entriesOf(t, true)); err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("%q: %v\n%s", file, err, after)
		}
	}
}

// A file is replaced whole; what it was linked from, and who may read it, stays.
func TestReplaceFile(t *testing.T) {
	dir := t.TempDir()
	real, link := filepath.Join(dir, "real.json"), filepath.Join(dir, "link.json")
	if err := os.WriteFile(real, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("real.json", link); err != nil {
		t.Fatal(err)
	}
	if err := replaceFile(link, []byte("new")); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(real)
	info, errInfo := os.Lstat(link)
	mode, errMode := os.Stat(real)
	if err != nil || errInfo != nil || errMode != nil || string(text) != "new" || info.Mode()&os.ModeSymlink == 0 || mode.Mode().Perm() != 0o600 {
		t.Errorf("%q %v %v %v, %v %v", text, err, info, errInfo, mode, errMode)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 2 {
		t.Errorf("%v %v, want nothing beside", left, err)
	}
}
