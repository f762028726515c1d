package listen

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"seance/internal/operator"
)

// versions are those of the protocol that are served, oldest first.
var versions = []string{"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"}

// post sends a JSON-RPC message as a client of a version does. The answer's body is the caller's to close.
func post(t testing.TB, url, version, session, message string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(message))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json, text/event-stream")
	if version != "" {
		req.Header.Set("MCP-Protocol-Version", version)
	}
	if session != "" {
		req.Header.Set("Mcp-Session-Id", session)
	}
	var m struct {
		Method string
		Params struct{ Name, URI string }
	}
	if json.Unmarshal([]byte(message), &m) == nil && version >= modernEra {
		req.Header.Set("Mcp-Method", m.Method)
		if name := m.Params.Name + m.Params.URI; name != "" {
			req.Header.Set("Mcp-Name", name)
		}
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// begin opens a session of the older era and returns its id.
func begin(t testing.TB, url, version string) string {
	t.Helper()
	res := post(t, url, "", "", fmt.Sprintf(
		`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":%q,"capabilities":{},"clientInfo":{"name":"x","version":"1"}}}`, version))
	body, err := io.ReadAll(res.Body)
	res.Body.Close()
	session := res.Header.Get("Mcp-Session-Id")
	if err != nil || session == "" || !strings.Contains(string(body), `"protocolVersion":"`+version) {
		t.Fatalf("initialize: %s %s %v", res.Status, body, err)
	}
	res = post(t, url, version, session, `{"jsonrpc":"2.0","method":"notifications/initialized"}`)
	res.Body.Close()
	return session
}

// A modern request says in itself who asks.
const modernMeta = `"_meta":{"progressToken":"p","io.modelcontextprotocol/protocolVersion":"2026-07-28",` +
	`"io.modelcontextprotocol/clientInfo":{"name":"x","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}`

// Progress is told when it is made: the first event is there while the call is still going on, and soon.
func TestProgressIsToldAtOnce(t *testing.T) {
	h := newTable()
	url, _ := opened(t, h.Server, operator.Options{}, idle)
	for _, version := range versions {
		session, meta := "", `"_meta":{"progressToken":"p"}`
		if version >= modernEra {
			meta = modernMeta
		} else {
			session = begin(t, url, version)
		}
		began := time.Now()
		res := post(t, url, version, session, `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"climb",`+meta+`}}`)
		lines := bufio.NewScanner(res.Body)
		for lines.Scan() && !strings.Contains(lines.Text(), "notifications/progress") {
		}
		took := time.Since(began)
		t.Logf("%s: first progress after %s", version, took.Round(100*time.Microsecond))
		if lines.Err() != nil || !strings.Contains(lines.Text(), `"progress":1`) {
			t.Errorf("%s: %s, no progress: %q %v", version, res.Status, lines.Text(), lines.Err())
		}
		if took > 100*time.Millisecond {
			t.Errorf("%s: the first progress took %s, want less than 100 ms", version, took)
		}
		res.Body.Close() // the call is left to itself
	}
	close(h.going)
}

// What runs and is streamed ends when the listener does, and at once.
func TestShutdownIsQuick(t *testing.T) {
	before := runtime.NumGoroutine()
	h := newTable()
	url, shut := opened(t, h.Server, operator.Options{}, idle)
	var open []io.Closer
	for _, version := range versions {
		if version >= modernEra {
			open = append(open, post(t, url, version, "", `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"climb",`+modernMeta+`}}`).Body,
				post(t, url, version, "", `{"jsonrpc":"2.0","id":3,"method":"subscriptions/listen","params":{"notifications":{"resourceSubscriptions":["table://candles"]},`+modernMeta+`}}`).Body)
			continue
		}
		session := begin(t, url, version)
		open = append(open, post(t, url, version, session, `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"climb","_meta":{"progressToken":"p"}}}`).Body)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept", "text/event-stream")
		req.Header.Set("Mcp-Session-Id", session)
		res, err := http.DefaultClient.Do(req)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatal(res, err)
		}
		open = append(open, res.Body)
	}
	began := time.Now()
	shutting := make(chan struct{})
	go func() { shut(); close(shutting) }()
	for _, body := range open { // the streams end by themselves
		_, _ = io.Copy(io.Discard, body.(io.Reader))
		body.Close()
	}
	took := time.Since(began)
	close(h.going) // calls of the older era have no context of their own to end with
	<-shutting
	t.Logf("%d open streams ended after %s", len(open), took.Round(100*time.Microsecond))
	if took > 100*time.Millisecond {
		t.Errorf("the streams ended after %s, want less than 100 ms", took)
	}
	if n := count(h); n != 0 {
		t.Errorf("%d sessions are left", n)
	}
	http.DefaultClient.CloseIdleConnections()
	settled(t, before)
}

// Who leaves without saying so leaves nothing behind.
func TestLeaversLeaveNothing(t *testing.T) {
	h := newTable()
	close(h.going)
	url, _ := opened(t, h.Server, operator.Options{}, 300*time.Millisecond)
	begin(t, url, "2025-06-18") // what it takes to have connections at all
	http.DefaultClient.CloseIdleConnections()
	for time.Sleep(time.Second); count(h) > 0; time.Sleep(10 * time.Millisecond) {
	}
	before := runtime.NumGoroutine()
	for i := range 50 {
		ctx, leave := context.WithCancel(t.Context())
		session := begin(t, url, versions[i%4])
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept", "text/event-stream")
		req.Header.Set("Mcp-Session-Id", session)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		leave()
		res.Body.Close()
	}
	http.DefaultClient.CloseIdleConnections()
	deadline := time.Now().Add(10 * time.Second)
	for count(h) > 0 && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond) // for the timers of the SDK
	}
	if n := count(h); n != 0 {
		t.Errorf("%d sessions are left", n)
	}
	settled(t, before)
}

