package hooks

import (
	"encoding/json"
	"strconv"
	"time"

	"seance/internal/seance"
)

// An event is what a command reads on its standard input.
type event struct {
	Name        seance.Trigger   `json:"hook_event_name"`
	Dir         string           `json:"cwd"`
	At          time.Time        `json:"at"`
	Session     seance.SessionID `json:"session_id,omitempty"`
	Spirit      string           `json:"spirit,omitempty"`
	Present     []person         `json:"present,omitempty"`
	Participant *person          `json:"participant,omitempty"`
	Question    string           `json:"question,omitempty"`
	Answer      string           `json:"answer,omitempty"` // what was spelled
	Seq         uint64           `json:"seq,omitempty"`
	Rating      int              `json:"rating,omitempty"`
	Silent      float64          `json:"silent_seconds,omitempty"`
	FilePath    string           `json:"file_path,omitempty"`
}

type person struct {
	ID   seance.ParticipantID `json:"id"`
	Name string               `json:"name"`
	Role seance.Role          `json:"role"`
}

func (e event) bytes() []byte {
	data, err := json.Marshal(e)
	if err != nil {
		panic(err) // texts, numbers and a time of our own
	}
	return append(data, '\n')
}

func people(list []seance.Participant) []person {
	all := make([]person, len(list))
	for i, p := range list {
		all[i] = person{p.ID, p.Name, p.Role}
	}
	return all
}

func (r *Runner) eventOf(o seance.Occasion) []byte {
	e := event{
		Name: o.Trigger, Dir: r.root, At: o.At, Session: o.Session.ID, Spirit: o.Session.Spirit, Present: people(o.Present),
		Question: o.Question, Answer: o.Board, Seq: o.Seq, Rating: o.Rating, Silent: o.Silent.Seconds(),
	}
	if o.Participant != nil {
		e.Participant = &people([]seance.Participant{*o.Participant})[0]
	}
	return e.bytes()
}

// subject is what a matcher tests.
func subject(o seance.Occasion) string {
	switch o.Trigger {
	case seance.ParticipantJoined, seance.ParticipantLeft:
		if o.Participant != nil {
			return o.Participant.Name
		}
	case seance.QuestionAsked:
		return o.Question
	case seance.AnswerGiven:
		return o.Board
	case seance.AnswerRated:
		return strconv.Itoa(o.Rating)
	}
	return ""
}
