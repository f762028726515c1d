package api

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"seance/internal/seance"
)

// patience is how long a request may wait for the journal before it is given up as unavailable.
const patience = 10 * time.Second

// host is what a Host header may look like: it goes into the Content-Security-Policy.
var host = regexp.MustCompile(`^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$`)

// guard is what every request passes before its route.
func (s *Server) guard(c *fiber.Ctx) (err error) {
	began := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	c.SetUserContext(ctx)
	defer func() {
		if r := recover(); r != nil {
			s.log.Error("request panicked", "method", c.Method(), "panic", r, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", r)
		}
		status, took := statusOf(c, err), time.Since(began)
		s.log.Debug("request", "method", c.Method(), "route", c.Route().Path, "status", status, "took", took)
		s.observe(c.Method(), c.Route().Path, status, took)
	}()

	s.secure(c)
	if name := c.Hostname(); name != "" && !host.MatchString(name) { // the oldest health checks name no host
		return fiber.ErrBadRequest
	}
	if done, err := s.cors(c); done {
		return err
	}
	if underAPI(c) {
		c.Set(fiber.HeaderCacheControl, "no-store")
		if s.limits.REST != nil {
			if wait, ok := s.limits.REST.Allow(s.address(c)); !ok {
				return tooFast("Too many requests from your address.", wait)
			}
		}
	}
	return c.Next()
}

// statusOf is the status that a request is answered with once refuse has seen err.
func statusOf(c *fiber.Ctx, err error) int {
	var ours *failure
	var theirs *fiber.Error
	switch {
	case err == nil:
		return c.Response().StatusCode()
	case errors.As(err, &ours):
		return ours.status
	case errors.As(err, &theirs):
		return theirs.Code
	}
	return fiber.StatusInternalServerError
}

// underAPI reports whether a request is for the API, where every answer has the envelope.
func underAPI(c *fiber.Ctx) bool { return c.Path() == "/api" || strings.HasPrefix(c.Path(), "/api/") }

func tooFast(what string, wait time.Duration) error {
	wait = max(wait, time.Second)
	return failed(&seance.Fault{
		Kind: seance.ErrRateLimited, Say: fmt.Sprintf("%s Try again in %s s.", what, seconds(wait)), RetryAfter: wait,
	})
}

// secure sets the headers that every answer carries, whatever becomes of the request.
func (s *Server) secure(c *fiber.Ctx) {
	connect := "'self'"
	tls := c.Protocol() == "https"
	if name := c.Hostname(); host.MatchString(name) {
		// Older Safari does not count sockets as 'self'.
		if tls {
			connect += " wss://" + name
		} else {
			connect += " ws://" + name
		}
	}
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'self'; script-src 'self'; style-src 'self'; "+
		"img-src 'self' data: blob:; font-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; "+
		"connect-src "+connect+"; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'")
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	c.Set(fiber.HeaderPermissionsPolicy, "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	if tls {
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000")
	}
}

// cors lets the boards of the listed origins in. There are no cookies, so there are no credentials to allow. It
// reports true when the request was only the question whether another one may be sent.
func (s *Server) cors(c *fiber.Ctx) (done bool, err error) {
	origin := c.Get(fiber.HeaderOrigin)
	if origin == "" || len(s.origins) == 0 {
		return false, nil
	}
	c.Vary(fiber.HeaderOrigin)
	asks := c.Method() == fiber.MethodOptions && c.Get(fiber.HeaderAccessControlRequestMethod) != ""
	if !slices.Contains(s.origins, origin) {
		if asks {
			return true, failed(&seance.Fault{Kind: seance.ErrForbidden, Say: "This server does not know that origin."})
		}
		return false, nil
	}
	c.Set(fiber.HeaderAccessControlAllowOrigin, origin)
	c.Set(fiber.HeaderAccessControlExposeHeaders, fiber.HeaderRetryAfter+", "+fiber.HeaderContentDisposition)
	if asks {
		c.Set(fiber.HeaderAccessControlAllowMethods, "GET, POST, PATCH, DELETE")
		c.Set(fiber.HeaderAccessControlAllowHeaders, "Authorization, Content-Type")
		c.Set(fiber.HeaderAccessControlMaxAge, "600")
		return true, c.SendString("")
	}
	return false, nil
}

// healthz says that the process is alive.
func healthz(c *fiber.Ctx) error { return c.SendString("ok\n") }

// readyz says whether requests can be served: that what the server stands on is there.
func (s *Server) readyz(c *fiber.Ctx) error {
	if err := s.ready(c.UserContext()); err != nil {
		if !errors.Is(err, context.Canceled) {
			s.log.Warn("not ready", "err", err)
		}
		return c.Status(fiber.StatusServiceUnavailable).SendString("not ready\n")
	}
	return c.SendString("ready\n")
}
