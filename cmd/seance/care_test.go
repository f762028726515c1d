package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"seance/internal/bench"
	"seance/internal/wireclient"
	"seance/relay/wire"
)

// What is no game reaches the asker's screen alone. The other board sees the candles gutter, and nothing of what was
// written is in the history, the transcript, the log, or any file that the program keeps.
func TestCareIsForTheAskerAlone(t *testing.T) {
	data := t.TempDir()
	server := started(t, bench.ServerOptions{Data: data, Env: []string{"SEANCE_TEMPO=0.05", "SEANCE_LOG_LEVEL=debug"}})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()

	var mara, jun place
	if err := rest(ctx, http.MethodPost, server.Address+"/api/sessions", "", `{"host_name":"Mara"}`, &mara); err != nil {
		t.Fatal(err)
	}
	if err := rest(ctx, http.MethodPost, server.Address+"/api/sessions/"+mara.Session.Code+"/join", "", `{"name":"Jun"}`, &jun); err != nil {
		t.Fatal(err)
	}
	asker, other := seated(ctx, t, server.Address, mara, wire.SocketIO), seated(ctx, t, server.Address, jun, wire.Plain)

	cries := []string{"i want to kms tonight", "ich will mich heute umbringen", "je veux me suicider ce soir", "quiero matarme esta noche"}
	for i, cry := range cries {
		asked, err := asker.Ask(ctx, fmt.Sprintf("cry-%d", i), cry)
		if err != nil || !asked.Care || asked.Seq != 0 {
			t.Errorf("%q is acknowledged as %+v, %v, want care and no seq", cry, asked, err)
		}
		var card wire.Care
		if err := json.Unmarshal(heard(ctx, t, asker, wire.EventCare, nil).Data, &card); err != nil || card.Text == "" || len(card.Lines) == 0 {
			t.Errorf("%q brings the card %+v, %v", cry, card, err)
		}
		heard(ctx, t, other, wire.EventHush, []string{wire.EventCare, wire.EventQuestionAsked, wire.EventSpiritThinking})
	}

	// The ghost's own death is a question like any other, and the first that is kept.
	asked, err := asker.Ask(ctx, "ghost", "Was it suicide?")
	if err != nil || asked.Care || asked.Seq != 1 {
		t.Errorf("a question to the ghost is acknowledged as %+v, %v, want seq 1", asked, err)
	}
	heard(ctx, t, other, wire.EventSpiritResponse, []string{wire.EventCare, wire.EventHush})

	var told strings.Builder
	for _, path := range []string{"/history?limit=200", "/transcript?format=md", "/transcript?format=txt", "/transcript?format=json"} {
		told.WriteString(read(ctx, t, server.Address+"/api/sessions/"+mara.Session.Code+path, jun.Token))
	}
	if !strings.Contains(told.String(), "Was it suicide?") {
		t.Errorf("the record does not hold what was asked:\n%s", told.String())
	}
	asker.Cut()
	other.Cut()
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	faultless(t, server.Log())

	kept := []byte(told.String() + server.Log())
	err = filepath.WalkDir(data, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		kept = append(kept, raw...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, cry := range cries {
		if bytes.Contains(bytes.ToLower(kept), []byte(cry)) {
			t.Errorf("%q is kept somewhere", cry)
		}
	}
}

// seated is somebody's board, joined.
func seated(ctx context.Context, t *testing.T, url string, p place, codec wire.Codec) *wireclient.Client {
	t.Helper()
	client, err := wireclient.Dial(ctx, url, codec)
	if err == nil {
		_, err = client.Join(ctx, p.Token, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// heard is the next event of a name that a board hears; none of the others may come before it.
func heard(ctx context.Context, t *testing.T, client *wireclient.Client, name string, others []string) wireclient.Event {
	t.Helper()
	for {
		select {
		case ev, ok := <-client.Events():
			if !ok {
				t.Fatalf("the line ended before %s: %d, %v", name, client.CloseCode(), client.Err())
			}
			for _, o := range others {
				if ev.Name == o {
					t.Errorf("a board hears %s %s, before %s", ev.Name, ev.Data, name)
				}
			}
			if ev.Name == name {
				return ev
			}
		case <-ctx.Done():
			t.Fatalf("no %s came: %v", name, context.Cause(ctx))
		}
	}
}

// read is what a page says.
func read(ctx context.Context, t *testing.T, url, token string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = errors.New(res.Status)
	}
	if err != nil {
		t.Fatalf("%s: %v %s", url, err, raw)
	}
	return string(raw)
}
