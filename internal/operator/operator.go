// Package operator is the house's other listener, for who runs it: health, metrics, profiles, and whatever else is
// mounted beside them.
//
// It promises: nothing on it can be reached by a name that was not allowed, nor from a web page of somewhere else; off
// this machine it does not open without a token; and nobody who is slow holds it up. What it tells counts people and
// never names them.
package operator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"time"
)

// MinToken is the fewest characters of a token.
const MinToken = 32

// The ways in which an address is refused.
var (
	ErrNeedsToken = errors.New("an address that others can reach needs a token")
	ErrWeakToken  = fmt.Errorf("the token has fewer than %d characters", MinToken)
)

// Options say how the listener is opened. Addr and Metrics are needed.
type Options struct {
	Addr    string   // host:port
	Token   string   // when set, everything but /healthz needs it as a bearer token; needed off a loopback address
	Hosts   []string // names beside those of loopback under which it may be reached, as host or host:port
	Metrics *Metrics
	Logger  *slog.Logger // discards if nil
}

// A Server is an open listener. Its methods are safe for concurrent use.
type Server struct {
	ln    net.Listener
	mux   *http.ServeMux
	http  *http.Server
	door  door
	fresh fresh
	log   *slog.Logger
	leave context.CancelFunc
}

// waits are how long others may take.
type waits struct {
	header  time.Duration // until a request's headers are there
	request time.Duration // until all of it is
	idle    time.Duration // between two requests on a connection
	answer  time.Duration // until an answer of ours has been taken
	profile time.Duration // the same for a profile, the time it measures included
}

var usual = waits{
	header: 5 * time.Second, request: 10 * time.Second, idle: time.Minute, answer: 30 * time.Second, profile: 5 * time.Minute,
}

// The most that is read of a request.
const (
	maxHeader = 16 << 10
	maxBody   = 256 << 10
)

// Listen opens the address. ErrNeedsToken, ErrWeakToken, or why the system did not.
func Listen(o Options) (*Server, error) { return listen(o, usual) }

func listen(o Options, w waits) (*Server, error) {
	if o.Token != "" && len(o.Token) < MinToken {
		return nil, ErrWeakToken
	}
	ln, err := net.Listen("tcp", o.Addr)
	if err != nil {
		return nil, fmt.Errorf("the operator's address %s: %w", o.Addr, err)
	}
	if at, ok := ln.Addr().(*net.TCPAddr); o.Token == "" && (!ok || !at.IP.IsLoopback()) {
		return nil, errors.Join(fmt.Errorf("the operator's address %s: %w", o.Addr, ErrNeedsToken), ln.Close())
	}
	s := &Server{
		ln: ln, mux: http.NewServeMux(), door: newDoor(o.Token, o.Hosts), fresh: fresh{conns: map[net.Conn]bool{}}, log: o.Logger,
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.mux.Handle("GET /healthz", within(w.answer, http.HandlerFunc(healthz)))
	s.mux.Handle("GET /metrics", within(w.answer, o.Metrics.handler(s.log)))
	s.mux.Handle("GET /debug/pprof/", within(w.profile, http.HandlerFunc(pprof.Index)))
	s.mux.Handle("GET /debug/pprof/cmdline", within(w.answer, http.HandlerFunc(pprof.Cmdline)))
	s.mux.Handle("GET /debug/pprof/symbol", within(w.answer, http.HandlerFunc(pprof.Symbol)))
	s.mux.Handle("GET /debug/pprof/profile", within(w.profile, http.HandlerFunc(pprof.Profile)))
	s.mux.Handle("GET /debug/pprof/trace", within(w.profile, http.HandlerFunc(pprof.Trace)))

	base, leave := context.WithCancel(context.Background())
	s.leave = leave
	s.http = &http.Server{
		Handler:           s.guard(s.mux),
		ReadHeaderTimeout: w.header,
		ReadTimeout:       w.request,
		IdleTimeout:       w.idle,
		MaxHeaderBytes:    maxHeader,
		BaseContext:       func(net.Listener) context.Context { return base },
		ConnState:         s.fresh.state,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	return s, nil
}

// Addr is the address that was opened.
func (s *Server) Addr() net.Addr { return s.ln.Addr() }

// Handle mounts h beside the rest, before Serve. It gets what passed the door, with at most 256 KiB of a body that
// arrives in time. No time is set for its answer, so that it may stream; it must end when the request's context does,
// which Shutdown sees to.
func (s *Server) Handle(pattern string, h http.Handler) { s.mux.Handle(pattern, h) }

// Serve answers until Shutdown, and then returns nil.
func (s *Server) Serve() error {
	if err := s.http.Serve(s.ln); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("operator's listener: %w", err)
	}
	return nil
}

// Shutdown ends the contexts of all requests, takes no more of them, and waits for those that are being answered; when
// ctx is done it closes their connections instead.
func (s *Server) Shutdown(ctx context.Context) error {
	s.leave()
	s.fresh.close()
	defer s.ln.Close() // in case that Serve never was
	if err := s.http.Shutdown(ctx); err != nil {
		return fmt.Errorf("operator's listener: %w", errors.Join(err, s.http.Close()))
	}
	return nil
}

// guard is what every request passes before its route.
func (s *Server) guard(next http.Handler) http.Handler {
	next = http.NewCrossOriginProtection().Handler(http.MaxBytesHandler(next, maxBody))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Cache-Control", "no-store")
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
		if status, say := s.door.refuses(r); status != 0 {
			if status == http.StatusUnauthorized {
				header.Set("WWW-Authenticate", `Bearer realm="seance operator"`)
			}
			http.Error(w, say, status)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// within gives h so long until its answer has been taken.
func within(d time.Duration, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(d))
		h.ServeHTTP(w, r)
	})
}

// healthz says that the process is alive.
func healthz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, "ok\n") // whoever left does not want to know
}
