package wire

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seance/internal/seance"
)

var update = flag.Bool("update", false, "write the golden frames anew")

// A goldenEvent is a file of testdata: what a server sends, in both codecs.
type goldenEvent struct {
	Event    string          `json:"event"`
	Data     json.RawMessage `json:"data"`
	Plain    string          `json:"plain"`
	SocketIO string          `json:"socketio"`
}

// A goldenCall is a file of testdata/calls: what a client sends and how it is answered, in both codecs.
type goldenCall struct {
	Event    string          `json:"event"`
	ID       string          `json:"id"`
	Data     json.RawMessage `json:"data"`
	Plain    string          `json:"plain"`
	SocketIO string          `json:"socketio"`
	Answer   goldenAnswer    `json:"answer"`
}

type goldenAnswer struct {
	Data     json.RawMessage `json:"data"`
	Plain    string          `json:"plain"`
	SocketIO string          `json:"socketio"`
}

// The sitting that the golden frames tell of.
var (
	asked = time.Date(2026, 11, 22, 20, 0, 0, 0, time.UTC) // 1795377600000
	mara  = seance.Participant{ID: "019f2e7a-3b00-7c11-8a01-000000000001", Name: "Mara", Role: seance.Host, Candle: 1}
	jon   = seance.Participant{ID: "019f2e7a-3b00-7c11-8a01-000000000002", Name: "Jón & Zoë", Role: seance.Player, Candle: 2}
	raven = seance.Session{
		ID: "019f2e7a-3b00-7c11-8a01-0000000000aa", Code: "RAVEN-417", Name: "The attic", Spirit: "edgar",
		Settings: seance.DefaultSettings(), StartedAt: asked.Add(-5 * time.Minute),
	}
	soon = seance.Score{Seed: 417, StartsAt: 1795377600600, EndsAt: 1795377605100, Stops: []seance.Stop{
		{Glyph: "S", At: 565, Hold: 340}, {Glyph: "O", At: 1550, Hold: 310},
		{Glyph: "O", At: 2600, Hold: 280}, {Glyph: "N", At: 3600, Hold: 300},
	}}
	coldHere = seance.Score{Seed: 417, StartsAt: 1795377700600, EndsAt: 1795377708460, Stops: []seance.Stop{
		{Glyph: "C", At: 700, Hold: 340}, {Glyph: "O", At: 1500, Hold: 320}, {Glyph: "L", At: 2300, Hold: 300},
		{Glyph: "D", At: 3100, Hold: 280}, {Glyph: "H", At: 4400, Hold: 340, Word: true}, {Glyph: "E", At: 5200, Hold: 320},
		{Glyph: "R", At: 6100, Hold: 300}, {Glyph: "E", At: 7000, Hold: 260},
	}}
	yes = seance.Score{Seed: 9, StartsAt: 1795377800600, EndsAt: 1795377803500, Stops: []seance.Stop{
		{Glyph: "YES", At: 1300, Hold: 1000},
	}}
)

func question() *seance.Message {
	return &seance.Message{
		ID: "019f2e7a-3b00-7c11-8a01-0000000000f1", Session: raven.ID, Seq: 7, Kind: seance.KindQuestion, At: asked,
		Key: "7b1c9f0e-5a51-4d0c-9a55-2f6d3f1f9a10", Participant: jon.ID, Text: "When will it snow? <soon> “peut-être” 🕯", Position: 1,
	}
}

func answer() *seance.Message {
	return &seance.Message{
		ID: "019f2e7a-3b00-7c11-8a01-0000000000f2", Session: raven.ID, Seq: 8, Kind: seance.KindAnswer, At: asked,
		Refers: 7, Board: "SOON", Score: &soon, Source: seance.SourceOracle,
	}
}

