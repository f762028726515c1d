package ws

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"seance/internal/seance"
	"seance/internal/wireclient"
	"seance/relay"
	"seance/relay/wire"
)

func TestJoinIsAnsweredAndWhatWasMissedFollows(t *testing.T) {
	inBoth(t, func(t *testing.T, codec wire.Codec) {
		h := open(t, Options{})
		for i := range int64(50) {
			h.missed = append(h.missed, hush(t, i).Replayed())
		}
		c := h.dial(codec)
		since := uint64(3)
		w, err := c.Join(within(t), "raven/mara", &since)
		if err != nil {
			t.Fatal(err)
		}
		if w.Session.ID != "raven" || w.Participant.ID != "mara" || !w.Recovered {
			t.Errorf("welcomed with %+v", w)
		}
		chair := <-h.arrived
		if got := chair.ticket; got.Session != "raven" || got.Participant != "mara" || *got.Since != 3 {
			t.Errorf("the ticket is %+v", got)
		}
		h.tell(hush(t, 50))
		for i := range 51 {
			want := fmt.Sprintf(`{"ms":%d,"replayed":true}`, i)
			if i == 50 {
				want = `{"ms":50}`
			}
			if got := next(t, c); got.Name != "hush" || string(got.Data) != want {
				t.Fatalf("event %d is %s %s, want %s", i, got.Name, got.Data, want)
			}
		}
	})
}

func TestCallsAreAnswered(t *testing.T) {
	inBoth(t, func(t *testing.T, codec wire.Codec) {
		h := open(t, Options{})
		c, chair := h.seats(codec, "mara")
		asked, err := c.Ask(within(t), "m1", "Are you there?")
		if want := (wire.Asked{Seq: 7, Position: 1}); err != nil || asked != want {
			t.Errorf("asked: %+v, %v, want %+v", asked, err, want)
		}
		chair.does("asked Are you there?")
		if _, err := c.Call(within(t), wire.CallType, map[string]bool{"typing": true}); err != nil {
			t.Errorf("typing: %v", err)
		}
		chair.does("typing true")
		if err := c.Type(false); err != nil { // asks for no answer
			t.Fatal(err)
		}
		chair.does("typing false")
		for _, call := range []struct{ event, data, did string }{
			{wire.CallHand, `{"x":512,"y":300.5}`, "moved to 512 300.5"},
			{wire.CallHand, `{"lifted":true}`, "lifted"},
			{wire.CallRate, `{"seq":8,"value":5}`, "rated 5"},
		} {
			raw, err := c.Call(within(t), call.event, json.RawMessage(call.data))
			if err != nil || string(raw) != "{}" {
				t.Errorf("%s is answered %s, %v", call.event, raw, err)
			}
			chair.does(call.did)
		}
		_, err = c.Call(within(t), wire.CallRate, json.RawMessage(`{"seq":7,"value":5}`))
		refused(t, err, wire.CodeNotFound)
		if err := c.Leave(within(t)); err != nil {
			t.Errorf("leave: %v", err)
		}
		chair.does("left")
	})
}

func TestClockIsTheServers(t *testing.T) {
	inBoth(t, func(t *testing.T, codec wire.Codec) {
		const ahead = 90 * time.Minute
		h := open(t, Options{Now: func() time.Time { return time.Now().Add(ahead) }})
		c, _ := h.seats(codec, "mara")
		measured, trip, err := c.SyncClock(within(t))
		if err != nil {
			t.Fatal(err)
		}
		if off := (measured - ahead).Abs(); off > trip/2+time.Millisecond {
			t.Errorf("the clock is %v off over a round trip of %v", off, trip)
		}
		raw, err := c.Call(within(t), wire.CallClock, json.RawMessage(`{"t0":12345.625}`))
		if err != nil {
			t.Fatal(err)
		}
		var k wire.Clock
		if err := json.Unmarshal(raw, &k); err != nil || k.T0 != 12345.625 || k.T2 < k.T1 {
			t.Errorf("answered %s, %v", raw, err)
		}
	})
}

func TestCareIsAnsweredWithoutASeq(t *testing.T) {
	h := open(t, Options{})
	h.ask = func(context.Context, *chair, string, string) (wire.Asked, error) { return wire.Asked{Care: true}, nil }
	c, _ := h.seats(wire.Plain, "mara")
	raw, err := c.Call(within(t), wire.CallSend, json.RawMessage(`{"message_id":"m","text":"x"}`))
	if err != nil || string(raw) != `{"care":true}` {
		t.Errorf("answered %s, %v", raw, err)
	}
}

