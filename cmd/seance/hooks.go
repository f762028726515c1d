package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"text/tabwriter"

	"github.com/spf13/cobra"

	kiro "seance"
	"seance/hooks"
)

// openHooks reads the hook files: those of the folder before the user's, and those before the ones in the program.
func openHooks(cfg *config, log *slog.Logger) (*hooks.Runner, error) {
	return hooks.NewRunner(hooks.Options{
		Dir: cfg.Kiro, User: cfg.KiroUser, Embedded: kiro.Hooks,
		Commands: cfg.HookCommands, Env: os.Environ(), Logger: log,
	})
}

// runner has the hooks that serve runs: none if they are off.
func (c *config) runner(log *slog.Logger) (*hooks.Runner, error) {
	if c.Hooks == "off" {
		return hooks.NewRunner(hooks.Options{Logger: log})
	}
	return openHooks(c, log)
}

// leftOut names the hooks that would run if commands were allowed.
func leftOut(runner *hooks.Runner, log *slog.Logger) {
	var names []string
	for _, h := range runner.Hooks() {
		if runner.State(h) == hooks.CommandsOff {
			names = append(names, h.ID())
		}
	}
	if len(names) > 0 {
		log.Warn("hooks are left out: SEANCE_HOOK_COMMANDS=true lets them run commands", "hooks", names)
	}
}

func newHooksCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "hooks",
		Short: "See, check and try what happens by itself at the tables",
		Long: "Hooks are files under .kiro/hooks/seance: something happens at a table, and the spirit speaks by a prompt or a\n" +
			"command runs. Commands run only with SEANCE_HOOK_COMMANDS=true.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newHooksListCmd(a), newHooksLintCmd(a), newHooksRunCmd(a))
	return cmd
}

// withHooks makes a command's RunE: f gets the hooks as the settings have them.
func (a *app) withHooks(cmd *cobra.Command, f func(*cobra.Command, []string, *hooks.Runner) error) {
	cfg, check := a.bind(cmd, "SEANCE_KIRO", "SEANCE_KIRO_USER", "SEANCE_HOOK_COMMANDS")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := check(); err != nil {
			return err
		}
		runner, err := openHooks(cfg, slog.New(slog.DiscardHandler)) // the commands tell of problems themselves
		if err != nil {
			return err
		}
		return f(cmd, args, runner)
	}
}

func newHooksListCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{Use: "list", Short: "List all hooks, those that never run among them", Args: cobra.NoArgs}
	asJSON := cmd.Flags().Bool("json", false, "print one object a line")
	a.withHooks(cmd, func(cmd *cobra.Command, _ []string, runner *hooks.Runner) error {
		type line struct {
			Name        string `json:"name,omitempty"`
			Trigger     string `json:"trigger,omitempty"`
			Action      string `json:"action,omitempty"`
			File        string `json:"file"`
			State       string `json:"state"`
			Description string `json:"description,omitempty"`
			Problem     string `json:"problem,omitempty"`
		}
		var lines []line
		for _, h := range runner.Hooks() {
			lines = append(lines, line{
				Name: h.Name, Trigger: string(h.Trigger), Action: string(h.Action.Type), File: h.Path,
				State: string(runner.State(h)), Description: h.Description,
			})
		}
		for _, p := range runner.Problems() {
			if p.Severity == hooks.Error {
				lines = append(lines, line{File: p.Path, State: "refused", Problem: p.Message})
			}
		}
		out := cmd.OutOrStdout()
		if *asJSON {
			enc := json.NewEncoder(out)
			enc.SetEscapeHTML(false)
			for _, l := range lines {
				if err := enc.Encode(l); err != nil {
					return err
				}
			}
			return nil
		}
		table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "NAME\tTRIGGER\tACTION\tFILE\tSTATE")
		for _, l := range lines {
			if l.Problem != "" {
				fmt.Fprintf(table, "-\t-\t-\t%s\trefused: %s\n", l.File, l.Problem)
				continue
			}
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", l.Name, l.Trigger, l.Action, l.File, l.State)
		}
		return table.Flush()
	})
	return cmd
}

func newHooksLintCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "lint",
		Short: "Say what is wrong with the hook files, and where",
		Long: "lint prints a line for each problem, path:line: severity: message. An error refuses a file and makes the exit\n" +
			"code 1; what is only unwise is a warning, which does so with --strict.",
		Args: cobra.NoArgs,
	}
	strict := cmd.Flags().Bool("strict", false, "take warnings for errors")
	a.withHooks(cmd, func(cmd *cobra.Command, _ []string, runner *hooks.Runner) error {
		counts := map[hooks.Severity]int{}
		for _, p := range runner.Problems() {
			counts[p.Severity]++
			if _, err := fmt.Fprintln(cmd.OutOrStdout(), p); err != nil {
				return err
			}
		}
		found := fmt.Sprintf("%s, %s, %s", number(counts[hooks.Error], "error"), number(counts[hooks.Warning], "warning"),
			number(len(runner.Hooks()), "hook"))
		if counts[hooks.Error] > 0 || *strict && counts[hooks.Warning] > 0 {
			return errors.New(found)
		}
		_, err := fmt.Fprintln(cmd.ErrOrStderr(), found)
		return err
	})
	return cmd
}

func newHooksRunCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "run NAME",
		Short: "Run a hook's command by hand, or print its prompt",
		Long: "The command gets the event as JSON on its standard input, as when it runs by itself; --event says what is in it.\n" +
			"Trigger, matcher and whether the hook is switched off do not matter.",
		Args: cobra.ExactArgs(1),
	}
	from := cmd.Flags().String("event", "", "file with the event as a JSON object; - is standard input")
	a.withHooks(cmd, func(cmd *cobra.Command, args []string, runner *hooks.Runner) error {
		h, err := runner.Find(args[0])
		if err != nil {
			return err
		}
		switch {
		case runner.State(h) == hooks.ForKiro:
			return fmt.Errorf("%s is for Kiro: the séance runs files under .kiro/hooks/seance alone", h.ID())
		case h.Action.Type == hooks.Agent:
			_, err := fmt.Fprintln(cmd.OutOrStdout(), h.Action.Prompt)
			return err
		}
		var event []byte
		switch *from {
		case "":
		case "-":
			event, err = io.ReadAll(cmd.InOrStdin())
		default:
			event, err = os.ReadFile(*from)
		}
		if err != nil {
			return fmt.Errorf("event: %w", err)
		}
		out, err := runner.RunCommand(cmd.Context(), h, event)
		if errors.Is(err, hooks.ErrCommandsOff) {
			return fmt.Errorf("%w: SEANCE_HOOK_COMMANDS=true allows them", err)
		}
		_, errOut := io.WriteString(cmd.OutOrStdout(), out.Stdout)
		_, errErr := io.WriteString(cmd.ErrOrStderr(), out.Stderr)
		switch err = errors.Join(err, errOut, errErr); {
		case err != nil:
			return err
		case out.Status != 0:
			return fmt.Errorf("the command of %s exited with status %d", h.ID(), out.Status)
		}
		return nil
	})
	return cmd
}
