package api

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"seance/internal/seance"
	"seance/relay/wire"
)

var update = flag.Bool("update", false, "write the golden files anew")

// evening is a sitting over midnight, with everything in it that can happen.
func evening(t *testing.T) (*house, seated) {
	t.Helper()
	h := open(t)
	at := func(hour, minute int) time.Time { return time.Date(2026, 11, 22, hour, minute, 0, 0, time.UTC) }
	session := seance.Session{
		ID: seance.SessionID(newID()), Code: "RAVEN-417", Name: "Friday *night* at #9", Spirit: "ada",
		Settings: seance.DefaultSettings(), StartedAt: at(22, 58),
	}
	if err := h.store.OpenSession(t.Context(), session); err != nil {
		t.Fatal(err)
	}
	s := &Server{store: h.store, tokens: h.keys}
	sit := func(name string, role seance.Role) seated {
		p, token, err := s.seat(t.Context(), session, name, role, "")
		if err != nil {
			t.Fatal(err)
		}
		return seated{Session: wire.SessionOf(session, 0), Participant: wire.ParticipantOf(p), Token: token}
	}
	ann, bob := sit("Ann_B_", seance.Host), sit("Bob", seance.Player)
	sit("Cat", seance.Spectator)
	says := func(when time.Time, m seance.Message) seance.Message {
		m.At = when
		return h.says(ann, m)
	}
	asks := func(when time.Time, who seated, text string) seance.Message {
		return says(when, seance.Message{Kind: seance.KindQuestion, Participant: who.Participant.ID, Text: text})
	}
	answers := func(when time.Time, q uint64, board string, source seance.Source) seance.Message {
		return says(when, seance.Message{
			Kind: seance.KindAnswer, Refers: q, Board: board, Source: source, Score: &seance.Score{Stops: []seance.Stop{}},
		})
	}
	whispers := func(when time.Time, a seance.Message, text string) {
		says(when, seance.Message{Kind: seance.KindWhisper, Refers: a.Seq, Text: text})
	}

	first := asks(at(23, 1), ann, "Who is there?")
	second := asks(at(23, 1), bob, "Is <b>this</b> a _trap_, see https://evil.example/ or [here](x)?")
	a := answers(at(23, 1), first.Seq, "ONLY ME", seance.SourceOracle)
	whispers(at(23, 1), a, "I kept the clocks of this street for forty years, and I have never known one of them to "+
		"run backwards, whatever the neighbours will have told you.\nNot one.")
	a = answers(at(23, 2), second.Seq, "NO", seance.SourceModel)
	whispers(at(23, 2), a, "1. Traps have springs.")
	answers(at(23, 30), 0, "COLD", seance.SourceInitiative)

	gone := says(at(23, 40), seance.Message{Kind: seance.KindQuestion, Participant: bob.Participant.ID, Text: "SECRET", Erased: true})
	lost := says(at(23, 41), seance.Message{Kind: seance.KindAnswer, Refers: gone.Seq, Board: "SECRET", Erased: true})
	says(at(23, 41), seance.Message{Kind: seance.KindWhisper, Refers: lost.Seq, Text: "SECRET", Erased: true})

	asks(at(24, 3), bob, "Will\u202e you \x1b[31mstay")
	says(at(24, 5), seance.Message{Kind: seance.KindEnd, Text: string(seance.EndedByGoodbye)})
	return h, ann
}

