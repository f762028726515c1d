package sqlite

import (
	"fmt"
	"testing"
	"time"

	"seance/internal/seance"
)

// BenchmarkMemory is what the spirit and agents ask for most, on a store of 10,000 turns in 50 sessions and in one.
func BenchmarkMemory(b *testing.B) {
	for _, sessions := range []int{50, 1} {
		s := open(b, file(b), Options{})
		defer s.Close()
		full(b, s, sessions, 10_000)
		for name, do := range map[string]func() error{
			"last turns": func() error {
				_, _, _, err := s.Turns(b.Context(), seance.TurnQuery{Session: "s0", Last: true, Page: seance.Page{Limit: 200}})
				return err
			},
			"first turns": func() error {
				_, _, _, err := s.Turns(b.Context(), seance.TurnQuery{Session: "s0"})
				return err
			},
			"search": func() error {
				_, _, err := s.Search(b.Context(), seance.Search{Query: "lantern seven", Session: "s0"})
				return err
			},
			"pin": func() error {
				_, _, err := s.PinFact(b.Context(), seance.Fact{ID: fmt.Sprint(time.Now()), Session: "s0", Text: fmt.Sprint(time.Now())})
				return err
			},
		} {
			b.Run(fmt.Sprintf("%s, %d sessions", name, sessions), func(b *testing.B) {
				for b.Loop() {
					if err := do(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// full keeps turns, half questions and half answers.
func full(b *testing.B, s *Store, sessions, turns int) {
	b.Helper()
	at := time.Date(2026, 11, 22, 20, 0, 0, 0, time.UTC)
	done := make(chan error)
	words := []string{"lantern", "harbour", "seven", "gull", "rope", "tide", "stair", "letter", "candle", "wreck"}
	for n := range sessions {
		id := seance.SessionID(fmt.Sprint("s", n))
		if err := s.OpenSession(b.Context(), seance.Session{ID: id, Code: fmt.Sprint("A-", n), StartedAt: at}); err != nil {
			b.Fatal(err)
		}
		go func() {
			var err error
			for i := 0; i < turns/sessions && err == nil; i += 2 {
				var q seance.Message
				q, err = s.Append(b.Context(), seance.Message{
					ID: seance.MessageID(fmt.Sprint(n, "-q", i)), Session: id, Kind: seance.KindQuestion, At: at,
					Text: fmt.Sprintf("Where is the %s of the %s?", words[i/2%10], words[i/20%10]),
				})
				if err == nil {
					_, err = s.Append(b.Context(), seance.Message{
						ID: seance.MessageID(fmt.Sprint(n, "-a", i)), Session: id, Kind: seance.KindAnswer, At: at, Refers: q.Seq, Board: "BELOW THE STAIR",
					})
				}
			}
			done <- err
		}()
	}
	for range sessions {
		if err := <-done; err != nil {
			b.Fatal(err)
		}
	}
}
