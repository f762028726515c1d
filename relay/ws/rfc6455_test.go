package ws

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"seance/internal/wireclient"
	"seance/relay/wire"
)

// The case groups that every WebSocket server is held against, by the section of RFC 6455 that has the rule.

// opensPlain connects without manners and joins.
func (h *house) opensPlain() (*stranger, *chair) {
	h.t.Helper()
	c := h.raw(plainPath)
	c.says(`{"event":"join_session","id":"0","data":{"token":"raven/mara"}}`)
	c.mustHear(`{"event":"ack","id":"0"`)
	return c, <-h.arrived
}

const clockCall = `{"event":"sync_clock","id":"k","data":{"t0":1}}`

// asking is a call that asks text, and what an ack to it begins with.
func asking(text string) string {
	return `{"event":"send_message","id":"q","data":{"message_id":"m","text":"` + text + `"}}`
}

const askedAck = `{"event":"ack","id":"q"`

// sends writes bytes as they are.
func (c *stranger) sends(raw ...[]byte) {
	c.t.Helper()
	for _, b := range raw {
		if err := c.WriteRaw(b); err != nil {
			c.t.Fatal(err)
		}
	}
}

// dribbles writes bytes one at a time.
func (c *stranger) dribbles(raw []byte) {
	c.t.Helper()
	for i := range raw {
		c.sends(raw[i : i+1])
	}
}

// reads takes the next frame that is not one of the server's own pings.
func (c *stranger) reads() wireclient.Frame {
	c.t.Helper()
	for {
		f, err := c.ReadFrame()
		if err != nil {
			c.t.Fatal(err)
		}
		if f.Op != wireclient.OpPing {
			return f
		}
	}
}

// mustPong reads the next frame and holds it against the payload of a ping.
func (c *stranger) mustPong(want []byte) {
	c.t.Helper()
	if f := c.reads(); f.Op != wireclient.OpPong || !f.Final || !bytes.Equal(f.Payload, want) {
		c.t.Fatalf("opcode %d with % x answers a ping with % x", f.Op, f.Payload, want)
	}
}

// stillPlays finds out whether the line is as good as before.
func (c *stranger) stillPlays() {
	c.t.Helper()
	c.says(clockCall)
	c.mustHear(`{"event":"ack","id":"k"`)
}

// endsWith reads the close frame, answers it, and finds nothing behind it but the end: the server hangs up first.
func (c *stranger) endsWith(want wireclient.Frame) {
	c.t.Helper()
	f := c.reads()
	for f.Op == wireclient.OpText || f.Op == wireclient.OpPong {
		f = c.reads()
	}
	if f.Op != wireclient.OpClose || !bytes.Equal(f.Payload, want.Payload) {
		c.t.Fatalf("opcode %d with % x ends the line, want a close frame with % x", f.Op, f.Payload, want.Payload)
	}
	if err := c.WriteFrame(wireclient.OpClose, true, f.Payload); err != nil && !errors.Is(err, net.ErrClosed) {
		return // it has hung up already
	}
	if f, err := c.ReadFrame(); err == nil {
		c.t.Fatalf("opcode %d comes behind the close frame", f.Op)
	}
}

func closing(code int, reason string) []byte {
	return append(binary.BigEndian.AppendUint16(nil, uint16(code)), reason...)
}

