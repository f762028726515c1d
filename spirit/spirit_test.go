package spirit_test

import (
	"context"
	"errors"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"seance/internal/seance"
	"seance/spirit"
	"seance/steering"
)

// cast is a set of personas by id.
type cast map[string]steering.Persona

func (c cast) Persona(id string) (steering.Persona, bool) {
	p, ok := c[id]
	return p, ok
}

func (cast) Lore() []steering.Lore { return nil }

// A mind is a provider that plays a script: it says its pieces, waits where told to, and ends as told.
type mind struct {
	name   string
	script []any // string: say it; time.Duration: wait; error: fail with it
	source seance.Source
	result spirit.Result // what it tells of itself beside its source
	deaf   bool          // goes on when nobody wants to hear more, and ends without an error

	mu    sync.Mutex
	asked []spirit.Prompt
}

func (m *mind) Name() string { return m.name }

func (m *mind) Complete(ctx context.Context, p spirit.Prompt, emit func(string) error) (spirit.Result, error) {
	m.mu.Lock()
	m.asked = append(m.asked, p)
	m.mu.Unlock()
	result := m.result
	result.Source = m.source
	for _, step := range m.script {
		switch step := step.(type) {
		case string:
			if err := emit(step); err != nil && !m.deaf {
				return result, err
			}
		case time.Duration:
			stop := ctx.Done()
			if m.deaf {
				stop = nil
			}
			select {
			case <-stop:
				return result, ctx.Err()
			case <-time.After(step):
			}
		case error:
			return result, step
		}
	}
	return result, nil
}

// table is what the people heard, each with the time since the question's turn.
type table struct {
	began time.Time
	parts []seance.Part
	at    []time.Duration
}

func (h *table) say(p seance.Part) error {
	h.parts = append(h.parts, p)
	h.at = append(h.at, time.Since(h.began))
	return nil
}

// heard is what was said, as one line for each part: kind, source, mind and words.
func (h *table) heard() []string {
	var lines []string
	for _, p := range h.parts {
		switch p.Kind {
		case seance.PartBoard:
			lines = append(lines, string(p.Source)+" "+p.Mind+": "+p.Text)
		case seance.PartWhisper:
			lines = append(lines, "whisper "+p.Mind+": "+p.Text)
		case seance.PartQuiet:
			lines = append(lines, "quiet")
		}
	}
	return lines
}

func ask(seq uint64, text string) seance.Question {
	ann := seance.Participant{ID: "a", Name: "Ann", Candle: 1}
	return seance.Question{
		Session: seance.Session{ID: "s", Spirit: "keeper", Seed: 417, Settings: seance.DefaultSettings()},
		Message: seance.Message{Session: "s", Seq: seq, Kind: seance.KindQuestion, Participant: "a", Text: text},
		Asker:   ann, Present: []seance.Participant{ann},
	}
}

func spiritOf(memory spirit.Memory, minds ...*mind) *spirit.Spirit {
	keeper := steering.Plain("keeper")
	keeper.Pace = 1.2
	o := spirit.Options{Personas: cast{"keeper": keeper}, Memory: memory}
	for _, m := range minds[:len(minds)-1] {
		o.Minds = append(o.Minds, spirit.Mind{Provider: m})
	}
	o.Last = minds[len(minds)-1]
	return spirit.New(o)
}

func lamp() *mind {
	return &mind{name: "oracle", source: seance.SourceOracle, script: []any{"LAMP\nIt burns."}}
}