func TestTranscript(t *testing.T) {
	h, ann := evening(t)
	path := "/api/sessions/" + ann.Session.Code + "/transcript"
	for _, test := range []struct{ query, mime, name string }{
		{"", "text/markdown; charset=utf-8", "md"},
		{"?format=md", "text/markdown; charset=utf-8", "md"},
		{"?format=txt", "text/plain; charset=utf-8", "txt"},
	} {
		status, header, body := h.send("GET", path+test.query, nil, ann.Token)
		if status != 200 || header.Get("Content-Type") != test.mime ||
			header.Get("Content-Disposition") != `attachment; filename="seance-RAVEN-417.`+test.name+`"` {
			t.Errorf("%q: %d %v", test.query, status, header)
		}
		golden := filepath.Join("testdata", "keepsake."+test.name)
		if *update {
			if err := os.WriteFile(golden, body, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if string(body) != string(want) {
			t.Errorf("%q is not as in %s:\n%s", test.query, golden, body)
		}
		if strings.Contains(string(body), "SECRET") {
			t.Errorf("%q tells what was erased", test.query)
		}
	}
}

func TestTranscriptJSON(t *testing.T) {
	h, ann := evening(t)
	path := "/api/sessions/" + ann.Session.Code
	got := h.ask("GET", transcriptRoute, path+"/transcript?format=json", "", ann.Token)
	if cd := got.Header.Get("Content-Disposition"); got.Status != 200 || cd != `attachment; filename="seance-RAVEN-417.json"` {
		t.Errorf("%d %q", got.Status, cd)
	}
	var kept struct {
		Session      wire.Session
		Participants []wire.Participant
		Messages     []json.RawMessage
	}
	if err := json.Unmarshal(got.Data, &kept); err != nil {
		t.Fatal(err)
	}
	if kept.Session.Code != "RAVEN-417" || kept.Session.EndedAt == nil || len(kept.Participants) != 3 || kept.Participants[0] != ann.Participant {
		t.Errorf("kept %+v of %+v", kept.Participants, kept.Session)
	}
	var read struct{ Messages []json.RawMessage }
	if err := json.Unmarshal(h.ask("GET", historyRoute, path+"/history?limit=200", "", ann.Token).Data, &read); err != nil {
		t.Fatal(err)
	}
	if len(kept.Messages) != len(read.Messages) || len(kept.Messages) == 0 {
		t.Fatalf("%d messages are kept, the history has %d", len(kept.Messages), len(read.Messages))
	}
	for i := range kept.Messages {
		if a, b := compact(t, kept.Messages[i]), compact(t, read.Messages[i]); a != b {
			t.Errorf("message %d is kept as %s, the history has %s", i, a, b)
		}
	}
	if strings.Contains(string(got.Data), "SECRET") {
		t.Error("it tells what was erased")
	}
}

func compact(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	v, err := decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(again)
}

func TestTranscriptRefused(t *testing.T) {
	h := open(t)
	ann := h.begin("")
	path := "/api/sessions/" + ann.Session.Code + "/transcript"
	for query, status := range map[string]int{"?format=pdf": 422, "?format=": 200, "?format=MD": 422, "?format=json&format=md": 200} {
		if got, _, body := h.send("GET", path+query, nil, ann.Token); got != status {
			t.Errorf("%q: %d %s, want %d", query, got, body, status)
		}
	}
	if got := h.ask("GET", transcriptRoute, path+"?format=pdf", "", ann.Token); got.code() != wire.CodeBadRequest || got.paths() != "format" {
		t.Errorf("%s %q", got.code(), got.paths())
	}
}

// A sitting of which there is little to tell is told all the same.
func TestShortTranscript(t *testing.T) {
	h := open(t)
	ann := h.begin(`, "name": "Quiet"`)
	path := "/api/sessions/" + ann.Session.Code + "/transcript?format="
	for format, words := range map[string][]string{
		"md":  {"# Quiet\n", "Ada was summoned on ", "and is still here.", "At the table: Ann (host).", "*Nobody asked anything.*"},
		"txt": {"QUIET\n", "Ada was summoned on ", "Nobody asked anything.\n"},
	} {
		_, _, body := h.send("GET", path+format, nil, ann.Token)
		for _, word := range words {
			if !strings.Contains(string(body), word) {
				t.Errorf("%s lacks %q:\n%s", format, word, body)
			}
		}
	}
}

func TestEscape(t *testing.T) {
	for said, want := range map[string]string{
		"plain words, (as such): \"yes\" - 1. no!": "plain words, (as such): \"yes\" - 1. no!",
		"*a* _b_ `c` ~~d~~ |e|":                    "\\*a\\* \\_b\\_ \\`c\\` \\~\\~d\\~\\~ \\|e\\|",
		"[a](b) ![c](d) <e> &amp; \\f":             "\\[a\\](b) !\\[c\\](d) \\<e\\> \\&amp; \\\\f",
		"# a":                                      "\\# a",
		"> a":                                      "\\> a",
		"- a":                                      "\\- a",
		"+ a":                                      "\\+ a",
		"=== a":                                    "\\=== a",
		"12. a":                                    "12\\. a",
		"1) a":                                     "1\\) a",
		"see http://a.b and WWW.a.b":               "see http:\\//a.b and WWW\\.a.b",
		"$x$":                                      "\\$x\\$",
		"Þóra 👻":                                   "Þóra 👻",
		"":                                         "",
	} {
		if got := escape(said); got != want {
			t.Errorf("%q becomes %q, want %q", said, got, want)
		}
	}
}
