package relay

import (
	"log/slog"
	"time"

	"seance/internal/seance"
)

// Options are what a Hub works with. Journal, Register, Watch, Broker and Medium are needed; the zero value of the rest
// works.
type Options struct {
	Journal  seance.Journal
	Register seance.Register
	Ratings  seance.Ratings // nobody can rate if nil
	Watch    seance.Watch
	Broker   Broker
	Medium   Medium
	Hooks    Hooks    // nothing is told if nil
	Erasures Erasures // what is erased in the store stays in open rooms if nil

	Limits   Limits
	Tempo    float64       // multiplies every time in an answer, its lead included, for tests and benches; 1 if zero
	HardStop time.Duration // an answer that has no board line by then is given up; 20 s if zero
	Idle     time.Duration // a session without a seat for this long ends by itself; 24 h if zero
	Logger   *slog.Logger  // discards if nil
}

// Limits are docs/protocol.md's, each with its default there if zero.
type Limits struct {
	Table         int           // people at a table, spectators left out: 50
	Spectators    int           // 200
	Queue         int           // questions that wait behind the one whose turn it is: 5
	QuestionEvery time.Duration // between two questions of one person: 4 s
	RoomQuestions int           // questions of a room within a minute: 20
	Off           bool          // no bound on how often people ask; places and queue keep theirs
}

// The waits that nobody sets.
const (
	grace       = 5 * time.Second  // between a lost line and user_left, so that a reload is no departure
	linger      = 30 * time.Second // between a room's last seat and its end
	compare     = 2 * time.Second  // between two looks into the journal while something may have been missed
	doubtFor    = 10 * time.Second // how long after trouble with the broker something may have been missed
	resubscribe = time.Second      // between two attempts to hear the broker again
	housework   = 10 * time.Minute // between two looks for sessions that nobody sits at
	admitStop   = 5 * time.Second  // a question is admitted by then, or not at all: its hooks have 2 s
	journalFor  = 5 * time.Second  // how long the journal may take over one thing
	publishFor  = 2 * time.Second  // how long the broker may take over one event
	lastWords   = 3 * time.Second  // what an answer in the making still gets when the house closes
	closeFor    = 9 * time.Second  // Run's promise is 10 s
	hushFor     = 4 * time.Second  // how long the candles gutter when somebody is cared for
	momentFor   = 10 * time.Second // how long an initiative waits for a free moment
	coolDown    = time.Minute      // between two initiatives of a session
)

// unaskedTempo is how fast the spirit spells when nobody asked: a question that comes meanwhile has to wait for it, and
// a short line is over in 5 to 8 s so.
const unaskedTempo = 0.5

// How much of what was said is sent again to a board that joins.
const (
	replayFresh  = 50  // to a board that has nothing
	replayMissed = 200 // at most, to a board that comes back
)

// hourly is how many initiatives a session has in an hour.
const hourly = 12

// unheard is how many events may wait for the broker; more are dropped, and the journal repairs what was kept.
const unheard = 1024

func (o Options) withDefaults() Options {
	o.Limits.Table = orElse(o.Limits.Table, 50)
	o.Limits.Spectators = orElse(o.Limits.Spectators, 200)
	o.Limits.Queue = orElse(o.Limits.Queue, 5)
	o.Limits.QuestionEvery = orElse(o.Limits.QuestionEvery, 4*time.Second)
	o.Limits.RoomQuestions = orElse(o.Limits.RoomQuestions, 20)
	o.Tempo = orElse(o.Tempo, 1)
	o.HardStop = orElse(o.HardStop, 20*time.Second)
	o.Idle = orElse(o.Idle, 24*time.Hour)
	o.Logger = orElse(o.Logger, slog.New(slog.DiscardHandler))
	return o
}

func orElse[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

// places is how many people of a role have room at a table.
func (l Limits) places(role seance.Role) int {
	if role == seance.Spectator {
		return l.Spectators
	}
	return l.Table
}
