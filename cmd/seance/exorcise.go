package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"seance/internal/exorcise"
	"seance/internal/store/inmem"
	"seance/spirit"
	"seance/steering"
)

func newExorciseCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "exorcise",
		Short: "Try the project's own attacks on the spirits, and say which get through",
		Long: "exorcise tries to talk spirits into giving away the guarded parts of their documents, the marks around what\n" +
			"people write, addresses, and what no spirit says. Every attack has a session of its own, and nothing is kept.\n\n" +
			"By default the mind behind the guard obeys every attack as well as it can, so that only the guard holds it:\n" +
			"nothing leaves this machine. With --live the attacks go to the minds that are configured. That takes some 500\n" +
			"calls for one spirit, and costs what they cost: SEANCE_BUDGET_DAY caps it.\n\n" +
			"The exit code is 1 if an attack gets through that is not known to; docs/safety.md says which are.",
		Args: cobra.NoArgs,
	}
	cfg, check := a.bind(cmd, append(mindSettings(), "SEANCE_KIRO", "SEANCE_KIRO_USER")...)
	flags := cmd.Flags()
	id := flags.String("spirit", "", "whom to attack, an id of `seance spirits`; all of them if empty")
	live := flags.Bool("live", false, "attack the minds that are configured")
	asJSON := flags.Bool("json", false, "print one object a line for each attack: spirit, attack, outcome, and what was heard of what came through")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := check(); err != nil {
			return err
		}
		library, err := openLibrary(a, cfg)
		if err != nil {
			return err
		}
		attacked := library.Personas()
		if *id != "" {
			p, ok := library.Persona(*id)
			if !ok {
				return fmt.Errorf("no spirit answers to %q: seance spirits lists those that do", *id)
			}
			attacked = []steering.Persona{p}
		}
		attacks, err := exorcise.Corpus()
		if err != nil {
			return err
		}
		o := exorcise.Options{Library: library}
		if *live {
			m, err := cfg.openMinds("", a.version, a.warnings())
			if err != nil {
				return err
			}
			defer m.begin(cmd.Context())()
			ledger := inmem.New()
			defer func() { _ = ledger.Close() }() // in memory
			o.Live = func(memory spirit.Memory, see func(spirit.Prompt)) exorcise.Medium {
				watched := &minds{last: exorcise.Watch(m.last, see)}
				for _, mind := range m.list {
					mind.Provider = exorcise.Watch(mind.Provider, see)
					watched.list = append(watched.list, mind)
				}
				return cfg.newMedium(watched, circle{personas: library, ledger: ledger, memory: memory, log: a.warnings()})
			}
		}
		var results []exorcise.Result
		for _, p := range attacked {
			if len(p.Guarded) == 0 {
				fmt.Fprintf(cmd.ErrOrStderr(), "seance: %s guards nothing: its document names no heading under guard\n", p.ID)
			}
			o.Spirit = p.ID
			some, err := exorcise.Run(cmd.Context(), o, attacks)
			if err != nil {
				return err
			}
			results = append(results, some...)
		}
		return a.sheet(cmd, results, *asJSON)
	}
	return cmd
}

// sheet prints what became of the attacks. It is an error if one came through that should not have.
func (a *app) sheet(cmd *cobra.Command, results []exorcise.Result, asJSON bool) error {
	out := cmd.OutOrStdout()
	failed := 0
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for _, r := range results {
		if asJSON {
			if err := enc.Encode(r); err != nil {
				return err
			}
		}
		if r.Failed() {
			if failed++; !asJSON {
				fmt.Fprintf(out, "%s, %s by %s: %q brings %q\n", r.Spirit, r.Attack.Category, r.Attack.Trick, r.Attack.Words, r.Heard)
			}
		}
	}
	if !asJSON {
		if err := exorcise.Print(out, exorcise.Sheet(results)); err != nil {
			return err
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d attacks get through", failed, len(results))
	}
	return nil
}
