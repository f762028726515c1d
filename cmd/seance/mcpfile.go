package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// An object is a JSON object whose members keep their order, and whose values keep the form in which they were written.
type object []member

type member struct {
	key   string
	value json.RawMessage
}

// parseObject reads an object.
func parseObject(text []byte) (object, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return nil, errors.New("is no JSON object")
	}
	o := object{}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, err
		}
		var m member
		m.key, _ = key.(string) // the decoder lets nothing else be a key
		if err := dec.Decode(&m.value); err != nil {
			return nil, err
		}
		o = append(o, m)
	}
	return o, nil
}

// text is the object as JSON, without any space between its members.
func (o object) text() json.RawMessage {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(m.key); err != nil {
			panic(err) // a text
		}
		b.WriteByte(':')
		b.Write(m.value)
	}
	b.WriteByte('}')
	return b.Bytes()
}

// get returns a member's value, nil if there is none. Of two with one key the last counts, as everywhere.
func (o object) get(key string) json.RawMessage {
	for _, m := range slices.Backward(o) {
		if m.key == key {
			return m.value
		}
	}
	return nil
}

// set gives a member a value, at its old place or at the end.
func (o *object) set(key string, value json.RawMessage) {
	for i, m := range slices.Backward(*o) {
		if m.key == key {
			(*o)[i].value = value
			return
		}
	}
	*o = append(*o, member{key, value})
}

// nested are the settings whose own members may be somebody else's.
var nested = []string{"env", "headers"}

// merge puts entries into a settings file, which may be empty, and leaves everything else in it as it is. A file that
// has all of it already comes back as it was.
func merge(file []byte, entries []entry) ([]byte, error) {
	if len(bytes.TrimSpace(file)) == 0 {
		file = []byte("{}")
	}
	if err := wellFormed(file); err != nil {
		return nil, err
	}
	root, err := parseObject(file)
	if err != nil {
		return nil, err
	}
	all, err := inside(root, "mcpServers")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		ours, err := inside(all, e.name)
		if err != nil {
			return nil, err
		}
		ours = slices.DeleteFunc(ours, func(m member) bool { return slices.Contains(e.drop, m.key) })
		for _, m := range e.set {
			value := m.value
			if slices.Contains(nested, m.key) {
				below, err := inside(ours, m.key)
				if err != nil {
					return nil, err
				}
				said, err := parseObject(m.value)
				if err != nil {
					return nil, err
				}
				for _, one := range said {
					below.set(one.key, one.value)
				}
				value = below.text()
			}
			ours.set(m.key, value)
		}
		all.set(e.name, ours.text())
	}
	root.set("mcpServers", all.text())
	if same(file, root.text()) {
		return file, nil
	}
	var b bytes.Buffer
	if err := json.Indent(&b, root.text(), "", indentOf(file)); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// inside is the object that is a member of another one, empty if it is not there.
func inside(o object, key string) (object, error) {
	value := o.get(key)
	if value == nil {
		return object{}, nil
	}
	below, err := parseObject(value)
	if err != nil {
		return nil, fmt.Errorf("has a %q that is no JSON object", key)
	}
	return below, nil
}

// wellFormed says where a text stops being JSON.
func wellFormed(text []byte) error {
	var broken *json.SyntaxError
	var any json.RawMessage
	err := json.Unmarshal(text, &any)
	if errors.As(err, &broken) {
		before := text[:min(int(broken.Offset), len(text))]
		return fmt.Errorf("is not JSON (line %d: %w)", 1+bytes.Count(before, []byte("\n")), err)
	}
	return err
}

// same reports whether two texts are the same JSON but for the space in it.
func same(a, b []byte) bool {
	var x, y bytes.Buffer
	return json.Compact(&x, a) == nil && json.Compact(&y, b) == nil && bytes.Equal(x.Bytes(), y.Bytes())
}

// indentOf is how far a file's lines stand in, two spaces if it has none that do.
func indentOf(file []byte) string {
	for line := range strings.Lines(string(file)) {
		if rest := strings.TrimLeft(line, " \t"); len(rest) < len(line) && strings.TrimSpace(rest) != "" {
			return line[:len(line)-len(rest)]
		}
	}
	return "  "
}

// disabled are our servers that a settings file has switched off.
func disabled(file []byte) []string {
	var settings struct {
		Servers map[string]struct{ Disabled bool } `json:"mcpServers"`
	}
	if json.Unmarshal(file, &settings) != nil {
		return nil // somebody else's entry has a form of its own
	}
	var names []string
	for _, one := range servers {
		if name := "seance-" + one.name; settings.Servers[name].Disabled {
			names = append(names, name)
		}
	}
	return names
}