func TestRefusalsComeAsErrors(t *testing.T) {
	inBoth(t, func(t *testing.T, codec wire.Codec) {
		h := open(t, Options{})
		h.ask = func(_ context.Context, _ *chair, messageID, _ string) (wire.Asked, error) {
			switch messageID {
			case "disk":
				return wire.Asked{}, errors.New("/srv/seance.db is full")
			case "hook":
				return wire.Asked{}, &seance.Fault{Kind: seance.ErrRefused, Say: "The spirit does not bet."}
			}
			return wire.Asked{}, &seance.Fault{Kind: seance.ErrRateLimited, Say: "One question in 4 s.", RetryAfter: time.Second}
		}
		c, _ := h.seats(codec, "mara")
		_, err := c.Ask(within(t), "m", "x")
		refused(t, err, wire.CodeRateLimited)
		var e *wire.Error
		if errors.As(err, &e); e.RetryAfterMs != 1000 || e.Message != "One question in 4 s." {
			t.Errorf("refused with %+v", e)
		}
		_, err = c.Ask(within(t), "hook", "x")
		refused(t, err, wire.CodeRefused)
		if errors.As(err, &e); e.Message != "The spirit does not bet." {
			t.Errorf("the hook's sentence became %q", e.Message)
		}
		_, err = c.Ask(within(t), "disk", "x")
		refused(t, err, wire.CodeInternal)
		if strings.Contains(err.Error(), "srv") {
			t.Errorf("it leaks: %v", err)
		}
	})
}

func TestSpectatorsAreTold(t *testing.T) {
	inBoth(t, func(t *testing.T, codec wire.Codec) {
		h := open(t, Options{})
		c, _ := h.seats(codec, "spectator")
		_, err := c.Call(within(t), wire.CallType, map[string]bool{"typing": true})
		refused(t, err, wire.CodeForbidden)
		if err := c.Type(true); err != nil { // without an id the error is an event
			t.Fatal(err)
		}
		if ev := next(t, c); ev.Name != "error" || !strings.Contains(string(ev.Data), `"forbidden"`) {
			t.Errorf("got %s %s", ev.Name, ev.Data)
		}
	})
}

func TestCallsBeforeJoiningAreBadFrames(t *testing.T) {
	inBoth(t, func(t *testing.T, codec wire.Codec) {
		h := open(t, Options{})
		c := h.dial(codec)
		for _, event := range []string{wire.CallSend, wire.CallLeave, wire.CallClock} {
			_, err := c.Call(within(t), event, json.RawMessage(`{"message_id":"m","text":"x","t0":1}`))
			refused(t, err, wire.CodeBadRequest)
		}
		ended(t, c, wire.CloseBadFrames)
	})
}

func TestThirdBadFrameEndsTheLine(t *testing.T) {
	for name, frames := range map[string][]string{
		"plain":    {`no json`, `{"event":"summon"}`, `{"event":"send_message","id":"5","data":{"text":7}}`},
		"socketio": {`42["summon"]`, `42["send_message",{}]`, `425["send_message",{"message_id":"m","text":7}]`},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t, Options{})
			path := plainPath
			if name == "socketio" {
				path = socketIOPath
			}
			c := h.raw(path)
			if name == "socketio" {
				c.mustHear("0{")
				c.says("40")
				c.mustHear("40{")
			}
			for _, f := range frames {
				c.says(f)
			}
			before := c.closedWith(wire.CloseBadFrames)
			if len(before) != 3 {
				t.Fatalf("heard %q before the close, want an error for each frame", before)
			}
			for _, text := range before {
				if !strings.Contains(text, `"bad_request"`) {
					t.Errorf("heard %s", text)
				}
			}
			if !strings.Contains(before[2], "`text`") || !strings.Contains(before[2], "5") {
				t.Errorf("the third error is %s, want it to answer call 5 and to name the field", before[2])
			}
		})
	}
}

func TestBadTokensAreRefusedAndClosed(t *testing.T) {
	inBoth(t, func(t *testing.T, codec wire.Codec) {
		h := open(t, Options{})
		c := h.dial(codec)
		_, err := c.Join(within(t), "forged", nil)
		refused(t, err, wire.CodeUnauthorized)
		ended(t, c, wire.CloseUnauthorized)
	})
}

