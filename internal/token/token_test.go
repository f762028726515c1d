package token

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"seance/internal/seance"
)

var (
	today     = []byte("a secret of today, thirty-two bytes long")
	yesterday = []byte("the secret of yesterday, just as long as that")
	foreign   = []byte("the secret of somebody else, just as long too")

	ann = Claims{Session: "019ab-session", Participant: "019ab-ann", Role: seance.Host}
)

func keys(t testing.TB, o Options) *Keys {
	t.Helper()
	k, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func issue(t testing.TB, k *Keys, now time.Time) string {
	t.Helper()
	token, err := k.Issue(ann, now)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestIssueAndVerify(t *testing.T) {
	k := keys(t, Options{Secret: today})
	for _, role := range []seance.Role{seance.Host, seance.Player, seance.Spectator} {
		want := Claims{Session: "s", Participant: "p", Role: role}
		token, err := k.Issue(want, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		got, err := k.Verify(token)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("claims (-issued +verified):\n%s", diff)
		}
	}
}

// What is on the wire is part of the protocol.
func TestShape(t *testing.T) {
	now := time.Unix(1_795_377_600, 0)
	token := issue(t, keys(t, Options{Secret: today}), now)
	parts := strings.Split(token, ".")
	read := func(part string) (m map[string]any) {
		t.Helper()
		text, err := base64.RawURLEncoding.DecodeString(part)
		if err := errors.Join(err, json.Unmarshal(text, &m)); err != nil {
			t.Fatal(err)
		}
		return m
	}
	header := read(parts[0])
	name, _ := header["kid"].(string)
	if header["alg"] != "HS256" || len(name) != 8 {
		t.Errorf("header %v, want HS256 and a kid", header)
	}
	want := map[string]any{
		"sid": "019ab-session", "sub": "019ab-ann", "role": "host", "iss": "seance", "aud": []any{"seance"},
		"iat": 1_795_377_600.0, "exp": 1_795_377_600.0 + 30*24*3600,
	}
	if diff := cmp.Diff(want, read(parts[1])); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
}

func TestExpiry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := keys(t, Options{Secret: today})
		token := issue(t, k, time.Now())
		time.Sleep(30*24*time.Hour - time.Second)
		if _, err := k.Verify(token); err != nil {
			t.Errorf("a second before its end: %v", err)
		}
		time.Sleep(time.Second)
		if _, err := k.Verify(token); !errors.Is(err, seance.ErrUnauthorized) {
			t.Errorf("at its end: %v, want %q", err, seance.ErrUnauthorized)
		}
	})
}

func TestRotation(t *testing.T) {
	before := issue(t, keys(t, Options{Secret: yesterday}), time.Now())
	rotated := keys(t, Options{Secret: today, Old: [][]byte{foreign, yesterday}})
	if _, err := rotated.Verify(before); err != nil {
		t.Errorf("a token of yesterday: %v", err)
	}
	after := issue(t, rotated, time.Now())
	if _, err := keys(t, Options{Secret: today}).Verify(after); err != nil {
		t.Errorf("a token of today: %v", err)
	}
	if _, err := keys(t, Options{Secret: today}).Verify(before); !errors.Is(err, seance.ErrUnauthorized) {
		t.Errorf("a token of a secret that was retired: %v, want %q", err, seance.ErrUnauthorized)
	}
}

func TestShortSecrets(t *testing.T) {
	for name, o := range map[string]Options{
		"none":      {},
		"short":     {Secret: []byte("31 bytes are one byte too few!!")},
		"short old": {Secret: today, Old: [][]byte{yesterday, []byte("short")}},
	} {
		if _, err := New(o); err == nil || !strings.Contains(err.Error(), "needs 32") {
			t.Errorf("%s: %v", name, err)
		}
	}
	keys(t, Options{Secret: bytes.Repeat([]byte{0}, MinSecret)})
}

func TestIncompleteClaims(t *testing.T) {
	k := keys(t, Options{Secret: today})
	for name, c := range incomplete {
		if token, err := k.Issue(c, time.Now()); err == nil {
			t.Errorf("%s: issued %s", name, token)
		}
	}
}

var incomplete = map[string]Claims{
	"nothing":        {},
	"no session":     {Participant: "p", Role: seance.Host},
	"no participant": {Session: "s", Role: seance.Host},
	"no role":        {Session: "s", Participant: "p"},
	"unknown role":   {Session: "s", Participant: "p", Role: "admin"},
}

