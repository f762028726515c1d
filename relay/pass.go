package relay

import (
	"time"

	"seance/internal/seance"
	"seance/relay/wire"
)

// apart is how long frames of a busy room wait for one another, so that they reach a seat in one write.
const apart = 25 * time.Millisecond

// A pass takes frames to the seats. The first of a quiet room leaves at once, what follows within 25 ms leaves together.
type pass struct {
	timer   *time.Timer // rings in run while parcels wait
	last    time.Time   // when the last one left
	parcels []parcel    // for the next one, in order
	count   uint64      // parcels so far
	frames  []*wire.Prepared
}

// A parcel is a frame for somebody, or for everyone if to is empty.
type parcel struct {
	frame *wire.Prepared
	to    seance.ParticipantID
	slot  slot
	no    uint64 // seats that came after it have had it with their welcome
	at    time.Time
}

// A slot is taken by what is only interesting as it is last: a parcel in the same slot replaces an earlier one. What is
// interesting by itself has the zero slot.
type slot struct {
	event string
	who   seance.ParticipantID
}

// send takes a frame to every seat it is meant for: one person's, or everyone's if to is empty. The caller holds mu.
func (r *Room) send(frame *wire.Prepared, to seance.ParticipantID, in slot) {
	p := &r.pass
	now := time.Now()
	if in != (slot{}) {
		for i, waiting := range p.parcels {
			if waiting.slot == in {
				p.parcels = append(p.parcels[:i], p.parcels[i+1:]...)
				break
			}
		}
	}
	p.count++
	p.parcels = append(p.parcels, parcel{frame, to, in, p.count, now})
	switch wait := apart - now.Sub(p.last); {
	case wait <= 0:
		r.flush()
	case len(p.parcels) == 1:
		p.timer.Reset(wait)
	}
}

// flush sends what waits, to each seat in one go. Seats that are too slow are given up. The caller holds mu.
func (r *Room) flush() {
	p := &r.pass
	if len(p.parcels) == 0 {
		return
	}
	var slow []*Sitting
	for _, s := range r.seats {
		frames := p.frames[:0]
		for _, parcel := range p.parcels {
			if parcel.no > s.from && (parcel.to == "" || parcel.to == s.who.ID) {
				frames = append(frames, parcel.frame)
			}
		}
		p.frames = frames
		if len(frames) == 0 {
			continue
		}
		r.counts.frames.Add(uint64(len(frames)))
		if !s.seat.Send(frames...) {
			slow = append(slow, s)
		}
	}
	p.last = time.Now()
	r.counts.fanOut.note(p.last.Sub(p.parcels[0].at))
	clear(p.parcels)
	clear(p.frames)
	p.parcels = p.parcels[:0]
	for _, s := range slow {
		r.log.Debug("seat given up", "participant", s.who.ID)
		r.counts.slow.Add(1)
		r.vacate(s, seance.LeftLost)
	}
}

// ring is what run does when the pass's timer rings.
func (r *Room) ring() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.flush()
}
