package main

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"seance/internal/bench"
	"seance/internal/seance"
	"seance/internal/store"
	"seance/relay/wire"
	"seance/spirit"
	"seance/spirit/oracle"
	"seance/steering"

	kiro "seance"
)

// The whole way of somebody who comes back: what they asked is noted if they agreed, they are greeted with it in another
// sitting, and once they want to be forgotten nothing of it is left, in memory or in the database's files.
func TestReturning(t *testing.T) {
	dir := t.TempDir()
	archive, err := store.Open(t.Context(), "sqlite:"+filepath.Join(dir, "seance.db"), store.Options{Exclusive: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = archive.Close() }()
	library, err := steering.Open(steering.Options{Embedded: kiro.Documents})
	if err != nil {
		t.Fatal(err)
	}
	// evening is a sitting of Mara's, with what the house makes of it; over ends it with everything written down.
	evening := func(code string) (s *sitting, over func()) {
		t.Helper()
		box, err := openToolbox(t.Context(), archive, "test", nil)
		if err != nil {
			t.Fatal(err)
		}
		spirits := (&config{}).newMedium(&minds{last: oracle.New()}, circle{personas: library, memory: box, observe: box.Log})
		s = &sitting{store: archive, medium: noting{spirits, box}, session: seance.Session{
			ID: seance.SessionID(newID()), Code: code, Spirit: library.Personas()[0].ID, Seed: 417,
			Settings: seance.DefaultSettings(), StartedAt: time.Now(),
		}}
		if err := archive.OpenSession(t.Context(), s.session); err != nil {
			t.Fatal(err)
		}
		mara, err := archive.Enrol(t.Context(), seance.Participant{
			ID: seance.ParticipantID(newID()), Session: s.session.ID, Name: "Mara", Role: seance.Host, Soul: "soul-1", JoinedAt: time.Now(),
		})
		if err != nil {
			t.Fatal(err)
		}
		s.present = []seance.Participant{mara}
		occasions{box}.Happened(seance.Occasion{
			ID: string(s.session.ID) + "/joined", Trigger: seance.ParticipantJoined, At: time.Now(), Session: s.session, Participant: &mara,
		})
		return s, func() {
			if err := spirits.Close(t.Context()); err != nil {
				t.Error(err)
			}
			if err := box.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	// greeted is what she hears when she sits down, and with the answer to a first question.
	greeted := func(code string) string {
		t.Helper()
		s, over := evening(code)
		defer over()
		var heard []string
		if err := s.medium.Answer(t.Context(), seance.Question{Session: s.session, Present: s.present, Initiative: &seance.Initiative{
			Key: "greet", Prompt: "Greet them.", Occasion: seance.Occasion{Trigger: seance.ParticipantJoined, Participant: &s.present[0]},
		}}, func(p seance.Part) error { heard = append(heard, p.Text); return nil }); err != nil {
			t.Fatal(err)
		}
		said, err := s.ask(t.Context(), "Is it cold where you are?")
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(append(heard, said.Whisper), " / ")
	}
	agree := func(consent bool) {
		t.Helper()
		p := seance.Person{ID: "soul-1", Name: "Mara", Consent: consent, CreatedAt: time.Now(), SeenAt: time.Now()}
		if _, _, err := archive.Remember(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	const question = "Where is my grey Thimble?"
	asks := func(code string) string {
		t.Helper()
		s, over := evening(code)
		defer over()
		said, err := s.ask(t.Context(), question)
		if err != nil || said.Source != seance.SourceOracle {
			t.Fatalf("%+v, %v", said, err)
		}
		return said.Board
	}

	asks("RAVEN-100")
	if heard := greeted("RAVEN-101"); strings.Contains(heard, "Last time") {
		t.Errorf("she did not agree, and hears %q", heard)
	}
	agree(true)
	told := asks("RAVEN-102")
	want := "Last time you asked where your grey Thimble was. I spelled " + told + "."
	if heard := greeted("RAVEN-103"); strings.Count(heard, want) != 2 {
		t.Errorf("she hears %q, want %q twice", heard, want)
	}
	responses, _, err := archive.Responses(t.Context(), seance.ResponseQuery{})
	if err != nil || len(responses) != 6 || responses[0].PromptVersion != spirit.PromptVersion {
		t.Errorf("%d responses are logged, %v, want one for each answer", len(responses), err)
	}

	if _, err := archive.ForgetPerson(t.Context(), "soul-1", false); err != nil {
		t.Fatal(err)
	}
	if heard := greeted("RAVEN-104"); strings.Contains(heard, "Last time") || strings.Contains(heard, "Thimble") {
		t.Errorf("she is forgotten, and hears %q", heard)
	}
	files, err := filepath.Glob(filepath.Join(dir, "seance.db*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		held, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(bytes.ToLower(held), []byte("thimble")) {
			t.Errorf("%s holds what she asked", filepath.Base(file))
		}
	}
}

// The same with the real program and its doors: somebody who agrees after a question is greeted with it another evening,
// as soon as they sit down, and as a stranger once they were forgotten.
func TestGreetedByTheWholeProgram(t *testing.T) {
	server := started(t, bench.ServerOptions{Data: t.TempDir(), Env: []string{"SEANCE_HOOKS=on", "SEANCE_TEMPO=0.05"}})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	first := sitDown(ctx, t, server.Address)
	asked := first.ask(ctx, t, "Where is the silver thimble?")
	var made struct{ Soul string }
	if err := rest(ctx, http.MethodPost, server.Address+"/api/soul", first.Token, "", &made); err != nil || made.Soul == "" {
		t.Fatalf("the soul is %q, %v", made.Soul, err)
	}
	// greeted is what somebody with the secret hears when they sit down somewhere else.
	greeted := func() string {
		t.Helper()
		g := &guest{}
		if err := rest(ctx, http.MethodPost, server.Address+"/api/sessions", "", `{"host_name":"Ann","soul":"`+made.Soul+`"}`, &g.place); err != nil {
			t.Fatal(err)
		}
		g.board = sit(ctx, t, server.Address, wire.Plain, g.Token, nil)
		defer g.board.Cut()
		line := heard(ctx, t, g.board, wire.EventSpiritResponse, nil)
		whisper := heard(ctx, t, g.board, wire.EventSpiritWhisper, nil)
		return string(line.Data) + string(whisper.Data)
	}
	for noted := 0; noted == 0; time.Sleep(20 * time.Millisecond) { // it is written down beside the answer, by another process
		var known struct{ Notes []struct{ Text string } }
		if err := rest(ctx, http.MethodGet, server.Address+"/api/soul", first.Token, "", &known); err != nil {
			t.Fatal(err)
		}
		noted = len(known.Notes)
	}
	if got := greeted(); !strings.Contains(got, "silver thimble") {
		t.Errorf("she asked where the silver thimble was, heard %s, and is greeted with %s", asked.Board, got)
	}
	if err := rest(ctx, http.MethodDelete, server.Address+"/api/soul", first.Token, "", new(any)); err != nil {
		t.Fatal(err)
	}
	g := &guest{}
	if err := rest(ctx, http.MethodPost, server.Address+"/api/sessions", "", `{"host_name":"Ann","soul":"`+made.Soul+`"}`, &g.place); err != nil {
		t.Fatal(err)
	}
	g.board = sit(ctx, t, server.Address, wire.Plain, g.Token, nil)
	defer g.board.Cut()
	if said := string(heard(ctx, t, g.board, wire.EventSpiritResponse, nil).Data); !strings.Contains(said, "initiative") || strings.Contains(said, "BACK") {
		t.Errorf("a stranger is greeted with %s", said)
	}
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	faultless(t, server.Log())
}
