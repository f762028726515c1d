package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"seance/internal/bench"
	"seance/internal/seance"
	"seance/relay/wire"
)

// Somebody agrees to be remembered, asks, comes back, is noted of, rated and summed up, and has it all forgotten: then
// no file of the house has their name or their words in it, no search finds them, and the board that was open all the
// while is told to take them off the screen. So it is when another process forgets them.
func TestForgottenByTheWholeProgram(t *testing.T) {
	for _, way := range []string{"by the board", "by another process"} {
		t.Run(way, func(t *testing.T) {
			data := t.TempDir()
			server := started(t, bench.ServerOptions{Data: data, Env: []string{"SEANCE_TEMPO=0.05", "SEANCE_LOG_LEVEL=debug"}})
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			api := server.Address + "/api/"
			var first, again, bob place
			var made struct{ Soul string }
			calls(ctx, t, "POST", api+"sessions", "", `{"host_name":"Quillfeather"}`, &first)
			calls(ctx, t, "POST", api+"soul", first.Token, "", &made)
			calls(ctx, t, "POST", api+"sessions/"+first.Session.Code+"/join", "", `{"name":"Bob"}`, &bob)
			calls(ctx, t, "POST", api+"sessions", "", `{"host_name":"Quillfeather","soul":"`+made.Soul+`"}`, &again)
			hers, his := seated(ctx, t, server.Address, first, wire.Plain), seated(ctx, t, server.Address, bob, wire.SocketIO)
			if _, err := hers.Ask(ctx, "m1", "Where did Quillfeather hide the zanzibarite?"); err != nil {
				t.Fatal(err)
			}
			var answer wire.SpiritResponse
			if err := json.Unmarshal(heard(ctx, t, his, wire.EventSpiritResponse, nil).Data, &answer); err != nil {
				t.Fatal(err)
			}
			if _, err := his.Call(ctx, wire.CallRate, map[string]any{"seq": answer.Seq, "value": 5}); err != nil {
				t.Fatal(err)
			}
			house := func(args ...string) string { return agent(ctx, t, data, args...) }
			var known struct {
				Participants []struct {
					ID string `json:"participant_id"`
				}
			}
			if err := json.Unmarshal([]byte(house("participants", "find_participants", "query=quill")), &known); err != nil || len(known.Participants) != 1 {
				t.Fatalf("known are %+v (%v)", known, err)
			}
			who := known.Participants[0].ID
			house("participants", "note_participant", "note_id=n1", "participant_id="+who, "text=Collects zanzibarite.")
			house("memory", "store_recap", "seance_id="+first.Session.Code, "up_to_seq=2", "text=Quillfeather looked for zanzibarite.")
			house("memory", "pin_fact", "seance_id="+first.Session.Code, "text=Quillfeather has zanzibarite.")
			for _, word := range []string{"quillfeather", "zanzibarite"} {
				if holding(t, data, word) == "" {
					t.Fatalf("%q is in no file: this test shows nothing", word)
				}
			}

			if way == "by the board" {
				calls(ctx, t, http.MethodDelete, api+"soul", first.Token, "", &struct{}{})
			} else {
				house("participants", "forget_participant", "participant_id="+who, "confirm=Quillfeather")
			}
			var erased wire.MessagesErased
			if err := json.Unmarshal(heard(ctx, t, his, wire.EventMessagesErased, nil).Data, &erased); err != nil {
				t.Fatal(err)
			}
			if len(erased.Seqs) < 2 || len(erased.ParticipantIDs) != 1 || string(erased.ParticipantIDs[0]) != first.Participant.ID {
				t.Errorf("boards are told %+v", erased)
			}
			left := house("memory", "search_memory", "query=zanzibarite") + house("participants", "find_participants") +
				house("memory", "recall_turns", "seance_id="+first.Session.Code) + house("analytics", "list_responses")
			var page struct{ Messages []json.RawMessage }
			calls(ctx, t, "GET", api+"sessions/"+first.Session.Code+"/history", bob.Token, "", &page)
			for _, m := range page.Messages {
				left += string(m)
			}
			for _, word := range []string{"quillfeather", "zanzibarite", made.Soul} {
				if name := holding(t, data, word); name != "" {
					t.Errorf("%q is still in %s", word, name)
				}
				if strings.Contains(strings.ToLower(left), strings.ToLower(word)) {
					t.Errorf("%q is still told: %s", word, left)
				}
			}
			if _, err := hers.Ask(ctx, "m2", "Who am I?"); err != nil { // she sits there still
				t.Error(err)
			}
			var asked wire.QuestionAsked
			if err := json.Unmarshal(heard(ctx, t, his, wire.EventQuestionAsked, nil).Data, &asked); err != nil || asked.Participant.Name != seance.Nameless {
				t.Errorf("who asks now is %q (%v)", asked.Participant.Name, err)
			}
			hers.Cut()
			his.Cut()
			if err := server.Stop(); err != nil {
				t.Error(err)
			}
			for _, word := range []string{"quillfeather", "zanzibarite", made.Soul} {
				if name := holding(t, data, word); name != "" {
					t.Errorf("after the end %q is in %s", word, name)
				}
			}
		})
	}
}

// calls is rest that is expected to work.
func calls(ctx context.Context, t *testing.T, method, url, token, body string, out any) {
	t.Helper()
	if err := rest(ctx, method, url, token, body, out); err != nil {
		t.Fatal(err)
	}
}

// agent calls a tool as an agent's process does, beside the program that serves.
func agent(ctx context.Context, t *testing.T, data string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(ctx, program(t), append([]string{"mcp", "call", "--data", data}, args...)...)
	cmd.Dir, cmd.Env = data, []string{"PATH=" + os.Getenv("PATH"), "HOME=" + data, "SEANCE_KIRO_USER=off"}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%q: %v %s", args, err, stderr.String())
	}
	return string(out)
}

// holding names a file below a folder that holds a word, in any case: the log of the program among them.
func holding(t *testing.T, folder, word string) (found string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(folder), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		raw, err := os.ReadFile(filepath.Join(folder, name))
		if bytes.Contains(bytes.ToLower(raw), []byte(strings.ToLower(word))) {
			found = name
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
