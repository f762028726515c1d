package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"seance/internal/bench"
	"seance/internal/wireclient"
	"seance/relay/wire"
)

// answeredBy is how long after a restart a question that was acknowledged before may go without its answer.
const answeredBy = 15 * time.Second

// The program is killed at random moments while boards play, again and again, on the same folder. No question that was
// acknowledged is lost, none is answered twice, each is answered soon after the restart, nothing that a board was shown
// is different afterwards, and no seq is missing.
func TestKilledProgramsLoseNothing(t *testing.T) {
	rounds := 10
	if long() {
		rounds = 100
	}
	addr, err := bench.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	o := bench.ServerOptions{Addr: addr, Data: t.TempDir(), Env: []string{"SEANCE_LIMITS=off", "SEANCE_TEMPO=0.02"}}
	server := started(t, o)
	defer func() {
		if server != nil {
			_ = server.Kill() // the test failed
		}
	}()

	var evening []*killTable
	for i := range 4 {
		evening = append(evening, layTable(t, server.Address, bothCodecs[i%2]))
	}
	ctx, stop := context.WithCancel(t.Context())
	var playing sync.WaitGroup
	for _, table := range evening {
		for _, b := range table.boards {
			playing.Go(func() { b.play(ctx) })
		}
	}
	defer playing.Wait()
	defer stop()

	longest, begun := time.Duration(0), []place{}
	for round := range rounds {
		// A moment after something was acknowledged in this life, or in every third round the next best one.
		if round%3 != 2 {
			acknowledged(t, evening, 4)
		}
		time.Sleep(rand.N(400 * time.Millisecond)) // the moment must be any
		var late place
		if err := rest(t.Context(), http.MethodPost, server.Address+"/api/sessions", "", `{"host_name":"Late"}`, &late); err != nil {
			t.Fatal(err)
		}
		begun = append(begun, late)
		if err := server.Kill(); err != nil {
			t.Fatal(err)
		}
		known := make([]map[string]uint64, len(evening))
		for i, table := range evening {
			known[i] = table.acknowledged()
		}
		server = started(t, o)
		up := time.Now()
		if round%2 == 1 && round < rounds-1 {
			continue // it is killed again while it catches up
		}
		for i, table := range evening {
			table.answers(t, known[i], up)
		}
		longest = max(longest, time.Since(up))
	}
	stop()
	playing.Wait()

	up := time.Now()
	var asked, answered, again int
	for _, table := range evening {
		known := table.acknowledged()
		table.answers(t, known, up)
		n, m := table.holds(t, known)
		asked, answered = asked+n, answered+m
		for _, b := range table.boards {
			again += b.again
		}
	}
	for _, s := range begun {
		var out struct{ Session struct{ State string } }
		if err := rest(t.Context(), http.MethodGet, server.Address+"/api/sessions/"+s.Session.Code, "", "", &out); err != nil || out.Session.State != "open" {
			t.Errorf("a session that was begun before a kill is %q: %v", out.Session.State, err)
		}
	}
	log := server.Log()
	if err := server.Stop(); err != nil {
		t.Errorf("it does not end in good order: %v", err)
	}
	server = nil
	faultless(t, log)
	t.Logf("%d rounds: %d questions acknowledged, %d of them asked again after a kill, %d answers; lost 0, answered twice 0; "+
		"all answered %s after a restart at the latest", rounds, asked, again, answered, longest.Round(time.Millisecond))
}

// killTable is one session whose people never give up.
type killTable struct {
	url    string
	code   string
	boards []*killBoard
}

// killBoard is one person's board. It keeps what it asked and what it was shown.
type killBoard struct {
	table *killTable
	token string
	codec wire.Codec

	mu    sync.Mutex
	acked map[string]uint64 // the seq of a question that was acknowledged, by its message id
	shown map[uint64]string // what was shown under a seq
	last  uint64
	wrong []string

	again int // questions sent again after the line had broken
}

