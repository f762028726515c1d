package ws

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"seance/internal/wireclient"
	"seance/relay/wire"
)

// What Engine.IO 4 and Socket.IO 5 ask of a server whose only transport is WebSocket: the groups of the protocols' own
// suites that need no polling (handshake, heartbeat, close; connect, disconnect, message), and what their texts say
// beside. That a heartbeat which is not answered ends the line is TestSilentBoardsAreClosed, for both codecs.

func TestEngineIO_HandshakeOpensASession(t *testing.T) {
	h := open(t, Options{Limits: Limits{Ping: 300 * time.Millisecond, Pong: 200 * time.Millisecond}})
	c := h.raw(socketIOPath)
	text := c.hears()
	var got map[string]any
	if !strings.HasPrefix(text, "0{") || json.Unmarshal([]byte(text[1:]), &got) != nil {
		t.Fatalf("the first packet is %s", text)
	}
	sid, _ := got["sid"].(string)
	upgrades, _ := got["upgrades"].([]any)
	if len(got) != 5 || len(sid) < 16 || upgrades == nil || len(upgrades) != 0 ||
		got["pingInterval"] != 300.0 || got["pingTimeout"] != 200.0 || got["maxPayload"] != 4096.0 {
		t.Errorf("the handshake is %s", text)
	}
}

// The order of the query is the client's own, and it may say more: `t` keeps caches away.
func TestEngineIO_HandshakesWithMoreInThem(t *testing.T) {
	h := open(t, Options{})
	sids := map[any]bool{}
	for _, query := range []string{"EIO=4&transport=websocket", "transport=websocket&EIO=4", "EIO=4&transport=websocket&t=PXq1&token=secret"} {
		c := h.raw("/socket.io/?" + query)
		text := c.hears()
		var open struct{ SID string }
		if err := json.Unmarshal([]byte(text[1:]), &open); err != nil || sids[open.SID] {
			t.Errorf("%s opens with %s, which is no session of its own", query, text)
		}
		sids[open.SID] = true
	}
}

// Who connects and says nothing more has as long as who does not join.
func TestSocketIO_NobodyWaitsForAConnectForever(t *testing.T) {
	h := open(t, Options{Limits: Limits{Join: 50 * time.Millisecond}})
	c := h.raw(socketIOPath)
	c.mustHear("0{")
	if before := c.closedWith(wire.CloseNoJoin); len(before) != 0 {
		t.Errorf("heard %q before the close", before)
	}
}

func TestEngineIO_HandshakesThatAreNone(t *testing.T) {
	h := open(t, Options{})
	for name, test := range map[string]struct {
		method, query, origin string
		upgrade               bool
		status                int
		body                  string
	}{
		"polling":             {query: "EIO=4&transport=polling", status: 400, body: `{"code":0,"message":"Transport unknown"}`},
		"polling post":        {method: "POST", query: "EIO=4&transport=polling", status: 400, body: `{"code":0,"message":"Transport unknown"}`},
		"no transport":        {query: "EIO=4", status: 400, body: `{"code":0,"message":"Transport unknown"}`},
		"other transport":     {query: "EIO=4&transport=abc", status: 400, body: `{"code":0,"message":"Transport unknown"}`},
		"unknown session":     {query: "EIO=4&transport=websocket&sid=abc", upgrade: true, status: 400, body: `{"code":1,"message":"Session ID unknown"}`},
		"post":                {method: "POST", query: "EIO=4&transport=websocket", status: 400, body: `{"code":2,"message":"Bad handshake method"}`},
		"put":                 {method: "PUT", query: "EIO=4&transport=websocket", status: 400, body: `{"code":2,"message":"Bad handshake method"}`},
		"no upgrade":          {query: "EIO=4&transport=websocket", status: 400, body: `{"code":3,"message":"Bad request"}`},
		"foreign origin":      {query: "EIO=4&transport=websocket", origin: "https://evil.example", upgrade: true, status: 403, body: `{"code":4,"message":"Forbidden"}`},
		"no EIO":              {query: "transport=websocket", upgrade: true, status: 400, body: `{"code":5,"message":"Unsupported protocol version"}`},
		"older EIO":           {query: "EIO=3&transport=websocket", upgrade: true, status: 400, body: `{"code":5,"message":"Unsupported protocol version"}`},
		"EIO that is no such": {query: "EIO=abc&transport=websocket", upgrade: true, status: 400, body: `{"code":5,"message":"Unsupported protocol version"}`},
	} {
		t.Run(name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(within(t), test.method, h.url+"/socket.io/?"+test.query, nil)
			if err != nil {
				t.Fatal(err)
			}
			if test.upgrade {
				req.Header.Set("Connection", "Upgrade")
				req.Header.Set("Upgrade", "websocket")
				req.Header.Set("Sec-WebSocket-Version", "13")
				req.Header.Set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
			}
			if test.origin != "" {
				req.Header.Set("Origin", test.origin)
			}
			res, err := http.DefaultTransport.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			if res.StatusCode != test.status || string(body) != test.body {
				t.Errorf("answered %d %s, want %d %s", res.StatusCode, body, test.status, test.body)
			}
			if kind := res.Header.Get("Content-Type"); !strings.HasPrefix(kind, "application/json") {
				t.Errorf("the content type is %s", kind)
			}
		})
	}
}