func TestJoinsThatCannotWork(t *testing.T) {
	for name, test := range map[string]struct {
		err   error
		code  wire.ErrorCode
		close wire.CloseCode // 0: the line stays
	}{
		"kicked":      {seance.ErrForbidden, wire.CodeForbidden, wire.CloseKicked},
		"dead token":  {seance.ErrUnauthorized, wire.CodeUnauthorized, wire.CloseUnauthorized},
		"ended":       {seance.ErrClosed, wire.CodeSessionEnded, wire.CloseEnded},
		"full":        {seance.ErrFull, wire.CodeSessionFull, 0},
		"unavailable": {seance.ErrUnavailable, wire.CodeUnavailable, 0},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t, Options{})
			h.refuse = func(ticket relay.Ticket) error {
				if ticket.Participant == "later" {
					return nil
				}
				return fmt.Errorf("seat: %w", test.err)
			}
			c := h.dial(wire.SocketIO)
			_, err := c.Join(within(t), "raven/mara", nil)
			refused(t, err, test.code)
			if test.close != 0 {
				ended(t, c, test.close)
				return
			}
			if _, err := c.Join(within(t), "raven/later", nil); err != nil {
				t.Errorf("trying again: %v", err)
			}
		})
	}
}

func TestNobodyWaitsForAJoinForever(t *testing.T) {
	inBoth(t, func(t *testing.T, codec wire.Codec) {
		h := open(t, Options{Limits: Limits{Join: 100 * time.Millisecond}})
		c := h.dial(codec)
		ended(t, c, wire.CloseNoJoin)

		stays, _ := h.seats(codec, "mara")
		leaves, chair := h.seats(codec, "jon")
		if err := leaves.Leave(within(t)); err != nil {
			t.Fatal(err)
		}
		chair.does("left")
		ended(t, leaves, wire.CloseNoJoin)
		if _, _, err := stays.SyncClock(within(t)); err != nil {
			t.Errorf("who sits was sent away: %v", err)
		}
	})
}

// A board that sees a gap in seq joins again on the same line. Nobody sees it leave, and the old seat is dead.
func TestJoiningAgainTakesANewSeat(t *testing.T) {
	inBoth(t, func(t *testing.T, codec wire.Codec) {
		h := open(t, Options{})
		c, first := h.seats(codec, "mara")
		since := uint64(9)
		if _, err := c.Join(within(t), "raven/mara", &since); err != nil {
			t.Fatal(err)
		}
		second := <-h.arrived
		first.does("lost") // after the new one was taken
		if first.seat.Send(hush(t, 1)) {
			t.Error("the old seat still takes frames")
		}
		first.seat.Close(wire.CloseTooSlow)
		if !second.seat.Send(hush(t, 2)) {
			t.Error("the new seat takes no frames")
		}
		if ev := next(t, c); string(ev.Data) != `{"ms":2}` {
			t.Errorf("got %s, want what the new seat was sent", ev.Data)
		}
		c.Cut()
		second.does("lost")
	})
}

func TestRoomsCloseLines(t *testing.T) {
	inBoth(t, func(t *testing.T, codec wire.Codec) {
		for _, code := range []wire.CloseCode{wire.CloseKicked, wire.CloseEnded, wire.CloseGoingAway} {
			h := open(t, Options{})
			c, chair := h.seats(codec, "mara")
			chair.seat.Send(hush(t, 1))
			chair.seat.Close(code)
			chair.seat.Close(wire.CloseTooSlow) // the first one counts
			if chair.seat.Send(hush(t, 2)) {
				t.Error("a closed seat takes frames")
			}
			if ev := next(t, c); string(ev.Data) != `{"ms":1}` {
				t.Errorf("got %s before the close", ev.Data)
			}
			ended(t, c, code)
			chair.does("lost")
		}
	})
}

// However a line ends, its seat is given up as lost; only leave_session is leaving.
func TestLinesThatEndAreLost(t *testing.T) {
	for name, end := range map[string]func(c *wireclient.Client){
		"cut":        func(c *wireclient.Client) { c.Cut() },
		"closed":     func(c *wireclient.Client) { c.Close() },
		"going away": func(c *wireclient.Client) { c.Conn().WriteClose(1001) },
		"no reason":  func(c *wireclient.Client) { c.Conn().WriteFrame(wireclient.OpClose, true, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t, Options{})
			c, chair := h.seats(wire.Plain, "mara")
			end(c)
			chair.does("lost")
		})
	}
}