func layTable(t *testing.T, url string, codec wire.Codec) *killTable {
	t.Helper()
	table := &killTable{url: url}
	for _, name := range []string{"Ann", "Bob", "Cat"} {
		var p place
		path, body := "/api/sessions", fmt.Sprintf(`{"host_name":%q}`, name)
		if table.code != "" {
			path, body = "/api/sessions/"+table.code+"/join", fmt.Sprintf(`{"name":%q}`, name)
		}
		if err := rest(t.Context(), http.MethodPost, url+path, "", body, &p); err != nil {
			t.Fatal(err)
		}
		table.code = p.Session.Code
		table.boards = append(table.boards, &killBoard{
			table: table, token: p.Token, codec: codec, acked: map[string]uint64{}, shown: map[uint64]string{},
		})
	}
	return table
}

// play asks until ctx is done, whatever happens to the line. A question that was not acknowledged is asked again.
func (b *killBoard) play(ctx context.Context) {
	open := ""
	for ctx.Err() == nil {
		if err := b.playOn(ctx, &open); err != nil {
			select {
			case <-time.After(20 * time.Millisecond): // another process: there is nothing else to wait on
			case <-ctx.Done():
			}
		}
	}
}

// playOn plays until the line breaks.
func (b *killBoard) playOn(ctx context.Context, open *string) error {
	client, err := wireclient.Dialer{OnEvent: b.hear}.Dial(ctx, b.table.url, b.codec)
	if err != nil {
		return err
	}
	defer client.Cut()
	b.mu.Lock()
	since := b.last
	known := slices.Collect(maps.Keys(b.acked))
	b.mu.Unlock()
	if _, err := client.Join(ctx, b.token, &since); err != nil {
		return err
	}
	if len(known) > 0 { // an acknowledged question asked again is the same question
		b.asks(ctx, client, known[rand.N(len(known))])
	}
	if *open != "" {
		b.again++
	}
	for {
		if *open == "" {
			*open = uuid.NewString()
		}
		err := b.asks(ctx, client, *open)
		var refused *wire.Error
		switch {
		case err == nil:
			*open = ""
		case !errors.As(err, &refused):
			return err
		}
		select {
		case <-time.After(rand.N(30 * time.Millisecond)):
		case <-client.Done():
			return errors.New("the line broke")
		case <-ctx.Done():
			return nil
		}
	}
}

// asks asks under an id and keeps where the question stands.
func (b *killBoard) asks(ctx context.Context, client *wireclient.Client, id string) error {
	asked, err := client.Ask(ctx, id, "Is anyone there?")
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if before, ok := b.acked[id]; ok && before != asked.Seq {
		b.wrong = append(b.wrong, fmt.Sprintf("question %s stands at %d and at %d", id, before, asked.Seq))
	}
	b.acked[id] = asked.Seq
	return nil
}

// hear keeps what was shown.
func (b *killBoard) hear(ev wireclient.Event) {
	var data struct{ Seq uint64 }
	if err := json.Unmarshal(ev.Data, &data); err != nil || data.Seq == 0 {
		return
	}
	what := telling(ev.Name, ev.Data)
	b.mu.Lock()
	defer b.mu.Unlock()
	if before, ok := b.shown[data.Seq]; ok && before != what {
		b.wrong = append(b.wrong, fmt.Sprintf("%d is %s and %s", data.Seq, before, what))
	}
	b.shown[data.Seq] = what
	if data.Seq == b.last+1 {
		b.last = data.Seq // a board that misses something asks from there on
	}
}

// telling is what a message says to people, in one line.
func telling(event string, data json.RawMessage) string {
	var m struct {
		MessageID   string `json:"message_id"`
		QuestionSeq uint64 `json:"question_seq"`
		AnswerSeq   uint64 `json:"answer_seq"`
		Board, Text string
		Score       json.RawMessage
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return err.Error()
	}
	return fmt.Sprint(event, " ", m.MessageID, m.QuestionSeq, " ", m.AnswerSeq, " ", m.Board, m.Text, " ", string(m.Score))
}

