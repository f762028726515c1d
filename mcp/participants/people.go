package participants

import (
	"context"
	"errors"
	"time"

	"seance/internal/door"
	"seance/internal/seance"
	"seance/mcp/tools"
)

// A person is somebody as clients see them.
type person struct {
	ParticipantID string `json:"participant_id"`
	Name          string `json:"display_name"`
	Locale        string `json:"locale,omitempty"`
	Consent       bool   `json:"consent"`
	SeenAt        string `json:"seen_at"`
}

func shown(p seance.Person) person { return person{p.ID, p.Name, p.Locale, p.Consent, when(p.SeenAt)} }

func (p *server) addPeople(s *tools.Server) {
	tools.Add(s, tools.Tool{Name: "remember_participant", Title: "Remember somebody", Hint: tools.Adds,
		Description: "Keeps or changes somebody's profile. Without their consent only that they said no is kept, and notes go."}, p.remember)
	tools.Add(s, tools.Tool{Name: "find_participants", Title: "Find people",
		Description: "Lists people who are known across séances, those seen last first."}, p.find)
	tools.Add(s, tools.Tool{Name: "get_participant", Title: "What is known of somebody",
		Description: "Somebody's profile, last visits and newest notes."}, p.get)
	tools.Add(s, tools.Tool{Name: "note_participant", Title: "Note something", Hint: tools.Adds,
		Description: "Notes something true about somebody who agreed to be remembered."}, p.note)
}

type rememberIn struct {
	ParticipantID string `json:"participant_id" min:"1" max:"64" jsonschema:"theirs, or a new one of yours"`
	Name          string `json:"display_name" max:"120"`
	Locale        string `json:"locale,omitempty" max:"35" jsonschema:"BCP 47, such as de-CH"`
	Consent       bool   `json:"consent" jsonschema:"whether they agreed to be remembered"`
}

type rememberOut struct {
	Participant person `json:"participant"`
	Created     bool   `json:"created"`
}

func (p *server) remember(ctx context.Context, in rememberIn) (rememberOut, error) {
	name, err := door.Name(in.Name)
	if err != nil && in.Consent {
		return rememberOut{}, err
	}
	now := time.Now()
	kept, created, err := p.store.Remember(ctx, seance.Person{
		ID: in.ParticipantID, Name: name, Locale: in.Locale, Consent: in.Consent, CreatedAt: now, SeenAt: now,
	})
	return rememberOut{shown(kept), created}, err
}

type findIn struct {
	Query     string `json:"query,omitempty" max:"120" jsonschema:"part of a name"`
	SeenSince string `json:"seen_since,omitempty" jsonschema:"RFC 3339"`
	tools.Paging
}

type findOut struct {
	Participants []person `json:"participants"`
	tools.Paged
}

func (p *server) find(ctx context.Context, in findIn) (out findOut, err error) {
	query := seance.PersonQuery{Query: in.Query}
	if in.SeenSince != "" {
		if query.Since, err = time.Parse(time.RFC3339, in.SeenSince); err != nil {
			return out, tools.Wrong("seen_since is %q: write it as 2026-11-22T20:00:00Z", in.SeenSince)
		}
	}
	out.Participants, out.Paged, err = tools.List("people", in.Paging,
		func(page seance.Page) ([]seance.Person, string, error) {
			query.Page = page
			people, next, err := p.store.Persons(ctx, query)
			return people, next, err
		}, shown)
	return out, err
}

type getIn struct {
	ParticipantID string `json:"participant_id"`
	NotesLimit    int    `json:"notes_limit,omitempty" min:"1" max:"100" jsonschema:"20 if left out"`
	Cursor        string `json:"cursor,omitempty" jsonschema:"next_cursor: older notes"`
}

type visit struct {
	SeanceID string `json:"seance_id"`
	Event    string `json:"event"`
	At       string `json:"at"`
}

func visitOf(v seance.Visit) visit {
	event := "join"
	if v.Leaves {
		event = "leave"
	}
	return visit{string(v.Session), event, when(v.At)}
}

type note struct {
	NoteID   string `json:"note_id"`
	SeanceID string `json:"seance_id,omitempty"`
	Text     string `json:"text"`
	At       string `json:"at"`
}

func noteOf(n seance.Note) note { return note{n.ID, string(n.Session), n.Text, when(n.At)} }

type getOut struct {
	Profile person  `json:"profile"`
	Visits  []visit `json:"visits"` // the last 10
	Notes   []note  `json:"notes"`
	tools.Paged
}

const lastVisits = 10

func (p *server) get(ctx context.Context, in getIn) (out getOut, err error) {
	if out.Profile, err = p.profile(ctx, in.ParticipantID); err != nil {
		return out, err
	}
	visits, _, err := p.store.Visits(ctx, in.ParticipantID, seance.Page{Limit: lastVisits})
	if err != nil {
		return out, err
	}
	out.Visits = make([]visit, 0, len(visits))
	for _, v := range visits {
		out.Visits = append(out.Visits, visitOf(v))
	}
	out.Notes, out.Paged, err = tools.List("notes "+in.ParticipantID, tools.Paging{Limit: in.NotesLimit, Cursor: in.Cursor},
		func(page seance.Page) ([]seance.Note, string, error) {
			notes, next, err := p.store.Notes(ctx, in.ParticipantID, page)
			return notes, next, err
		}, noteOf)
	return out, err
}

// profile is what is known of a person, or else of somebody who sat in one séance.
func (p *server) profile(ctx context.Context, id string) (person, error) {
	known, err := p.store.Person(ctx, id)
	if err == nil {
		return shown(known), nil
	}
	if !errors.Is(err, seance.ErrNotFound) {
		return person{}, err
	}
	visits, _, err := p.store.Visits(ctx, id, seance.Page{Limit: 1})
	if err != nil {
		return person{}, err
	}
	if len(visits) == 0 {
		return person{}, nobody(id)
	}
	name, err := p.nameIn(ctx, visits[0].Session, id)
	return person{ParticipantID: id, Name: name, SeenAt: when(visits[0].At)}, err
}

// nameIn is what somebody was called in a séance.
func (p *server) nameIn(ctx context.Context, session seance.SessionID, id string) (string, error) {
	seated, err := p.store.Participants(ctx, session)
	for _, one := range seated {
		if string(one.ID) == id || one.Soul == id {
			return one.Name, nil
		}
	}
	return "", err
}

type noteIn struct {
	NoteID        string `json:"note_id" min:"1" max:"64" jsonschema:"yours; again, it changes nothing"`
	ParticipantID string `json:"participant_id"`
	Text          string `json:"text" min:"1" max:"300"`
	SeanceID      string `json:"seance_id,omitempty"`
}

type createdOut struct {
	Created bool `json:"created"`
}

func (p *server) note(ctx context.Context, in noteIn) (createdOut, error) {
	n := seance.Note{ID: in.NoteID, Person: in.ParticipantID, Text: in.Text, At: time.Now()}
	if in.SeanceID != "" {
		session, err := tools.SessionOf(ctx, p.store, in.SeanceID)
		if err != nil {
			return createdOut{}, err
		}
		n.Session = session.ID
	}
	created, err := p.store.AddNote(ctx, n)
	switch {
	case errors.Is(err, seance.ErrForbidden):
		return createdOut{}, tools.Wrong("they did not agree to be remembered, so nothing is noted of them")
	case errors.Is(err, seance.ErrNotFound):
		return createdOut{}, tools.Wrong("nobody with the participant_id %q agreed to be remembered, so nothing is noted of them", in.ParticipantID)
	}
	return createdOut{created}, err
}