func TestEngineIO_HeartbeatIsTheServers(t *testing.T) {
	h := open(t, Options{Limits: Limits{Ping: 20 * time.Millisecond, Pong: 5 * time.Second}})
	c := h.raw(socketIOPath)
	c.mustHear("0{")
	for range 3 {
		if got := c.hears(); got != "2" {
			t.Fatalf("heard %s, want a ping", got)
		}
		c.says("3")
	}
}

// opensSocketIO connects without manners and enters the main namespace.
func (h *house) opensSocketIO() *stranger {
	h.t.Helper()
	c := h.raw(socketIOPath)
	c.mustHear("0{")
	c.says("40")
	c.mustHear(`40{"sid":"`)
	return c
}

// sitsSocketIO joins, too.
func (h *house) sitsSocketIO() (*stranger, *chair) {
	h.t.Helper()
	c := h.opensSocketIO()
	c.says(`420["join_session",{"token":"raven/mara"}]`)
	c.mustHear(`430[{"success":true,"data":{"session":`)
	c.mustHear("2") // the round trip is measured
	c.says("3")
	return c, <-h.arrived
}

func TestSocketIO_OnlyTheMainNamespaceIsThere(t *testing.T) {
	h := open(t, Options{})
	c := h.raw(socketIOPath)
	c.mustHear("0{")
	c.says("40/random")
	c.mustHear(`44/random,{"message":"Invalid namespace"}`)
	c.says(`40/custom,{"token":"abc"}`)
	c.mustHear(`44/custom,{"message":"Invalid namespace"}`)
	c.says(`40{"token":"123"}`) // auth is allowed and means nothing: joining is join_session's
	c.mustHear(`40{"sid":"`)
	c.says(`421["join_session",{"token":"raven/mara"}]`)
	c.mustHear(`431[{"success":true`)
}

