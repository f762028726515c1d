package wire

import (
	"bytes"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"seance/internal/seance"
)

// The three lengths of header that RFC 6455 has, at their borders.
func TestFrameHeaders(t *testing.T) {
	for _, test := range []struct {
		length int
		header []byte
	}{
		{0, []byte{0x81, 0}},
		{125, []byte{0x81, 125}},
		{126, []byte{0x81, 126, 0, 126}},
		{65535, []byte{0x81, 126, 0xff, 0xff}},
		{65536, []byte{0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0}},
	} {
		text := bytes.Repeat([]byte("x"), test.length)
		frame := Frame(text)
		if !bytes.HasPrefix(frame, test.header) || len(frame) != len(test.header)+test.length {
			t.Errorf("%d bytes: header % x", test.length, frame[:min(len(frame), 10)])
		}
		if !bytes.Equal(Payload(frame), text) || !IsText(frame) {
			t.Errorf("%d bytes: the frame does not hold what was put into it", test.length)
		}
	}
}

func TestControlFrames(t *testing.T) {
	for name, test := range map[string]struct{ got, want []byte }{
		"ping":         {PingFrame([]byte("t")), []byte{0x89, 1, 't'}},
		"pong":         {PongFrame(nil), []byte{0x8a, 0}},
		"close":        {CloseFrame(CloseKicked, "out"), []byte{0x88, 5, 0x11, 0x33, 'o', 'u', 't'}},
		"close, empty": {CloseFrame(0, ""), []byte{0x88, 0}},
		"long pong":    {PongFrame(bytes.Repeat([]byte("x"), 200))[:2], []byte{0x8a, 125}},
	} {
		if !bytes.Equal(test.got, test.want) {
			t.Errorf("%s is % x, want % x", name, test.got, test.want)
		}
		if IsText(test.got) {
			t.Errorf("%s passes for text", name)
		}
	}
}

// A broadcast encodes once: every seat gets the very same bytes, whoever comes first.
func TestEncodedOnce(t *testing.T) {
	p, err := FromEvent(seance.Event{Message: answer()})
	if err != nil {
		t.Fatal(err)
	}
	for c := range Codec(codecs) {
		frames := make([][]byte, 50)
		var seats sync.WaitGroup
		for i := range frames {
			seats.Go(func() { frames[i] = p.Frame(c) })
		}
		seats.Wait()
		for _, f := range frames {
			if &f[0] != &frames[0][0] {
				t.Fatalf("%v: two seats got two encodings", c)
			}
		}
	}
}

func TestPrepareWantsAnObject(t *testing.T) {
	for name, data := range map[string]any{"list": []int{1}, "text": "x", "nothing": nil, "channel": make(chan int)} {
		if p, err := Prepare("hush", data); err == nil {
			t.Errorf("%s: prepared as %s", name, p.Data)
		}
	}
}

func TestSplices(t *testing.T) {
	for data, want := range map[string][2]string{
		`{}`:        {`{"replayed":true}`, `{"event":"x"}`},
		`{"seq":1}`: {`{"seq":1,"replayed":true}`, `{"event":"x","seq":1}`},
	} {
		p := &Prepared{Event: "x", Data: json.RawMessage(data)}
		if got := string(p.Replayed().Data); got != want[0] {
			t.Errorf("%s replayed is %s, want %s", data, got, want[0])
		}
		if got := string(p.History()); got != want[1] {
			t.Errorf("%s in the history is %s, want %s", data, got, want[1])
		}
		if string(p.Data) != data {
			t.Errorf("splicing changed the data itself: %s", p.Data)
		}
	}
}

// What was erased must not come back through a replay or the history.
func TestErasedSaysNothing(t *testing.T) {
	for _, m := range []*seance.Message{question(), answer()} {
		m.Erased = true
		p, err := FromEvent(seance.Event{Message: m})
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{string(p.Replayed().Text(Plain)), string(p.History())} {
			if strings.Contains(text, m.Text+m.Board) || !strings.Contains(text, `"erased":true`) {
				t.Errorf("an erased %s says %s", m.Kind, text)
			}
		}
	}
}

func TestEventsThatCannotBeFrames(t *testing.T) {
	for name, ev := range map[string]seance.Event{
		"empty":         {},
		"no asker":      {Message: question()},
		"moved hands":   {Moved: []seance.Hand{{Candle: 1}}},
		"kind of later": {Message: &seance.Message{Kind: "omen"}},
	} {
		if p, err := FromEvent(ev); err == nil {
			t.Errorf("%s: framed as %s", name, p.Data)
		}
	}
}

// A question without a client's key (asked from elsewhere) still has an id to be known by.
func TestQuestionWithoutKey(t *testing.T) {
	q := question()
	q.Key = ""
	p, err := FromEvent(seance.Event{Message: q, Asker: &jon})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(p.Data), `"message_id":"`+string(q.ID)+`"`) {
		t.Errorf("the question is known as nothing: %s", p.Data)
	}
}

func TestSessionOf(t *testing.T) {
	s := raven
	if got := SessionOf(s, 3); got.State != "open" || got.EndedAt != nil || got.Participants != 3 {
		t.Errorf("an open session reads %+v", got)
	}
	s.EndedAt, s.Passphrase = asked, "$argon2id$secret"
	got := SessionOf(s, 0)
	if got.State != "ended" || got.EndedAt == nil || *got.EndedAt != 1795377600000 {
		t.Errorf("an ended session reads %+v", got)
	}
	raw, err := json.Marshal(got)
	if err != nil || strings.Contains(string(raw), "argon2id") {
		t.Errorf("the passphrase's hash leaks: %s, %v", raw, err)
	}
}

func TestMillisKeepsFractions(t *testing.T) {
	at := time.UnixMicro(1795377600123456)
	if got, want := Millis(at), 1795377600123.456; got != want {
		t.Errorf("Millis is %v, want %v", got, want)
	}
}
