package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"seance/internal/wireclient"
	"seance/relay/wire"
)

// An open house is `serve` in this process.
type openHouse struct {
	url  string
	code string // of the session that was opened last
	stop context.CancelFunc
	done <-chan error
}

func serve(t *testing.T, c *config) *openHouse {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	greeting, says := io.Pipe()
	h := &openHouse{stop: stop, done: begin(func() error {
		defer says.Close()
		return run(ctx, c, slog.New(slog.DiscardHandler), says, "test")
	})}
	lines := bufio.NewScanner(greeting)
	for lines.Scan() {
		if _, url, ok := strings.Cut(lines.Text(), "On this machine"); ok {
			h.url = strings.TrimSpace(url)
		}
		if strings.Contains(lines.Text(), "Ctrl-C") {
			break
		}
	}
	go io.Copy(io.Discard, greeting) // ends as run does
	if h.url == "" {
		stop()
		t.Fatalf("the house did not open: %v", <-h.done)
	}
	return h
}

func (h *openHouse) close(t *testing.T) {
	t.Helper()
	began := time.Now()
	h.stop()
	select {
	case err := <-h.done:
		if err != nil {
			t.Errorf("closing: %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the house does not close")
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("closing took %s", took)
	}
}

// host opens a session as Ann.
func (h *openHouse) host(t *testing.T) (token string) {
	t.Helper()
	res, err := http.Post(h.url+"/api/sessions", "application/json", strings.NewReader(`{"host_name":"Ann"}`))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var answer struct {
		Data struct {
			Session struct{ Code string }
			Token   string
		}
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || answer.Data.Token == "" {
		t.Fatalf("begin: %d %v", res.StatusCode, err)
	}
	h.code = answer.Data.Session.Code
	return answer.Data.Token
}

// call makes a request about the session, and returns what a success says.
func (h *openHouse) call(t *testing.T, method, path, token string) string {
	t.Helper()
	req, err := http.NewRequest(method, h.url+"/api/sessions/"+h.code+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %d %s %v", method, path, res.StatusCode, body, err)
	}
	return string(body)
}

// Boards are told to come back, and what was acknowledged before is answered, once, after the house has opened again.
func TestClosingLosesNothing(t *testing.T) {
	for _, codec := range []wire.Codec{wire.Plain, wire.SocketIO} {
		t.Run(codec.String(), func(t *testing.T) {
			cfg, err := bound(t, map[string]string{
				"SEANCE_ADDR": "127.0.0.1:0", "SEANCE_DATA": t.TempDir(), "SEANCE_TEMPO": "0.1", "SEANCE_HOOKS": "off",
			})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()

			house := serve(t, cfg)
			token := house.host(t)
			board := sit(ctx, t, house.url, codec, token, nil)
			asked, err := board.Ask(ctx, "0190a1b2-0000-7000-8000-000000000001", "Who is there?")
			if err != nil || asked.Seq != 1 {
				t.Fatalf("asking: %+v %v", asked, err)
			}
			house.close(t)
			<-board.Done()
			if code := board.CloseCode(); code != int(wire.CloseGoingAway) {
				t.Errorf("the board is closed with %d, want %d", code, wire.CloseGoingAway)
			}

			code := house.code
			house = serve(t, cfg)
			house.code = code
			defer house.close(t)
			since := uint64(0)
			board = sit(ctx, t, house.url, codec, token, &since)
			defer board.Cut()
			for event := range board.Events() {
				if event.Name == wire.EventSpiritResponse {
					break
				}
			}
			if history := house.call(t, http.MethodGet, "/history", token); strings.Count(history, `"event":"spirit_response"`) != 1 {
				t.Errorf("want one answer in %s", history)
			}
		})
	}
}

// The host's word over REST reaches every board.
func TestEndReachesBoards(t *testing.T) {
	cfg, err := bound(t, map[string]string{"SEANCE_ADDR": "127.0.0.1:0", "SEANCE_DATA": t.TempDir(), "SEANCE_HOOKS": "off"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	house := serve(t, cfg)
	defer house.close(t)
	token := house.host(t)
	board := sit(ctx, t, house.url, wire.Plain, token, nil)
	house.call(t, http.MethodDelete, "", token)
	var last string
	for event := range board.Events() {
		last = event.Name
	}
	if code := board.CloseCode(); last != wire.EventSessionEnded || code != int(wire.CloseEnded) {
		t.Errorf("the board last heard %q and was closed with %d", last, code)
	}
}

func sit(ctx context.Context, t *testing.T, url string, codec wire.Codec, token string, since *uint64) *wireclient.Client {
	t.Helper()
	board, err := wireclient.Dial(ctx, url, codec)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := board.Join(ctx, token, since); err != nil {
		t.Fatal(err)
	}
	return board
}
