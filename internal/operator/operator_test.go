package operator

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

const token = "an operator's token of 32 letters"

// opened is a listener that serves until the test ends.
type opened struct {
	*Server
	t   *testing.T
	url string
}

// quick are waits that a test has the time for.
var quick = waits{
	header: 200 * time.Millisecond, request: 200 * time.Millisecond, idle: 10 * time.Second,
	answer: 500 * time.Millisecond, profile: 5 * time.Second,
}

// serve opens a listener on a loopback address; mount may add to it before it serves.
func serve(t *testing.T, o Options, w waits, mount func(*Server)) opened {
	t.Helper()
	o.Addr = "127.0.0.1:0"
	if o.Metrics == nil {
		o.Metrics = NewMetrics("test")
	}
	s, err := listen(o, w)
	if err != nil {
		t.Fatal(err)
	}
	if mount != nil {
		mount(s)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve() }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := errors.Join(s.Shutdown(ctx), <-served); err != nil {
			t.Error(err)
		}
	})
	return opened{s, t, "http://" + s.Addr().String()}
}

// get asks for a path; headers come in pairs.
func (o opened) get(path string, headers ...string) (*http.Response, string) {
	o.t.Helper()
	return o.ask(http.MethodGet, path, nil, headers...)
}

func (o opened) ask(method, path string, body io.Reader, headers ...string) (*http.Response, string) {
	o.t.Helper()
	req, err := http.NewRequest(method, o.url+path, body)
	if err != nil {
		o.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			req.Host = headers[i+1]
		}
		req.Header.Add(headers[i], headers[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		o.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	return res, string(text)
}

func TestRoutes(t *testing.T) {
	o := serve(t, Options{}, usual, nil)
	for path, word := range map[string]string{
		"/healthz": "ok\n", "/metrics": "seance_build_info{version=\"test\"} 1", "/debug/pprof/": "goroutine",
		"/debug/pprof/goroutine?debug=1": "goroutine profile", "/debug/pprof/cmdline": "test", "/debug/pprof/heap": "",
		"/debug/pprof/profile?seconds=1": "", "/debug/pprof/trace?seconds=0.1": "",
	} {
		res, body := o.get(path)
		if res.StatusCode != http.StatusOK || !strings.Contains(body, word) {
			t.Errorf("%s: %d %.200q, want %q in it", path, res.StatusCode, body, word)
		}
		if res.Header.Get("X-Content-Type-Options") != "nosniff" || res.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: headers %v", path, res.Header)
		}
	}
	if res, _ := o.get("/nowhere"); res.StatusCode != http.StatusNotFound {
		t.Errorf("nowhere: %d", res.StatusCode)
	}
	if res, _ := o.ask("POST", "/metrics", strings.NewReader("x")); res.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("posting to metrics: %d", res.StatusCode)
	}
}