func TestSocketIO_PacketsThatEndTheLine(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want wire.CloseCode
	}{
		"engine close":          {"1", 1000},
		"disconnect":            {"41", 1000},
		"connect twice":         {"40", wire.CloseBadFrames},
		"no such packet":        {"abc", wire.CloseBadFrames},
		"client ping":           {"2", wire.CloseBadFrames},
		"upgrade":               {"5", wire.CloseBadFrames},
		"empty message":         {"4", wire.CloseBadFrames},
		"invalid message":       {"4abc", wire.CloseBadFrames},
		"payload no array":      {"42{}", wire.CloseBadFrames},
		"payload empty":         {"42[]", wire.CloseBadFrames},
		"payload no JSON":       {"42[", wire.CloseBadFrames},
		"ack id no number":      {`42abc["message-with-ack",1]`, wire.CloseBadFrames},
		"unconnected namespace": {`42/custom,["message"]`, wire.CloseBadFrames},
		"namespace disconnect":  {`41/custom,`, wire.CloseBadFrames},
		"text in attachments":   {`452-["message",{"_placeholder":true,"num":0}]` + "\n" + `42["message"]`, wire.CloseBadFrames},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t, Options{})
			c, chair := h.sitsSocketIO()
			for text := range strings.SplitSeq(test.text, "\n") {
				c.says(text)
			}
			before := c.closedWith(test.want)
			if spoke := len(before) == 1 && strings.HasPrefix(before[0], `42["error",{"code":"bad_request"`); spoke != (test.want != 1000) {
				t.Errorf("heard %q before the close", before)
			}
			chair.does("lost")
		})
	}
}

func TestSocketIO_NothingBeforeConnecting(t *testing.T) {
	for _, text := range []string{`42["join_session",{"token":"raven/mara"}]`, `41`, `430[]`, "4abc"} {
		h := open(t, Options{})
		c := h.raw(socketIOPath)
		c.mustHear("0{")
		c.says(text)
		if before := c.closedWith(wire.CloseBadFrames); len(before) != 0 {
			t.Errorf("heard %q before the close", before)
		}
	}
}

// A packet with attachments is taken whole, refused, and does no harm.
func TestSocketIO_BinaryPackets(t *testing.T) {
	attach := func(c *stranger, n int) {
		for range n {
			if err := c.WriteFrame(wireclient.OpBinary, true, []byte{1, 2, 3}); err != nil {
				c.t.Fatal(err)
			}
		}
	}
	h := open(t, Options{})
	c, chair := h.sitsSocketIO()
	c.says(`452-789["send_message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]`)
	attach(c, 1)
	c.says("3") // Engine.IO's own packets may come between
	attach(c, 1)
	c.mustHear(`43789[{"success":false,"data":null,"error":{"code":"bad_request","message":"send_message: binary`)
	c.says(`461-789[{"_placeholder":true,"num":0}]`) // an ack we never asked for
	attach(c, 1)
	c.says(`437[]`)
	c.says(`450-8["set_typing",{"typing":true}]`) // no attachments after all
	c.mustHear(`438[{"success":true`)
	chair.does("typing true")
	attach(c, 1)
	c.mustHear(`42["error",{"code":"bad_request"`)
	c.closedWith(wire.CloseBadFrames)
}

func TestSocketIO_AcksCarryTheirID(t *testing.T) {
	h := open(t, Options{})
	c, _ := h.sitsSocketIO()
	c.says(`42456["send_message",{"message_id":"m","text":"?"}]`)
	c.mustHear(`43456[{"success":true,"data":{"seq":7,"position":1},"error":null}]`)
	c.says(`42["send_message",{"message_id":"m","text":"?"}]`) // no ack wanted
	c.says(`427["leave_session"]`)
	c.mustHear(`437[{"success":true,"data":{},"error":null}]`)
}

// Engine.IO's packets that need no answer change nothing.
func TestEngineIO_PacketsThatAreIgnored(t *testing.T) {
	h := open(t, Options{})
	c, _ := h.sitsSocketIO()
	for _, text := range []string{"6", "3", "3probe", `430[{}]`} {
		c.says(text)
	}
	c.says(`427["sync_clock",{"t0":1}]`)
	c.mustHear(`437[{"success":true,"data":{"t0":1,`)
}

// The main namespace may be entered with something to say, and by its name.
func TestSocketIO_ConnectsInEveryForm(t *testing.T) {
	for text, want := range map[string]wire.CloseCode{
		`40`: 0, `40{}`: 0, `40{"token":"κ"}`: 0, `40/,`: 0, `40/,{"token":"x"}`: 0,
		`40[]`: wire.CloseBadFrames, `40"x"`: wire.CloseBadFrames, `40{`: wire.CloseBadFrames, `407{}`: wire.CloseBadFrames,
	} {
		h := open(t, Options{})
		c := h.raw(socketIOPath)
		c.mustHear("0{")
		c.says(text)
		if want != 0 {
			c.closedWith(want)
			continue
		}
		c.mustHear(`40{"sid":"`)
		c.says(`421["join_session",{"token":"raven/mara"}]`)
		c.mustHear(`431[{"success":true`)
	}
}

