package kiro_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const (
	powerDir  = "deploy/kiro/power"
	pluginDir = "deploy/kiro/plugin"
)

// A served is an entry of an mcp.json.
type served struct {
	Type    string
	Command string
	Args    []string
	URL     string
	Env     map[string]string
	Headers map[string]string
}

func parse(t *testing.T, name string, to any) {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, to); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// frontMatter reads the simple front matter of a document: one key a line, values that may be quoted.
func frontMatter(t *testing.T, name string) map[string]string {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	head, body, ok := strings.Cut(strings.TrimPrefix(string(raw), "---\n"), "\n---\n")
	if !ok || !strings.HasPrefix(string(raw), "---\n") || strings.TrimSpace(body) == "" {
		t.Fatalf("%s has no front matter, or nothing behind it", name)
	}
	keys := map[string]string{}
	for line := range strings.Lines(head) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		keys[key] = strings.Trim(value, `"`)
	}
	return keys
}

// servers checks the three entries of an mcp.json and returns them.
func servers(t *testing.T, name string) map[string]served {
	t.Helper()
	var config struct {
		Servers map[string]served `json:"mcpServers"`
	}
	parse(t, name, &config)
	for _, want := range []string{"memory", "participants", "analytics"} {
		s, ok := config.Servers["seance-"+want]
		switch {
		case !ok:
			t.Errorf("%s has no seance-%s", name, want)
		case s.Command != "" && (s.URL != "" || !slices.Equal(s.Args, []string{"mcp", want})):
			t.Errorf("%s: seance-%s is started as %s %q", name, want, s.Command, s.Args)
		case s.Command == "" && s.URL != "http://127.0.0.1:8001/mcp/"+want:
			t.Errorf("%s: seance-%s is at %q", name, want, s.URL)
		}
	}
	if len(config.Servers) != 3 {
		t.Errorf("%s has %d servers, want 3", name, len(config.Servers))
	}
	return config.Servers
}

func TestPower(t *testing.T) {
	keys := frontMatter(t, powerDir+"/POWER.md")
	for _, key := range []string{"name", "displayName", "description", "keywords", "author"} {
		if keys[key] == "" {
			t.Errorf("POWER.md has no %s", key)
		}
	}
	for name, s := range servers(t, powerDir+"/mcp.json") {
		if s.Command == "" {
			t.Errorf("%s is no program of its own", name)
		}
	}
	power, err := os.ReadFile(powerDir + "/POWER.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(powerDir + "/steering")
	if err != nil {
		t.Fatal(err)
	}
	var there, named []string
	for _, f := range files {
		there = append(there, f.Name())
	}
	for _, m := range regexp.MustCompile("`([a-z-]+\\.md)`").FindAllStringSubmatch(string(power), -1) {
		named = append(named, m[1])
	}
	slices.Sort(named)
	if !slices.Equal(there, named) {
		t.Errorf("POWER.md names %q, and there are %q", named, there)
	}
}

func TestPlugin(t *testing.T) {
	var about map[string]any
	parse(t, pluginDir+"/plugin.json", &about)
	for _, key := range []string{"$schema", "name", "version", "description", "license"} {
		if s, _ := about[key].(string); s == "" {
			t.Errorf("plugin.json has no %s", key)
		}
	}
	var schema struct {
		Schema string `json:"$schema"`
	}
	if parse(t, pluginDir+"/mcp.json", &schema); schema.Schema == "" {
		t.Error("mcp.json has no $schema")
	}
	for name, s := range servers(t, pluginDir+"/mcp.json") {
		if want := map[bool]string{true: "stdio", false: "streamable-http"}[s.Command != ""]; s.Type != want {
			t.Errorf("%s has the type %q, want %s", name, s.Type, want)
		}
	}
	skills, err := os.ReadDir(pluginDir + "/skills")
	if err != nil || len(skills) == 0 {
		t.Fatalf("%d skills (%v)", len(skills), err)
	}
	for _, skill := range skills {
		keys := frontMatter(t, path.Join(pluginDir, "skills", skill.Name(), "SKILL.md"))
		if keys["name"] != skill.Name() || keys["description"] == "" {
			t.Errorf("skill %s calls itself %q: %q", skill.Name(), keys["name"], keys["description"])
		}
	}
}

// What is offered to others holds no secret, approves nothing, and reaches for no variable but those of its host.
func TestPackagesHoldNothingOfOurs(t *testing.T) {
	variable := regexp.MustCompile(`\$\{([A-Z_]+)\}`)
	err := fs.WalkDir(os.DirFS("deploy/kiro"), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path.Join("deploy/kiro", name))
		if err != nil {
			return err
		}
		text := string(raw)
		if strings.HasSuffix(name, ".json") {
			for _, word := range []string{"autoApprove", "disabled", "Authorization", "Bearer", "token", "secret", "password"} {
				if strings.Contains(text, word) {
					t.Errorf("%s has %q in it", name, word)
				}
			}
		}
		for _, m := range variable.FindAllStringSubmatch(text, -1) {
			if m[1] != "PLUGIN_ROOT" && m[1] != "PLUGIN_DATA" {
				t.Errorf("%s reaches for ${%s}", name, m[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
