package main

import (
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
			"promised. Without --address it starts a server of its own on a free port, with a data folder of its own.",
		Args: cobra.NoArgs,
	}
	var o bench.Options
	flags := cmd.Flags()
	flags.StringVar(&o.Address, "address", "", "http://host:port of a server on loopback that runs with SEANCE_LIMITS=off")
	flags.IntVar(&o.Sessions, "sessions", 100, "tables")
	flags.IntVar(&o.Players, "players", 4, "people at each table")
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
			program, err := os.Executable()
			if err != nil {
				return fmt.Errorf("find this program: %w", err)
			}
			server, err := bench.StartServer(cmd.Context(), program, *tempo)
			if err != nil {
				return err
			}
			defer func() { failed = errors.Join(failed, server.Stop()) }()
			o.Address = server.Address
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