// What the room tells is an event of the main namespace with one argument, and asks for no ack.
func TestSocketIO_EventsOfTheServer(t *testing.T) {
	h := open(t, Options{})
	c, chair := h.sitsSocketIO()
	chair.seat.Send(hush(t, 7))
	if got, want := c.hears(), `42["hush",{"ms":7}]`; got != want {
		t.Errorf("heard %s, want %s", got, want)
	}
	chair.seat.Close(wire.CloseKicked) // a disconnect packet would hide the code
	if before := c.closedWith(wire.CloseKicked); len(before) != 0 {
		t.Errorf("heard %q before the close", before)
	}
}

// A call is acked once, in order, also with many on their way, and whatever it says.
func TestSocketIO_AcksComeInOrder(t *testing.T) {
	h := open(t, Options{Limits: Limits{Frames: -1}})
	c, _ := h.sitsSocketIO()
	ids := []string{"0", "1", "7", "10", "999", "4294967296", strings.Repeat("9", 20)}
	for _, id := range ids {
		c.says(`42` + id + `["sync_clock",{"t0":1.5},"a second argument"]`)
	}
	for _, id := range ids {
		c.mustHear(`43` + id + `[{"success":true,"data":{"t0":1.5,`)
	}
	c.says(`425["send_message",{"message_id":"m","text":"\u00e9\ud83d\udd6f \\ \" \/"}]`)
	c.mustHear(`435[{"success":true,`)
	c.says(`426["no_such_event",{}]`)
	c.mustHear(`436[{"success":false,"data":null,"error":{"code":"bad_request"`)
}

// Attachments are bounded like everything else.
func TestSocketIO_AttachmentsThatAreTooMuch(t *testing.T) {
	h := open(t, Options{})
	c, _ := h.sitsSocketIO()
	c.says(`459999-1["send_message",{"_placeholder":true,"num":0}]`)
	c.closedWith(wire.CloseBadFrames)

	c, _ = h.sitsSocketIO()
	c.says(`451-1["send_message",{"_placeholder":true,"num":0}]`)
	c.sends(wireclient.Masked(wireclient.OpBinary, true, make([]byte, 5000)))
	c.closedWith(wire.CloseTooLarge)
}

// Whatever a stranger sends, the next one is served.
func FuzzStrangers(f *testing.F) {
	f.Add([]byte(`40`), false)
	f.Add([]byte(`420["join_session",{"token":"raven/mara"}]`), true)
	f.Add(wireclient.Masked(1, false, []byte(`{"event":`)), true)
	f.Add(bytes.Repeat([]byte{0x89, 0x80, 0, 0, 0, 0}, 40), false)
	h := open(f, Options{Limits: Limits{Goodbye: 50 * time.Millisecond}})
	f.Fuzz(func(t *testing.T, b []byte, raw bool) {
		h := &house{table: h.table, t: t, server: h.server, url: h.url}
		for _, path := range []string{plainPath, socketIOPath} {
			c := h.raw(path)
			var err error
			if raw {
				err = c.WriteRaw(b)
			} else {
				err = c.WriteFrame(wireclient.OpText, true, b)
			}
			if err == nil {
				err = c.WriteClose(1000)
			}
			c.Close()
			_ = err // the server may have hung up already
		}
		c := h.dial(wire.Plain)
		if _, err := c.Join(within(t), "raven/mara", nil); err != nil {
			t.Fatal(err)
		}
		for len(h.arrived) > 0 { // strangers may have joined, too
			<-h.arrived
		}
	})
}
