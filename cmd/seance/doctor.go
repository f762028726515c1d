package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"seance/internal/seance"
	"seance/internal/store"
	"seance/internal/store/inmem"
	"seance/spirit/kiro"
	"seance/spirit/llm"
	"seance/spirit/oracle"
	"seance/steering"
	"seance/web"
)

// errMend means that serve would not work as it should; the table says what to mend.
var errMend = errors.New("something must be mended, the list says what")

// A finding is what doctor found of one thing that serve needs.
type finding struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
	Note string `json:"note"` // how it stands, or what mends it
}

// A diagnosis is everything that doctor found.
type diagnosis struct {
	OK       bool      `json:"ok"`
	Checks   []finding `json:"checks"`
	Features []feature `json:"features"`
}

func newDoctorCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Look whether everything that serve needs is there, and what would turn on what is off",
		Long: "doctor looks with the settings that serve would have. It changes nothing, may be run beside an open house, and\n" +
			"costs nothing: of minds it asks only whether they would listen. Exit code 1 means that something must be mended: the list says what.",
		Args: cobra.NoArgs,
	}
	cfg, settled := a.bind(cmd)
	asJSON := cmd.Flags().Bool("json", false, "print one object")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := settled(); err != nil {
			return err
		}
		found := examine(cmd.Context(), a, cfg)
		if err := found.print(cmd.OutOrStdout(), *asJSON); err != nil {
			return err
		}
		if !found.OK {
			return errMend
		}
		return nil
	}
	return cmd
}

// examine looks at everything, in the order in which serve would meet it.
func examine(ctx context.Context, a *app, cfg *config) diagnosis {
	library, err := openLibrary(a, cfg)
	spirits := checkSpirits(library, err)
	_, built := web.Board()
	d := diagnosis{OK: true, Checks: []finding{
		spirits,
		checkData(cfg),
		checkSecret(cfg),
		checkJournal(ctx, cfg),
		checkBoard(built),
		checkClock(ctx, cfg.Data),
	}}
	var personas []steering.Persona
	if library != nil {
		personas = library.Personas()
		d.Checks = append(d.Checks, checkOracle(ctx, a, library))
	}
	d.Checks = append(d.Checks, checkMinds(ctx, cfg, a.version)...)
	open := sync.OnceValue(func() bool { return answers(ctx, cfg.Addr) })
	d.Checks = append(d.Checks, checkAddress("address", cfg.Addr, "--addr", open))
	if cfg.Operator != "" {
		d.Checks = append(d.Checks, checkOperator(cfg, open))
	}
	for _, c := range d.Checks {
		d.OK = d.OK && c.OK
	}
	d.Features = cfg.features(built, personas)
	return d
}

func well(name, format string, args ...any) finding {
	return finding{name, true, fmt.Sprintf(format, args...)}
}

func mend(name, format string, args ...any) finding {
	return finding{name, false, fmt.Sprintf(format, args...)}
}

// checkSpirits says who can be summoned. A document with a fault in it is one that people would miss.
func checkSpirits(library *steering.Library, err error) finding {
	const name = "spirits"
	if err != nil {
		return mend(name, "%v", err)
	}
	problems := slices.DeleteFunc(library.Problems(), func(p steering.Problem) bool { return p.Severity != steering.Error })
	switch n := len(library.Personas()); {
	case len(problems) > 0:
		return mend(name, "%v (%d in all)", problems[0], len(problems))
	case n == 0:
		return mend(name, "no document says `seance: spirit`")
	default:
		return well(name, "%d can be summoned", n)
	}
}

// checkData says whether the data folder can be written, or made where it is to be.
func checkData(cfg *config) finding {
	const name = "data folder"
	dir, there := cfg.Data, true
	for {
		info, err := os.Stat(dir)
		if err == nil && info.IsDir() {
			break
		}
		above := filepath.Dir(dir)
		if err == nil || !errors.Is(err, fs.ErrNotExist) || above == dir {
			return mend(name, "%s is no folder and cannot be made one: choose another with --data", cfg.Data)
		}
		dir, there = above, false
	}
	switch err := tryToWrite(dir); {
	case err != nil:
		return mend(name, "%s cannot be written (%v): choose another with --data", dir, err)
	case !there:
		return well(name, "%s is not there yet, serve makes it", cfg.Data)
	default:
		return well(name, "%s can be written", cfg.Data)
	}
}

