package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"seance/internal/door"
	"seance/internal/seance"
	"seance/internal/token"
	"seance/relay/wire"
)

// tries is how many codes are drawn before a session is refused: with ten thousand sessions open one draw in thirty is
// taken, so nobody sees the last of them.
const tries = 20

// maxTitle is the most graphemes of a sitting's name.
const maxTitle = 60

type newSession struct {
	HostName   string       `json:"host_name" doc:"What the others call the host; 24 graphemes at most"`
	Name       string       `json:"name,omitempty" doc:"What the sitting is called; 60 characters at most"`
	Spirit     string       `json:"spirit,omitempty" doc:"Whom to summon, an id of /api/spirits; the first of them if empty"`
	Passphrase string       `json:"passphrase,omitempty" maxLength:"128" doc:"Who joins has to know it; nobody has to if empty"`
	Settings   *newSettings `json:"settings,omitempty" doc:"What is left out is as usual"`
	Soul       string       `json:"soul,omitempty" maxLength:"128" doc:"The secret of POST /api/soul; one that nobody has is passed over"`
}

type newSettings struct {
	Tone      seance.Tone     `json:"tone,omitempty" enum:"family,adult"`
	Spelling  seance.Spelling `json:"spelling,omitempty" enum:"short,full"`
	WhoseHand *bool           `json:"whose_hand,omitempty"`
}

type newPlayer struct {
	Name       string      `json:"name,omitempty" doc:"What the others call you, 24 graphemes at most; not needed by who comes back with a token"`
	Passphrase string      `json:"passphrase,omitempty" maxLength:"128"`
	Role       seance.Role `json:"role,omitempty" enum:"player,spectator" doc:"player if empty"`
	Soul       string      `json:"soul,omitempty" maxLength:"128" doc:"The secret of POST /api/soul; one that nobody has is passed over"`
}

type created struct {
	Session     wire.Session     `json:"session"`
	Participant wire.Participant `json:"participant"`
	Token       string           `json:"token" doc:"Your place at the table, for 30 days"`
	Known       bool             `json:"known" doc:"You are remembered: this place is a returning soul's"`
	JoinURL     string           `json:"join_url" doc:"Where your friends join"`
}

type joined struct {
	Session     wire.Session     `json:"session"`
	Participant wire.Participant `json:"participant"`
	Token       string           `json:"token" doc:"Your place at the table, for 30 days"`
	Known       bool             `json:"known" doc:"You are remembered: this place is a returning soul's"`
}

type found struct {
	Session wire.Session `json:"session"`
}

type nothing struct{}

type createInput struct {
	From caller
	Body newSession
}

type getInput struct {
	Key string `path:"key" doc:"A session's id, or its code in any case" example:"RAVEN-417"`
}

type joinInput struct {
	Key           string `path:"key" doc:"A session's id, or its code in any case" example:"RAVEN-417"`
	Authorization string `header:"Authorization" hidden:"true"`
	From          caller
	Body          *newPlayer
}

// sessions registers the routes of sessions.
func (s *Server) sessions() {
	const path = "/api/sessions"
	route(s, huma.Operation{
		OperationID: "create-session", Method: http.MethodPost, Path: path, DefaultStatus: http.StatusCreated,
		Summary: "Begin a sitting", Errors: []int{http.StatusUnprocessableEntity},
	}, s.create)
	route(s, huma.Operation{
		OperationID: "get-session", Method: http.MethodGet, Path: path + "/{key}",
		Summary: "See what a sitting is, without who sits there", Errors: []int{http.StatusNotFound},
	}, s.get)
	route(s, huma.Operation{
		OperationID: "join-session", Method: http.MethodPost, Path: path + "/{key}/join",
		Summary: "Take a place, or come back to it with its token", Security: anyone,
		Errors: []int{
			http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusGone,
			http.StatusUnprocessableEntity,
		},
	}, s.join)
}

// Resolve adds what no schema can say to the fields that are not right.
func (in *createInput) Resolve(ctx huma.Context) (errs []error) {
	b := &in.Body
	errs = append(errs, clean(&b.HostName, "host_name", door.Name)...)
	if b.Name != "" {
		errs = append(errs, clean(&b.Name, "name", title)...)
	}
	s := serverOf(ctx)
	if _, ok := s.persona(b.Spirit); !ok {
		errs = append(errs, &invalid{detail{"spirit", "no spirit answers to that name; see /api/spirits"}, seance.ErrBadRequest})
	}
	return errs
}

// Resolve checks the name of somebody new.
func (in *joinInput) Resolve(huma.Context) []error {
	if in.Body == nil {
		in.Body = &newPlayer{}
	}
	if in.Authorization != "" {
		return nil // the name stays what it was
	}
	return clean(&in.Body.Name, "name", door.Name)
}

// title cleans what a host calls a sitting.
func title(said string) (string, error) {
	kept, err := door.Text(said, maxTitle)
	if err != nil {
		return "", &seance.Fault{
			Kind: seance.ErrInvalidText, Say: fmt.Sprintf("A sitting's name is plain words, %d characters at most.", maxTitle),
		}
	}
	return kept, nil
}

// clean replaces a field by what the door makes of it.
func clean(field *string, path string, through func(string) (string, error)) []error {
	kept, err := through(*field)
	if err != nil {
		return []error{&invalid{detail{path, wire.ErrorOf(err).Message}, err}}
	}
	*field = kept
	return nil
}

