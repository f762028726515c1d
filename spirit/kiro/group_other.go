//go:build !unix

package kiro

import "os/exec"

func leads(*exec.Cmd) {}

// killGroup ends the command alone where there are no process groups.
func killGroup(cmd *exec.Cmd) { _ = cmd.Process.Kill() }
