package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"seance/internal/seance"
	"seance/internal/wireclient"
	"seance/relay/wire"
)

// tells makes one request that is expected to work, and reads its data.
func (w *whole) tells(method, path, body, authorization string, to any) string {
	w.t.Helper()
	req, err := http.NewRequest(method, w.url+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	if res.StatusCode >= 300 {
		w.t.Fatalf("%s %s: %d %s", method, path, res.StatusCode, raw)
	}
	if to != nil {
		if err := json.Unmarshal(raw, &struct{ Data any }{to}); err != nil {
			w.t.Fatal(err)
		}
	}
	return string(raw)
}

// A guest is what create and join tell somebody.
type guest struct {
	Session     wire.Session
	Participant wire.Participant
	Token       string
	Known       bool
}

func (w *whole) guest(path, body string) (g guest) {
	w.t.Helper()
	w.tells("POST", path, body, "", &g)
	return g
}

// A memoir is what GET /api/soul tells.
type memoir struct {
	Remembered bool
	Name       string
	Since      *int64
	Sittings   []struct{ Code, Name, Spirit string }
	Notes      []struct{ Text string }
	Questions  []struct{ Code, Text, Answer string }
	Next       *string
}

func (w *whole) memoir(query, authorization string) (m memoir) {
	w.t.Helper()
	w.tells("GET", "/api/soul"+query, "", authorization, &m)
	return m
}

func (w *whole) agrees(g guest) string {
	w.t.Helper()
	var out struct{ Soul string }
	w.tells("POST", "/api/soul", "", "Bearer "+g.Token, &out)
	if len(out.Soul) < 22 {
		w.t.Fatalf("a secret of %d characters", len(out.Soul))
	}
	return out.Soul
}

// soulOf is who the store takes a guest for.
func (w *whole) soulOf(g guest) string {
	w.t.Helper()
	p, err := w.store.Participant(w.t.Context(), g.Session.ID, g.Participant.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return p.Soul
}

func TestASoulComesBack(t *testing.T) {
	w := serve(t)
	mara := w.guest("/api/sessions", `{"host_name": "Mara"}`)
	if mara.Known || w.soulOf(mara) != "" {
		t.Error("somebody is remembered who was not asked")
	}
	if m := w.memoir("", "Bearer "+mara.Token); m.Remembered || m.Since != nil || len(m.Sittings) != 1 {
		t.Errorf("of her seat alone: %+v", m)
	}
	secret := w.agrees(mara)
	again := w.guest("/api/sessions", `{"host_name": "M.", "soul": "`+secret+`"}`)
	joined := w.guest("/api/sessions/"+mara.Session.Code+"/join", `{"name": "Mara K", "soul": "`+secret+`"}`)
	if !again.Known || !joined.Known || w.soulOf(again) != w.soulOf(mara) || w.soulOf(joined) != w.soulOf(mara) {
		t.Errorf("known %v and %v, as %q and %q", again.Known, joined.Known, w.soulOf(again), w.soulOf(joined))
	}
	var back guest
	w.tells("POST", "/api/sessions/"+mara.Session.Code+"/join", "", "Bearer "+mara.Token, &back)
	if !back.Known {
		t.Error("her old seat does not know her")
	}
	for _, other := range []guest{
		w.guest("/api/sessions", `{"host_name": "Mara"}`),
		w.guest("/api/sessions", `{"host_name": "Mara", "soul": "not the secret"}`),
		w.guest("/api/sessions/"+mara.Session.Code+"/join", `{"name": "Mara", "soul": ""}`),
	} {
		if other.Known || w.soulOf(other) != "" {
			t.Errorf("%+v is taken for her", other)
		}
	}
	m := w.memoir("", "Soul "+secret)
	if !m.Remembered || m.Name != "Mara" || m.Since == nil || len(m.Sittings) != 2 {
		t.Errorf("remembered: %+v", m)
	}

	renewed := w.agrees(again)
	if renewed == secret || w.guest("/api/sessions", `{"host_name": "Mara", "soul": "`+secret+`"}`).Known {
		t.Error("the old secret is good still")
	}
	if !w.guest("/api/sessions", `{"host_name": "Mara", "soul": "`+renewed+`"}`).Known {
		t.Error("the new secret is not good")
	}
	who := w.soulOf(mara)
	if _, _, err := w.store.Remember(t.Context(), seance.Person{ID: who}); err != nil { // an admin takes her consent back
		t.Fatal(err)
	}
	if w.guest("/api/sessions", `{"host_name": "Mara", "soul": "`+renewed+`"}`).Known {
		t.Error("she is known without her consent")
	}
}

func TestASoulAtOnce(t *testing.T) {
	w := serve(t)
	mara := w.guest("/api/sessions", `{"host_name": "Mara"}`)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { w.ask("POST", "/api/soul", "", mara.Token) })
	}
	all.Wait()
	people, _, err := w.store.Persons(t.Context(), seance.PersonQuery{})
	if err != nil || len(people) != 1 {
		t.Errorf("she has become %d people (%v)", len(people), err)
	}
}

