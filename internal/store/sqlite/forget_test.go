package sqlite

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"seance/internal/seance"
)

// What is forgotten is in no file of the store any more: neither in a free page, nor in the log, nor in the index.
func TestNothingIsLeftInTheFiles(t *testing.T) {
	t.Parallel()
	path := empty(t)
	s := open(t, path, Options{})
	defer s.Close()
	at := time.Date(2026, 11, 22, 20, 0, 0, 0, time.UTC)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.OpenSession(t.Context(), seance.Session{ID: "s1", Code: "RAVEN-417", StartedAt: at}))
	_, _, err := s.Remember(t.Context(), seance.Person{ID: "soul-quillfeather", Name: "Quillfeather", Consent: true, Secret: "hash-quillfeather", CreatedAt: at, SeenAt: at})
	must(err)
	_, err = s.Enrol(t.Context(), seance.Participant{ID: "p1", Session: "s1", Name: "Quillfeather", Role: seance.Host, Soul: "soul-quillfeather", JoinedAt: at})
	must(err)
	const questions = 100 // several pages of the table and of the index: one that is left over shows
	for i := range questions {
		q, err := s.Append(t.Context(), seance.Message{
			ID: seance.MessageID(fmt.Sprint("q", i)), Session: "s1", Kind: seance.KindQuestion, At: at, Participant: "p1", Key: fmt.Sprint("k", i),
			Text: fmt.Sprintf("Where is the zanzibarite %d?", i),
		})
		must(err)
		_, err = s.Append(t.Context(), seance.Message{
			ID: seance.MessageID(fmt.Sprint("a", i)), Session: "s1", Kind: seance.KindAnswer, At: at, Refers: q.Seq, Board: "UNDER MOSSGROUND",
			Source: seance.SourceOracle, Score: &seance.Score{Seed: 1},
		})
		must(err)
	}
	_, err = s.AddNote(t.Context(), seance.Note{ID: "n1", Person: "soul-quillfeather", Text: "Collects zanzibarite.", At: at})
	must(err)
	_, err = s.AddVisit(t.Context(), seance.Visit{ID: "v1", Person: "soul-quillfeather", Session: "s1", At: at})
	must(err)
	_, err = s.StoreRecap(t.Context(), seance.Recap{Session: "s1", Text: "Quillfeather looked for zanzibarite.", At: at})
	must(err)
	if hits, _, err := s.Search(t.Context(), seance.Search{Query: "zanzibarite"}); err != nil || len(hits) == 0 {
		t.Fatalf("%d hits, %v", len(hits), err)
	}
	words := []string{"quillfeather", "zanzibarite", "mossground"}
	for _, word := range words {
		if holding(t, path, word) == "" {
			t.Fatalf("%q is in no file: this test shows nothing", word)
		}
	}
	n, err := s.ForgetPerson(t.Context(), "soul-quillfeather", false)
	must(err)
	if n.Messages != 2*questions {
		t.Errorf("%d messages were erased, want %d", n.Messages, 2*questions)
	}
	for _, word := range words {
		if name := holding(t, path, word); name != "" {
			t.Errorf("%q is still in %s", word, name)
		}
	}
}

// holding names a file of the database that holds a word, in any case.
func holding(t *testing.T, path, word string) string {
	t.Helper()
	for _, name := range []string{path, path + "-wal"} {
		data, err := os.ReadFile(name)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if bytes.Contains(bytes.ToLower(data), []byte(strings.ToLower(word))) {
			return name
		}
	}
	return ""
}

// Two stores on one file, as a server and a command beside it: both write, nothing is lost, each hears of the other.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	path := empty(t)
	one, two := open(t, path, Options{Exclusive: true}), open(t, path, Options{NoMigrate: true})
	defer one.Close()
	defer two.Close()
	if err := one.OpenSession(t.Context(), seance.Session{ID: "s1", Code: "RAVEN-417"}); err != nil {
		t.Fatal(err)
	}
	before, err := two.Changes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	const each = 200
	done := make(chan error)
	for i, s := range []*Store{one, two} {
		go func() {
			var err error
			for n := 0; n < each && err == nil; n++ {
				if i == 0 {
					_, err = s.Append(t.Context(), seance.Message{
						ID: seance.MessageID(fmt.Sprint("m", n)), Session: "s1", Kind: seance.KindQuestion, Text: "Well?",
					})
				} else {
					_, _, err = s.PinFact(t.Context(), seance.Fact{ID: fmt.Sprint("f", n), Session: "s1", Text: fmt.Sprint("Fact ", n)})
				}
			}
			done <- err
		}()
	}
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	seq, err := two.LastSeq(t.Context(), "s1")
	if err != nil || seq != each {
		t.Errorf("%d messages, %v", seq, err)
	}
	facts := 0
	for after := ""; ; {
		page, next, err := one.Facts(t.Context(), "s1", seance.Page{Limit: 100, After: after})
		if err != nil {
			t.Fatal(err)
		}
		if facts += len(page); next == "" {
			break
		}
		after = next
	}
	if facts != each {
		t.Errorf("%d facts", facts)
	}
	if after, err := two.Changes(t.Context()); err != nil || after == before {
		t.Errorf("changes were %d and are %d (%v)", before, after, err)
	}
}
