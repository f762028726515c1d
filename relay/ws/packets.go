package ws

import (
	"context"
	"time"

	"seance/internal/seance"
	"seance/relay/wire"
)

// packets is what a Socket.IO line has to remember from frame to frame.
type packets struct {
	sid       string
	connected bool

	// A packet whose attachments are still to come. They are counted and dropped.
	attachments int
	call        wire.Call
	err         error
}

var errMidPacket = &seance.Fault{Kind: seance.ErrBadRequest, Say: "The attachments of the last packet are still to come."}

// takePacket takes one text frame of Socket.IO. Whoever does not speak the protocol is closed at once: nothing that
// follows could be understood.
func (l *line) takePacket(ctx context.Context, text []byte, at time.Time) {
	p, err := wire.DecodeSocketIO(text)
	if err != nil {
		l.misread(err)
		return
	}
	switch p.Kind {
	case wire.PacketClose:
		l.out.close(closeNormal, "")
		return
	case wire.PacketPong:
		l.takePong()
		return
	case wire.PacketNoop:
		return
	}
	switch {
	case l.packets.attachments > 0:
		l.misread(errMidPacket)
	case p.Kind == wire.PacketConnect:
		l.connect(p)
	case !l.packets.connected || p.Namespace != "/":
		l.misread(&seance.Fault{Kind: seance.ErrBadRequest, Say: "Connect to the namespace first."})
	case p.Kind == wire.PacketDisconnect:
		l.out.close(closeNormal, "")
	case p.Attachments > 0:
		l.packets.attachments = p.Attachments
		l.packets.call, l.packets.err = wire.Call{}, nil
		if p.Kind == wire.PacketEvent {
			l.packets.call, l.packets.err = p.Call()
		}
	case p.Kind == wire.PacketEvent:
		call, err := p.Call()
		l.take(ctx, call, err, at)
	}
	// What is left is an ack. We ask for none: it answers nothing.
}

// connect enters the main namespace, the only one there is.
func (l *line) connect(p wire.Packet) {
	switch {
	case p.Namespace != "/":
		l.out.send(wire.NoNamespace(p.Namespace))
	case l.packets.connected:
		l.misread(&seance.Fault{Kind: seance.ErrBadRequest, Say: "You are connected already."})
	default:
		l.packets.connected = true
		l.out.send(wire.Connected(l.packets.sid))
	}
}

// takeBinary takes a binary frame: an attachment if one was announced. A packet that had some is refused once they are
// all there.
func (l *line) takeBinary() {
	switch {
	case l.codec == wire.Plain:
		l.strike("", errBinary)
	case l.packets.attachments == 0:
		l.misread(errBinary)
	default:
		l.packets.attachments--
		if l.packets.attachments == 0 && l.packets.err != nil {
			l.strike(l.packets.call.ID, l.packets.err)
		}
	}
}

// misread ends a line that does not speak the protocol, saying why as far as anybody listens.
func (l *line) misread(err error) {
	l.fail("", err)
	l.out.close(wire.CloseBadFrames, wire.ErrorOf(err).Message)
}
