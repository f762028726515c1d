package main

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"seance/mcp/tools"
)

// The pinned programs that hold the servers to the protocol from outside, and the Node that they need.
const (
	suiteProgram     = "@modelcontextprotocol/conformance@0.2.0-alpha.12"
	inspectorProgram = "@modelcontextprotocol/inspector@2.12.0"
)

// scenarios are those of the official suite that need no fixtures: every server passes them as it is.
var scenarios = map[string]string{
	"2025-11-25": "server-initialize logging-set-level ping completion-complete tools-list server-sse-multiple-streams resources-list " +
		"resources-subscribe resources-unsubscribe prompts-list dns-rebinding-protection",
	"2026-07-28": "completion-complete tools-list server-sse-multiple-streams resources-list sep-2164-resource-not-found prompts-list " +
		"dns-rebinding-protection caching input-required-result-missing-input-response input-required-result-unsupported-methods " +
		"input-required-result-ignore-extra-params input-required-result-validate-input",
}

// npx is how a pinned program is started, if it can be had.
func npx(t *testing.T, of, name string) []string {
	t.Helper()
	if !long() {
		t.Skip("it is fetched from the network: make test-long runs it")
	}
	args := []string{"-y", "-p", "node@22", "-p", of, name}
	if said, err := exec.Command("npx", append(args, "--help")...).CombinedOutput(); err != nil {
		t.Skipf("%s cannot be had: %v: %s", of, err, said)
	}
	return args
}

// Every server of the real program passes what the official suite asks of any server.
func TestServersConform(t *testing.T) {
	suite := append(npx(t, suiteProgram, "conformance"), "server")
	h := startForAgents(t)
	sitDown(t.Context(), t, h.Address)
	for _, one := range servers {
		for revision, names := range scenarios {
			passed := 0
			for name := range strings.FieldsSeq(names) {
				said, err := exec.Command("npx", append(suite, "--url", h.mcp+one.name, "--scenario", name, "--spec-version", revision, "-o", t.TempDir())...).CombinedOutput()
				if err != nil || !strings.Contains(string(said), ", 0 failed,") || strings.Contains(string(said), "Passed: 0/") {
					t.Errorf("%s, %s, %s: %v\n%s", one.name, revision, name, err, said)
					continue
				}
				passed++
			}
			t.Logf("%s, revision %s: %d of %d scenarios pass", one.name, revision, passed, len(strings.Fields(names)))
		}
	}
}

// complaints is the Inspector's summary of what it found.
var complaints = regexp.MustCompile(`\d+ errors?, \d+ warnings? across .*`)

// The Inspector finds nothing to complain of in any server, over HTTP and stdio.
func TestInspector(t *testing.T) {
	inspector := append(npx(t, inspectorProgram, "mcp-inspector"), "--cli")
	h := startForAgents(t)
	g := sitDown(t.Context(), t, h.Address)
	inspect := func(to []string, args ...string) string {
		t.Helper()
		said, err := exec.Command("npx", append(append(inspector[:len(inspector):len(inspector)], to...), args...)...).CombinedOutput()
		if err != nil {
			t.Errorf("%v %v: %v\n%s", to, args, err, said)
		}
		return string(said)
	}
	for _, one := range servers {
		http := []string{h.mcp + one.name, "--transport", "http"}
		stdio := []string{program(t), "mcp", one.name, "--data", h.data}
		for _, to := range [][]string{http, stdio} {
			list := inspect(to, "--method", "tools/list", "--strict")
			for _, tool := range one.make(nil, tools.Options{}).Tools() {
				if !strings.Contains(list, `"`+tool.Name+`"`) {
					t.Errorf("%v: %s is not listed:\n%s", to, tool.Name, list)
				}
			}
			if found := complaints.FindString(list); found != "" { // nothing is said when there is nothing to say
				t.Errorf("%v: %s:\n%s", to, found, list)
			}
			for _, method := range []string{"resources/list", "resources/templates/list", "prompts/list"} {
				inspect(to, "--method", method)
			}
		}
	}
	memory := []string{h.mcp + "memory", "--transport", "http"}
	if said := inspect(memory, "--method", "tools/call", "--tool-name", "list_facts", "--tool-arg", "seance_id="+g.Session.Code); !strings.Contains(said, "facts") {
		t.Errorf("a call: %s", said)
	}
	if said := inspect(memory, "--method", "resources/read", "--uri", "seance://seances"); !strings.Contains(said, g.Session.Code) {
		t.Errorf("a resource: %s", said)
	}
}
