package hooks

import (
	"context"
	"fmt"
	"time"

	"seance/internal/seance"
)

// lookEvery is how long nobody looks at the tables at most, while hooks wait for silence or for the clock.
const lookEvery = time.Second

// A silence is what a hook has already broken, or need not.
type silence struct {
	hook    string
	session seance.SessionID
}

// A keeper remembers what time has brought already. It belongs to one goroutine.
type keeper struct {
	broken map[silence]time.Time // when that silence began
	minute time.Time             // that was looked at last; zero if the clock was not
}

// keepTime tells hooks of silence and of the clock until ctx is done.
func (r *Runner) keepTime(ctx context.Context, tables Tables) {
	var k keeper
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.reloaded:
		case <-timer.C:
		}
		quiet, clocks := r.running(seance.SilenceFell, ""), r.running(seance.ClockStruck, "")
		if len(quiet)+len(clocks) == 0 {
			timer.Stop() // until there are others
			k = keeper{}
			continue
		}
		timer.Reset(r.look(&k, time.Now().In(r.o.Zone), quiet, clocks, tables.Circles()))
	}
}

// look does what is due at now and returns when to look again.
func (r *Runner) look(k *keeper, now time.Time, quiet, clocks []Hook, circles []seance.Circle) time.Duration {
	wait := min(lookEvery, now.Truncate(time.Minute).Add(time.Minute).Sub(now))
	broken := make(map[silence]time.Time, len(k.broken)) // what is over is forgotten
	for _, c := range circles {
		if !c.Session.Open() || c.Stirred.IsZero() || len(c.Present) == 0 { // there is nobody to be silent
			continue
		}
		for _, h := range quiet {
			key := silence{h.ID(), c.Session.ID}
			if k.broken[key].Equal(c.Stirred) {
				broken[key] = c.Stirred
				continue
			}
			if left := c.Stirred.Add(h.After).Sub(now); left > 0 {
				wait = min(wait, left)
				continue
			}
			broken[key] = c.Stirred
			r.happened(seance.Occasion{
				ID:      fmt.Sprintf("%s/%s/%d", h.ID(), c.Session.ID, c.Stirred.UnixMilli()),
				Trigger: seance.SilenceFell, At: now, Session: c.Session, Present: c.Present, Silent: now.Sub(c.Stirred),
			}, []Hook{h})
		}
	}
	k.broken = broken

	minute := now.Truncate(time.Minute)
	struck := k.minute.IsZero() || minute.Equal(k.minute) // before we looked, or then
	k.minute = minute
	if struck {
		return wait
	}
	for _, h := range clocks {
		if !h.strikes.strikesAt(minute) {
			continue
		}
		for _, c := range circles {
			if !c.Session.Open() || h.Action.Type == Agent && len(c.Present) == 0 {
				continue
			}
			r.happened(seance.Occasion{
				ID:      fmt.Sprintf("%s/%s/%d", h.ID(), c.Session.ID, minute.Unix()),
				Trigger: seance.ClockStruck, At: now, Session: c.Session, Present: c.Present,
			}, []Hook{h})
		}
	}
	return wait
}
