package ws

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"seance/internal/wireclient"
	"seance/relay/wire"
)

// contrib's wrapper of a connection is pooled and emptied when its handler returns: what wrote later would panic, or
// reach another player's line.
func TestLateWritesReachNobody(t *testing.T) {
	h := open(t, Options{})
	late := hush(t, 666)
	for round := range 20 {
		gone, before := h.seats(wire.Plain, "gone")
		gone.Cut()
		before.does("lost")
		c, _ := h.seats(wire.Plain, "mara") // may well be given what the other one had
		var writers sync.WaitGroup
		for range 4 {
			writers.Go(func() {
				if before.seat.Send(late) {
					t.Error("a seat whose line is gone takes frames")
				}
				before.seat.Welcome(welcome(before.ticket), []*wire.Prepared{late})
				before.seat.Close(wire.CloseKicked)
			})
		}
		writers.Wait()
		h.tell(hush(t, int64(round)))
		if ev := next(t, c); string(ev.Data) != fmt.Sprintf(`{"ms":%d}`, round) {
			t.Fatalf("round %d: somebody else's frame arrived: %s", round, ev.Data)
		}
		c.Cut()
	}
}

// contrib lets every origin pass when none is named.
func TestForeignOriginsAreRefused(t *testing.T) {
	h := open(t, Options{Origins: []string{"https://seance.example"}})
	host := strings.TrimPrefix(h.url, "http://")
	for origin, ours := range map[string]bool{
		"":                                true, // a native client
		"http://" + host:                  true,
		"https://" + host:                 true, // behind a proxy that ends TLS
		"https://seance.example":          true,
		"HTTPS://Seance.Example":          true,
		"https://evil.example":            false,
		"http://seance.example":           false,
		"https://seance.example.evil.com": false,
		"https://sub.seance.example":      false,
		"http://127.0.0.1":                false, // another port is another origin
		"null":                            false,
		"file://" + host:                  false,
		host:                              false,
		"http://" + host + "@evil.com":    false,
		"http://evil.com/" + host:         false,
		"::not a url::":                   false,
	} {
		for _, codec := range bothCodecs {
			header := http.Header{}
			if origin != "" {
				header.Set("Origin", origin)
			}
			c, err := wireclient.Dialer{Header: header}.Dial(within(t), h.url, codec)
			if err == nil {
				c.Cut()
			}
			var refusal *wireclient.Refusal
			switch {
			case ours && err != nil:
				t.Errorf("%v from %q: %v", codec, origin, err)
			case !ours && (!errors.As(err, &refusal) || refusal.Status != http.StatusForbidden):
				t.Errorf("%v from %q: got %v, want 403", codec, origin, err)
			}
		}
	}
}

func TestDefaultPortsAreTheSameOrigin(t *testing.T) {
	s := &Server{}
	for _, same := range [][2]string{
		{"https://a.example", "a.example"}, {"https://a.example", "a.example:443"}, {"http://a.example", "a.example:80"},
		{"http://A.example:8000", "a.EXAMPLE:8000"}, {"http://[::1]:8000", "[::1]:8000"},
	} {
		if !s.isOurs(same[0], same[1]) {
			t.Errorf("%s is foreign to %s", same[0], same[1])
		}
	}
	if s.isOurs("http://a.example", "a.example:443") {
		t.Error("another port is the same origin")
	}
}

// stalls makes the kernel take little for a client that does not read. Less would make it slow to read later, too.
func stalls(t *testing.T, c net.Conn) {
	t.Helper()
	if err := c.(*net.TCPConn).SetReadBuffer(128 << 10); err != nil {
		t.Fatal(err)
	}
}

