package api

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"seance/relay/wire"
	"seance/steering"
)

// Fiber reuses the memory of a request's strings for the next one unless it is told not to: three inputs that are kept
// from one connection would all become the last.
func TestInputsAreKept(t *testing.T) {
	s, err := New(Options{Personas: twoSpirits{}})
	if err != nil {
		t.Fatal(err)
	}
	var kept []string
	s.App().Post("/keep/:name", func(c *fiber.Ctx) error {
		kept = append(kept, c.Params("name"), c.Query("q"), c.Get("X-Word"), string(c.Body()))
		return nil
	})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve(ln) }()
	conn, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(conn)
	var want []string
	for _, word := range []string{"ann", "bob", "cat"} {
		fmt.Fprintf(conn, "POST /keep/%[1]s?q=%[1]s HTTP/1.1\r\nHost: x\r\nX-Word: %[1]s\r\nContent-Length: 3\r\n\r\n%[1]s", word)
		res, err := http.ReadResponse(r, nil)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		want = append(want, word, word, word, word)
	}
	conn.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := errors.Join(s.Shutdown(ctx), <-served); err != nil {
		t.Error(err)
	}
	if got := strings.Join(kept, " "); got != strings.Join(want, " ") {
		t.Errorf("kept %q, want %q", got, want)
	}
}

// Every answer carries the headers of docs/protocol.md, also those that no route of ours gives.
func TestHeaders(t *testing.T) {
	h := open(t)
	policy := "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; " +
		"media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; connect-src 'self'%s; " +
		"object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
	for name, request := range map[string]struct {
		method, path string
		body         io.Reader
		status       int
		headers      []string
	}{
		"lobby":           {"GET", "/", nil, 200, nil},
		"table":           {"GET", "/s/RAVEN-417", nil, 200, nil},
		"chunk":           {"GET", "/_next/static/chunks/%5Ba%5Db.js", nil, 200, nil},
		"lost":            {"GET", "/nowhere", nil, 404, nil},
		"API":             {"GET", "/api/spirits", nil, 200, nil},
		"lost in the API": {"GET", "/api/nowhere", nil, 404, nil},
		"other method":    {"DELETE", "/api/spirits", nil, 405, nil},
		"bad body":        {"POST", "/api/sessions", strings.NewReader("{"), 400, nil},
		"too large":       {"POST", "/api/sessions", strings.NewReader(strings.Repeat("x", roomForMore+1)), 413, nil},
		"large headers":   {"GET", "/api/spirits", nil, 431, []string{"X-Large", strings.Repeat("x", 10<<10)}},
		"health":          {"GET", "/healthz", nil, 200, nil},
		"document":        {"GET", "/openapi.json", nil, 200, nil},
		"docs":            {"GET", "/docs", nil, 200, nil},
		"docs' style":     {"GET", "/docs.css", nil, 200, nil},
		"no QR":           {"GET", "/api/sessions/RAVEN-000/qr.svg", nil, 404, nil},
	} {
		t.Run(name, func(t *testing.T) {
			h := &house{t: t, url: h.url}
			status, header, body := h.send(request.method, request.path, request.body, "", request.headers...)
			if status != request.status {
				t.Errorf("status %d, want %d: %s", status, request.status, body)
			}
			for key, want := range map[string]string{
				"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
				"Permissions-Policy":         "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
				"Cross-Origin-Opener-Policy": "same-origin", "Strict-Transport-Security": "",
			} {
				if got := header.Get(key); got != want {
					t.Errorf("%s: %q, want %q", key, got, want)
				}
			}
			connect := " ws://" + strings.TrimPrefix(h.url, "http://")
			if status == http.StatusRequestHeaderFieldsTooLarge {
				connect = "" // the host was not read either
			}
			if got, want := header.Get("Content-Security-Policy"), fmt.Sprintf(policy, connect); got != want {
				t.Errorf("Content-Security-Policy:\n%q, want\n%q", got, want)
			}
		})
	}
}

// What a client writes into Host goes into a header, so it is looked at first.
func TestHostIsChecked(t *testing.T) {
	h := open(t)
	for host, status := range map[string]int{
		"seance.example": 200, "[::1]:8000": 200, "a_b.example:80": 200,
		"x;script-src": 400, "x'unsafe-inline'": 400, "x,y": 400,
	} {
		got, header, _ := h.send("GET", "/", nil, "", "Host", host)
		if got != status {
			t.Errorf("Host %q: %d, want %d", host, got, status)
		}
		if csp := header.Get("Content-Security-Policy"); strings.Contains(csp, host) != (status == 200) {
			t.Errorf("Host %q: policy %q", host, csp)
		}
	}

	// Health checks of the old school name no host at all.
	conn, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "GET /healthz HTTP/1.0\r\n\r\n")
	if answer, err := io.ReadAll(conn); err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 200 ") {
		t.Errorf("without a host: %q %v", answer, err)
	}
}

