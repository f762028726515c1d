package spirit

import "time"

// A mind that is not the last has this long, from its own call where nothing else is said. Patience stretches all of it
// in proportion.
const (
	firstTextWithin = 1500 * time.Millisecond
	pauseWithin     = 1500 * time.Millisecond // between two pieces of text
	boardWithin     = 2500 * time.Millisecond // for all usual minds together: an announcement comes within 3 s
	wholeWithin     = 6 * time.Second         // with the whisper

	// Whatever their patience, minds leave the last one time before the relay's hard stop of 20 s.
	boardAtMost = 17 * time.Second
	wholeAtMost = 19 * time.Second

	// A mind that would have less than this is not asked: it could not answer, and would cost.
	worthAsking = 200 * time.Millisecond
)

// limits are how long one call may take, as times since the answer began.
type limits struct {
	first time.Duration // until its first text
	board time.Duration // until its board line is whole
	whole time.Duration // until its end
	pause time.Duration // between two pieces of text: a length, not a time
}

// limitsOf are the limits of a mind that is called so long after the answer began. boardBy is when minds are given up:
// a patient mind moves it.
func limitsOf(patience, since, boardBy time.Duration) limits {
	first, stretch := firstTextWithin, 1.0
	if patience > 0 {
		first = patience
		stretch = max(1, float64(patience)/float64(firstTextWithin))
	}
	scaled := func(d time.Duration) time.Duration { return time.Duration(stretch * float64(d)) }
	if stretch > 1 {
		boardBy = max(boardBy, min(since+scaled(boardWithin), boardAtMost))
	}
	return limits{
		first: min(since+first, boardBy),
		board: boardBy,
		whole: min(since+scaled(wholeWithin), wholeAtMost),
		pause: scaled(pauseWithin),
	}
}