func events(t *testing.T) map[string]*Prepared {
	from := func(ev seance.Event) *Prepared {
		t.Helper()
		ev.Session = raven.ID
		p, err := FromEvent(ev)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	prepare := func(event string, data any) *Prepared {
		t.Helper()
		p, err := Prepare(event, data)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	erased, unasked, affirmed := question(), answer(), answer()
	erased.Erased = true
	unasked.Seq, unasked.At, unasked.Refers, unasked.Source = 12, asked.Add(100*time.Second), 0, seance.SourceInitiative
	unasked.Board, unasked.Score = "COLD HERE", &coldHere
	affirmed.Seq, affirmed.At, affirmed.Refers, affirmed.Source = 14, asked.Add(200*time.Second), 13, seance.SourceModel
	affirmed.Board, affirmed.Score = "YES", &yes
	whisper := &seance.Message{
		Session: raven.ID, Seq: 9, Kind: seance.KindWhisper, At: asked.Add(time.Second), Refers: 8,
		Text: "Before the candle is down, you will hear it on the roof.",
	}
	end := &seance.Message{Session: raven.ID, Seq: 15, Kind: seance.KindEnd, At: asked.Add(time.Hour), Text: string(seance.EndedByHost)}
	locked := raven
	locked.Locked = true
	return map[string]*Prepared{
		"user_joined":                from(seance.Event{Joined: &seance.Joined{Participant: jon, Count: 2}}),
		"user_left":                  from(seance.Event{Left: &seance.Left{Participant: jon.ID, Reason: seance.LeftLost, Count: 1}}),
		"user_typing":                from(seance.Event{Typing: &seance.Typing{Participant: jon.ID, Typing: true}}),
		"question_asked":             from(seance.Event{Message: question(), Asker: &jon}),
		"question_asked.replayed":    from(seance.Event{Message: question(), Asker: &jon}).Replayed(),
		"question_asked.erased":      from(seance.Event{Message: erased, Asker: &jon}),
		"spirit_thinking":            from(seance.Event{At: asked, Thinking: &seance.Thinking{QuestionSeq: 7, Spirit: "edgar"}}),
		"spirit_quiet":               from(seance.Event{Quiet: &seance.Quiet{QuestionSeq: 7}}),
		"spirit_quiet.initiative":    from(seance.Event{Quiet: &seance.Quiet{}}),
		"spirit_response":            from(seance.Event{Message: answer()}),
		"spirit_response.replayed":   from(seance.Event{Message: answer()}).Replayed(),
		"spirit_response.initiative": from(seance.Event{Message: unasked}),
		"spirit_response.yes":        from(seance.Event{Message: affirmed}),
		"spirit_whisper":             from(seance.Event{Message: whisper}),
		"session_updated":            from(seance.Event{Updated: &locked, Present: 2}),
		"session_ended":              from(seance.Event{Message: end}),
		"hands": from(seance.Event{At: asked.Add(1500 * time.Millisecond), Hands: &seance.Hands{
			Touching: []seance.Hand{
				{Participant: mara.ID, Candle: 1, Place: seance.Point{X: 512.4, Y: 300}},
				{Participant: jon.ID, Candle: 2, Place: seance.Point{X: 40, Y: 619.5}},
			},
			Planchette: seance.Point{X: -11.6, Y: 3.2},
		}}),
		"hands.lifted": from(seance.Event{At: asked.Add(20 * time.Second), Hands: &seance.Hands{
			Planchette: seance.Point{X: 488.2, Y: 371.7},
		}}),
		"whose_hand": from(seance.Event{Whose: &seance.WhoseHand{
			Answer: 8, Shares: []seance.Share{{Candle: 1, Part: 0.625}, {Candle: 2, Part: 0.375}},
		}}),
		"care": from(seance.Event{To: jon.ID, Care: &Care{
			Text:  "Let us put the game aside for a moment.",
			Lines: []seance.CareLine{{Label: "Somebody to talk to", Contact: "your local emergency number"}},
		}}),
		"messages_erased": prepare(EventMessagesErased, MessagesErased{
			Seqs: []uint64{7, 8, 9}, ParticipantIDs: []seance.ParticipantID{jon.ID},
		}),
		"hush":  from(seance.Event{Hush: &seance.Hush{For: 4 * time.Second}}),
		"error": prepare(EventError, ErrorOf(&seance.Fault{Kind: seance.ErrRateLimited, Say: "One question in 4 s.", RetryAfter: 2500 * time.Millisecond})),
	}
}

func TestGoldenEvents(t *testing.T) {
	frames := events(t)
	for name, p := range frames {
		t.Run(name, func(t *testing.T) {
			golden(t, filepath.Join("testdata", name+".json"), goldenEvent{
				Event: p.Event, Data: p.Data, Plain: string(p.Text(Plain)), SocketIO: string(p.Text(SocketIO)),
			})
		})
	}
	noOrphans(t, "testdata", len(frames))
}

func TestGoldenCalls(t *testing.T) {
	since := uint64(6)
	welcome := Welcome{
		Session: SessionOf(raven, 2), Participant: ParticipantOf(jon),
		Participants: []Participant{ParticipantOf(mara), ParticipantOf(jon)}, Seq: 9, Recovered: true, Now: 1795377601234.567,
	}
	tests := map[string]struct {
		event  string
		data   string
		args   any // what the server must read
		answer any // an Error is a refusal
	}{
		"join_session":          {CallJoin, `{"token":"header.claims.signature","since":6}`, JoinSession{"header.claims.signature", &since}, welcome},
		"join_session.first":    {CallJoin, `{"token":"header.claims.signature"}`, JoinSession{"header.claims.signature", nil}, welcome},
		"join_session.refused":  {CallJoin, `{"token":"expired"}`, JoinSession{"expired", nil}, ErrorOf(seance.ErrUnauthorized)},
		"send_message":          {CallSend, `{"message_id":"7b1c9f0e-5a51-4d0c-9a55-2f6d3f1f9a10","text":"When will it snow?"}`, SendMessage{"7b1c9f0e-5a51-4d0c-9a55-2f6d3f1f9a10", "When will it snow?"}, Asked{Seq: 7, Position: 1}},
		"send_message.care":     {CallSend, `{"message_id":"7b1c9f0e-5a51-4d0c-9a55-2f6d3f1f9a11","text":"..."}`, SendMessage{"7b1c9f0e-5a51-4d0c-9a55-2f6d3f1f9a11", "..."}, Asked{Care: true}},
		"send_message.too_soon": {CallSend, `{"message_id":"7b1c9f0e-5a51-4d0c-9a55-2f6d3f1f9a12","text":"And now?"}`, SendMessage{"7b1c9f0e-5a51-4d0c-9a55-2f6d3f1f9a12", "And now?"}, ErrorOf(&seance.Fault{Kind: seance.ErrRateLimited, Say: "One question in 4 s.", RetryAfter: 2500 * time.Millisecond})},
		"send_message.refused":  {CallSend, `{"message_id":"7b1c9f0e-5a51-4d0c-9a55-2f6d3f1f9a13","text":"Who will win?"}`, SendMessage{"7b1c9f0e-5a51-4d0c-9a55-2f6d3f1f9a13", "Who will win?"}, ErrorOf(&seance.Fault{Kind: seance.ErrRefused, Say: "The spirit does not bet."})},
		"leave_session":         {CallLeave, `{}`, LeaveSession{}, struct{}{}},
		"sync_clock":            {CallClock, `{"t0":1795377600000.25}`, SyncClock{1795377600000.25}, Clock{1795377600000.25, 1795377600010.5, 1795377600010.75}},
		"set_typing":            {CallType, `{"typing":true}`, SetTyping{true}, struct{}{}},
		"move_hand":             {CallHand, `{"x":512,"y":300}`, MoveHand{X: 512, Y: 300}, struct{}{}},
		"move_hand.lifted":      {CallHand, `{"lifted":true}`, MoveHand{Lifted: true}, struct{}{}},
		"move_hand.spectator":   {CallHand, `{"x":512,"y":300}`, MoveHand{X: 512, Y: 300}, ErrorOf(seance.ErrForbidden)},
		"rate_answer":           {CallRate, `{"seq":8,"value":5}`, RateAnswer{8, 5}, struct{}{}},
		"rate_answer.question":  {CallRate, `{"seq":7,"value":5}`, RateAnswer{7, 5}, ErrorOf(&seance.Fault{Kind: seance.ErrNotFound, Say: "There is no answer to rate."})},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			g := goldenCall{
				Event: test.event, ID: "7", Data: json.RawMessage(test.data),
				Plain:    `{"event":"` + test.event + `","id":"7","data":` + test.data + `}`,
				SocketIO: `427["` + test.event + `",` + test.data + `]`,
			}
			want := Call{Event: test.event, ID: "7", Args: test.args}
			fromPlain, err := DecodePlain([]byte(g.Plain))
			if err != nil || !cmp.Equal(fromPlain, want) {
				t.Errorf("plain reads %v, %v\n%s", fromPlain, err, cmp.Diff(want, fromPlain))
			}
			packet, err := DecodeSocketIO([]byte(g.SocketIO))
			if err != nil {
				t.Fatal(err)
			}
			fromPacket, err := packet.Call()
			if err != nil || !cmp.Equal(fromPacket, want) {
				t.Errorf("Socket.IO reads %v, %v\n%s", fromPacket, err, cmp.Diff(want, fromPacket))
			}
			g.Answer = answered(t, test.answer)
			golden(t, filepath.Join("testdata", "calls", name+".json"), g)
		})
	}
	noOrphans(t, filepath.Join("testdata", "calls"), len(tests))
}

func answered(t *testing.T, data any) goldenAnswer {
	t.Helper()
	raw, err := json.Marshal(data)
	if err != nil {
		t.Fatal(err)
	}
	texts := [codecs]string{}
	for c := range codecs {
		var frame []byte
		if e, refused := data.(Error); refused {
			frame = Fail(Codec(c), "7", e)
		} else if frame, err = Ack(Codec(c), "7", data); err != nil {
			t.Fatal(err)
		}
		texts[c] = string(Payload(frame))
	}
	return goldenAnswer{Data: raw, Plain: texts[Plain], SocketIO: texts[SocketIO]}
}

// golden compares what we say today with what the file says, byte for byte.
func golden(t *testing.T, path string, v any) {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s says otherwise (-file +now):\n%s", path, diff)
	}
}

// noOrphans fails if a folder holds golden frames that nothing compares.
func noOrphans(t *testing.T, dir string, want int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != want {
		t.Errorf("%s holds %d golden frames, %d are compared", dir, len(files), want)
	}
}
