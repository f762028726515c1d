package relay

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"seance/internal/seance"
	"seance/relay/wire"
)

// Asked says where a question stands, or that the care card went out instead.
type Asked = wire.Asked

// asking is a question between being taken and being heard from the broker, under its key.
type asking struct {
	who  seance.ParticipantID
	line bool          // its place in the line is given out: it counts for those behind it
	kept uint64        // its Seq once it is in the journal; guarded by the room's mu
	done chan struct{} // closed once asked or err is set
	Asked
	err error
}

// Ask asks the spirit. It returns once the question is durable; everyone, the asker included, then hears of it. The
// same messageID again returns the same place and asks nothing twice. ErrForbidden for spectators, ErrAlreadyQueued,
// ErrQueueFull, ErrRateLimited, ErrClosed, ErrUnavailable, and whatever the Medium refuses a question with.
func (s *Sitting) Ask(ctx context.Context, messageID, text string) (Asked, error) {
	switch {
	case s.who.Role == seance.Spectator:
		return Asked{}, errOnlyWatch
	case messageID == "":
		return Asked{}, errNoKey
	}
	a, mine, err := s.room.take(s, messageID)
	if err != nil {
		return Asked{}, err
	}
	if mine {
		defer s.room.settle(messageID, a)
		a.err = errNotKept // unless it goes well
		a.Asked, a.err = s.room.ask(ctx, s, messageID, text, a)
		return a.Asked, a.err
	}
	select {
	case <-a.done: // sent twice, it is one question
		return a.Asked, a.err
	case <-ctx.Done():
		return Asked{}, errNotKept
	}
}

// take decides what can be decided at once. The question is the caller's to ask if mine is set; otherwise a is the same
// question from before.
func (r *Room) take(s *Sitting, key string) (a *asking, mine bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if known, ok := r.asked[key]; ok {
		a = &asking{done: make(chan struct{}), Asked: known}
		close(a.done)
		return a, false, nil
	}
	if a, ok := r.asking[key]; ok {
		return a, false, nil
	}
	switch {
	case r.kicked[s.who.ID]:
		return nil, false, errKicked
	case r.state == ended:
		return nil, false, seance.ErrClosed
	case r.state != live:
		return nil, false, errClosing
	case r.isWaiting(s.who.ID):
		return nil, false, errWaiting
	case r.ahead(len(r.asking)) > r.opts.Limits.Queue:
		return nil, false, errQueueFull
	}
	if err := r.tooFast(s.who.ID); err != nil {
		return nil, false, err
	}
	a = &asking{who: s.who.ID, done: make(chan struct{})}
	r.asking[key] = a
	r.stirs(time.Now())
	r.giveWay()
	return a, true, nil
}

// settle tells those who sent the same question again what became of it. One that was kept counts as waiting until it
// is heard.
func (r *Room) settle(key string, a *asking) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if a.Seq == 0 && r.asking[key] == a {
		delete(r.asking, key)
		r.poke() // an initiative may have waited for it
	}
	close(a.done)
}

// isWaiting tells whether a person has a question without an answer. The caller holds mu.
func (r *Room) isWaiting(who seance.ParticipantID) bool {
	for _, a := range r.asking {
		if a.who == who {
			return true
		}
	}
	return slices.ContainsFunc(r.queue, func(q seance.Message) bool { return q.Participant == who && q.Seq > r.done })
}

// ahead is how many questions are before one that is asked now, when so many are on their way: none if its turn comes
// at once. One whose answer is still being spelled is ahead too. The caller holds mu.
func (r *Room) ahead(onTheWay int) int {
	n := onTheWay
	for _, q := range r.queue {
		if q.Seq > r.done {
			n++
		}
	}
	if time.Now().Before(r.until) {
		n++
	}
	return n
}

// tooFast says how long somebody has to wait before asking again. The caller holds mu.
func (r *Room) tooFast(who seance.ParticipantID) error {
	limits := r.opts.Limits
	if limits.Off {
		return nil
	}
	if wait := time.Until(r.lastAsk[who].Add(limits.QuestionEvery)); wait > 0 {
		return tooSoon(wait)
	}
	r.prune()
	if n := len(r.minute) + len(r.asking); n >= limits.RoomQuestions {
		wait := time.Minute
		if len(r.minute) > 0 {
			wait = time.Until(r.minute[0].Add(time.Minute))
		}
		return tooMany(wait)
	}
	return nil
}

