package relay

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing/synctest"
	"time"

	"seance/internal/seance"
	"seance/relay/wire"
)

// A board is one connection of a person: a Seat that shows what it gets.
type board struct {
	tb  *table
	who seance.Participant
	sit *Sitting

	mu      sync.Mutex
	welcome *wire.Welcome
	frames  []frame
	passes  int // how often something was sent
	slow    bool
	code    wire.CloseCode
	wrong   []string // what a Seat's promise forbids
}

// A frame is what a board was sent, with the members that tests look at.
type frame struct {
	Event       string
	Replayed    bool         `json:"replayed"`
	Seq         uint64       `json:"seq"`
	At          int64        `json:"at"`
	QuestionSeq *uint64      `json:"question_seq"`
	Text        string       `json:"text"`
	Board       string       `json:"board"`
	Score       seance.Score `json:"score"`
	Source      string       `json:"source"`
	Position    int          `json:"position"`
	Participant struct {
		Name string `json:"name"`
	} `json:"participant"`
	ParticipantID string `json:"participant_id"`
	Typing        bool   `json:"typing"`
	Reason        string `json:"reason"`
	Count         int    `json:"count"`

	Ms        int64        `json:"ms"`
	T         int64        `json:"t"`
	H         [][3]int     `json:"h"`
	P         [2]int       `json:"p"`
	AnswerSeq uint64       `json:"answer_seq"`
	Shares    [][2]float64 `json:"shares"`
	Session   wire.Session `json:"session"`

	raw  string
	pass int // which Send it came with
}

func (f frame) String() string {
	switch f.Event {
	case wire.EventUserJoined:
		return fmt.Sprintf("%s joined (%d)", f.Participant.Name, f.Count)
	case wire.EventUserLeft:
		return fmt.Sprintf("%s %s (%d)", strings.TrimPrefix(f.ParticipantID, "p-"), f.Reason, f.Count)
	case wire.EventUserTyping:
		return fmt.Sprintf("%s typing %v", strings.TrimPrefix(f.ParticipantID, "p-"), f.Typing)
	case wire.EventQuestionAsked:
		return fmt.Sprintf("%d %s asks %s", f.Seq, f.Participant.Name, f.Text)
	case wire.EventSpiritThinking:
		return fmt.Sprintf("thinking of %d", *f.QuestionSeq)
	case wire.EventSpiritQuiet:
		if f.QuestionSeq == nil {
			return "quiet"
		}
		return fmt.Sprintf("quiet for %d", *f.QuestionSeq)
	case wire.EventSpiritResponse:
		return fmt.Sprintf("%d spells %s", f.Seq, f.Board)
	case wire.EventSpiritWhisper:
		return fmt.Sprintf("%d whispers %s", f.Seq, f.Text)
	case wire.EventSessionEnded:
		return fmt.Sprintf("%d ended by %s", f.Seq, f.Reason)
	case wire.EventHush:
		return fmt.Sprintf("hush %d", f.Ms)
	case wire.EventHands:
		return fmt.Sprintf("hands %v at %v", f.H, f.P)
	case wire.EventWhoseHand:
		return fmt.Sprintf("%d was of %v", f.AnswerSeq, f.Shares)
	case wire.EventSessionUpdated:
		return fmt.Sprintf("now %s, %s, locked %v (%d)", f.Session.Settings.Tone, f.Session.Settings.Spelling, f.Session.Locked, f.Session.Participants)
	}
	return f.Event + " " + f.Text
}

func (b *board) Welcome(w wire.Welcome, missed []*wire.Prepared) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.welcome != nil {
		b.wrong = append(b.wrong, "welcomed twice")
	}
	b.welcome = &w
	for _, f := range missed {
		b.take(f)
	}
}

func (b *board) Send(frames ...*wire.Prepared) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.welcome == nil {
		b.wrong = append(b.wrong, "sent before it was welcomed")
	}
	if b.slow || b.code != 0 {
		return false
	}
	b.passes++
	for _, f := range frames {
		b.take(f)
	}
	return true
}

func (b *board) Close(code wire.CloseCode) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.code = code
}

func (b *board) take(p *wire.Prepared) {
	f := frame{Event: p.Event, raw: p.Event + " " + string(p.Data), pass: b.passes}
	if err := json.Unmarshal(p.Data, &f); err != nil {
		b.wrong = append(b.wrong, err.Error())
	}
	if last := b.last(); f.Seq != 0 && last != 0 && f.Seq != last+1 {
		b.wrong = append(b.wrong, fmt.Sprintf("seq %d after %d", f.Seq, last))
	}
	b.frames = append(b.frames, f)
}

