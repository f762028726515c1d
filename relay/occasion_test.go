package relay

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"seance/internal/seance"
)

// ears are hooks that remember what they were told.
type ears struct {
	mu    sync.Mutex
	heard []seance.Occasion
}

func (e *ears) Happened(o seance.Occasion) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.heard = append(e.heard, o)
}

// story is what was heard of the given kinds, all if none, as "Trigger who what (present)".
func (e *ears) story(of ...seance.Trigger) (lines []string) {
	synctest.Wait()
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, o := range e.heard {
		if len(of) > 0 && !slices.Contains(of, o.Trigger) {
			continue
		}
		words := []string{string(o.Trigger)}
		if o.Participant != nil {
			words = append(words, o.Participant.Name)
		}
		if o.Seq != 0 {
			words = append(words, fmt.Sprint(o.Seq))
		}
		for _, word := range []string{o.Question, o.Board} {
			if word != "" {
				words = append(words, word)
			}
		}
		if o.Rating != 0 {
			words = append(words, fmt.Sprint(o.Rating))
		}
		lines = append(lines, fmt.Sprintf("%s (%d)", strings.Join(words, " "), len(o.Present)))
	}
	return lines
}

// ids are those of what was heard.
func (e *ears) ids() (ids []string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, o := range e.heard {
		ids = append(ids, o.ID)
	}
	return ids
}

// hooked is play at a table with ears.
func hooked(t *testing.T, story func(*table, *ears)) {
	t.Helper()
	e := &ears{}
	play(t, func(tb *table) { tb.opts.Hooks = e }, func(tb *table) { story(tb, e) })
}

