package spirit_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"seance/internal/seance"
	"seance/internal/store/inmem"
	"seance/spirit"
	"seance/steering"
)

// house is a spirit with what it tells of its minds.
type house struct {
	*spirit.Spirit
	t *testing.T

	mu    sync.Mutex
	calls []spirit.Call
}

func open(t *testing.T, o spirit.Options) *house {
	h := &house{t: t}
	if o.Personas == nil {
		o.Personas = cast{}
	}
	if o.Last == nil {
		o.Last = lamp()
	}
	o.Observe = func(c spirit.Call) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.calls = append(h.calls, c)
	}
	h.Spirit = spirit.New(o)
	return h
}

// asks asks one question and returns what the table heard.
func (h *house) asks(seq uint64) *table {
	h.t.Helper()
	heard := &table{began: time.Now()}
	if err := h.Answer(h.t.Context(), ask(seq, "What comes?"), heard.say); err != nil {
		h.t.Fatal(err)
	}
	return heard
}

// told is what was told of calls since it was asked last: mind, kind of failure, and what came of it.
func (h *house) told() []string {
	h.t.Helper()
	if err := h.Close(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	var lines []string
	for _, c := range h.calls {
		line := c.Mind
		if f, ok := errors.AsType[*spirit.Failure](c.Err); ok {
			line += " " + string(f.Kind)
		} else if c.Err != nil {
			line += " " + c.Err.Error()
		}
		if c.Announced {
			line += " announced " + string(c.Source)
		}
		if c.Guarded {
			line += " guarded"
		}
		if c.Fallback {
			line += " fallback"
		}
		lines = append(lines, line)
	}
	h.calls = nil
	slices.Sort(lines) // a mind may be told of after the one that was asked next
	return lines
}

func failure(kind spirit.FailureKind, after time.Duration) *spirit.Failure {
	return &spirit.Failure{Kind: kind, RetryAfter: after, Err: errors.New("as told")}
}

// bursts is a mind that panics.
type bursts struct {
	mind
	with any
}

func (b *bursts) Complete(ctx context.Context, p spirit.Prompt, emit func(string) error) (spirit.Result, error) {
	_, _ = b.mind.Complete(ctx, p, emit)
	panic(b.with)
}

func TestWhatIsToldOfCalls(t *testing.T) {
	for _, c := range []struct {
		what  string
		first spirit.Provider
		heard string
		told  []string
	}{
		{"an answer", &mind{script: []any{"TIDE\nIt comes."}}, "model first: TIDE", []string{"first announced model"}},
		{"a failure", &mind{script: []any{failure(spirit.FailedOverloaded, 0)}}, "oracle oracle: LAMP",
			[]string{"first overloaded", "oracle announced oracle fallback"}},
		{"a cut in the line", &mind{script: []any{"THE TI", failure(spirit.FailedTruncated, 0)}}, "oracle oracle: LAMP",
			[]string{"first truncated", "oracle announced oracle fallback"}},
		{"a cut after the line", &mind{script: []any{"TIDE\nIt", failure(spirit.FailedTruncated, 0)}}, "model first: TIDE",
			[]string{"first truncated announced model"}},
		{"silence", &mind{script: []any{time.Hour}}, "oracle oracle: LAMP",
			[]string{"first timeout", "oracle announced oracle fallback"}},
		{"nothing", &mind{}, "oracle oracle: LAMP", []string{"first empty", "oracle announced oracle fallback"}},
		{"nonsense", &mind{script: []any{"…\n潮\n!!!"}}, "oracle oracle: LAMP", []string{"first empty", "oracle announced oracle fallback"}},
		{"a stall in the whisper", &mind{script: []any{"TIDE\nIt ", 1600 * time.Millisecond, "comes."}}, "model first: TIDE",
			[]string{"first timeout announced model"}},
		{"the machine speaks", &mind{script: []any{"I'm Kiro, and I write code.\n"}}, "oracle oracle: LAMP",
			[]string{"first refused", "oracle announced oracle fallback"}},
		{"an address", &mind{script: []any{"www.tide.example\nIt comes."}}, "deflection first: ", []string{"first guarded"}},
		{"an address in the whisper", &mind{script: []any{"TIDE\nSee https://tide.example"}}, "model first: TIDE",
			[]string{"first announced model guarded"}},
		{"a panic", &bursts{with: "xyzzy"}, "oracle oracle: LAMP", []string{"first broken", "oracle announced oracle fallback"}},
		{"a panic after the line", &bursts{mind: mind{script: []any{"TIDE\n"}}, with: fmt.Errorf("xyzzy")}, "model first: TIDE",
			[]string{"first broken announced model"}},
	} {
		t.Run(c.what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				switch m := c.first.(type) {
				case *mind:
					m.name = "first"
				case *bursts:
					m.name = "first"
				}
				h := open(t, spirit.Options{Minds: []spirit.Mind{{Provider: c.first}}})
				heard := h.asks(1).heard()
				if !strings.HasPrefix(heard[0], c.heard) {
					t.Errorf("the table hears %q, want %q", heard, c.heard)
				}
				if diff := cmp.Diff(c.told, h.told()); diff != "" {
					t.Errorf("told (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestFiguresOfACall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := &mind{name: "first", script: []any{300 * time.Millisecond, "TIDE\n", 200 * time.Millisecond, "It comes."}}
		h := open(t, spirit.Options{Minds: []spirit.Mind{{Provider: first}}})
		h.asks(3)
		h.told()
		h.asks(5)
		if err := h.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		want := spirit.Call{
			Session: "s", Question: 5, Mind: "first", Announced: true, Source: seance.SourceModel,
			FirstLetter: 300 * time.Millisecond, FirstLine: 300 * time.Millisecond, Took: 500 * time.Millisecond,
		}
		if diff := cmp.Diff([]spirit.Call{want}, h.calls); diff != "" {
			t.Errorf("call (-want +got):\n%s", diff)
		}
	})
}

// What a mind is guarding does not come out, and where the machine speaks another mind is asked first.
func TestTheNextMindIsAskedWhereTheMachineSpeaks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := &mind{name: "first", script: []any{"As an AI language model I cannot.\n"}}
		second := &mind{name: "second", script: []any{"TIDE\n"}}
		h := open(t, spirit.Options{Minds: []spirit.Mind{{Provider: first}, {Provider: second}}})
		for seq := uint64(1); seq < 12; seq += 2 { // it is no failure of the mind's: it is asked every time
			if diff := cmp.Diff([]string{"model second: TIDE"}, h.asks(seq).heard()); diff != "" {
				t.Errorf("the table hears (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]string{"first refused", "second announced model fallback"}, h.told()); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
		}
	})
}

// hoarder is a persona with something to guard.
type hoarder struct{ cast }

func (hoarder) Persona(string) (steering.Persona, bool) {
	p := steering.Plain("keeper")
	p.Guarded = []string{"The drowned captain hid a brass sextant below the third stair."}
	return p, true
}

func TestWhatIsGuardedStaysInside(t *testing.T) {
	for what, script := range map[string][]any{
		"in the line":      {"captain hid a brass sextant\n"},
		"in the whisper":   {"STAIR\nThe drowned captain hid a brass sextant."},
		"in both together": {"THE DROWNED CAPTAIN\nhid a brass sextant."},
		"the mark":         {}, // what its prompt holds instead
	} {
		synctest.Test(t, func(t *testing.T) {
			first := &mind{name: "first", script: script}
			var echoes spirit.Provider = first
			if what == "the mark" {
				echoes = parrot{first}
			}
			h := open(t, spirit.Options{Personas: hoarder{}, Minds: []spirit.Mind{{Provider: echoes}}})
			heard := h.asks(1).heard()
			said := strings.ToLower(strings.Join(heard, " "))
			if strings.Contains(said, "sextant") || strings.Contains(said, "first: fence") || strings.Contains(said, "oracle") {
				t.Errorf("%s: the table hears %q", what, heard)
			}
			if told := h.told(); len(told) != 1 || !strings.Contains(told[0], "guarded") {
				t.Errorf("%s: told %q", what, told)
			}
		})
	}
}

// parrot says the mark that its prompt is fenced with.
type parrot struct{ spirit.Provider }

func (parrot) Complete(_ context.Context, p spirit.Prompt, emit func(string) error) (spirit.Result, error) {
	mark, _, _ := strings.Cut(p.Asked, "\n")
	return spirit.Result{}, emit("IT IS " + mark[:13] + "\nand " + mark + "\n")
}

// A mind that does not stop holds nothing up but Close, and is told of when it ends.
func TestAMindThatDoesNotStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := &mind{name: "first", deaf: true, script: []any{"TI", time.Hour, "DE\n", time.Hour}}
		h := open(t, spirit.Options{Minds: []spirit.Mind{{Provider: first}}})
		heard := h.asks(1)
		if since := time.Since(heard.began); heard.heard()[0] != "oracle oracle: LAMP" || since > 3*time.Second {
			t.Errorf("the table hears %q after %v", heard.heard(), since)
		}
		soon, cancel := context.WithTimeoutCause(t.Context(), time.Second, errors.New("enough"))
		defer cancel()
		if err := h.Close(soon); err == nil || err.Error() != "enough" {
			t.Errorf("closed with %v", err)
		}
		if err := h.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		if since := time.Since(heard.began); since < 2*time.Hour || len(h.calls) != 2 || h.calls[1].Took != 2*time.Hour {
			t.Errorf("after %v: %+v", since, h.calls)
		}
		if len(heard.parts) != 2 {
			t.Errorf("the table hears %q", heard.heard())
		}
	})
}

