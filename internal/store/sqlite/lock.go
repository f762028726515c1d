package sqlite

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// ErrInUse says that another process has the file for itself.
var ErrInUse = errors.New("in use")

// A lock is the right to have a database file for oneself. It lies in a file beside it, which stays there.
type lock struct{ file *os.File }

// takeLock takes the lock of the database at path, or says who has it.
func takeLock(path string) (*lock, error) {
	f, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the journal: %w", err)
	}
	taken, err := tryLock(f)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock the journal %s: %w", path, err), f.Close())
	}
	if !taken {
		err := fmt.Errorf("the journal %s is %w by another seance%s: stop that one, or give this one a folder of its own",
			path, ErrInUse, holder(f))
		return nil, errors.Join(err, f.Close())
	}
	// Who holds it is a help to people; the lock holds without it.
	if f.Truncate(0) == nil {
		_, _ = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	return &lock{f}, nil
}

// holder reads who has the lock, as far as it was written down.
func holder(f io.Reader) string {
	text, _ := io.ReadAll(io.LimitReader(f, 20))
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return ""
	}
	return fmt.Sprintf(" (process %d)", pid)
}

func (l *lock) release() error { return l.file.Close() }