func TestBehindTLS(t *testing.T) {
	forwarded := []string{"X-Forwarded-Proto", "https", "X-Forwarded-Host", "seance.example"}
	for name, test := range map[string]struct {
		proxies []netip.Prefix
		connect string
		hsts    bool
	}{
		"a proxy of ours": {[]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, "wss://seance.example;", true},
		"anybody":         {nil, "ws://127.0.0.1", false},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t, func(o *Options) { o.Proxies = test.proxies })
			_, header, _ := h.send("GET", "/", nil, "", forwarded...)
			if csp := header.Get("Content-Security-Policy"); !strings.Contains(csp, "connect-src 'self' "+test.connect) {
				t.Errorf("policy %q, want connections to %s", csp, test.connect)
			}
			if got := header.Get("Strict-Transport-Security") != ""; got != test.hsts {
				t.Errorf("HSTS: %v, want %v", got, test.hsts)
			}
		})
	}
}

func TestUnknownAddresses(t *testing.T) {
	h := open(t)
	for _, test := range []struct {
		method, path string
		status       int
		code         wire.ErrorCode
	}{
		{"GET", "/api", 404, wire.CodeNotFound},
		{"GET", "/api/", 404, wire.CodeNotFound},
		{"GET", "/api/nowhere", 404, wire.CodeNotFound},
		{"POST", "/api/sessions/x/y/z", 404, wire.CodeNotFound},
		{"PUT", "/api/sessions", 405, wire.CodeBadRequest},
		{"POST", "/api/spirits", 405, wire.CodeBadRequest},
		{"DELETE", "/api/sessions/RAVEN-417/join", 405, wire.CodeBadRequest},
	} {
		got := h.ask(test.method, "", test.path, "", "")
		if got.Status != test.status || got.code() != test.code {
			t.Errorf("%s %s: %d %s, want %d %s", test.method, test.path, got.Status, got.code(), test.status, test.code)
		}
		if test.status == 405 && got.Header.Get("Allow") == "" {
			t.Errorf("%s %s: no Allow", test.method, test.path)
		}
	}
	if status, header, body := h.send("GET", "/nowhere", nil, ""); status != 404 || !strings.Contains(string(body), "lost") ||
		!strings.HasPrefix(header.Get("Content-Type"), "text/html") {
		t.Errorf("elsewhere: %d %s %s", status, header.Get("Content-Type"), body)
	}
	if status, _, body := h.send("POST", "/nowhere", strings.NewReader("x"), ""); status != 404 || strings.Contains(string(body), "<") {
		t.Errorf("elsewhere, not to be read: %d %s", status, body)
	}
}

func TestOtherOrigins(t *testing.T) {
	h := open(t, func(o *Options) { o.Origins = []string{"https://board.example"} })
	ask := func(method, origin string, headers ...string) (int, http.Header) {
		status, header, _ := h.send(method, "/api/spirits", nil, "", append(headers, "Origin", origin)...)
		return status, header
	}
	if status, header := ask("GET", "https://board.example"); status != 200 ||
		header.Get("Access-Control-Allow-Origin") != "https://board.example" ||
		header.Get("Access-Control-Expose-Headers") != "Retry-After, Content-Disposition" || !strings.Contains(header.Get("Vary"), "Origin") {
		t.Errorf("a known origin: %d %v", status, header)
	}
	if _, header := ask("GET", "https://evil.example"); header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("a foreign origin is let in: %v", header)
	}
	before := []string{"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization"}
	if status, header := ask("OPTIONS", "https://board.example", before...); status != 200 ||
		header.Get("Access-Control-Allow-Methods") != "GET, POST, PATCH, DELETE" ||
		header.Get("Access-Control-Allow-Headers") != "Authorization, Content-Type" ||
		header.Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("a known origin asks first: %d %v", status, header)
	}
	if status, header := ask("OPTIONS", "https://evil.example", before...); status != 403 || header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("a foreign origin asks first: %d %v", status, header)
	}
}

// perAddress allows so many requests from each address.
type perAddress map[string]int

func (p perAddress) Allow(key string) (time.Duration, bool) {
	p[key]++
	return 1500 * time.Millisecond, p[key] <= 3
}

