package hooks

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"seance/internal/seance"
	"seance/internal/watch"
)

// Options say where hooks come from and what they may do.
type Options struct {
	Dir      string // the workspace's .kiro folder, whose files win by path; it may be empty or not there
	User     string // the user's .kiro folder, whose files come second; likewise
	Embedded fs.FS  // its root holds .kiro/hooks; may be nil

	Commands bool           // commands run; else they are only listed
	Env      []string       // the program's environment, as NAME=value; commands get of it what they need and no secret
	Zone     *time.Location // in which clocks strike; the server's if nil
	Logger   *slog.Logger   // discards if nil
}

// Tables are what hooks watch and speak at. *relay.Hub has them.
type Tables interface {
	// Circles are the open tables that this node leads.
	Circles() []seance.Circle
	// Initiate has the spirit speak, or gives it up because people came first.
	Initiate(ctx context.Context, i seance.Initiative) error
}

// A Runner does what hooks say. Safe for concurrent use.
type Runner struct {
	o    Options
	log  *slog.Logger
	root string   // the workspace, where commands run
	env  []string // of commands

	current  atomic.Pointer[edition]
	reading  sync.Mutex    // held while files are read: one reading at a time
	reloaded chan struct{} // the hooks are others now

	slots  chan struct{} // commands that run at once
	behind chan struct{} // of those, the ones that nobody waits for
	counts counts

	kick  chan struct{} // a lane is ready
	mu    sync.Mutex    // guards what follows
	lanes map[lane]*queue
	ready []lane // to be drained, by nobody yet
	ended bool
}

// NewRunner reads all hook files. It fails when a folder cannot be opened, never for what is in a file.
func NewRunner(o Options) (*Runner, error) {
	root, err := filepath.Abs(filepath.Dir(cmp.Or(o.Dir, folder)))
	if err != nil {
		return nil, fmt.Errorf("workspace of the hooks: %w", err)
	}
	o.Zone = cmp.Or(o.Zone, time.Local)
	r := &Runner{
		o: o, log: cmp.Or(o.Logger, slog.New(slog.DiscardHandler)), root: root, env: inherited(o.Env),
		reloaded: make(chan struct{}, 1), kick: make(chan struct{}, 1), lanes: map[lane]*queue{},
		slots: make(chan struct{}, maxCommands), behind: make(chan struct{}, maxCommands-1),
	}
	return r, r.Reload()
}

// Reload reads all files anew; what is queued stays as it was. A file that is refused and was sound before keeps its
// last good version. It fails when a folder cannot be opened, and then changes nothing.
func (r *Runner) Reload() error {
	r.reading.Lock()
	defer r.reading.Unlock()
	var folders []fs.FS
	for _, dir := range []string{r.o.Dir, r.o.User} {
		kiro, done, err := openFolder(dir)
		if err != nil {
			return err
		}
		defer done()
		if kiro != nil {
			folders = append(folders, kiro)
		}
	}
	if r.o.Embedded != nil {
		kiro, err := fs.Sub(r.o.Embedded, folder)
		if err != nil {
			return fmt.Errorf("embedded hooks: %w", err)
		}
		folders = append(folders, kiro)
	}
	before := r.current.Load()
	e := read(folders, before)
	for _, p := range e.problems {
		if before != nil && slices.Contains(before.problems, p) {
			continue // said already
		}
		r.log.Warn("hook file", "path", p.Path, "line", p.Line, "severity", p.Severity, "problem", p.Message,
			"last_good_kept", slices.Contains(e.kept, p.Path))
	}
	r.current.Store(e)
	r.log.Debug("hooks read", "hooks", len(e.hooks), "problems", len(e.problems))
	signal(r.reloaded)
	return nil
}

// signal leaves word in a channel that holds one; if there is word already it will do.
func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Hooks returns all hooks that were read, those that never run among them, in the order in which they run: by path,
// then by place.
func (r *Runner) Hooks() []Hook { return slices.Clone(r.current.Load().hooks) }

