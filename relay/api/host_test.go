package api

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"seance/internal/seance"
	"seance/relay/wire"
)

func TestAmend(t *testing.T) {
	var tb *table
	h := open(t, func(o *Options) { tb = o.Hub.(*table) })
	ann := h.begin("")
	path := "/api/sessions/" + ann.Session.Code
	want := ann.Session
	hash := ""
	for _, step := range []struct {
		name, body string
		change     func()
	}{
		{"nothing", `{}`, func() {}},
		{"nothing said", `{"locked": null, "settings": null}`, func() {}},
		{"lock", `{"locked": true}`, func() { want.Locked = true }},
		{"one setting", `{"settings": {"tone": "adult"}}`, func() { want.Settings.Tone = seance.Adult }},
		{"another", `{"settings": {"whose_hand": false}, "unknown": 1}`, func() { want.Settings.WhoseHand = false }},
		{"both", `{"locked": false, "settings": {"spelling": "full"}}`, func() { want.Locked, want.Settings.Spelling = false, seance.Full }},
		{"passphrase", `{"passphrase": "candles"}`, func() { hash = "set" }},
		{"none of it", `{"locked": false}`, func() {}},
		{"passphrase gone", `{"passphrase": null}`, func() { hash = "" }},
	} {
		heard := len(tb.heard)
		step.change()
		got := h.ask("PATCH", sessionRoute, path, step.body, ann.Token)
		var out found
		if err := json.Unmarshal(got.Data, &out); err != nil || got.Status != 200 || out.Session != want {
			t.Errorf("%s: %d %s, want %+v", step.name, got.Status, got.Data, want)
		}
		kept, err := h.store.Session(t.Context(), ann.Session.Code)
		if err != nil {
			t.Fatal(err)
		}
		if wire.SessionOf(kept, 0) != want {
			t.Errorf("%s: kept as %+v", step.name, kept)
		}
		if (kept.Passphrase != "") != (hash != "") || strings.Contains(kept.Passphrase, "candles") {
			t.Errorf("%s: the passphrase is kept as %q", step.name, kept.Passphrase)
		}
		if told := len(tb.heard) - heard; (told == 0) != strings.HasPrefix(step.name, "nothing") || told == 1 && wire.SessionOf(tb.heard[heard], 0) != want {
			t.Errorf("%s: the table heard %+v", step.name, tb.heard[heard:])
		}
	}
}

// The door does what the host told it to.
func TestAmendedDoor(t *testing.T) {
	h := open(t)
	ann := h.begin("")
	path := "/api/sessions/" + ann.Session.Code
	for _, step := range []struct {
		amend, join string
		status      int
		code        wire.ErrorCode
	}{
		{`{"passphrase": "wax and wick"}`, `{"name": "Bob"}`, 403, wire.CodeWrongPassphrase},
		{`{}`, `{"name": "Bob", "passphrase": "wax"}`, 403, wire.CodeWrongPassphrase},
		{`{}`, `{"name": "Bob", "passphrase": "wax and wick"}`, 200, ""},
		{`{"locked": true}`, `{"name": "Cat", "passphrase": "wax and wick"}`, 403, wire.CodeSessionLocked},
		{`{"locked": false, "passphrase": null}`, `{"name": "Cat"}`, 200, ""},
	} {
		if got := h.ask("PATCH", sessionRoute, path, step.amend, ann.Token); got.Status != 200 {
			t.Fatalf("%s: %d %s", step.amend, got.Status, got.code())
		}
		if got := h.ask("POST", joinRoute, path+"/join", step.join, ""); got.Status != step.status || got.code() != step.code {
			t.Errorf("after %s, %s: %d %s, want %d %s", step.amend, step.join, got.Status, got.code(), step.status, step.code)
		}
	}
}