// last is the newest seq the board has. The caller holds mu.
func (b *board) last() uint64 {
	for _, f := range slices.Backward(b.frames) {
		if f.Seq != 0 {
			return f.Seq
		}
	}
	return 0
}

// Joins sits down.
func (b *board) Joins() *board {
	b.tb.t.Helper()
	if err := b.tries(nil); err != nil {
		b.tb.t.Fatalf("%s joins: %v", b.who.Name, err)
	}
	return b
}

// Returns sits down again with what it has, as a board does whose line broke.
func (b *board) Returns() *board {
	b.tb.t.Helper()
	b.mu.Lock()
	last := b.last()
	b.welcome, b.code, b.slow = nil, 0, false
	b.mu.Unlock()
	if err := b.tries(&last); err != nil {
		b.tb.t.Fatalf("%s returns: %v", b.who.Name, err)
	}
	return b
}

func (b *board) tries(since *uint64) error {
	s, err := b.tb.hub.Join(context.Background(), Ticket{b.tb.session.ID, b.who.ID, since}, b)
	if err == nil {
		b.sit = s
	}
	synctest.Wait()
	return err
}

// Second is another connection of the same person.
func (b *board) Second() *board {
	b.tb.t.Helper()
	return (&board{tb: b.tb, who: b.who}).Joins()
}

func (b *board) Leaves() { b.sit.Leave(); synctest.Wait() }

func (b *board) Drops() { b.sit.Lost(); synctest.Wait() }

// Asks asks, which must go well.
func (b *board) Asks(text string) Asked {
	b.tb.t.Helper()
	asked, err := b.Tries(text)
	if err != nil {
		b.tb.t.Fatalf("%s asks %q: %v", b.who.Name, text, err)
	}
	return asked
}

// Tries asks with a key of its own.
func (b *board) Tries(text string) (Asked, error) {
	b.tb.asks++
	return b.Sends(fmt.Sprintf("key-%d", b.tb.asks), text)
}

// Sends asks with the given key.
func (b *board) Sends(key, text string) (Asked, error) {
	asked, err := b.sit.Ask(context.Background(), key, text)
	synctest.Wait()
	return asked, err
}

// Text is what the planchette has spelled by now, as every board reckons it from the score and the clock.
func (b *board) Text() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var text strings.Builder
	for _, f := range slices.Backward(b.frames) {
		if f.Event != wire.EventSpiritResponse {
			continue
		}
		for _, s := range f.Score.Stops {
			reveal := time.UnixMilli(f.Score.StartsAt + int64(s.At)).Add(seance.RevealAfter)
			if time.Now().Before(reveal) {
				break
			}
			if s.Word {
				text.WriteByte(' ')
			}
			text.WriteString(s.Glyph)
		}
		break
	}
	return text.String()
}

// Reads waits for the answer that is being spelled, or about to be, and looks at what is on the board then.
func (b *board) Reads(want string) {
	b.tb.t.Helper()
	b.tb.passes(time.Second)
	for range 30 {
		if b.Text() == want {
			return
		}
		b.tb.passes(time.Second)
	}
	b.tb.t.Errorf("%s reads %q, want %q", b.who.Name, b.Text(), want)
}

// Sees holds what the board was sent since it was last looked at, presence left out, against want.
func (b *board) Sees(want ...string) {
	b.tb.t.Helper()
	b.saw(want, func(f frame) bool { return f.Seq != 0 })
}

// Notices is Sees for everything.
func (b *board) Notices(want ...string) {
	b.tb.t.Helper()
	b.saw(want, func(frame) bool { return true })
}

func (b *board) saw(want []string, care func(frame) bool) {
	b.tb.t.Helper()
	b.tb.passes(apart)
	b.mu.Lock()
	defer b.mu.Unlock()
	var got []string
	for _, f := range b.frames {
		if care(f) {
			got = append(got, f.String())
		}
	}
	if !slices.Equal(got, want) {
		b.tb.t.Errorf("%s sees\n  %s\nwant\n  %s", b.who.Name, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// Forgets drops what was seen so far from what Sees and Notices look at, but for the last message.
func (b *board) Forgets() {
	b.tb.passes(apart)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.frames = nil
}

// of lists the frames of one event.
func (b *board) of(event string) (frames []frame) {
	b.tb.passes(apart)
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range b.frames {
		if f.Event == event {
			frames = append(frames, f)
		}
	}
	return frames
}

// raw lists what was sent, as it was sent.
func (b *board) raw() (frames []string) {
	b.tb.passes(apart)
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range b.frames {
		frames = append(frames, f.raw)
	}
	return frames
}

func (b *board) closedWith() wire.CloseCode {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.code
}
