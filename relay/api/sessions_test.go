package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"seance/internal/seance"
	"seance/relay/wire"
)

func TestBegin(t *testing.T) {
	var tb *table
	h := open(t, func(o *Options) { tb = o.Hub.(*table) })
	got := h.begin(`, "name": "Friday", "spirit": "bram", "passphrase": "candles", "settings": {"tone": "adult", "whose_hand": false},
		"something_new": {"that": "older servers do not know"}`)

	s := got.Session
	if s.Name != "Friday" || s.Spirit != "bram" || s.State != "open" || s.Locked || s.EndedAt != nil {
		t.Errorf("session %+v", s)
	}
	if want := (seance.Settings{Tone: seance.Adult, Spelling: seance.Short, WhoseHand: false}); s.Settings != want {
		t.Errorf("settings %+v, want %+v", s.Settings, want)
	}
	if p := got.Participant; p.Name != "Ann" || p.Role != seance.Host || p.Candle != 1 {
		t.Errorf("participant %+v", p)
	}
	if want := h.url + "/s/" + s.Code; got.JoinURL != want {
		t.Errorf("join_url %q, want %q", got.JoinURL, want)
	}
	kept, err := h.store.Session(t.Context(), s.Code)
	if err != nil {
		t.Fatal(err)
	}
	if kept.Passphrase == "" || strings.Contains(kept.Passphrase, "candles") {
		t.Errorf("the passphrase is kept as %q", kept.Passphrase)
	}
	if len(tb.began) != 1 || tb.began[0].ID != s.ID {
		t.Errorf("the hub was told that %+v are open, want the session once", tb.began)
	}
	if claims, err := h.keys.Verify(got.Token); err != nil || claims.Participant != got.Participant.ID || claims.Session != s.ID {
		t.Errorf("token says %+v, %v", claims, err)
	}
}

func TestBeginWithLittle(t *testing.T) {
	got := open(t).begin("")
	if s := got.Session; s.Spirit != "ada" || s.Name != "A sitting with Ada" || s.Settings != seance.DefaultSettings() {
		t.Errorf("session %+v", s)
	}
}

// A join link leads where the host's friends can go: not to a loopback address when there is a better one.
func TestJoinLink(t *testing.T) {
	for name, test := range map[string]struct{ public, lan, host, want string }{
		"as the host came":        {"", "", "seance.example", "http://seance.example"},
		"on the host's machine":   {"", "http://192.168.1.20:8000", "localhost:8000", "http://192.168.1.20:8000"},
		"by its address":          {"", "http://192.168.1.20:8000", "127.0.0.1:8000", "http://192.168.1.20:8000"},
		"by IPv6":                 {"", "http://192.168.1.20:8000", "[::1]:8000", "http://192.168.1.20:8000"},
		"by IPv6 on port 80":      {"", "http://192.168.1.20", "[::1]", "http://192.168.1.20"},
		"no network":              {"", "", "localhost:8000", "http://localhost:8000"},
		"in the Wi-Fi":            {"", "http://192.168.1.20:8000", "10.0.0.7:8000", "http://10.0.0.7:8000"},
		"a public address is set": {"https://seance.example", "http://192.168.1.20:8000", "localhost:8000", "https://seance.example"},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t, func(o *Options) { o.PublicURL, o.LANURL = test.public, test.lan })
			got := h.place(h.ask("POST", sessionsRoute, "/api/sessions", `{"host_name":"Ann"}`, "", "Host", test.host), 201)
			if want := test.want + "/s/" + got.Session.Code; got.JoinURL != want {
				t.Errorf("join_url %s, want %s", got.JoinURL, want)
			}
		})
	}
}

