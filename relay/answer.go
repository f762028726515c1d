package relay

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"seance/internal/seance"
)

// lastLine is what the planchette spells when the Medium had nothing to say: no question is left hanging.
var lastLine = seance.Part{Kind: seance.PartBoard, Text: "NOT NOW", Source: seance.SourceDeflection}

// Why an answer in the making ends early, and what a Medium is told that says the wrong thing.
var (
	errHardStop   = errors.New("the answer took too long")
	errOver       = errors.New("the answer is over")
	errBoardFirst = errors.New("the board line comes first, and once")
	errOneWhisper = errors.New("an answer has one whisper")
	errQuietFirst = errors.New("that the line is quiet comes before the board line, and once")
	errOffBoard   = errors.New("the line is not on the board")
)

// How far ahead of its first stir an answer is announced: shortLead, or twice the round trip of the slowest boards. A board
// slower than slowest does not hold up the others.
const (
	shortLead = 600 * time.Millisecond
	slowest   = 1500 * time.Millisecond
)

// next is the question whose turn is next. The caller holds mu.
func (r *Room) next() (seance.Message, bool) {
	for _, q := range r.queue {
		if q.Seq > r.turn {
			return q, true
		}
	}
	return seance.Message{}, false
}

// answerAll is the task that answers the waiting questions one after the other, and lets the spirit take the initiative
// when there is none. A turn begins when the score before it has ended; whispers do not delay it.
func (r *Room) answerAll(ctx context.Context) {
	for {
		t, wait, ok := r.begin(ctx)
		switch {
		case !ok:
			return
		case wait > 0:
			select {
			case <-ctx.Done():
			case <-time.After(wait):
			}
		default:
			r.answer(ctx, t)
		}
	}
}

// begin begins the next turn, or tells how long until it can. ok is false when nothing is waiting: the task is over
// then. Questions come before initiatives.
func (r *Room) begin(ctx context.Context) (t *turn, wait time.Duration, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	q, asked := r.next()
	if !asked && !r.mayInitiate() || r.state != live || ctx.Err() != nil {
		r.answering = false
		return nil, 0, false
	}
	if wait := time.Until(r.until); wait > 0 {
		return nil, wait, true
	}
	t = &turn{room: r, question: q, id: newMessageID(), kept: make(chan struct{})}
	r.making++
	if asked {
		r.turn = q.Seq
		r.say(seance.Event{Thinking: &seance.Thinking{QuestionSeq: q.Seq, Spirit: r.session.Spirit}})
	} else {
		t.bid = r.bid
		t.bid.begun = true
	}
	return t, 0, true
}

// answer returns once the question has an answer in the journal, be it the room's own last line, or the room is
// stopped. The Medium may go on whispering. An initiative that comes to nothing has no last line.
func (r *Room) answer(ctx context.Context, t *turn) {
	making, stop := context.WithCancelCause(ctx)
	t.limit = time.AfterFunc(r.opts.HardStop, func() { stop(errHardStop) })
	if t.bid != nil {
		r.mu.Lock()
		if t.bid.stop = stop; t.bid.lost != nil {
			stop(t.bid.lost)
		}
		r.mu.Unlock()
	}
	over := make(chan outcome, 1)
	r.tasks.Go(func() {
		defer r.made()
		defer stop(errOver)
		defer t.limit.Stop()
		err := r.ponder(making, t)
		over <- outcome{err}
		if err != nil && ctx.Err() == nil {
			r.log.Warn("answer broke off", "seq", t.question.Seq, "err", errors.Join(err, context.Cause(making)))
		}
	})
	if t.bid != nil {
		t.speak(making, over)
	} else {
		t.reply(ctx, making, over)
	}
	if answer, ok := t.answered(); ok {
		r.tasks.Go(func() { r.given(ctx, t.question.Text, answer) })
	}
}