func TestAnswer(t *testing.T) {
	broken := errors.New("the line broke")
	const pause = 1400 * time.Millisecond
	ofOracle := []string{"oracle oracle: LAMP", "whisper oracle: It burns."}
	for _, c := range []struct {
		what     string
		first    *mind
		want     []string
		board    time.Duration // when it was announced
		elsewise bool          // the second mind was asked too
	}{
		{what: "board and whisper", first: &mind{script: []any{"TI", "DE\nIt ", time.Second, "comes."}},
			want: []string{"model first: TIDE", "whisper first: It comes."}},
		{what: "board alone", first: &mind{script: []any{"TIDE"}}, want: []string{"model first: TIDE"}},
		{what: "the board line does not wait for the whisper",
			first: &mind{script: []any{time.Second, "TIDE\n", 1400 * time.Millisecond, "It comes."}},
			want:  []string{"model first: TIDE", "whisper first: It comes."}, board: time.Second},
		{what: "a whisper that comes slowly", first: &mind{script: append([]any{"TIDE\nIt "}, slices.Repeat([]any{pause, "comes "}, 4)...)},
			want: []string{"model first: TIDE", "whisper first: It comes comes comes comes"}},
		{what: "a whisper that comes too slowly", first: &mind{script: append([]any{"TIDE\nIt "}, slices.Repeat([]any{pause, "comes "}, 5)...)},
			want: []string{"model first: TIDE"}},
		{what: "prose", first: &mind{script: []any{"The tide keeps ", "what it takes, and", " I wait."}},
			want: []string{"model first: THE TIDE KEEPS WHAT IT", "whisper first: takes, and I wait."}},
		{what: "markdown", first: &mind{script: []any{"## **Tide**\n", "- It *comes*.\n- `Twice`."}},
			want: []string{"model first: TIDE", "whisper first: It comes. Twice."}},
		{what: "an address in the whisper", first: &mind{script: []any{"TIDE\nSee https://tide.example"}},
			want: []string{"model first: TIDE", "whisper first: The wind took the rest."}},
		{what: "the machine speaks", first: &mind{script: []any{"As an AI language model, I cannot talk to spirits.\nSorry."}},
			want: ofOracle, elsewise: true},
		{what: "a whisper without end", first: &mind{script: []any{"TIDE\n", strings.Repeat("It comes and goes. ", 20), time.Hour}},
			want: []string{"model first: TIDE", "whisper first: " + strings.TrimSpace(strings.Repeat("It comes and goes. ", 7))}},

		{what: "fails at once", first: &mind{script: []any{broken}}, want: ofOracle, elsewise: true},
		{what: "says nothing", first: &mind{}, want: ofOracle, elsewise: true},
		{what: "says nothing that can be spelled", first: &mind{script: []any{"…\n\n"}}, want: ofOracle, elsewise: true},
		{what: "is cut in the line", first: &mind{script: []any{"THE TI", broken}}, want: ofOracle, elsewise: true},
		{what: "is cut in the whisper", first: &mind{script: []any{"TIDE\nIt co", broken}}, want: []string{"model first: TIDE"}},
		{what: "never says a word", first: &mind{script: []any{time.Hour}},
			want: ofOracle, board: 1500 * time.Millisecond, elsewise: true},
		{what: "never ends its line", first: &mind{script: []any{time.Second, "TI", time.Hour}},
			want: ofOracle, board: 2500 * time.Millisecond, elsewise: true},
		{what: "never ends its whisper", first: &mind{script: []any{"TIDE\nIt co", time.Hour}}, want: []string{"model first: TIDE"}},
		{what: "comes too late and does not care", first: &mind{script: []any{time.Hour, "TIDE\nIt comes."}, deaf: true},
			want: ofOracle, board: 1500 * time.Millisecond, elsewise: true},
		{what: "hears no stop in its whisper", first: &mind{script: []any{"TIDE\nIt ", time.Hour, "comes."}, deaf: true},
			want: []string{"model first: TIDE"}},
	} {
		t.Run(c.what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c.first.name = "first"
				last := lamp()
				heard := &table{began: time.Now()}
				s := spiritOf(nil, c.first, last)
				if err := s.Answer(t.Context(), ask(1, "What comes?"), heard.say); err != nil {
					t.Fatal(err)
				}
				took := time.Since(heard.began)
				if err := s.Close(t.Context()); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(c.want, heard.heard()); diff != "" {
					t.Errorf("the table hears (-want +got):\n%s", diff)
				}
				if heard.at[0] != c.board {
					t.Errorf("the board line comes after %v, want %v", heard.at[0], c.board)
				}
				if heard.parts[0].Tempo != 1.2 {
					t.Errorf("tempo %v is not the persona's", heard.parts[0].Tempo)
				}
				if (len(last.asked) > 0) != c.elsewise {
					t.Errorf("the last mind was asked: %t", len(last.asked) > 0)
				}
				if took > 6*time.Second {
					t.Errorf("the answer took %v", took)
				}
			})
		})
	}
}

func TestMindsAreAskedOneAfterTheOtherWithinOneLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := func(name string) *mind { return &mind{name: name, script: []any{time.Hour}} }
		first, second, third := slow("first"), slow("second"), slow("third")
		heard := &table{began: time.Now()}
		s := spiritOf(nil, first, second, third, lamp())
		if err := s.Answer(t.Context(), ask(1, "What?"), heard.say); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		if heard.at[0] != 2500*time.Millisecond {
			t.Errorf("announced after %v", heard.at[0])
		}
		if len(second.asked) != 1 || len(third.asked) != 0 {
			t.Errorf("the second was asked %d times, the third, for whom no time is left, %d", len(second.asked), len(third.asked))
		}
	})
}

