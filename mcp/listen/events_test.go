package listen

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// after is what a stream has left behind an event, as one text.
func after(t *testing.T, e *events, name string, index int) (string, error) {
	t.Helper()
	var b strings.Builder
	for data, err := range e.After(t.Context(), "s", name, index) {
		if err != nil {
			return "", err
		}
		b.Write(data)
	}
	return b.String(), nil
}

func TestEvents(t *testing.T) {
	e := newEvents()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	open := func(name string) { t.Helper(); check(e.Open(t.Context(), "s", name)) }
	add := func(name, data string) { t.Helper(); check(e.Append(t.Context(), "s", name, []byte(data))) }
	want := func(name string, index int, want string) {
		t.Helper()
		if got, err := after(t, e, name, index); err != nil || got != want {
			t.Errorf("stream %q after %d: %.40q %v, want %.40q", name, index, got, err, want)
		}
	}
	gone := func(name string, index int) {
		t.Helper()
		if _, err := after(t, e, name, index); !errors.Is(err, mcp.ErrEventsPurged) {
			t.Errorf("stream %q after %d: %v, want it gone", name, index, err)
		}
	}

	open("")
	open("a")
	add("a", "1")
	add("", "n")
	add("a", "2")
	want("a", -1, "12")
	want("a", 0, "2")
	want("a", 1, "")
	want("", -1, "n")
	gone("b", -1)

	// Too many bytes: the oldest events go, the newest stays however long it is.
	add("a", strings.Repeat("x", keptBytes))
	gone("a", -1)
	gone("a", 0)
	want("a", 1, strings.Repeat("x", keptBytes))

	// Who asks for notices from the first on, when that is gone, gets those to come, counted anew.
	want("", -1, "")
	add("", "later")
	want("", -1, "later")
	want("", 0, "")

	// Too many streams: the oldest goes, what is still said on it is not kept, and the notices stay.
	for i := range keptStreams {
		open(fmt.Sprint(i))
	}
	gone("a", 1)
	add("a", "late")
	gone("a", 1)
	want("", -1, "later")
	want(fmt.Sprint(keptStreams-1), -1, "")

	check(e.SessionClosed(t.Context(), "s"))
	gone("", -1)
	if len(e.sessions) != 0 {
		t.Errorf("%d sessions are left", len(e.sessions))
	}
}
