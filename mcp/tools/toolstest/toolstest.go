// Package toolstest holds servers to the rules that hold for all of them, and speaks to them as a client does.
package toolstest

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"seance/mcp/tools"
)

var update = flag.Bool("update", false, "write golden files anew")

// The bounds of a list of tools: some clients read no more, and drop tools with long names.
const (
	maxName = 30
	maxList = 8 << 10
)

// Connect is a client of s over an in-memory pipe, for as long as the test.
func Connect(t *testing.T, s *tools.Server) *mcp.ClientSession {
	t.Helper()
	ours, theirs := mcp.NewInMemoryTransports()
	if _, err := s.MCP().Connect(t.Context(), ours, nil); err != nil {
		t.Fatal(err)
	}
	session, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), theirs, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return session
}

// Call calls a tool and reads its result into to, which may be nil. It returns the sentence of a tool error, or nothing.
func Call(t *testing.T, c *mcp.ClientSession, name string, args map[string]any, to any) (refused string) {
	t.Helper()
	result, err := c.CallTool(t.Context(), &mcp.CallToolParams{Name: name, Arguments: args})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if result.IsError {
		return result.Content[0].(*mcp.TextContent).Text
	}
	if to != nil {
		text, err := json.Marshal(result.StructuredContent)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, to); err != nil {
			t.Fatalf("%s: %v in %s", name, err, text)
		}
	}
	return ""
}

// Golden holds every tool of s to its file in testdata/tools, and to the rules; -update writes the files. want are the
// names of the tools, by hint.
func Golden(t *testing.T, s *tools.Server, want map[tools.Hint][]string) {
	t.Helper()
	list, err := Connect(t, s).ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the list of %d tools has %d bytes", len(list.Tools), len(text))
	if len(text) >= maxList {
		t.Errorf("the list of tools has %d bytes, want fewer than %d", len(text), maxList)
	}
	got := map[tools.Hint][]string{}
	for _, tool := range list.Tools {
		check(t, tool)
		hint := tools.Adds
		if tool.Annotations.ReadOnlyHint {
			hint = tools.Reads
		} else if *tool.Annotations.DestructiveHint {
			hint = tools.Destroys
		}
		got[hint] = append(got[hint], tool.Name)
	}
	for _, names := range []map[tools.Hint][]string{want, got} {
		for hint := range names {
			slices.Sort(names[hint])
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tools by hint (-want +got):\n%s", diff)
	}
}

func check(t *testing.T, tool *mcp.Tool) {
	t.Helper()
	a := tool.Annotations
	if a == nil || a.DestructiveHint == nil || a.OpenWorldHint == nil || *a.OpenWorldHint || !a.IdempotentHint {
		t.Errorf("%s does not state its hints", tool.Name)
		return
	}
	if len(tool.Name) > maxName || strings.ToLower(tool.Name) != tool.Name || tool.Description == "" {
		t.Errorf("%s has a name that is too long or not in lower case, or no description", tool.Name)
	}
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(tool); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(text.String(), `"null"`) {
		t.Errorf("%s: a type may be null", tool.Name)
	}
	path := filepath.Join("testdata", "tools", tool.Name+".json")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, text.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile(path)
	if err != nil {
		t.Errorf("%s: %v: run the test with -update", tool.Name, err)
		return
	}
	if diff := cmp.Diff(string(golden), text.String()); diff != "" {
		t.Errorf("%s differs from %s (-want +got):\n%s", tool.Name, path, diff)
	}
}
