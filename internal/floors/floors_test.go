// Package floors guards the order of the house: imports point down only, and each of the fixed packages is imported
// where its one job is. It holds nothing but this test.
package floors

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "seance"

// floors are those of docs/architecture.md, from the top: a package may import the packages of lower floors, and
// nothing beside it. A pattern ending in /... takes in what is below it.
var floors = [][]string{
	5: {"cmd/seance"},
	4: {"relay/ws", "relay/api", "mcp/...", "internal/bench", "internal/operator"},
	3: {"relay", "internal/exorcise", "spirit/llm", "spirit/kiro", "spirit/oracle", "mcp/tools"},
	2: {"spirit", "hooks", "internal/wireclient"},
	1: {
		"steering", "relay/wire", "internal/store/...", "internal/broker", "internal/voice", "internal/limit",
		"internal/door", "internal/care", "internal/token", "internal/secret", "internal/hands", "internal/watch", "web",
	},
	0: {"internal/seance", "."},
}

// outside are helpers that only tests import: they may look everywhere.
var outside = []string{"internal/floors", "internal/store/storetest", "mcp/tools/toolstest", "spirit/llm/llmtest"}

// sideways are the imports within a floor that are part of the design.
var sideways = map[string]string{
	"internal/store": "internal/store/...", // it opens its engines by scheme
	"internal/care":  "internal/door",      // it reads past look-alikes as the door does
	"mcp/listen":     "mcp/...",            // it is handed its servers as values
}

// apart are imports that point down and are still forbidden: cmd joins these two.
var apart = map[string]string{
	"relay/...":  "spirit/...",
	"spirit/...": "relay/...",
}

// homes are the only places that may import a package from elsewhere. An exact path counts before a tree.
var homes = map[string][]string{
	"github.com/modelcontextprotocol/go-sdk/...": {"mcp/..."},
	"github.com/google/jsonschema-go/...":        {"mcp/tools"},
	"github.com/mark3labs/mcp-go/...":            {"mcp/toolbox"},
	"github.com/gofiber/fiber/v2/...":            {"relay/api", "relay/ws"},
	"github.com/gofiber/contrib/websocket":       {"relay/ws"},
	"github.com/fasthttp/websocket":              {"relay/ws"},
	"github.com/danielgtaylor/huma/v2/...":       {"relay/api"},
	"github.com/jackc/pgx/v5/...":                {"internal/store/postgres"},
	"modernc.org/sqlite/...":                     {"internal/store/sqlite"},
	"github.com/pressly/goose/v3/...":            {"internal/store/..."},
	"github.com/redis/go-redis/v9/...":           {"internal/broker", "internal/limit"},
	"github.com/tmc/langchaingo/...":             {"spirit/llm"},
	"github.com/tmc/langchaingo/llms":            {"spirit/llm", "spirit/oracle", "spirit/kiro"},
	"github.com/spf13/cobra/...":                 {"cmd/seance"},
	"github.com/golang-jwt/jwt/v5":               {"internal/token"},
	"github.com/fsnotify/fsnotify":               {"internal/watch"},
	"golang.org/x/crypto/argon2":                 {"internal/secret"},
	"github.com/prometheus/...":                  {"internal/operator"},
	"github.com/sony/gobreaker/v2":               {"spirit"},
}

type pkg struct {
	ImportPath string
	Name       string
	Imports    []string
}

func TestImportsPointDown(t *testing.T) {
	for _, p := range packages(t) {
		t.Run(here(p.ImportPath), func(t *testing.T) {
			for _, complaint := range judge(p) {
				t.Error(complaint)
			}
		})
	}
}