// big is a frame of about size bytes that can be told from the others by its number.
func big(t testing.TB, number, size int) *wire.Prepared {
	t.Helper()
	p, err := wire.Prepare("hush", map[string]any{"ms": number, "filler": strings.Repeat("x", size)})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A board that never reads must not hold a broadcast: fifty others play, in order and undelayed, and the stalled one
// loses its seat with a code that tells it to come back.
func TestReaderThatNeverReadsHoldsNobody(t *testing.T) {
	for name, tls := range map[string]bool{"plain connection": false, "TLS": true} {
		t.Run(name, func(t *testing.T) {
			o := Options{Limits: Limits{BacklogBytes: 64 << 10, Goodbye: 100 * time.Millisecond}}
			h, dialer := open(t, o), wireclient.Dialer{}
			if tls {
				h, dialer = openTLS(t, o)
			}
			stuck, err := wireclient.Open(within(t), h.url+plainPath, nil, dialer.TLS)
			if err != nil {
				t.Fatal(err)
			}
			defer stuck.Close()
			if over, ok := stuck.Net.(interface{ NetConn() net.Conn }); ok {
				stalls(t, over.NetConn())
			} else {
				stalls(t, stuck.Net)
			}
			if err := stuck.WriteText(`{"event":"join_session","data":{"token":"raven/stuck"}}`); err != nil {
				t.Fatal(err)
			}
			stalled := <-h.arrived

			const others, frames = 50, 100
			var boards sync.WaitGroup
			for i := range others {
				c, err := dialer.Dial(within(t), h.url, bothCodecs[i%2])
				if err != nil {
					t.Fatal(err)
				}
				defer c.Cut()
				if _, err := c.Join(within(t), fmt.Sprintf("raven/p%d", i), nil); err != nil {
					t.Fatal(err)
				}
				<-h.arrived
				boards.Go(func() {
					for want := range frames {
						ev, ok := <-c.Events()
						if !ok || !bytes.HasSuffix(ev.Data, fmt.Appendf(nil, `"ms":%d}`, want)) {
							t.Errorf("board %d lacks frame %d (close code %d, %v)", i, want, c.CloseCode(), c.Err())
							return
						}
					}
				})
			}
			for i := range frames {
				h.tell(big(t, i, 5000))
				if i%4 == 0 {
					h.settle(stalled) // this test's own readers are not to be outrun
				}
			}
			boards.Wait()
			for stalled.seat.Send(big(t, frames, 5000)) { // in case the kernel has taken it all
			}
			stalled.does("lost")
		})
	}
}

// settle waits until nothing waits for anybody but the stalled one.
func (h *house) settle(stalled *chair) {
	h.t.Helper()
	deadline := time.Now().Add(patience)
	for _, l := range h.server.snapshot(nil) {
		for l != stalled.seat.(*seat).line && l.out.waiting() > 0 {
			if time.Now().After(deadline) {
				h.t.Fatal("the boards do not read")
			}
			<-time.After(time.Millisecond)
		}
	}
}

// waiting is how many frames wait in an open outbox.
func (o *outbox) waiting() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.state != isOpen {
		return 0
	}
	return o.frames
}

// A slow board gets what was sent up to a whole frame, then the reason.
func TestTooSlowIs4002(t *testing.T) {
	for _, limits := range []Limits{{BacklogFrames: 10}, {BacklogBytes: 64 << 10}} {
		limits.Goodbye = patience
		h := open(t, Options{Limits: limits})
		c, chair := h.opensPlain()
		stalls(t, c.Net)
		sent := 0
		for chair.seat.Send(big(t, sent, 4000)) {
			if sent++; sent > 100_000 {
				t.Fatal("the bound does not hold")
			}
		}
		before := c.closedWith(wire.CloseTooSlow)
		if len(before) == 0 || len(before) > sent {
			t.Errorf("%d frames arrived of %d", len(before), sent)
		}
		for i, text := range before {
			if !strings.HasPrefix(text, `{"event":"hush","data":{"filler":`) || !strings.HasSuffix(text, fmt.Sprintf(`"ms":%d}}`, i)) {
				t.Fatalf("frame %d is %.60s...", i, text)
			}
		}
		chair.does("lost")
	}
}

// What a board missed goes out as fast as it drains, however much it is.
func TestReplayIsOutsideTheBound(t *testing.T) {
	h := open(t, Options{Limits: Limits{BacklogFrames: 4, BacklogBytes: 8 << 10}})
	for i := range 200 {
		h.missed = append(h.missed, big(t, i, 5000))
	}
	c := h.raw(plainPath)
	stalls(t, c.Net)
	c.says(`{"event":"join_session","id":"1","data":{"token":"raven/mara"}}`)
	chair := <-h.arrived
	for i := range 3 {
		if !chair.seat.Send(big(t, 200+i, 100)) {
			t.Fatal("the replay counts against the bound")
		}
	}
	c.mustHear(`{"event":"ack","id":"1"`)
	for i := range 203 {
		if got := c.hears(); !strings.HasSuffix(got, fmt.Sprintf(`"ms":%d}}`, i)) {
			t.Fatalf("frame %d ends %s", i, got[len(got)-40:])
		}
	}
}

