package spirit_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"seance/spirit"
)

// failing is a house whose only mind fails with err, until its script is another one.
func failing(t *testing.T, err error) (*house, *mind) {
	first := &mind{name: "first", script: []any{err}}
	return open(t, spirit.Options{Minds: []spirit.Mind{{Provider: first}}}), first
}

// For how long a mind is left alone after so many failures of a kind.
func TestHowLongAMindIsLeftAlone(t *testing.T) {
	const tenMinutes = 10 * time.Minute
	midnight := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		what  string
		err   error
		fails int           // before it is left alone
		alone time.Duration // 0: never
		at    time.Time     // when, if it matters
	}{
		{what: "anything", err: errors.New("gone"), fails: 3, alone: 30 * time.Second},
		{what: "overloaded", err: failure(spirit.FailedOverloaded, 0), fails: 3, alone: 30 * time.Second},
		{what: "timeout", err: failure(spirit.FailedTimeout, 0), fails: 3, alone: 30 * time.Second},
		{what: "truncated", err: failure(spirit.FailedTruncated, 0), fails: 3, alone: 30 * time.Second},
		{what: "auth", err: failure(spirit.FailedAuth, 0), fails: 1, alone: tenMinutes},
		{what: "unknown model", err: failure(spirit.FailedBadRequest, 0), fails: 2, alone: tenMinutes},
		{what: "rate", err: failure(spirit.FailedRate, 0), fails: 1, alone: 30 * time.Second},
		{what: "rate, told", err: failure(spirit.FailedRate, 7*time.Second), fails: 1, alone: 7 * time.Second},
		{what: "rate, for ever", err: failure(spirit.FailedRate, 24*time.Hour), fails: 1, alone: tenMinutes},
		{what: "quota", err: failure(spirit.FailedQuota, 0), fails: 1, alone: tenMinutes, at: midnight.Add(-time.Hour)},
		{what: "quota, shortly before midnight", err: failure(spirit.FailedQuota, 0), fails: 1, alone: time.Minute, at: midnight.Add(-time.Minute)},
		{what: "quota, told", err: failure(spirit.FailedQuota, time.Minute), fails: 1, alone: time.Minute, at: midnight.Add(-time.Hour)},
		{what: "canceled", err: failure(spirit.FailedCanceled, 0)},
	} {
		t.Run(c.what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h, first := failing(t, c.err)
				if !c.at.IsZero() {
					wait := time.Until(c.at) % (24 * time.Hour)
					time.Sleep((wait + 24*time.Hour) % (24 * time.Hour))
				}
				asks := func() int {
					t.Helper()
					before := len(first.asked)
					if got := quietly(h.asks(1)); got != "oracle oracle: LAMP | whisper oracle: It burns." {
						t.Fatalf("heard %q", got)
					}
					h.told()
					return len(first.asked) - before
				}
				if c.alone == 0 {
					for range 20 {
						if asks() != 1 {
							t.Fatal("it is left alone")
						}
					}
					return
				}
				for i := range c.fails {
					if asks() != 1 {
						t.Fatalf("it is left alone after %d failures", i)
					}
				}
				time.Sleep(c.alone - time.Millisecond)
				if asks() != 0 {
					t.Errorf("it is asked again before %v are over", c.alone)
				}
				time.Sleep(2 * time.Millisecond)
				if asks() != 1 {
					t.Errorf("it is not asked again after %v", c.alone)
				}
			})
		})
	}
}

// A mind that answers again is asked again, by one question first.
func TestAMindThatRecovers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, first := failing(t, errors.New("gone"))
		for range 3 {
			h.asks(1)
		}
		time.Sleep(30*time.Second + time.Millisecond)
		h.asks(1) // fails once more
		h.told()
		time.Sleep(29 * time.Second)
		first.script = []any{"TIDE\n"}
		if got := quietly(h.asks(1)); got == "model first: TIDE" {
			t.Error("it is asked although it failed again")
		}
		time.Sleep(time.Second + time.Millisecond)
		for range 5 {
			if got := quietly(h.asks(1)); got != "model first: TIDE" {
				t.Errorf("heard %q", got)
			}
			h.told()
		}
	})
}

// Half of ten calls that fail are enough, though no three in a row do.
func TestHalfOfTen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, first := failing(t, nil)
		for i := range 10 {
			if first.script = []any{"TIDE\n"}; i%2 == 1 {
				first.script = []any{errors.New("gone")}
			}
			h.asks(1)
			h.told()
		}
		h.asks(1)
		if len(first.asked) != 10 {
			t.Errorf("it was asked %d times of 11", len(first.asked))
		}
	})
}

// Failures of long ago do not count.
func TestOldFailuresAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, first := failing(t, errors.New("gone"))
		for range 6 {
			h.asks(1)
			h.asks(1)
			h.told()
			time.Sleep(6 * time.Minute)
		}
		if len(first.asked) != 12 {
			t.Errorf("it was asked %d times of 12", len(first.asked))
		}
	})
}

// One wrong call may be the fault of a question: only one after the other is the mind's.
func TestWrongCallsInARow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, first := failing(t, nil)
		for i := range 12 {
			if first.script = []any{"TIDE\n"}; i%4 == 3 {
				first.script = []any{failure(spirit.FailedBadRequest, 0)}
			}
			h.asks(1)
			h.told()
		}
		if len(first.asked) != 12 {
			t.Errorf("it was asked %d times of 12", len(first.asked))
		}
	})
}
