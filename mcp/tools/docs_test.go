package tools_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"seance/internal/seance"
	"seance/internal/store"
	"seance/mcp/analytics"
	"seance/mcp/memory"
	"seance/mcp/participants"
	"seance/mcp/tools"
	"seance/mcp/tools/toolstest"
)

const page = "../../docs/mcp.md"

var tables = []string{"memory", "participants", "analytics"}

func read(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// The table of tools in docs/mcp.md is made of the golden files; -update writes it anew.
func TestToolsOnThePage(t *testing.T) {
	var b strings.Builder
	count := 0
	for _, server := range tables {
		files, err := filepath.Glob("../" + server + "/testdata/tools/*.json")
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "\n| %s | | what it does | arguments |\n|---|---|---|---|\n", server)
		for _, file := range files {
			count++
			b.WriteString(row(t, read(t, file)))
		}
	}
	if count != 24 {
		t.Errorf("there are %d tools, want 24", count)
	}
	const from, to = "<!-- tools -->\n", "\n<!-- /tools -->"
	said := read(t, page)
	before, rest, ok := strings.Cut(said, from)
	_, after, ok2 := strings.Cut(rest, strings.TrimPrefix(to, "\n"))
	if !ok || !ok2 {
		t.Fatalf("%s has no place for the table", page)
	}
	want := before + from + b.String() + to + after
	if said == want {
		return
	}
	if flag.Lookup("update").Value.String() != "true" {
		t.Fatalf("the table in %s is not that of the tools; write it anew with -update", page)
	}
	if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// row is a tool in the table.
func row(t *testing.T, golden string) string {
	t.Helper()
	var tool struct {
		Name, Description string
		Annotations       struct{ ReadOnlyHint, DestructiveHint bool }
		InputSchema       struct {
			Properties map[string]json.RawMessage
			Required   []string
		}
	}
	if err := json.Unmarshal([]byte(golden), &tool); err != nil {
		t.Fatal(err)
	}
	kind := "adds"
	if tool.Annotations.ReadOnlyHint {
		kind = "reads"
	} else if tool.Annotations.DestructiveHint {
		kind = "deletes"
	}
	args := slices.Clone(tool.InputSchema.Required)
	for _, name := range slices.Sorted(maps.Keys(tool.InputSchema.Properties)) {
		if !slices.Contains(args, name) {
			args = append(args, name+"?")
		}
	}
	return fmt.Sprintf("| `%s` | %s | %s | %s |\n", tool.Name, kind, tool.Description, strings.Join(args, ", "))
}

// A house is filled with what the examples ask for, and has the three servers.
type house struct {
	t       *testing.T
	clients map[string]*mcp.ClientSession
	known   map[string]string // by the name of an argument: what an answer had last
}

func filled(t *testing.T) *house {
	t.Helper()
	archive, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "seance.db"), store.Options{})
	must(t, err)
	t.Cleanup(func() { must(t, archive.Close()) })
	at := time.Date(2026, 11, 22, 20, 0, 0, 0, time.UTC)
	must(t, archive.OpenSession(t.Context(), seance.Session{ID: "s1", Code: "RAVEN-417", Name: "The attic", Spirit: "lampkeeper", StartedAt: at}))
	_, _, err = archive.Remember(t.Context(), seance.Person{ID: "soul-1", Name: "Mara", Consent: true, CreatedAt: at, SeenAt: at})
	must(t, err)
	for _, p := range []seance.Participant{
		{ID: "p1", Session: "s1", Name: "Mara", Role: seance.Host, Soul: "soul-1", JoinedAt: at}, {ID: "p2", Session: "s1", Name: "Bob", Role: seance.Player, JoinedAt: at},
	} {
		_, err := archive.Enrol(t.Context(), p)
		must(t, err)
	}
	for i, said := range [][2]string{{"Where is my grey cat Thimble?", "UNDER THE STAIRS"}, {"Is it cold there?", "NO"}} {
		q, err := archive.Append(t.Context(), seance.Message{
			ID: seance.MessageID(fmt.Sprint("q", i)), Session: "s1", Kind: seance.KindQuestion, At: at, Participant: "p1", Text: said[0],
		})
		must(t, err)
		a, err := archive.Append(t.Context(), seance.Message{
			ID: seance.MessageID(fmt.Sprint("a", i)), Session: "s1", Kind: seance.KindAnswer, At: at, Refers: q.Seq, Board: said[1], Source: seance.SourceModel,
		})
		must(t, err)
		_, err = archive.LogResponse(t.Context(), seance.Response{
			ID: fmt.Sprint("r", i), Session: "s1", Turn: string(a.ID), Provider: "lantern", Model: "lantern-small", PromptVersion: "1", At: at,
			FirstLetter: time.Second, Total: 2 * time.Second,
		})
		must(t, err)
		must(t, archive.Rate(t.Context(), seance.Rating{Session: "s1", Seq: a.Seq, Participant: "p2", Value: 5 - 4*i, At: at}))
	}
	return &house{t: t, known: map[string]string{}, clients: map[string]*mcp.ClientSession{
		"memory":       toolstest.Connect(t, memory.New(archive, tools.Options{})),
		"participants": toolstest.Connect(t, participants.New(archive, tools.Options{})),
		"analytics":    toolstest.Connect(t, analytics.New(archive, tools.Options{})),
	}}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var inBraces = regexp.MustCompile(`\{([a-z_]+)\}`)