// Pings, pongs and answers take the same way as events, or they would land inside a frame that is half out.
func TestControlFramesDoNotLandInsideFrames(t *testing.T) {
	for _, path := range []string{plainPath, plainPath + "?batch=1"} {
		h := open(t, Options{Limits: Limits{Frames: -1, BacklogBytes: 64 << 20, BacklogFrames: 100_000, Ping: 5 * time.Millisecond, Pong: patience}})
		c := h.raw(path)
		c.says(`{"event":"join_session","id":"1","data":{"token":"raven/mara"}}`)
		c.mustHear(`{"event":"ack","id":"1"`)
		chair := <-h.arrived
		stalls(t, c.Net)
		const frames = 300
		var writers sync.WaitGroup
		writers.Go(func() {
			for i := range frames {
				chair.seat.Send(big(t, i, 7000))
			}
		})
		writers.Go(func() {
			for range frames {
				if err := c.WriteFrame(wireclient.OpPing, true, []byte("from the board")); err != nil {
					t.Error(err)
				}
				if err := c.WriteText(clockCall); err != nil {
					t.Error(err)
				}
			}
		})
		writers.Wait()
		events, answers, pongs := 0, 0, 0
		for events < frames || answers < frames || pongs < frames {
			f, err := c.ReadFrame()
			if err != nil {
				t.Fatalf("after %d events, %d answers and %d pongs: %v", events, answers, pongs, err)
			}
			switch {
			case f.Op == wireclient.OpPing && len(f.Payload) == 0:
			case f.Op == wireclient.OpPong && string(f.Payload) == "from the board":
				pongs++
			case f.Op == wireclient.OpText:
				for line := range bytes.SplitSeq(f.Payload, []byte("\n")) {
					switch {
					case !json.Valid(line):
						t.Fatalf("a frame is torn: %.80q", line)
					case bytes.HasPrefix(line, []byte(`{"event":"ack"`)):
						answers++
					case bytes.HasSuffix(line, fmt.Appendf(nil, `"ms":%d}}`, events)):
						events++
					default:
						t.Fatalf("after event %d came %.60s...", events-1, line)
					}
				}
			default:
				t.Fatalf("opcode %d, % x", f.Op, f.Payload)
			}
		}
	}
}

// With ?batch=1 what waits together goes together; without it nothing does.
func TestBatches(t *testing.T) {
	for path, batched := range map[string]bool{plainPath: false, plainPath + "?batch=1": true} {
		h := open(t, Options{Limits: Limits{BacklogBytes: 64 << 20, BacklogFrames: 10_000}})
		h.missed = []*wire.Prepared{hush(t, -2).Replayed(), hush(t, -1).Replayed()}
		c := h.raw(path)
		stalls(t, c.Net)
		c.says(`{"event":"join_session","id":"1","data":{"token":"raven/mara"}}`)
		chair := <-h.arrived
		const frames = 2000
		for i := range frames {
			chair.seat.Send(big(t, i, 500))
		}
		lines, texts, largest := 0, 0, 0
		for lines < frames+3 {
			text := c.hears()
			texts++
			lines += 1 + strings.Count(text, "\n")
			largest = max(largest, len(text))
		}
		if first := h.missed[0]; batched != (texts < lines) || largest > maxBatch+len(first.Data)+1000 {
			t.Errorf("%s: %d events in %d frames, the largest of %d bytes", path, lines, texts, largest)
		}
	}
}

