package spirit_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"seance/internal/seance"
	"seance/internal/store/inmem"
	"seance/spirit"
)

func quietly(heard *table) string { return strings.Join(heard.heard(), " | ") }

func spentToday(t *testing.T, l seance.Ledger) map[string]int64 {
	t.Helper()
	spent, err := l.Spent(t.Context(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return spent
}

func TestCostIsCountedOnce(t *testing.T) {
	long := "TIDE\n" + strings.Repeat("It comes. ", 4) // 45 characters
	for _, c := range []struct {
		what      string
		first     *mind
		want      int64 // 0: reckoned from the prompt and what was said
		said      int   // characters
		estimated bool
	}{
		{what: "as told", first: &mind{script: []any{long}, result: spirit.Result{TokensIn: 300, TokensOut: 12}}, want: 312},
		{what: "more than was set aside", first: &mind{script: []any{long}, result: spirit.Result{TokensIn: 3000}}, want: 3012, estimated: true},
		{what: "not told", first: &mind{script: []any{long}}, said: 45, estimated: true},
		{what: "not told, and cut", first: &mind{script: []any{"TIDE\n", failure(spirit.FailedTruncated, 0)}}, said: 5, estimated: true},
		{what: "slow", first: &mind{script: []any{time.Hour}}, estimated: true},
		{what: "slow to stop", first: &mind{script: []any{time.Hour}, deaf: true, result: spirit.Result{TokensIn: 300, TokensOut: 700}}, want: 1000},
		{what: "turned away", first: &mind{script: []any{failure(spirit.FailedRate, time.Second)}}, want: -1},
		{what: "not let in", first: &mind{script: []any{failure(spirit.FailedAuth, 0)}}, want: -1},
	} {
		t.Run(c.what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c.first.name = "first"
				store := inmem.New()
				h := open(t, spirit.Options{Minds: []spirit.Mind{{Provider: c.first, Tokens: 2000}}, Ledger: store})
				today := time.Now()
				h.asks(1)
				if err := h.Close(t.Context()); err != nil {
					t.Fatal(err)
				}
				want := c.want
				if want == 0 {
					p := c.first.asked[0]
					want = int64((len([]rune(p.System+p.Asked))+3)/4 + (c.said+3)/4)
				}
				spent, err := store.Spent(t.Context(), today)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(map[string]int64{"first": max(want, 0)}, spent); diff != "" {
					t.Errorf("spent (-want +got):\n%s", diff)
				}
				for _, call := range h.calls {
					if call.Mind == "first" && (call.Estimated != c.estimated || int64(call.Result.TokensIn+call.Result.TokensOut) != max(want, 0)) {
						t.Errorf("told of %+v", call)
					}
				}
			})
		})
	}
}

func TestWhenTheBudgetIsSpent(t *testing.T) {
	answers := func(name string) *mind {
		return &mind{name: name, script: []any{"TIDE\n"}, result: spirit.Result{TokensIn: 90, TokensOut: 10}}
	}
	for _, c := range []struct {
		what   string
		minds  []spirit.Mind
		budget spirit.Budget
		want   []string // what is heard of each question
	}{
		{"of the session", []spirit.Mind{{Provider: answers("first"), Tokens: 150}}, spirit.Budget{Session: 250},
			[]string{"model first: TIDE", "model first: TIDE", "quiet | oracle oracle: LAMP | whisper oracle: It burns."}},
		{"of the day", []spirit.Mind{{Provider: answers("first"), Tokens: 150}}, spirit.Budget{Day: 250},
			[]string{"model first: TIDE", "model first: TIDE", "quiet | oracle oracle: LAMP | whisper oracle: It burns."}},
		{"of the mind", []spirit.Mind{{Provider: answers("first"), Tokens: 150, Daily: 150}, {Provider: answers("second"), Tokens: 150}},
			spirit.Budget{}, []string{"model first: TIDE", "model second: TIDE", "model second: TIDE"}},
		{"but there is one that costs nothing", []spirit.Mind{{Provider: answers("first"), Tokens: 150}, {Provider: answers("second")}},
			spirit.Budget{Session: 150}, []string{"model first: TIDE", "model second: TIDE"}},
		{"and the one that costs nothing fails", []spirit.Mind{{Provider: answers("first"), Tokens: 150},
			{Provider: &mind{name: "second", script: []any{failure(spirit.FailedOverloaded, 0)}}}},
			spirit.Budget{Session: 1}, []string{"quiet | oracle oracle: LAMP | whisper oracle: It burns."}},
		{"and another one fails", []spirit.Mind{{Provider: answers("first"), Tokens: 150, Daily: 1},
			{Provider: &mind{name: "second", script: []any{failure(spirit.FailedOverloaded, 0)}}, Tokens: 150}},
			spirit.Budget{}, []string{"oracle oracle: LAMP | whisper oracle: It burns."}},
		{"no cap", []spirit.Mind{{Provider: answers("first"), Tokens: 150}}, spirit.Budget{},
			[]string{"model first: TIDE", "model first: TIDE", "model first: TIDE"}},
	} {
		t.Run(c.what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := open(t, spirit.Options{Minds: c.minds, Budget: c.budget, Ledger: inmem.New()})
				var got []string
				for i := range c.want {
					got = append(got, quietly(h.asks(uint64(2*i+1))))
					synctest.Wait() // the cost of it is settled
				}
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Errorf("heard (-want +got):\n%s", diff)
				}
				h.told()
			})
		})
	}
}