// Problems returns what is wrong with the files, by path.
func (r *Runner) Problems() []Problem { return slices.Clone(r.current.Load().problems) }

// State says what becomes of h here.
func (r *Runner) State(h Hook) State { return h.state(r.o.Commands) }

// Find returns the hook with a name, or with an ID if several have that name.
func (r *Runner) Find(name string) (Hook, error) {
	var found []Hook
	for _, h := range r.current.Load().hooks {
		if h.ID() == name {
			return h, nil
		}
		if h.Name == name {
			found = append(found, h)
		}
	}
	switch len(found) {
	case 0:
		return Hook{}, fmt.Errorf("hook %q: %w", name, seance.ErrNotFound)
	case 1:
		return found[0], nil
	}
	ids := make([]string, len(found))
	for i, h := range found {
		ids[i] = h.ID()
	}
	return Hook{}, fmt.Errorf("several hooks are called %q: say which one, %s", name, strings.Join(ids, " or "))
}

// running returns the hooks on a trigger that run and let text pass, in order.
func (r *Runner) running(trigger seance.Trigger, text string) []Hook {
	var list []Hook
	for _, h := range r.current.Load().hooks {
		if h.Trigger == trigger && r.State(h) == Runs && (matchless[trigger] || h.matches(text)) {
			list = append(list, h)
		}
	}
	return list
}

// Run does what hooks say until ctx is done, and returns when nothing of it goes on any more: commands that still run
// are ended, and what is queued is dropped. It is called once; what happens before it waits for it.
func (r *Runner) Run(ctx context.Context, tables Tables) error {
	var work sync.WaitGroup
	defer work.Wait()
	defer r.end()
	work.Go(func() { r.keepTime(ctx, tables) })
	for {
		for _, l := range r.takeReady() {
			work.Go(func() { r.drain(ctx, tables, l) })
		}
		select {
		case <-ctx.Done():
			return nil
		case <-r.kick:
		}
	}
}

// Happened queues what hooks have to do about o, and never blocks.
func (r *Runner) Happened(o seance.Occasion) {
	if o.Trigger != seance.QuestionAsked { // those are part of admitting a question
		r.happened(o, r.running(o.Trigger, subject(o)))
	}
}

func (r *Runner) happened(o seance.Occasion, hooks []Hook) {
	var words, commands []Hook
	for _, h := range hooks {
		if h.Action.Type == Agent {
			words = append(words, h)
		} else {
			commands = append(commands, h)
		}
	}
	optional := o.Trigger != seance.SeanceOpened && o.Trigger != seance.SeanceClosed && o.Trigger != seance.AnswerGiven
	if len(words) > 0 {
		r.queue(lane{o.Session.ID, Agent}, job{hooks: words, occasion: o, optional: optional})
	}
	if len(commands) > 0 {
		r.queue(lane{o.Session.ID, Command}, job{hooks: commands, event: r.eventOf(o), occasion: o, optional: optional})
	}
}

// fileTriggers are what changes are called in hook files.
var fileTriggers = map[watch.Op]seance.Trigger{
	watch.Created: PostFileCreate, watch.Saved: PostFileSave, watch.Deleted: PostFileDelete,
}

// FilesChanged queues what hooks have to do about changes to steering and hook files, and never blocks. Other files
// are passed over.
func (r *Runner) FilesChanged(changes []watch.Change) {
	for _, c := range changes {
		at := strings.TrimPrefix(c.Path, "~/") // the user's
		if !strings.HasPrefix(at, folder+"/steering/") && !strings.HasPrefix(at, hooksAt+"/") {
			continue
		}
		trigger := fileTriggers[c.Op]
		if hooks := r.running(trigger, c.Path); len(hooks) > 0 {
			e := event{Name: trigger, Dir: r.root, At: time.Now(), FilePath: c.Path}
			r.queue(lane{"", Command}, job{hooks: hooks, event: e.bytes(), optional: true})
		}
	}
}