// By which name, from which page and with which token anything on the listener is reached, mounted things included.
func TestDoor(t *testing.T) {
	mount := func(s *Server) {
		s.Handle("/mcp/x", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") }))
	}
	guarded := serve(t, Options{Token: token, Hosts: []string{"Seance.internal", "10.0.0.7:8001"}}, usual, mount)
	free := serve(t, Options{}, usual, mount)
	bearer := []string{"Authorization", "Bearer " + token}
	for _, test := range []struct {
		name    string
		free    int // on loopback without a token
		guarded int // with one, for everything but health
		headers []string
	}{
		{"nothing said", 200, 401, nil},
		{"token", 200, 200, bearer},
		{"token, small letters", 200, 200, []string{"Authorization", "bearer " + token}},
		{"another token", 200, 401, []string{"Authorization", "Bearer " + strings.ToUpper(token)}},
		{"part of the token", 200, 401, []string{"Authorization", "Bearer " + token[:31]}},
		{"another scheme", 200, 401, []string{"Authorization", "Basic " + token}},
		{"localhost", 200, 200, append([]string{"Host", "LOCALHOST:8001"}, bearer...)},
		{"IPv6", 200, 200, append([]string{"Host", "[::1]:8001"}, bearer...)},
		{"IPv6 without a port", 200, 200, append([]string{"Host", "[::1]"}, bearer...)},
		{"another loopback address", 200, 200, append([]string{"Host", "127.0.0.2"}, bearer...)},
		{"a name that is allowed", 403, 200, append([]string{"Host", "seance.internal:9"}, bearer...)},
		{"a name and port that are", 403, 200, append([]string{"Host", "10.0.0.7:8001"}, bearer...)},
		{"the same on another port", 403, 403, append([]string{"Host", "10.0.0.7:9"}, bearer...)},
		{"a rebound name", 403, 403, append([]string{"Host", "evil.example"}, bearer...)},
		{"a name that looks like ours", 403, 403, append([]string{"Host", "localhost.evil.example"}, bearer...)},
		{"a page of ours", 200, 200, append([]string{"Origin", "http://localhost:3000"}, bearer...)},
		{"a page that is allowed", 403, 200, append([]string{"Origin", "https://seance.internal"}, bearer...)},
		{"a foreign page", 403, 403, append([]string{"Origin", "https://evil.example"}, bearer...)},
		{"a page of nowhere", 403, 403, append([]string{"Origin", "null"}, bearer...)},
		{"two origins", 403, 403, append([]string{"Origin", "http://localhost", "Origin", "https://evil.example"}, bearer...)},
		{"a foreign page's picture", 403, 403, append([]string{"Sec-Fetch-Site", "cross-site"}, bearer...)},
	} {
		for _, path := range []string{"/healthz", "/metrics", "/debug/pprof/cmdline", "/mcp/x"} {
			if res, _ := free.get(path, test.headers...); res.StatusCode != test.free {
				t.Errorf("%s, %s: %d, want %d", test.name, path, res.StatusCode, test.free)
			}
			want := test.guarded
			if path == "/healthz" && want == 401 {
				want = 200
			}
			res, _ := guarded.get(path, test.headers...)
			if res.StatusCode != want {
				t.Errorf("%s, %s with a token set: %d, want %d", test.name, path, res.StatusCode, want)
			}
			if asks := res.Header.Get("WWW-Authenticate"); strings.HasPrefix(asks, "Bearer") != (res.StatusCode == http.StatusUnauthorized) {
				t.Errorf("%s, %s: %d with WWW-Authenticate %q", test.name, path, res.StatusCode, asks)
			}
		}
	}
	if res, _ := guarded.get("/nowhere"); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("nowhere, without the token: %d", res.StatusCode)
	}
	if res, _ := free.ask("POST", "/mcp/x", nil, "Sec-Fetch-Site", "same-site"); res.StatusCode != http.StatusForbidden {
		t.Errorf("a page beside ours posts: %d", res.StatusCode)
	}
}

func TestListenRefuses(t *testing.T) {
	taken := serve(t, Options{}, usual, nil)
	for name, test := range map[string]struct {
		o    Options
		want error
	}{
		"everywhere":                   {Options{Addr: ":0"}, ErrNeedsToken},
		"every address":                {Options{Addr: "0.0.0.0:0"}, ErrNeedsToken},
		"everywhere, with a token":     {Options{Addr: ":0", Token: token}, nil},
		"everywhere, with a weak one":  {Options{Addr: ":0", Token: token[:31]}, ErrWeakToken},
		"loopback, with a weak one":    {Options{Addr: "127.0.0.1:0", Token: "short"}, ErrWeakToken},
		"loopback by name":             {Options{Addr: "localhost:0"}, nil},
		"an address that is taken":     {Options{Addr: taken.Addr().String()}, syscall.EADDRINUSE},
		"loopback, with a token":       {Options{Addr: "127.0.0.1:0", Token: token}, nil},
		"loopback, more than loopback": {Options{Addr: "127.9.9.9:0"}, nil},
	} {
		test.o.Metrics = NewMetrics("test")
		s, err := Listen(test.o)
		if !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
		if err != nil && strings.Contains(err.Error(), token[:20]) {
			t.Errorf("%s: %v tells the token", name, err)
		}
		if s != nil {
			if err := s.Shutdown(t.Context()); err != nil {
				t.Error(err)
			}
			if conn, err := net.Dial("tcp", s.Addr().String()); err == nil {
				conn.Close()
				t.Errorf("%s: still open after Shutdown", name)
			}
		}
	}
}

