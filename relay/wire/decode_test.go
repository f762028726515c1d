package wire

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seance/internal/seance"
)

// What is wrong with a call is said in a sentence that names the field, and the call's id comes back with it.
func TestBadCallsNameTheField(t *testing.T) {
	tests := map[string]struct {
		event, data string
		want        string
	}{
		"unknown event":         {"summon_demon", `{}`, `"summon_demon"`},
		"very long event":       {strings.Repeat("x", 3000), `{}`, `There is no event "xxx`},
		"data is a list":        {CallSend, `[]`, "`data`"},
		"data is a text":        {CallSend, `"hello"`, "`data`"},
		"no data":               {CallSend, `null`, "`message_id` is missing"},
		"no message_id":         {CallSend, `{"text":"?"}`, "`message_id` is missing"},
		"empty message_id":      {CallSend, `{"message_id":"","text":"?"}`, "`message_id` must"},
		"message_id with space": {CallSend, `{"message_id":"a b","text":"?"}`, "`message_id` must"},
		"message_id with NUL":   {CallSend, `{"message_id":"a\u0000","text":"?"}`, "`message_id` must"},
		"message_id too long":   {CallSend, `{"message_id":"` + strings.Repeat("a", 65) + `","text":"?"}`, "`message_id` must"},
		"message_id a number":   {CallSend, `{"message_id":7,"text":"?"}`, "`message_id` is not of the right kind"},
		"no text":               {CallSend, `{"message_id":"a"}`, "`text` is missing"},
		"text null":             {CallSend, `{"message_id":"a","text":null}`, "`text` is missing"},
		"text an object":        {CallSend, `{"message_id":"a","text":{"$gt":""}}`, "`text` is not of the right kind"},
		"no token":              {CallJoin, `{}`, "`token` is missing"},
		"empty token":           {CallJoin, `{"token":""}`, "`token` is missing"},
		"token a number":        {CallJoin, `{"token":7}`, "`token` is not of the right kind"},
		"since negative":        {CallJoin, `{"token":"t","since":-1}`, "`since` is not of the right kind"},
		"since a fraction":      {CallJoin, `{"token":"t","since":1.5}`, "`since` is not of the right kind"},
		"since a text":          {CallJoin, `{"token":"t","since":"1"}`, "`since` is not of the right kind"},
		"since too large":       {CallJoin, `{"token":"t","since":1e400}`, "`since` is not of the right kind"},
		"no t0":                 {CallClock, `{}`, "`t0` is missing"},
		"t0 a text":             {CallClock, `{"t0":"now"}`, "`t0` is not of the right kind"},
		"t0 too large":          {CallClock, `{"t0":1e999}`, "`t0` is not of the right kind"},
		"hand without y":        {CallHand, `{"x":1}`, "`y` is missing"},
		"hand not lifted":       {CallHand, `{"lifted":false}`, "`x` is missing"},
		"typing a text":         {CallType, `{"typing":"yes"}`, "`typing` is not of the right kind"},
		"no typing":             {CallType, `{}`, "`typing` is missing"},
		"rating without seq":    {CallRate, `{"value":3}`, "`seq` is missing"},
		"rating of nothing":     {CallRate, `{"seq":0,"value":3}`, "`seq` is missing"},
		"rating without value":  {CallRate, `{"seq":8}`, "`value` is missing"},
		"rating of six":         {CallRate, `{"seq":8,"value":6}`, "`value` must be 1 to 5"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			call, err := DecodePlain([]byte(`{"event":"` + test.event + `","id":"q1","data":` + test.data + `}`))
			mustComplain(t, err, test.want)
			if call.ID != "q1" {
				t.Errorf("plain: the call's id is %q, the error could not answer it", call.ID)
			}
			packet, err := DecodeSocketIO([]byte(`4212["` + test.event + `",` + test.data + `]`))
			if err != nil {
				t.Fatal(err)
			}
			call, err = packet.Call()
			mustComplain(t, err, test.want)
			if call.ID != "12" {
				t.Errorf("Socket.IO: the call's id is %q, the error could not answer it", call.ID)
			}
		})
	}
}

func TestBadPlainFrames(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"empty":          {``, "not JSON"},
		"prose":          {`hello`, "not JSON"},
		"cut off":        {`{"event":"send_message","data":{`, "not JSON"},
		"two at once":    {`{"event":"leave_session"}{"event":"leave_session"}`, "not JSON"},
		"a list":         {`["send_message",{}]`, "one object"},
		"a number":       {`7`, "one object"},
		"no event":       {`{"data":{}}`, "`event` is missing"},
		"event a number": {`{"event":7}`, "`event` must be a text"},
		"id a number":    {`{"event":"leave_session","id":7}`, "`id` must be"},
		"id empty":       {`{"event":"leave_session","id":""}`, "`id` must be"},
		"id too long":    {`{"event":"leave_session","id":"` + strings.Repeat("7", 65) + `"}`, "`id` must be"},
		"nested deep":    {strings.Repeat(`[`, 20_000) + strings.Repeat(`]`, 20_000), "not JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := DecodePlain([]byte(test.text))
			mustComplain(t, err, test.want)
		})
	}
}

