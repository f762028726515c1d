package listen

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"seance/internal/operator"
)

// The official suite and the scenarios that it requires of each revision.
var suites = []struct {
	revision string
	required int
}{{"2025-11-25", 30}, {"2026-07-28", 37}}

// The house's HTTP stack passes the official conformance suite with nothing excused.
func TestConformance(t *testing.T) {
	if os.Getenv("SEANCE_TEST_LONG") == "" {
		t.Skip("the official suite is fetched from the network: make test-long runs it")
	}
	conformance := fetched(t)
	for _, of := range suites {
		t.Run(of.revision, func(t *testing.T) {
			url, _ := opened(t, suite(), operator.Options{}, idle)
			cmd := exec.Command("npx", append(conformance, "--url", url, "--requirements", of.revision, "-o", t.TempDir())...)
			said, err := cmd.CombinedOutput()
			passed, failed := scenarios(string(said))
			t.Logf("revision %s: %d of %d required scenarios pass", of.revision, len(passed), of.required)
			if err != nil || len(passed) != of.required || len(failed) > 0 {
				t.Errorf("%v, failed: %v\n%s", err, failed, said)
			}
		})
	}
}

// scenarios are those of a run's summary, without the ones that its revision does not require.
func scenarios(said string) (passed, failed []string) {
	_, summary, _ := strings.Cut(said, "=== SUMMARY ===")
	summary, others, _ := strings.Cut(summary, "Not scored for")
	line := regexp.MustCompile(`(?m)^\s*([✓✗]) ([a-z0-9-]+)`)
	for _, m := range line.FindAllStringSubmatch(summary, -1) {
		switch {
		case strings.Contains(others, " "+m[2]+" ("):
		case m[1] == "✓":
			passed = append(passed, m[2])
		default:
			failed = append(failed, m[2])
		}
	}
	return passed, failed
}

// fetched is how the suite is started, if it can be had.
func fetched(t *testing.T) []string {
	t.Helper()
	args := []string{"-y", "-p", "node@22", "-p", "@modelcontextprotocol/conformance@0.2.0-alpha.12", "conformance"}
	if said, err := exec.Command("npx", append(args, "--version")...).CombinedOutput(); err != nil {
		t.Skipf("the suite cannot be had: %v: %s", err, said)
	}
	return append(args, "server")
}