// does makes the call that a line of an example writes, and returns what came of it.
func (h *house) does(line string) string {
	h.t.Helper()
	line = inBraces.ReplaceAllStringFunc(line, func(name string) string {
		value := h.known[strings.Trim(name, "{}")]
		if value == "" {
			h.t.Fatalf("%s: no answer before it had %s", line, name)
		}
		return value
	})
	server, rest, _ := strings.Cut(line, " ")
	tool, args, _ := strings.Cut(rest, " ")
	client := h.clients[server]
	if client == nil {
		h.t.Fatalf("%s: there is no server %q", line, server)
	}
	if tool == "read" {
		got, err := client.ReadResource(h.t.Context(), &mcp.ReadResourceParams{URI: args})
		must(h.t, err)
		return got.Contents[0].Text
	}
	var given map[string]any
	must(h.t, json.Unmarshal([]byte(args), &given))
	var out json.RawMessage
	if refused := toolstest.Call(h.t, client, tool, given, &out); refused != "" {
		h.t.Fatalf("%s: %s", line, refused)
	}
	var value any
	must(h.t, json.Unmarshal(out, &value))
	h.learns(value)
	return string(out)
}

// learns notes the first of each id in an answer.
func (h *house) learns(value any) {
	fresh := map[string]string{}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, member := range v {
				if id, ok := member.(string); ok && strings.HasSuffix(name, "_id") && fresh[name] == "" {
					fresh[name] = id
				}
				walk(member)
			}
		case []any:
			for _, one := range v {
				walk(one)
			}
		}
	}
	walk(value)
	maps.Copy(h.known, fresh)
}

// The examples of docs/mcp.md do what they say, in at most three calls.
func TestExamplesOnThePage(t *testing.T) {
	examples := regexp.MustCompile("(?s)### ([^\n]+)\n\n```mcp\n(.*?)```").FindAllStringSubmatch(read(t, page), -1)
	if len(examples) != 3 {
		t.Fatalf("%d examples, want 3", len(examples))
	}
	for _, example := range examples {
		t.Run(example[1], func(t *testing.T) {
			h := filled(t)
			told, calls := "", 0
			for line := range strings.Lines(example[2]) {
				line = strings.TrimSpace(line)
				if words, ok := strings.CutPrefix(line, "tells "); ok {
					for _, word := range strings.Split(strings.Trim(words, `"`), `" "`) {
						if !strings.Contains(told, word) {
							t.Errorf("%q is not told in %s", word, told)
						}
					}
					continue
				}
				calls++
				told += h.does(line)
			}
			if calls == 0 || calls > 3 {
				t.Errorf("%d calls, want at most three", calls)
			}
			if strings.HasPrefix(example[1], "Somebody") {
				h.known = map[string]string{}
				if left := h.does(`memory search_memory {"query": "thimble"}`) + h.does(`participants find_participants {}`); strings.Contains(left, "himble") || strings.Contains(left, "Mara") {
					t.Errorf("left of her: %s", left)
				}
			}
		})
	}
}
