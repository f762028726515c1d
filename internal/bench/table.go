package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"seance/internal/wireclient"
	"seance/relay/wire"
)

// table is one session and the people in it.
type table struct {
	load    *load
	code    string
	players []*player

	mu      sync.Mutex
	free    time.Time            // when the last announced answer is over: the next turn begins then
	turns   map[uint64]time.Time // when a question was asked, by seq
	stirred map[uint64]bool
	typing  map[string]time.Time // when a person's last change of the pen was due, by participant
	pulls   map[pull]time.Time   // when a hand's move was due
}

// player is one person at a table and, once seated, their connection.
type player struct {
	table  *table
	id     string
	candle int
	token  string
	keeps  bool // the table's book of turns, so that each turn counts once
	looks  bool // where the others' hands are
	client *wireclient.Client
}

// questions that people ask; the oracle answers each kind in its own way.
var questions = []string{
	"Is anyone there?", "Who are you?", "Where did you hide the letters?", "How many of you are there?",
	"When did it happen?", "Did you know the miller?", "What do you want from us?", "Will it rain tomorrow?",
}

// newTable begins a session and gives so many people a place in it.
func (l *load) newTable(players int) (*table, error) {
	t := &table{
		load: l, turns: map[uint64]time.Time{}, stirred: map[uint64]bool{},
		typing: map[string]time.Time{}, pulls: map[pull]time.Time{},
	}
	for i := range players {
		p := &player{table: t, keeps: i == 0, looks: i == players-1}
		if err := p.enrol(i); err != nil {
			return t, err
		}
		t.players = append(t.players, p)
	}
	return t, nil
}

// enrol gets p the i-th place at its table, over REST.
func (p *player) enrol(i int) error {
	var place struct {
		Session     wire.Session     `json:"session"`
		Participant wire.Participant `json:"participant"`
		Token       string           `json:"token"`
	}
	path, body := "/api/sessions", map[string]string{"host_name": "Ada"}
	if i > 0 {
		path, body = "/api/sessions/"+p.table.code+"/join", map[string]string{"name": fmt.Sprintf("Guest %d", i)}
	}
	if err := p.table.load.rest.post(path, body, &place); err != nil {
		return err
	}
	p.table.code = place.Session.Code
	p.id, p.candle, p.token = string(place.Participant.ID), place.Participant.Candle, place.Token
	return nil
}

// sit connects everybody.
func (t *table) sit(ctx context.Context) error {
	for _, p := range t.players {
		client, err := wireclient.Dialer{OnEvent: p.hear}.Dial(ctx, t.load.o.Address, t.load.o.Codec)
		if err != nil {
			return err
		}
		p.client = client
		if _, err := client.Join(ctx, p.token, nil); err != nil {
			return err
		}
	}
	return nil
}

func (t *table) close() {
	for _, p := range t.players {
		if p.client != nil {
			p.client.Cut()
		}
	}
}

// ask lets the players ask in turn, whatever the server makes of it.
func (t *table) ask(ctx context.Context, start time.Time) {
	var asking sync.WaitGroup
	defer asking.Wait()
	for n, due := 0, start; wait(ctx, due); n, due = n+1, due.Add(t.load.o.QuestionEvery) {
		asking.Go(func() {
			p := t.players[n%len(t.players)]
			_, err := p.client.Ask(ctx, uuid.NewString(), questions[n%len(questions)])
			switch {
			case err != nil:
				t.load.fail(ctx, wire.CallSend, err)
			case t.load.measured(due):
				t.load.ack.add(time.Since(due))
			}
		})
	}
}

// typeOnAndOff puts the pen on the slip and takes it off again.
func (p *player) typeOnAndOff(ctx context.Context, start time.Time) {
	on := true
	for due := start; wait(ctx, due); due = due.Add(p.table.load.o.TypeEvery) {
		p.table.mu.Lock()
		p.table.typing[p.id] = due
		p.table.mu.Unlock()
		if err := p.client.Type(on); err != nil {
			p.table.load.fail(ctx, wire.CallType, err)
			return
		}
		on = !on
	}
}

// hear measures an event.
func (p *player) hear(ev wireclient.Event) {
	t := p.table
	if t.load.measured(ev.At) {
		t.load.deliveries.Add(1)
	}
	if ev.Name == wire.EventHands {
		p.feel(ev)
		return
	}
	var data struct {
		Seq           uint64  `json:"seq"`
		At            float64 `json:"at"`
		QuestionSeq   uint64  `json:"question_seq"`
		ParticipantID string  `json:"participant_id"`
		Replayed      bool    `json:"replayed"`
		Score         struct {
			EndsAt float64 `json:"ends_at"`
		} `json:"score"`
	}
	if err := json.Unmarshal(ev.Data, &data); err != nil {
		t.load.failures.add(ev.Name + ": " + err.Error())
		return
	}
	if data.Replayed {
		return
	}
	said := fromMillis(data.At)
	t.mu.Lock()
	defer t.mu.Unlock()
	switch ev.Name {
	case wire.EventUserTyping:
		if due := t.typing[data.ParticipantID]; p.id != data.ParticipantID && t.load.measured(due) {
			t.load.typing.add(ev.At.Sub(due))
		}
	case wire.EventQuestionAsked, wire.EventSpiritResponse, wire.EventSpiritWhisper:
		if t.load.measured(said) {
			t.load.fanOut.add(ev.At.Sub(said))
		}
		if p.keeps {
			t.turn(ev, data.Seq, data.QuestionSeq, said, fromMillis(data.Score.EndsAt))
		}
	case wire.EventSpiritThinking:
		if turn, ok := t.turns[data.QuestionSeq]; p.keeps && ok {
			t.stirs(ev.At, turn, data.QuestionSeq)
		}
	case wire.EventError:
		t.load.failures.add("error " + strings.TrimSpace(string(ev.Data)))
	}
}

// turn keeps the book: when a question could have its turn, and when its answer was announced.
func (t *table) turn(ev wireclient.Event, seq, question uint64, at, ends time.Time) {
	switch ev.Name {
	case wire.EventQuestionAsked:
		t.turns[seq] = at
	case wire.EventSpiritResponse:
		if asked, ok := t.turns[question]; ok {
			t.stirs(ev.At, asked, question) // the answer itself is the first to move, if nothing else did
			if turn := later(asked, t.free); t.load.measured(turn) {
				t.load.announce.add(ev.At.Sub(turn))
			}
		}
		delete(t.turns, question)
		t.free = ends
	}
}

// stirs notes the first thing that moves in a question's turn.
func (t *table) stirs(at, asked time.Time, question uint64) {
	if t.stirred[question] {
		return
	}
	t.stirred[question] = true
	if turn := later(asked, t.free); t.load.measured(turn) {
		t.load.stir.add(at.Sub(turn))
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func fromMillis(ms float64) time.Time { return time.UnixMicro(int64(ms * 1000)) }
