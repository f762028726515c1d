package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"seance/internal/operator"
	"seance/internal/seance"
	"seance/internal/store"
	"seance/mcp/analytics"
	"seance/mcp/listen"
	"seance/mcp/memory"
	"seance/mcp/participants"
	"seance/mcp/tools"
)

// servers are the MCP servers of the house by name, in the order in which they are shown.
var servers = []struct {
	name, about string
	make        func(seance.Archive, tools.Options) *tools.Server
}{
	{"memory", "what was said, facts, recaps", func(s seance.Archive, o tools.Options) *tools.Server { return memory.New(s, o) }},
	{"participants", "who sat there, who agreed to be remembered", func(s seance.Archive, o tools.Options) *tools.Server { return participants.New(s, o) }},
	{"analytics", "what answers took and how they were judged", func(s seance.Archive, o tools.Options) *tools.Server { return analytics.New(s, o) }},
}

// makeServer makes the server of that name, or says which there are. A server of no store can be looked at, not called.
func makeServer(name string, s seance.Archive, o tools.Options) (*tools.Server, error) {
	var names []string
	for _, one := range servers {
		if one.name == name {
			return one.make(s, o), nil
		}
		names = append(names, one.name)
	}
	return nil, wrong("there is no server %q: there are %s", name, strings.Join(names, ", "))
}

// agents are the servers that agents reach on the operator's side.
type agents struct {
	servers []*tools.Server
	journal seance.Archive
}

// mountAgents puts the MCP servers beside what else the operator's side has.
func (c *config) mountAgents(back *operator.Server, journal seance.Archive, version string, log *slog.Logger) *agents {
	a := &agents{journal: journal}
	for _, one := range servers {
		log := log.With("server", one.name)
		s := one.make(journal, tools.Options{ReadOnly: c.OperatorReadOnly, Version: version, Logger: log})
		back.Handle("/mcp/"+one.name, listen.Handler(s, log))
		a.servers = append(a.servers, s)
	}
	return a
}

// watch tells subscribers of what changes until ctx is done.
func (a *agents) watch(ctx context.Context) {
	var watching sync.WaitGroup
	for _, s := range a.servers {
		watching.Go(func() { s.Watch(ctx, a.journal.Changes) })
	}
	watching.Wait()
}

// close ends every connection.
func (a *agents) close() {
	for _, s := range a.servers {
		s.Close()
	}
}

func newMCPCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "mcp",
		Short: "Let agents reach what is remembered, over the Model Context Protocol",
		Long: "Three servers tell agents what the house remembers and write down what they add. serve has them on the operator's\n" +
			"side under /mcp/memory, /mcp/participants and /mcp/analytics; the commands of these names serve one to the program\n" +
			"that started them. install puts them into Kiro's settings.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	for _, one := range servers {
		cmd.AddCommand(newMCPServerCmd(a, one.name, one.about))
	}
	cmd.AddCommand(newMCPListCmd(), newMCPCallCmd(a), newMCPInstallCmd(a))
	return cmd
}

func newMCPServerCmd(a *app, name, about string) *cobra.Command {
	cmd := &cobra.Command{
		Use:   name,
		Short: "Serve " + about + ", on standard input and output",
		Long: "The database is opened beside a house that may be serving it, whose changes are seen within a second. Standard output\n" +
			"is the protocol's alone; the log goes to standard error. It ends when its input does.",
		Args: cobra.NoArgs,
	}
	cfg, check := a.bind(cmd, "SEANCE_DATA", "DATABASE_URL", "SEANCE_OPERATOR_READ_ONLY", "SEANCE_LOG", "SEANCE_LOG_LEVEL")
	var only words
	cmd.Flags().Var(&only, "tools", "offer these tools alone")
	readOnly := cmd.Flags().Bool("read-only", false, "offer no tool that writes, whatever --tools says ($SEANCE_OPERATOR_READ_ONLY)")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := errors.Join(check(), knownTools(name, only)); err != nil {
			return err
		}
		log := a.logger(cfg)
		return withArchive(cmd.Context(), cfg, log, func(journal seance.Archive) error {
			s, err := makeServer(name, journal, tools.Options{
				ReadOnly: *readOnly || cfg.OperatorReadOnly, Only: only, Version: a.version, Logger: log,
			})
			if err != nil {
				return err
			}
			ctx, stop := context.WithCancel(cmd.Context())
			var watching sync.WaitGroup
			watching.Go(func() { s.Watch(ctx, journal.Changes) })
			defer watching.Wait()
			defer stop()
			log.Info("serving", "server", name, "data", cfg.Data)
			return listen.Stdio(ctx, s, cmd.InOrStdin(), cmd.OutOrStdout())
		})
	}
	return cmd
}

// knownTools refuses names of tools that a server does not have.
func knownTools(server string, only []string) error {
	s, err := makeServer(server, nil, tools.Options{})
	if err != nil {
		return err
	}
	var names []string
	for _, tool := range s.Tools() {
		names = append(names, tool.Name)
	}
	for _, name := range only {
		if !slices.Contains(names, name) {
			return wrong("%s has no tool %q: it has %s", server, name, strings.Join(names, ", "))
		}
	}
	return nil
}