func TestAmendRefused(t *testing.T) {
	var tb *table
	h := open(t, func(o *Options) { tb = o.Hub.(*table) })
	ann, ended := h.begin(""), h.begin("")
	h.ask("DELETE", sessionRoute, "/api/sessions/"+ended.Session.Code, "", ended.Token)
	for name, test := range map[string]struct {
		at     seated
		body   string
		status int
		code   wire.ErrorCode
		paths  string
	}{
		"nothing":            {ann, "", 400, wire.CodeBadRequest, ""},
		"not JSON":           {ann, "{", 400, wire.CodeBadRequest, ""},
		"null":               {ann, "null", 422, wire.CodeBadRequest, "body"},
		"types":              {ann, `{"locked": "yes", "passphrase": 7, "settings": []}`, 422, wire.CodeBadRequest, "locked passphrase settings"},
		"empty passphrase":   {ann, `{"passphrase": ""}`, 422, wire.CodeBadRequest, "passphrase"},
		"long passphrase":    {ann, `{"passphrase": "` + strings.Repeat("x", 129) + `"}`, 422, wire.CodeBadRequest, "passphrase"},
		"unknown settings":   {ann, `{"settings": {"tone": "rude", "spelling": "long", "whose_hand": 1}}`, 422, wire.CodeBadRequest, "settings.tone settings.spelling settings.whose_hand"},
		"too large":          {ann, `{"more": "` + strings.Repeat("x", maxBody) + `"}`, 413, wire.CodeTooLarge, ""},
		"after the end":      {ended, `{"locked": true}`, 410, wire.CodeSessionEnded, ""},
		"nothing, but ended": {ended, `{}`, 410, wire.CodeSessionEnded, ""},
	} {
		t.Run(name, func(t *testing.T) {
			h := &house{t: t, url: h.url, judge: h.judge}
			got := h.ask("PATCH", sessionRoute, "/api/sessions/"+test.at.Session.Code, test.body, test.at.Token)
			if got.Status != test.status || got.code() != test.code || !samePaths(got.paths(), test.paths) {
				t.Errorf("%d %s %q, want %d %s %q", got.Status, got.code(), got.paths(), test.status, test.code, test.paths)
			}
		})
	}
	if len(tb.heard) > 0 {
		t.Errorf("the table heard %+v", tb.heard)
	}
}

func TestKick(t *testing.T) {
	h := open(t)
	ann, other := h.begin(""), h.begin("")
	bob, eve := h.joins(ann, "Bob", ""), h.joins(other, "Eve", "")
	path := "/api/sessions/" + ann.Session.Code
	kick := func(who seance.ParticipantID) said {
		return h.ask("POST", kickRoute, path+"/kick", fmt.Sprintf(`{"participant_id": %q}`, who), ann.Token)
	}
	for range 2 { // again is fine
		if got := kick(bob.Participant.ID); got.Status != 200 || string(got.Data) != "{}" {
			t.Errorf("%d %s %+v", got.Status, got.Data, got.Error)
		}
	}
	for name, test := range map[string]struct {
		who    seance.ParticipantID
		status int
	}{
		"oneself": {ann.Participant.ID, 403}, "nobody": {"nobody", 404}, "somebody of another table": {eve.Participant.ID, 404},
	} {
		if got := kick(test.who); got.Status != test.status {
			t.Errorf("%s: %d %s, want %d", name, got.Status, got.code(), test.status)
		}
	}
	for body, paths := range map[string]string{`{}`: "participant_id", `{"participant_id": 7}`: "participant_id"} {
		if got := h.ask("POST", kickRoute, path+"/kick", body, ann.Token); got.Status != 422 || got.paths() != paths {
			t.Errorf("%s: %d %q", body, got.Status, got.paths())
		}
	}
	// A token that was good opens nothing any more, and the same name has to come in by the door again.
	if got := h.ask("POST", joinRoute, path+"/join", "", bob.Token); got.Status != 401 {
		t.Errorf("coming back: %d", got.Status)
	}
	if again := h.joins(ann, "Bob", ""); again.Participant.ID == bob.Participant.ID {
		t.Error("somebody new has the id of who was put out")
	}
	h.ask("DELETE", sessionRoute, path, "", ann.Token)
	if got := kick(bob.Participant.ID); got.Status != 410 {
		t.Errorf("after the end: %d", got.Status)
	}
}