// checkSecret looks at what tokens are signed with, without making it.
func checkSecret(cfg *config) finding {
	const name = "secret"
	if _, err := os.Stat(cfg.secretFile()); cfg.Secret == "" && errors.Is(err, fs.ErrNotExist) {
		return well(name, "%s is not there yet, serve makes it", cfg.secretFile())
	}
	if _, err := cfg.keys(); err != nil {
		return mend(name, "%v", err)
	}
	if cfg.Secret != "" {
		return well(name, "JWT_SECRET signs the tokens of players")
	}
	return well(name, "%s signs the tokens of players", cfg.secretFile())
}

// checkJournal opens the database as a reader would, if there is one, and says where its schema stands.
func checkJournal(ctx context.Context, cfg *config) finding {
	const name = "journal"
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	steps, err := store.Migrations(ctx, cfg.Database)
	if err != nil {
		return mend(name, "%v", err)
	}
	taken := 0
	for _, s := range steps {
		if !s.AppliedAt.IsZero() {
			taken++
		}
	}
	shown := shownURL(cfg.Database)
	switch {
	case taken == 0:
		return well(name, "%s is empty or not there yet, serve makes it", shown)
	case taken < len(steps):
		return well(name, "%s lacks %d steps of its schema, serve takes them; or do it now with seance migrate up", shown, len(steps)-taken)
	}
	journal, err := store.Open(ctx, cfg.Database, store.Options{NoMigrate: true})
	if err != nil {
		return mend(name, "%v", err)
	}
	if err := errors.Join(ready(ctx, journal), journal.Close()); err != nil {
		return mend(name, "%v", err)
	}
	return well(name, "%s can be read, its schema is up to date", shown)
}

func checkBoard(built bool) finding {
	if !built {
		return mend("board", "is not in this program: make build puts it in")
	}
	return well("board", "is in this program")
}

// How far clocks may be apart before boards would show it.
const (
	clockLooks = 100 * time.Millisecond // for so long doctor watches whether the clock is being set
	clockSlips = 20 * time.Millisecond
	clockApart = 2 * time.Second // file systems have whole seconds
)

// checkClock holds the clock against whatever else knows the time without being asked over a network: the program's own
// age, the machine's count of time, and the file system of the data folder.
func checkClock(ctx context.Context, data string) finding {
	const name = "clock"
	began := time.Now()
	if made := builtAt(); began.Before(made) {
		return mend(name, "it is %s here, and this program was made on %s: set the clock",
			began.UTC().Format(time.DateTime), made.UTC().Format(time.DateOnly))
	}
	select {
	case <-time.After(clockLooks):
	case <-ctx.Done():
	}
	ended := time.Now()
	if slip := ended.Round(0).Sub(began.Round(0)) - ended.Sub(began); slip.Abs() > clockSlips {
		return mend(name, "it was moved by %s while doctor looked: let it be set gently (chrony, ntpd, systemd-timesyncd)", slip)
	}
	if apart, err := folderAhead(data); err == nil && apart.Abs() > clockApart {
		return mend(name, "%s is on a machine whose clock is %s apart from this one: set both", data, apart.Round(time.Second))
	}
	return well(name, "%s UTC", ended.UTC().Format(time.DateTime))
}

// builtAt is when the source of this program was last changed, the zero time if it does not know.
func builtAt() time.Time {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return time.Time{}
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.time" {
			if at, err := time.Parse(time.RFC3339, s.Value); err == nil {
				return at
			}
		}
	}
	return time.Time{}
}

// folderAhead is how far the clock of a folder's file system is ahead of this one. It fails where that cannot be seen.
func folderAhead(dir string) (ahead time.Duration, err error) {
	probe, err := os.CreateTemp(dir, ".probe-*")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, probe.Close(), os.Remove(probe.Name())) }()
	info, err := probe.Stat()
	if err != nil {
		return 0, err
	}
	return time.Until(info.ModTime()), nil
}

// checkOracle asks the mind that answers when no other can.
func checkOracle(ctx context.Context, a *app, library *steering.Library) finding {
	const name = "oracle"
	personas := library.Personas()
	if len(personas) == 0 {
		return mend(name, "has nobody to speak for")
	}
	ask := asking{spirit: personas[0].ID, seed: 1, asker: "Ann"}
	s, err := ask.begin(ctx, inmem.New(), (&config{}).newMedium(&minds{last: oracle.New()}, circle{personas: library, log: a.warnings()}))
	if err != nil {
		return mend(name, "%v", err)
	}
	began := time.Now()
	switch said, err := s.ask(ctx, "Is anyone there?"); {
	case err != nil:
		return mend(name, "%v", err)
	case said.Board == "" || said.Source != seance.SourceOracle:
		return mend(name, "does not answer a question")
	default:
		return well(name, "answers in %.1f ms, with no key and no network", float64(time.Since(began).Microseconds())/1000)
	}
}

