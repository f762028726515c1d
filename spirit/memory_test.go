package spirit_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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

func TestTheJournalIsRemembered(t *testing.T) {
	store := sitting(t,
		asks("a", "Are you there?"),           // 1
		asks("b", "Who are you?"),             // 2
		spells(1, "YES"),                      // 3
		asks("a", "Where is the key?"),        // 4
		spells(2, "LAMP"),                     // 5
		whispers(5, "The one who lights it."), // 6
		spells(0, "LISTEN"),                   // 7, an initiative
		asks("b", "Not yet."),                 // 8
	)
	ann := spirit.Turn{Asker: "Ann", Question: "Are you there?", Board: "YES"}
	bob := spirit.Turn{Asker: "Bob", Question: "Who are you?", Board: "LAMP", Whisper: "The one who lights it."}
	for _, c := range []struct {
		what string
		seq  uint64
		n    int
		want spirit.Recollection
	}{
		{"nothing before the first", 1, 8, spirit.Recollection{}},
		{"an answer that came after the question was asked", 2, 8, spirit.Recollection{Asked: 1, Turns: []spirit.Turn{ann}}},
		{"all of it", 4, 8, spirit.Recollection{Asked: 2, Turns: []spirit.Turn{ann, bob}}},
		{"the last of it", 4, 1, spirit.Recollection{Asked: 2, Turns: []spirit.Turn{bob}}},
		{"a question without an answer counts", 8, 8, spirit.Recollection{Asked: 3, Turns: []spirit.Turn{ann, bob}}},
	} {
		t.Run(c.what, func(t *testing.T) {
			got, err := spirit.JournalMemory(store, store).Recall(t.Context(), "s", c.seq, c.n)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("recollection (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAJournalThatIsGoneIsAnError(t *testing.T) {
	store := sitting(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if was, err := spirit.JournalMemory(store, store).Recall(ctx, "s", 1, 8); err == nil {
		t.Errorf("recalled %+v when nothing could be read", was)
	}
}
