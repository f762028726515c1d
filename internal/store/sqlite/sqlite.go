// Package sqlite keeps a seance.Store in one SQLite file.
//
// An acknowledged write survives a power cut: the file is in WAL mode with synchronous=FULL. What that costs is shared:
// one goroutine writes, and whatever is waiting when it looks goes into one transaction. A write that is refused, or
// that fails, takes none of its group with it. Reading never waits for writing.
//
// SQLite has one writer at a time, so one process serves a file (Options.Exclusive). Others, such as a command of the
// admin's, may have it open beside it; their writes and the server's wait for each other for at most 5 s.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"seance/internal/seance"
)

// Options say how a file is opened. The zero value is what an admin's command needs.
type Options struct {
	Exclusive bool         // refuse if another process has the file exclusively, and keep others from it until Close
	NoMigrate bool         // refuse a file whose schema is behind, instead of bringing it up to date
	Group     int          // most writes in one commit; 256 if zero
	Logger    *slog.Logger // discards if nil
	// Observe hears of every transaction, from the goroutine that made it: how many writes shared it, how long it took
	// until they were durable, and why they are not, if so. It may be nil.
	Observe func(writes int, took time.Duration, err error)
}

const (
	defaultGroup = 256
	readers      = 5 // one of them for what others have changed
)

// A Store is a seance.Store in a SQLite file.
type Store struct {
	write  *sql.DB // one connection, used by the writer alone
	read   *sql.DB // a few, which cannot write
	lock   *lock   // nil unless exclusive
	writer *writer
	inserts
	selects
	release func() error

	stained atomic.Bool // something was forgotten that may still stand in the files

	watch   sync.Mutex // guards watcher
	watcher *sql.Conn  // one of read's, for what others have changed; nil until somebody asks
}

var _ seance.Archive = (*Store)(nil)

// Open opens the file at path, making it and its folder if need be, readable by their owner alone.
func Open(ctx context.Context, path string, o Options) (_ *Store, err error) {
	if o.Group <= 0 {
		o.Group = defaultGroup
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Observe == nil {
		o.Observe = func(int, time.Duration, error) {}
	}
	path, err = prepare(path)
	if err != nil {
		return nil, err
	}
	s := &Store{}
	s.release = sync.OnceValue(s.letGo)
	defer func() {
		if err != nil {
			err = errors.Join(err, s.release())
		}
	}()
	if o.Exclusive {
		if s.lock, err = takeLock(path); err != nil {
			return nil, err
		}
	}
	s.write, err = handle(dsn(path, writing...), 1)
	if err != nil {
		return nil, err
	}
	if err := s.bringUp(ctx, path, o); err != nil {
		return nil, err
	}
	if s.read, err = handle(dsn(path, reading...), readers); err != nil {
		return nil, err
	}
	if err := s.inserts.prepare(ctx, s.write); err != nil {
		return nil, fmt.Errorf("prepare writing to %s: %w", path, err)
	}
	if err := s.selects.prepare(ctx, s.read); err != nil {
		return nil, fmt.Errorf("prepare reading from %s: %w", path, err)
	}
	s.writer = startWriter(context.WithoutCancel(ctx), s.write, o.Group, o.Observe)
	return s, nil
}

// Close writes what was accepted, then closes the file and lets go of it. Closing again changes nothing.
func (s *Store) Close() error {
	s.writer.stop()
	return s.release()
}

// letGo closes whatever is held, the lock last.
func (s *Store) letGo() error {
	var errs []error
	s.watch.Lock()
	defer s.watch.Unlock()
	if s.watcher != nil {
		errs = append(errs, s.watcher.Close())
	}
	if s.read != nil {
		errs = append(errs, s.read.Close())
	}
	if s.write != nil {
		errs = append(errs, s.write.Close()) // the last connection writes the WAL back and removes it
	}
	if s.lock != nil {
		errs = append(errs, s.lock.release())
	}
	return errors.Join(errs...)
}

// prepare makes the file and its folder, and returns the path in full.
func prepare(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("find the journal's folder: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fmt.Errorf("make the journal's folder: %w", err)
	}
	// Only ever to make it: closing a second descriptor of a file that is open would drop SQLite's own locks on it.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return path, nil
	}
	if err != nil {
		return "", fmt.Errorf("make the journal's file: %w", err)
	}
	return path, f.Close()
}

var (
	writing = []string{
		"_txlock=immediate", "_pragma=journal_mode(WAL)", "_pragma=synchronous(FULL)", "_pragma=foreign_keys(ON)",
		"_pragma=secure_delete(ON)", // what is forgotten is overwritten
	}
	reading = []string{"_pragma=query_only(ON)"}
)

// dsn names the file at path, which is absolute, for connections that wait up to 5 s for a lock.
func dsn(path string, options ...string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/...
	}
	query := strings.Join(append([]string{"_pragma=busy_timeout(5000)"}, options...), "&")
	return (&url.URL{Scheme: "file", Path: path, RawQuery: query}).String()
}

// handle opens a database that keeps at most so many connections, and keeps them.
func handle(source string, connections int) (*sql.DB, error) {
	db, err := sql.Open("sqlite", source)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", source, err)
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}

// failed is what a caller hears when the database could not do its part. The session can go on once it can again.
func failed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return fmt.Errorf("%w: %w", seance.ErrUnavailable, err)
}