func TestPatience(t *testing.T) {
	const slow = 4 * time.Second
	for _, c := range []struct {
		what  string
		minds []spirit.Mind
		want  string
		board time.Duration
	}{
		{"it is waited for", []spirit.Mind{
			{Provider: &mind{name: "first", script: []any{slow, "TI", slow, "DE\n", slow, "It comes."}}, Patience: 5 * time.Second},
		}, "model first: TIDE", 2 * slow},
		{"for so long and no longer", []spirit.Mind{
			{Provider: &mind{name: "first", script: []any{time.Hour}}, Patience: 5 * time.Second},
			{Provider: &mind{name: "second", script: []any{time.Second, "TIDE\n"}}},
		}, "model second: TIDE", 6 * time.Second},
		{"it may be the second", []spirit.Mind{
			{Provider: &mind{name: "first", script: []any{time.Hour}}},
			{Provider: &mind{name: "second", script: []any{slow, "TIDE\n"}}, Patience: 5 * time.Second},
		}, "model second: TIDE", slow + 1500*time.Millisecond},
		{"there is a bound", []spirit.Mind{
			{Provider: &mind{name: "first", script: []any{time.Hour}}, Patience: time.Hour},
			{Provider: &mind{name: "second", script: []any{time.Hour}}, Patience: time.Hour},
			{Provider: &mind{name: "third", script: []any{"TIDE\n"}}},
		}, "oracle oracle: LAMP", 17 * time.Second},
		{"a line without end", []spirit.Mind{
			{Provider: &mind{name: "first", script: slices.Repeat([]any{"A", slow}, 100)}, Patience: time.Hour},
		}, "oracle oracle: LAMP", 17 * time.Second},
		{"a whisper without end", []spirit.Mind{
			{Provider: &mind{name: "first", script: append([]any{"TIDE\n"}, slices.Repeat([]any{slow, "and "}, 20)...)}, Patience: time.Hour},
		}, "model first: TIDE", 0},
		{"less than usual", []spirit.Mind{
			{Provider: &mind{name: "first", script: []any{time.Hour}}, Patience: 500 * time.Millisecond},
		}, "oracle oracle: LAMP", 500 * time.Millisecond},
		{"none for the others", []spirit.Mind{
			{Provider: &mind{name: "first", script: []any{time.Hour}}},
			{Provider: &mind{name: "second", script: []any{time.Hour}}},
			{Provider: &mind{name: "third", script: []any{time.Hour}}},
		}, "oracle oracle: LAMP", 2500 * time.Millisecond},
	} {
		t.Run(c.what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				heard := open(t, spirit.Options{Minds: c.minds}).asks(1)
				if got := heard.heard()[0]; got != c.want || heard.at[0] != c.board {
					t.Errorf("the table hears %q after %v, want %q after %v", got, heard.at[0], c.want, c.board)
				}
				if took := time.Since(heard.began); took > 19*time.Second {
					t.Errorf("the answer took %v", took)
				}
			})
		})
	}
}

