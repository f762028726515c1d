package sqlite

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"seance/internal/seance"
)

func TestSettings(t *testing.T) {
	s := open(t, file(t), Options{})
	defer s.Close()
	for _, c := range []struct{ pragma, write, read string }{
		{"journal_mode", "wal", "wal"},
		{"synchronous", "2", "2"}, // FULL
		{"foreign_keys", "1", "0"},
		{"query_only", "0", "1"},
		{"busy_timeout", "5000", "5000"},
	} {
		var write, read string
		err := errors.Join(
			s.write.QueryRowContext(t.Context(), "PRAGMA "+c.pragma).Scan(&write),
			s.read.QueryRowContext(t.Context(), "PRAGMA "+c.pragma).Scan(&read),
		)
		if err != nil || write != c.write || read != c.read {
			t.Errorf("%s is %q for the writer and %q for readers (%v), want %q and %q",
				c.pragma, write, read, err, c.write, c.read)
		}
	}
}

func TestPaths(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, path := range []string{
		"plain.db", "./folder/of/its own/seance.db", "100% sure?.db", "#1 & a=b.db", "Zoë.db", "file:odd.db",
		filepath.Join(t.TempDir(), "deep", "seance.db"),
	} {
		t.Run(path, func(t *testing.T) {
			s := open(t, path, Options{})
			if err := errors.Join(s.OpenSession(t.Context(), seance.Session{ID: "s", Code: "A-1"}), s.Close()); err != nil {
				t.Fatal(err)
			}
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			if got := info.Mode().Perm(); got != 0o600 && runtime.GOOS != "windows" {
				t.Errorf("the file has mode %o, want 600", got)
			}
			s = open(t, path, Options{})
			defer s.Close()
			if _, err := s.Session(t.Context(), "a-1"); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestUnusablePaths(t *testing.T) {
	dir := t.TempDir()
	notes := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(notes, []byte(strings.Repeat("not a database, only words ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dir, notes, filepath.Join(notes, "seance.db")} {
		s, err := Open(t.Context(), path, Options{Exclusive: true})
		if err == nil {
			t.Errorf("%s opened", path)
			s.Close()
		}
	}
	s := open(t, filepath.Join(dir, "seance.db"), Options{Exclusive: true}) // nothing is left behind that would hinder
	defer s.Close()
}

func TestExclusive(t *testing.T) {
	path := file(t)
	server := open(t, path, Options{Exclusive: true})
	if err := server.OpenSession(t.Context(), seance.Session{ID: "s", Code: "A-1"}); err != nil {
		t.Fatal(err)
	}

	_, err := Open(t.Context(), path, Options{Exclusive: true})
	if !errors.Is(err, ErrInUse) {
		t.Fatalf("a second server gets %v, want %q", err, ErrInUse)
	}
	for _, word := range []string{path, fmt.Sprint(os.Getpid()), "stop"} {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q does not say %q", err, word)
		}
	}

	admin := open(t, path, Options{}) // beside it
	defer admin.Close()
	if _, err := admin.Session(t.Context(), "A-1"); err != nil {
		t.Error(err)
	}
	if err := admin.CloseSession(t.Context(), "s", time.Now()); err != nil {
		t.Error(err)
	}
	if got, err := server.Session(t.Context(), "A-1"); err != nil || got.Open() {
		t.Errorf("the server sees %+v, %v: want the session ended", got, err)
	}

	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	next := open(t, path, Options{Exclusive: true})
	if err := next.Close(); err != nil {
		t.Error(err)
	}
}

// TestKilled has another process serve a file and acknowledge questions until it is killed in the middle of it: the
// file is free at once, and what was acknowledged is there.
func TestKilled(t *testing.T) {
	path := file(t)
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestServeUntilKilled$")
	child.Env = append(os.Environ(), servedFile+"="+path)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	acknowledged := make(map[seance.MessageID]uint64)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var id seance.MessageID
		var seq uint64
		if n, _ := fmt.Sscanf(lines.Text(), "acknowledged %s %d.", &id, &seq); n == 2 {
			acknowledged[id] = seq
		}
		if len(acknowledged) == 100 {
			_, err := Open(t.Context(), path, Options{Exclusive: true})
			if !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), fmt.Sprint(child.Process.Pid)) {
				t.Errorf("while it serves, a second server gets %v, want %q and its process", err, ErrInUse)
			}
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := child.Wait(); err == nil {
		t.Fatal("the process was not killed")
	}
	if len(acknowledged) < 100 {
		t.Fatalf("only %d questions were acknowledged", len(acknowledged))
	}

	s := open(t, path, Options{Exclusive: true})
	defer s.Close()
	want := uint64(1)
	for m, err := range s.After(t.Context(), "s", 0) {
		if err != nil || m.Seq != want {
			t.Fatalf("seq %d, %v, want %d", m.Seq, err, want)
		}
		if seq, ok := acknowledged[m.ID]; ok && seq != m.Seq {
			t.Errorf("%s was acknowledged at %d and is at %d", m.ID, seq, m.Seq)
		}
		delete(acknowledged, m.ID)
		want++
	}
	if len(acknowledged) > 0 {
		t.Errorf("%d acknowledged questions are lost", len(acknowledged))
	}
}

const servedFile = "SEANCE_TEST_SERVED_FILE"

// TestServeUntilKilled is the other process of TestKilled, and passes by itself.
func TestServeUntilKilled(t *testing.T) {
	path := os.Getenv(servedFile)
	if path == "" {
		return
	}
	s := open(t, path, Options{Exclusive: true})
	if err := s.OpenSession(context.Background(), seance.Session{ID: "s", Code: "A-1"}); err != nil {
		t.Fatal(err)
	}
	for range 8 {
		go func() {
			for {
				m, err := s.Append(context.Background(), seance.Message{
					ID: seance.MessageID(newID()), Session: "s", Kind: seance.KindQuestion, Text: "Still there?",
				})
				if err != nil {
					panic(err)
				}
				fmt.Printf("acknowledged %s %d.\n", m.ID, m.Seq)
			}
		}()
	}
	select {}
}
