package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	kiro "seance"
	"seance/steering"
)

func newSteeringCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "steering",
		Short: "See, check and try the documents that say who the spirits are",
		Long: "Steering documents are Markdown files under .kiro/steering. Those whose front matter says `seance: spirit`,\n" +
			"`rules` or `lore` are for the spirits: those of the folder go before your own in ~/.kiro, and those before the\n" +
			"ones in the program.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newSteeringLintCmd(a), newSteeringShowCmd(a), newSteeringRenderCmd(a))
	return cmd
}

// withSteering makes a command's RunE: f gets the documents as the settings have them.
func (a *app) withSteering(cmd *cobra.Command, f func(*cobra.Command, []string, *steering.Library) error) {
	cfg, check := a.bind(cmd, "SEANCE_KIRO", "SEANCE_KIRO_USER")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := check(); err != nil {
			return err
		}
		if info, err := os.Stat(cfg.Kiro); cmd.Flags().Changed("kiro") && (err != nil || !info.IsDir()) {
			return wrong("there is no folder %s to look into", cfg.Kiro)
		}
		library, err := steering.Open(steering.Options{
			Embedded: kiro.Documents, Dir: cfg.Kiro, User: cfg.KiroUser,
			Logger: slog.New(slog.DiscardHandler), // who wants to know of problems asks lint
		})
		if err != nil {
			return err
		}
		return f(cmd, args, library)
	}
}

func newSteeringLintCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "lint",
		Short: "Say what is wrong with the documents, and where",
		Long: "lint prints a line for each problem, path:line: severity: message. What is wrong is an error and makes the exit\n" +
			"code 1; what is only unwise is a warning, which does so with --strict.",
		Args: cobra.NoArgs,
	}
	strict := cmd.Flags().Bool("strict", false, "take warnings for errors")
	asJSON := cmd.Flags().Bool("json", false, "print one object a line: path, line (0 for the whole document), severity, message")
	a.withSteering(cmd, func(cmd *cobra.Command, _ []string, library *steering.Library) error {
		counts := map[steering.Severity]int{}
		enc := json.NewEncoder(cmd.OutOrStdout())
		enc.SetEscapeHTML(false)
		for _, p := range library.Problems() {
			counts[p.Severity]++
			var err error
			if *asJSON {
				err = enc.Encode(struct {
					Path     string            `json:"path"`
					Line     int               `json:"line"`
					Severity steering.Severity `json:"severity"`
					Message  string            `json:"message"`
				}{p.Path, p.Line, p.Severity, p.Message})
			} else {
				_, err = fmt.Fprintln(cmd.OutOrStdout(), p)
			}
			if err != nil {
				return err
			}
		}
		found := fmt.Sprintf("%s, %s in %s", number(counts[steering.Error], "error"), number(counts[steering.Warning], "warning"),
			number(library.Read(), "document of the séance", "documents of the séance"))
		if counts[steering.Error] > 0 || *strict && counts[steering.Warning] > 0 {
			return fmt.Errorf("%s", found)
		}
		_, err := fmt.Fprintln(cmd.ErrOrStderr(), found)
		return err
	})
	return cmd
}

// number puts a figure before its noun; many is the noun with an s if it is not given.
func number(n int, one string, many ...string) string {
	switch {
	case n == 1:
		return "1 " + one
	case len(many) > 0:
		return fmt.Sprintf("%d %s", n, many[0])
	default:
		return fmt.Sprintf("%d %ss", n, one)
	}
}

func newSteeringShowCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "show [ID]",
		Short: "List the documents that are in force, or show one as a spirit gets it",
		Args:  cobra.MaximumNArgs(1),
	}
	a.withSteering(cmd, func(cmd *cobra.Command, args []string, library *steering.Library) error {
		if len(args) == 1 {
			return showDocument(cmd.OutOrStdout(), library, args[0])
		}
		table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "KIND\tID\tFROM\tPATH")
		for _, d := range library.Documents() {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", d.Kind, d.ID, d.From, d.Path)
		}
		return table.Flush()
	})
	return cmd
}

// showDocument prints the documents of an id, each with its references in place.
func showDocument(out io.Writer, library *steering.Library, id string) error {
	var texts []string
	for _, d := range library.Documents() {
		if d.ID == id {
			texts = append(texts, d.Text)
		}
	}
	if len(texts) == 0 {
		return fmt.Errorf("nothing in force is called %q: seance steering show lists what is", id)
	}
	_, err := fmt.Fprintln(out, strings.Join(texts, "\n\n"))
	return err
}

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
