package main

import (
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"seance/internal/store"
)

func newMigrateCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "migrate",
		Short: "Bring the journal's schema up to date, or see where it stands",
		Long:  "serve brings the schema up to date by itself; these commands are for who wants to do it before, or to look.",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newMigrateUpCmd(a), newMigrateStatusCmd(a))
	return cmd
}

func newMigrateUpCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{Use: "up", Short: "Take the steps that are missing", Args: cobra.NoArgs}
	cfg, check := a.bind(cmd, "SEANCE_DATA", "DATABASE_URL")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := check(); err != nil {
			return err
		}
		if err := cfg.makeData(); err != nil {
			return err
		}
		taken, err := store.Migrate(cmd.Context(), cfg.Database)
		if err != nil {
			return err
		}
		for _, m := range taken {
			fmt.Fprintf(cmd.OutOrStdout(), "%03d %s\n", m.Version, m.Name)
		}
		if len(taken) == 0 {
			fmt.Fprintln(cmd.OutOrStdout(), "The schema is up to date.")
		}
		return nil
	}
	return cmd
}

func newMigrateStatusCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{Use: "status", Short: "List the steps and when they were taken", Args: cobra.NoArgs}
	cfg, check := a.bind(cmd, "SEANCE_DATA", "DATABASE_URL")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := check(); err != nil {
			return err
		}
		steps, err := store.Migrations(cmd.Context(), cfg.Database)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "STEP\tNAME\tTAKEN")
		for _, m := range steps {
			taken := "not yet"
			if !m.AppliedAt.IsZero() {
				taken = m.AppliedAt.UTC().Format(time.DateTime) + " UTC"
			}
			fmt.Fprintf(table, "%03d\t%s\t%s\n", m.Version, m.Name, taken)
		}
		return table.Flush()
	}
	return cmd
}
