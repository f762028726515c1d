package relay

import (
	"context"

	"seance/internal/seance"
	"seance/relay/wire"
)

// A Medium turns a question into an utterance. *spirit.Spirit is one.
type Medium interface {
	// Admit decides before anything is kept: ask it, refuse it with a sentence (*seance.Fault), or answer with care.
	// q.Message.Text is what the person typed; the Admission holds it cleaned.
	Admit(ctx context.Context, q seance.Question) (seance.Admission, error)
	// Answer says the board line as soon as it is whole, then the whisper if there is one. What was said is never
	// taken back. An error after the board line costs the whisper only. A question may be an Initiative.
	Answer(ctx context.Context, q seance.Question, say func(seance.Part) error) error
}

// Hooks hear what happens at the tables that this node leads. *hooks.Runner are some.
type Hooks interface {
	// Happened takes note of o and never blocks. It is called while a room is held, so it must not call back into the
	// Hub. Each occasion is told once, by the node where it came about; one that nobody was alive to tell is not told
	// later.
	Happened(o seance.Occasion)
}

// A Broker carries events to every node that has the session open: at most once, in order per session.
type Broker interface {
	Publish(ctx context.Context, ev seance.Event) error
	// Subscribe listens until ctx is done, then closes the channel. A reader that falls behind loses events, never
	// the publisher's time; the gap in Seq tells it to read the journal.
	Subscribe(ctx context.Context, id seance.SessionID) (<-chan seance.Event, error)
}

// A Seat is one connection's place in a room. Its methods never block and may be called from any goroutine. They are
// called while the room is held, so they must not call back into the Sitting or the Hub.
type Seat interface {
	// Welcome is called once, before any Send: it answers the join and queues the messages that were missed, outside
	// the bound that holds for Send.
	Welcome(w wire.Welcome, missed []*wire.Prepared)
	// Send queues frames, in one go and in order; false means that the seat is too slow and has been given up. The slice
	// is the caller's again when Send returns.
	Send(frames ...*wire.Prepared) bool
	// Close gives the seat up with a close code that tells the board whether to come back.
	Close(code wire.CloseCode)
}
