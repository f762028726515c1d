package ws

import (
	"context"
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/gofiber/contrib/websocket"
	"github.com/gofiber/fiber/v2"

	"seance/relay/wire"
)

// readBuffer is what a connection keeps for reading, in bytes. Calls are small; larger ones are read in pieces.
const readBuffer = 512

// routes adds our addresses. The lines that come in by them live in ctx.
func (s *Server) routes(ctx context.Context, app fiber.Router) {
	app.Get("/ws", s.admitPlain, s.upgrade(ctx, wire.Plain))
	app.All("/socket.io/", s.admitSocketIO, s.upgrade(ctx, wire.SocketIO))
}

// upgrade turns an admitted request into a line.
func (s *Server) upgrade(ctx context.Context, codec wire.Codec) fiber.Handler {
	return websocket.New(func(c *websocket.Conn) {
		// The wrapper c is emptied and given to somebody else when this function returns, so nothing may keep it.
		s.serve(ctx, c.Conn, codec, codec == wire.Plain && c.Query("batch") == "1")
	}, websocket.Config{
		ReadBufferSize:  readBuffer,
		WriteBufferSize: readBuffer,
		WriteBufferPool: new(sync.Pool), // we write frames ourselves: nothing is ever taken from it
		RecoverHandler:  func(*websocket.Conn) {},
		// Origins stays empty, which lets everyone pass: admit has looked at the origin.
	})
}

func (s *Server) admitPlain(c *fiber.Ctx) error {
	switch {
	case !s.isOurs(c.Get(fiber.HeaderOrigin), c.Get(fiber.HeaderHost)):
		return c.Status(fiber.StatusForbidden).SendString("This origin may not connect.")
	case !websocket.IsWebSocketUpgrade(c):
		c.Set(fiber.HeaderUpgrade, "websocket")
		return c.Status(fiber.StatusUpgradeRequired).SendString("This address speaks WebSocket: see docs/protocol.md.")
	case !speaksOurs(c):
		return c.Status(fiber.StatusUpgradeRequired).SendString("This address speaks WebSocket in version 13.")
	case !hasKey(c):
		return c.Status(fiber.StatusBadRequest).SendString("The handshake has no Sec-WebSocket-Key of 16 bytes.")
	case s.isClosed():
		return c.SendStatus(fiber.StatusServiceUnavailable)
	}
	return c.Next()
}

func (s *Server) admitSocketIO(c *fiber.Ctx) error {
	refuse := func(status int, e wire.EngineError) error { return c.Status(status).JSON(e) }
	switch {
	case c.Query("transport") != "websocket":
		return refuse(fiber.StatusBadRequest, wire.EngineUnknownTransport)
	case !s.isOurs(c.Get(fiber.HeaderOrigin), c.Get(fiber.HeaderHost)):
		return refuse(fiber.StatusForbidden, wire.EngineForbidden)
	case c.Query("sid") != "":
		return refuse(fiber.StatusBadRequest, wire.EngineUnknownSession)
	case c.Method() != fiber.MethodGet:
		return refuse(fiber.StatusBadRequest, wire.EngineBadMethod)
	case c.Query("EIO") != "4":
		return refuse(fiber.StatusBadRequest, wire.EngineUnsupported)
	case !websocket.IsWebSocketUpgrade(c), !speaksOurs(c), !hasKey(c):
		return refuse(fiber.StatusBadRequest, wire.EngineBadRequest)
	case s.isClosed():
		return c.SendStatus(fiber.StatusServiceUnavailable)
	}
	return c.Next()
}

// version is the only one of the WebSocket protocol that there is: RFC 6455, section 4.1.
const version = "13"

// speaksOurs reports whether a handshake is of our version, and says in the answer which that is if not, as section 4.4
// wants it. The library would refuse it without a word.
func speaksOurs(c *fiber.Ctx) bool {
	if c.Get("Sec-WebSocket-Version") == version {
		return true
	}
	c.Set("Sec-WebSocket-Version", version)
	return false
}

// hasKey reports whether a handshake has the key that section 4.2.1 asks for.
func hasKey(c *fiber.Ctx) bool {
	key, err := base64.StdEncoding.DecodeString(c.Get("Sec-WebSocket-Key"))
	return err == nil && len(key) == 16
}

// isOurs reports whether a browser on a page of the given origin may connect: the page is ours, or of an origin that
// was named in the options. A browser always sends an Origin; who sends none is no browser.
func (s *Server) isOurs(origin, host string) bool {
	if origin == "" {
		return true
	}
	if slices.ContainsFunc(s.opts.Origins, func(o string) bool { return strings.EqualFold(strings.TrimSuffix(o, "/"), origin) }) {
		return true
	}
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return false
	}
	port := map[string]string{"http": ":80", "https": ":443"}[u.Scheme]
	return strings.EqualFold(strings.TrimSuffix(u.Host, port), strings.TrimSuffix(host, port))
}
