package tools

import (
	"context"
	"crypto/sha256"
	"errors"
	"maps"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"seance/internal/seance"
)

// A subscription is who wants to hear of a resource, and what that was when they were last told.
type subscription struct {
	of   map[*mcp.ServerSession]bool
	mark [sha256.Size]byte
}

func (s *Server) subscribe(ctx context.Context, req *mcp.SubscribeRequest) error {
	uri := strings.Clone(req.Params.URI)
	text, err := s.text(ctx, uri)
	if err != nil && !errors.Is(err, seance.ErrNotFound) { // what is not there may come
		return say(s.o.Logger, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.subscribed[uri] == nil {
		s.subscribed[uri] = &subscription{of: map[*mcp.ServerSession]bool{}, mark: sha256.Sum256([]byte(text))}
	}
	s.subscribed[uri].of[req.Session] = true
	return nil
}

func (s *Server) unsubscribe(_ context.Context, req *mcp.UnsubscribeRequest) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if sub := s.subscribed[req.Params.URI]; sub != nil {
		if delete(sub.of, req.Session); len(sub.of) == 0 {
			delete(s.subscribed, req.Params.URI)
		}
	}
	return nil
}

// Watch tells everyone who has subscribed to a resource when that has changed, whoever changed it, until ctx is done.
// changes is a number that is another one after any change; resources are only looked at then.
func (s *Server) Watch(ctx context.Context, changes func(context.Context) (int64, error)) {
	tick := time.NewTicker(s.o.Settle)
	defer tick.Stop()
	var before int64
	for known := false; ; {
		now, err := changes(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			s.o.Logger.Debug("changes not seen", "err", err)
		case !known || now != before:
			before, known = now, s.tell(ctx)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// tell looks at everything that is subscribed to and tells of what has changed. It reports whether all could be seen.
func (s *Server) tell(ctx context.Context) (all bool) {
	all = true
	for uri, before := range s.marks() {
		text, err := s.text(ctx, uri) // what is gone is a change as well
		if err != nil && !errors.Is(err, seance.ErrNotFound) {
			all = false
			continue
		}
		mark := sha256.Sum256([]byte(text))
		if mark == before {
			continue
		}
		s.mu.Lock()
		if sub := s.subscribed[uri]; sub != nil {
			sub.mark = mark
		}
		s.mu.Unlock()
		if err := s.sdk.ResourceUpdated(ctx, &mcp.ResourceUpdatedNotificationParams{URI: uri}); err != nil {
			s.o.Logger.Debug("change not told", "err", err)
		}
	}
	return all
}

// marks are what is subscribed to, as it was told last. Those who have left without a word are taken out.
func (s *Server) marks() map[string][sha256.Size]byte {
	here := map[*mcp.ServerSession]bool{}
	for session := range s.sdk.Sessions() {
		here[session] = true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	marks := make(map[string][sha256.Size]byte, len(s.subscribed))
	for uri, sub := range s.subscribed {
		maps.DeleteFunc(sub.of, func(session *mcp.ServerSession, _ bool) bool { return !here[session] })
		if len(sub.of) == 0 {
			delete(s.subscribed, uri)
			continue
		}
		marks[uri] = sub.mark
	}
	return marks
}
