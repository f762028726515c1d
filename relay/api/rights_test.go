package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"seance/internal/broker"
	"seance/internal/limit"
	"seance/internal/seance"
	"seance/internal/store/inmem"
	"seance/internal/token"
	"seance/internal/wireclient"
	"seance/relay"
	"seance/relay/api"
	"seance/relay/wire"
	"seance/relay/ws"
	"seance/steering"
)

// A whole is the public side as it is served, with real rooms behind it.
type whole struct {
	t     *testing.T
	url   string
	store *inmem.Store
	keys  *token.Keys
	codes int
}

// yes is a spirit of one word.
type yes struct{}

func (yes) Personas() []steering.Persona {
	return []steering.Persona{{ID: "ada", Title: "Ada", Lang: "en"}}
}

func (yes) Admit(_ context.Context, q seance.Question) (seance.Admission, error) {
	return seance.Admission{Text: q.Message.Text}, nil
}

func (yes) Answer(_ context.Context, _ seance.Question, say func(seance.Part) error) error {
	return say(seance.Part{Kind: seance.PartBoard, Text: "YES", Source: seance.SourceOracle})
}

func serve(t *testing.T) *whole {
	t.Helper()
	keys, err := token.New(token.Options{Secret: []byte("a secret for tests, and long enough")})
	if err != nil {
		t.Fatal(err)
	}
	store := inmem.New()
	hub := relay.NewHub(relay.Options{
		Journal: store, Register: store, Ratings: store, Watch: store, Broker: broker.NewMemory(), Medium: yes{},
		Limits: relay.Limits{Off: true}, Tempo: 0.05,
	})
	server, err := api.New(api.Options{
		Store: store, Hub: hub, Tokens: keys, Personas: yes{}, Version: "test",
		Limits: api.Limits{Passphrase: limit.New(limit.Rate{N: 5, Per: time.Minute})},
	})
	if err != nil {
		t.Fatal(err)
	}
	sockets := ws.Mount(server.App(), ws.Options{Hub: hub, Tokens: keys})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	live, leave := context.WithCancel(context.Background())
	rooms, served := make(chan error, 1), make(chan error, 1)
	go func() { rooms <- hub.Run(live) }()
	go func() { served <- server.Serve(ln) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		leave()
		http.DefaultClient.CloseIdleConnections()
		if err := errors.Join(<-rooms, sockets.Close(ctx), server.Shutdown(ctx), <-served); err != nil {
			t.Error(err)
		}
	})
	return &whole{t: t, url: "http://" + ln.Addr().String(), store: store, keys: keys}
}

