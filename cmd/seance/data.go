package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"seance/internal/token"
)

// makeData makes the data folder if it is not there, and finds out whether it can be written before anybody is let in.
func (c *config) makeData() error {
	err := os.MkdirAll(c.Data, 0o755)
	if err == nil {
		err = tryToWrite(c.Data)
	}
	if err != nil {
		var at *fs.PathError
		if errors.As(err, &at) {
			err = at.Err
		}
		return fmt.Errorf("the data folder %s cannot be written (%w): choose another with --data", c.Data, err)
	}
	return nil
}

// tryToWrite makes a file in a folder and removes it.
func tryToWrite(dir string) error {
	probe, err := os.CreateTemp(dir, ".probe-*")
	if err != nil {
		return err
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// secretFile is where the secret is that nobody set.
func (c *config) secretFile() string { return filepath.Join(c.Data, "jwt.secret") }

// keys are what tokens are signed with: the secret that was set, or else the one in the data folder, made once.
func (c *config) keys() (*token.Keys, error) {
	if c.Secret != "" {
		keys, err := token.New(token.Options{Secret: []byte(c.Secret)})
		if err != nil {
			return nil, wrong("JWT_SECRET: %v", err)
		}
		return keys, nil
	}
	secret, err := token.SecretFile(c.secretFile())
	if err != nil {
		return nil, err
	}
	return token.New(token.Options{Secret: secret})
}