func count(h *table) (n int) {
	for range h.MCP().Sessions() {
		n++
	}
	return n
}

// settled waits until no more goroutines are left than there were.
func settled(t *testing.T, before int) {
	t.Helper()
	deadline := time.Now().Add(5 * time.Second)
	for runtime.NumGoroutine() > before && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond) // for those that are ending
	}
	if now := runtime.NumGoroutine(); now > before {
		stacks := make([]byte, 1<<20)
		t.Errorf("%d goroutines are left over:\n%s", now-before, stacks[:runtime.Stack(stacks, true)])
	}
}

// The door of the operator's listener stands before every version of the protocol.
func TestDoor(t *testing.T) {
	const token = "an operator's token of 32 letters"
	h := newTable()
	url, _ := opened(t, h.Server, operator.Options{Token: token, Hosts: []string{"seance.internal"}}, idle)
	for name, test := range map[string]struct {
		header, value, host string
		want                int
	}{
		"a rebound name":    {"Authorization", "Bearer " + token, "evil.example", http.StatusForbidden},
		"a foreign page":    {"Origin", "https://evil.example", "", http.StatusForbidden},
		"no token":          {"X-Nothing", "", "", http.StatusUnauthorized},
		"a wrong token":     {"Authorization", "Bearer " + strings.ToUpper(token), "", http.StatusUnauthorized},
		"the token":         {"Authorization", "Bearer " + token, "", http.StatusOK},
		"by an allowed one": {"Authorization", "Bearer " + token, "seance.internal", http.StatusOK},
	} {
		for _, version := range []string{"", modernEra} {
			message := `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}`
			if version != "" {
				message = `{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{` + modernMeta + `}}`
			}
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(message))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set("Accept", "application/json, text/event-stream")
			req.Header.Set(test.header, test.value)
			if version != "" {
				req.Header.Set("MCP-Protocol-Version", version)
				req.Header.Set("Mcp-Method", "server/discover")
			}
			req.Host = test.host
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(res.Body)
			res.Body.Close()
			if res.StatusCode != test.want {
				t.Errorf("%s, version %q: %s %.200s, want %d", name, version, res.Status, body, test.want)
			}
		}
	}
}

// A body that is too long is refused in both eras.
func TestBodyLimit(t *testing.T) {
	h := newTable()
	url, _ := opened(t, h.Server, operator.Options{}, idle)
	long := fmt.Sprintf(`{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"knock","arguments":{"door":%q},`, strings.Repeat("x", maxBody))
	res := post(t, url, modernEra, "", long+modernMeta+`}}`)
	res.Body.Close()
	if res.StatusCode != http.StatusRequestEntityTooLarge && res.StatusCode != http.StatusBadRequest {
		t.Errorf("newer era: %s", res.Status)
	}
	res = post(t, url, "2025-06-18", begin(t, url, "2025-06-18"), long+`"_meta":{}}}`)
	res.Body.Close()
	if res.StatusCode != http.StatusRequestEntityTooLarge && res.StatusCode != http.StatusBadRequest {
		t.Errorf("older era: %s", res.Status)
	}
}

// Results say how long they may be kept and by whom, and what is not there is told as that, in the newer era.
func TestCachingAndWhatIsNotThere(t *testing.T) {
	h := newTable()
	url, _ := opened(t, h.Server, operator.Options{}, idle)
	for method, params := range map[string]string{
		"tools/list": ``, "prompts/list": ``, "resources/list": ``, "resources/templates/list": ``, "resources/read": `"uri":"table://candles",`,
	} {
		res := post(t, url, modernEra, "", `{"jsonrpc":"2.0","id":2,"method":"`+method+`","params":{`+params+modernMeta+`}}`)
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if !strings.Contains(string(body), `"cacheScope":"private"`) {
			t.Errorf("%s: %s %s", method, res.Status, body)
		}
	}
	for _, uri := range []string{"table://seats/south", "table://nowhere"} {
		res := post(t, url, modernEra, "", `{"jsonrpc":"2.0","id":2,"method":"resources/read","params":{"uri":"`+uri+`",`+modernMeta+`}}`)
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if !strings.Contains(string(body), `"code":-32602`) || !strings.Contains(string(body), uri) {
			t.Errorf("%s: %s %s", uri, res.Status, body)
		}
	}
}

// A client that lost the end of an answer gets it when it comes back for it.
func TestAnswerIsResumed(t *testing.T) {
	h := newTable()
	url, _ := opened(t, h.Server, operator.Options{}, idle)
	session := begin(t, url, "2025-11-25")
	res := post(t, url, "2025-11-25", session, `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"climb","_meta":{"progressToken":"p"}}}`)
	lines, last := bufio.NewScanner(res.Body), ""
	for lines.Scan() && !strings.Contains(lines.Text(), `"progress":2`) {
		if id, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
			last = id
		}
	}
	res.Body.Close()
	close(h.going)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("Mcp-Session-Id", session)
	req.Header.Set("Last-Event-ID", last)
	var rest []byte
	for range 100 { // until the server has seen that the first stream is gone
		res, err = http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		rest, err = io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != http.StatusConflict {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	if err != nil || !strings.Contains(string(rest), `"progress":3`) || !strings.Contains(string(rest), "upstairs") {
		t.Errorf("%s %q %v, want the rest of the answer", res.Status, rest, err)
	}
}