// What is sent together arrives together: in one frame with ?batch=1, frame behind frame without it.
func TestFramesSentTogether(t *testing.T) {
	for path, want := range map[string][]string{
		plainPath: {`{"event":"hush","data":{"ms":1}}`, `{"event":"hush","data":{"ms":2}}`, `{"event":"hush","data":{"ms":3}}`},
		plainPath + "?batch=1": {
			`{"event":"hush","data":{"ms":1}}` + "\n" + `{"event":"hush","data":{"ms":2}}` + "\n" + `{"event":"hush","data":{"ms":3}}`,
		},
	} {
		h := open(t, Options{Limits: Limits{BacklogFrames: 3}})
		c := h.raw(path)
		c.says(`{"event":"join_session","id":"1","data":{"token":"raven/mara"}}`)
		c.mustHear(`{"event":"ack","id":"1"`)
		chair := <-h.arrived
		if !chair.seat.Send(hush(t, 1), hush(t, 2), hush(t, 3)) {
			t.Fatal("three frames are too many for a bound of three")
		}
		for _, text := range want {
			if got := c.hears(); got != text {
				t.Errorf("%s: hears %s, want %s", path, got, text)
			}
		}
		if chair.seat.Send(hush(t, 1), hush(t, 2), hush(t, 3), hush(t, 4)) {
			t.Error("four frames are not too many for a bound of three")
		}
		c.closedWith(wire.CloseTooSlow)
	}
}

func TestClientsReadBatches(t *testing.T) {
	h := open(t, Options{})
	for i := range int64(3) {
		h.missed = append(h.missed, hush(t, i).Replayed())
	}
	c, err := wireclient.Dialer{Batch: true}.Dial(within(t), h.url, wire.Plain)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Cut()
	if _, err := c.Join(within(t), "raven/mara", nil); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		if ev := next(t, c); string(ev.Data) != fmt.Sprintf(`{"ms":%d,"replayed":true}`, i) {
			t.Errorf("event %d is %s", i, ev.Data)
		}
	}
}

// Messages are read into pooled buffers: what was made of one must not change with the next.
func TestWhatWasReadStaysAsItWas(t *testing.T) {
	inBoth(t, func(t *testing.T, codec wire.Codec) {
		h := open(t, Options{})
		var kept []string
		h.ask = func(_ context.Context, _ *chair, messageID, text string) (wire.Asked, error) {
			kept = append(kept, messageID, text)
			return wire.Asked{}, nil
		}
		c, _ := h.seats(codec, "mara")
		var want []string
		for i := range 20 {
			id, text := fmt.Sprintf("key-%02d", i), strings.Repeat(string(rune('a'+i)), 40)
			want = append(want, id, text)
			if _, err := c.Ask(within(t), id, text); err != nil {
				t.Fatal(err)
			}
		}
		if strings.Join(kept, " ") != strings.Join(want, " ") {
			t.Errorf("kept %q, want %q", kept, want)
		}
	})
}

// contrib's own recovery tells the client what went wrong, and prints to stderr.
func TestPanicsStayInside(t *testing.T) {
	var said bytes.Buffer
	h := open(t, Options{Log: slog.New(slog.NewTextHandler(&said, nil))})
	h.ask = func(context.Context, *chair, string, string) (wire.Asked, error) { panic("a secret") }
	c, chair := h.opensPlain()
	other, _ := h.seats(wire.Plain, "jon")
	c.says(`{"event":"send_message","id":"9","data":{"message_id":"m","text":"x"}}`)
	for _, text := range c.closedWith(closeBroken) {
		if strings.Contains(text, "secret") {
			t.Errorf("the client reads %s", text)
		}
	}
	chair.does("lost")
	if _, _, err := other.SyncClock(within(t)); err != nil {
		t.Errorf("another line suffers: %v", err)
	}
	if err := h.server.Close(within(t)); err != nil {
		t.Fatal(err)
	}
	if log := said.String(); !strings.Contains(log, "a secret") || !strings.Contains(log, "participant=mara") {
		t.Errorf("the log says %q", log)
	}
}

func TestCloseTurnsEveryoneAway(t *testing.T) {
	h := open(t, Options{})
	asking := make(chan struct{})
	h.ask = func(ctx context.Context, _ *chair, _, _ string) (wire.Asked, error) {
		close(asking)
		<-ctx.Done()
		return wire.Asked{}, ctx.Err()
	}
	var clients []*wireclient.Client
	var chairs []*chair
	for i := range 6 {
		c, chair := h.seats(bothCodecs[i%2], fmt.Sprint("p", i))
		clients, chairs = append(clients, c), append(chairs, chair)
	}
	idle := h.dial(wire.Plain) // did not join
	go clients[0].Ask(within(t), "m", "x")
	<-asking

	if err := h.server.Close(within(t)); err != nil {
		t.Fatal(err)
	}
	for _, c := range append(clients, idle) {
		ended(t, c, wire.CloseGoingAway)
	}
	for _, c := range chairs {
		c.does("lost")
	}
	for _, codec := range bothCodecs {
		_, err := wireclient.Dial(within(t), h.url, codec)
		var refusal *wireclient.Refusal
		if !errors.As(err, &refusal) || refusal.Status != http.StatusServiceUnavailable {
			t.Errorf("a closed server answers %v, want 503", err)
		}
	}
	nothingRuns(t, "seance/relay/ws.(*")
}

