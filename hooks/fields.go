package hooks

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// fields is a JSON object that is read key by key; what is wrong with one is told to problems. Its keys count as they
// are written, and null is as good as absent.
type fields struct {
	*problems
	where  string // begins each complaint: "hook 2 (restless): "
	values map[string]json.RawMessage
}

// readObject takes an object apart. Whole says that data is well-formed.
func readObject(data []byte) (map[string]json.RawMessage, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return nil, errors.New("want an object, {...}")
	}
	values := map[string]json.RawMessage{}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, err
		}
		name := key.(string) // JSON has no other keys
		if _, twice := values[name]; twice {
			return nil, fmt.Errorf("%q is there twice", name)
		}
		values[name] = value
	}
	return values, nil
}

func (f fields) refuse(format string, args ...any) { f.problems.refuse(f.where+format, args...) }
func (f fields) warn(format string, args ...any)   { f.problems.warn(f.where+format, args...) }

// has reports whether there is a value other than null.
func (f fields) has(key string) bool {
	raw, ok := f.values[key]
	return ok && string(raw) != "null"
}

// only refuses keys that are not among known: a misspelt one would leave undone what it was meant to do.
func (f fields) only(known ...string) {
	for _, key := range slices.Sorted(maps.Keys(f.values)) {
		switch near, ok := nearest(key, known); {
		case slices.Contains(known, key):
		case ok:
			f.refuse("there is no key %q: did you mean %q?", key, near)
		default:
			f.refuse("there is no key %q", key)
		}
	}
}

// read decodes a value; what says what it should be.
func (f fields) read(key, what string, into any) bool {
	if !f.has(key) {
		return false
	}
	if json.Unmarshal(f.values[key], into) != nil {
		f.refuse("%q has to be %s", key, what)
		return false
	}
	return true
}

func (f fields) text(key string) string {
	var s string
	f.read(key, "a text", &s)
	return s
}

// flag returns a truth value, or usual if there is none.
func (f fields) flag(key string, usual bool) bool {
	f.read(key, "true or false", &usual)
	return usual
}

// seconds returns a time that is 0 or more, a day at most.
func (f fields) seconds(key string) (d time.Duration, ok bool) {
	var n float64
	if !f.read(key, "a number of seconds", &n) {
		return 0, false
	}
	if n < 0 {
		f.refuse("%q is %v: want 0 or more seconds", key, n)
		return 0, false
	}
	return time.Duration(min(n, 24*60*60) * float64(time.Second)), true
}

// object returns the object under key.
func (f fields) object(key string) (fields, bool) {
	inner := fields{problems: f.problems, where: f.where + key + ": "}
	if !f.has(key) {
		f.refuse("%q is missing", key)
		return inner, false
	}
	values, err := readObject(f.values[key])
	if err != nil {
		inner.refuse("%v", err)
		return inner, false
	}
	inner.values = values
	return inner, true
}