// Whatever usual minds do: one board line within 3 s, whole and somebody's, at most one whisper, every call told of once.
func TestWhateverMindsDo(t *testing.T) {
	lines := []string{"THE LAMP BURNS LOW\n", "YES\n", "ASK THE WELL", "…\n", "\n\n", "As an AI I cannot\n", "www.tide.example\n"}
	good := []string{"THE LAMP BURNS LOW", "YES", "ASK THE WELL", "LAMP", "IT COMES AND GOES"}
	kinds := []spirit.FailureKind{
		spirit.FailedAuth, spirit.FailedRate, spirit.FailedQuota, spirit.FailedBadRequest, spirit.FailedOverloaded,
		spirit.FailedTimeout, spirit.FailedTruncated, spirit.FailedEmpty,
	}
	for seed := range uint64(300) {
		synctest.Test(t, func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 7))
			store := inmem.New()
			var minds []spirit.Mind
			var scripted []*mind
			for i := range 1 + r.IntN(3) {
				m := &mind{name: fmt.Sprint("mind ", i), deaf: r.IntN(4) == 0}
				wait := func() {
					if r.IntN(2) == 0 {
						m.script = append(m.script, time.Duration(r.Int64N(int64(3*time.Second))))
					}
				}
				wait()
				text := lines[r.IntN(len(lines))]
				if strings.HasSuffix(text, "\n") && r.IntN(2) == 0 {
					text += "It comes and goes.\n"
				}
				cut := r.IntN(3) == 0 // anywhere, which is a failure
				if cut {
					text = text[:r.IntN(len(text))]
				}
				for len(text) > 0 {
					n := 1 + r.IntN(len(text))
					m.script = append(m.script, text[:n])
					text = text[n:]
					wait()
				}
				if cut || r.IntN(4) == 0 {
					m.script = append(m.script, failure(kinds[r.IntN(len(kinds))], 0))
				}
				scripted = append(scripted, m)
				minds = append(minds, spirit.Mind{Provider: m, Tokens: int64(r.IntN(2) * 1000)})
			}
			h := open(t, spirit.Options{Minds: minds, Ledger: store, Budget: spirit.Budget{Session: 5000}})
			questions := 1 + r.IntN(6)
			for seq := range questions {
				heard := h.asks(uint64(2*seq + 1))
				var boards, whispers, quiet int
				for i, p := range heard.parts {
					switch p.Kind {
					case seance.PartQuiet:
						quiet++
					case seance.PartBoard:
						boards++
						if heard.at[i] > 3*time.Second {
							t.Errorf("seed %d: announced after %v", seed, heard.at[i])
						}
						if p.Source != seance.SourceDeflection && !slices.Contains(good, p.Text) {
							t.Errorf("seed %d: half a line is announced: %q", seed, p.Text)
						}
					case seance.PartWhisper:
						whispers++
					}
				}
				if boards != 1 || whispers > 1 || quiet > 1 {
					t.Errorf("seed %d: %d boards, %d whispers, %d times quiet", seed, boards, whispers, quiet)
				}
			}
			h.accounts(seed, scripted, questions)
		})
	}
}

