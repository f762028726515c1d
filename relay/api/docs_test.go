package api

import (
	"encoding/xml"
	"errors"
	"html/template"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// The page names everything that the document has, its links lead somewhere, and nothing in it is refused by the
// policy that it is sent with.
func TestDocs(t *testing.T) {
	h := open(t)
	status, header, body := h.send("GET", "/docs", nil, "")
	if status != 200 || header.Get("Content-Type") != "text/html; charset=utf-8" || header.Get("ETag") == "" {
		t.Fatalf("%d %v", status, header)
	}
	page := string(body)
	for path, item := range h.judge.doc["paths"].(map[string]any) {
		if !strings.Contains(page, "<code>"+path+"</code>") {
			t.Errorf("the page lacks %s", path)
		}
		for method, op := range item.(map[string]any) {
			said := op.(map[string]any)
			for _, word := range []string{`id="` + said["operationId"].(string) + `"`, template.HTMLEscapeString(said["summary"].(string))} {
				if !strings.Contains(page, word) {
					t.Errorf("%s %s: the page lacks %s", method, path, word)
				}
			}
		}
	}
	for name, schema := range h.judge.doc["components"].(map[string]any)["schemas"].(map[string]any) {
		if !strings.Contains(page, `id="shape-`+name+`"`) {
			t.Errorf("the page lacks the shape %s", name)
		}
		properties, _ := schema.(map[string]any)["properties"].(map[string]any)
		for property := range properties {
			if !strings.Contains(page, "<dt><code>"+property+"</code>") {
				t.Errorf("the page lacks %s of %s", property, name)
			}
		}
	}

	ids, links, sheets := map[string]bool{}, []string{}, []string{}
	for _, e := range elements(t, page) {
		if slices.Contains([]string{"script", "style", "iframe", "img"}, e.Name.Local) {
			t.Errorf("the page has a %s", e.Name.Local)
		}
		for _, a := range e.Attr {
			switch name := a.Name.Local; {
			case name == "style" || strings.HasPrefix(name, "on"):
				t.Errorf("<%s %s=%q> is inline", e.Name.Local, name, a.Value)
			case name == "id" && ids[a.Value]:
				t.Errorf("id %s twice", a.Value)
			case name == "id":
				ids[a.Value] = true
			case name == "href" && e.Name.Local == "link":
				sheets = append(sheets, a.Value)
			case name == "href":
				links = append(links, a.Value)
			}
		}
	}
	for _, link := range slices.Concat(links, sheets) {
		if id, within := strings.CutPrefix(link, "#"); within {
			if !ids[id] {
				t.Errorf("the link %s leads nowhere", link)
			}
			continue
		}
		if status, _, _ := h.send("GET", link, nil, ""); !strings.HasPrefix(link, "/") || status != http.StatusOK {
			t.Errorf("the link %s leads to %d", link, status)
		}
	}
	if len(sheets) != 1 || len(links) < 20 {
		t.Errorf("sheets %q, %d links", sheets, len(links))
	}
	_, header, style := h.send("GET", sheets[0], nil, "")
	if header.Get("Content-Type") != "text/css; charset=utf-8" || strings.Contains(string(style), "url(") || strings.Contains(string(style), "@import") {
		t.Errorf("the stylesheet is %s and fetches more", header.Get("Content-Type"))
	}
}

// elements reads a page's start tags.
func elements(t *testing.T, page string) (all []xml.StartElement) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(page))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok {
			all = append(all, e)
		}
	}
}