// Whatever is wrong with a request to begin, the answer says so in the envelope, and names every field.
func TestBeginRefused(t *testing.T) {
	h := open(t)
	for name, test := range map[string]struct {
		body   string
		status int
		code   wire.ErrorCode
		paths  string
	}{
		"nothing":             {"", 400, wire.CodeBadRequest, ""},
		"not JSON":            {`{"host_name":`, 400, wire.CodeBadRequest, ""},
		"more than JSON":      {`{"host_name":"Ann"} {}`, 400, wire.CodeBadRequest, ""},
		"a list":              {`["Ann"]`, 422, wire.CodeBadRequest, "body host_name"},
		"null":                {`null`, 422, wire.CodeBadRequest, "body host_name"},
		"no name":             {`{}`, 422, wire.CodeBadRequest, "host_name"},
		"name of a type":      {`{"host_name": 7}`, 422, wire.CodeBadRequest, "host_name"},
		"empty name":          {`{"host_name": " \u200b "}`, 422, wire.CodeInvalidName, "host_name"},
		"name of the house":   {`{"host_name": "Spіrit"}`, 422, wire.CodeInvalidName, "host_name"}, // a Cyrillic i
		"long name":           {`{"host_name": "` + strings.Repeat("x", 25) + `"}`, 422, wire.CodeInvalidName, "host_name"},
		"name with a bracket": {`{"host_name": "<Ann>"}`, 422, wire.CodeInvalidName, "host_name"},
		"name that turns":     {`{"host_name": "Ann\u202e"}`, 422, wire.CodeInvalidName, "host_name"},
		"unknown spirit":      {`{"host_name": "Ann", "spirit": "nobody"}`, 422, wire.CodeBadRequest, "spirit"},
		"long title":          {`{"host_name": "Ann", "name": "` + strings.Repeat("x", 61) + `"}`, 422, wire.CodeInvalidText, "name"},
		"long passphrase":     {`{"host_name": "Ann", "passphrase": "` + strings.Repeat("x", 129) + `"}`, 422, wire.CodeBadRequest, "passphrase"},
		"unknown tone":        {`{"host_name": "Ann", "settings": {"tone": "rude", "whose_hand": "yes"}}`, 422, wire.CodeBadRequest, "settings.tone settings.whose_hand"},
		"everything at once":  {`{"host_name": "", "spirit": 3, "settings": {"spelling": 1}, "name": "` + strings.Repeat("x", 61) + `"}`, 422, wire.CodeBadRequest, "spirit settings.spelling host_name name"},
		"too large":           {`{"host_name": "Ann", "more": "` + strings.Repeat("x", maxBody) + `"}`, 413, wire.CodeTooLarge, ""},
		"much too large":      {`{"host_name": "Ann", "more": "` + strings.Repeat("x", roomForMore-100) + `"}`, 413, wire.CodeTooLarge, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := (&house{t: t, url: h.url, judge: h.judge}).ask("POST", sessionsRoute, "/api/sessions", test.body, "")
			if got.Status != test.status || got.code() != test.code {
				t.Errorf("%d %s, want %d %s", got.Status, got.code(), test.status, test.code)
			}
			if !samePaths(got.paths(), test.paths) {
				t.Errorf("details name %q, want %q", got.paths(), test.paths)
			}
		})
	}
	t.Run("other than JSON", func(t *testing.T) {
		got := h.ask("POST", sessionsRoute, "/api/sessions", "host_name=Ann", "", "Content-Type", "application/x-www-form-urlencoded")
		if got.Status != http.StatusUnsupportedMediaType {
			t.Errorf("status %d", got.Status)
		}
	})
	t.Run("too large to be read", func(t *testing.T) {
		got := h.ask("POST", sessionsRoute, "/api/sessions", strings.Repeat("x", 5*roomForMore), "")
		if got.Status != 413 || got.code() != wire.CodeTooLarge {
			t.Errorf("%d %s", got.Status, got.code())
		}
	})
}

func samePaths(got, want string) bool {
	seen := map[string]int{}
	for _, path := range strings.Fields(got) {
		seen[path]++
	}
	for _, path := range strings.Fields(want) {
		seen[path]--
	}
	for _, n := range seen {
		if n != 0 {
			return false
		}
	}
	return true
}

func TestGet(t *testing.T) {
	h := open(t)
	ann := h.begin("")
	for name, key := range map[string]string{
		"by id": string(ann.Session.ID), "by code": ann.Session.Code, "by code in small letters": strings.ToLower(ann.Session.Code),
	} {
		t.Run(name, func(t *testing.T) {
			got := h.ask("GET", sessionRoute, "/api/sessions/"+key, "", "")
			var out found
			if err := json.Unmarshal(got.Data, &out); err != nil || got.Status != 200 || out.Session.Code != ann.Session.Code {
				t.Errorf("%d %s", got.Status, got.Data)
			}
			if strings.Contains(string(got.Data), `"Ann"`) {
				t.Errorf("names without a token: %s", got.Data)
			}
		})
	}
	if got := h.ask("GET", sessionRoute, "/api/sessions/RAVEN-000", "", ""); got.Status != 404 || got.code() != wire.CodeNotFound {
		t.Errorf("unknown session: %d %s", got.Status, got.code())
	}
}