// ask makes one request, with a token if there is one.
func (w *whole) ask(method, path, body, bearer string) (int, wire.ErrorCode, http.Header) {
	w.t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	req, err := http.NewRequest(method, w.url+path, reader)
	if err != nil {
		w.t.Fatal(err)
	}
	if bearer != "" {
		req.Header.Set("Authorization", "Bearer "+bearer)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	var said struct{ Error *wire.Error }
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	if res.StatusCode >= 300 {
		if err := json.Unmarshal(raw, &said); err != nil || said.Error == nil {
			w.t.Fatalf("%s %s: %d %q is no refusal: %v", method, path, res.StatusCode, raw, err)
		}
		return res.StatusCode, said.Error.Code, res.Header
	}
	return res.StatusCode, "", res.Header
}

// actors are who try everything.
var actors = []string{"nobody", "player", "spectator", "host", "kicked", "foreign", "expired"}

// A sitting is a session with all of them around it, and an answer at seq 2.
type sitting struct {
	path   string
	tokens map[string]string // by actor; nobody has none
	ids    map[string]seance.ParticipantID
}

func (w *whole) sitting() sitting {
	w.t.Helper()
	session, elsewhere := w.begins(), w.begins()
	s := sitting{path: "/api/sessions/" + session.Code, tokens: map[string]string{}, ids: map[string]seance.ParticipantID{}}
	for actor, role := range map[string]seance.Role{
		"host": seance.Host, "player": seance.Player, "spectator": seance.Spectator, "kicked": seance.Player,
		"foreign": seance.Host, "expired": seance.Host,
	} {
		at, when := session.ID, time.Now()
		switch actor {
		case "foreign":
			at = elsewhere.ID
		case "expired":
			when = when.AddDate(0, 0, -31)
		}
		p, err := w.store.Enrol(w.t.Context(), seance.Participant{
			ID: seance.ParticipantID(newID()), Session: at, Name: actor, Role: role, JoinedAt: when,
		})
		if err != nil {
			w.t.Fatal(err)
		}
		s.ids[actor] = p.ID
		if s.tokens[actor], err = w.keys.Issue(token.Claims{Participant: p.ID, Session: at, Role: role}, when); err != nil {
			w.t.Fatal(err)
		}
	}
	if err := w.store.Kick(w.t.Context(), session.ID, s.ids["kicked"], time.Now()); err != nil {
		w.t.Fatal(err)
	}
	for _, m := range []seance.Message{
		{Kind: seance.KindQuestion, Participant: s.ids["host"], Text: "Are you here?"},
		{Kind: seance.KindAnswer, Refers: 1, Board: "NO", Source: seance.SourceOracle, Score: &seance.Score{}},
	} {
		m.ID, m.Session, m.At = seance.MessageID(newID()), session.ID, time.Now()
		if _, err := w.store.Append(w.t.Context(), m); err != nil {
			w.t.Fatal(err)
		}
	}
	return s
}

func (w *whole) begins() seance.Session {
	w.t.Helper()
	w.codes++
	s := seance.Session{
		ID: seance.SessionID(newID()), Code: fmt.Sprintf("RAVEN-%d", 100+w.codes), Spirit: "ada",
		Settings: seance.DefaultSettings(), StartedAt: time.Now(),
	}
	if err := w.store.OpenSession(w.t.Context(), s); err != nil {
		w.t.Fatal(err)
	}
	return s
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// refusals are the codes that go with the statuses of the table.
var refusals = map[int]wire.ErrorCode{
	401: wire.CodeUnauthorized, 403: wire.CodeForbidden, 404: wire.CodeNotFound, 410: wire.CodeSessionEnded,
}

// Who may do what over REST: every route of the document, by everyone, and by the host after the end.
func TestRightsREST(t *testing.T) {
	type statuses [8]int // of the actors in their order; then of the host after the end
	var (
		all    = statuses{200, 200, 200, 200, 200, 200, 200, 200}
		begin  = statuses{201, 201, 201, 201, 201, 201, 201, 201}
		enter  = statuses{200, 200, 200, 200, 401, 403, 401, 410}
		reads  = statuses{401, 200, 200, 200, 401, 403, 401, 200}
		rates  = statuses{401, 200, 403, 200, 401, 403, 401, 200}
		hosts  = statuses{401, 403, 403, 200, 401, 403, 401, 410}
		finish = statuses{401, 403, 403, 200, 401, 403, 401, 200}
	)
	const key = "/api/sessions/{key}"
	table := map[string]struct {
		body string // {player} is the player's id
		want statuses
	}{
		"POST /api/sessions":                     {`{"host_name": "Ann"}`, begin},
		"GET /api/spirits":                       {"", all},
		"GET " + key:                             {"", all},
		"GET " + key + "/qr.svg":                 {"", all},
		"POST " + key + "/join":                  {`{"name": "Ann"}`, enter},
		"GET " + key + "/history":                {"", reads},
		"GET " + key + "/transcript":             {"", reads},
		"POST " + key + "/messages/{seq}/rating": {`{"value": 3}`, rates},
		"PATCH " + key:                           {`{"locked": true}`, hosts},
		"POST " + key + "/kick":                  {`{"participant_id": "{player}"}`, hosts},
		"DELETE " + key:                          {"", finish},
	}
	w := serve(t)
	for _, route := range documented(t, w.url) {
		row, ok := table[route]
		if !ok {
			t.Errorf("%s is documented, and who may do it is not told here", route)
		}
		delete(table, route)
		for i, actor := range append(slices.Clone(actors), "host after the end") {
			s := w.sitting()
			bearer := s.tokens[actor]
			if i == len(actors) {
				bearer = s.tokens["host"]
				if status, _, _ := w.ask("DELETE", s.path, "", bearer); status != 200 {
					t.Fatalf("not ended: %d", status)
				}
			}
			method, path, _ := strings.Cut(route, " ")
			path = strings.ReplaceAll(strings.ReplaceAll(path, key, s.path), "{seq}", "2")
			body := strings.ReplaceAll(row.body, "{player}", string(s.ids["player"]))
			status, code, header := w.ask(method, path, body, bearer)
			if status != row.want[i] || code != refusals[row.want[i]] {
				t.Errorf("%s by %s: %d %s, want %d %s", route, actor, status, code, row.want[i], refusals[row.want[i]])
			}
			if cache := header.Get("Cache-Control"); cache != "no-store" {
				t.Errorf("%s by %s: Cache-Control %q", route, actor, cache)
			}
		}
	}
	for route := range table {
		t.Errorf("%s is not documented", route)
	}
}

// documented are the routes of the OpenAPI document.
func documented(t *testing.T, url string) (routes []string) {
	t.Helper()
	res, err := http.Get(url + "/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var doc struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.NewDecoder(res.Body).Decode(&doc); err != nil {
		t.Fatal(err)
	}
	for path, methods := range doc.Paths {
		for method := range methods {
			routes = append(routes, strings.ToUpper(method)+" "+path)
		}
	}
	slices.Sort(routes)
	return routes
}

// Who may do what over the WebSocket: every call of docs/protocol.md, by everyone, over both codecs.
func TestRightsWebSocket(t *testing.T) {
	const ok = wire.ErrorCode("")
	type verdict struct {
		code  wire.ErrorCode
		close wire.CloseCode // 0 if the line stays
	}
	type verdicts [7]verdict // of the actors in their order
	var (
		none    = verdict{ok, 0}
		early   = verdict{wire.CodeBadRequest, 0} // a bad frame: no token, or no seat yet
		no      = verdict{wire.CodeForbidden, 0}
		out     = verdict{wire.CodeForbidden, wire.CloseKicked}
		expired = verdict{wire.CodeUnauthorized, wire.CloseUnauthorized}

		everyone = verdicts{early, none, none, none, out, none, expired}
		players  = verdicts{early, none, no, none, out, none, expired}
	)
	table := map[string]struct {
		data any
		want verdicts
	}{
		wire.CallJoin:  {nil, everyone},
		wire.CallClock: {map[string]any{"t0": 1}, everyone},
		wire.CallLeave: {struct{}{}, everyone},
		wire.CallSend:  {map[string]any{"message_id": "m", "text": "A question of theirs?"}, players},
		wire.CallHand:  {map[string]any{"x": 500, "y": 300}, players},
		wire.CallType:  {map[string]any{"typing": true}, players},
		// The answer at 2 is not in the foreigner's own session.
		wire.CallRate: {map[string]any{"seq": 2, "value": 4}, verdicts{
			early, none, no, none, out, {wire.CodeNotFound, 0}, expired,
		}},
	}
	w := serve(t)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for _, call := range calls(t) {
		row, known := table[call]
		if !known {
			t.Errorf("%s is documented, and who may do it is not told here", call)
		}
		delete(table, call)
		for i, actor := range actors {
			for _, codec := range []wire.Codec{wire.Plain, wire.SocketIO} {
				s := w.sitting()
				watcher := w.dials(ctx, wire.Plain)
				if _, err := watcher.Join(ctx, s.tokens["host"], nil); err != nil {
					t.Fatal(err)
				}
				c := w.dials(ctx, codec)
				var err error
				if actor != "nobody" {
					_, err = c.Join(ctx, s.tokens[actor], nil)
				}
				if err == nil && (call != wire.CallJoin || actor == "nobody") {
					_, err = c.Call(ctx, call, row.data)
				}
				got, want := verdict{code: codeOf(err)}, row.want[i]
				if want.close != 0 {
					select {
					case <-c.Done():
						got.close = wire.CloseCode(c.CloseCode())
					case <-ctx.Done():
						t.Fatalf("%s by %s over %s: the line stays", call, actor, codec)
					}
				}
				if got != want {
					t.Errorf("%s by %s over %s: %+v (%v), want %+v", call, actor, codec, got, err, want)
				}
				c.Cut()
				if actor == "foreign" || actor == "kicked" || actor == "expired" || actor == "nobody" {
					undisturbed(ctx, t, watcher, call+" by "+actor)
				}
				watcher.Cut()
			}
		}
	}
	for call := range table {
		t.Errorf("%s is not documented", call)
	}
}

func (w *whole) dials(ctx context.Context, codec wire.Codec) *wireclient.Client {
	w.t.Helper()
	c, err := wireclient.Dial(ctx, w.url, codec)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// undisturbed fails the test if a board has heard of anything but itself. Its own call is answered behind whatever was
// sent to it before.
func undisturbed(ctx context.Context, t *testing.T, board *wireclient.Client, by string) {
	t.Helper()
	if _, _, err := board.SyncClock(ctx); err != nil {
		t.Fatal(err)
	}
	for {
		select {
		case ev := <-board.Events():
			if ev.Name == wire.EventUserJoined && strings.Contains(string(ev.Data), `"host"`) ||
				strings.Contains(string(ev.Data), `"replayed":true`) {
				continue
			}
			t.Errorf("after %s the table hears %s %s", by, ev.Name, ev.Data)
		default:
			return
		}
	}
}

func codeOf(err error) wire.ErrorCode {
	var refusal *wire.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &refusal):
		return refusal.Code
	}
	return wire.ErrorCode(err.Error())
}

// calls are those that docs/protocol.md lists.
func calls(t *testing.T) (names []string) {
	t.Helper()
	page, err := os.ReadFile("../../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(page), "\n## Calls\n")
	section, _, _ = strings.Cut(section, "\n## ")
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\|").FindAllStringSubmatch(section, -1) {
		names = append(names, row[1])
	}
	return names
}

// What the host does over REST is felt at the table: everybody hears of the lock, and who is put out is gone for good.
func TestHostAtTheTable(t *testing.T) {
	w := serve(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	s := w.sitting()
	boards := map[string]*wireclient.Client{}
	for i, actor := range []string{"host", "player", "spectator"} {
		boards[actor] = w.dials(ctx, wire.Codec(i%2))
		defer boards[actor].Cut()
		if _, err := boards[actor].Join(ctx, s.tokens[actor], nil); err != nil {
			t.Fatal(err)
		}
	}
	hears := func(actor, event string) json.RawMessage {
		t.Helper()
		for {
			select {
			case ev, open := <-boards[actor].Events():
				if !open {
					t.Fatalf("%s is gone before %s", actor, event)
				}
				if ev.Name == event {
					return ev.Data
				}
			case <-ctx.Done():
				t.Fatalf("%s does not hear %s", actor, event)
			}
		}
	}

	if status, code, _ := w.ask("PATCH", s.path, `{"locked": true, "passphrase": "wax", "settings": {"tone": "adult"}}`, s.tokens["host"]); status != 200 {
		t.Fatalf("%d %s", status, code)
	}
	for actor := range boards {
		var said wire.SessionUpdated
		raw := hears(actor, wire.EventSessionUpdated)
		if err := json.Unmarshal(raw, &said); err != nil || !said.Session.Locked || said.Session.Settings.Tone != seance.Adult ||
			said.Session.Participants != 2 {
			t.Errorf("%s hears %s", actor, raw)
		}
		if strings.Contains(string(raw), "wax") || strings.Contains(string(raw), "argon2") {
			t.Errorf("%s hears the passphrase: %s", actor, raw)
		}
	}

	kick := fmt.Sprintf(`{"participant_id": %q}`, s.ids["player"])
	if status, code, _ := w.ask("POST", s.path+"/kick", kick, s.tokens["host"]); status != 200 {
		t.Fatalf("%d %s", status, code)
	}
	<-boards["player"].Done()
	if got := wire.CloseCode(boards["player"].CloseCode()); got != wire.CloseKicked {
		t.Errorf("who was put out sees %d, want %d", got, wire.CloseKicked)
	}
	for _, actor := range []string{"host", "spectator"} {
		var said wire.UserLeft
		if err := json.Unmarshal(hears(actor, wire.EventUserLeft), &said); err != nil || said.Reason != seance.LeftKicked ||
			said.ParticipantID != s.ids["player"] || said.Count != 1 {
			t.Errorf("%s hears %+v", actor, said)
		}
	}
	again := w.dials(ctx, wire.Plain)
	if _, err := again.Join(ctx, s.tokens["player"], nil); codeOf(err) != wire.CodeForbidden {
		t.Errorf("who was put out comes back: %v", err)
	}
	<-again.Done()
	for _, route := range []string{"GET /history", "GET /transcript", "POST /join"} {
		method, path, _ := strings.Cut(route, " ")
		if status, code, _ := w.ask(method, s.path+path, "", s.tokens["player"]); status != 401 || code != wire.CodeUnauthorized {
			t.Errorf("%s with the token of who was put out: %d %s", route, status, code)
		}
	}
}

// Five wrong passphrases a minute from one address are wrong; after that nothing is looked at.
func TestGuessing(t *testing.T) {
	w := serve(t)
	s := w.sitting()
	if status, code, _ := w.ask("PATCH", s.path, `{"passphrase": "wax and wick"}`, s.tokens["host"]); status != 200 {
		t.Fatalf("%d %s", status, code)
	}
	try := func(passphrase string) (int, wire.ErrorCode, string) {
		status, code, header := w.ask("POST", s.path+"/join", fmt.Sprintf(`{"name": "Eve", "passphrase": %q}`, passphrase), "")
		return status, code, header.Get("Retry-After")
	}
	if status, code, _ := try("wax and wick"); status != 200 {
		t.Errorf("the right one: %d %s", status, code)
	}
	for i := range 5 {
		if status, code, wait := try(fmt.Sprint("guess ", i)); status != 403 || code != wire.CodeWrongPassphrase || wait != "" {
			t.Errorf("guess %d: %d %s, Retry-After %q", i+1, status, code, wait)
		}
	}
	for _, passphrase := range []string{"guess 6", "wax and wick"} {
		if status, code, wait := try(passphrase); status != 429 || code != wire.CodeRateLimited || wait == "" || wait == "0" {
			t.Errorf("%q after five guesses: %d %s, Retry-After %q", passphrase, status, code, wait)
		}
	}
}
