package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"seance/internal/bench"
	"seance/relay/wire"
)

// errMissed means that the load ran and a promise was not kept; the report says which.
var errMissed = errors.New("a promise was missed, the report says which")

func newBenchCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Load a server on this machine and say what it found",
		Long: "Plays many tables at once on a schedule that does not wait for answers, and compares latencies with what is\n" +
			"promised. Without --address it starts a server of its own on a free port, with a data folder of its own, and\n" +
			"says what CPU and memory the load takes of it.\n\nScenarios:\n",
		Args: cobra.NoArgs,
	}
	for _, s := range bench.Scenarios() {
		cmd.Long += fmt.Sprintf("  %-8s %s\n", s.Name, s.About)
	}
	var o bench.Options
	flags := cmd.Flags()
	flags.StringVar(&o.Scenario, "scenario", bench.Scenarios()[0].Name, "what kind of load")
	flags.StringVar(&o.Address, "address", "", "http://host:port of a server on loopback that runs with SEANCE_LIMITS=off")
	flags.IntVar(&o.Sessions, "sessions", 0, "tables (default 100; hostile 10)")
	flags.IntVar(&o.Players, "players", 4, "people at each table")
	flags.IntVar(&o.Hands, "hands", 0, "people at each table whose hands move (default none; in the scenario hands all)")
	flags.IntVar(&o.Connections, "connections", 5000, "how many: storm, idle")
	flags.IntVar(&o.Frames, "frames", 100_000, "broken frames to send: hostile")
	flags.DurationVar(&o.Warm, "warm", 3*time.Second, "how long to play before measuring")
	flags.DurationVar(&o.Duration, "duration", 20*time.Second, "how long to measure")
	flags.DurationVar(&o.QuestionEvery, "question-every", 3*time.Second, "time between two questions of a table")
	flags.DurationVar(&o.TypeEvery, "type-every", 2*time.Second, "time between two changes of one person's pen")
	flags.IntVar(&o.RESTPerSecond, "rest", 50, "REST calls a second")
	tempo := flags.Float64("tempo", 0.2, "SEANCE_TEMPO of the server it starts")
	socketIO := flags.Bool("socketio", true, "speak Socket.IO, as boards do; false speaks plain JSON")
	asJSON := flags.Bool("json", false, "print the report as one object")
	cmd.RunE = func(cmd *cobra.Command, _ []string) (failed error) {
		if *socketIO {
			o.Codec = wire.SocketIO
		}
		if o.Address == "" {
			server, err := startLoaded(cmd.Context(), o.Scenario, *tempo)
			if err != nil {
				return err
			}
			defer func() { failed = errors.Join(failed, server.Stop()) }()
			o.Address, o.Server = server.Address, server
		}
		report, err := bench.Run(cmd.Context(), o)
		if err != nil {
			return err
		}
		if *asJSON {
			if err := json.NewEncoder(cmd.OutOrStdout()).Encode(report); err != nil {
				return err
			}
		} else {
			report.Print(cmd.OutOrStdout())
		}
		if !report.Passed() {
			return errMissed
		}
		return nil
	}
	return cmd
}

// startLoaded starts this very program as the server for a scenario.
func startLoaded(ctx context.Context, scenario string, tempo float64) (*bench.Server, error) {
	env, err := bench.Env(scenario)
	if err != nil {
		return nil, err
	}
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	return bench.StartServer(ctx, bench.ServerOptions{Program: program, Env: append(env, fmt.Sprintf("SEANCE_TEMPO=%g", tempo))})
}
