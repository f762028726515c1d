package ws

import (
	"context"
	"errors"
	"time"

	"seance/internal/seance"
	"seance/relay"
	"seance/relay/wire"
)

var (
	errJoinFirst = &seance.Fault{Kind: seance.ErrBadRequest, Say: "Join a session first: the first call is join_session."}
	errBinary    = &seance.Fault{Kind: seance.ErrBadRequest, Say: "Send text frames: binary ones are not used here."}
	errTooFast   = &seance.Fault{Kind: seance.ErrRateLimited, Say: "Too many frames at once. Slow down.", RetryAfter: time.Second}
)

// take makes a call that was read, or answers what was wrong with it. At is when it arrived.
func (l *line) take(ctx context.Context, call wire.Call, err error, at time.Time) {
	switch {
	case l.over:
		l.warn(call.ID)
		return
	case err != nil:
		l.strike(call.ID, err)
		return
	}
	began := l.srv.clock()
	l.do(ctx, call, at)
	if now := l.srv.clock(); now-began > int64(slowCall) {
		l.busy = now
	}
}

func (l *line) do(ctx context.Context, call wire.Call, at time.Time) {
	if join, ok := call.Args.(wire.JoinSession); ok {
		l.joins(ctx, call.ID, join)
		return
	}
	if l.sitting == nil {
		l.strike(call.ID, errJoinFirst)
		return
	}
	switch args := call.Args.(type) {
	case wire.SendMessage:
		asked, err := l.sitting.Ask(ctx, args.MessageID, args.Text)
		l.settle(call, asked, err)
	case wire.SetTyping:
		l.settle(call, struct{}{}, l.sitting.Type(args.Typing))
	case wire.MoveHand:
		if args.Lifted {
			l.settle(call, struct{}{}, l.sitting.Lift())
		} else {
			l.settle(call, struct{}{}, l.sitting.Move(args.X, args.Y))
		}
	case wire.RateAnswer:
		l.settle(call, struct{}{}, l.sitting.Rate(ctx, args.Seq, args.Value))
	case wire.SyncClock:
		l.answer(call.ID, wire.Clock{T0: args.T0, T1: wire.Millis(at), T2: wire.Millis(l.srv.opts.Now())})
	case wire.LeaveSession:
		l.vacate(sitting.Leave)
		l.expectJoin()
		l.answer(call.ID, struct{}{})
	}
}

// settle answers a call with what came of it.
func (l *line) settle(call wire.Call, data any, err error) {
	if err == nil {
		l.answer(call.ID, data)
		return
	}
	if wire.CodeOf(err) == wire.CodeInternal {
		l.log.Error("call failed", "call", call.Event, "err", err)
	}
	l.fail(call.ID, err)
}

// joins takes a seat. Joining again on the same line takes a new one: that is how a board mends a gap in seq.
func (l *line) joins(ctx context.Context, id string, args wire.JoinSession) {
	claims, err := l.srv.opts.Tokens.Verify(args.Token)
	if err != nil {
		l.fail(id, seance.ErrUnauthorized)
		l.out.close(wire.CloseUnauthorized, "no valid token")
		return
	}
	// The old seat is given up after the new one is taken, so that nobody sees the person leave.
	old, oldSeat := l.sitting, l.seat
	if old != nil {
		oldSeat.mute()
		defer old.Lost()
		l.sitting, l.seat = nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, l.srv.opts.Limits.Join)
	defer cancel()
	seat := &seat{line: l, id: id}
	sitting, err := l.srv.join(ctx, relay.Ticket{Session: claims.Session, Participant: claims.Participant, Since: args.Since}, seat)
	if err != nil {
		if wire.CodeOf(err) == wire.CodeInternal {
			l.log.Error("join failed", "session", claims.Session, "participant", claims.Participant, "err", err)
		}
		l.fail(id, err)
		l.expectJoin()
		l.turnAway(err)
		return
	}
	l.seat, l.sitting = seat, sitting
	l.joinBy.Store(0)
	l.log = l.srv.opts.Log.With("session", claims.Session, "participant", claims.Participant)
	l.ping(l.srv.clock()) // the round trip is wanted before the first answer
}

// turnAway closes a line whose join cannot go better the next time.
func (l *line) turnAway(err error) {
	switch {
	case errors.Is(err, seance.ErrUnauthorized):
		l.out.close(wire.CloseUnauthorized, "no valid token")
	case errors.Is(err, seance.ErrForbidden):
		l.out.close(wire.CloseKicked, reasons[wire.CloseKicked])
	case errors.Is(err, seance.ErrClosed):
		l.out.close(wire.CloseEnded, reasons[wire.CloseEnded])
	}
}