// Section 4.2.1: who does not ask for a WebSocket in every way the RFC wants is told so over HTTP.
func TestRFC6455_4_2_1_HandshakesThatAreNone(t *testing.T) {
	h := open(t, Options{})
	const (
		line    = "GET /ws HTTP/1.1\r\n"
		host    = "Host: localhost\r\n"
		upgrade = "Upgrade: websocket\r\n"
		conn    = "Connection: Upgrade\r\n"
		version = "Sec-WebSocket-Version: 13\r\n"
		key     = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
	)
	for name, test := range map[string]struct {
		request string
		status  int
	}{
		"all of it":            {line + host + upgrade + conn + version + key, 101},
		"in other letters":     {line + host + "UPGRADE: WebSocket\r\nconnection: keep-alive, uPGRADE\r\nsec-websocket-version: 13\r\nSEC-WEBSOCKET-KEY: dGhlIHNhbXBsZSBub25jZQ==\r\n", 101},
		"a browser's":          {line + host + upgrade + conn + version + key + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\nSec-WebSocket-Protocol: chat, superchat\r\n", 101},
		"post":                 {"POST /ws HTTP/1.1\r\n" + host + upgrade + conn + version + key + "Content-Length: 0\r\n", 405},
		"no upgrade":           {line + host + conn + version + key, 426},
		"another upgrade":      {line + host + "Upgrade: h2c\r\n" + conn + version + key, 426},
		"no connection":        {line + host + upgrade + version + key, 426},
		"another connection":   {line + host + upgrade + "Connection: close\r\n" + version + key, 426},
		"no key":               {line + host + upgrade + conn + version, 400},
		"empty key":            {line + host + upgrade + conn + version + "Sec-WebSocket-Key:\r\n", 400},
		"a short key":          {line + host + upgrade + conn + version + "Sec-WebSocket-Key: c2hvcnQ=\r\n", 400},
		"a key not in base64":  {line + host + upgrade + conn + version + "Sec-WebSocket-Key: the sample nonce\r\n", 400},
		"no version":           {line + host + upgrade + conn + key, 426},
		"an older version":     {line + host + upgrade + conn + key + "Sec-WebSocket-Version: 8\r\n", 426},
		"a version to come":    {line + host + upgrade + conn + key + "Sec-WebSocket-Version: 14\r\n", 426},
		"no text at all":       {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n", 400},
		"a head without end":   {line + host + "X: " + strings.Repeat("x", 64<<10) + "\r\n", 431},
		"the other codec's":    {"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n" + host + upgrade + conn + version + key, 101},
		"the other, older one": {"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n" + host + upgrade + conn + key + "Sec-WebSocket-Version: 8\r\n", 400},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			c.SetDeadline(time.Now().Add(patience))
			io.WriteString(c, test.request+"\r\n") // who is refused early may not be listened to until the end
			res, err := http.ReadResponse(bufio.NewReader(c), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			if res.StatusCode != test.status {
				t.Fatalf("answered %s, want %d", res.Status, test.status)
			}
			if test.status != http.StatusSwitchingProtocols {
				return
			}
			// The key and what it becomes are those of section 1.3.
			for header, want := range map[string]string{
				"Sec-WebSocket-Accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "Sec-WebSocket-Extensions": "", "Sec-WebSocket-Protocol": "",
			} {
				if got := res.Header.Get(header); got != want {
					t.Errorf("%s is %q, want %q", header, got, want)
				}
			}
			if up, conn := res.Header.Get("Upgrade"), res.Header.Get("Connection"); !strings.EqualFold(up, "websocket") || !strings.EqualFold(conn, "Upgrade") {
				t.Errorf("upgraded to %q by %q", up, conn)
			}
		})
	}
}

// Section 4.4: whoever comes with another version is told which one is spoken.
func TestRFC6455_4_4_VersionsThatAreSpoken(t *testing.T) {
	h := open(t, Options{})
	for _, path := range []string{plainPath, socketIOPath} {
		_, err := wireclient.Open(within(t), h.url+path, http.Header{"Sec-Websocket-Version": {"25"}}, nil)
		var refusal *wireclient.Refusal
		if !errors.As(err, &refusal) || refusal.Header.Get("Sec-WebSocket-Version") != "13" {
			t.Errorf("%s: version 25 is answered with %v", path, err)
		}
	}
}

// Section 5.1: a client masks, with any key.
func TestRFC6455_5_1_Masking(t *testing.T) {
	h := open(t, Options{Limits: Limits{Frames: -1}})
	c, _ := h.opensPlain()
	for _, key := range [][4]byte{{}, {0xff, 0xff, 0xff, 0xff}, {0, 0, 0, 1}, {0x12, 0x34, 0x56, 0x78}} {
		frame := append([]byte{0x81, 0x80 | byte(len(clockCall))}, key[:]...)
		for i := range len(clockCall) {
			frame = append(frame, clockCall[i]^key[i%4])
		}
		c.sends(frame)
		c.mustHear(`{"event":"ack","id":"k"`)
	}
}

// Section 5.2: lengths of each form arrive whole, in one piece, byte by byte, and several frames at once.
func TestRFC6455_5_2_Lengths(t *testing.T) {
	h := open(t, Options{Limits: Limits{Frames: -1}})
	c, chair := h.opensPlain()
	around := len(asking(""))
	for _, size := range []int{around, 124, 125, 126, 127, 128, 129, 255, 256, 1000, 4095, 4096} {
		text := strings.Repeat("x", size-around)
		frame := wireclient.Masked(wireclient.OpText, true, []byte(asking(text)))
		c.sends(frame)
		chair.does("asked " + text)
		c.mustHear(askedAck)
		c.dribbles(frame)
		chair.does("asked " + text)
		c.mustHear(askedAck)
		c.sends(bytes.Repeat(frame, 3))
		for range 3 {
			chair.does("asked " + text)
			c.mustHear(askedAck)
		}
	}
}

// Section 5.2 has the shortest form for senders only; a longer one says the same.
func TestRFC6455_5_2_LengthsInLongerForms(t *testing.T) {
	h := open(t, Options{})
	c, _ := h.opensPlain()
	short := wireclient.Masked(wireclient.OpText, true, []byte(clockCall))
	n := byte(len(clockCall))
	for _, length := range [][]byte{{0x80 | 126, 0, n}, {0x80 | 127, 0, 0, 0, 0, 0, 0, 0, n}} {
		c.sends(append(append([]byte{short[0]}, length...), short[2:]...))
		c.mustHear(`{"event":"ack","id":"k"`)
	}
}

// Section 5.2: an empty text is a frame like others. It is no call.
func TestRFC6455_5_2_EmptyFrames(t *testing.T) {
	h := open(t, Options{})
	c, _ := h.opensPlain()
	c.says("")
	c.mustHear(`{"event":"error","data":{"code":"bad_request"`)
	c.stillPlays()
}

// Sections 5.1, 5.2, 5.4 and 5.5: whoever breaks the framing is closed with 1002, and their seat is lost.
func TestRFC6455_5_FramesThatBreakTheProtocol(t *testing.T) {
	masked := wireclient.Masked
	broken := map[string][]byte{
		"5.1 not masked":               {0x81, 1, 'x'},
		"5.1 not masked, empty":        {0x81, 0},
		"5.1 a ping not masked":        {0x89, 0},
		"5.4 nothing to continue":      masked(wireclient.OpContinuation, true, []byte("x")),
		"5.4 nothing to go on with":    masked(wireclient.OpContinuation, false, []byte("x")),
		"5.4 text in fragments":        append(masked(wireclient.OpText, false, []byte("{")), masked(wireclient.OpText, true, []byte("}"))...),
		"5.4 binary in fragments":      append(masked(wireclient.OpText, false, []byte("{")), masked(wireclient.OpBinary, true, []byte("}"))...),
		"5.4 continued after the end":  bytes.Join([][]byte{masked(1, false, []byte(clockCall)), masked(0, true, nil), masked(0, true, nil)}, nil),
		"5.5 a ping in fragments":      masked(wireclient.OpPing, false, nil),
		"5.5 a pong in fragments":      masked(wireclient.OpPong, false, nil),
		"5.5 a close in fragments":     masked(wireclient.OpClose, false, closing(1000, "")),
		"5.5 a ping of 126 bytes":      masked(wireclient.OpPing, true, make([]byte, 126)),
		"5.5 a pong of 126 bytes":      masked(wireclient.OpPong, true, make([]byte, 126)),
		"5.5 a close of 126 bytes":     masked(wireclient.OpClose, true, closing(1000, strings.Repeat("x", 124))),
		"5.5.1 a reason not UTF-8":     masked(wireclient.OpClose, true, closing(1000, "\xff")),
		"5.5.1 a reason cut in UTF-8":  masked(wireclient.OpClose, true, closing(1000, "caf\xc3")),
		"5.2 a length of 2^63 and up":  {0x81, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
		"5.2 a reserved bit on a ping": append([]byte{0xc9}, masked(wireclient.OpPing, true, nil)[1:]...),
		"5.2 one on a close":           append([]byte{0xa8}, masked(wireclient.OpClose, true, closing(1000, ""))[1:]...),
		"5.2 one within fragments":     append(masked(wireclient.OpText, false, []byte("{")), append([]byte{0xc0}, masked(0, true, []byte("}"))[1:]...)...),
	}
	for bits := byte(1); bits < 8; bits++ { // no extension was agreed upon that gives them a meaning
		broken[fmt.Sprintf("5.2 reserved bits %03b", bits)] = append([]byte{0x81 | bits<<4}, masked(1, true, []byte(clockCall))[1:]...)
	}
	for _, op := range []byte{3, 4, 5, 6, 7, 11, 12, 13, 14, 15} {
		broken[fmt.Sprintf("5.2 opcode %d", op)] = masked(op, true, nil)
		broken[fmt.Sprintf("5.2 opcode %d with something in it", op)] = masked(op, true, []byte("reserved"))
	}
	for name, raw := range broken {
		t.Run(name, func(t *testing.T) {
			h := open(t, Options{})
			c, chair := h.opensPlain()
			c.sends(raw)
			chair.does("lost")
			want := wire.CloseCode(1002)
			if strings.HasSuffix(name, "2^63 and up") {
				want = wire.CloseTooLarge
			}
			c.closedWith(want)
		})
	}
}

// Section 5.2: what came before a broken frame counts, what comes behind it does not.
func TestRFC6455_5_2_AroundABrokenFrame(t *testing.T) {
	h := open(t, Options{})
	c, chair := h.opensPlain()
	text := func(s string) []byte { return wireclient.Masked(wireclient.OpText, true, []byte(asking(s))) }
	c.sends(bytes.Join([][]byte{text("before"), wireclient.Masked(5, true, nil), text("behind")}, nil))
	chair.does("asked before")
	chair.does("lost")
	if before := c.closedWith(1002); len(before) != 1 || !strings.HasPrefix(before[0], askedAck) {
		t.Errorf("heard %q", before)
	}
}

// Section 5.4: a message in fragments is one message, however it is cut, and control frames may come between.
func TestRFC6455_5_4_Fragments(t *testing.T) {
	for name, pieces := range map[string][]string{
		"two":       {clockCall[:10], clockCall[10:]},
		"many":      strings.Split(clockCall, ""),
		"empty one": {"", clockCall[:5], "", clockCall[5:], ""},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t, Options{Limits: Limits{Frames: -1}})
			c, _ := h.opensPlain()
			for i, piece := range pieces {
				op := byte(wireclient.OpContinuation)
				if i == 0 {
					op = wireclient.OpText
				}
				c.sends(wireclient.Masked(op, i == len(pieces)-1, []byte(piece)), wireclient.Masked(wireclient.OpPing, true, []byte(piece)),
					wireclient.Masked(wireclient.OpPong, true, []byte(piece)))
			}
			pongs := 0
			for answered := false; !answered || pongs < len(pieces); {
				switch f := c.reads(); f.Op {
				case wireclient.OpPong:
					if string(f.Payload) != pieces[pongs] {
						t.Errorf("pong %d says %q, want %q", pongs, f.Payload, pieces[pongs])
					}
					pongs++
				case wireclient.OpText:
					answered = strings.HasPrefix(string(f.Payload), `{"event":"ack","id":"k"`)
				}
			}
		})
	}
}

