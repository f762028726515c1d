// Package store opens what keeps sessions, by the scheme of a database's URL. Every store passes the same suite
// (storetest); which one it is shows only in the URL.
package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"seance/internal/seance"
	"seance/internal/store/sqlite"
)

// Options say how a store is opened. The zero value is what an admin's command needs.
type Options struct {
	Exclusive bool         // for serving: refuse a file that another process serves, and keep others from serving it
	NoMigrate bool         // refuse a schema that is behind, instead of bringing it up to date
	Logger    *slog.Logger // discards if nil
	// Observe hears of every transaction that writes: how many writes shared it, how long it took until they were
	// durable, and why they are not, if so. It must not take long, and may be nil.
	Observe func(writes int, took time.Duration, err error)
}

// Open opens the store that url names: sqlite:PATH (also sqlite:///PATH), made if it is not there.
func Open(ctx context.Context, url string, o Options) (seance.Archive, error) {
	e, err := find(url)
	if err != nil {
		return nil, err
	}
	return e.open(ctx, o)
}

// A Migration is one step of a store's schema.
type Migration struct {
	Version   int64
	Name      string
	AppliedAt time.Time // zero while it is pending
}

// Migrations lists the steps of the schema, by version, and which of them the store has taken. It takes none.
func Migrations(ctx context.Context, url string) ([]Migration, error) {
	e, err := find(url)
	if err != nil {
		return nil, err
	}
	return e.migrations(ctx)
}

// Migrate takes the steps that the store has not taken, and returns those.
func Migrate(ctx context.Context, url string) ([]Migration, error) {
	e, err := find(url)
	if err != nil {
		return nil, err
	}
	return e.migrate(ctx)
}

// An engine is one kind of store, bound to the place that a URL names.
type engine struct {
	open       func(ctx context.Context, o Options) (seance.Archive, error)
	migrations func(ctx context.Context) ([]Migration, error)
	migrate    func(ctx context.Context) ([]Migration, error)
}

// find picks the engine. Its errors never repeat the URL, which may hold a password.
func find(url string) (engine, error) {
	scheme, rest, ok := strings.Cut(url, ":")
	if !ok {
		return engine{}, errors.New("the database's URL has no scheme: write sqlite:PATH")
	}
	switch scheme {
	case "sqlite":
		return inFile(strings.TrimPrefix(rest, "//"))
	default:
		return engine{}, fmt.Errorf("no store for %s: databases, only sqlite:PATH is known", scheme)
	}
}

func inFile(path string) (engine, error) {
	switch path {
	case "":
		return engine{}, errors.New("sqlite: needs a path, as in sqlite:./data/seance.db")
	case ":memory:":
		return engine{}, errors.New("sqlite: needs a file: what is only in memory is not kept")
	}
	return engine{
		open: func(ctx context.Context, o Options) (seance.Archive, error) {
			s, err := sqlite.Open(ctx, path, sqlite.Options{
				Exclusive: o.Exclusive, NoMigrate: o.NoMigrate, Logger: o.Logger, Observe: o.Observe,
			})
			if err != nil {
				return nil, err
			}
			return s, nil
		},
		migrations: func(ctx context.Context) ([]Migration, error) {
			list, err := sqlite.Migrations(ctx, path)
			return steps(list), err
		},
		migrate: func(ctx context.Context) ([]Migration, error) {
			list, err := sqlite.Migrate(ctx, path)
			return steps(list), err
		},
	}, nil
}

func steps(list []sqlite.Migration) []Migration {
	var found []Migration
	for _, m := range list {
		found = append(found, Migration(m))
	}
	return found
}
