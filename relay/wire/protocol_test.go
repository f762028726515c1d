package wire

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

// docs/protocol.md is what strangers write clients from.
func TestProtocolPageNamesEverything(t *testing.T) {
	raw, err := os.ReadFile("../../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(raw)
	for _, p := range events(t) {
		if !strings.Contains(page, "| `"+p.Event+"` |") {
			t.Errorf("the page does not list the event %s", p.Event)
		}
	}
	for call := range calls {
		if !strings.Contains(page, "`"+call+"`") {
			t.Errorf("the page does not list the call %s", call)
		}
	}
	for _, k := range kinds {
		if !strings.Contains(page, "`"+string(k.code)+"`") {
			t.Errorf("the page does not list the error %s", k.code)
		}
	}
	for _, code := range []CloseCode{
		CloseNotUTF8, CloseTooLarge, CloseGoingAway, CloseTooSlow, CloseReplaced, CloseBadFrames, CloseUnauthorized,
		CloseKicked, CloseNoJoin, CloseEnded, CloseFlooding,
	} {
		if !strings.Contains(page, "| "+strconv.Itoa(int(code))+" |") {
			t.Errorf("the page does not list the close code %d", code)
		}
	}
}
