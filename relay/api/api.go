// Package api is the house's public HTTP side: the REST rows of docs/protocol.md through huma on Fiber, the board's
// files, and the app that relay/ws hangs its two sockets on.
//
// It promises: every JSON answer under /api has the one envelope, on success and on failure; /openapi.json says
// exactly what is answered; every answer carries the security headers; and nothing that goes wrong inside is told to
// a client, it goes to the log.
package api

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"seance/internal/seance"
	"seance/internal/secret"
	"seance/internal/token"
	"seance/steering"
)

// maxBody is how much of a request's body is read. Fiber itself stops at roomForMore, so that what is somewhat too
// large is read to its end and the client gets to see the 413.
const (
	maxBody     = 32 << 10
	roomForMore = 1 << 20
)

// readBuffer is also the most that a request's headers may take: other programs on localhost leave their cookies.
const readBuffer = 8 << 10

// A Store is what REST needs of everything durable.
type Store interface {
	seance.Journal
	seance.Register
	seance.Ratings
}

// A Hub is what REST needs of the live rooms.
type Hub interface {
	// Present is how many people sit at a session's table, spectators left out.
	Present(id seance.SessionID) int
	// Full reports whether a session has no place left for one more of the given role.
	Full(id seance.SessionID, role seance.Role) bool
	// End ends a session for everybody; again changes nothing. ErrNotFound.
	End(ctx context.Context, id seance.SessionID, reason seance.EndReason) error
	// Kick puts somebody out for good: it is kept, and their lines close. Again changes nothing. ErrNotFound.
	Kick(ctx context.Context, session seance.SessionID, participant seance.ParticipantID) error
	// Opened tells hooks of a session that was opened in the store.
	Opened(s seance.Session)
	// Rate keeps what a participant thinks of an answer. ErrNotFound, ErrBadRequest.
	Rate(ctx context.Context, r seance.Rating) error
	// Update tells everybody at the table what the session, which was changed in the store, is now.
	Update(ctx context.Context, s seance.Session)
	// Known tells the table who somebody who sits there is across sessions: their Soul, as the store has it now.
	Known(ctx context.Context, p seance.Participant)
	// LookForErased takes from every table what the store has erased.
	LookForErased(ctx context.Context) error
}

// Personas are the spirits that can be summoned, as the steering documents have them at this moment.
type Personas interface {
	Personas() []steering.Persona
}

// A Limiter counts what somebody does. A nil Limiter counts nothing.
type Limiter interface {
	Allow(key string) (retryAfter time.Duration, ok bool)
}

// Limits are the limiters of the public side.
type Limits struct {
	REST       Limiter // requests under /api, per address
	Passphrase Limiter // wrong passphrases, per address
}

// Options are what a Server is made of. Store, Hub, Tokens and Personas are needed.
type Options struct {
	Store    Store
	Souls    Souls // nobody is remembered if nil
	Hub      Hub
	Tokens   *token.Keys
	Personas Personas
	Board    fs.FS // the board's files; nil when the board was not built
	Limits   Limits

	PublicURL string                      // where people reach this server, without a slash at the end; else as they reached it
	LANURL    string                      // the same for who reached it on its own machine, where the link would lead nobody else
	Origins   []string                    // foreign origins whose boards are let in
	Proxies   []netip.Prefix              // networks whose word about the client's address is taken
	Ready     func(context.Context) error // says why requests cannot be served; always ready if nil
	Version   string                      // of the program, for the OpenAPI document
	Logger    *slog.Logger                // discards if nil
	// Observe hears of every request: its method, the pattern of its route ("/" for the board's files and for what is
	// not there), the status it was answered with, and how long that took. It may be nil.
	Observe func(method, route string, status int, took time.Duration)
}

// A Server answers HTTP on the public side. Its methods are safe for concurrent use.
type Server struct {
	app        *fiber.App
	api        huma.API
	documented []*huma.Operation // those of the OpenAPI document, in the order they were registered
	store      Store
	people     Souls
	changing   chan struct{} // 1 deep: held while it changes who is remembered
	hub        Hub
	tokens     *token.Keys
	personas   Personas
	board      *board
	limits     Limits
	guesses    *guesses
	public     string
	lan        string
	origins    []string
	proxies    proxies
	ready      func(context.Context) error
	log        *slog.Logger
	observe    func(method, route string, status int, took time.Duration)
}

// New makes a server with all its routes. What relay/ws serves is mounted on App.
func New(o Options) (*Server, error) {
	b, err := loadBoard(o.Board)
	if err != nil {
		return nil, err
	}
	s := &Server{
		store: o.Store, people: o.Souls, changing: make(chan struct{}, 1), hub: o.Hub, tokens: o.Tokens, personas: o.Personas, board: b,
		limits: o.Limits, guesses: &guesses{secrets: secret.NewKeeper(), limit: o.Limits.Passphrase},
		public: o.PublicURL, lan: o.LANURL, origins: o.Origins, proxies: o.Proxies, ready: o.Ready, log: o.Logger,
		observe: o.Observe,
	}
	if s.observe == nil {
		s.observe = func(string, string, int, time.Duration) {}
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.ready == nil {
		s.ready = func(context.Context) error { return nil }
	}
	trusted := make([]string, len(o.Proxies))
	for i, network := range o.Proxies {
		trusted[i] = network.String()
	}
	s.app = fiber.New(fiber.Config{
		Immutable:                    true, // else every string of a request becomes the next one's: TestInputsAreKept
		CaseSensitive:                true,
		BodyLimit:                    roomForMore,
		ReadBufferSize:               readBuffer,
		ReadTimeout:                  10 * time.Second,
		WriteTimeout:                 30 * time.Second,
		IdleTimeout:                  time.Minute,
		DisablePreParseMultipartForm: true,
		EnableTrustedProxyCheck:      true,
		TrustedProxies:               trusted,
		DisableStartupMessage:        true,
		ErrorHandler:                 s.refuse,
	})
	s.app.Server().Logger = faults{s.log}
	s.app.Use(s.guard)
	s.app.Get("/healthz", healthz)
	s.app.Get("/readyz", s.readyz)

	speakOurTongue()
	s.api = humafiber.New(s.app, describe(o.Version))
	s.sessions()
	s.hosting()
	s.history()
	s.transcripts()
	s.ratings()
	s.souls()
	s.invitation()
	s.spirits()
	if err := errors.Join(s.document(), s.docs()); err != nil {
		return nil, err
	}
	s.app.Use(b.serve)
	return s, nil
}

// App is where further routes are mounted.
func (s *Server) App() *fiber.App { return s.app }

// Serve answers on ln until Shutdown, and then returns nil.
func (s *Server) Serve(ln net.Listener) error {
	if err := s.app.Listener(ln); err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("http: %w", err)
	}
	return nil
}

// Shutdown takes no more connections, closes those that are idle and waits for the requests that are being answered,
// as long as ctx allows. Connections that became WebSockets are not waited for: they belong to relay/ws.
func (s *Server) Shutdown(ctx context.Context) error {
	return s.app.ShutdownWithContext(ctx)
}

// faults passes what fasthttp complains of on to the log: clients that vanish, requests that are none.
type faults struct{ log *slog.Logger }

// Printf logs one complaint.
func (f faults) Printf(format string, args ...any) {
	f.log.Debug("connection", "fault", fmt.Sprintf(format, args...))
}
