package tools

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"

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
