//go:build unix

package kiro

import (
	"os/exec"
	"syscall"
)

// leads makes the command the leader of a process group of its own, so that what it starts ends with it.
func leads(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// killGroup ends the group of a command that was started and not yet waited for: until then its id stays its own.
func killGroup(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
