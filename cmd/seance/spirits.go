package main

import (
	"encoding/json"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	kiro "seance"
	"seance/steering"
)

// openLibrary reads the steering documents: those of the folder and of the user put over those in the program.
func openLibrary(a *app, cfg *config) (*steering.Library, error) {
	return steering.Open(steering.Options{Embedded: kiro.Documents, Dir: cfg.Kiro, User: cfg.KiroUser, Logger: a.warnings()})
}

func newSpiritsCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{Use: "spirits", Short: "List whom one may summon", Args: cobra.NoArgs}
	cfg, check := a.bind(cmd, "SEANCE_KIRO", "SEANCE_KIRO_USER")
	asJSON := cmd.Flags().Bool("json", false, "print one object a line")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := check(); err != nil {
			return err
		}
		library, err := openLibrary(a, cfg)
		if err != nil {
			return err
		}
		out := cmd.OutOrStdout()
		if *asJSON {
			enc := json.NewEncoder(out)
			enc.SetEscapeHTML(false)
			for _, p := range library.Personas() {
				line := struct {
					ID          string `json:"id"`
					Title       string `json:"title"`
					Description string `json:"description"`
					Lang        string `json:"lang"`
				}{p.ID, p.Title, p.Description, p.Lang}
				if err := enc.Encode(line); err != nil {
					return err
				}
			}
			return nil
		}
		table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "ID\tTITLE\tLANG\tDESCRIPTION")
		for _, p := range library.Personas() {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", p.ID, p.Title, p.Lang, p.Description)
		}
		return table.Flush()
	}
	return cmd
}