func (s *Server) create(ctx context.Context, in *createInput) (out created, err error) {
	persona, _ := s.persona(in.Body.Spirit)
	opened := seance.Session{
		ID: seance.SessionID(newID()), Name: in.Body.Name, Spirit: persona.ID,
		Settings: in.Body.Settings.over(seance.DefaultSettings()), Seed: newSeed(), StartedAt: time.Now().UTC(),
	}
	if opened.Name == "" {
		opened.Name = "A sitting with " + persona.Title
	}
	if in.Body.Passphrase != "" {
		if opened.Passphrase, err = s.guesses.secrets.Hash(ctx, in.Body.Passphrase); err != nil {
			return out, fmt.Errorf("passphrase: %w", err)
		}
	}
	for i := 0; ; i++ {
		opened.Code = newCode()
		err = s.store.OpenSession(ctx, opened)
		if !errors.Is(err, seance.ErrExists) || i == tries {
			break
		}
	}
	if err != nil {
		return out, fmt.Errorf("open session: %w", err)
	}
	host, signed, err := s.seat(ctx, opened, in.Body.HostName, seance.Host, in.Body.Soul)
	if err != nil {
		return out, err
	}
	s.hub.Opened(opened)
	return created{
		Session: wire.SessionOf(opened, 0), Participant: wire.ParticipantOf(host), Token: signed,
		Known: host.Soul != "", JoinURL: s.joinURL(in.From.origin, opened.Code),
	}, nil
}

// over is the usual settings with what was chosen put over them.
func (n *newSettings) over(usual seance.Settings) seance.Settings {
	if n == nil {
		return usual
	}
	if n.Tone != "" {
		usual.Tone = n.Tone
	}
	if n.Spelling != "" {
		usual.Spelling = n.Spelling
	}
	if n.WhoseHand != nil {
		usual.WhoseHand = *n.WhoseHand
	}
	return usual
}

// seat enrols somebody new, known by their secret if they have one, and signs their token.
func (s *Server) seat(
	ctx context.Context, at seance.Session, name string, role seance.Role, secret string,
) (seance.Participant, string, error) {
	soul, err := s.soul(ctx, secret)
	if err != nil {
		return seance.Participant{}, "", err
	}
	p, err := s.store.Enrol(ctx, seance.Participant{
		ID: seance.ParticipantID(newID()), Session: at.ID, Name: name, Role: role, JoinedAt: time.Now().UTC(),
		Soul: soul,
	})
	if err != nil {
		return p, "", fmt.Errorf("enrol in %s: %w", at.ID, err)
	}
	signed, err := s.sign(p)
	return p, signed, err
}

func (s *Server) sign(p seance.Participant) (string, error) {
	signed, err := s.tokens.Issue(token.Claims{Participant: p.ID, Session: p.Session, Role: p.Role}, time.Now())
	if err != nil {
		return "", fmt.Errorf("token of %s: %w", p.ID, err)
	}
	return signed, nil
}

func (s *Server) get(ctx context.Context, in *getInput) (out found, err error) {
	at, err := s.store.Session(ctx, in.Key)
	if err != nil {
		return out, fmt.Errorf("session: %w", err)
	}
	return found{s.show(at)}, nil
}

func (s *Server) join(ctx context.Context, in *joinInput) (out joined, err error) {
	if in.Authorization != "" {
		return s.rejoin(ctx, in)
	}
	at, err := s.store.Session(ctx, in.Key)
	if err != nil {
		return out, fmt.Errorf("session: %w", err)
	}
	if !at.Open() {
		return out, seance.ErrClosed
	}
	if at.Locked {
		return out, seance.ErrLocked
	}
	if err := s.guesses.check(ctx, in.From.address, at.Passphrase, in.Body.Passphrase); err != nil {
		return out, err
	}
	role := in.Body.Role
	if role == "" {
		role = seance.Player
	}
	if s.hub.Full(at.ID, role) {
		return out, seance.ErrFull
	}
	p, signed, err := s.seat(ctx, at, in.Body.Name, role, in.Body.Soul)
	if err != nil {
		return out, err
	}
	return joined{Session: s.show(at), Participant: wire.ParticipantOf(p), Token: signed, Known: p.Soul != ""}, nil
}

// rejoin gives somebody back the place that their token names, whatever has been locked since, with a fresh token.
func (s *Server) rejoin(ctx context.Context, in *joinInput) (out joined, err error) {
	at, p, err := s.holds(ctx, in.Authorization, in.Key)
	if err != nil {
		return out, err
	}
	if !at.Open() {
		return out, seance.ErrClosed
	}
	signed, err := s.sign(p)
	if err != nil {
		return out, err
	}
	return joined{Session: s.show(at), Participant: wire.ParticipantOf(p), Token: signed, Known: p.Soul != ""}, nil
}

// show is a session as people see it now.
func (s *Server) show(at seance.Session) wire.Session {
	return wire.SessionOf(at, s.hub.Present(at.ID))
}

// joinURL is the link to a session for the friends of somebody who reached the server at origin.
func (s *Server) joinURL(origin, code string) string { return s.reachedAt(origin) + "/s/" + code }

// reachedAt is where the friends of somebody who reached the server at origin will reach it.
func (s *Server) reachedAt(origin string) string {
	if s.public != "" {
		return s.public
	}
	_, name, _ := strings.Cut(origin, "://")
	if s.lan != "" && loopback(name) {
		return s.lan
	}
	return origin
}

// loopback reports whether a Host header leads back to the machine it was written on.
func loopback(hostport string) bool {
	if at, err := netip.ParseAddrPort(hostport); err == nil {
		return at.Addr().IsLoopback()
	}
	name, _, _ := strings.Cut(hostport, ":")
	addr, err := netip.ParseAddr(strings.Trim(hostport, "[]"))
	return strings.EqualFold(name, "localhost") || err == nil && addr.IsLoopback()
}

// newID is a UUIDv7: ids sort by their time.
func newID() string { return uuid.Must(uuid.NewV7()).String() }