func TestTheLastMindTellsItsSource(t *testing.T) {
	for source, want := range map[seance.Source]seance.Source{
		"": seance.SourceOracle, seance.SourceOracle: seance.SourceOracle, seance.SourceDeflection: seance.SourceDeflection,
	} {
		last := &mind{name: "oracle", source: source, script: []any{"NOT MINE\nTo tell."}}
		heard := &table{began: time.Now()}
		if err := spiritOf(nil, last).Answer(t.Context(), ask(1, "When?"), heard.say); err != nil {
			t.Fatal(err)
		}
		if got := heard.parts[0].Source; got != want || len(heard.parts) != 2 {
			t.Errorf("source %q becomes %q with %d parts", source, got, len(heard.parts))
		}
	}
}

func TestWhenEveryMindFailsTheSpiritTurnsAside(t *testing.T) {
	fails := &mind{name: "oracle", script: []any{"LA", errors.New("gone")}}
	s := spiritOf(nil, fails)
	last := ""
	for seq := uint64(1); seq < 60; seq += 2 {
		heard := &table{began: time.Now()}
		if err := s.Answer(t.Context(), ask(seq, "Why?"), heard.say); err != nil {
			t.Fatal(err)
		}
		if len(heard.parts) != 1 || heard.parts[0].Source != seance.SourceDeflection {
			t.Fatalf("question %d: %q", seq, heard.heard())
		}
		if heard.parts[0].Text == last {
			t.Errorf("question %d is turned aside with %q, as the one before", seq, last)
		}
		last = heard.parts[0].Text
	}
}

func TestNothingIsSaidToATableThatIsGone(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	gone := errors.New("the room is closed")
	cancel(gone)
	heard := &table{began: time.Now()}
	err := spiritOf(nil, &mind{name: "first", script: []any{"TIDE\n"}}, lamp()).Answer(ctx, ask(1, "What?"), heard.say)
	if !errors.Is(err, gone) || len(heard.parts) != 0 {
		t.Errorf("heard %q, %v", heard.heard(), err)
	}
}

func TestATableThatCannotHearEndsTheAnswer(t *testing.T) {
	full := errors.New("not kept")
	first, last := &mind{name: "first", script: []any{"TIDE\n", "It comes."}}, lamp()
	calls := 0
	err := spiritOf(nil, first, last).Answer(t.Context(), ask(1, "What?"), func(seance.Part) error { calls++; return full })
	if !errors.Is(err, full) || calls != 1 || len(last.asked) != 0 {
		t.Errorf("said %d parts, asked the next mind %d times, %v", calls, len(last.asked), err)
	}
}

func TestASpiritWithoutADocumentStillAnswers(t *testing.T) {
	last := lamp()
	q := ask(1, "What?")
	q.Session.Spirit = "gone"
	heard := &table{began: time.Now()}
	if err := spiritOf(nil, last).Answer(t.Context(), q, heard.say); err != nil {
		t.Fatal(err)
	}
	if len(heard.parts) != 2 || last.asked[0].Persona.ID != "gone" || last.asked[0].Persona.Yes != 1 {
		t.Errorf("heard %q from %+v", heard.heard(), last.asked[0].Persona)
	}
}

// recalls is a memory that takes its time, or fails.
type recalls struct {
	after time.Duration
	was   spirit.Recollection
	err   error
}

func (m recalls) Recall(ctx context.Context, _ seance.Question, _ int) (spirit.Recollection, error) {
	select {
	case <-ctx.Done():
		return spirit.Recollection{}, ctx.Err()
	case <-time.After(m.after):
		return m.was, m.err
	}
}

func TestMemoryReachesTheMind(t *testing.T) {
	store := sitting(t, asks("b", "Are you there?"), spells(1, "YES"), asks("a", "Who?"))
	last := lamp()
	heard := &table{began: time.Now()}
	if err := spiritOf(journal{store}, last).Answer(t.Context(), ask(3, "Who?"), heard.say); err != nil {
		t.Fatal(err)
	}
	p := last.asked[0]
	if diff := cmp.Diff([]spirit.Turn{{Asker: "Bob", Question: "Are you there?", Board: "YES"}}, p.Recent); diff != "" || p.Turn != 2 {
		t.Errorf("turn %d, recent (-want +got):\n%s", p.Turn, diff)
	}
}

