// Package listen lets clients reach MCP servers: over HTTP behind the operator's listener, over standard input and
// output, and from within the program.
//
// It promises: every version of the protocol that the SDK knows is served, each by its own rules; progress is told when
// it is made; who leaves without a word leaves nothing behind; and what was asked is answered before an end is an end.
package listen

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"seance/mcp/tools"
)

// modernEra is the first version of the protocol without handshake and sessions (MCP, revision 2026-07-28).
const modernEra = "2026-07-28"

const (
	idle    = 10 * time.Minute // a session of the older protocol ends when nothing was asked for so long
	maxBody = 256 << 10
)

// Handler serves s over streamable HTTP, to clients of both eras of the protocol. Answers stream. Requests end with
// their contexts; sessions of the older era end after 10 minutes without a request, and with s.Close. By which names it
// may be reached, and by whom, is for the listener in front to decide.
func Handler(s *tools.Server, log *slog.Logger) http.Handler { return handler(s, log, idle) }

func handler(s *tools.Server, log *slog.Logger, idle time.Duration) http.Handler {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	server := func(*http.Request) *mcp.Server { return s.MCP() }
	// The SDK's own check of names knows those of loopback alone, and would refuse what a proxy on this machine passes on.
	legacy := mcp.NewStreamableHTTPHandler(server, &mcp.StreamableHTTPOptions{
		SessionTimeout: idle, EventStore: newEvents(), MaxRequestBodyBytes: maxBody, Logger: log, DisableLocalhostProtection: true,
	})
	modern := mcp.NewStreamableHTTPHandler(server, &mcp.StreamableHTTPOptions{
		Stateless: true, PropagateRequestCancellation: true, MaxRequestBodyBytes: maxBody, Logger: log, DisableLocalhostProtection: true,
	})
	// A stateful handler answers no client of the new era, and a stateless one has no stream for those of the old. Clients
	// of the new era name their version in every request; those of the old may leave it out.
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("MCP-Protocol-Version") >= modernEra {
			modern.ServeHTTP(w, r)
			return
		}
		legacy.ServeHTTP(w, r)
	})
}