// Section 5.4: an endpoint may be interrupted in the middle of a message for as long as it likes.
func TestRFC6455_5_4_FragmentsThatTakeTheirTime(t *testing.T) {
	h := open(t, Options{Limits: Limits{Ping: 10 * time.Millisecond}})
	c, _ := h.opensPlain()
	c.sends(wireclient.Masked(wireclient.OpText, false, []byte(clockCall[:20])))
	for range 3 { // whatever is to be done for the line meanwhile is done
		for f := (wireclient.Frame{}); f.Op != wireclient.OpPing; {
			var err error
			if f, err = c.ReadFrame(); err != nil {
				t.Fatal(err)
			}
			if f.Op == wireclient.OpPing {
				c.sends(wireclient.Masked(wireclient.OpPong, true, f.Payload))
			}
		}
	}
	c.dribbles(wireclient.Masked(wireclient.OpContinuation, true, []byte(clockCall[20:])))
	c.mustHear(`{"event":"ack","id":"k"`)
}

// Section 5.5.1: a close frame is answered with its own code, and reasons are allowed up to 123 bytes.
func TestRFC6455_5_5_1_ClosesAreAnswered(t *testing.T) {
	for name, test := range map[string]struct{ sent, want []byte }{
		"without a code":      {nil, nil},
		"half a code":         {[]byte{3}, nil}, // fasthttp/websocket takes it for none; 1002 would be stricter
		"with one":            {closing(1000, ""), closing(1000, "")},
		"with a reason":       {closing(1001, "the tab was closed"), closing(1001, "")},
		"a reason to the rim": {closing(1000, strings.Repeat("x", 123)), closing(1000, "")},
		"a reason in UTF-8":   {closing(3000, "à bientôt 🕯"), closing(3000, "")},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t, Options{})
			c, chair := h.opensPlain()
			c.sends(wireclient.Masked(wireclient.OpClose, true, test.sent))
			c.endsWith(wireclient.Frame{Payload: test.want})
			chair.does("lost")
		})
	}
}

