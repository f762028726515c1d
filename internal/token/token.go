// Package token makes and reads the bearer tokens that say who somebody is in which session. A token is a JWT, signed
// with HS256 and a secret of the operator's; secrets may be replaced without turning everybody out (Options.Old).
//
// A token proves what was true when it was made. Whether its bearer was put out since is in the journal.
package token

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"seance/internal/seance"
)

// Life is how long a token is good for if Options do not say otherwise.
const Life = 30 * 24 * time.Hour

// MinSecret is the least length of a secret in bytes: that of the hash (RFC 7518, section 3.2).
const MinSecret = sha256.Size

// longest is far above any token that was made here, and bounds the work that a forged one causes.
const longest = 4096

// Options say what tokens are signed with. Only Secret must be set.
type Options struct {
	Secret   []byte        // signs, and verifies; at least MinSecret bytes
	Old      [][]byte      // verify only: secrets that were replaced, until what they signed has expired
	Issuer   string        // "seance" if empty
	Audience string        // "seance" if empty
	Life     time.Duration // Life if zero
}

// Claims are what a token says of its bearer.
type Claims struct {
	Session     seance.SessionID
	Participant seance.ParticipantID
	Role        seance.Role
}

// Keys sign and verify tokens. They are safe for concurrent use.
type Keys struct {
	issuer, audience string
	life             time.Duration
	kid              string            // of the secret that signs
	secrets          map[string][]byte // by kid
	parser           *jwt.Parser
}

// New returns the keys for o.
func New(o Options) (*Keys, error) {
	if o.Issuer == "" {
		o.Issuer = "seance"
	}
	if o.Audience == "" {
		o.Audience = "seance"
	}
	if o.Life <= 0 {
		o.Life = Life
	}
	k := &Keys{
		issuer:   o.Issuer,
		audience: o.Audience,
		life:     o.Life,
		kid:      kid(o.Secret),
		secrets:  make(map[string][]byte),
		parser: jwt.NewParser(
			jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
			jwt.WithIssuer(o.Issuer),
			jwt.WithAudience(o.Audience),
			jwt.WithExpirationRequired(),
			jwt.WithStrictDecoding(),
		),
	}
	for i, secret := range append([][]byte{o.Secret}, o.Old...) {
		if len(secret) < MinSecret {
			name := "the secret for tokens"
			if i > 0 {
				name = fmt.Sprintf("old secret %d for tokens", i)
			}
			return nil, fmt.Errorf("%s has %d bytes and needs %d: openssl rand -base64 32 makes one",
				name, len(secret), MinSecret)
		}
		k.secrets[kid(secret)] = bytes.Clone(secret)
	}
	return k, nil
}

// kid names a secret without telling it.
func kid(secret []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("kid"))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:6])
}

type wireClaims struct {
	Session seance.SessionID `json:"sid"`
	Role    seance.Role      `json:"role"`
	jwt.RegisteredClaims
}

// Issue makes a token that is good from now on for the life of tokens. Incomplete claims are an error.
func (k *Keys) Issue(c Claims, now time.Time) (string, error) {
	if err := c.check(); err != nil {
		return "", fmt.Errorf("issue a token: %w", err)
	}
	t := jwt.NewWithClaims(jwt.SigningMethodHS256, wireClaims{
		Session: c.Session,
		Role:    c.Role,
		RegisteredClaims: jwt.RegisteredClaims{
			Subject:   string(c.Participant),
			Issuer:    k.issuer,
			Audience:  jwt.ClaimStrings{k.audience},
			IssuedAt:  jwt.NewNumericDate(now),
			ExpiresAt: jwt.NewNumericDate(now.Add(k.life)),
		},
	})
	t.Header["kid"] = k.kid
	signed, err := t.SignedString(k.secrets[k.kid])
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	return signed, nil
}

// Verify returns what a token says, if it was issued with one of the keys and has not expired. Everything else is
// seance.ErrUnauthorized; what exactly was wrong is for the log.
func (k *Keys) Verify(token string) (Claims, error) {
	c, err := k.read(token)
	if err != nil {
		return Claims{}, fmt.Errorf("%w: %w", seance.ErrUnauthorized, err)
	}
	return c, nil
}

func (k *Keys) read(token string) (Claims, error) {
	if len(token) > longest {
		return Claims{}, errors.New("too long")
	}
	var w wireClaims
	if _, err := k.parser.ParseWithClaims(token, &w, k.secret); err != nil {
		return Claims{}, err
	}
	c := Claims{Session: w.Session, Participant: seance.ParticipantID(w.Subject), Role: w.Role}
	return c, c.check()
}

// secret finds what a token says it was signed with.
func (k *Keys) secret(t *jwt.Token) (any, error) {
	name, ok := t.Header["kid"].(string)
	if !ok {
		return nil, errors.New("no kid")
	}
	secret, ok := k.secrets[name]
	if !ok {
		return nil, errors.New("unknown kid")
	}
	return secret, nil
}

func (c Claims) check() error {
	switch {
	case c.Session == "":
		return errors.New("no session")
	case c.Participant == "":
		return errors.New("no participant")
	}
	switch c.Role {
	case seance.Host, seance.Player, seance.Spectator:
		return nil
	default:
		return errors.New("no role")
	}
}