func TestTooManyRequests(t *testing.T) {
	h := open(t, func(o *Options) {
		o.Limits.REST = perAddress{}
		o.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	})
	from := func(address string) said {
		return h.ask("GET", "/api/spirits", "/api/spirits", "", "", "X-Forwarded-For", address)
	}
	for range 3 {
		if got := from("203.0.113.1"); got.Status != 200 {
			t.Fatalf("status %d", got.Status)
		}
	}
	got := from("203.0.113.1")
	if got.Status != 429 || got.code() != wire.CodeRateLimited || got.Header.Get("Retry-After") != "2" {
		t.Errorf("one too many: %d %s, Retry-After %q", got.Status, got.code(), got.Header.Get("Retry-After"))
	}
	if got := from("203.0.113.2"); got.Status != 200 {
		t.Errorf("somebody else: %d", got.Status)
	}
	if got := from("198.51.100.7, 203.0.113.1"); got.Status != 429 {
		t.Errorf("an address that the client made up counts: %d", got.Status)
	}
	for range 5 {
		if status, _, _ := h.send("GET", "/", nil, ""); status != 200 {
			t.Errorf("the board is limited too: %d", status)
		}
	}
}

func TestClientAddress(t *testing.T) {
	p := proxies{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for name, test := range map[string]struct{ remote, forwarded, want string }{
		"nobody between":           {"203.0.113.1", "", "203.0.113.1"},
		"a stranger's word":        {"203.0.113.1", "198.51.100.7", "203.0.113.1"},
		"one proxy":                {"10.0.0.1", "203.0.113.1", "203.0.113.1"},
		"two proxies":              {"10.0.0.1", "203.0.113.1, 10.0.0.2", "203.0.113.1"},
		"made up, then one proxy":  {"10.0.0.1", "1.1.1.1, 203.0.113.1", "203.0.113.1"},
		"a proxy that says naught": {"10.0.0.1", "", "10.0.0.1"},
		"nonsense":                 {"10.0.0.1", "203.0.113.1, unknown", "10.0.0.1"},
		"mapped into IPv6":         {"::ffff:10.0.0.1", "::ffff:203.0.113.1", "203.0.113.1"},
		"a home's IPv6":            {"::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := bucket(p.client(netip.MustParseAddr(test.remote), test.forwarded)); got != test.want {
				t.Errorf("counted as %s, want %s", got, test.want)
			}
		})
	}
}

func TestHealth(t *testing.T) {
	var trouble error
	h := open(t, func(o *Options) { o.Ready = func(context.Context) error { return trouble } })
	check := func(path string, status int, text string) {
		t.Helper()
		got, header, body := h.send("GET", path, nil, "")
		if got != status || string(body) != text || !strings.HasPrefix(header.Get("Content-Type"), "text/plain") {
			t.Errorf("%s: %d %q %s", path, got, body, header.Get("Content-Type"))
		}
	}
	check("/healthz", 200, "ok\n")
	check("/readyz", 200, "ready\n")
	trouble = errors.New("postgres://user:hunter2@db: no such host")
	check("/healthz", 200, "ok\n")
	check("/readyz", 503, "not ready\n")
}

// Every request is told of with the pattern of its route, never with what was in it.
func TestObserve(t *testing.T) {
	var mu sync.Mutex
	var told []string
	h := open(t, func(o *Options) {
		o.Personas = panics{}
		o.Observe = func(method, route string, status int, took time.Duration) {
			mu.Lock()
			defer mu.Unlock()
			if took <= 0 {
				t.Errorf("%s %s took %s", method, route, took)
			}
			told = append(told, fmt.Sprint(method, " ", route, " ", status))
		}
	})
	mu.Lock()
	told = nil // without what the house itself asks for
	mu.Unlock()
	for _, request := range [][2]string{
		{"GET", "/"}, {"GET", "/s/RAVEN-417"}, {"GET", "/nowhere"}, {"GET", "/healthz"}, {"GET", "/api/sessions/RAVEN-000"},
		{"GET", "/api/sessions/RAVEN-000/history"}, {"GET", "/api/nowhere"}, {"DELETE", "/api/spirits"}, {"GET", "/api/spirits"},
	} {
		h.send(request[0], request[1], nil, "")
	}
	want := []string{
		"GET / 200", "GET / 200", "GET / 404", "GET /healthz 200", "GET /api/sessions/:key 404",
		"GET /api/sessions/:key/history 401", "GET / 404", "DELETE / 405", "GET /api/spirits 500",
	}
	mu.Lock()
	defer mu.Unlock()
	if !slices.Equal(told, want) {
		t.Errorf("heard of %q, want %q", told, want)
	}
}

// A handler that panics costs its own request, not the process, and tells nothing of why.
func TestPanic(t *testing.T) {
	h := open(t, func(o *Options) { o.Personas = panics{} })
	got := h.ask("GET", "/api/spirits", "/api/spirits", "", "")
	if got.Status != 500 || got.code() != wire.CodeInternal || strings.Contains(got.Error.Message, "hunter2") {
		t.Errorf("%d %+v", got.Status, got.Error)
	}
	if status, _, _ := h.send("GET", "/healthz", nil, ""); status != 200 {
		t.Errorf("afterwards: %d", status)
	}
}

type panics struct{}

func (panics) Personas() []steering.Persona { panic("hunter2") }