// reply waits for a question's answer, and gives the last line if there is none.
func (t *turn) reply(ctx, making context.Context, over <-chan outcome) {
	select {
	case <-t.kept:
		return
	case <-over:
	case <-making.Done():
	}
	for !t.finish(ctx) {
		select {
		case <-ctx.Done():
			return // the next start finds the question pending
		case <-time.After(compare):
		}
	}
}

// ponder runs the Medium. One that panics would take every room with it, and again after each restart.
func (r *Room) ponder(ctx context.Context, t *turn) (err error) {
	defer func() {
		if p := recover(); p != nil {
			r.log.Error("medium panicked", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = errors.New("the medium panicked")
		}
	}()
	q := r.question(t.question)
	if t.bid != nil {
		q = r.unaskedFor(t.bid)
	}
	return r.opts.Medium.Answer(ctx, q, func(p seance.Part) error { return t.say(ctx, p) })
}

// made notes that a Medium is done with an answer.
func (r *Room) made() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.making--; r.making == 0 && r.state == closing {
		r.stop()
	}
	r.poke() // an initiative may have waited for it
}

// An outcome is what came of a Medium's work.
type outcome struct{ err error }

// A turn is one question being answered, or one initiative being made.
type turn struct {
	room     *Room
	question seance.Message   // says nothing if bid is set
	bid      *bid             // of an initiative
	id       seance.MessageID // the answer's: trying to keep it again does not keep it twice
	limit    *time.Timer
	kept     chan struct{} // closed once the question has an answer in the journal

	mu        sync.Mutex // guards what is below, while the journal is written too
	quiet     bool
	board     *seance.Part
	answer    uint64         // seq of the answer; 0 while it is not kept
	message   seance.Message // the answer, once it is kept
	again     bool           // the initiative was spoken before
	whispered bool
	over      bool // nothing more is taken
}

// say takes a part of the answer from the Medium: it is kept, then announced.
func (t *turn) say(ctx context.Context, p seance.Part) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.over || ctx.Err() != nil:
		return errOver
	case p.Kind == seance.PartQuiet && (t.quiet || t.board != nil):
		return errQuietFirst
	case p.Kind == seance.PartQuiet:
		t.quiet = true
		t.hushes()
		return nil
	case p.Kind == seance.PartBoard && t.board != nil, p.Kind == seance.PartWhisper && t.board == nil:
		return errBoardFirst
	case p.Kind == seance.PartBoard && !spellable(p.Text):
		return errOffBoard
	case p.Kind == seance.PartBoard:
		t.board = &p
		return t.keep(ctx)
	case t.answer == 0:
		return errOver // the board line did not reach the journal yet, so nothing can refer to it
	case t.whispered:
		return errOneWhisper
	case p.Text == "":
		return nil
	}
	t.whispered = true
	return t.whisper(ctx, p)
}

// hushes tells the boards that the offline spirit speaks. Nothing of it is kept.
func (t *turn) hushes() {
	t.room.mu.Lock()
	defer t.room.mu.Unlock()
	t.room.say(seance.Event{Quiet: &seance.Quiet{QuestionSeq: t.question.Seq}})
}

// finish sees to it that the question has an answer: the Medium's if it said one, else the last line. It reports
// whether that is so; if not, the journal is away and it is worth trying again.
func (t *turn) finish(ctx context.Context) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over || t.answer != 0 {
		return true
	}
	if ctx.Err() != nil {
		return false
	}
	if t.board == nil {
		board := lastLine
		t.board = &board
	}
	return t.keep(ctx) == nil || t.over
}

