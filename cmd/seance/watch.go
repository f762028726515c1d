package main

import (
	"context"
	"log/slog"

	"seance/hooks"
	"seance/internal/watch"
	"seance/steering"
)

// openWatch begins to watch the .kiro folders and the files that also returns. It is opened before they are read, so
// that no save in between is missed.
func (c *config) openWatch(also func() []string, log *slog.Logger) *watch.Watcher {
	roots := []watch.Root{{Dir: c.Kiro, Name: ".kiro"}}
	if c.KiroUser != "" {
		roots = append(roots, watch.Root{Dir: c.KiroUser, Name: "~/.kiro"})
	}
	return watch.Open(watch.Options{Roots: roots, Also: also, Logger: log})
}

// follow reads documents and hooks anew whenever they are saved, then tells the hooks that wait for it, until ctx ends.
func follow(ctx context.Context, w *watch.Watcher, library *steering.Library, runner *hooks.Runner, log *slog.Logger) error {
	return w.Run(ctx, func(changes []watch.Change) {
		if err := library.Reload(); err != nil {
			log.Warn("steering stays as it was", "err", err)
		}
		if err := runner.Reload(); err != nil {
			log.Warn("hooks stay as they were", "err", err)
		}
		log.Info("read anew", "changed", len(changes), "first", changes[0].Path, "spirits", len(library.Personas()))
		runner.FilesChanged(changes)
	})
}