func TestWhatIsRememberedInPages(t *testing.T) {
	w := serve(t)
	s := w.sitting()
	w.tells("POST", "/api/soul", "", "Bearer "+s.tokens["host"], nil)
	p, err := w.store.Session(t.Context(), strings.TrimPrefix(s.path, "/api/sessions/"))
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range []string{"Two?", "Three?"} {
		if _, err := w.store.Append(t.Context(), seance.Message{
			ID: seance.MessageID(newID()), Session: p.ID, Kind: seance.KindQuestion, Participant: s.ids["host"], Text: text,
			At: time.Now().Add(time.Duration(i+1) * time.Second),
		}); err != nil {
			t.Fatal(err)
		}
	}
	bearer := "Bearer " + s.tokens["host"]
	first := w.memoir("?limit=2", bearer)
	if len(first.Questions) != 2 || first.Questions[0].Text != "Three?" || first.Next == nil {
		t.Fatalf("first page %+v", first)
	}
	last := w.memoir("?limit=2&after="+*first.Next, bearer)
	if len(last.Questions) != 1 || last.Questions[0].Answer != "NO" || last.Next != nil || last.Questions[0].Code != p.Code {
		t.Errorf("last page %+v", last)
	}
	for query, want := range map[string]int{"?limit=0": 422, "?limit=101": 422, "?after=nonsense": 400} {
		if status, _, _ := w.ask("GET", "/api/soul"+query, "", s.tokens["host"]); status != want {
			t.Errorf("%s: %d, want %d", query, status, want)
		}
	}
}