// keep writes the board line with its score into the journal and announces it. The caller holds mu.
func (t *turn) keep(ctx context.Context) error {
	r := t.room
	m := seance.Message{
		ID: t.id, Session: r.id, Kind: seance.KindAnswer, At: now(),
		Refers: t.question.Seq, Board: t.board.Text, Source: t.board.Source,
	}
	if t.bid != nil {
		if err := r.utters(t.bid); err != nil {
			return err
		}
		m.Key, m.Source = t.bid.Key, seance.SourceInitiative
	}
	tempo := t.board.Tempo
	if t.bid != nil {
		tempo = unaskedTempo
	}
	m.Score = r.score(m, tempo)
	kept, err := r.append(ctx, m)
	switch {
	case err == nil && kept.ID != m.ID:
		t.over, t.again = true, true // spoken long ago, or by a twin, and announced then
		close(t.kept)
		r.worry()
		return errOver
	case err == nil:
		r.counts.answered(kept.Source)
		t.answer, t.message = kept.Seq, kept
		t.limit.Reset(r.opts.HardStop) // as long again for the whisper
		r.mu.Lock()
		r.done = max(r.done, t.question.Seq)
		r.spells(kept.Score)
		r.spoke(kept)
		r.announce(kept, nil)
		r.mu.Unlock()
		close(t.kept) // last: the next turn may begin
	case errors.Is(err, seance.ErrAnswered), errors.Is(err, seance.ErrClosed), errors.Is(err, seance.ErrNotFound):
		t.over = true // a twin was faster, or the session is over: the journal says which
		close(t.kept)
		r.worry()
	default:
		r.log.Error("answer not kept", "seq", t.question.Seq, "err", err)
	}
	return err
}

// answered is the answer, if it was kept by this turn.
func (t *turn) answered() (seance.Message, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.message, t.answer != 0
}

// whisper keeps the rest of an answer and announces it. The caller holds mu.
func (t *turn) whisper(ctx context.Context, p seance.Part) error {
	r := t.room
	kept, err := r.append(ctx, seance.Message{
		ID: newMessageID(), Session: r.id, Kind: seance.KindWhisper, At: now(), Refers: t.answer, Text: p.Text,
	})
	if err != nil {
		return fmt.Errorf("keep the whisper: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.announce(kept, nil)
	return nil
}

// score times an answer that is kept at m.At. The same session and question, or initiative, give the same way over the
// board.
func (r *Room) score(m seance.Message, tempo float64) *seance.Score {
	r.mu.Lock()
	defer r.mu.Unlock()
	seed := r.session.Seed ^ uint32(m.Refers)*0x9e3779b1 // spread, so that neighbours differ (2^32 over the golden ratio)
	if m.Refers == 0 {
		seed ^= keySeed(m.Key)
	}
	score := seance.Pace(m.Board, seed, seance.PaceOptions{
		Spelling: r.session.Settings.Spelling, Tempo: tempo, Scale: r.opts.Tempo,
	}).Begin(m.At.Add(r.lead()))
	return &score
}

// lead is how far ahead an answer is announced, so that it reaches the slowest boards before it stirs: whole ms. The
// caller holds mu.
func (r *Room) lead() time.Duration {
	ahead := max(time.Duration(float64(shortLead)*r.opts.Tempo), 2*min(r.slowTrip(), slowest))
	return (ahead + time.Millisecond - 1).Truncate(time.Millisecond)
}

// slowTrip is the 95th percentile of the seats' round trips. The caller holds mu.
func (r *Room) slowTrip() time.Duration {
	var trips []time.Duration
	for _, s := range r.seats {
		if s.trip > 0 {
			trips = append(trips, s.trip)
		}
	}
	if len(trips) == 0 {
		return 0
	}
	slices.Sort(trips)
	return trips[int(math.Ceil(0.95*float64(len(trips))))-1]
}

// spellable reports whether a line can be spelled: one of the board's words, or letters and digits with single spaces.
func spellable(board string) bool {
	if board == "" {
		return false
	}
	if _, whole := seance.Place(board); whole {
		return true
	}
	for i := range len(board) {
		if board[i] == ' ' {
			if i == 0 || i == len(board)-1 || board[i-1] == ' ' {
				return false
			}
			continue
		}
		if _, ok := seance.Place(board[i : i+1]); !ok {
			return false
		}
	}
	return true
}