func TestUnknownMembersAreAllowed(t *testing.T) {
	call, err := DecodePlain([]byte(`{"event":"set_typing","v":2,"data":{"typing":false,"mood":"grim"}}`))
	if want := (Call{Event: CallType, Args: SetTyping{}}); err != nil || !cmp.Equal(call, want) {
		t.Errorf("read %v, %v, want %v", call, err, want)
	}
	packet, err := DecodeSocketIO([]byte(`42["leave_session",null,"a second argument"]`))
	if err != nil {
		t.Fatal(err)
	}
	call, err = packet.Call()
	if want := (Call{Event: CallLeave, Args: LeaveSession{}}); err != nil || !cmp.Equal(call, want) {
		t.Errorf("read %v, %v, want %v", call, err, want)
	}
}

func TestSocketIOPackets(t *testing.T) {
	tests := map[string]Packet{
		`1`:                        {Kind: PacketClose},
		`3`:                        {Kind: PacketPong},
		`3probe`:                   {Kind: PacketPong},
		`6`:                        {Kind: PacketNoop},
		`40`:                       {Kind: PacketConnect, Namespace: "/"},
		`40{"token":"123"}`:        {Kind: PacketConnect, Namespace: "/", Data: []byte(`{"token":"123"}`)},
		`40/custom`:                {Kind: PacketConnect, Namespace: "/custom"},
		`40/custom,`:               {Kind: PacketConnect, Namespace: "/custom"},
		`40/custom,{"token":"x"}`:  {Kind: PacketConnect, Namespace: "/custom", Data: []byte(`{"token":"x"}`)},
		`41`:                       {Kind: PacketDisconnect, Namespace: "/"},
		`41/custom,`:               {Kind: PacketDisconnect, Namespace: "/custom"},
		`42["a"]`:                  {Kind: PacketEvent, Namespace: "/", Data: []byte(`["a"]`)},
		`42/custom,7["a"]`:         {Kind: PacketEvent, Namespace: "/custom", ID: "7", Data: []byte(`["a"]`)},
		`42456["a",1,"2"]`:         {Kind: PacketEvent, Namespace: "/", ID: "456", Data: []byte(`["a",1,"2"]`)},
		`43456[]`:                  {Kind: PacketAck, Namespace: "/", ID: "456", Data: []byte(`[]`)},
		`450-["a"]`:                {Kind: PacketEvent, Namespace: "/", Data: []byte(`["a"]`)},
		`452-/custom,9["a",{},{}]`: {Kind: PacketEvent, Namespace: "/custom", ID: "9", Data: []byte(`["a",{},{}]`), Attachments: 2},
		`461-9[{}]`:                {Kind: PacketAck, Namespace: "/", ID: "9", Data: []byte(`[{}]`), Attachments: 1},
	}
	for text, want := range tests {
		got, err := DecodeSocketIO([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if len(got.Data) == 0 {
			got.Data = nil
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

// Whoever does not speak the protocol is told so; the connection is closed on each of these.
func TestSocketIOPacketsThatDoNotParse(t *testing.T) {
	for _, text := range []string{
		``, `0{}`, `2`, `2probe`, `5`, `7`, `abc`, `{"event":"leave_session"}`, // Engine.IO
		`4`, `4abc`, `44{"message":"x"}`, `47`, `49["a"]`, // kinds
		`40[]`, `40"x"`, `407`, `40{`, `407{}`, `41{}`, `417`, // connect, disconnect
		`42`, `42{}`, `42[]`, `42[7]`, `42[null]`, `42["a"`, `42abc["a"]`, `42-1["a"]`, `42"a"`, // events
		`43[]`, `43`, `437{}`, `437`, // acks
		`45["a"]`, `45-["a"]`, `45x-["a"]`, `45-1-["a"]`, `459-["a"]`, `4599999999999999999999-["a"]`, // attachments
		`42` + strings.Repeat("1", 65) + `["a"]`, // ack id
	} {
		packet, err := DecodeSocketIO([]byte(text))
		if err == nil {
			t.Errorf("%s: read as %v", text, packet)
			continue
		}
		mustComplain(t, err, "")
	}
}

func TestBinaryEventsAreRefused(t *testing.T) {
	packet, err := DecodeSocketIO([]byte(`451-3["send_message",{"_placeholder":true,"num":0}]`))
	if err != nil {
		t.Fatal(err)
	}
	call, err := packet.Call()
	mustComplain(t, err, "binary attachments")
	if call.ID != "3" {
		t.Errorf("the call's id is %q, want 3", call.ID)
	}
}

func mustComplain(t *testing.T, err error, want string) {
	t.Helper()
	var fault *seance.Fault
	if !errors.As(err, &fault) || !errors.Is(err, seance.ErrBadRequest) {
		t.Fatalf("got %v, want a fault that is a bad request", err)
	}
	if !strings.Contains(fault.Say, want) {
		t.Errorf("it says %q, want it to name %q", fault.Say, want)
	}
}
