package api

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// A judge holds JSON against the schemas of an OpenAPI 3.1 document as it was served. It shares no code with what made
// the document, and a keyword that it does not know is an error, not a pass.
type judge struct{ doc map[string]any }

// response finds the schema of a documented answer.
func (j judge) response(method, path, status, mime string) (map[string]any, error) {
	var at any = j.doc
	for _, step := range []string{"paths", path, strings.ToLower(method), "responses", status, "content", mime, "schema"} {
		object, _ := at.(map[string]any)
		if at = object[step]; at == nil {
			return nil, fmt.Errorf("%s %s %s: the document has no %s", method, path, status, step)
		}
	}
	return at.(map[string]any), nil
}

// check says what of v is not as the schema has it.
func (j judge) check(schema map[string]any, v any, at string) []string {
	var wrong []string
	say := func(format string, args ...any) { wrong = append(wrong, at+": "+fmt.Sprintf(format, args...)) }
	object, _ := v.(map[string]any)
	for keyword, rule := range schema {
		switch keyword {
		case "$ref":
			wrong = append(wrong, j.check(j.resolve(rule.(string)), v, at)...)
		case "type":
			kinds, list := rule.([]any)
			if !list {
				kinds = []any{rule}
			}
			if !slices.ContainsFunc(kinds, func(kind any) bool { return isKind(v, kind.(string)) }) {
				say("%v is no %v", v, rule)
			}
		case "enum":
			if !slices.Contains(rule.([]any), v) {
				say("%v is none of %v", v, rule)
			}
		case "required":
			for _, name := range rule.([]any) {
				if _, ok := object[name.(string)]; object != nil && !ok {
					say("lacks %s", name)
				}
			}
		case "properties":
			for name, property := range rule.(map[string]any) {
				if value, ok := object[name]; ok {
					wrong = append(wrong, j.check(property.(map[string]any), value, at+"."+name)...)
				}
			}
		case "additionalProperties":
			for name := range object {
				if properties, _ := schema["properties"].(map[string]any); rule == false && properties[name] == nil {
					say("has %s, which is not described", name)
				}
			}
		case "items":
			list, _ := v.([]any)
			for i, item := range list {
				wrong = append(wrong, j.check(rule.(map[string]any), item, fmt.Sprintf("%s[%d]", at, i))...)
			}
		case "allOf":
			for _, part := range rule.([]any) {
				wrong = append(wrong, j.check(part.(map[string]any), v, at)...)
			}
		case "oneOf":
			fits, why := 0, []string{}
			for _, part := range rule.([]any) {
				if bad := j.check(part.(map[string]any), v, at); len(bad) == 0 {
					fits++
				} else {
					why = append(why, bad...)
				}
			}
			if fits != 1 {
				say("fits %d of the alternatives, not one: %v", fits, why)
			}
		case "minimum":
			if n, ok := v.(float64); ok && n < rule.(float64) {
				say("%v is below %v", n, rule)
			}
		case "maximum":
			if n, ok := v.(float64); ok && n > rule.(float64) {
				say("%v is above %v", n, rule)
			}
		case "maxLength":
			if s, ok := v.(string); ok && float64(utf8.RuneCountInString(s)) > rule.(float64) {
				say("%q is too long", s)
			}
		case "minLength":
			if s, ok := v.(string); ok && float64(utf8.RuneCountInString(s)) < rule.(float64) {
				say("%q is too short", s)
			}
		case "format":
			if s, ok := v.(string); ok && rule == "date-time" {
				if _, err := time.Parse(time.RFC3339, s); err != nil {
					say("%q is no date-time", s)
				}
			}
		case "description", "title", "examples", "default":
		default:
			say("the judge does not know %q", keyword)
		}
	}
	return wrong
}

func (j judge) resolve(ref string) map[string]any {
	var at any = j.doc
	for step := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		at = at.(map[string]any)[step]
	}
	return at.(map[string]any)
}

func isKind(v any, kind string) bool {
	switch v := v.(type) {
	case nil:
		return kind == "null"
	case bool:
		return kind == "boolean"
	case string:
		return kind == "string"
	case float64:
		return kind == "number" || kind == "integer" && v == math.Trunc(v)
	case []any:
		return kind == "array"
	default:
		return kind == "object"
	}
}

func decode(raw []byte) (v any, err error) {
	err = json.Unmarshal(raw, &v)
	return v, err
}
