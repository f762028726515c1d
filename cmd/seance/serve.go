package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	kiro "seance"
	"seance/internal/broker"
	"seance/internal/limit"
	"seance/internal/operator"
	"seance/internal/seance"
	"seance/internal/store"
	"seance/relay"
	"seance/relay/api"
	"seance/relay/ws"
	"seance/spirit"
	"seance/steering"
	"seance/web"
)

// closeFor is how long everything together may take to end.
const closeFor = 9500 * time.Millisecond

func newServeCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Open the house: board, REST and WebSocket on one address",
		Long: "serve runs until it gets SIGINT or SIGTERM and then ends in good order within 10 s: boards are told to come\n" +
			"back, an answer that is being made is given or handed on, and what was accepted is written.",
		Args: cobra.NoArgs,
	}
	cfg, check := a.bind(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := check(); err != nil {
			return err
		}
		return run(cmd.Context(), cfg, a.logger(cfg), cmd.OutOrStdout(), a.version)
	}
	return cmd
}

// run opens the house floor by floor, keeps it open until ctx is done, and closes it in the reverse order.
func run(ctx context.Context, cfg *config, log *slog.Logger, out io.Writer, version string) (err error) {
	metrics := operator.NewMetrics(version)

	// First floor: what is read and kept, and who may how often.
	var library *steering.Library
	saves := cfg.openWatch(func() []string { return library.Files() }, log)
	defer func() { _ = saves.Close() }() // nothing was written
	library, err = steering.Open(steering.Options{Embedded: kiro.Documents, Dir: cfg.Kiro, User: cfg.KiroUser, Logger: log})
	if err != nil {
		return err
	}
	runner, err := cfg.runner(log)
	if err != nil {
		return err
	}
	if err := cfg.makeData(); err != nil {
		return err
	}
	keys, err := cfg.keys()
	if err != nil {
		return err
	}
	journal, err := store.Open(ctx, cfg.Database, store.Options{Exclusive: true, Logger: log, Observe: metrics.Transaction})
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	defer func() { err = errors.Join(err, journal.Close()) }()
	if err := journal.AllLeave(ctx, time.Now()); err != nil { // nobody sits here before the doors open
		return fmt.Errorf("journal: %w", err)
	}
	board, built := web.Board()

	// Second and third: the spirits with their minds, and the rooms where people meet them.
	minds, err := cfg.openMinds("", version, log)
	if err != nil {
		return err
	}
	box, err := openToolbox(ctx, journal, version, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, box.Close()) }() // what is noted last is noted before the journal is closed
	spirits := cfg.newMedium(minds, circle{
		personas: library, ledger: journal, memory: box, hooks: runner, log: log,
		observe: func(c spirit.Call) { metrics.Mind(c); box.Log(c) },
	})
	hub := relay.NewHub(relay.Options{
		Journal: journal, Register: journal, Watch: journal, Ratings: journal, Broker: broker.NewMemory(),
		Medium: metrics.Medium(noting{spirits, box}), Hooks: occasions{runner, box}, Erasures: journal,
		Limits: cfg.relayLimits(), Tempo: cfg.Tempo, Logger: log,
	})
	metrics.Hub(hub.Stats)

	// Fourth: the doors.
	ln, err := openAddress(cfg.Addr)
	if err != nil {
		return err
	}
	reached := reachOf(ln.Addr(), lanAddress)
	server, err := api.New(api.Options{
		Store: journal, Souls: journal, Hub: agreeing{hub, journal, box, log}, Tokens: keys, Personas: library, Board: board, Limits: cfg.apiLimits(),
		PublicURL: cfg.PublicURL, LANURL: reached.lan, Origins: cfg.Origins, Proxies: cfg.Proxies,
		Ready:   func(ctx context.Context) error { return ready(ctx, journal) },
		Version: version, Logger: log, Observe: metrics.Request,
	})
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	back, err := cfg.openOperator(metrics, log) //nolint:contextcheck // it lives until Shutdown, longer than ctx
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	var agents *agents
	if back != nil {
		agents = cfg.mountAgents(back, journal, version, log)
	}
	sockets := ws.Mount(server.App(), ws.Options{ //nolint:contextcheck // lines live until Close, not as long as a request
		Hub: hub, Tokens: keys, Origins: cfg.socketOrigins(), Limits: cfg.socketLimits(), Log: log,
	})

	live, leave := context.WithCancel(context.WithoutCancel(ctx))
	defer leave()
	awake, sleep := context.WithCancel(context.WithoutCancel(ctx)) // minds are asked until the last room is closed
	defer sleep()
	thinking := begin(func() error { minds.run(awake); return nil })
	rooms := begin(func() error { return hub.Run(live) })
	hooked := begin(func() error { return runner.Run(live, hub) })
	followed := begin(func() error { return follow(live, saves, library, runner, log) })
	served := begin(func() error { return server.Serve(ln) })
	var operated, told <-chan error // nothing ever comes if there is no operator's side
	if back != nil {
		operated = begin(back.Serve)
		told = begin(func() error { agents.watch(awake); return nil })
	}
	log.Info("open", "addr", ln.Addr().String(), "version", version, "spirits", len(library.Personas()), "board", built)
	leftOut(runner, log)
	if err := hello(out, cfg, reached, cfg.features(built, library.Personas())); err != nil {
		log.Warn("greeting not written", "err", err)
	}
	select {
	case <-ctx.Done():
		log.Info("closing", "cause", context.Cause(ctx))
	case err = <-served:
		err = fmt.Errorf("the server stopped serving: %w", err)
	case err = <-operated:
		err = fmt.Errorf("the operator's side stopped serving: %w", err)
	}

	// Nobody new comes in; the rooms say goodbye to their boards and hand over what they were at; the last lines and
	// requests end; and as run returns, the journal writes what it accepted.
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeFor)
	defer cancel()
	doors := begin(func() error { return server.Shutdown(stop) })
	leave()
	err = errors.Join(err, <-rooms, <-hooked, <-followed, spirits.Close(stop))
	sleep()
	err = errors.Join(err, sockets.Close(stop), <-doors, <-served, <-thinking)
	if back != nil { // to the last, who runs the house can see into it
		err = errors.Join(err, back.Shutdown(stop), <-operated, <-told)
		agents.close()
	}
	log.Info("closed")
	return err
}