// Whoever does not answer the goodbye is cut when there is no more time.
func TestCloseDoesNotWaitForever(t *testing.T) {
	h := open(t, Options{Limits: Limits{Goodbye: time.Hour}})
	c, chair := h.opensPlain()
	stalls(t, c.Net)
	for range 20 {
		chair.seat.Send(big(t, 1, 20_000))
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	begun := time.Now()
	if err := h.server.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("closed with %v, want the deadline", err)
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
	chair.does("lost")
	nothingRuns(t, "seance/relay/ws.(*")
}

// Lines that end leave nothing running, whatever was on its way to them.
func TestLinesLeaveNothingRunning(t *testing.T) {
	h := open(t, Options{Limits: Limits{Goodbye: 50 * time.Millisecond}})
	for i := range 20 {
		c, chair := h.opensPlain()
		stalls(t, c.Net)
		for chair.seat.Send(big(t, i, 20_000)) {
			if i%2 == 0 && chair.seat.(*seat).line.out.waiting() > 0 {
				break // half of them are cut with frames waiting
			}
		}
		c.Close()
		chair.does("lost")
	}
	nothingRuns(t, "ws.(*outbox)")
	nothingRuns(t, "ws.(*line)")
	if n := len(h.server.snapshot(nil)); n != 0 {
		t.Errorf("%d lines are still counted", n)
	}
}

// nothingRuns waits for the last returns of what has been waited for already: a goroutine that said it was done may still
// have its own end to reach.
func nothingRuns(t *testing.T, name string) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for goroutines(name) != "" {
		if time.Now().After(deadline) {
			t.Fatalf("still running:\n%s", goroutines(name))
		}
		<-time.After(time.Millisecond)
	}
}

// goroutines lists the stacks that are inside the named code, but for this goroutine's.
func goroutines(name string) string {
	b := make([]byte, 4<<20)
	b = b[:runtime.Stack(b, true)]
	var found []string
	for i, stack := range strings.Split(string(b), "\n\n") {
		if i > 0 && strings.Contains(stack, name) && !strings.Contains(stack, "testing.tRunner") {
			found = append(found, stack)
		}
	}
	return strings.Join(found, "\n\n")
}

// openTLS serves over TLS, where the descriptor is not ours to write to.
func openTLS(t *testing.T, o Options) (*house, wireclient.Dialer) {
	t.Helper()
	lent := httptest.NewTLSServer(nil) // for its certificate
	defer lent.Close()
	roots := x509.NewCertPool()
	roots.AddCert(lent.Certificate())
	ln := tls.NewListener(listen(t), &tls.Config{Certificates: lent.TLS.Certificates})
	return openOn(t, o, ln, "https"), wireclient.Dialer{TLS: &tls.Config{RootCAs: roots, ServerName: "127.0.0.1"}}
}

func TestPlayOverTLS(t *testing.T) {
	h, dialer := openTLS(t, Options{})
	for _, codec := range bothCodecs {
		c, err := dialer.Dial(within(t), h.url, codec)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Join(within(t), "raven/mara", nil); err != nil {
			t.Fatal(err)
		}
		chair := <-h.arrived
		for i := range int64(100) {
			if !chair.seat.Send(hush(t, i)) {
				t.Fatal("the seat was given up")
			}
		}
		for i := range 100 {
			if ev := next(t, c); string(ev.Data) != fmt.Sprintf(`{"ms":%d}`, i) {
				t.Fatalf("event %d is %s", i, ev.Data)
			}
		}
		chair.seat.Close(wire.CloseKicked)
		ended(t, c, wire.CloseKicked)
	}
}