func TestWithoutSeatOrSecret(t *testing.T) {
	w := serve(t)
	mara := w.guest("/api/sessions", `{"host_name": "Mara"}`)
	w.agrees(mara)
	for _, authorization := range []string{"Soul ", "Soul nobody", "Soul " + mara.Token, "Basic x"} {
		for _, method := range []string{"GET", "DELETE"} {
			req, err := http.NewRequest(method, w.url+"/api/soul", nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", authorization)
			res, err := http.DefaultTransport.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			if err := res.Body.Close(); err != nil || res.StatusCode != http.StatusUnauthorized {
				t.Errorf("%s with %.8s: %d (%v)", method, authorization, res.StatusCode, err)
			}
		}
	}
}

// Who is forgotten leaves every board, the history, the transcript, the search and the files, and keeps the seat.
func TestForgottenEverywhere(t *testing.T) {
	var logged safe
	w := serveWith(t, slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug})))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	mara := w.guest("/api/sessions", `{"host_name": "Quillfeather"}`)
	secret := w.agrees(mara)
	bob := w.guest("/api/sessions/"+mara.Session.Code+"/join", `{"name": "Bob"}`)
	hers, his := w.dials(ctx, wire.Plain), w.dials(ctx, wire.SocketIO)
	defer hers.Cut()
	defer his.Cut()
	if _, err := hers.Join(ctx, mara.Token, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := his.Join(ctx, bob.Token, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := hers.Call(ctx, wire.CallSend, map[string]any{"message_id": "m1", "text": "Where is the zanzibarite?"}); err != nil {
		t.Fatal(err)
	}
	w.awaits(ctx, his.Events(), wire.EventSpiritResponse)
	if m := w.memoir("", "Soul "+secret); len(m.Questions) != 1 || m.Questions[0].Answer != "YES" {
		t.Errorf("remembered: %+v", m)
	}

	w.tells("DELETE", "/api/soul", "", "Soul "+secret, nil)
	var erased wire.MessagesErased
	if err := json.Unmarshal(w.awaits(ctx, his.Events(), wire.EventMessagesErased), &erased); err != nil {
		t.Fatal(err)
	}
	if len(erased.Seqs) != 2 || len(erased.ParticipantIDs) != 1 || erased.ParticipantIDs[0] != mara.Participant.ID {
		t.Errorf("boards are told %+v", erased)
	}
	late := w.dials(ctx, wire.Plain)
	defer late.Cut()
	welcome, err := late.Join(ctx, bob.Token, nil)
	if err != nil {
		t.Fatal(err)
	}
	shown, err := json.Marshal(welcome)
	if err != nil {
		t.Fatal(err)
	}
	shown = append(shown, w.awaits(ctx, late.Events(), wire.EventQuestionAsked)...)
	told := string(shown)
	for _, path := range []string{"/history", "/transcript", "/transcript?format=txt", "/transcript?format=json"} {
		told += w.tells("GET", "/api/sessions/"+mara.Session.Code+path, "", "Bearer "+mara.Token, nil)
	}
	if !strings.Contains(told, seance.Nameless) || !strings.Contains(told, `"erased":true`) {
		t.Errorf("what is left is not told: %s", told)
	}
	hits, _, err := w.store.Search(ctx, seance.Search{Query: "zanzibarite"})
	if err != nil || len(hits) != 0 {
		t.Errorf("%d hits (%v)", len(hits), err)
	}
	for _, name := range []string{w.path, w.path + "-wal"} {
		data, err := os.ReadFile(name)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		told += string(data)
	}
	told += logged.String()
	for _, word := range []string{"quillfeather", "zanzibarite", secret} {
		if strings.Contains(strings.ToLower(told), strings.ToLower(word)) {
			t.Errorf("%q is still to be found", word)
		}
	}
	if logged.String() == "" {
		t.Error("nothing was logged: this test shows less than it says")
	}

	// She sits there still, may ask, and is nobody that could be remembered.
	if _, err := hers.Call(ctx, wire.CallSend, map[string]any{"message_id": "m2", "text": "Am I still here?"}); err != nil {
		t.Error(err)
	}
	if status, code, _ := w.ask("POST", "/api/soul", "", mara.Token); status != 403 || code != wire.CodeForbidden {
		t.Errorf("remembering the nameless: %d %s", status, code)
	}
	if w.guest("/api/sessions", `{"host_name": "Mara", "soul": "`+secret+`"}`).Known {
		t.Error("the secret is good still")
	}
	w.tells("DELETE", "/api/soul", "", "Bearer "+mara.Token, nil) // again, now of the seat alone
	if m := w.memoir("", "Bearer "+mara.Token); m.Remembered || m.Name != "" || len(m.Questions) != 0 {
		t.Errorf("left of the seat: %+v", m)
	}
}

// awaits is the data of the next event of a name.
func (w *whole) awaits(ctx context.Context, events <-chan wireclient.Event, name string) json.RawMessage {
	w.t.Helper()
	for {
		select {
		case ev := <-events:
			if ev.Name == name {
				return ev.Data
			}
		case <-ctx.Done():
			w.t.Fatalf("no %s came", name)
		}
	}
}

// safe is a log that is written by many.
type safe struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (s *safe) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.Write(p)
}

func (s *safe) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.String()
}
