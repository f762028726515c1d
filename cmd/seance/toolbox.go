package main

import (
	"context"
	"log/slog"
	"slices"

	"seance/internal/seance"
	"seance/mcp/analytics"
	"seance/mcp/memory"
	"seance/mcp/participants"
	"seance/mcp/toolbox"
	"seance/mcp/tools"
	"seance/relay"
)

// openToolbox makes the servers that are the spirit's own: whatever agents are kept from, it can be told and note.
func openToolbox(ctx context.Context, archive seance.Archive, version string, log *slog.Logger) (*toolbox.Toolbox, error) {
	o := tools.Options{Version: version, Logger: log}
	return toolbox.Open(ctx, toolbox.Servers{
		Memory: memory.New(archive, o), Participants: participants.New(archive, o), Analytics: analytics.New(archive, o),
	}, toolbox.Options{Logger: log})
}

// noting is a medium whose answers are noted for those who agreed to it, once they are kept. What the spirit would not
// say is nothing to be greeted with.
type noting struct {
	relay.Medium
	box *toolbox.Toolbox
}

// Answer answers, and notes it.
func (n noting) Answer(ctx context.Context, q seance.Question, say func(seance.Part) error) error {
	return n.Medium.Answer(ctx, q, func(p seance.Part) error {
		err := say(p)
		if err == nil && p.Kind == seance.PartBoard && p.Source != seance.SourceDeflection {
			n.box.Told(q, p.Text)
		}
		return err
	})
}

// occasions are all who hear what happens at the tables.
type occasions []relay.Hooks

// Happened tells each of them.
func (all occasions) Happened(o seance.Occasion) {
	for _, one := range all {
		one.Happened(o)
	}
}

// agreeing are the tables, where somebody may agree to be known in the middle of a sitting: what they have asked by then
// is noted as if they had agreed before.
type agreeing struct {
	*relay.Hub
	archive seance.Archive
	box     *toolbox.Toolbox
	log     *slog.Logger
}

// noted is how many of somebody's questions are noted when they agree.
const noted = 10

// Known tells the table, and notes what they asked.
func (a agreeing) Known(ctx context.Context, p seance.Participant) {
	a.Hub.Known(ctx, p)
	if p.Soul == "" {
		return
	}
	asked, _, err := a.archive.Asked(ctx, p.Soul, seance.Page{Limit: noted})
	if err != nil {
		a.log.Warn("what somebody asked before they agreed is not noted", "session", p.Session, "err", err)
	}
	for _, x := range slices.Backward(asked) {
		if x.Board != "" {
			a.box.Told(seance.Question{
				Session: seance.Session{ID: x.Session}, Asker: p, Message: seance.Message{ID: seance.MessageID(x.ID), Text: x.Text},
			}, x.Board)
		}
	}
}