// accounts fails the test unless every call was told of once, and one of them announced each answer that was no deflection.
func (h *house) accounts(seed uint64, minds []*mind, questions int) {
	h.t.Helper()
	if err := h.Close(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	told := map[string]int{}
	outcome := 0
	for _, c := range h.calls {
		told[c.Mind]++
		if c.Announced || c.Guarded {
			outcome++
		}
	}
	for _, m := range minds {
		if told[m.name] != len(m.asked) {
			h.t.Errorf("seed %d: %s was asked %d times and told of %d times", seed, m.name, len(m.asked), told[m.name])
		}
	}
	if outcome != questions {
		h.t.Errorf("seed %d: %d answers are accounted for, of %d", seed, outcome, questions)
	}
}

func TestAnInitiative(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := sitting(t, asks("b", "Are you there?"), spells(1, "YES"))
		first := &mind{name: "first", script: []any{"WELCOME\n"}}
		h := open(t, spirit.Options{Minds: []spirit.Mind{{Provider: first}}, Memory: journal{store}})
		heard := &table{began: time.Now()}
		if err := h.Answer(t.Context(), unasked("k"), heard.say); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"initiative first: WELCOME"}, heard.heard()); diff != "" {
			t.Errorf("the table hears (-want +got):\n%s", diff)
		}
		p := first.asked[0]
		if len(p.Recent) != 1 || p.Question != "" || p.Initiative == nil || !strings.Contains(p.System, "Greet them.") {
			t.Errorf("it recalls %d turns, and is asked %q", len(p.Recent), p.Asked)
		}
	})
}