// Section 5.5.1: nothing that comes behind a close frame is listened to, and it does not make a second one.
func TestRFC6455_5_5_1_NothingCountsBehindAClose(t *testing.T) {
	masked := wireclient.Masked
	for name, behind := range map[string][]byte{
		"a call":             masked(wireclient.OpText, true, []byte(asking("late"))),
		"a ping":             masked(wireclient.OpPing, true, []byte("late")),
		"another close":      masked(wireclient.OpClose, true, closing(1001, "")),
		"a frame that is no": masked(7, true, nil),
		"half a frame":       masked(wireclient.OpText, true, []byte(clockCall))[:9],
		"64 KiB":             bytes.Repeat(masked(wireclient.OpText, true, make([]byte, 1<<10)), 64),
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t, Options{})
			c, chair := h.opensPlain()
			c.sends(append(masked(wireclient.OpClose, true, closing(1000, "")), behind...))
			if f := c.reads(); f.Op != wireclient.OpClose || f.CloseCode() != 1000 {
				t.Errorf("opcode %d with % x answers the close", f.Op, f.Payload)
			}
			if f, err := c.ReadFrame(); err == nil {
				t.Errorf("opcode %d comes behind the close frame", f.Op)
			}
			chair.does("lost")
		})
	}
}

// Section 5.5.1 and 5.4: a close may come in the middle of a message, which is then never said.
func TestRFC6455_5_5_1_CloseWithinFragments(t *testing.T) {
	h := open(t, Options{})
	c, chair := h.opensPlain()
	c.sends(wireclient.Masked(wireclient.OpText, false, []byte(asking("cut off")[:20])), wireclient.Masked(wireclient.OpClose, true, closing(1000, "")))
	c.endsWith(wireclient.Frame{Payload: closing(1000, "")})
	chair.does("lost")
}