// ask admits a question, keeps it and announces it.
func (r *Room) ask(ctx context.Context, s *Sitting, key, text string, a *asking) (Asked, error) {
	q := seance.Message{
		ID: newMessageID(), Session: r.id, Kind: seance.KindQuestion, At: now(), Key: key, Participant: s.who.ID, Text: text,
	}
	admission, err := r.admit(ctx, q)
	if err != nil {
		return Asked{}, err
	}
	if admission.Care != nil {
		r.care(s.who.ID, *admission.Care)
		return Asked{Care: true}, nil
	}
	q.Text, q.Context, q.Direction = admission.Text, admission.Context, admission.Direction

	// One at a time from here: positions are given out in the order of Seq.
	select {
	case r.line <- struct{}{}:
		defer func() { <-r.line }()
	case <-ctx.Done():
		return Asked{}, errNotKept
	}
	q.Position = r.position(a)
	q.At = now()
	kept, err := r.append(ctx, q)
	switch {
	case errors.Is(err, seance.ErrClosed), errors.Is(err, seance.ErrNotFound):
		r.worry() // it ended, and nobody here has heard
		return Asked{}, err
	case err != nil:
		r.log.Error("question not kept", "participant", s.who.ID, "err", err)
		r.worry() // or it was
		return Asked{}, errNotKept
	}
	return r.place(s, key, q, kept), nil
}

// admit asks the Medium whether a question may be asked.
func (r *Room) admit(ctx context.Context, q seance.Message) (seance.Admission, error) {
	ctx, cancel := context.WithTimeout(ctx, admitStop)
	defer cancel()
	admission, err := r.opts.Medium.Admit(ctx, r.question(q))
	if err == nil || known(err) {
		if errors.Is(err, seance.ErrRefused) { // hooks are work: a refusal is a question as far as the pace goes
			r.mu.Lock()
			r.asks(q.Participant, time.Now())
			r.mu.Unlock()
		}
		return admission, err
	}
	r.log.Error("question not admitted", "participant", q.Participant, "err", err)
	return seance.Admission{}, errNotKept
}

// question is what the Medium needs to know.
func (r *Room) question(m seance.Message) seance.Question {
	r.mu.Lock()
	defer r.mu.Unlock()
	q := seance.Question{Session: r.session, Message: m, Asker: r.known[m.Participant], Present: r.table()}
	there := slices.ContainsFunc(q.Present, func(p seance.Participant) bool { return p.ID == m.Participant })
	if !there { // whoever asked belongs to the table, even if they have left since
		q.Present = append(q.Present, q.Asker)
		slices.SortFunc(q.Present, func(a, b seance.Participant) int { return a.Candle - b.Candle })
	}
	return q
}

// care shows the card on the asker's screens alone, wherever they are, and hushes the whole table without a word about
// whom it is for. Nothing of it is kept or logged; the pace takes it for a question.
func (r *Room) care(who seance.ParticipantID, card seance.Care) {
	r.counts.hushes.Add(1)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asks(who, time.Now())
	r.say(seance.Event{To: who, Care: &card})
	r.say(seance.Event{Hush: &seance.Hush{For: hushFor}})
}

// position gives out the next place in the line.
func (r *Room) position(a *asking) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	onTheWay := 0
	for _, other := range r.asking {
		if other.line {
			onTheWay++
		}
	}
	a.line = true
	return r.ahead(onTheWay)
}

// append keeps a message. Once begun it is not broken off with the connection, so that its outcome is known.
func (r *Room) append(ctx context.Context, m seance.Message) (seance.Message, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), journalFor)
	defer cancel()
	return r.opts.Journal.Append(ctx, m)
}

// place announces a question that is kept.
func (r *Room) place(s *Sitting, key string, sent, kept seance.Message) Asked {
	r.mu.Lock()
	defer r.mu.Unlock()
	if a := r.asking[key]; a != nil {
		if a.kept = kept.Seq; kept.Seq <= r.seq {
			delete(r.asking, key)
		}
	}
	if kept.ID == sent.ID {
		r.counts.questions.Add(1)
		asker := s.who
		if who, ok := r.known[asker.ID]; ok { // as they are now: their name may be forgotten
			asker = who
		}
		r.announce(kept, &asker)
	} else { // it was asked long ago, or on another node, and announced then
		delete(r.asking, key)
		r.behind = true
		r.poke()
	}
	return Asked{Seq: kept.Seq, Position: kept.Position}
}

// heard notes that a question is on the table. One that was erased meanwhile has no key any more. The caller holds mu.
func (r *Room) heard(m *seance.Message) {
	delete(r.asking, m.Key)
	if m.Erased {
		maps.DeleteFunc(r.asking, func(_ string, a *asking) bool { return a.kept == m.Seq })
	}
}

// asks notes that a person has asked, here or on another node, for tooFast. The caller holds mu.
func (r *Room) asks(who seance.ParticipantID, at time.Time) {
	if r.opts.Limits.Off {
		return
	}
	r.lastAsk[who] = at
	r.prune()
	r.minute = append(r.minute, at)
}

// prune leaves the last minute in minute. The caller holds mu.
func (r *Room) prune() {
	r.minute = slices.DeleteFunc(r.minute, func(at time.Time) bool { return time.Since(at) >= time.Minute })
}
