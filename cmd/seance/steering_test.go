package main

import (
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"seance/internal/bench"
)

// A document that is saved while people sit there is in force for the next question; one that is broken stays as it was,
// and the log and lint say where and why.
func TestSavesTakeEffectInAHouseThatIsOpen(t *testing.T) {
	kiro := filepath.Join(t.TempDir(), ".kiro") // made later
	server := started(t, bench.ServerOptions{Data: t.TempDir(), Env: []string{"SEANCE_KIRO=" + kiro, "SEANCE_TEMPO=0.05"}})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()

	pearl := filepath.Join(kiro, "steering", "pearl.md")
	save := func(text string) {
		t.Helper()
		if err := errors.Join(os.MkdirAll(filepath.Dir(pearl), 0o755), os.WriteFile(pearl, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	until := func(what string, there func() bool) {
		t.Helper()
		for !there() {
			if ctx.Err() != nil {
				t.Fatalf("never %s; the log says\n%s", what, server.Log())
			}
			time.Sleep(20 * time.Millisecond) // another process: there is nothing else to wait on
		}
	}
	title := func() string {
		t.Helper()
		var listed struct{ Spirits []struct{ ID, Title string } }
		if err := rest(ctx, http.MethodGet, server.Address+"/api/spirits", "", "", &listed); err != nil {
			t.Fatal(err)
		}
		for _, s := range listed.Spirits {
			if s.ID == "pearl" {
				return s.Title
			}
		}
		return ""
	}

	save("---\nseance: spirit\ninclusion: manual\ntitle: One\n---\n# Pearl\n")
	until("summoned", func() bool { return title() == "One" })

	save("---\nseance: spirit\ninclusion: manual\ntitle: [Two\n---\n# Pearl\n")
	const still = "; the version of before stays in force"
	until("told of the broken save", func() bool { return strings.Contains(server.Log(), still) })
	if log := server.Log(); !strings.Contains(log, "path=.kiro/steering/pearl.md line=") || !strings.Contains(log, "the front matter is not YAML: ") {
		t.Errorf("the log says neither where nor why:\n%s", log)
	}
	if got := title(); got != "One" {
		t.Errorf("after a broken save the spirit is %q", got)
	}
	if err := rest(ctx, http.MethodPost, server.Address+"/api/sessions", "", `{"host_name":"Ann","spirit":"pearl"}`, new(place)); err != nil {
		t.Errorf("nobody can sit down with it: %v", err)
	}
	lint := exec.Command(program(t), "steering", "lint", "--kiro", kiro)
	lint.Env = append(os.Environ(), "SEANCE_KIRO_USER=off")
	said, err := lint.Output()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != exitFailed || !strings.HasPrefix(string(said), ".kiro/steering/pearl.md:") ||
		!strings.Contains(string(said), ": error: the front matter is not YAML: ") {
		t.Errorf("lint says %q, %v", said, err)
	}

	save("---\nseance: spirit\ninclusion: manual\ntitle: Two\n---\n# Pearl\n")
	until("mended", func() bool { return title() == "Two" })
	if err := os.RemoveAll(kiro); err != nil {
		t.Fatal(err)
	}
	until("gone", func() bool { return title() == "" })
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	faultless(t, server.Log())
}