func TestOccasions(t *testing.T) {
	comingAndGoing := []seance.Trigger{seance.ParticipantJoined, seance.ParticipantLeft}
	for _, tc := range []struct {
		name  string
		story func(*table, *ears)
		of    []seance.Trigger
		want  []string
	}{
		{
			name:  "opened",
			story: func(tb *table, _ *ears) { tb.hub.Opened(tb.session) },
			want:  []string{"SeanceOpened (0)"},
		},
		{
			name: "one after the other sits down, and gets up by choice",
			story: func(tb *table, _ *ears) {
				tb.As("ann")
				tb.As("bob").Leaves()
			},
			want: []string{"ParticipantJoined ann (1)", "ParticipantJoined bob (2)", "ParticipantLeft bob (1)"},
		},
		{
			name: "a line that comes back within the grace, and a second one",
			story: func(tb *table, _ *ears) {
				ann := tb.As("ann")
				ann.Drops()
				tb.passes(3 * time.Second)
				ann.Returns()
				second := ann.Second()
				tb.passes(10 * time.Second)
				second.Drops()
				tb.passes(10 * time.Second)
			},
			want: []string{"ParticipantJoined ann (1)"},
		},
		{
			name: "a line that stays away, and comes back much later",
			story: func(tb *table, _ *ears) {
				tb.As("bob")
				ann := tb.As("ann")
				ann.Drops()
				tb.passes(time.Minute)
				ann.Returns()
			},
			want: []string{
				"ParticipantJoined bob (1)", "ParticipantJoined ann (2)", "ParticipantLeft ann (1)", "ParticipantJoined ann (2)",
			},
		},
		{
			name: "a restart of the house, after which the boards come back",
			story: func(tb *table, _ *ears) {
				ann := tb.As("ann")
				ann.Asks("Who?")
				tb.passes(30 * time.Second)
				tb.crashes()
				tb.opens()
				ann.Returns()
				ann.Leaves()
			},
			of:   comingAndGoing,
			want: []string{"ParticipantJoined ann (1)", "ParticipantLeft ann (0)"},
		},
		{
			name: "a spectator is not at the table",
			story: func(tb *table, _ *ears) {
				tb.Watches("zoe").Leaves()
			},
		},
		{
			name: "somebody is put out, with two lines",
			story: func(tb *table, _ *ears) {
				tb.As("ann")
				bob := tb.As("bob")
				bob.Second()
				if err := tb.hub.Kick(tb.t.Context(), tb.session.ID, bob.who.ID); err != nil {
					tb.t.Fatal(err)
				}
				if err := tb.hub.Kick(tb.t.Context(), tb.session.ID, bob.who.ID); err != nil {
					tb.t.Fatal(err)
				}
			},
			of:   comingAndGoing[1:],
			want: []string{"ParticipantLeft bob (1)"},
		},
		{
			name: "the end, however often it is said",
			story: func(tb *table, _ *ears) {
				tb.As("ann")
				for range 2 {
					if err := tb.hub.End(tb.t.Context(), tb.session.ID, seance.EndedByHost); err != nil {
						tb.t.Fatal(err)
					}
				}
			},
			want: []string{"ParticipantJoined ann (1)", "SeanceClosed (1)"},
		},
		{
			name: "the end of a session that nobody sits at",
			story: func(tb *table, _ *ears) {
				if err := tb.hub.End(tb.t.Context(), tb.session.ID, seance.EndedIdle); err != nil {
					tb.t.Fatal(err)
				}
			},
			want: []string{"SeanceClosed (0)"},
		},
		{
			name: "an answer whose broker loses everything is given once",
			story: func(tb *table, _ *ears) {
				tb.bus.set(nil, func(seance.Event) bool { return true })
				tb.As("ann").Asks("Who?")
				tb.passes(time.Minute)
			},
			of:   []seance.Trigger{seance.AnswerGiven},
			want: []string{"AnswerGiven 2 Who? YES (1)"},
		},
		{
			name: "an answer of the room's own is given, too",
			story: func(tb *table, _ *ears) {
				tb.medium.answer = says(time.Second)
				tb.As("ann").Asks("Who?")
				tb.passes(time.Minute)
			},
			of:   []seance.Trigger{seance.AnswerGiven},
			want: []string{"AnswerGiven 2 Who? NOT NOW (1)"},
		},
		{
			name: "an answer that is cut off by the end is not given",
			story: func(tb *table, _ *ears) {
				tb.As("ann").Asks("Who?")
				tb.passes(time.Second)
				if err := tb.hub.End(tb.t.Context(), tb.session.ID, seance.EndedByHost); err != nil {
					tb.t.Fatal(err)
				}
				tb.passes(time.Minute)
			},
			want: []string{"ParticipantJoined ann (1)", "SeanceClosed (1)"},
		},
		{
			name: "a rating, the same again, another, and one of nothing",
			story: func(tb *table, _ *ears) {
				ann := tb.As("ann")
				ann.Asks("Who?")
				tb.passes(time.Minute)
				for _, value := range []int{3, 3, 5} {
					if err := ann.sit.Rate(tb.t.Context(), 2, value); err != nil {
						tb.t.Fatal(err)
					}
				}
				if err := ann.sit.Rate(tb.t.Context(), 1, 5); err == nil {
					tb.t.Error("a question was rated")
				}
			},
			of:   []seance.Trigger{seance.AnswerRated},
			want: []string{"AnswerRated ann 2 YES 3 (1)", "AnswerRated ann 2 YES 5 (1)"},
		},
		{
			name: "the same rating twice at once",
			story: func(tb *table, _ *ears) {
				ann := tb.As("ann")
				ann.Asks("Who?")
				tb.passes(time.Minute)
				var both sync.WaitGroup
				for range 2 {
					both.Go(func() {
						if err := ann.sit.Rate(tb.t.Context(), 2, 4); err != nil {
							tb.t.Error(err)
						}
					})
				}
				both.Wait()
			},
			of:   []seance.Trigger{seance.AnswerRated},
			want: []string{"AnswerRated ann 2 YES 4 (1)"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			hooked(t, func(tb *table, e *ears) {
				tc.story(tb, e)
				if got := e.story(tc.of...); !slices.Equal(got, tc.want) {
					t.Errorf("heard\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(tc.want, "\n  "))
				}
				ids := e.ids()
				slices.Sort(ids)
				if n := len(ids); len(slices.Compact(ids)) != n || slices.Contains(ids, "") {
					t.Errorf("ids are not each their own: %q", e.ids())
				}
			})
		})
	}
}

// Two nodes at one table: what happens is told by the one where it came about.
func TestOccasionsOfTwins(t *testing.T) {
	hooked(t, func(tb *table, e *ears) {
		ann := tb.As("ann")
		twin := tb.twin()
		bob := tb.board("bob", seance.Player)
		twin.joins(bob)
		ann.Asks("Who?")
		tb.passes(time.Minute)
		bob.Leaves()
		if err := twin.hub.End(tb.t.Context(), tb.session.ID, seance.EndedByHost); err != nil {
			t.Fatal(err)
		}
		want := []string{
			"ParticipantJoined ann (1)", "ParticipantJoined bob (1)", "AnswerGiven 2 Who? YES (1)", "ParticipantLeft bob (0)",
			"SeanceClosed (0)",
		}
		if got := e.story(); !slices.Equal(got, want) {
			t.Errorf("heard\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
		}
		twin.closes()
	})
}

func TestAnswerGivenOnceTheLastStopIsOver(t *testing.T) {
	hooked(t, func(tb *table, e *ears) {
		ann := tb.As("ann")
		ann.Asks("Who?")
		score := ann.of("spirit_response")[0].Score
		over := lastStop(&score)
		tb.passes(time.Until(over) - time.Millisecond)
		if got := e.story(seance.AnswerGiven); len(got) != 0 {
			t.Errorf("heard %q before the last stop was over", got)
		}
		tb.passes(2 * time.Millisecond)
		if got := e.story(seance.AnswerGiven); len(got) != 1 {
			t.Errorf("heard %q after the last stop was over, want one", got)
		}
	})
}

func TestOccasionsKeepNoPassphrase(t *testing.T) {
	e := &ears{}
	play(t, func(tb *table) { tb.opts.Hooks = e }, func(tb *table) {
		s := tb.session
		s.Passphrase = "hash"
		tb.hub.Opened(s)
	})
	if e.heard[0].Session.Passphrase != "" {
		t.Error("the hash of the passphrase is told to hooks")
	}
}

func TestCircles(t *testing.T) {
	play(t, nil, func(tb *table) {
		circle := func() seance.Circle {
			t.Helper()
			circles := tb.hub.Circles()
			if len(circles) != 1 {
				t.Fatalf("%d circles, want 1", len(circles))
			}
			return circles[0]
		}
		if got := tb.hub.Circles(); len(got) != 0 {
			t.Errorf("circles %v before anybody sat down", got)
		}
		tb.Watches("zoe")
		if got := tb.hub.Circles(); len(got) != 0 {
			t.Errorf("circles %v while somebody only watches", got)
		}
		ann := tb.As("ann")
		for _, step := range []struct {
			name string
			does func() (until time.Time)
		}{
			{"sitting down", func() time.Time { tb.As("bob"); return time.Now() }},
			{"writing", func() time.Time { _ = ann.sit.Type(true); return time.Now() }},
			{"a hand", func() time.Time { ann.moves(500, 300); synctest.Wait(); return time.Now() }},
			{"asking, until the answer ends", func() time.Time {
				ann.Asks("Who?")
				score := ann.of("spirit_response")[0].Score
				return score.End()
			}},
		} {
			tb.passes(time.Minute)
			want := step.does()
			tb.passes(20 * time.Second)
			if got := circle().Stirred; got.Sub(want).Abs() > 100*time.Millisecond {
				t.Errorf("%s: stirred at %v, want %v", step.name, got, want)
			}
		}
		if got := circle().Present; len(got) != 2 || got[0].Name != "ann" {
			t.Errorf("present %v, want ann and bob", got)
		}
		stirred := circle().Stirred
		tb.passes(time.Minute)
		if err := tb.hub.Initiate(tb.t.Context(), initiative(tb, "k")); err != nil {
			t.Fatal(err)
		}
		tb.passes(time.Minute)
		if got := circle().Stirred; !got.Equal(stirred) {
			t.Errorf("an initiative ended the silence: stirred at %v, want %v", got, stirred)
		}
	})
}