func TestJoin(t *testing.T) {
	h := open(t)
	ann := h.begin("")
	bob := h.place(h.ask("POST", joinRoute, "/api/sessions/"+ann.Session.Code+"/join", `{"name": "  Bob  "}`, ""), 200)
	if p := bob.Participant; p.Name != "Bob" || p.Role != seance.Player || p.Candle != 2 || bob.Session.ID != ann.Session.ID {
		t.Errorf("joined as %+v in %+v", p, bob.Session)
	}
	cat := h.place(h.ask("POST", joinRoute, "/api/sessions/"+ann.Session.Code+"/join", `{"name": "Cat", "role": "spectator"}`, ""), 200)
	if cat.Participant.Role != seance.Spectator {
		t.Errorf("joined as %+v", cat.Participant)
	}
}

// A valid token instead of a name gives the same place back, whatever the host has done to the door since.
func TestRejoin(t *testing.T) {
	var tb *table
	h := open(t, func(o *Options) { tb = o.Hub.(*table) })
	ann := h.begin(`, "passphrase": "candles"`)
	tb.taken = map[seance.SessionID]bool{ann.Session.ID: true}
	for name, body := range map[string]string{"no body": "", "empty": "{}", "another name": `{"name": "Bob"}`} {
		t.Run(name, func(t *testing.T) {
			back := h.place(h.ask("POST", joinRoute, "/api/sessions/"+ann.Session.Code+"/join", body, ann.Token), 200)
			if back.Participant != ann.Participant {
				t.Errorf("came back as %+v, left as %+v", back.Participant, ann.Participant)
			}
			if _, err := h.keys.Verify(back.Token); err != nil {
				t.Errorf("the fresh token: %v", err)
			}
		})
	}
}

func TestJoinRefused(t *testing.T) {
	var tb *table
	h := open(t, func(o *Options) { tb = o.Hub.(*table) })
	open, guarded, full, ended := h.begin(""), h.begin(`, "passphrase": "candles"`), h.begin(""), h.begin("")
	other := h.begin("")
	tb.taken = map[seance.SessionID]bool{full.Session.ID: true}
	locked := seance.Session{
		ID: seance.SessionID(newID()), Code: "LOCKED-100", Locked: true, Spirit: "ada", Settings: seance.DefaultSettings(),
		StartedAt: time.Now().UTC(),
	}
	if err := h.store.OpenSession(t.Context(), locked); err != nil {
		t.Fatal(err)
	}
	h.ask("DELETE", sessionRoute, "/api/sessions/"+ended.Session.Code, "", ended.Token)

	for name, test := range map[string]struct {
		key, body, bearer string
		status            int
		code              wire.ErrorCode
		paths             string
	}{
		"nothing":                {open.Session.Code, "", "", 422, wire.CodeInvalidName, "name"},
		"not JSON":               {open.Session.Code, "{", "", 400, wire.CodeBadRequest, ""},
		"no name":                {open.Session.Code, "{}", "", 422, wire.CodeInvalidName, "name"},
		"types":                  {open.Session.Code, `{"name": [], "role": 1, "passphrase": {}}`, "", 422, wire.CodeBadRequest, "name role passphrase"},
		"as host":                {open.Session.Code, `{"name": "Bob", "role": "host"}`, "", 422, wire.CodeBadRequest, "role"},
		"name of the house":      {open.Session.Code, `{"name": "Admin"}`, "", 422, wire.CodeInvalidName, "name"},
		"unknown":                {"RAVEN-000", `{"name": "Bob"}`, "", 404, wire.CodeNotFound, ""},
		"locked":                 {locked.Code, `{"name": "Bob"}`, "", 403, wire.CodeSessionLocked, ""},
		"without passphrase":     {guarded.Session.Code, `{"name": "Bob"}`, "", 403, wire.CodeWrongPassphrase, ""},
		"wrong passphrase":       {guarded.Session.Code, `{"name": "Bob", "passphrase": "Candles"}`, "", 403, wire.CodeWrongPassphrase, ""},
		"right passphrase":       {guarded.Session.Code, `{"name": "Bob", "passphrase": "candles"}`, "", 200, "", ""},
		"full":                   {full.Session.Code, `{"name": "Bob"}`, "", 409, wire.CodeSessionFull, ""},
		"room for a spectator":   {full.Session.Code, `{"name": "Bob", "role": "spectator"}`, "", 200, "", ""},
		"ended":                  {ended.Session.Code, `{"name": "Bob"}`, "", 410, wire.CodeSessionEnded, ""},
		"ended, coming back":     {ended.Session.Code, "", ended.Token, 410, wire.CodeSessionEnded, ""},
		"a bad token":            {open.Session.Code, `{"name": "Bob"}`, "nonsense", 401, wire.CodeUnauthorized, ""},
		"another one's token":    {open.Session.Code, "", other.Token, 403, wire.CodeForbidden, ""},
		"a token, no such thing": {"RAVEN-000", "", other.Token, 404, wire.CodeNotFound, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := (&house{t: t, url: h.url, judge: h.judge}).ask("POST", joinRoute, "/api/sessions/"+test.key+"/join", test.body, test.bearer)
			if got.Status != test.status || got.code() != test.code || got.paths() != test.paths && !samePaths(got.paths(), test.paths) {
				t.Errorf("%d %s %q, want %d %s %q", got.Status, got.code(), got.paths(), test.status, test.code, test.paths)
			}
		})
	}
}

