package wire

import (
	"errors"
	"fmt"

	"seance/internal/seance"
)

// The events a server sends.
const (
	EventUserJoined     = "user_joined"
	EventUserLeft       = "user_left"
	EventUserTyping     = "user_typing"
	EventQuestionAsked  = "question_asked"
	EventSpiritThinking = "spirit_thinking"
	EventSpiritResponse = "spirit_response"
	EventSpiritWhisper  = "spirit_whisper"
	EventSpiritQuiet    = "spirit_quiet"
	EventHands          = "hands"
	EventWhoseHand      = "whose_hand"
	EventCare           = "care"
	EventHush           = "hush"
	EventSessionUpdated = "session_updated"
	EventSessionEnded   = "session_ended"
	EventMessagesErased = "messages_erased"
	EventError          = "error"
)

// FromEvent is the frame of what a room publishes. A question needs its Asker, unless it was erased. What has Moved
// has none: boards are shown all hands at once.
func FromEvent(ev seance.Event) (*Prepared, error) {
	switch {
	case ev.Message != nil:
		return fromMessage(*ev.Message, ev.Asker)
	case ev.Joined != nil:
		return Prepare(EventUserJoined, UserJoined{ParticipantOf(ev.Joined.Participant), ev.Joined.Count})
	case ev.Left != nil:
		return Prepare(EventUserLeft, UserLeft{ev.Left.Participant, ev.Left.Reason, ev.Left.Count})
	case ev.Typing != nil:
		return Prepare(EventUserTyping, UserTyping{ev.Typing.Participant, ev.Typing.Typing})
	case ev.Thinking != nil:
		return Prepare(EventSpiritThinking, SpiritThinking{ev.Thinking.QuestionSeq, ev.Thinking.Spirit, ev.At.UnixMilli()})
	case ev.Quiet != nil:
		q := SpiritQuiet{}
		if ev.Quiet.QuestionSeq != 0 {
			q.QuestionSeq = &ev.Quiet.QuestionSeq
		}
		return Prepare(EventSpiritQuiet, q)
	case ev.Hands != nil:
		return Prepare(EventHands, handsOf(ev.At.UnixMilli(), *ev.Hands))
	case ev.Whose != nil:
		return Prepare(EventWhoseHand, whoseHandOf(*ev.Whose))
	case ev.Care != nil:
		return Prepare(EventCare, *ev.Care)
	case ev.Hush != nil:
		return Prepare(EventHush, Hush{ev.Hush.For.Milliseconds()})
	case ev.Updated != nil:
		return Prepare(EventSessionUpdated, SessionUpdated{SessionOf(*ev.Updated, ev.Present)})
	}
	return nil, errors.New("frame of an event that says nothing")
}

func fromMessage(m seance.Message, asker *seance.Participant) (*Prepared, error) {
	event, ok := eventOf[m.Kind]
	if !ok {
		return nil, fmt.Errorf("frame of message %d: unknown kind %q", m.Seq, m.Kind)
	}
	if m.Erased {
		return Prepare(event, Erased{m.Seq, true})
	}
	at := m.At.UnixMilli()
	switch m.Kind {
	case seance.KindQuestion:
		if asker == nil {
			return nil, fmt.Errorf("frame of question %d: who asked is not given", m.Seq)
		}
		id := m.Key
		if id == "" {
			id = string(m.ID)
		}
		return Prepare(event, QuestionAsked{m.Seq, at, id, ParticipantOf(*asker), m.Text, m.Position})
	case seance.KindAnswer:
		r := SpiritResponse{Seq: m.Seq, At: at, Board: m.Board, Score: m.Score, Source: m.Source}
		if m.Refers != 0 {
			r.QuestionSeq = &m.Refers
		}
		return Prepare(event, r)
	case seance.KindWhisper:
		return Prepare(event, SpiritWhisper{m.Seq, at, m.Refers, m.Text})
	default:
		return Prepare(event, SessionEnded{m.Seq, at, seance.EndReason(m.Text)})
	}
}

// eventOf names the event of each kind of kept message.
var eventOf = map[seance.Kind]string{
	seance.KindQuestion: EventQuestionAsked,
	seance.KindAnswer:   EventSpiritResponse,
	seance.KindWhisper:  EventSpiritWhisper,
	seance.KindEnd:      EventSessionEnded,
}
