package spirit

import (
	"context"
	"fmt"

	"seance/internal/seance"
)

// A Memory knows what was said in a session. Safe for concurrent use.
type Memory interface {
	// Recall returns what came before the question at seq, with the last n turns. It stops when ctx is done; a failing
	// or slow memory costs the memory, never the answer.
	Recall(ctx context.Context, id seance.SessionID, seq uint64, n int) (Recollection, error)
}

// A Recollection is what came before a question.
type Recollection struct {
	Asked int    // questions before this one
	Turns []Turn // the last of them that were answered, oldest first
}

// JournalMemory recalls by reading the journal, and the register for who asked.
func JournalMemory(journal seance.Journal, people seance.Register) Memory {
	return journalMemory{journal, people}
}

type journalMemory struct {
	journal seance.Journal
	people  seance.Register
}

func (m journalMemory) Recall(ctx context.Context, id seance.SessionID, seq uint64, n int) (Recollection, error) {
	people, err := m.people.Participants(ctx, id)
	if err != nil {
		return Recollection{}, fmt.Errorf("people of %s: %w", id, err)
	}
	names := make(map[seance.ParticipantID]string, len(people))
	for _, p := range people {
		names[p.ID] = p.Name
	}

	var was Recollection
	var turns []*Turn
	asked := map[uint64]*Turn{}    // by the question's Seq
	answered := map[uint64]*Turn{} // by the answer's
	for msg, err := range m.journal.After(ctx, id, 0) {
		switch {
		case err != nil:
			return Recollection{}, fmt.Errorf("journal of %s: %w", id, err)
		case msg.Kind == seance.KindQuestion && msg.Seq < seq:
			was.Asked++
			if !msg.Erased {
				asked[msg.Seq] = &Turn{Asker: names[msg.Participant], Question: msg.Text}
			}
		case msg.Kind == seance.KindAnswer && asked[msg.Refers] != nil && !msg.Erased:
			t := asked[msg.Refers]
			t.Board = msg.Board
			answered[msg.Seq] = t
			turns = append(turns, t)
		case msg.Kind == seance.KindWhisper && answered[msg.Refers] != nil && !msg.Erased:
			answered[msg.Refers].Whisper = msg.Text
		}
	}
	for _, t := range turns[max(0, len(turns)-n):] {
		was.Turns = append(was.Turns, *t)
	}
	return was, nil
}