// acknowledged waits until so many more questions have been acknowledged in all.
func acknowledged(t *testing.T, evening []*killTable, more int) {
	t.Helper()
	count := func() (n int) {
		for _, table := range evening {
			n += len(table.acknowledged())
		}
		return n
	}
	want := count() + more
	for deadline := time.Now().Add(answeredBy); count() < want; {
		if time.Now().After(deadline) {
			t.Fatalf("only %d of %d questions were acknowledged in %s", count(), want, answeredBy)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// acknowledged are the questions that somebody at the table knows to be kept, with their seqs.
func (table *killTable) acknowledged() map[string]uint64 {
	all := map[string]uint64{}
	for _, b := range table.boards {
		b.mu.Lock()
		maps.Copy(all, b.acked)
		b.mu.Unlock()
	}
	return all
}

// kept is one line of the history.
type kept struct {
	Event       string
	Seq         uint64
	MessageID   string `json:"message_id"`
	QuestionSeq uint64 `json:"question_seq"`
	raw         json.RawMessage
}

// history reads everything that was said.
func (table *killTable) history(t *testing.T) (all []kept) {
	t.Helper()
	for after := uint64(0); ; {
		var page struct {
			Messages  []json.RawMessage
			NextAfter *uint64 `json:"next_after"`
		}
		url := fmt.Sprintf("%s/api/sessions/%s/history?after=%d&limit=200", table.url, table.code, after)
		if err := rest(t.Context(), http.MethodGet, url, table.boards[0].token, "", &page); err != nil {
			t.Fatal(err)
		}
		for _, raw := range page.Messages {
			k := kept{raw: raw}
			if err := json.Unmarshal(raw, &k); err != nil {
				t.Fatal(err)
			}
			all = append(all, k)
		}
		if page.NextAfter == nil {
			return all
		}
		after = *page.NextAfter
	}
}

// answers waits until every known question has its answer, up to answeredBy after the restart.
func (table *killTable) answers(t *testing.T, known map[string]uint64, up time.Time) {
	t.Helper()
	for {
		answered := map[uint64]bool{}
		for _, k := range table.history(t) {
			answered[k.QuestionSeq] = answered[k.QuestionSeq] || k.Event == wire.EventSpiritResponse
		}
		var open []uint64
		for _, seq := range known {
			if !answered[seq] {
				open = append(open, seq)
			}
		}
		switch {
		case len(open) == 0:
			return
		case time.Since(up) > answeredBy:
			t.Fatalf("%s: %s after the restart questions %v have no answer", table.code, answeredBy, open)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// holds checks the whole history against what was acknowledged and shown. It returns how many questions were
// acknowledged and how many answers there are.
func (table *killTable) holds(t *testing.T, known map[string]uint64) (asked, answered int) {
	t.Helper()
	history := table.history(t)
	places, answers := map[string]uint64{}, map[uint64]int{}
	for i, k := range history {
		if k.Seq != uint64(i+1) {
			t.Fatalf("%s: seq %d stands where %d should", table.code, k.Seq, i+1)
		}
		switch k.Event {
		case wire.EventQuestionAsked:
			if before, twice := places[k.MessageID]; twice {
				t.Errorf("%s: one question stands at %d and at %d", table.code, before, k.Seq)
			}
			places[k.MessageID] = k.Seq
		case wire.EventSpiritResponse:
			answers[k.QuestionSeq]++
			answered++
		}
	}
	for id, seq := range known {
		if places[id] != seq {
			t.Errorf("%s: the question acknowledged at %d stands at %d", table.code, seq, places[id])
		}
	}
	for seq, n := range answers {
		if n != 1 {
			t.Errorf("%s: question %d has %d answers", table.code, seq, n)
		}
	}
	for _, b := range table.boards {
		b.mu.Lock()
		for _, wrong := range b.wrong {
			t.Errorf("%s: %s", table.code, wrong)
		}
		for seq, what := range b.shown {
			if seq > uint64(len(history)) {
				t.Errorf("%s: a board was shown %d, which is not kept: %s", table.code, seq, what)
				continue
			}
			if k := history[seq-1]; what != telling(k.Event, k.raw) {
				t.Errorf("%s: a board was shown %s, kept is %s", table.code, what, telling(k.Event, k.raw))
			}
		}
		b.mu.Unlock()
	}
	return len(known), answered
}

var bothCodecs = []wire.Codec{wire.Plain, wire.SocketIO}
