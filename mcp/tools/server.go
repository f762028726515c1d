// Package tools is what the three MCP servers of the house have in common: how a tool is declared and answers, how lists
// are paged and bounded, how changes are told, and what a read-only server leaves out.
//
// It promises: every tool states all four hints, refuses arguments it does not know, and tells a failure as a sentence
// with what to do next, never as a success; no list is without an end; and a notice of a change carries nothing but the
// URI of what has changed.
package tools

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// Options say what of a server is offered. The zero value offers everything.
type Options struct {
	ReadOnly bool          // no tool that writes, whatever Only says
	Only     []string      // these tools alone; all if empty
	Settle   time.Duration // how often Watch looks: what changed in between is told once; 250 ms if zero
	Version  string
	Logger   *slog.Logger // discards if nil
}

// About names a server and tells a model what it is for.
type About struct {
	Name, Title, Instructions string
	// Complete returns the values of a prompt's or template's argument that begin with value. It may be nil.
	Complete func(ctx context.Context, argument, value string) ([]string, error)
}

// maxCompletions is the most values that a completion may hold (MCP, "Completion").
const maxCompletions = 100

// A Server is an MCP server in the making: tools, resources and prompts are added to it before anyone connects.
type Server struct {
	sdk       *mcp.Server
	o         Options
	tools     []Tool
	resources []resource

	mu         sync.Mutex // guards what is below
	subscribed map[string]*subscription
	calls      map[*mcp.CallToolRequest]context.CancelFunc
}

// New makes a server without any tools.
func New(about About, o Options) *Server {
	o.Settle = cmp.Or(o.Settle, 250*time.Millisecond)
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Server{o: o, subscribed: map[string]*subscription{}, calls: map[*mcp.CallToolRequest]context.CancelFunc{}}
	options := &mcp.ServerOptions{
		Instructions:       about.Instructions,
		SubscribeHandler:   s.subscribe,
		UnsubscribeHandler: s.unsubscribe,
		// What is read here belongs to one house and changes by the minute. This is called while the server answers, so
		// it must not ask the server anything.
		SetCacheable: func(_ context.Context, _ mcp.Request, c *mcp.Cacheable) { c.CacheScope = "private" },
	}
	if about.Complete != nil {
		options.CompletionHandler = func(ctx context.Context, req *mcp.CompleteRequest) (*mcp.CompleteResult, error) {
			values, err := about.Complete(ctx, req.Params.Argument.Name, req.Params.Argument.Value)
			if err != nil {
				return nil, say(o.Logger, err)
			}
			shown := append([]string{}, values[:min(len(values), maxCompletions)]...) // never null
			return &mcp.CompleteResult{Completion: mcp.CompletionResultDetails{
				Values: shown, Total: len(values), HasMore: len(shown) < len(values),
			}}, nil
		}
	}
	s.sdk = mcp.NewServer(&mcp.Implementation{
		Name: about.Name, Title: about.Title, Version: cmp.Or(o.Version, "dev"),
	}, options)
	return s
}

// MCP is the server as the SDK knows it, for transports.
func (s *Server) MCP() *mcp.Server { return s.sdk }

// Tools are those that the server offers, in the order in which they were added.
func (s *Server) Tools() []Tool { return slices.Clone(s.tools) }

// offers reports whether a tool with a hint is part of this server.
func (s *Server) offers(name string, hint Hint) bool {
	if s.o.ReadOnly && hint != Reads {
		return false
	}
	return len(s.o.Only) == 0 || slices.Contains(s.o.Only, name)
}

// Close gives up the calls that are being made and ends every connection. Closing again is harmless.
func (s *Server) Close() {
	s.mu.Lock()
	for _, giveUp := range s.calls {
		giveUp()
	}
	s.mu.Unlock()
	for session := range s.sdk.Sessions() {
		if err := session.Close(); err != nil {
			s.o.Logger.Debug("connection not closed", "err", err)
		}
	}
}

// during is the context of one call, which ends when Close does not want to wait for it. The SDK ends no call of the
// older protocol itself. done is to be called at its end.
func (s *Server) during(ctx context.Context, call *mcp.CallToolRequest) (_ context.Context, done func()) {
	ctx, giveUp := context.WithCancel(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls[call] = giveUp
	return ctx, func() {
		giveUp()
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.calls, call)
	}
}
