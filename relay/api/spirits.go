package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"seance/steering"
)

type spirits struct {
	Spirits []spirit `json:"spirits" nullable:"false"`
}

type spirit struct {
	ID          string `json:"id" example:"ada"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Lang        string `json:"lang" doc:"The language it speaks, as BCP 47 has it" example:"en"`
}

// spirits registers the route of whom one may summon.
func (s *Server) spirits() {
	route(s, huma.Operation{
		OperationID: "list-spirits", Method: http.MethodGet, Path: "/api/spirits",
		Summary: "See whom one may summon",
	}, func(context.Context, *struct{}) (spirits, error) {
		out := spirits{Spirits: []spirit{}}
		for _, p := range s.personas.Personas() {
			out.Spirits = append(out.Spirits, spirit{ID: p.ID, Title: p.Title, Description: p.Description, Lang: p.Lang})
		}
		return out, nil
	})
}

// persona finds a spirit by its id, the first of them all for an empty one.
func (s *Server) persona(id string) (steering.Persona, bool) {
	for _, p := range s.personas.Personas() {
		if id == "" || p.ID == id {
			return p, true
		}
	}
	return steering.Persona{}, false
}
