package tools

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"seance/internal/seance"
)

// A Resource is something that can be read under a URI, or under every URI of a template with names in braces, as in
// seance://turns/{turn_id}.
type Resource struct {
	URI         string
	Name, Title string
	Description string
}

// resource is a Resource and how it is read.
type resource struct {
	uri   string
	match *regexp.Regexp
	names []string
	read  func(ctx context.Context, args map[string]string) (any, error)
}

const mime = "application/json"

var inBraces = regexp.MustCompile(`\\\{([a-z_]+)\\\}`)

// AddResource adds a resource that is told as JSON. read gets what stands in the URI in place of the names in braces;
// a seance.ErrNotFound of it is told as a resource that is not there.
func AddResource(s *Server, r Resource, read func(ctx context.Context, args map[string]string) (any, error)) {
	entry := resource{uri: r.URI, read: read}
	pattern := regexp.QuoteMeta(r.URI)
	for _, m := range inBraces.FindAllStringSubmatch(pattern, -1) {
		entry.names = append(entry.names, m[1])
	}
	entry.match = regexp.MustCompile("^" + inBraces.ReplaceAllString(pattern, "([^/?#]+)") + "$")
	s.resources = append(s.resources, entry)

	handle := func(ctx context.Context, req *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
		text, err := s.text(ctx, req.Params.URI)
		if errors.Is(err, seance.ErrNotFound) {
			return nil, mcp.ResourceNotFoundError(req.Params.URI)
		}
		if err != nil {
			return nil, say(s.o.Logger.With("resource", r.Name), err)
		}
		return &mcp.ReadResourceResult{Contents: []*mcp.ResourceContents{{URI: req.Params.URI, MIMEType: mime, Text: text}}}, nil
	}
	if len(entry.names) == 0 {
		s.sdk.AddResource(&mcp.Resource{
			URI: r.URI, Name: r.Name, Title: r.Title, Description: r.Description, MIMEType: mime,
		}, handle)
		return
	}
	s.sdk.AddResourceTemplate(&mcp.ResourceTemplate{
		URITemplate: r.URI, Name: r.Name, Title: r.Title, Description: r.Description, MIMEType: mime,
	}, handle)
}

// text reads what a URI stands for. seance.ErrNotFound.
func (s *Server) text(ctx context.Context, uri string) (string, error) {
	for _, r := range s.resources {
		found := r.match.FindStringSubmatch(uri)
		if found == nil {
			continue
		}
		args := map[string]string{}
		for i, name := range r.names {
			args[name] = found[i+1]
		}
		what, err := r.read(ctx, args)
		if err != nil {
			return "", err
		}
		text, err := json.MarshalIndent(what, "", " ")
		return string(text), err
	}
	return "", seance.ErrNotFound
}

func (s *Server) subscribe(ctx context.Context, req *mcp.SubscribeRequest) error {
	uri := req.Params.URI
	if _, err := s.text(ctx, uri); errors.Is(err, seance.ErrNotFound) {
		return mcp.ResourceNotFoundError(uri)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.subscribed[strings.Clone(uri)]++
	return nil
}

func (s *Server) unsubscribe(_ context.Context, req *mcp.UnsubscribeRequest) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.subscribed[req.Params.URI]--; s.subscribed[req.Params.URI] <= 0 {
		delete(s.subscribed, req.Params.URI)
	}
	return nil
}

// Watch tells everyone who has subscribed to a resource when that has changed, whoever changed it, until ctx is done.
// changes is a number that is another one after any change; resources are only looked at then.
func (s *Server) Watch(ctx context.Context, changes func(context.Context) (int64, error)) {
	tick := time.NewTicker(s.o.Settle)
	defer tick.Stop()
	marks := map[string][sha256.Size]byte{}
	var before int64
	for {
		now, err := changes(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			s.o.Logger.Debug("changes not seen", "err", err)
		default:
			marks = s.tell(ctx, marks, now != before)
			before = now
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// tell looks at what is subscribed to: at everything if something has changed, else at what is new.
func (s *Server) tell(ctx context.Context, before map[string][sha256.Size]byte, changed bool) map[string][sha256.Size]byte {
	s.mu.Lock()
	uris := make([]string, 0, len(s.subscribed))
	for uri := range s.subscribed {
		uris = append(uris, uri)
	}
	s.mu.Unlock()
	marks := make(map[string][sha256.Size]byte, len(uris))
	for _, uri := range uris {
		mark, known := before[uri]
		if known && !changed {
			marks[uri] = mark
			continue
		}
		text, err := s.text(ctx, uri) // what is gone is a change as well
		if err != nil && !errors.Is(err, seance.ErrNotFound) {
			marks[uri] = mark
			continue
		}
		marks[uri] = sha256.Sum256([]byte(text))
		if known && marks[uri] != mark {
			if err := s.sdk.ResourceUpdated(ctx, &mcp.ResourceUpdatedNotificationParams{URI: uri}); err != nil {
				s.o.Logger.Debug("change not told", "err", err)
			}
		}
	}
	return marks
}
