package wire

import (
	"encoding/json"
	"errors"
	"testing"
	"unicode/utf8"

	"seance/internal/seance"
)

// Whatever comes in: no panic, an error is a bad request with a sentence, and what is read can be answered in valid
// frames.
func FuzzDecodePlain(f *testing.F) {
	f.Add([]byte(`{"event":"join_session","id":"1","data":{"token":"a.b.c","since":3}}`))
	f.Add([]byte(`{"event":"send_message","id":"2","data":{"message_id":"m","text":"why?"}}`))
	f.Add([]byte(`{"event":"move_hand","data":{"x":1.5,"y":-2}}`))
	f.Add([]byte(`{"event":"sync_clock","id":null,"data":{"t0":1e21}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		call, err := DecodePlain(text)
		answerable(t, Plain, call, err)
	})
}

func FuzzDecodeSocketIO(f *testing.F) {
	f.Add([]byte(`40{"token":"a"}`))
	f.Add([]byte(`427["join_session",{"token":"a.b.c","since":3}]`))
	f.Add([]byte(`452-/x,9["send_message",{"_placeholder":true,"num":0}]`))
	f.Add([]byte(`431[{}]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		packet, err := DecodeSocketIO(text)
		if err != nil || packet.Kind != PacketEvent {
			answerable(t, SocketIO, Call{}, err)
			return
		}
		if packet.Attachments < 0 || packet.Attachments > maxAttachments {
			t.Fatalf("%d attachments", packet.Attachments)
		}
		call, err := packet.Call()
		answerable(t, SocketIO, call, err)
	})
}

func answerable(t *testing.T, c Codec, call Call, err error) {
	t.Helper()
	var fault *seance.Fault
	if err != nil && (!errors.As(err, &fault) || CodeOf(err) != CodeBadRequest || !utf8.ValidString(fault.Say)) {
		t.Fatalf("error %v is not one a client can read", err)
	}
	if err == nil && c == Plain && call.Args == nil {
		t.Fatalf("call %+v was read without arguments", call)
	}
	if len(call.ID) > maxID {
		t.Fatalf("an id of %d bytes", len(call.ID))
	}
	text := Payload(Fail(c, call.ID, ErrorOf(seance.ErrBadRequest)))
	if c == SocketIO {
		text = text[2+len(call.ID):]
	}
	if !json.Valid(text) {
		t.Fatalf("the answer is not JSON: %s", text)
	}
}