// begin runs f beside its caller, who receives what f returns, and nil ever after.
func begin(f func() error) <-chan error {
	done := make(chan error, 1)
	go func() {
		done <- f()
		close(done)
	}()
	return done
}

// errTaken means that somebody else listens on an address.
var errTaken = errors.New("taken by another program")

// openAddress opens the address, or says in a sentence why not.
func openAddress(addr string) (net.Listener, error) {
	ln, err := net.Listen("tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("the address %s is %w: choose another with --addr", addr, errTaken)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("the address %s is not ours to open: choose a port above 1023 with --addr", addr)
	case err != nil:
		return nil, fmt.Errorf("the address %s cannot be opened: %w", addr, err)
	}
	return ln, nil
}

// ready says why the journal cannot be read.
func ready(ctx context.Context, journal seance.Journal) error {
	if _, err := journal.Session(ctx, "-"); !errors.Is(err, seance.ErrNotFound) {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}

func (c *config) apiLimits() api.Limits {
	if c.Limits == "off" {
		return api.Limits{}
	}
	return api.Limits{
		REST:       limit.New(limit.Rate{N: c.REST, Per: time.Minute}),
		Passphrase: limit.New(limit.Rate{N: c.Joins, Per: time.Minute}),
	}
}

func (c *config) relayLimits() relay.Limits {
	return relay.Limits{QuestionEvery: c.QuestionEvery, RoomQuestions: c.RoomQuestions, Off: c.Limits == "off"}
}

func (c *config) socketLimits() ws.Limits {
	if c.Limits == "off" {
		return ws.Limits{Frames: -1}
	}
	return ws.Limits{Frames: c.Frames}
}

// socketOrigins are the origins that boards may connect from: those of CORS, and our own public one, which a proxy may
// have hidden from us.
func (c *config) socketOrigins() []string {
	if c.PublicURL == "" {
		return c.Origins
	}
	return append(slices.Clone(c.Origins), c.PublicURL)
}