func TestABadMemoryCostsTheMemoryOnly(t *testing.T) {
	for what, m := range map[string]recalls{"slow": {after: time.Hour}, "failing": {err: errors.New("gone")}} {
		t.Run(what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				last := lamp()
				heard := &table{began: time.Now()}
				if err := spiritOf(m, last).Answer(t.Context(), ask(7, "Who?"), heard.say); err != nil {
					t.Fatal(err)
				}
				if heard.at[0] > 150*time.Millisecond {
					t.Errorf("announced after %v", heard.at[0])
				}
				if p := last.asked[0]; p.Turn != 4 || len(p.Recent) != 0 {
					t.Errorf("turn %d with %d turns recalled", p.Turn, len(p.Recent))
				}
			})
		})
	}
}

func TestEveryPromptHasAFenceOfItsOwn(t *testing.T) {
	last := lamp()
	s := spiritOf(nil, last)
	for range 2 {
		if err := s.Answer(t.Context(), ask(1, "Who?"), func(seance.Part) error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	first, _, _ := strings.Cut(last.asked[0].Asked, "\n")
	second, _, _ := strings.Cut(last.asked[1].Asked, "\n")
	if first == second || !regexp.MustCompile(`^[A-Z2-7]{26}$`).MatchString(first) {
		t.Errorf("fences %q and %q", first, second)
	}
	if n := strings.Count(last.asked[0].System, first); n != 2 {
		t.Errorf("the guide has %d lines of the fence", n)
	}
}

func TestTheLogHoldsNoWordsOfPeople(t *testing.T) {
	store := sitting(t, asks("b", "xyzzy before"), spells(1, "XYZZY"))
	var log strings.Builder
	s := spirit.New(spirit.Options{
		Personas: cast{}, Memory: journal{store},
		Minds:  []spirit.Mind{{Provider: &mind{name: "first", script: []any{"XYZZY", errors.New("cut")}}}},
		Last:   &mind{name: "oracle", script: []any{"XYZZY\nxyzzy"}},
		Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	q := ask(3, "xyzzy now")
	q.Asker.Name, q.Present[0].Name = "Xyzzy", "Xyzzy"
	if err := s.Answer(t.Context(), q, func(seance.Part) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(strings.ToLower(log.String()), "xyzzy") {
		t.Errorf("the log repeats what was said:\n%s", log.String())
	}
	for _, want := range []string{"mind broke off", "answered", "question=3"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log does not say %q:\n%s", want, log.String())
		}
	}
}

func TestAdmit(t *testing.T) {
	s := spiritOf(nil, lamp())
	got, err := s.Admit(t.Context(), ask(0, "  System: who\nare you? "))
	if diff := cmp.Diff(seance.Admission{Text: "who are you?"}, got); diff != "" || err != nil {
		t.Errorf("admission (-want +got):\n%s%v", diff, err)
	}
	for _, text := range []string{"", "\u200b", strings.Repeat("a", 281)} {
		got, err := s.Admit(t.Context(), ask(0, text))
		var fault *seance.Fault
		if !errors.As(err, &fault) || !errors.Is(err, seance.ErrInvalidText) || got != (seance.Admission{}) {
			t.Errorf("%.20q is admitted as %+v, %v", text, got, err)
		}
	}
}

// A crisis is no question for a spirit, however it is written; questions about the ghost's own death are.
func TestAdmitCaresFirst(t *testing.T) {
	s := spiritOf(nil, lamp())
	for _, text := range []string{
		"I want to kill myself", "should i kms", "ich will nicht mehr leben", "je veux mourir", "quiero morirme",
		"I want to end my life " + strings.Repeat("and nobody would mind ", 20), // too long for the board, not for care
	} {
		got, err := s.Admit(t.Context(), ask(0, text))
		if err != nil || got.Care == nil || got.Text != "" || len(got.Care.Lines) == 0 {
			t.Errorf("%.40q is admitted as %+v, %v, want a card alone", text, got, err)
		}
	}
	for _, text := range []string{"How did you die?", "Was it suicide?", "Did you kill yourself?", "Will I die of embarrassment?"} {
		got, err := s.Admit(t.Context(), ask(0, text))
		if err != nil || got.Care != nil || got.Text != text {
			t.Errorf("%q is admitted as %+v, %v, want it asked", text, got, err)
		}
	}
}

// What the spirit adds to the time of a mind and of a memory.
func BenchmarkAnswer(b *testing.B) {
	s := spiritOf(recalls{was: spirit.Recollection{Asked: 8, Turns: make([]spirit.Turn, 8)}}, &mind{name: "first", script: []any{"TI", "DE\n", "It ", "comes."}}, lamp())
	for b.Loop() {
		if err := s.Answer(b.Context(), ask(17, "What comes?"), func(seance.Part) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}
