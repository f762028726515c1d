package token

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// SecretFile returns the secret that is kept at path, for a server that was given none. It is made once, from 256
// random bits, with mode 0600; several that start at the same moment agree on one. Its folder must be there.
//
// A file that others on the machine can read is refused and not mended: whoever has read it can sign tokens, and only
// its owner knows whether anybody has.
func SecretFile(path string) ([]byte, error) {
	secret, err := readSecret(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return secret, err
	}
	if err := makeSecret(path); err != nil {
		return nil, fmt.Errorf("make the secret for tokens: %w", err)
	}
	return readSecret(path)
}

func readSecret(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read the secret for tokens: %w", err)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 && runtime.GOOS != "windows" { // where there are no such modes
		return nil, fmt.Errorf("%s can be read by others (mode %04o), and who reads it can sign tokens: "+
			"chmod 600 it if nobody did, or remove it and everyone joins again", path, mode)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the secret for tokens: %w", err)
	}
	secret := bytes.TrimRight(text, "\r\n")
	if len(secret) < MinSecret {
		return nil, fmt.Errorf("%s has %d bytes and needs %d: remove it for a new one, and everyone joins again",
			path, len(secret), MinSecret)
	}
	return secret, nil
}

// makeSecret puts a new secret at path, whole or not at all, unless there is one.
func makeSecret(path string) (err error) {
	var random [32]byte
	rand.Read(random[:])                                                  // never fails
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // with mode 0600
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	_, err = f.WriteString(base64.RawURLEncoding.EncodeToString(random[:]) + "\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	// A link, unlike a rename, does not replace what somebody else put there meanwhile.
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes a new name in a folder durable.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" { // folders cannot be synced there
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