// Section 5.5.2 and 5.5.3: a ping is answered with what it said, in order, also when it comes in pieces.
func TestRFC6455_5_5_2_PingsAreAnswered(t *testing.T) {
	h := open(t, Options{Limits: Limits{Frames: -1}})
	c, _ := h.opensPlain()
	for _, payload := range [][]byte{nil, []byte("hello"), {0, 0xff, 0xfe, 0xfd, 0xfc, 0xfb}, bytes.Repeat([]byte{0xfe}, 125)} {
		ping := wireclient.Masked(wireclient.OpPing, true, payload)
		c.sends(ping)
		c.mustPong(payload)
		c.dribbles(ping)
		c.mustPong(payload)
	}
	var ten []byte
	for i := range 10 {
		ten = append(ten, wireclient.Masked(wireclient.OpPing, true, []byte{byte(i)})...)
	}
	c.sends(ten)
	for i := range 10 {
		c.mustPong([]byte{byte(i)})
	}
}

// Section 5.5.3: a pong that nobody asked for is answered with nothing.
func TestRFC6455_5_5_3_UnaskedPongs(t *testing.T) {
	h := open(t, Options{})
	c, _ := h.opensPlain()
	for _, payload := range [][]byte{nil, []byte("unasked"), bytes.Repeat([]byte("x"), 125)} {
		c.sends(wireclient.Masked(wireclient.OpPong, true, payload), wireclient.Masked(wireclient.OpPing, true, []byte("after")))
		c.mustPong([]byte("after"))
	}
	c.stillPlays()
}

