package listen

import (
	"context"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const hello = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}
{"jsonrpc":"2.0","method":"notifications/initialized"}
`

// All that was asked is answered although the input has ended, and then it is over.
func TestStdioAnswersBeforeItEnds(t *testing.T) {
	h := newTable()
	close(h.going)
	var out strings.Builder
	err := Stdio(t.Context(), h.Server, strings.NewReader(hello+
		`{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"climb"}}`+"\n"+
		`{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"knock","arguments":{"door":"front","times":1}}}`+"\n"), &out)
	if err != nil {
		t.Error(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 6 || !strings.Contains(out.String(), "knock front") || !strings.Contains(out.String(), "upstairs") {
		t.Errorf("%d lines: %s", len(lines), out.String())
	}
	for _, line := range lines {
		if !strings.HasPrefix(line, `{"jsonrpc":"2.0"`) {
			t.Errorf("%q is no message", line)
		}
	}
}

// A call that does not end keeps nobody for longer than 2 s, whether the input ended or the program is told to.
func TestStdioEndsInTime(t *testing.T) {
	const climbs = hello + `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"climb"}}` + "\n"
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		if err := Stdio(t.Context(), newTable().Server, strings.NewReader(climbs), io.Discard); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took > 2*time.Second || took < time.Second {
			t.Errorf("it ended %s after its input", took)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		h := newTable()
		in, asks := io.Pipe()
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- Stdio(ctx, h.Server, in, io.Discard) }()
		io.WriteString(asks, hello)
		synctest.Wait()
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		asks.Close()
	})
}

// What is no JSON ends it with an error, and what is too long does.
func TestStdioRefuses(t *testing.T) {
	for name, in := range map[string]string{"no JSON": "knock knock\n", "too long": `{"jsonrpc":"2.0","id":1,"method":"` + strings.Repeat("x", maxBody) + `"}` + "\n"} {
		if err := Stdio(t.Context(), newTable().Server, strings.NewReader(in), io.Discard); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