// A mind has so long to say that it would listen.
const (
	mindLooks = 5 * time.Second
	kiroLooks = 30 * time.Second // it is a program that has to start
)

// soon is how long before the end of a model it is worth a word.
const soon = 60 * 24 * time.Hour

// checkMinds looks at each mind that is on, as far as that costs nothing.
func checkMinds(ctx context.Context, cfg *config, version string) []finding {
	var list []finding
	m, err := cfg.openMinds("", version, nil)
	if err != nil {
		return []finding{mend("minds", "%v", err)}
	}
	if m.kiro != nil {
		ctx, cancel := context.WithTimeout(ctx, kiroLooks)
		defer cancel()
		for _, f := range kiro.Check(ctx, cfg.kiroOptions(version, nil)) {
			list = append(list, finding{"mind " + kiroMind, f.OK, f.Name + ": " + f.Note})
		}
	}
	for _, model := range m.models {
		list = append(list, checkMind(ctx, model, cfg.Models[model.Name()]))
		model.Close()
	}
	return list
}

// checkMind asks a service for its list of models.
func checkMind(ctx context.Context, mind *llm.Provider, model string) finding {
	name := "mind " + mind.Name()
	ctx, cancel := context.WithTimeout(ctx, mindLooks)
	defer cancel()
	switch h, err := mind.Check(ctx); {
	case err != nil:
		return mend(name, "%v", err)
	case !h.Listed:
		return mend(name, "has no model %q: set %s to one that it has", model, variable("SEANCE_<MIND>_MODEL", mind.Name()))
	case !h.Shutdown.IsZero() && time.Now().After(h.Shutdown):
		return mend(name, "%s was shut down on %s: set %s to another", model, h.Shutdown.Format(time.DateOnly),
			variable("SEANCE_<MIND>_MODEL", mind.Name()))
	case !h.Shutdown.IsZero() && time.Until(h.Shutdown) < soon:
		return well(name, "listens; %s is shut down on %s", model, h.Shutdown.Format(time.DateOnly))
	default:
		return well(name, "listens, and has %s", model)
	}
}

// checkAddress says whether an address is free. That a seance has it already, which open finds out, is no fault.
func checkAddress(name, addr, flag string, open func() bool) finding {
	ln, err := openAddress(addr)
	switch {
	case err == nil:
		if err := ln.Close(); err != nil {
			return mend(name, "%v", err)
		}
		return well(name, "%s is free", addr)
	case !errors.Is(err, errTaken):
		return mend(name, "%v", err)
	case open():
		return well(name, "%s: a seance is open there; another one needs another %s", addr, flag)
	default:
		return mend(name, "%s is taken by another program: choose another with %s", addr, flag)
	}
}

// checkOperator says the same of the operator's address. Where nobody asked for it, serve does without.
func checkOperator(cfg *config, open func() bool) finding {
	f := checkAddress("operator's side", cfg.Operator, "--operator-addr", open)
	if !f.OK && cfg.Operator == usualOperator {
		return well(f.Name, "%s is taken, serve opens without it: choose another with --operator-addr", cfg.Operator)
	}
	return f
}

// answers reports whether a seance serves at an address that this machine listens on.
func answers(ctx context.Context, addr string) bool {
	at, err := netip.ParseAddrPort(addr)
	if err == nil && at.Addr().IsUnspecified() {
		addr = fmt.Sprintf("localhost:%d", at.Port())
	} else if strings.HasPrefix(addr, ":") {
		addr = "localhost" + addr
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/api/spirits", nil)
	if err != nil {
		return false
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	var said struct{ Data struct{ Spirits []any } }
	err = json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(&said)
	return err == nil && said.Data.Spirits != nil
}

// print shows what was found: for programs as one object, for people as two lists.
func (d diagnosis) print(out io.Writer, asJSON bool) error {
	if asJSON {
		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		return enc.Encode(d)
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, c := range d.Checks {
		state := "ok"
		if !c.OK {
			state = "MEND"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", state, c.Name, c.Note)
	}
	fmt.Fprintln(table)
	for _, f := range d.Features {
		fmt.Fprintf(table, "%s\t%s\t%s\n", f.state(), f.Name, f.Note)
	}
	return table.Flush()
}