// Section 5.6: binary frames are frames like others. Here they say nothing.
func TestRFC6455_5_6_BinaryFrames(t *testing.T) {
	h := open(t, Options{})
	c, _ := h.opensPlain()
	c.sends(wireclient.Masked(wireclient.OpBinary, true, []byte(clockCall)))
	c.mustHear(`{"event":"error","data":{"code":"bad_request"`)
	c.stillPlays()
}

// Section 7.1.5: the codes that an endpoint may send come back, the others are a fault.
func TestRFC6455_7_4_CloseCodes(t *testing.T) {
	for sent, want := range map[int]wire.CloseCode{
		1000: 1000, 1001: 1001, 1002: 1002, 1003: 1003, 1007: 1007, 1008: 1008, 1009: 1009, 1010: 1010, 1011: 1011,
		3000: 3000, 3999: 3999, 4000: 4000, 4999: 4999,
		0: 1002, 999: 1002, 1004: 1002, 1005: 1002, 1006: 1002, 1015: 1002, 1016: 1002, 1100: 1002, 2000: 1002, 2999: 1002,
		5000: 1002, 65535: 1002,
	} {
		h := open(t, Options{})
		c, _ := h.opensPlain()
		c.sends(wireclient.Masked(wireclient.OpClose, true, closing(sent, "")))
		c.closedWith(want)
	}
}

// Section 7.2.1: a line that ends without a close frame is a line that ended.
func TestRFC6455_7_2_1_LinesThatBreak(t *testing.T) {
	whole := wireclient.Masked(wireclient.OpText, true, []byte(clockCall))
	for cut := range len(whole) {
		if cut > 8 && cut%7 > 0 {
			continue
		}
		h := open(t, Options{})
		c, chair := h.opensPlain()
		c.sends(whole[:cut])
		c.Close()
		chair.does("lost")
	}
}

// Section 8.1: text that is not UTF-8 closes with 1007. fasthttp/websocket does not look into text frames.
func TestRFC6455_8_1_TextThatIsNotUTF8(t *testing.T) {
	for name, text := range map[string]string{
		"lone continuation":    "\x80",
		"two of them":          "\x80\xbf",
		"all of them":          "\x80\x90\xa0\xb0\xbf",
		"start without end":    "\xc3 ",
		"start of three":       "\xe2\x82",
		"start of four":        "\xf0\x9f\x95",
		"cut off":              "{\"event\":\"\xe2\x82\"}",
		"five bytes":           "\xf8\x88\x80\x80\x80",
		"six bytes":            "\xfc\x84\x80\x80\x80\x80",
		"overlong slash":       "\xc0\xaf",
		"overlong, three":      "\xe0\x80\xaf",
		"overlong, four":       "\xf0\x80\x80\xaf",
		"overlong NUL":         "\xc0\x80",
		"longest overlong":     "\xe0\x9f\xbf",
		"first surrogate":      "\xed\xa0\x80",
		"last surrogate":       "\xed\xbf\xbf",
		"pair of them":         "\xed\xa0\x80\xed\xb0\x80",
		"beyond Unicode":       "\xf4\x90\x80\x80",
		"impossible bytes":     "\xfe\xff",
		"latin-1":              "caf\xe9",
		"in a call's text":     asking("caf\xe9"),
		"at the very end":      asking("x") + "\xff",
		"behind much that is ": asking(strings.Repeat("κόσμε ", 100) + "\xce"),
	} {
		t.Run(name, func(t *testing.T) {
			for _, path := range []string{plainPath, socketIOPath} {
				h := open(t, Options{})
				c := h.raw(path)
				c.says(text)
				c.closedWith(wire.CloseNotUTF8)
			}
		})
	}
}

