package api

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"seance/internal/seance"
	"seance/relay/wire"
)

func TestHistory(t *testing.T) {
	h := open(t)
	ann := h.begin("")
	path := "/api/sessions/" + ann.Session.Code + "/history"
	keep := func(m seance.Message) seance.Message {
		t.Helper()
		m.ID, m.Session, m.At = seance.MessageID(newID()), ann.Session.ID, time.Now().UTC()
		kept, err := h.store.Append(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		return kept
	}
	for i := range 4 {
		q := keep(seance.Message{
			Kind: seance.KindQuestion, Key: fmt.Sprintf("key-%d", i), Participant: ann.Participant.ID, Text: "Who is there?",
		})
		score := seance.Score{Seed: 7, StartsAt: 1, EndsAt: 2, Stops: []seance.Stop{{Glyph: "YES", At: 1, Hold: 1}}}
		a := keep(seance.Message{Kind: seance.KindAnswer, Refers: q.Seq, Board: "YES", Score: &score, Source: seance.SourceOracle})
		keep(seance.Message{Kind: seance.KindWhisper, Refers: a.Seq, Text: "always"})
	}

	type page struct {
		Messages  []json.RawMessage
		NextAfter *uint64 `json:"next_after"`
	}
	read := func(query string) page {
		t.Helper()
		got := h.ask("GET", historyRoute, path+query, "", ann.Token)
		var out page
		if err := json.Unmarshal(got.Data, &out); err != nil || got.Status != 200 {
			t.Fatalf("%s: %d %+v %v", query, got.Status, got.Error, err)
		}
		return out
	}
	type kept struct {
		Event       string
		Seq         uint64
		Text, Board string
		Participant wire.Participant
	}
	next, seen := "?limit=5", []kept(nil)
	for pages := 0; next != ""; pages++ {
		page := read(next)
		for _, raw := range page.Messages {
			var k kept
			if err := json.Unmarshal(raw, &k); err != nil {
				t.Fatal(err)
			}
			seen = append(seen, k)
		}
		next = ""
		if page.NextAfter != nil {
			next = fmt.Sprintf("?limit=5&after=%d", *page.NextAfter)
		}
		if pages > 3 {
			t.Fatal("the pages do not end")
		}
	}
	if len(seen) != 12 {
		t.Fatalf("%d messages, want 12", len(seen))
	}
	for i, k := range seen {
		if k.Seq != uint64(i+1) {
			t.Errorf("message %d has seq %d", i, k.Seq)
		}
		if want := []string{"question_asked", "spirit_response", "spirit_whisper"}[i%3]; k.Event != want {
			t.Errorf("message %d is %s, want %s", i, k.Event, want)
		}
	}
	if q := seen[0]; q.Participant != ann.Participant || q.Text != "Who is there?" {
		t.Errorf("question %+v", q)
	}
	if page := read("?after=12"); len(page.Messages) != 0 || page.NextAfter != nil {
		t.Errorf("behind the end: %+v", page)
	}
	if page := read("?limit=12"); len(page.Messages) != 12 || page.NextAfter != nil {
		t.Errorf("exactly everything: %d messages, next %v", len(page.Messages), page.NextAfter)
	}
	for query, paths := range map[string]string{
		"?limit=0": "limit", "?limit=201": "limit", "?limit=x&after=-1": "limit after", "?after=1.5": "after",
	} {
		if got := h.ask("GET", historyRoute, path+query, "", ann.Token); got.Status != 422 || !samePaths(got.paths(), paths) {
			t.Errorf("%s: %d %q, want 422 %q", query, got.Status, got.paths(), paths)
		}
	}
}