func TestEnd(t *testing.T) {
	h := open(t)
	ann := h.begin("")
	path := "/api/sessions/" + ann.Session.Code
	bob := h.place(h.ask("POST", joinRoute, path+"/join", `{"name": "Bob"}`, ""), 200)
	if got := h.ask("DELETE", sessionRoute, path, "", bob.Token); got.Status != 403 || got.code() != wire.CodeForbidden {
		t.Errorf("a player ends it: %d %s", got.Status, got.code())
	}
	for range 2 { // again is fine
		if got := h.ask("DELETE", sessionRoute, path, "", ann.Token); got.Status != 200 || string(got.Data) != "{}" {
			t.Errorf("the host ends it: %d %s", got.Status, got.Data)
		}
	}
	got := h.ask("GET", sessionRoute, path, "", "")
	var out found
	if err := json.Unmarshal(got.Data, &out); err != nil || out.Session.State != "ended" || out.Session.EndedAt == nil {
		t.Errorf("afterwards: %s", got.Data)
	}
	if got := h.ask("GET", historyRoute, path+"/history", "", bob.Token); got.Status != 200 || !strings.Contains(string(got.Data), `"session_ended"`) {
		t.Errorf("the history afterwards: %d %s", got.Status, got.Data)
	}
}

// A code that is taken is drawn again; nobody hears of it.
func TestCodeTaken(t *testing.T) {
	h := open(t)
	seen := map[string]bool{}
	for range 40 {
		code := h.begin("").Session.Code
		if seen[code] {
			t.Fatalf("code %s twice", code)
		}
		seen[code] = true
	}
}

func TestWrongPassphrases(t *testing.T) {
	h := open(t, func(o *Options) { o.Limits.Passphrase = &countdown{left: 2} })
	ann := h.begin(`, "passphrase": "candles"`)
	try := func(passphrase string) said {
		return h.ask("POST", joinRoute, "/api/sessions/"+ann.Session.Code+"/join", fmt.Sprintf(`{"name": "Bob", "passphrase": %q}`, passphrase), "")
	}
	for i, test := range []struct {
		said   string
		status int
	}{
		{"", 403}, {"", 403}, {"", 403}, // not guesses
		{"candle", 403}, {"candles", 200}, {"wax", 403}, {"wick", 429}, {"candles", 429},
	} {
		got := try(test.said)
		if got.Status != test.status {
			t.Errorf("try %d with %q: %d, want %d", i, test.said, got.Status, test.status)
		}
		if (got.Header.Get("Retry-After") != "") != (test.status == 429) {
			t.Errorf("try %d: Retry-After %q", i, got.Header.Get("Retry-After"))
		}
	}
}

// countdown allows what is left, and then nothing for a minute.
type countdown struct{ left int }

func (c *countdown) Allow(string) (time.Duration, bool) {
	c.left--
	return time.Minute, c.left >= 0
}
