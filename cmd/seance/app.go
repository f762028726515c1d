package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// The codes that the program exits with, as its help lists them.
const (
	exitDone   = 0 // done, or ended by a signal in good order
	exitFailed = 1 // something did not work: the log or the last line on stderr says what
	exitUsage  = 2 // the command line or a setting is wrong: nothing was begun
)

// app is what every command gets of the world outside.
type app struct {
	env      map[string]string
	in       io.Reader
	out, err io.Writer
	begun    bool // the command line was understood
	version  string
}

// execute runs the command that args name and returns the program's exit code.
func execute(args, environ []string, in io.Reader, out, stderr io.Writer) int {
	a := &app{env: map[string]string{}, in: in, out: out, err: stderr, version: version}
	for _, pair := range environ {
		if name, value, _ := strings.Cut(pair, "="); value != "" { // set to nothing is not set
			a.env[name] = value
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once

	root := newRootCmd(a)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	fmt.Fprintln(stderr, "seance:", err)
	var wrong *settingError
	if errors.As(err, &wrong) || !a.begun {
		return exitUsage
	}
	return exitFailed
}

func newRootCmd(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "seance",
		Short: "A spirit board for people on many screens",
		Long: "Séance serves a spirit board that friends share over a link: one planchette, one spirit, every letter on\n" +
			"every screen at the same instant.\n\n" +
			"Exit codes: 0 done, 1 something did not work, 2 the command line or a setting is wrong.",
		Args:              cobra.NoArgs,
		Version:           a.version,
		SilenceUsage:      true,
		SilenceErrors:     true,
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		PersistentPreRun:  func(*cobra.Command, []string) { a.begun = true },
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	root.SetVersionTemplate("seance {{.Version}}\n")
	root.AddCommand(newServeCmd(a), newAskCmd(a), newSpiritsCmd(a), newSteeringCmd(a), newHooksCmd(a), newMCPCmd(a), newExorciseCmd(a), newMigrateCmd(a), newBenchCmd(), newDoctorCmd(a), newVersionCmd(a))
	return root
}

// logger writes to stderr in the form and from the level that were chosen.
func (a *app) logger(c *config) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Level)); err != nil {
		panic(err) // check lets only levels pass
	}
	o := &slog.HandlerOptions{Level: level}
	if c.Log == "json" {
		return slog.New(slog.NewJSONHandler(a.err, o))
	}
	return slog.New(slog.NewTextHandler(a.err, o))
}

// warnings is the logger of commands that only have something to say when it is wrong.
func (a *app) warnings() *slog.Logger { return a.logger(&config{Level: "warn"}) }
