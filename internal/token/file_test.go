package token

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

func TestSecretFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret")
	first, err := SecretFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(first) < MinSecret {
		t.Errorf("the secret has %d bytes", len(first))
	}
	again, err := SecretFile(path)
	if err != nil || !bytes.Equal(first, again) {
		t.Errorf("the second time it is another: %v", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("mode %o, want 600", got)
	}
	other, err := SecretFile(filepath.Join(t.TempDir(), "secret"))
	if err != nil || bytes.Equal(first, other) {
		t.Errorf("another file has the same secret: %v", err)
	}
	text, err := os.ReadFile(path)
	if err != nil || string(text) != string(first)+"\n" {
		t.Errorf("the file holds %q (%v), want the secret as a line that can be passed on", text, err)
	}
	if _, err := New(Options{Secret: first}); err != nil {
		t.Error(err)
	}
}

// Several servers that start at once agree on one secret, and leave nothing else behind.
func TestSecretFileAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret")
	secrets := make([][]byte, 16)
	var wg sync.WaitGroup
	for i := range secrets {
		wg.Go(func() {
			var err error
			if secrets[i], err = SecretFile(path); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, s := range secrets {
		if !bytes.Equal(s, secrets[0]) {
			t.Fatal("two were made")
		}
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Errorf("the folder holds %v (%v), want one file", left, err)
	}
}

func TestSecretFileRefused(t *testing.T) {
	const whole = "a secret of today, thirty-two bytes long\n"
	for _, c := range []struct {
		name, text, say string
		mode            os.FileMode
	}{
		{"others may read it", whole, "chmod 600", 0o644},
		{"the group may read it", whole, "chmod 600", 0o640},
		{"others may write it", whole, "chmod 600", 0o602},
		{"it is empty", "", "remove it", 0o600},
		{"it is short", "letmein\n", "remove it", 0o600},
		{"it is short but for its line end", "31 bytes are one byte too few!!\n", "remove it", 0o600},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "secret")
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(path, c.mode); err != nil {
				t.Fatal(err)
			}
			_, err := SecretFile(path)
			if err == nil || !strings.Contains(err.Error(), c.say) || !strings.Contains(err.Error(), path) {
				t.Errorf("got %v, want a sentence with %q", err, c.say)
			}
			if text, err := os.ReadFile(path); err != nil || string(text) != c.text {
				t.Errorf("it was changed to %q (%v)", text, err)
			}
		})
	}
	if _, err := SecretFile(filepath.Join(t.TempDir(), "nowhere", "secret")); err == nil {
		t.Error("a secret was made in a folder that is not there")
	}
}

func TestSecretFileKeptReadOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte("a secret of today, thirty-two bytes long\r\n"), 0o400); err != nil {
		t.Fatal(err)
	}
	got, err := SecretFile(path)
	if err != nil || !bytes.Equal(got, today) {
		t.Errorf("got %q, %v, want %q", got, err, today)
	}
}