// Section 8.1: what is UTF-8 arrives as it was, also where fragments cut a letter in two.
func TestRFC6455_8_1_TextThatIsUTF8(t *testing.T) {
	h := open(t, Options{Limits: Limits{Frames: -1}})
	c, chair := h.opensPlain()
	for _, text := range []string{
		"κόσμε 🕯", "\u0080", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\ufffd", "\ufffe", "\uffff", "\U00010000", "\U0010fffd", "\U0010ffff",
	} {
		frame := []byte(asking(text))
		c.sends(wireclient.Masked(wireclient.OpText, true, frame))
		chair.does("asked " + text)
		c.mustHear(askedAck)
		begins := bytes.Index(frame, []byte(text))
		for cut := begins; cut <= begins+len(text); cut++ {
			c.sends(wireclient.Masked(wireclient.OpText, false, frame[:cut]), wireclient.Masked(wireclient.OpContinuation, true, frame[cut:]))
			chair.does("asked " + text)
			c.mustHear(askedAck)
		}
	}
}

// Section 8.1: fragments that are UTF-8 each for itself are not yet a text.
func TestRFC6455_8_1_FragmentsThatMakeNoUTF8(t *testing.T) {
	h := open(t, Options{})
	c, chair := h.opensPlain()
	c.sends(wireclient.Masked(wireclient.OpText, false, []byte(asking("κ")[:60])), wireclient.Masked(wireclient.OpContinuation, true, []byte("\xba\"}}")))
	c.closedWith(wire.CloseNotUTF8)
	chair.does("lost")
}

// Section 10.4: what is longer than anybody needs to be is 1009, before it is read.
func TestRFC6455_10_4_FramesUpToTheLimit(t *testing.T) {
	h := open(t, Options{})
	c, chair := h.opensPlain()
	text := strings.Repeat("x", 4<<10-len(asking("")))
	c.says(asking(text))
	chair.does("asked " + text)
	c.mustHear(askedAck)
	c.says(asking(text + "x"))
	c.closedWith(wire.CloseTooLarge)
	chair.does("lost")
}

func TestRFC6455_10_4_FramesBeyondTheLimit(t *testing.T) {
	huge := []byte{0x81, 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0, 1, 2, 3, 4} // claims 1 GiB
	for name, send := range map[string]func(c *stranger) error{
		"claims a GiB": func(c *stranger) error { return c.WriteRaw(append(huge, make([]byte, 5000)...)) },
		"64 KiB":       func(c *stranger) error { return c.WriteText(strings.Repeat("x", 64<<10)) },
		"binary":       func(c *stranger) error { return c.WriteFrame(wireclient.OpBinary, true, make([]byte, 5000)) },
		"in fragments": func(c *stranger) error {
			if err := c.WriteFrame(wireclient.OpText, false, make([]byte, 3000)); err != nil {
				return err
			}
			return c.WriteFrame(wireclient.OpContinuation, true, make([]byte, 3000))
		},
		"in very many": func(c *stranger) error {
			if err := c.WriteFrame(wireclient.OpText, false, nil); err != nil {
				return err
			}
			return c.WriteRaw(bytes.Repeat(wireclient.Masked(wireclient.OpContinuation, false, []byte("x")), 5000))
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, path := range []string{plainPath, socketIOPath} {
				h := open(t, Options{})
				c := h.raw(path)
				if err := send(c); err != nil {
					t.Fatal(err)
				}
				c.closedWith(wire.CloseTooLarge)
			}
		})
	}
}