func TestRoundTripsAreMeasured(t *testing.T) {
	inBoth(t, func(t *testing.T, codec wire.Codec) {
		h := open(t, Options{Limits: Limits{Ping: 30 * time.Millisecond, Pong: 5 * time.Second}})
		_, chair := h.seats(codec, "mara")
		for range 3 { // one on joining, then with each ping
			select {
			case d := <-chair.trips:
				if d <= 0 || d > time.Second {
					t.Errorf("a round trip on loopback took %v", d)
				}
			case <-time.After(patience):
				t.Fatal("no round trip was measured")
			}
		}
	})
}

// While a call takes its time the reader reads no pongs: that says nothing about the board.
func TestSlowCallsAreNoRoundTrips(t *testing.T) {
	h := open(t, Options{Limits: Limits{Ping: 5 * time.Second}})
	asking, release := make(chan struct{}), make(chan struct{})
	h.ask = func(context.Context, *chair, string, string) (wire.Asked, error) {
		close(asking)
		<-release
		return wire.Asked{Seq: 1}, nil
	}
	c, chair := h.seats(wire.SocketIO, "mara")
	<-chair.trips // from joining
	answered := make(chan error, 1)
	go func() {
		_, err := c.Ask(within(t), "m", "x")
		answered <- err
	}()
	<-asking
	var l *line
	for _, l = range h.server.snapshot(nil) {
		l.ping(l.srv.clock())
	}
	<-time.After(2 * slowCall) // the call takes its time
	close(release)
	if err := <-answered; err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.SyncClock(within(t)); err != nil { // behind the pong
		t.Fatal(err)
	}
	select {
	case d := <-chair.trips:
		t.Errorf("%v was taken for a round trip", d)
	default:
	}
}

func TestSilentBoardsAreClosed(t *testing.T) {
	for name, path := range map[string]string{"plain": plainPath, "socketio": socketIOPath} {
		t.Run(name, func(t *testing.T) {
			h := open(t, Options{Limits: Limits{Ping: 20 * time.Millisecond, Pong: 50 * time.Millisecond}})
			c := h.raw(path)
			before := c.closedWith(wire.CloseTooSlow) // it reads, but answers nothing
			if name == "socketio" && (len(before) != 2 || before[1] != "2") {
				t.Errorf("heard %q before the close, want the open packet and one ping", before)
			}
		})
	}
}

func TestFloodsAreWarnedFirst(t *testing.T) {
	inBoth(t, func(t *testing.T, codec wire.Codec) {
		h := open(t, Options{Limits: Limits{Frames: 10}})
		c, _ := h.seats(codec, "mara") // one frame, over Socket.IO two
		passed, warned := 0, 0
		for range 200 {
			_, err := c.Call(within(t), wire.CallClock, json.RawMessage(`{"t0":1}`))
			var e *wire.Error
			switch {
			case err == nil:
				passed++
				continue
			case errors.As(err, &e):
				if warned++; e.Code != wire.CodeRateLimited || e.RetryAfterMs <= 0 {
					t.Fatalf("warned with %+v", e)
				}
				continue
			}
			break
		}
		ended(t, c, wire.CloseFlooding)
		if passed < 5 || warned != floodWarnings {
			t.Errorf("%d passed, %d were warned", passed, warned)
		}
	})
}

// Client pings cost an answer each, so they count too.
func TestPingFloodsAreClosed(t *testing.T) {
	h := open(t, Options{Limits: Limits{Frames: 10}})
	c := h.raw(plainPath)
	for range 100 {
		if err := c.WriteFrame(wireclient.OpPing, true, []byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	before := c.closedWith(wire.CloseFlooding)
	if len(before) != floodWarnings || !strings.Contains(before[0], "rate_limited") {
		t.Errorf("heard %q before the close", before)
	}
}

func TestNoLimitOnFrames(t *testing.T) {
	h := open(t, Options{Limits: Limits{Frames: -1}})
	c, _ := h.seats(wire.Plain, "mara")
	for range 200 {
		if _, _, err := c.SyncClock(within(t)); err != nil {
			t.Fatal(err)
		}
	}
}
