package api

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

//go:embed docs/page.html docs/docs.css
var docsFiles embed.FS

// A docsPage is the OpenAPI document for people to read.
type docsPage struct {
	Title, Version, Description string
	Routes                      []docsRoute
	Shapes                      []docsShape
	Codes                       []docsCode
}

type docsRoute struct {
	ID, Method, Path, Summary string
	Who                       string
	Params, Body              []docsField
	Good                      []docsAnswer
	Bad                       []string // statuses, each with its text
}

// docsAnswer is what a route returns when all is well.
type docsAnswer struct {
	Status string
	Type   []docsWord
}

// docsShape is a named schema.
type docsShape struct {
	Name   string
	Fields []docsField
	Type   []docsWord // when it has no fields of its own
}

type docsField struct {
	Name     string
	Where    string // of a parameter: path or query
	Required bool
	Type     []docsWord
	Text     string
}

// docsWord is a piece of a type's description; Ref is the shape that it leads to, if it does.
type docsWord struct{ Text, Ref string }

type docsCode struct {
	Code   string
	Status int
}

// docs serves the document of everything registered so far as a page, with a stylesheet of its own: the policy that
// every answer carries allows no other.
func (s *Server) docs() error {
	page, err := template.ParseFS(docsFiles, "docs/page.html")
	if err != nil {
		return fmt.Errorf("docs: %w", err)
	}
	var b bytes.Buffer
	if err := page.Execute(&b, s.docsPage()); err != nil {
		return fmt.Errorf("docs: %w", err)
	}
	style, err := docsFiles.ReadFile("docs/docs.css")
	if err != nil {
		return fmt.Errorf("docs: %w", err)
	}
	s.app.Get("/docs", newFile("docs.html", b.Bytes()).send)
	s.app.Get("/docs.css", newFile("docs.css", style).send)
	return nil
}

func (s *Server) docsPage() docsPage {
	doc := s.api.OpenAPI()
	shapes := doc.Components.Schemas.Map()
	page := docsPage{Title: doc.Info.Title, Version: doc.Info.Version, Description: doc.Info.Description}
	for _, op := range s.documented {
		page.Routes = append(page.Routes, docsRouteOf(op, shapes))
	}
	for _, name := range slices.Sorted(maps.Keys(shapes)) {
		shape := docsShape{Name: name, Fields: docsFields(shapes[name])}
		if len(shape.Fields) == 0 {
			shape.Type = docsType(shapes[name])
		}
		page.Shapes = append(page.Shapes, shape)
	}
	for _, c := range codes {
		page.Codes = append(page.Codes, docsCode{string(c.code), c.status})
	}
	return page
}

// everywhere are the statuses that the page tells of once.
var everywhere = []int{
	http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType,
	http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable,
}

func docsRouteOf(op *huma.Operation, shapes map[string]*huma.Schema) docsRoute {
	r := docsRoute{ID: op.OperationID, Method: op.Method, Path: op.Path, Summary: op.Summary, Who: "Anyone"}
	switch len(op.Security) {
	case len(holder):
		r.Who = "Who has a token of the session"
	case len(anyone):
		r.Who = "Anyone, or who has a token of the session"
	}
	for _, p := range op.Parameters {
		r.Params = append(r.Params, docsField{
			Name: p.Name, Where: p.In, Required: p.Required, Type: docsType(p.Schema), Text: docsText(p.Description, p.Schema),
		})
	}
	if op.RequestBody != nil {
		body := op.RequestBody.Content["application/json"].Schema
		if body.Ref != "" {
			body = shapes[docsName(body.Ref)]
		}
		r.Body = docsFields(body)
	}
	for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
		answer := op.Responses[status]
		n, _ := strconv.Atoi(status)
		if slices.Contains(everywhere, n) {
			continue
		}
		if n >= http.StatusBadRequest {
			r.Bad = append(r.Bad, status+" "+http.StatusText(n))
			continue
		}
		for _, mime := range slices.Sorted(maps.Keys(answer.Content)) {
			schema := answer.Content[mime].Schema
			good := docsAnswer{Status: status, Type: []docsWord{{Text: mime}}}
			if data := schema.Properties["data"]; data != nil { // in the envelope, which is told of once
				good.Type = docsType(data)
				if mime != "application/json" || len(answer.Content) > 1 {
					good.Type = append([]docsWord{{Text: mime + ", "}}, good.Type...)
				}
			}
			r.Good = append(r.Good, good)
		}
	}
	return r
}

// docsFields are the members of an object, what it must have first.
func docsFields(schema *huma.Schema) []docsField {
	var fields []docsField
	for name, s := range schema.Properties {
		fields = append(fields, docsField{
			Name: name, Required: slices.Contains(schema.Required, name), Type: docsType(s), Text: docsText(s.Description, s),
		})
	}
	slices.SortFunc(fields, func(a, b docsField) int {
		if a.Required != b.Required {
			if a.Required {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.Name, b.Name)
	})
	return fields
}

// docsType says what a value is, with the names of shapes as links.
func docsType(s *huma.Schema) []docsWord {
	var words []docsWord
	add := func(text string) { words = append(words, docsWord{Text: text}) }
	switch {
	case s.Ref != "":
		name := docsName(s.Ref)
		words = append(words, docsWord{Text: name, Ref: name})
	case len(s.OneOf) > 0:
		for i, part := range s.OneOf {
			if i > 0 {
				add(", or ")
			}
			words = append(words, docsType(part)...)
		}
	case len(s.AllOf) > 0:
		for i, part := range s.AllOf {
			if i > 0 {
				add(" and ")
			}
			words = append(words, docsType(part)...)
		}
	case s.Type == huma.TypeArray:
		add("list of ")
		words = append(words, docsType(s.Items)...)
	case len(s.Enum) > 0:
		for i, value := range s.Enum {
			if i > 0 {
				add(" | ")
			}
			if text, ok := value.(string); ok {
				value = strconv.Quote(text)
			}
			add(fmt.Sprint(value))
		}
	case s.Type == huma.TypeObject && len(s.Properties) > 0:
		for i, f := range docsFields(s) {
			if i > 0 {
				add(", ")
			}
			add(f.Name + ": ")
			words = append(words, f.Type...)
		}
	default:
		add(cmp.Or(s.Type, "anything"))
	}
	if s.Nullable {
		add(" or null")
	}
	return words
}

// docsText is a description with the bounds that go with it.
func docsText(text string, s *huma.Schema) string {
	var bounds []string
	if s.Minimum != nil && *s.Minimum != 0 {
		bounds = append(bounds, fmt.Sprintf("at least %v", *s.Minimum))
	}
	if s.Maximum != nil {
		bounds = append(bounds, fmt.Sprintf("at most %v", *s.Maximum))
	}
	if s.MinLength != nil && *s.MinLength == 1 {
		bounds = append(bounds, "not empty")
	}
	if s.MaxLength != nil {
		bounds = append(bounds, fmt.Sprintf("%d characters at most", *s.MaxLength))
	}
	if s.Default != nil {
		bounds = append(bounds, fmt.Sprintf("%v if left out", s.Default))
	}
	if text != "" {
		bounds = append([]string{text}, bounds...)
	}
	return strings.Join(bounds, "; ")
}

// docsName is what a reference leads to.
func docsName(ref string) string { return ref[strings.LastIndexByte(ref, '/')+1:] }
