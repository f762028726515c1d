package seance

import "time"

// A Rating is what one participant thinks of one answer.
type Rating struct {
	Session     SessionID     `json:"session"`
	Seq         uint64        `json:"seq"` // the answer's
	Participant ParticipantID `json:"participant"`
	Value       int           `json:"value"` // from WorstRating to BestRating
	At          time.Time     `json:"at"`    // kept to the microsecond, in UTC
}

// The stars that an answer can be given.
const (
	WorstRating = 1
	BestRating  = 5
)

// Valid reports whether r has a value that is one.
func (r Rating) Valid() bool { return r.Value >= WorstRating && r.Value <= BestRating }
