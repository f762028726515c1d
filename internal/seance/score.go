package seance

import "time"

// A Score is an answer as timed stops: computed once, on the server, kept with the message and replayed as it was.
// Where the planchette is at any moment follows from the score and the server's time alone.
type Score struct {
	Seed     uint32 `json:"seed"`      // boards draw the way between stops from it
	StartsAt int64  `json:"starts_at"` // ms since the epoch
	EndsAt   int64  `json:"ends_at"`   // end of the last hold plus Rest
	Stops    []Stop `json:"stops"`
}

// A Stop is one glyph the planchette visits.
type Stop struct {
	Glyph string `json:"g"`           // A-Z, 0-9, YES, NO or GOODBYE
	At    int    `json:"at"`          // ms after StartsAt when the planchette arrives
	Hold  int    `json:"hold"`        // ms it stays
	Word  bool   `json:"w,omitempty"` // it opens a new word (the first stop of an answer does not say so)
}

// RevealAfter is how long after arriving a letter is revealed.
const RevealAfter = 60 * time.Millisecond

// Rest is how long after the last hold an answer ends, and the next question's turn begins.
const Rest = 600 * time.Millisecond

// End is when the score is over.
func (s Score) End() time.Time { return time.UnixMilli(s.EndsAt) }

// Begin returns the score set to start at the given time.
func (s Score) Begin(at time.Time) Score {
	length := s.EndsAt - s.StartsAt
	s.StartsAt = at.UnixMilli()
	s.EndsAt = s.StartsAt + length
	return s
}