func TestNoLedgerNoBudget(t *testing.T) {
	h := open(t, spirit.Options{
		Minds: []spirit.Mind{{Provider: &mind{name: "first", script: []any{"TIDE\n"}}, Tokens: 10}}, Budget: spirit.Budget{Session: 1},
	})
	if got := quietly(h.asks(1)); got != "model first: TIDE" {
		t.Errorf("heard %q", got)
	}
}

// moody is a ledger that takes its time, or fails.
type moody struct {
	seance.Ledger
	after time.Duration
	deaf  bool // does not stop when it is told to
	err   error

	mu      sync.Mutex
	settled []int64
}

func (l *moody) Reserve(ctx context.Context, r seance.Reservation) error {
	stop := ctx.Done()
	if l.deaf {
		stop = nil
	}
	select {
	case <-stop:
		return context.Cause(ctx)
	case <-time.After(l.after):
	}
	if l.err != nil {
		return l.err
	}
	return l.Ledger.Reserve(context.WithoutCancel(ctx), r)
}

func (l *moody) Settle(ctx context.Context, id string, tokens int64) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.settled = append(l.settled, tokens)
	return l.Ledger.Settle(ctx, id, tokens)
}

// No spending goes untold: where the ledger fails, nobody who costs is asked, and the table waits no longer for it.
func TestALedgerThatFails(t *testing.T) {
	for what, l := range map[string]*moody{
		"slow": {after: time.Hour}, "slow and deaf": {after: time.Hour, deaf: true}, "failing": {err: errors.New("disk full")},
	} {
		t.Run(what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l.Ledger = inmem.New()
				var log strings.Builder
				first := &mind{name: "first", script: []any{"TIDE\n"}}
				h := open(t, spirit.Options{
					Minds: []spirit.Mind{{Provider: first, Tokens: 10}}, Ledger: l, Logger: slog.New(slog.NewTextHandler(&log, nil)),
				})
				heard := h.asks(1)
				if got := quietly(heard); got != "oracle oracle: LAMP | whisper oracle: It burns." || heard.at[0] > 150*time.Millisecond {
					t.Errorf("heard %q after %v", got, heard.at[0])
				}
				if !strings.Contains(log.String(), "cannot be counted") {
					t.Errorf("the log is\n%s", log.String())
				}
				h.told()
				if spent := spentToday(t, l.Ledger); len(first.asked) != 0 || spent["first"] != 0 {
					t.Errorf("the mind was asked %d times, and %v is spent", len(first.asked), spent)
				}
				if what == "slow and deaf" && len(l.settled) != 1 {
					t.Errorf("what came too late was given back %d times", len(l.settled))
				}
			})
		})
	}
}

// Setting tokens aside takes no time of its own: the memory is asked meanwhile.
func TestTokensAreSetAsideWhileTheMemoryIsAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &moody{Ledger: inmem.New(), after: 100 * time.Millisecond}
		first := &mind{name: "first", script: []any{"TIDE\n"}}
		h := open(t, spirit.Options{
			Minds: []spirit.Mind{{Provider: first, Tokens: 10}}, Ledger: l, Memory: recalls{after: 120 * time.Millisecond},
		})
		if heard := h.asks(1); quietly(heard) != "model first: TIDE" || heard.at[0] != 120*time.Millisecond {
			t.Errorf("heard %q after %v", quietly(heard), heard.at[0])
		}
		h.told()
	})
}

// What was set aside for a mind that is not asked after all is given back.
func TestWhatIsNotUsedIsGivenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := inmem.New()
		first := &mind{name: "first", script: []any{"TIDE\n"}}
		h := open(t, spirit.Options{
			Minds: []spirit.Mind{{Provider: first, Tokens: 10}}, Ledger: store, Memory: recalls{after: time.Second},
		})
		gone, leave := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer leave()
		if err := h.Answer(gone, ask(1, "What?"), func(seance.Part) error { return nil }); err == nil {
			t.Error("answered to a table that is gone")
		}
		h.told()
		if spent := spentToday(t, store); len(first.asked) != 0 || spent["first"] != 0 {
			t.Errorf("asked %d times, spent %v", len(first.asked), spent)
		}
	})
}

// A table that cannot be told that the line is quiet hears the answer all the same.
func TestQuietIsNotWorthAnAnswer(t *testing.T) {
	h := open(t, spirit.Options{
		Minds:  []spirit.Mind{{Provider: &mind{name: "first"}, Tokens: 10}},
		Ledger: inmem.New(), Budget: spirit.Budget{Session: 1},
	})
	var heard []string
	if err := h.Answer(t.Context(), ask(1, "What?"), func(p seance.Part) error {
		if p.Kind == seance.PartQuiet {
			return errors.New("not now")
		}
		heard = append(heard, p.Text)
		return nil
	}); err != nil || strings.Join(heard, " ") != "LAMP It burns." {
		t.Errorf("heard %q, %v", heard, err)
	}
}
