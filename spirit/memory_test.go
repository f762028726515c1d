package spirit_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"seance/internal/seance"
	"seance/internal/store/inmem"
	"seance/spirit"
)

// sitting keeps a session with Ann and Bob in it, and the messages in their order.
func sitting(t *testing.T, messages ...seance.Message) seance.Store {
	t.Helper()
	store := inmem.New()
	t.Cleanup(func() { _ = store.Close() })
	ctx := t.Context()
	if err := store.OpenSession(ctx, seance.Session{ID: "s", Code: "RAVEN-417", Settings: seance.DefaultSettings()}); err != nil {
		t.Fatal(err)
	}
	for _, p := range []seance.Participant{{ID: "a", Session: "s", Name: "Ann"}, {ID: "b", Session: "s", Name: "Bob"}} {
		if _, err := store.Enrol(ctx, p); err != nil {
			t.Fatal(err)
		}
	}
	for i, m := range messages {
		m.ID, m.Session, m.At = seance.MessageID(fmt.Sprint("m", i)), "s", time.UnixMilli(int64(i))
		kept, err := store.Append(ctx, m)
		if err != nil {
			t.Fatal(err)
		}
		if kept.Seq != uint64(i+1) {
			t.Fatalf("message %d has seq %d", i, kept.Seq)
		}
	}
	return store
}

func asks(who seance.ParticipantID, text string) seance.Message {
	return seance.Message{Kind: seance.KindQuestion, Participant: who, Text: text}
}

func spells(question uint64, board string) seance.Message {
	return seance.Message{Kind: seance.KindAnswer, Refers: question, Board: board, Score: &seance.Score{}, Source: seance.SourceOracle}
}

func whispers(answer uint64, text string) seance.Message {
	return seance.Message{Kind: seance.KindWhisper, Refers: answer, Text: text}
}

// A journal is a memory that reads a store, without anything between.
type journal struct{ seance.Store }

func (j journal) Recall(ctx context.Context, q seance.Question, n int) (spirit.Recollection, error) {
	people, err := j.Participants(ctx, q.Session.ID)
	if err != nil {
		return spirit.Recollection{}, err
	}
	var was spirit.Recollection
	var turns []*spirit.Turn
	asked, answered := map[uint64]*spirit.Turn{}, map[uint64]*spirit.Turn{}
	for m, err := range j.After(ctx, q.Session.ID, 0) {
		switch {
		case err != nil:
			return spirit.Recollection{}, err
		case m.Kind == seance.KindQuestion && (q.Initiative != nil || m.Seq < q.Message.Seq):
			was.Asked++
			t := &spirit.Turn{Question: m.Text}
			for _, p := range people {
				if p.ID == m.Participant {
					t.Asker = p.Name
				}
			}
			asked[m.Seq] = t
		case m.Kind == seance.KindAnswer && asked[m.Refers] != nil:
			answered[m.Seq] = asked[m.Refers]
			answered[m.Seq].Board = m.Board
			turns = append(turns, answered[m.Seq])
		case m.Kind == seance.KindWhisper && answered[m.Refers] != nil:
			answered[m.Refers].Whisper = m.Text
		}
	}
	for _, t := range turns[max(0, len(turns)-n):] {
		was.Turns = append(was.Turns, *t)
	}
	return was, nil
}

func TestNotes(t *testing.T) {
	for question, want := range map[string]string{
		"Where is the cat?":       "Asked “Where is the cat?” and was told UNDER THE STAIRS.",
		"What is “it” and was?":   "Asked “What is “it” and was?” and was told UNDER THE STAIRS.",
		strings.Repeat("why", 99): "Asked “" + strings.Repeat("why", 86) + "wh…” and was told UNDER THE STAIRS.",
	} {
		note := spirit.Note(question, "UNDER THE STAIRS")
		if note != want || utf8.RuneCountInString(note) > 300 {
			t.Errorf("note of %d characters %q, want %q", utf8.RuneCountInString(note), note, want)
		}
		asked, told, ok := spirit.NoteOf(note)
		if !ok || told != "UNDER THE STAIRS" || !strings.HasPrefix(question, strings.TrimSuffix(asked, "…")) {
			t.Errorf("%q is read as %q and %q", note, asked, told)
		}
	}
	if _, _, ok := spirit.NoteOf("Is afraid of dogs."); ok {
		t.Error("what somebody else wrote is taken for a note of ours")
	}
}
