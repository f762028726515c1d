package main

import (
	"path/filepath"
	"strings"
)

// ofUser is the folder that a setting names: ~ is the home of who runs the program, and without one, or with off, there
// is no such folder.
func (a *app) ofUser(said string) string {
	if said == "off" {
		return ""
	}
	below, inHome := strings.CutPrefix(said, "~")
	if !inHome || below != "" && below[0] != '/' && below[0] != filepath.Separator {
		return said
	}
	home := a.env["HOME"]
	if home == "" {
		home = a.env["USERPROFILE"]
	}
	if home == "" {
		return ""
	}
	return filepath.Join(home, below)
}
