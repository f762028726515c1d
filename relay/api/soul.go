package api

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"seance/internal/seance"
)

// Souls keep who agreed to be known from one session to the next.
type Souls interface {
	seance.People
	// Sessions returns where somebody sat.
	Sessions(ctx context.Context, q seance.SessionQuery) (sessions []seance.Session, next string, err error)
	// Asked returns what somebody asked and was answered, newest first.
	Asked(ctx context.Context, person string, p seance.Page) (asked []seance.Exchange, next string, err error)
}

// soulScheme is the Authorization of who proves themselves by their secret, without a seat anywhere.
const soulScheme = "Soul"

// known asks for a token, or for the secret itself.
var known = []map[string][]string{{"token": {}}, {"soul": {}}}

type soulInput struct {
	Authorization string `header:"Authorization" hidden:"true"`
}

type rememberedInput struct {
	Authorization string `header:"Authorization" hidden:"true"`
	After         string `query:"after" maxLength:"128" doc:"next of the page before: older questions"`
	Limit         int    `query:"limit" minimum:"1" maximum:"100" default:"50" doc:"How many questions"`
}

type madeSoul struct {
	Soul string `json:"soul" doc:"The secret. It is told this once and never again: only its hash is kept here"`
}

// A remembered soul is everything that is kept of somebody, as they themselves see it. Times are ms since the epoch.
type remembered struct {
	Remembered bool        `json:"remembered" doc:"They agreed to be known; else this is what their seat alone has"`
	Name       string      `json:"name" doc:"Empty once it was forgotten"`
	Since      *int64      `json:"since" doc:"When they agreed; null if they did not"`
	Sittings   []sat       `json:"sittings" nullable:"false" doc:"Where they sat, the last 100, newest first"`
	Notes      []soulNote  `json:"notes" nullable:"false" doc:"What was written down about them, the last 100, newest first"`
	Questions  []soulAsked `json:"questions" nullable:"false" doc:"What they asked, newest first"`
	Next       *string     `json:"next" doc:"after of the next page of questions; null when this is the last"`
}

type sat struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	Spirit string `json:"spirit"`
	At     int64  `json:"at"`
}

type soulNote struct {
	At   int64  `json:"at"`
	Text string `json:"text"`
}

type soulAsked struct {
	At     int64  `json:"at"`
	Code   string `json:"code"`
	Text   string `json:"text"`
	Answer string `json:"answer" doc:"What was spelled; empty if nothing was"`
}

// errNameless refuses to remember somebody without a name.
var errNameless = &seance.Fault{
	Kind: seance.ErrForbidden, Say: "This seat was forgotten and has no name. Take another one to be remembered.",
}

// shared is the most of each list that a soul is shown at once.
const shared = 100

// souls registers the routes of who is known from one session to the next.
func (s *Server) souls() {
	const path = "/api/soul"
	route(s, huma.Operation{
		OperationID: "remember-me", Method: http.MethodPost, Path: path,
		Summary: "Agree to be remembered. Again makes a new secret in place of the old", Security: holder,
		Errors: []int{http.StatusUnauthorized, http.StatusForbidden},
	}, s.rememberMe)
	route(s, huma.Operation{
		OperationID: "get-soul", Method: http.MethodGet, Path: path,
		Summary: "See everything that is remembered of you", Security: known,
		Errors: []int{http.StatusUnauthorized, http.StatusUnprocessableEntity},
	}, s.whatIsRemembered)
	route(s, huma.Operation{
		OperationID: "forget-me", Method: http.MethodDelete, Path: path,
		Summary:  "Have all of it forgotten; who did not agree to be remembered is forgotten in this session. Again is fine",
		Security: known, Errors: []int{http.StatusUnauthorized},
	}, s.forgetMe)
}

