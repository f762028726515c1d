package tools

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"
)

// schemaFor describes T, with what the tags of its fields say. Lists are never null: some clients refuse a type that
// is one of two.
func schemaFor[T any]() (*jsonschema.Schema, error) {
	schema, err := jsonschema.For[T](nil)
	if err != nil {
		return nil, err
	}
	plain(schema)
	return schema, tune(schema, reflect.TypeFor[T]())
}

// loosen leaves the names and types in the schema of a result: a client reads what it knows, and lists of tools stay
// short.
func loosen(s *jsonschema.Schema) {
	if s == nil {
		return
	}
	s.Required = nil
	if s.AdditionalProperties != nil && s.AdditionalProperties.Not != nil {
		s.AdditionalProperties = nil
	}
	loosen(s.Items)
	for _, p := range s.Properties {
		loosen(p)
	}
}

// plain takes the null out of every type.
func plain(s *jsonschema.Schema) {
	if s == nil {
		return
	}
	if i := slices.Index(s.Types, "null"); i >= 0 && len(s.Types) == 2 {
		s.Type, s.Types = s.Types[1-i], nil
	}
	plain(s.Items)
	for _, p := range s.Properties {
		plain(p)
	}
}

// tune brings the tags of t's fields into its schema.
func tune(s *jsonschema.Schema, t reflect.Type) error {
	if t.Kind() != reflect.Struct {
		return nil
	}
	for field := range t.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if field.Anonymous && name == "" {
			if err := tune(s, field.Type); err != nil {
				return err
			}
			continue
		}
		p := s.Properties[name]
		if p == nil {
			continue
		}
		if words, ok := field.Tag.Lookup("enum"); ok {
			at := p
			if p.Items != nil {
				at = p.Items
			}
			for word := range strings.SplitSeq(words, ",") {
				at.Enum = append(at.Enum, word)
			}
		}
		for _, bound := range []string{"min", "max"} {
			said, ok := field.Tag.Lookup(bound)
			if !ok {
				continue
			}
			n, err := strconv.ParseFloat(said, 64)
			if err != nil {
				return fmt.Errorf("field %s: %s: %w", field.Name, bound, err)
			}
			limit(p, bound == "min", n)
		}
	}
	return nil
}

// limit bounds a number, the length of a text or the length of a list.
func limit(p *jsonschema.Schema, least bool, n float64) {
	whole := int(n)
	switch {
	case p.Type == "string" && least:
		p.MinLength = &whole
	case p.Type == "string":
		p.MaxLength = &whole
	case p.Type == "array" && least:
		p.MinItems = &whole
	case p.Type == "array":
		p.MaxItems = &whole
	case least:
		p.Minimum = &n
	default:
		p.Maximum = &n
	}
}
