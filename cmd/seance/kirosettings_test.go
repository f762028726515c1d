package main

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// This repository's own .kiro/settings/mcp.json is what seance mcp install writes.
func TestOurKiroSettings(t *testing.T) {
	entries, err := (&installation{cfg: &config{}, command: "seance"}).entries()
	if err != nil {
		t.Fatal(err)
	}
	want, err := merge(nil, entries)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../.kiro/settings/mcp.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("run seance mcp install --command seance (-want +got):\n%s", diff)
	}
}