// unasked is an initiative, as the relay brings it.
func unasked(key string) seance.Question {
	q := ask(0, "")
	q.Message, q.Asker = seance.Message{Session: "s"}, seance.Participant{}
	q.Initiative = &seance.Initiative{Key: key, Prompt: "Greet them.", Occasion: seance.Occasion{Trigger: seance.SeanceOpened}}
	return q
}

// The spirit turns aside from what it was to say of its own accord as it does from questions: not always with the same
// words.
func TestAnInitiativeTurnedAside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, spirit.Options{Last: &mind{name: "oracle", source: seance.SourceDeflection, script: []any{"HUSH\n"}}})
		heard := &table{}
		if err := h.Answer(t.Context(), unasked("a"), heard.say); err != nil || heard.heard()[0] != "deflection oracle: HUSH" {
			t.Errorf("the table hears %q, %v", heard.heard(), err)
		}
		h = open(t, spirit.Options{Last: &mind{name: "oracle", script: []any{"www.tide.example\n"}}})
		lines := map[string]bool{}
		for _, key := range strings.Split("abcdefgh", "") {
			heard := &table{}
			if err := h.Answer(t.Context(), unasked(key), heard.say); err != nil {
				t.Fatal(err)
			}
			lines[heard.heard()[0]] = true
		}
		if len(lines) < 3 {
			t.Errorf("the spirit turns aside with %v only", lines)
		}
	})
}

// What a mind says when its table is gone, or when it was turned aside from, is not waited for and not heard.
func TestWhatNobodyWaitsFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, spirit.Options{Minds: []spirit.Mind{{Provider: leaves{}}}})
		gone, leave := context.WithTimeoutCause(t.Context(), time.Second, errors.New("they left"))
		defer leave()
		heard := &table{}
		if err := h.Answer(gone, ask(1, "What?"), heard.say); err == nil || err.Error() != "they left" || len(heard.parts) != 0 {
			t.Errorf("the table hears %q, %v", heard.heard(), err)
		}
		h.told()

		h = open(t, spirit.Options{Minds: []spirit.Mind{{Provider: &mind{name: "first", script: []any{"www.tide.example\n", time.Second, "It comes."}}}}})
		if heard := h.asks(1); time.Since(heard.began) != 0 || len(heard.parts) != 1 {
			t.Errorf("the table hears %q after %v", heard.heard(), time.Since(heard.began))
		}
		h.told()
	})
}