// forge signs any header and claims, as somebody might who is not us.
func forge(t testing.TB, method jwt.SigningMethod, key any, header, claims map[string]any) string {
	t.Helper()
	all := jwt.MapClaims{
		"sid": "019ab-session", "sub": "019ab-ann", "role": "host", "iss": "seance", "aud": "seance",
		"exp": time.Now().Add(time.Hour).Unix(),
	}
	for name, value := range claims {
		if all[name] = value; value == nil {
			delete(all, name)
		}
	}
	token := jwt.NewWithClaims(method, all)
	token.Header["kid"] = kid(today)
	for name, value := range header {
		if token.Header[name] = value; value == nil {
			delete(token.Header, name)
		}
	}
	signed, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func TestForgeries(t *testing.T) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&private.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})

	type m = map[string]any
	hs := jwt.SigningMethodHS256
	good := forge(t, hs, today, nil, nil)
	parts := strings.Split(good, ".")
	flipped := []byte(good)
	flipped[len(flipped)-5] ^= 1
	b64 := base64.RawURLEncoding.EncodeToString

	k := keys(t, Options{Secret: today, Old: [][]byte{yesterday}})
	if got, err := k.Verify(good); err != nil || got != ann {
		t.Fatalf("what the forgeries are made from is not good: %v, %v", got, err)
	}
	for name, token := range map[string]string{
		"nothing":                  "",
		"a word":                   "letmein",
		"two dots":                 "..",
		"no signature":             parts[0] + "." + parts[1] + ".",
		"a flipped bit":            string(flipped),
		"something behind it":      good + "x",
		"a fourth part":            good + ".x",
		"a space before it":        " " + good,
		"padding":                  good + "=",
		"too long":                 forge(t, hs, today, nil, m{"x": strings.Repeat("x", longest)}),
		"foreign key":              forge(t, hs, foreign, nil, nil),
		"foreign key, own kid":     forge(t, hs, foreign, m{"kid": kid(foreign)}, nil),
		"old kid, new key":         forge(t, hs, today, m{"kid": kid(yesterday)}, nil),
		"no kid":                   forge(t, hs, today, m{"kid": nil}, nil),
		"kid is a number":          forge(t, hs, today, m{"kid": 7}, nil),
		"kid is a path":            forge(t, hs, []byte{}, m{"kid": "../../dev/null"}, nil),
		"empty key":                forge(t, hs, []byte{}, nil, nil),
		"alg none":                 forge(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil, nil),
		"alg None, by hand":        b64([]byte(`{"alg":"None","kid":"`+kid(today)+`"}`)) + "." + parts[1] + ".",
		"alg missing":              b64([]byte(`{"kid":"`+kid(today)+`"}`)) + "." + parts[1] + "." + parts[2],
		"alg HS512":                forge(t, jwt.SigningMethodHS512, today, nil, nil),
		"alg HS384":                forge(t, jwt.SigningMethodHS384, today, nil, nil),
		"alg RS256":                forge(t, jwt.SigningMethodRS256, private, nil, nil),
		"alg RS256, HMAC inside":   forge(t, hs, today, m{"alg": "RS256"}, nil),
		"HMAC with a public key":   forge(t, hs, public, nil, nil),
		"expired":                  forge(t, hs, today, nil, m{"exp": time.Now().Add(-time.Second).Unix()}),
		"no expiry":                forge(t, hs, today, nil, m{"exp": nil}),
		"expiry is a word":         forge(t, hs, today, nil, m{"exp": "never"}),
		"not yet good":             forge(t, hs, today, nil, m{"nbf": time.Now().Add(time.Hour).Unix()}),
		"wrong audience":           forge(t, hs, today, nil, m{"aud": "another"}),
		"no audience":              forge(t, hs, today, nil, m{"aud": nil}),
		"wrong issuer":             forge(t, hs, today, nil, m{"iss": "another"}),
		"no issuer":                forge(t, hs, today, nil, m{"iss": nil}),
		"no session":               forge(t, hs, today, nil, m{"sid": nil}),
		"session is a number":      forge(t, hs, today, nil, m{"sid": 7}),
		"no participant":           forge(t, hs, today, nil, m{"sub": nil}),
		"empty participant":        forge(t, hs, today, nil, m{"sub": ""}),
		"no role":                  forge(t, hs, today, nil, m{"role": nil}),
		"unknown role":             forge(t, hs, today, nil, m{"role": "admin"}),
		"role in capitals":         forge(t, hs, today, nil, m{"role": "HOST"}),
		"of another installation":  issue(t, keys(t, Options{Secret: today, Issuer: "elsewhere"}), time.Now()),
		"for another audience":     issue(t, keys(t, Options{Secret: today, Audience: "elsewhere"}), time.Now()),
		"expired before the epoch": forge(t, hs, today, nil, m{"exp": -1}),
	} {
		if c, err := k.Verify(token); !errors.Is(err, seance.ErrUnauthorized) || c != (Claims{}) {
			t.Errorf("%s: got %+v, %v, want %q", name, c, err, seance.ErrUnauthorized)
		}
	}
}

// The bytes of a secret belong to the keys once they are made.
func TestSecretIsCopied(t *testing.T) {
	secret := bytes.Clone(today)
	k := keys(t, Options{Secret: secret})
	clear(secret)
	if _, err := keys(t, Options{Secret: today}).Verify(issue(t, k, time.Now())); err != nil {
		t.Error(err)
	}
}

// FuzzVerify looks for a token that passes and is not, to the last byte, one that we might have signed.
func FuzzVerify(f *testing.F) {
	k := keys(f, Options{Secret: today, Old: [][]byte{yesterday}})
	good := issue(f, k, time.Now())
	parts := strings.Split(good, ".")
	for _, seed := range []string{
		good, issue(f, keys(f, Options{Secret: foreign}), time.Now()), "", "..", good + ".", parts[0] + "." + parts[1] + ".",
		forge(f, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil, nil),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		c, err := k.Verify(token)
		if err != nil {
			if !errors.Is(err, seance.ErrUnauthorized) || c != (Claims{}) {
				t.Errorf("got %+v, %v", c, err)
			}
			return
		}
		if token != good {
			t.Errorf("passed as %+v: %q", c, token)
		}
	})
}