// hashed is a secret as it is kept.
func hashed(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// newSecret is 128 random bits as a browser keeps them.
func newSecret() string {
	var bits [16]byte
	_, _ = rand.Read(bits[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(bits[:])
}

// soul is the id of who has a secret and still agrees to be known, or empty. A store that does not answer is an error:
// browsers throw a secret away that nobody knows.
func (s *Server) soul(ctx context.Context, secret string) (string, error) {
	if secret == "" || s.people == nil {
		return "", nil
	}
	p, err := s.people.Soul(ctx, hashed(secret))
	switch {
	case errors.Is(err, seance.ErrNotFound) || err == nil && !p.Consent:
		return "", nil
	case err != nil:
		return "", fmt.Errorf("read a soul: %w", err)
	}
	return p.ID, nil
}

// seatOf finds the seat that a token names, wherever it is.
func (s *Server) seatOf(ctx context.Context, authorization string) (p seance.Participant, err error) {
	scheme, signed, _ := strings.Cut(authorization, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return p, seance.ErrUnauthorized
	}
	claims, err := s.tokens.Verify(strings.TrimSpace(signed))
	if err != nil {
		return p, seance.ErrUnauthorized
	}
	_, p, err = s.holds(ctx, authorization, string(claims.Session))
	if errors.Is(err, seance.ErrNotFound) {
		return p, seance.ErrUnauthorized // the session was purged
	}
	return p, err
}

// who finds the person that a secret names, or else the seat that a token names, under the id that everything of them
// is kept by.
func (s *Server) who(ctx context.Context, authorization string) (id string, p seance.Participant, err error) {
	if s.people == nil {
		return "", p, seance.ErrUnavailable
	}
	scheme, secret, _ := strings.Cut(authorization, " ")
	if strings.EqualFold(scheme, soulScheme) {
		id, err = s.soul(ctx, strings.TrimSpace(secret))
		if err == nil && id == "" {
			err = seance.ErrUnauthorized
		}
		return id, p, err
	}
	if p, err = s.seatOf(ctx, authorization); err != nil {
		return "", p, err
	}
	if p.Soul != "" {
		return p.Soul, p, nil
	}
	return string(p.ID), p, nil
}

// oneSoul waits for its turn to change who is remembered: nobody becomes two people because they asked twice at once.
func (s *Server) oneSoul(ctx context.Context) (done func(), err error) {
	select {
	case s.changing <- struct{}{}:
		return func() { <-s.changing }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("somebody else is remembered: %w", seance.ErrUnavailable)
	}
}

func (s *Server) rememberMe(ctx context.Context, in *soulInput) (out madeSoul, err error) {
	if s.people == nil {
		return out, seance.ErrUnavailable
	}
	done, err := s.oneSoul(ctx)
	if err != nil {
		return out, err
	}
	defer done()
	p, err := s.seatOf(ctx, in.Authorization)
	switch {
	case err != nil:
		return out, err
	case p.Name == "":
		return out, errNameless
	}
	if p.Soul == "" { // the seat first: what fails behind it is found by who tries again, or is forgotten
		p.Soul = newID()
		if err := s.store.Bind(ctx, p.Session, p.ID, p.Soul); err != nil {
			return out, fmt.Errorf("bind %s: %w", p.ID, err)
		}
	}
	name := p.Name
	if before, err := s.people.Person(ctx, p.Soul); err == nil && before.Name != "" {
		name = before.Name
	} else if err != nil && !errors.Is(err, seance.ErrNotFound) {
		return out, fmt.Errorf("person %s: %w", p.Soul, err)
	}
	out.Soul = newSecret()
	now := time.Now().UTC()
	if _, _, err := s.people.Remember(ctx, seance.Person{
		ID: p.Soul, Name: name, Consent: true, Secret: hashed(out.Soul), CreatedAt: now, SeenAt: now,
	}); err != nil {
		return madeSoul{}, fmt.Errorf("remember %s: %w", p.Soul, err)
	}
	s.hub.Known(ctx, p)
	return out, nil
}

func (s *Server) whatIsRemembered(ctx context.Context, in *rememberedInput) (out remembered, err error) {
	id, p, err := s.who(ctx, in.Authorization)
	if err != nil {
		return out, err
	}
	out = remembered{Name: p.Name, Sittings: []sat{}, Notes: []soulNote{}, Questions: []soulAsked{}}
	person, err := s.people.Person(ctx, id)
	switch {
	case err == nil && person.Consent:
		since := person.CreatedAt.UnixMilli()
		out.Remembered, out.Name, out.Since = true, person.Name, &since
	case err != nil && !errors.Is(err, seance.ErrNotFound):
		return out, fmt.Errorf("person %s: %w", id, err)
	}
	sessions, _, err := s.people.Sessions(ctx, seance.SessionQuery{Person: id, Page: seance.Page{Limit: shared}})
	if err != nil {
		return out, fmt.Errorf("sessions of %s: %w", id, err)
	}
	for _, at := range sessions {
		out.Sittings = append(out.Sittings, sat{at.Code, at.Name, at.Spirit, at.StartedAt.UnixMilli()})
	}
	notes, _, err := s.people.Notes(ctx, id, seance.Page{Limit: shared})
	if err != nil {
		return out, fmt.Errorf("notes on %s: %w", id, err)
	}
	for _, n := range notes {
		out.Notes = append(out.Notes, soulNote{n.At.UnixMilli(), n.Text})
	}
	asked, next, err := s.people.Asked(ctx, id, seance.Page{Limit: in.Limit, After: in.After})
	if err != nil {
		return out, fmt.Errorf("questions of %s: %w", id, err)
	}
	if next != "" {
		out.Next = &next
	}
	codes := map[seance.SessionID]string{}
	for _, at := range sessions {
		codes[at.ID] = at.Code
	}
	for _, e := range asked {
		if _, ok := codes[e.Session]; !ok {
			at, err := s.store.Session(ctx, string(e.Session))
			if err != nil {
				return out, fmt.Errorf("session %s: %w", e.Session, err)
			}
			codes[e.Session] = at.Code
		}
		out.Questions = append(out.Questions, soulAsked{e.At.UnixMilli(), codes[e.Session], e.Text, e.Board})
	}
	return out, nil
}

// forgetMe erases first and tells the live tables then: when it answers, this node's boards are told.
func (s *Server) forgetMe(ctx context.Context, in *soulInput) (nothing, error) {
	done, err := s.oneSoul(ctx)
	if err != nil {
		return nothing{}, err
	}
	defer done()
	id, _, err := s.who(ctx, in.Authorization)
	if err != nil {
		return nothing{}, err
	}
	if _, err := s.people.ForgetPerson(ctx, id, false); err != nil && !errors.Is(err, seance.ErrNotFound) {
		return nothing{}, fmt.Errorf("forget %s: %w", id, err)
	}
	if err := s.hub.LookForErased(ctx); err != nil {
		s.log.WarnContext(ctx, "tables not told of what is forgotten; they look by themselves", "err", err)
	}
	return nothing{}, nil
}
