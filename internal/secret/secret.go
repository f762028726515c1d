// Package secret keeps passphrases so that they can be checked and not read: argon2id (RFC 9106) in PHC form, with the
// parameters of OWASP's password storage cheat sheet.
package secret

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"seance/internal/seance"
)

// Two passes over 19 MiB in one lane; a salt of 128 bits, a hash of 256.
const (
	passes    = 2
	memory    = 19 * 1024 // KiB
	lanes     = 1
	saltBytes = 16
	hashBytes = 32
)

// atOnce bounds the memory and the processors that many who guess at the same time can take.
const atOnce = 2

// A Keeper hashes passphrases, two at a time. It is safe for concurrent use.
type Keeper struct{ slots chan struct{} }

// NewKeeper returns a keeper.
func NewKeeper() *Keeper { return &Keeper{slots: make(chan struct{}, atOnce)} }

// Hash returns what to keep of a passphrase: a PHC string with a salt of its own. It waits for its turn as long as ctx
// lasts; then it takes some tens of milliseconds.
func (k *Keeper) Hash(ctx context.Context, passphrase string) (string, error) {
	h := hash{passes: passes, memory: memory, lanes: lanes, salt: make([]byte, saltBytes)}
	rand.Read(h.salt) // never fails
	var err error
	h.sum, err = k.derive(ctx, h, passphrase, hashBytes)
	if err != nil {
		return "", err
	}
	return h.String(), nil
}

// Check returns nil if kept is the hash of passphrase, and seance.ErrPassphrase if it is not. How long that takes does
// not tell how close it was. Letters count as the same however a keyboard composes them (Unicode NFC).
func (k *Keeper) Check(ctx context.Context, kept, passphrase string) error {
	h, err := parse(kept)
	if err != nil {
		return err
	}
	sum, err := k.derive(ctx, h, passphrase, len(h.sum))
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare(sum, h.sum) != 1 {
		return seance.ErrPassphrase
	}
	return nil
}

func (k *Keeper) derive(ctx context.Context, h hash, passphrase string, length int) ([]byte, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	select {
	case k.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	defer func() { <-k.slots }()
	phrase := norm.NFC.Bytes([]byte(passphrase))
	return argon2.IDKey(phrase, h.salt, h.passes, h.memory, h.lanes, uint32(length)), nil
}

// A hash is a PHC string in its parts.
type hash struct {
	passes, memory uint32
	lanes          uint8
	salt, sum      []byte
}

func (h hash) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.memory, h.passes, h.lanes,
		base64.RawStdEncoding.EncodeToString(h.salt), base64.RawStdEncoding.EncodeToString(h.sum))
}

var errMalformed = errors.New("what is kept of the passphrase cannot be read")

// parse reads a hash, also one with other parameters than today's, as long as its work is within reason.
func parse(kept string) (hash, error) {
	parts := strings.Split(kept, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return hash{}, errMalformed
	}
	var h hash
	if n, _ := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.passes, &h.lanes); n != 3 {
		return hash{}, errMalformed
	}
	var err error
	if h.salt, err = base64.RawStdEncoding.Strict().DecodeString(parts[4]); err != nil {
		return hash{}, errMalformed
	}
	if h.sum, err = base64.RawStdEncoding.Strict().DecodeString(parts[5]); err != nil {
		return hash{}, errMalformed
	}
	if h.memory < 8 || h.memory > 4*memory || h.passes < 1 || h.passes > 4*passes || h.lanes < 1 || h.lanes > 4 ||
		len(h.salt) < 8 || len(h.sum) < 16 || len(h.sum) > 64 || h.String() != kept {
		return hash{}, errMalformed
	}
	return h, nil
}
