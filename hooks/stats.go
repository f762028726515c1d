package hooks

import "sync/atomic"

// Stats are counts since the Runner was made.
type Stats struct {
	Commands    uint64 // begun
	Failed      uint64 // commands that came to no good end, or not to their turn
	Refused     uint64 // questions
	Initiatives uint64 // that tables took
	Dropped     uint64 // events, because a queue was full
}

type counts struct{ commands, failed, refused, initiatives, dropped atomic.Uint64 }

// Stats returns the counts.
func (r *Runner) Stats() Stats {
	c := &r.counts
	return Stats{
		Commands: c.commands.Load(), Failed: c.failed.Load(), Refused: c.refused.Load(),
		Initiatives: c.initiatives.Load(), Dropped: c.dropped.Load(),
	}
}