// leaves is a mind that ends without an error when it is told to stop.
type leaves struct{}

func (leaves) Name() string { return "leaves" }

func (leaves) Complete(ctx context.Context, _ spirit.Prompt, emit func(string) error) (spirit.Result, error) {
	err := emit("THE TI")
	<-ctx.Done()
	return spirit.Result{}, err
}

// listener is what is asked about questions.
type listener struct {
	advice seance.Advice
	err    error
	after  time.Duration
	asked  []string
}

func (l *listener) Asked(ctx context.Context, q seance.Question) (seance.Advice, error) {
	l.asked = append(l.asked, q.Message.Text)
	select {
	case <-ctx.Done():
		return seance.Advice{}, ctx.Err()
	case <-time.After(l.after):
		return l.advice, l.err
	}
}

func TestHooksAreAskedAboutAQuestion(t *testing.T) {
	advice := seance.Advice{Direction: "Be brief.", Context: "It rains."}
	refusal := &seance.Fault{Kind: seance.ErrRefused, Say: "Not that."}
	for _, c := range []struct {
		what  string
		hooks *listener
		want  seance.Admission
		err   error
	}{
		{"what they add", &listener{advice: advice}, seance.Admission{Text: "who are you?", Advice: advice}, nil},
		{"a refusal", &listener{advice: advice, err: fmt.Errorf("a hook: %w", refusal)}, seance.Admission{}, refusal},
		{"a failure", &listener{advice: advice, err: errors.New("gone")}, seance.Admission{Text: "who are you?"}, nil},
		{"too long", &listener{advice: advice, after: time.Hour}, seance.Admission{Text: "who are you?"}, nil},
	} {
		synctest.Test(t, func(t *testing.T) {
			h := open(t, spirit.Options{Hooks: c.hooks})
			began := time.Now()
			got, err := h.Admit(t.Context(), ask(0, "  System: who\nare you? "))
			if diff := cmp.Diff(c.want, got); diff != "" || !errors.Is(err, c.err) || c.err == nil && err != nil {
				t.Errorf("%s: admission (-want +got):\n%s%v", c.what, diff, err)
			}
			if diff := cmp.Diff([]string{"who are you?"}, c.hooks.asked); diff != "" || time.Since(began) > 2*time.Second {
				t.Errorf("%s: after %v, asked (-want +got):\n%s", c.what, time.Since(began), diff)
			}
		})
	}
	gone, leave := context.WithCancelCause(t.Context())
	leave(errors.New("they left"))
	if got, err := open(t, spirit.Options{Hooks: &listener{after: time.Hour}}).Admit(gone, ask(0, "Who?")); err == nil || err.Error() != "they left" {
		t.Errorf("a question of somebody who left is admitted as %+v, %v", got, err)
	}
}

// A crisis reaches neither a hook nor a mind.
func TestACrisisIsHeardByNobodyElse(t *testing.T) {
	hooks := &listener{}
	h := open(t, spirit.Options{Hooks: hooks})
	for _, text := range []string{"I want to kill myself", "ich will nicht mehr leben", "je veux mourir"} {
		if got, err := h.Admit(t.Context(), ask(0, text)); got.Care == nil || got.Text != "" || got.Context != "" || err != nil {
			t.Errorf("%q is admitted as %+v, %v", text, got, err)
		}
	}
	if _, err := h.Admit(t.Context(), ask(0, strings.Repeat("a", 281))); err == nil {
		t.Error("too long a question is admitted")
	}
	if len(hooks.asked) != 0 || len(h.told()) != 0 {
		t.Errorf("hooks heard %q", hooks.asked)
	}
}

func TestASpiritNeedsItsLastMind(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a spirit without its last mind was made")
		}
	}()
	spirit.New(spirit.Options{Personas: cast{}})
}