// withArchive opens the database beside whoever else has it open.
func withArchive(ctx context.Context, cfg *config, log *slog.Logger, f func(seance.Archive) error) (err error) {
	if err := cfg.makeData(); err != nil {
		return err
	}
	journal, err := store.Open(ctx, cfg.Database, store.Options{Logger: log})
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	defer func() { err = errors.Join(err, journal.Close()) }()
	return f(journal)
}

// does says what a tool does in a word.
var does = map[tools.Hint]string{tools.Reads: "reads", tools.Adds: "writes", tools.Destroys: "deletes"}

func newMCPListCmd() *cobra.Command {
	cmd := &cobra.Command{Use: "list", Short: "List the servers and their tools", Args: cobra.NoArgs}
	asJSON := cmd.Flags().Bool("json", false, "print one object a line")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		out := cmd.OutOrStdout()
		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		if !*asJSON {
			fmt.Fprintln(table, "SERVER\tTOOL\tIT\tWHAT IT IS FOR")
		}
		for _, one := range servers {
			for _, tool := range one.make(nil, tools.Options{}).Tools() {
				if !*asJSON {
					fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", one.name, tool.Name, does[tool.Hint], tool.Title)
					continue
				}
				line := struct {
					Server      string `json:"server"`
					Tool        string `json:"tool"`
					Does        string `json:"does"`
					Title       string `json:"title"`
					Description string `json:"description"`
				}{one.name, tool.Name, does[tool.Hint], tool.Title, tool.Description}
				if err := enc.Encode(line); err != nil {
					return err
				}
			}
		}
		return table.Flush()
	}
	return cmd
}

func newMCPCallCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "call SERVER TOOL [NAME=VALUE...]",
		Short: "Call one tool and print its result",
		Long: "call runs a tool of a server on the database, as an agent would, and prints its result as JSON. Lists are values with\n" +
			"commas between. mcp list shows the tools.",
		Example: "  seance mcp call memory recall_turns seance_id=RAVEN-417 limit=5",
		Args:    cobra.MinimumNArgs(2),
	}
	cfg, check := a.bind(cmd, "SEANCE_DATA", "DATABASE_URL")
	whole := cmd.Flags().String("json-args", "", "all arguments as one JSON object; - is standard input")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		server, tool, pairs := args[0], args[1], args[2:]
		if err := errors.Join(check(), knownTools(server, []string{tool})); err != nil {
			return err
		}
		if *whole != "" && len(pairs) > 0 {
			return wrong("arguments are given as NAME=VALUE or with --json-args, not both")
		}
		return withArchive(cmd.Context(), cfg, a.warnings(), func(journal seance.Archive) error {
			s, err := makeServer(server, journal, tools.Options{Version: a.version, Logger: a.warnings()})
			if err != nil {
				return err
			}
			defer s.Close()
			client, err := listen.Inside(cmd.Context(), s)
			if err != nil {
				return err
			}
			defer client.Close()
			types, err := client.Arguments(cmd.Context(), tool)
			if err != nil {
				return err
			}
			arguments, err := argumentsOf(types, pairs)
			if *whole != "" {
				arguments, err = wholeArguments(*whole, cmd.InOrStdin())
			}
			if err != nil {
				return err
			}
			result, err := client.Call(cmd.Context(), tool, arguments)
			if err != nil {
				return err
			}
			enc := json.NewEncoder(cmd.OutOrStdout())
			enc.SetEscapeHTML(false)
			enc.SetIndent("", "  ")
			return enc.Encode(result)
		})
	}
	return cmd
}

// wholeArguments are arguments that were given as one JSON object.
func wholeArguments(said string, in io.Reader) (json.RawMessage, error) {
	text := []byte(said)
	if said == "-" {
		var err error
		if text, err = io.ReadAll(in); err != nil {
			return nil, fmt.Errorf("arguments: %w", err)
		}
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(text, &object); err != nil || object == nil {
		return nil, wrong(`--json-args is no JSON object: write it as {"name": "value"}`)
	}
	return text, nil
}

// argumentsOf are arguments that were given as NAME=VALUE, as JSON of the types that the tool wants. What it does not
// know it may refuse itself.
func argumentsOf(types map[string]string, pairs []string) (json.RawMessage, error) {
	arguments := map[string]any{}
	for _, pair := range pairs {
		name, said, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, wrong("%q is no argument: write it as NAME=VALUE", pair)
		}
		var value any = said
		switch types[name] {
		case "integer", "number", "boolean":
			if json.Valid([]byte(said)) {
				value = json.RawMessage(said)
			}
		case "array":
			var list words
			_ = list.Set(said) // takes everything
			value = append([]string{}, list...)
		}
		arguments[name] = value
	}
	return json.Marshal(arguments)
}