// The judge itself, on packages that nobody should write.
func TestJudge(t *testing.T) {
	for name, test := range map[string]struct {
		pkg  pkg
		want string // part of the complaint; empty for none
	}{
		"down":                  {pkg{ImportPath: "seance/relay/api", Imports: []string{"seance/steering", "fmt"}}, ""},
		"up":                    {pkg{ImportPath: "seance/steering", Imports: []string{"seance/spirit"}}, "upward"},
		"sideways":              {pkg{ImportPath: "seance/relay/api", Imports: []string{"seance/relay/ws"}}, "sideways"},
		"store opens engines":   {pkg{ImportPath: "seance/internal/store", Imports: []string{"seance/internal/store/sqlite"}}, ""},
		"engines do not":        {pkg{ImportPath: "seance/internal/store/sqlite", Imports: []string{"seance/internal/store"}}, "sideways"},
		"relay and spirit":      {pkg{ImportPath: "seance/relay", Imports: []string{"seance/spirit"}}, "cmd joins"},
		"spirit and wire":       {pkg{ImportPath: "seance/spirit", Imports: []string{"seance/relay/wire"}}, "cmd joins"},
		"no floor":              {pkg{ImportPath: "seance/internal/utils"}, "no floor"},
		"below the ground":      {pkg{ImportPath: "seance/internal/seance", Imports: []string{"seance/web"}}, "upward"},
		"ground uses only std":  {pkg{ImportPath: "seance/internal/seance", Imports: []string{"github.com/google/uuid"}}, "standard library"},
		"test helper in a room": {pkg{ImportPath: "seance/relay", Imports: []string{"seance/internal/store/storetest"}}, "outside"},
		"cmd runs the bench":    {pkg{ImportPath: "seance/cmd/seance", Imports: []string{"seance/internal/bench"}}, ""},
		"fiber at home":         {pkg{ImportPath: "seance/relay/ws", Imports: []string{"github.com/gofiber/fiber/v2"}}, ""},
		"fiber elsewhere":       {pkg{ImportPath: "seance/cmd/seance", Imports: []string{"github.com/gofiber/fiber/v2/utils"}}, "only"},
		"cobra elsewhere":       {pkg{ImportPath: "seance/relay/api", Imports: []string{"github.com/spf13/cobra"}}, "only"},
		"a mind's types":        {pkg{ImportPath: "seance/spirit/oracle", Imports: []string{"github.com/tmc/langchaingo/llms"}}, ""},
		"a mind elsewhere":      {pkg{ImportPath: "seance/spirit/oracle", Imports: []string{"github.com/tmc/langchaingo/llms/openai"}}, "only"},
		"a name that is longer": {pkg{ImportPath: "seance/relay", Imports: []string{"github.com/spf13/cobraesque"}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := strings.Join(judge(test.pkg), "\n")
			if (test.want == "" && got != "") || !strings.Contains(got, test.want) {
				t.Errorf("judged %q, want it to say %q", got, test.want)
			}
		})
	}
}

// judge says what is wrong with where p stands and what it imports.
func judge(p pkg) []string {
	var complaints []string
	name := here(p.ImportPath)
	if within(name, outside...) {
		return nil
	}
	from, ok := floor(name)
	if !ok {
		return []string{fmt.Sprintf("%s has no floor: give it one in %s/internal/floors", name, module)}
	}
	for _, imported := range p.Imports {
		if imported != module && !strings.HasPrefix(imported, module+"/") {
			complaints = append(complaints, foreign(name, from, imported)...)
			continue
		}
		to := here(imported)
		level, ok := floor(to)
		switch {
		case within(to, outside...):
			if from < len(floors)-1 {
				complaints = append(complaints, fmt.Sprintf("%s imports %s, which stands outside the house", name, to))
			}
		case !ok:
			// The package without a floor complains for itself.
		case level > from:
			complaints = append(complaints, fmt.Sprintf("%s (floor %d) imports %s (floor %d): upward", name, from, to, level))
		case level == from && !within(to, sideways[name]):
			complaints = append(complaints, fmt.Sprintf("%s imports %s: sideways on floor %d", name, to, from))
		}
		for side, other := range apart {
			if within(name, side) && within(to, other) {
				complaints = append(complaints, fmt.Sprintf("%s imports %s: cmd joins these two", name, to))
			}
		}
	}
	return complaints
}

func foreign(name string, level int, imported string) []string {
	var complaints []string
	if level == 0 && strings.Contains(strings.SplitN(imported, "/", 2)[0], ".") {
		complaints = append(complaints, fmt.Sprintf("%s imports %s: the ground floor has the standard library alone", name, imported))
	}
	rooms, ok := homes[imported]
	if !ok {
		for tree := range homes {
			if within(imported, tree) {
				rooms, ok = homes[tree], true
			}
		}
	}
	if ok && !within(name, rooms...) {
		complaints = append(complaints, fmt.Sprintf("%s imports %s, which is imported in %s only", name, imported, strings.Join(rooms, ", ")))
	}
	return complaints
}

// floor finds the floor of a package, test helpers left out. The most exact pattern counts.
func floor(name string) (level int, ok bool) {
	level = slices.IndexFunc(floors, func(rooms []string) bool { return within(name, rooms...) })
	return level, level >= 0
}

// within reports whether a package is one of those that the patterns name.
func within(name string, patterns ...string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		tree, all := strings.CutSuffix(pattern, "/...")
		return name == tree || all && strings.HasPrefix(name, tree+"/")
	})
}

// here is a package's path below the module's root, "." for the root itself.
func here(importPath string) string {
	return path.Clean(strings.TrimPrefix(strings.TrimPrefix(importPath, module), "/"))
}

func packages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-e", "-json=ImportPath,Name,Imports", module+"/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("what go list says: %v", err)
		}
		all = append(all, p)
	}
	if len(all) < 5 {
		t.Fatalf("go list finds %d packages", len(all))
	}
	return all
}
