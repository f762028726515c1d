package storetest

import (
	"errors"
	"testing"
	"time"

	"seance/internal/seance"
)

func reservation(id string, session seance.SessionID, tokens int64) seance.Reservation {
	return seance.Reservation{ID: id, Session: session, Provider: "gemini", At: began, Tokens: tokens}
}

func (b bench) spent(t *testing.T, day time.Time) map[string]int64 {
	t.Helper()
	spent, err := b.Spent(t.Context(), day)
	check(t, err)
	return spent
}

func testLedger(t *testing.T, b bench) {
	s := b.opens(t, "COIN-100")
	same(t, "spent before all", b.spent(t, began), map[string]int64{})
	check(t, b.Reserve(t.Context(), reservation("a", s.ID, 100)))
	check(t, b.Reserve(t.Context(), reservation("b", "a session that is gone", 50)))
	other := reservation("c", s.ID, 7)
	other.Provider = "kiro"
	check(t, b.Reserve(t.Context(), other))
	same(t, "reserved", b.spent(t, began), map[string]int64{"gemini": 150, "kiro": 7})

	check(t, b.Settle(t.Context(), "a", 40))
	same(t, "settled", b.spent(t, began), map[string]int64{"gemini": 90, "kiro": 7})
	check(t, b.Settle(t.Context(), "a", 1))
	check(t, b.Reserve(t.Context(), reservation("a", s.ID, 1000)))
	check(t, b.Reserve(t.Context(), reservation("b", s.ID, 1000)))
	same(t, "again", b.spent(t, began), map[string]int64{"gemini": 90, "kiro": 7})
	check(t, b.Settle(t.Context(), "b", 0))
	check(t, b.Settle(t.Context(), "c", 70)) // more than was set aside
	same(t, "in the end", b.spent(t, began), map[string]int64{"gemini": 40, "kiro": 70})
	refused(t, "settling nothing", b.Settle(t.Context(), "d", 1), seance.ErrNotFound)
}

func testCaps(t *testing.T, b bench) {
	one, two := b.opens(t, "COIN-110").ID, b.opens(t, "COIN-111").ID
	first := reservation("first", one, 100)
	check(t, b.Reserve(t.Context(), first))
	tomorrow := began.Add(24 * time.Hour)
	for _, c := range []struct {
		name   string
		change func(*seance.Reservation)
		want   error
	}{
		{"no cap", func(*seance.Reservation) {}, nil},
		{"its session", func(r *seance.Reservation) { r.SessionCap = 109 }, seance.ErrSpent},
		{"its session, with room", func(r *seance.Reservation) { r.SessionCap = 110 }, nil},
		{"its session, another day", func(r *seance.Reservation) { r.SessionCap, r.At = 109, tomorrow }, seance.ErrSpent},
		{"another session", func(r *seance.Reservation) { r.SessionCap, r.Session = 10, two }, nil},
		{"the day", func(r *seance.Reservation) { r.DayCap, r.Session, r.Provider = 109, two, "kiro" }, seance.ErrSpent},
		{"the day, with room", func(r *seance.Reservation) { r.DayCap, r.Session, r.Provider = 110, two, "kiro" }, nil},
		{"another day", func(r *seance.Reservation) { r.DayCap, r.At = 10, tomorrow }, nil},
		{"the provider", func(r *seance.Reservation) { r.ProviderCap, r.Session = 109, two }, seance.ErrSpent},
		{"another provider", func(r *seance.Reservation) { r.ProviderCap, r.Provider = 10, "kiro" }, nil},
		{"one of three", func(r *seance.Reservation) { r.SessionCap, r.DayCap, r.ProviderCap = 1000, 1000, 109 }, seance.ErrSpent},
		{"a cap below the call", func(r *seance.Reservation) { r.SessionCap, r.Session = 9, two }, seance.ErrSpent},
	} {
		r := reservation(c.name, one, 10)
		c.change(&r)
		if err := b.Reserve(t.Context(), r); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
		if err := b.Settle(t.Context(), r.ID, 0); (err == nil) != (c.want == nil) { // leaves room for the next
			t.Errorf("%s: settled with %v", c.name, err)
		}
	}
	again := first
	again.DayCap = 1
	check(t, b.Reserve(t.Context(), again)) // it is set aside already, whatever holds now
}

// testCapsAtOnce has many reserve under one cap: exactly as many succeed as there is room for.
func testCapsAtOnce(t *testing.T, b bench) {
	const many, room, each = 60, 17, 10
	one, two := b.opens(t, "COIN-120").ID, b.opens(t, "COIN-121").ID
	for name, limit := range map[string]func(*seance.Reservation, int){
		"session":  func(r *seance.Reservation, _ int) { r.Session, r.SessionCap = one, room*each+each-1 },
		"day":      func(r *seance.Reservation, i int) { r.DayCap, r.Provider = room*each, numbered("mind", i%3) },
		"provider": func(r *seance.Reservation, _ int) { r.ProviderCap, r.Provider = room*each, "kiro" },
	} {
		at := began.Add(time.Duration(len(name)) * 240 * time.Hour) // a day of its own
		errs := together(many, func(i int) error {
			r := reservation(numbered(name, i), two, each)
			r.At = at
			limit(&r, i)
			return b.Reserve(t.Context(), r)
		})
		kept := 0
		for i, err := range errs {
			switch {
			case err == nil:
				kept++
			case !errors.Is(err, seance.ErrSpent):
				t.Errorf("%s, call %d: %v", name, i, err)
			}
		}
		var spent int64
		for _, tokens := range b.spent(t, at) {
			spent += tokens
		}
		if kept != room || spent != room*each {
			t.Errorf("%s: %d of %d calls were let through and %d tokens set aside, want %d and %d", name, kept, many, spent, room, room*each)
		}
	}
}

func testDays(t *testing.T, b bench) {
	midnight := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	kiribati := time.FixedZone("+14", 14*60*60)
	for id, at := range map[string]time.Time{
		"before": midnight.Add(-time.Nanosecond), "after": midnight.In(kiribati), "later": midnight.Add(24*time.Hour - 1),
	} {
		r := reservation(id, "s", 10)
		r.At = at
		check(t, b.Reserve(t.Context(), r))
	}
	same(t, "the day before", b.spent(t, midnight.Add(-time.Hour)), map[string]int64{"gemini": 10})
	same(t, "the day", b.spent(t, midnight.Add(time.Hour).In(kiribati)), map[string]int64{"gemini": 20})
	same(t, "the day after", b.spent(t, midnight.Add(24*time.Hour)), map[string]int64{})
}

func testBadReservations(t *testing.T, b bench) {
	for name, change := range map[string]func(*seance.Reservation){
		"no id":           func(r *seance.Reservation) { r.ID = "" },
		"less than none":  func(r *seance.Reservation) { r.Tokens = -1 },
		"more than there": func(r *seance.Reservation) { r.Tokens = seance.MaxTokens + 1 },
	} {
		r := reservation(name, "s", 10)
		change(&r)
		refused(t, name, b.Reserve(t.Context(), r), seance.ErrBadRequest)
	}
	check(t, b.Reserve(t.Context(), reservation("a", "s", 10)))
	for _, tokens := range []int64{-1, seance.MaxTokens + 1} {
		refused(t, "settle", b.Settle(t.Context(), "a", tokens), seance.ErrBadRequest)
	}
	if err := b.Reserve(cancelled(t), reservation("b", "s", 10)); err == nil {
		t.Error("a cancelled reservation went on")
	}
	same(t, "spent", b.spent(t, began), map[string]int64{"gemini": 10})
}
