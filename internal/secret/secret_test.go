package secret

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"seance/internal/seance"
)

func TestHashAndCheck(t *testing.T) {
	k := NewKeeper()
	for _, phrase := range []string{"raven", "", "Wär's so? 🕯️", strings.Repeat("long ", 200)} {
		kept, err := k.Hash(t.Context(), phrase)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(kept, "$argon2id$v=19$m=19456,t=2,p=1$") || len(kept) != 97 {
			t.Errorf("kept %q", kept)
		}
		if err := k.Check(t.Context(), kept, phrase); err != nil {
			t.Errorf("%q: %v", phrase, err)
		}
		for _, wrong := range []string{phrase + " ", phrase + "x", strings.ToUpper(phrase) + "!"} {
			if err := k.Check(t.Context(), kept, wrong); !errors.Is(err, seance.ErrPassphrase) {
				t.Errorf("%q for %q: %v, want %q", wrong, phrase, err, seance.ErrPassphrase)
			}
		}
	}
}

func TestSaltDiffers(t *testing.T) {
	k := NewKeeper()
	first, err := k.Hash(t.Context(), "raven")
	if err != nil {
		t.Fatal(err)
	}
	second, err := k.Hash(t.Context(), "raven")
	if err != nil {
		t.Fatal(err)
	}
	if first == second {
		t.Error("the same passphrase is kept the same way twice")
	}
}

// A phone may compose é where a desktop sends e and an accent.
func TestComposedLetters(t *testing.T) {
	k := NewKeeper()
	kept, err := k.Hash(t.Context(), "caf\u00e9")
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Check(t.Context(), kept, "cafe\u0301"); err != nil {
		t.Error(err)
	}
}

// Hashes that other programs made: the argon2 reference tool, echo -n password | argon2 somesalt -id -t 2 -k 65536.
func TestForeignHash(t *testing.T) {
	const kept = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	k := NewKeeper()
	if err := k.Check(t.Context(), kept, "password"); err != nil {
		t.Error(err)
	}
	if err := k.Check(t.Context(), kept, "Password"); !errors.Is(err, seance.ErrPassphrase) {
		t.Errorf("wrong one: %v", err)
	}
}

func TestMalformed(t *testing.T) {
	const salt, sum = "c29tZXNhbHQ", "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	k := NewKeeper()
	for _, kept := range []string{
		"", "$", "raven", "$$$$$",
		"$argon2i$v=19$m=19456,t=2,p=1$" + salt + "$" + sum,
		"$argon2id$v=16$m=19456,t=2,p=1$" + salt + "$" + sum,
		"$argon2id$v=19$m=19456,t=2$" + salt + "$" + sum,
		"$argon2id$v=19$m=19456,t=2,p=1,x=1$" + salt + "$" + sum,
		"$argon2id$v=19$m=4294967295,t=2,p=1$" + salt + "$" + sum, // would take 4 TiB
		"$argon2id$v=19$m=0,t=2,p=1$" + salt + "$" + sum,
		"$argon2id$v=19$m=19456,t=0,p=1$" + salt + "$" + sum,
		"$argon2id$v=19$m=19456,t=1000000,p=1$" + salt + "$" + sum,
		"$argon2id$v=19$m=19456,t=2,p=0$" + salt + "$" + sum,
		"$argon2id$v=19$m=19456,t=2,p=255$" + salt + "$" + sum,
		"$argon2id$v=19$m=-1,t=2,p=1$" + salt + "$" + sum,
		"$argon2id$v=19$m=019456,t=2,p=1$" + salt + "$" + sum,
		"$argon2id$v=19$m=19456,t=2,p=1$!$" + sum,
		"$argon2id$v=19$m=19456,t=2,p=1$" + salt + "$",
		"$argon2id$v=19$m=19456,t=2,p=1$$" + sum,
		"$argon2id$v=19$m=19456,t=2,p=1$" + salt + "$" + sum + "=",
		"$argon2id$v=19$m=19456,t=2,p=1$" + salt + "$" + strings.Repeat(sum, 4),
	} {
		if err := k.Check(t.Context(), kept, "raven"); !errors.Is(err, errMalformed) {
			t.Errorf("%q: %v, want %q", kept, err, errMalformed)
		}
	}
}

// No more than two at a time; the others wait as long as their context lasts.
func TestSlots(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := NewKeeper()
		for range atOnce {
			k.slots <- struct{}{}
		}
		reason := errors.New("left the door")
		ctx, leave := context.WithCancelCause(t.Context())
		outcome := make(chan error, 1)
		go func() {
			_, err := k.Hash(ctx, "raven")
			outcome <- err
		}()
		synctest.Wait()
		if len(outcome) != 0 {
			t.Fatalf("did not wait: %v", <-outcome)
		}
		leave(reason)
		if err := <-outcome; !errors.Is(err, reason) {
			t.Errorf("got %v, want %q", err, reason)
		}

		<-k.slots
		kept, err := k.Hash(t.Context(), "raven")
		if err != nil {
			t.Fatal(err)
		}
		if err := k.Check(ctx, kept, "raven"); !errors.Is(err, reason) {
			t.Errorf("with a context that is done: %v, want %q", err, reason)
		}
		if got := len(k.slots); got != atOnce-1 {
			t.Errorf("%d slots are taken, want %d", got, atOnce-1)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")
	f.Add("$argon2id$v=19$m=8,t=1,p=4$c29tZXNhbHQ$")
	f.Fuzz(func(t *testing.T, kept string) {
		h, err := parse(kept)
		if err != nil {
			return
		}
		if h.memory > 4*memory || h.passes > 4*passes || h.lanes > 4 || h.String() != kept {
			t.Errorf("parsed %q as %+v", kept, h)
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	k := NewKeeper()
	kept, err := k.Hash(b.Context(), "raven")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := k.Check(b.Context(), kept, "raven"); err != nil {
			b.Fatal(err)
		}
	}
}
