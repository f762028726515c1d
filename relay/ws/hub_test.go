package ws_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"net"
	"slices"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/go-cmp/cmp"

	"seance/internal/broker"
	"seance/internal/seance"
	"seance/internal/store/inmem"
	"seance/internal/token"
	"seance/internal/wireclient"
	"seance/relay"
	"seance/relay/wire"
	"seance/relay/ws"
)

// yes is a spirit of one word.
type yes struct{}

func (yes) Admit(_ context.Context, q seance.Question) (seance.Admission, error) {
	return seance.Admission{Text: q.Message.Text}, nil
}

func (yes) Answer(_ context.Context, _ seance.Question, say func(seance.Part) error) error {
	if err := say(seance.Part{Kind: seance.PartBoard, Text: "YES", Source: seance.SourceOracle}); err != nil {
		return err
	}
	return say(seance.Part{Kind: seance.PartWhisper, Text: "We heard you."})
}

// A sitting is a table on a real hub, reached over real sockets.
type sitting struct {
	t      *testing.T
	store  *inmem.Store
	hub    *relay.Hub
	url    string
	tokens map[string]string
}

// sits opens a table for Mara (host), Jon (player) and Zoe (spectator), and more players.
func sits(t *testing.T, tempo float64, more ...string) *sitting {
	s := &sitting{t: t, store: inmem.New(), tokens: map[string]string{}}
	ctx := s.within()
	session := seance.Session{ID: "s1", Code: "RAVEN-417", Spirit: "morgan", Settings: seance.DefaultSettings(), StartedAt: time.Now()}
	if err := s.store.OpenSession(ctx, session); err != nil {
		t.Fatal(err)
	}
	keys, err := token.New(token.Options{Secret: bytes.Repeat([]byte("k"), 32)})
	if err != nil {
		t.Fatal(err)
	}
	people := []seance.Participant{
		{ID: "mara", Role: seance.Host}, {ID: "jon", Role: seance.Player}, {ID: "zoe", Role: seance.Spectator},
	}
	for _, name := range more {
		people = append(people, seance.Participant{ID: seance.ParticipantID(name), Role: seance.Player})
	}
	for _, who := range people {
		who.Session, who.Name = "s1", string(who.ID)
		if _, err := s.store.Enrol(ctx, who); err != nil {
			t.Fatal(err)
		}
		if s.tokens[who.Name], err = keys.Issue(token.Claims{Session: "s1", Participant: who.ID, Role: who.Role}, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	s.hub = relay.NewHub(relay.Options{
		Journal: s.store, Register: s.store, Ratings: s.store, Watch: s.store, Broker: broker.NewMemory(), Medium: yes{}, Tempo: tempo,
	})
	hubCtx, stop := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- s.hub.Run(hubCtx) }()
	app := fiber.New(fiber.Config{DisableStartupMessage: true, Immutable: true})
	server := ws.Mount(app, ws.Options{Hub: s.hub, Tokens: keys})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- app.Listener(ln) }()
	s.url = "http://" + ln.Addr().String()
	t.Cleanup(func() {
		stop()
		if err := <-ran; err != nil {
			t.Error(err)
		}
		if err := server.Close(context.Background()); err != nil {
			t.Error(err)
		}
		if err := app.Shutdown(); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return s
}

// within is how long anything may take.
func (s *sitting) within() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	s.t.Cleanup(cancel)
	return ctx
}

func (s *sitting) dial(codec wire.Codec) *wireclient.Client {
	s.t.Helper()
	c, err := wireclient.Dial(s.within(), s.url, codec)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// joins takes a seat.
func (s *sitting) joins(who string, codec wire.Codec) *wireclient.Client {
	s.t.Helper()
	c := s.dial(codec)
	if _, err := c.Join(s.within(), s.tokens[who], nil); err != nil {
		s.t.Fatal(err)
	}
	return c
}

// A board of each codec plays one question on a real hub; a third comes back and misses nothing.
func TestTwoCodecsOneTable(t *testing.T) {
	s := sits(t, 0.1)
	mara, jon, zoe := s.joins("mara", wire.SocketIO), s.joins("jon", wire.Plain), s.dial(wire.SocketIO)
	asked, err := jon.Ask(s.within(), "7b1c9f0e-5a51-4d0c-9a55-2f6d3f1f9a10", "Will it snow?")
	if err != nil || asked.Seq != 1 {
		t.Fatalf("asked: %+v, %v", asked, err)
	}
	again, err := jon.Ask(s.within(), "7b1c9f0e-5a51-4d0c-9a55-2f6d3f1f9a10", "Will it snow?")
	if err != nil || again != asked {
		t.Errorf("asked twice: %+v, %v", again, err)
	}
	want := []string{"question_asked 1", "spirit_response 2", "spirit_whisper 3"}
	for _, c := range []*wireclient.Client{mara, jon} {
		if got := kept(s.within(), c, len(want)); !slices.Equal(got, want) {
			t.Errorf("a board reads %q, want %q", got, want)
		}
	}
	since := uint64(1)
	w, err := zoe.Join(s.within(), s.tokens["zoe"], &since)
	if err != nil || w.Seq != 3 || !w.Recovered || w.Session.Participants != 2 || len(w.Participants) != 3 {
		t.Errorf("came back to %+v, %v", w, err)
	}
	if got := kept(s.within(), zoe, 2); !slices.Equal(got, want[1:]) {
		t.Errorf("who came back reads %q, want %q", got, want[1:])
	}

	if err := s.hub.End(s.within(), "s1", seance.EndedByHost); err != nil {
		t.Fatal(err)
	}
	for _, c := range []*wireclient.Client{mara, jon, zoe} {
		if got := kept(s.within(), c, 1); !slices.Equal(got, []string{"session_ended 4"}) {
			t.Errorf("at the end a board reads %q", got)
		}
		<-c.Done()
		if got := wire.CloseCode(c.CloseCode()); got != wire.CloseEnded {
			t.Errorf("closed with %d, want %d", got, wire.CloseEnded)
		}
	}
}

func TestSpectatorsOnlyWatch(t *testing.T) {
	s := sits(t, 0.1)
	inBothCodecs(t, func(t *testing.T, codec wire.Codec) {
		zoe := s.joins("zoe", codec)
		for _, call := range []struct{ event, data string }{
			{wire.CallSend, `{"message_id":"m","text":"May I?"}`},
			{wire.CallType, `{"typing":true}`},
			{wire.CallHand, `{"x":500,"y":360}`},
			{wire.CallHand, `{"lifted":true}`},
			{wire.CallRate, `{"seq":1,"value":5}`},
		} {
			_, err := zoe.Call(s.within(), call.event, json.RawMessage(call.data))
			var refusal *wire.Error
			if !errors.As(err, &refusal) || refusal.Code != wire.CodeForbidden {
				t.Errorf("%s %s: %v, want forbidden", call.event, call.data, err)
			}
		}
	})
}

// Two hands between answers move the planchette on both screens alike.
func TestTwoHandsOnTwoScreens(t *testing.T) {
	s := sits(t, 0.1)
	mara, jon := s.joins("mara", wire.SocketIO), s.joins("jon", wire.Plain)
	boards := []*wireclient.Client{mara, jon}
	for range 12 {
		for i, c := range boards {
			if err := c.Send(wire.CallHand, json.RawMessage([]string{`{"x":300,"y":200}`, `{"x":310,"y":210}`}[i])); err != nil {
				t.Fatal(err)
			}
		}
		<-time.After(70 * time.Millisecond)
	}
	if _, err := mara.Call(s.within(), wire.CallHand, json.RawMessage(`{"lifted":true}`)); err != nil {
		t.Error(err)
	}
	var screens [2][]wire.Hands
	for i, c := range boards {
		for len(screens[i]) < 10 {
			ev := next(s.within(), t, c, wire.EventHands)
			var h wire.Hands
			if err := json.Unmarshal(ev.Data, &h); err != nil {
				t.Fatal(err)
			}
			screens[i] = append(screens[i], h)
		}
	}
	if diff := cmp.Diff(screens[0], screens[1]); diff != "" {
		t.Errorf("two boards show different hands:\n%s", diff)
	}
	first, last := screens[0][0], screens[0][9]
	if first.P != [2]int{500, 360} || last.P[0] > 480 || last.P[1] > 350 || len(last.H) != 2 {
		t.Errorf("two hands at (300,200) bring the planchette from %+v to %+v", first, last)
	}
	if took := last.T - first.T; took < 500 { // a busy machine may skip some
		t.Errorf("ten frames within %d ms, want 600 or more: 15 a second at most", took)
	}
}

// Twelve people pull away from the answer with all their might: it is bent, and reached.
func TestTwelvePullAway(t *testing.T) {
	names := []string{"p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9", "p10", "p11", "p12"}
	s := sits(t, 1, names...)
	mara := s.joins("mara", wire.SocketIO)
	var boards []*wireclient.Client
	for i, name := range names {
		boards = append(boards, s.joins(name, []wire.Codec{wire.Plain, wire.SocketIO}[i%2]))
	}
	if _, err := mara.Ask(s.within(), "m1", "Will it snow?"); err != nil {
		t.Fatal(err)
	}
	var answer wire.SpiritResponse
	if err := json.Unmarshal(next(s.within(), t, mara, wire.EventSpiritResponse).Data, &answer); err != nil {
		t.Fatal(err)
	}
	yes := answer.Score.Stops[0]
	arrive := answer.Score.StartsAt + int64(yes.At)
	leave := arrive + int64(yes.Hold)
	for time.Now().UnixMilli() < leave {
		for _, c := range boards {
			if err := c.Send(wire.CallHand, json.RawMessage(`{"x":1000,"y":620}`)); err != nil { // YES is at the other end
				t.Fatal(err)
			}
		}
		<-time.After(70 * time.Millisecond)
	}
	held, bent := 0, 0.0 // a busy machine may skip some frames, not all
	for {
		var h wire.Hands
		if err := json.Unmarshal(next(s.within(), t, mara, wire.EventHands).Data, &h); err != nil {
			t.Fatal(err)
		}
		if h.T >= leave {
			break
		}
		off := math.Hypot(float64(h.P[0]), float64(h.P[1]))
		if h.T >= arrive && len(h.H) == 12 {
			held, bent = held+1, max(bent, off)
			if off > 20 {
				t.Errorf("%d ms after it arrived at YES it is %.0f bu off, want 20 at most", h.T-arrive, off)
			}
		}
	}
	if held == 0 || bent < 10 {
		t.Errorf("%d frames of twelve hands while YES is held for %d ms, bent by %.0f bu, want 10 or more", held, yes.Hold, bent)
	}
}

func TestKickedOverRealSockets(t *testing.T) {
	s := sits(t, 0.1)
	mara, jon, other := s.joins("mara", wire.SocketIO), s.joins("jon", wire.Plain), s.joins("jon", wire.SocketIO)
	if err := s.hub.Kick(s.within(), "s1", "jon"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []*wireclient.Client{jon, other} {
		<-c.Done()
		if got := wire.CloseCode(c.CloseCode()); got != wire.CloseKicked {
			t.Errorf("closed with %d, want %d", got, wire.CloseKicked)
		}
	}
	if ev := next(s.within(), t, mara, wire.EventUserLeft); string(ev.Data) != `{"participant_id":"jon","reason":"kicked","count":1}` {
		t.Errorf("the others see %s", ev.Data)
	}
	back := s.dial(wire.Plain)
	_, err := back.Join(s.within(), s.tokens["jon"], nil)
	var refusal *wire.Error
	if !errors.As(err, &refusal) || refusal.Code != wire.CodeForbidden {
		t.Errorf("coming back: %v, want forbidden", err)
	}
	<-back.Done()
	if got := wire.CloseCode(back.CloseCode()); got != wire.CloseKicked {
		t.Errorf("closed with %d, want %d", got, wire.CloseKicked)
	}
}

func TestRatingOverRealSockets(t *testing.T) {
	s := sits(t, 0.1)
	jon := s.joins("jon", wire.Plain)
	if _, err := jon.Ask(s.within(), "m1", "Will it snow?"); err != nil {
		t.Fatal(err)
	}
	kept(s.within(), jon, 2)
	for _, stars := range []string{"2", "5"} {
		if _, err := jon.Call(s.within(), wire.CallRate, json.RawMessage(`{"seq":2,"value":`+stars+`}`)); err != nil {
			t.Errorf("rate: %v", err)
		}
	}
	got, err := s.store.Ratings(s.within(), "s1")
	if err != nil || len(got) != 1 || got[0].Value != 5 || got[0].Seq != 2 || got[0].Participant != "jon" {
		t.Errorf("the store holds %+v, %v", got, err)
	}
}

func inBothCodecs(t *testing.T, story func(*testing.T, wire.Codec)) {
	for _, codec := range []wire.Codec{wire.Plain, wire.SocketIO} {
		t.Run(codec.String(), func(t *testing.T) { story(t, codec) })
	}
}

// next takes events up to the next one of a name.
func next(ctx context.Context, t *testing.T, c *wireclient.Client, name string) wireclient.Event {
	t.Helper()
	for {
		select {
		case ev, ok := <-c.Events():
			if !ok {
				t.Fatalf("closed with %d before %s", c.CloseCode(), name)
			}
			if ev.Name == name {
				return ev
			}
		case <-ctx.Done():
			t.Fatalf("no %s", name)
		}
	}
}

// kept takes the next n events that have a seq.
func kept(ctx context.Context, c *wireclient.Client, n int) (names []string) {
	for len(names) < n {
		select {
		case ev, ok := <-c.Events():
			if !ok {
				return append(names, "the end")
			}
			var data struct{ Seq json.Number }
			if json.Unmarshal(ev.Data, &data) == nil && data.Seq != "" {
				names = append(names, ev.Name+" "+data.Seq.String())
			}
		case <-ctx.Done():
			return append(names, "nothing more")
		}
	}
	return names
}