// Who dawdles with headers, with a body or with taking the answer is given up, and holds nobody else up.
func TestSlow(t *testing.T) {
	read := make(chan error, 1)
	o := serve(t, Options{}, quick, func(s *Server) {
		s.Handle("POST /reads", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			_, err := io.Copy(io.Discard, r.Body)
			read <- err
		}))
		s.Handle("POST /ignores", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		s.Handle("GET /endless", within(quick.answer, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			for {
				if _, err := w.Write(make([]byte, 64<<10)); err != nil {
					read <- err
					return
				}
			}
		})))
	})
	for name, request := range map[string]string{
		"headers": "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-",
		"body":    "POST /reads HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc",
		"ignored": "POST /ignores HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc",
		"answer":  "GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := net.Dial("tcp", o.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if _, err := io.WriteString(conn, request); err != nil {
				t.Fatal(err)
			}
			if res, _ := o.get("/healthz"); res.StatusCode != http.StatusOK {
				t.Errorf("meanwhile: %d", res.StatusCode)
			}
			if name == "body" || name == "answer" {
				select {
				case err := <-read:
					if err == nil {
						t.Error("the handler was told that all is well")
					}
				case <-time.After(5 * time.Second):
					t.Fatal("the handler is still waiting")
				}
				return
			}
			check(t, conn.SetReadDeadline(time.Now().Add(5*time.Second)))
			if _, err := io.Copy(io.Discard, conn); err != nil { // until the other side closes
				t.Errorf("the connection is still there: %v", err)
			}
		})
	}
	o.ask("POST", "/reads", strings.NewReader(strings.Repeat("x", maxBody+1)))
	if err := <-read; err == nil {
		t.Error("a body beyond the bound was read")
	}
}

// What is mounted may stream for longer than anybody else may take, behind a body that came in time and on a connection
// that had a deadline before; and it ends when the listener does.
func TestStream(t *testing.T) {
	ended := make(chan error, 1)
	o := serve(t, Options{}, quick, func(s *Server) {
		s.Handle("POST /stream", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if _, err := io.ReadAll(r.Body); err != nil {
				t.Error(err)
			}
			tick := time.NewTicker(2 * quick.answer)
			defer tick.Stop()
			for {
				fmt.Fprintln(w, "tick")
				check(t, http.NewResponseController(w).Flush())
				select {
				case <-tick.C:
				case <-r.Context().Done():
					ended <- context.Cause(r.Context())
					return
				}
			}
		}))
	})
	conn, err := net.Dial("tcp", o.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	r := bufio.NewReader(conn)
	fmt.Fprint(conn, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
	res, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(conn, "POST /stream HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc")
	if res, err = http.ReadResponse(r, nil); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(res.Body)
	for range 3 {
		if !lines.Scan() {
			t.Fatalf("the stream broke off: %v", lines.Err())
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := o.Shutdown(ctx); err != nil {
		t.Error(err)
	}
	if err := <-ended; err == nil {
		t.Error("the stream ended for no cause")
	}
}

// Nobody waits for who has connected and says nothing.
func TestShutdownDoesNotWaitForTheSilent(t *testing.T) {
	o := serve(t, Options{}, usual, nil)
	silent, err := net.Dial("tcp", o.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	o.get("/healthz") // by now the silent one was taken in
	began := time.Now()
	if err := o.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("closing took %s", took)
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}
