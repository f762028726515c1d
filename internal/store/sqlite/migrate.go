package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// A Migration is one step of the schema.
type Migration struct {
	Version   int64
	Name      string    // the file's
	AppliedAt time.Time // zero while it is pending
}

// errBehind says that migrations are pending and were not to be applied.
var errBehind = errors.New("its schema is behind: run seance migrate up")

// Migrations lists the steps of the schema and which of them the file at path has taken. A file that is not there has
// taken none, and is not made.
func Migrations(ctx context.Context, path string) (_ []Migration, err error) {
	path, err = filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("find the journal's folder: %w", err)
	}
	source := dsn(path)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		source = ":memory:"
	}
	db, err := handle(source, 1)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	steps, err := provider(db)
	if err != nil {
		return nil, err
	}
	found, err := steps.Status(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the schema of %s: %w", path, err)
	}
	list := make([]Migration, len(found))
	for i, m := range found {
		list[i] = step(m.Source, m.AppliedAt)
	}
	return list, nil
}

// Migrate takes the steps that the file at path has not taken, and returns those.
func Migrate(ctx context.Context, path string) (_ []Migration, err error) {
	path, err = prepare(path)
	if err != nil {
		return nil, err
	}
	db, err := handle(dsn(path, writing...), 1)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return up(ctx, db, path, false, false)
}

// bringUp makes the schema what this program was written for, or says why it is not.
func (s *Store) bringUp(ctx context.Context, path string, o Options) error {
	applied, err := up(ctx, s.write, path, s.lock != nil, o.NoMigrate)
	for _, m := range applied {
		o.Logger.Info("journal migrated", "version", m.Version, "name", m.Name)
	}
	return err
}

// up takes the pending steps. Nobody else may have the file for themselves meanwhile; locked says that we do.
func up(ctx context.Context, db *sql.DB, path string, locked, refuse bool) (applied []Migration, err error) {
	steps, err := provider(db)
	if err != nil {
		return nil, err
	}
	at, want, err := steps.GetVersions(ctx)
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the schema of %s: %w", path, err)
	case at == want:
		return nil, nil
	case at > want:
		return nil, fmt.Errorf("the journal %s is at version %d, written by a newer seance than this one (%d)", path, at, want)
	case refuse:
		return nil, fmt.Errorf("the journal %s is at version %d of %d: %w", path, at, want, errBehind)
	}
	if !locked {
		l, err := takeLock(path)
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, l.release()) }()
	}
	results, err := steps.Up(ctx)
	if err != nil {
		return nil, fmt.Errorf("migrate %s: %w", path, err)
	}
	for _, r := range results {
		applied = append(applied, step(r.Source, time.Now()))
	}
	return applied, nil
}

func step(s *goose.Source, at time.Time) Migration {
	return Migration{Version: s.Version, Name: path.Base(s.Path), AppliedAt: at}
}

func provider(db *sql.DB) (*goose.Provider, error) {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, fmt.Errorf("find the migrations: %w", err)
	}
	steps, err := goose.NewProvider(goose.DialectSQLite3, db, dir, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	return steps, nil
}
