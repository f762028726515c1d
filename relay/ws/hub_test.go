package ws_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"slices"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

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

// A board of each codec plays one question on a real hub; a third comes back and misses nothing.
func TestTwoCodecsOneTable(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	store := inmem.New()
	session := seance.Session{ID: "s1", Code: "RAVEN-417", Spirit: "morgan", Settings: seance.DefaultSettings(), StartedAt: time.Now()}
	if err := store.OpenSession(ctx, session); err != nil {
		t.Fatal(err)
	}
	keys, err := token.New(token.Options{Secret: bytes.Repeat([]byte("k"), 32)})
	if err != nil {
		t.Fatal(err)
	}
	tokens := map[string]string{}
	for name, role := range map[string]seance.Role{"mara": seance.Host, "jon": seance.Player, "zoe": seance.Spectator} {
		p, err := store.Enrol(ctx, seance.Participant{ID: seance.ParticipantID(name), Session: "s1", Name: name, Role: role})
		if err != nil {
			t.Fatal(err)
		}
		if tokens[name], err = keys.Issue(token.Claims{Session: "s1", Participant: p.ID, Role: role}, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	hub := relay.NewHub(relay.Options{Journal: store, Register: store, Watch: store, Broker: broker.NewMemory(), Medium: yes{}, Tempo: 0.1})
	hubCtx, stop := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- hub.Run(hubCtx) }()

	app := fiber.New(fiber.Config{DisableStartupMessage: true, Immutable: true})
	server := ws.Mount(app, ws.Options{Hub: hub, Tokens: keys})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- app.Listener(ln) }()
	url := "http://" + ln.Addr().String()
	dial := func(codec wire.Codec) *wireclient.Client {
		t.Helper()
		c, err := wireclient.Dial(ctx, url, codec)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}

	mara, jon, zoe := dial(wire.SocketIO), dial(wire.Plain), dial(wire.SocketIO)
	for who, c := range map[string]*wireclient.Client{"mara": mara, "jon": jon} {
		if _, err := c.Join(ctx, tokens[who], nil); err != nil {
			t.Fatal(err)
		}
	}
	asked, err := jon.Ask(ctx, "7b1c9f0e-5a51-4d0c-9a55-2f6d3f1f9a10", "Will it snow?")
	if err != nil || asked.Seq != 1 {
		t.Fatalf("asked: %+v, %v", asked, err)
	}
	again, err := jon.Ask(ctx, "7b1c9f0e-5a51-4d0c-9a55-2f6d3f1f9a10", "Will it snow?")
	if err != nil || again != asked {
		t.Errorf("asked twice: %+v, %v", again, err)
	}
	want := []string{"question_asked 1", "spirit_response 2", "spirit_whisper 3"}
	for _, c := range []*wireclient.Client{mara, jon} {
		if got := kept(ctx, c, len(want)); !slices.Equal(got, want) {
			t.Errorf("a board reads %q, want %q", got, want)
		}
	}
	since := uint64(1)
	w, err := zoe.Join(ctx, tokens["zoe"], &since)
	if err != nil || w.Seq != 3 || !w.Recovered || w.Session.Participants != 2 || len(w.Participants) != 3 {
		t.Errorf("came back to %+v, %v", w, err)
	}
	if got := kept(ctx, zoe, 2); !slices.Equal(got, want[1:]) {
		t.Errorf("who came back reads %q, want %q", got, want[1:])
	}
	var refusal *wire.Error
	if _, err := zoe.Ask(ctx, "m", "May I?"); !errors.As(err, &refusal) || refusal.Code != wire.CodeForbidden {
		t.Errorf("a spectator asked: %v", err)
	}

	if err := hub.End(ctx, "s1", seance.EndedByHost); err != nil {
		t.Fatal(err)
	}
	for _, c := range []*wireclient.Client{mara, jon, zoe} {
		if got := kept(ctx, c, 1); !slices.Equal(got, []string{"session_ended 4"}) {
			t.Errorf("at the end a board reads %q", got)
		}
		<-c.Done()
		if got := wire.CloseCode(c.CloseCode()); got != wire.CloseEnded {
			t.Errorf("closed with %d, want %d", got, wire.CloseEnded)
		}
	}
	stop()
	if err := <-ran; err != nil {
		t.Error(err)
	}
	if err := server.Close(ctx); err != nil {
		t.Error(err)
	}
	if err := app.Shutdown(); err != nil {
		t.Error(err)
	}
	if err := <-served; err != nil {
		t.Error(err)
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
