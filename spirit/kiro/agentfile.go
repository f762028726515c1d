package kiro

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A house is where kiro-cli lives with us: a working directory that holds nothing but our agent, and an empty KIRO_HOME,
// so that neither the operator's steering, hooks and MCP servers nor anybody's files are within its sight.
type house struct {
	root, work, home string
}

// agentPrompt is what the agent is beside the prompt of each question.
const agentPrompt = `You are the voice behind a spirit board. You have no tools and take no actions.
Follow the persona and the rules in the message, and answer in the form it asks for, with nothing around it.
`

// newHouse makes a house below dir, the system's directory for temporary files if that is empty.
func newHouse(dir, agent string) (h house, err error) {
	if h.root, err = os.MkdirTemp(dir, "seance-kiro-"); err != nil {
		return h, fmt.Errorf("a directory for kiro-cli: %w", err)
	}
	defer func() {
		if err != nil {
			h.remove()
		}
	}()
	if h.root, err = filepath.Abs(h.root); err != nil {
		return h, fmt.Errorf("a directory for kiro-cli: %w", err)
	}
	h.work, h.home = filepath.Join(h.root, "work"), filepath.Join(h.root, "home")
	agents := filepath.Join(h.work, ".kiro", "agents")
	for _, dir := range []string{agents, h.home} {
		if err = os.MkdirAll(dir, 0o700); err != nil {
			return h, fmt.Errorf("a directory for kiro-cli: %w", err)
		}
	}
	for name, content := range map[string][]byte{agent + ".json": agentFile(agent), agent + ".md": []byte(agentPrompt)} {
		if err = os.WriteFile(filepath.Join(agents, name), content, 0o600); err != nil {
			return h, fmt.Errorf("the agent for kiro-cli: %w", err)
		}
	}
	return h, nil
}

// remove takes the house down with whatever kiro-cli left in it.
func (h house) remove() { _ = os.RemoveAll(h.root) }

// agentFile describes the agent. What it does not have is said explicitly: what is left out is filled with defaults,
// among them tools.
func agentFile(name string) []byte {
	none := []string{}
	raw, err := json.MarshalIndent(struct {
		Name           string   `json:"name"`
		Description    string   `json:"description"`
		Prompt         string   `json:"prompt"`
		Tools          []string `json:"tools"`
		AllowedTools   []string `json:"allowedTools"`
		ExcludedTools  []string `json:"excludedTools"`
		MCPServers     object   `json:"mcpServers"`
		Hooks          object   `json:"hooks"`
		Resources      []string `json:"resources"`
		IncludeMCPJSON bool     `json:"includeMcpJson"`
		IncludePowers  bool     `json:"includePowers"`
	}{
		Name:         name,
		Description:  "Answers as a spirit on a board. Takes no actions.",
		Prompt:       "file://./" + name + ".md",
		Tools:        none,
		AllowedTools: none,
		// The one tool that an empty list was seen to leave in.
		ExcludedTools: []string{"knowledge"},
		MCPServers:    object{},
		Hooks:         object{},
		Resources:     none,
	}, "", "  ")
	if err != nil {
		panic(err) // strings, lists and empty maps always encode
	}
	return append(raw, '\n')
}

// handedOn are the variables that kiro-cli gets of ours: what it needs to be found, to find its sign-in and to reach
// the network.
var handedOn = []string{
	"PATH", "HOME", "LANG",
	"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy",
}

// environ is the whole environment of kiro-cli.
func (h house) environ(o Options) []string {
	var env []string
	for _, pair := range o.Environ {
		if name, _, ok := strings.Cut(pair, "="); ok && slices.Contains(handedOn, name) {
			env = append(env, pair)
		}
	}
	env = append(env, "KIRO_HOME="+h.home)
	if o.Key != "" {
		env = append(env, "KIRO_API_KEY="+o.Key)
	}
	return env
}
