package ws

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"seance/internal/wireclient"
	"seance/relay/wire"
)

// The case groups that every WebSocket server is held against: framing, pings, fragments, UTF-8, close codes, limits.

// opensPlain connects without manners and joins.
func (h *house) opensPlain() (*stranger, *chair) {
	h.t.Helper()
	c := h.raw(plainPath)
	c.says(`{"event":"join_session","id":"0","data":{"token":"raven/mara"}}`)
	c.mustHear(`{"event":"ack","id":"0"`)
	return c, <-h.arrived
}

const clockCall = `{"event":"sync_clock","id":"k","data":{"t0":1}}`

func TestFragments(t *testing.T) {
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
				if err := c.WriteFrame(op, i == len(pieces)-1, []byte(piece)); err != nil {
					t.Fatal(err)
				}
				if err := c.WriteFrame(wireclient.OpPing, true, []byte(piece)); err != nil { // between fragments
					t.Fatal(err)
				}
			}
			pongs := 0
			for answered := false; !answered || pongs < len(pieces); {
				f, err := c.ReadFrame()
				if err != nil {
					t.Fatal(err)
				}
				switch f.Op {
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

func TestPingsAreAnswered(t *testing.T) {
	h := open(t, Options{})
	c, _ := h.opensPlain()
	for _, payload := range [][]byte{nil, []byte("hello"), bytes.Repeat([]byte{0xfe}, 125)} {
		if err := c.WriteFrame(wireclient.OpPing, true, payload); err != nil {
			t.Fatal(err)
		}
		for {
			f, err := c.ReadFrame()
			if err != nil {
				t.Fatal(err)
			}
			if f.Op == wireclient.OpPing {
				continue // the server's own
			}
			if f.Op != wireclient.OpPong || !bytes.Equal(f.Payload, payload) {
				t.Errorf("opcode %d with % x answers a ping with % x", f.Op, f.Payload, payload)
			}
			break
		}
	}
}

func TestFramesThatBreakTheProtocol(t *testing.T) {
	masked := wireclient.Masked
	for name, raw := range map[string][]byte{
		"reserved bit 1":        append([]byte{0xc1}, masked(1, true, []byte("x"))[1:]...),
		"reserved bit 2":        append([]byte{0xa1}, masked(1, true, []byte("x"))[1:]...),
		"reserved bit 3":        append([]byte{0x91}, masked(1, true, []byte("x"))[1:]...),
		"opcode 3":              masked(3, true, nil),
		"opcode 7":              masked(7, true, nil),
		"opcode 11":             masked(11, true, nil),
		"not masked":            {0x81, 1, 'x'},
		"ping in fragments":     masked(wireclient.OpPing, false, nil),
		"ping too long":         masked(wireclient.OpPing, true, make([]byte, 126)),
		"close too long":        masked(wireclient.OpClose, true, append([]byte{3, 0xe8}, make([]byte, 124)...)),
		"nothing to continue":   masked(wireclient.OpContinuation, true, []byte("x")),
		"text in fragments":     append(masked(wireclient.OpText, false, []byte("{")), masked(wireclient.OpText, true, []byte("}"))...),
		"reason is not UTF-8":   masked(wireclient.OpClose, true, []byte{3, 0xe8, 0xff}),
		"length beyond 63 bits": {0x81, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t, Options{})
			c, chair := h.opensPlain()
			if err := c.WriteRaw(raw); err != nil {
				t.Fatal(err)
			}
			chair.does("lost")
			want := wire.CloseCode(1002)
			if name == "length beyond 63 bits" {
				want = wire.CloseTooLarge
			}
			c.closedWith(want)
		})
	}
}

func TestCloseCodesOfClients(t *testing.T) {
	for sent, want := range map[int]wire.CloseCode{
		1000: 1000, 1001: 1001, 1003: 1003, 1007: 1007, 1011: 1011, 3000: 3000, 3999: 3999, 4000: 4000, 4999: 4999,
		0: 1002, 999: 1002, 1004: 1002, 1005: 1002, 1006: 1002, 1015: 1002, 1016: 1002, 2999: 1002, 5000: 1002, 65535: 1002,
	} {
		h := open(t, Options{})
		c, _ := h.opensPlain()
		if err := c.WriteFrame(wireclient.OpClose, true, binary.BigEndian.AppendUint16(nil, uint16(sent))); err != nil {
			t.Fatal(err)
		}
		c.closedWith(want)
	}
}

// fasthttp/websocket does not look into text frames.
func TestTextThatIsNotUTF8Is1007(t *testing.T) {
	for name, text := range map[string]string{
		"lone continuation": "\x80",
		"cut off":           "{\"event\":\"\xe2\x82\"}",
		"overlong slash":    "\xc0\xaf",
		"surrogate half":    "\xed\xa0\x80",
		"beyond Unicode":    "\xf4\x90\x80\x80",
		"latin-1":           "caf\xe9",
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

func TestUTF8AcrossFragments(t *testing.T) {
	h := open(t, Options{})
	c, chair := h.opensPlain()
	text := []byte(`{"event":"send_message","id":"q","data":{"message_id":"m","text":"κόσμε 🕯"}}`)
	cut := bytes.Index(text, []byte("🕯")) + 2 // inside the candle
	if err := c.WriteFrame(wireclient.OpText, false, text[:cut]); err != nil {
		t.Fatal(err)
	}
	if err := c.WriteFrame(wireclient.OpContinuation, true, text[cut:]); err != nil {
		t.Fatal(err)
	}
	chair.does("asked κόσμε 🕯")
}

func TestFramesUpToTheLimit(t *testing.T) {
	h := open(t, Options{})
	c, chair := h.opensPlain()
	const around = `{"event":"send_message","id":"q","data":{"message_id":"m","text":""}}`
	frame := func(size int) string {
		return strings.Replace(around, `""}}`, `"`+strings.Repeat("x", size-len(around))+`"}}`, 1)
	}
	c.says(frame(4 << 10))
	chair.does("asked " + strings.Repeat("x", 4<<10-len(around)))
	c.mustHear(`{"event":"ack","id":"q"`)
	c.says(frame(4<<10 + 1))
	c.closedWith(wire.CloseTooLarge)
	chair.does("lost")
}

func TestFramesBeyondTheLimitAre1009(t *testing.T) {
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

func TestBinaryFramesOnThePlainCodec(t *testing.T) {
	h := open(t, Options{})
	c, _ := h.opensPlain()
	if err := c.WriteFrame(wireclient.OpBinary, true, []byte(clockCall)); err != nil {
		t.Fatal(err)
	}
	c.mustHear(`{"event":"error","data":{"code":"bad_request"`)
	c.says(clockCall)
	c.mustHear(`{"event":"ack","id":"k"`)
}
