package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"seance/internal/wireclient"
	"seance/relay/wire"
)

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
		own    = statuses{401, 200, 200, 200, 401, 200, 401, 200} // of the seat that the token names, wherever it is
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
		"POST /api/soul":                         {"", own},
		"GET /api/soul":                          {"", own},
		"DELETE /api/soul":                       {"", own},
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
