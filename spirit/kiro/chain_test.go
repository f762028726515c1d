//go:build unix

package kiro

import (
	"context"
	"log/slog"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seance/internal/seance"
	"seance/spirit"
	"seance/steering"
)

// A killer is a mind that loses its process as soon as it speaks.
type killer struct {
	*stage
	died bool
}

func (k *killer) Complete(ctx context.Context, p spirit.Prompt, emit func(string) error) (spirit.Result, error) {
	return k.Provider.Complete(ctx, p, func(text string) error {
		if !k.died {
			k.died = true
			for _, r := range k.reports() {
				_ = syscall.Kill(r.Pid, syscall.SIGKILL)
			}
		}
		return emit(text)
	})
}

// last is the mind that never fails.
type last struct{}

func (last) Name() string { return "last" }

func (last) Complete(_ context.Context, _ spirit.Prompt, emit func(string) error) (spirit.Result, error) {
	return spirit.Result{Source: seance.SourceOracle}, emit("LOOK BEHIND YOU")
}

type library struct{}

func (library) Persona(id string) (steering.Persona, bool) { return steering.Plain(id), true }
func (library) Lore() []steering.Lore                      { return nil }

// Whatever becomes of Kiro in the middle of an answer costs that answer's source, never the answer.
func TestAnswerComesAnyway(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		play  string
		board string
	}{
		"killed":        {"kiro-waits", "LOOK BEHIND YOU"},
		"dies":          {"kiro-dies", "LOOK BEHIND YOU"},
		"refuses":       {"acp-fault-refusal", "LOOK BEHIND YOU"},
		"not signed in": {"kiro-signed-out", "LOOK BEHIND YOU"},
		"throttled":     {"kiro-throttled", "LOOK BEHIND YOU"},
		"well":          {"", "SOON"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := prepare(t, script{Plays: []string{test.play}, AnyPrompt: true})
			if name == "not signed in" {
				o.Limits.FirstRestart, o.Limits.LastRestart = time.Hour, time.Hour
			}
			st := begin(t, o, bare)
			_ = st.Ready(t.Context()) // whether or not it will be
			ghost := spirit.New(spirit.Options{
				Personas: library{},
				Minds:    []spirit.Mind{{Provider: &killer{stage: st, died: name != "killed"}, Patience: spirit.MaxPatience}},
				Last:     last{},
				Logger:   slog.New(slog.NewTextHandler(st.log, nil)),
			})
			var board []string
			var source seance.Source
			err := ghost.Answer(t.Context(), seance.Question{
				Session: seance.Session{ID: "s", Spirit: "plain"},
				Message: seance.Message{Seq: 1, Text: "are you alone?"},
				Asker:   seance.Participant{Name: "Ash"},
			}, func(part seance.Part) error {
				if part.Kind == seance.PartBoard {
					board, source = append(board, part.Text), part.Source
				}
				return nil
			})
			if diff := cmp.Diff([]string{test.board}, board); diff != "" || err != nil {
				t.Errorf("the board (-want +got):\n%s\n%v", diff, err)
			}
			want := seance.SourceOracle
			if name == "well" {
				want = seance.SourceModel
			}
			if source != want {
				t.Errorf("the answer is from %q, want %q", source, want)
			}
			st.consumed()
		})
	}
}
