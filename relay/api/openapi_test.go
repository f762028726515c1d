package api

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// The document lists exactly the rows of docs/protocol.md that are served, each with its statuses. That the answers
// are as it says is checked by every other test here, on its way.
func TestDocument(t *testing.T) {
	doc := open(t).judge.doc
	if version, _ := doc["openapi"].(string); !strings.HasPrefix(version, "3.1") {
		t.Errorf("openapi %v, want 3.1", doc["openapi"])
	}
	want := map[string]string{
		"POST /api/sessions":                             "201 400 413 415 422 429 500 503",
		"GET /api/sessions/{key}":                        "200 400 404 429 500 503",
		"PATCH /api/sessions/{key}":                      "200 400 401 403 404 410 413 415 422 429 500 503",
		"DELETE /api/sessions/{key}":                     "200 400 401 403 404 429 500 503",
		"POST /api/sessions/{key}/join":                  "200 400 401 403 404 409 410 413 415 422 429 500 503",
		"POST /api/sessions/{key}/kick":                  "200 400 401 403 404 410 413 415 422 429 500 503",
		"GET /api/sessions/{key}/history":                "200 400 401 403 404 422 429 500 503",
		"GET /api/sessions/{key}/transcript":             "200 400 401 403 404 422 429 500 503",
		"GET /api/sessions/{key}/qr.svg":                 "200 400 404 429 500 503",
		"POST /api/sessions/{key}/messages/{seq}/rating": "200 400 401 403 404 413 415 422 429 500 503",
		"GET /api/spirits":                               "200 400 429 500 503",
		"POST /api/soul":                                 "200 400 401 403 413 415 429 500 503",
		"GET /api/soul":                                  "200 400 401 422 429 500 503",
		"DELETE /api/soul":                               "200 400 401 429 500 503",
	}
	got := map[string]string{}
	for path, item := range doc["paths"].(map[string]any) {
		for method, op := range item.(map[string]any) {
			var statuses []string
			for status := range op.(map[string]any)["responses"].(map[string]any) {
				statuses = append(statuses, status)
			}
			slices.Sort(statuses)
			got[strings.ToUpper(method)+" "+path] = strings.Join(statuses, " ")
		}
	}
	for op, statuses := range want {
		if got[op] != statuses {
			t.Errorf("%s: %q, want %q", op, got[op], statuses)
		}
		delete(got, op)
	}
	for op := range got {
		t.Errorf("%s is documented and not in docs/protocol.md", op)
	}

	for path, types := range map[string]string{
		qrRoute: "image/svg+xml", transcriptRoute: "application/json text/markdown text/plain",
	} {
		at := doc["paths"].(map[string]any)[path].(map[string]any)["get"].(map[string]any)["responses"].(map[string]any)
		content := at["200"].(map[string]any)["content"].(map[string]any)
		if got := strings.Join(slices.Sorted(maps.Keys(content)), " "); got != types {
			t.Errorf("%s returns %q, want %q", path, got, types)
		}
	}

	scheme := doc["components"].(map[string]any)["securitySchemes"].(map[string]any)["token"].(map[string]any)
	if scheme["type"] != "http" || scheme["scheme"] != "bearer" {
		t.Errorf("security scheme %v", scheme)
	}
	end := doc["paths"].(map[string]any)["/api/sessions/{key}"].(map[string]any)["delete"].(map[string]any)
	if security, _ := end["security"].([]any); len(security) != 1 {
		t.Errorf("ending a session asks for %v", end["security"])
	}
}

// The judge of answers is itself judged: a success with its error left out must not pass.
func TestJudgeIsStrict(t *testing.T) {
	h := open(t)
	schema, err := h.judge.response("GET", "/api/spirits", "200", "application/json")
	if err != nil {
		t.Fatal(err)
	}
	good := `{"success":true,"data":{"spirits":[{"id":"a","title":"A","description":"","lang":"en"}]},"error":null,"timestamp":"2026-11-22T20:00:00Z"}`
	for name, change := range map[string][2]string{
		"as it is":       {"", ""},
		"no error":       {`"error":null,`, ``},
		"error not null": {`"error":null`, `"error":{}`},
		"not successful": {`"success":true`, `"success":false`},
		"data null":      {`{"spirits":[{"id":"a","title":"A","description":"","lang":"en"}]}`, `null`},
		"spirits null":   {`[{"id":"a","title":"A","description":"","lang":"en"}]`, `null`},
		"no lang":        {`,"lang":"en"`, ``},
		"no time":        {`2026-11-22T20:00:00Z`, `yesterday`},
	} {
		v, err := decode([]byte(strings.Replace(good, change[0], change[1], 1)))
		if err != nil {
			t.Fatal(err)
		}
		if wrong := h.judge.check(schema, v, ""); (len(wrong) == 0) != (name == "as it is") {
			t.Errorf("%s: %v", name, wrong)
		}
	}
}
