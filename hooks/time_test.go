package hooks

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"seance/internal/seance"
)

// after tells when, counted from began, spirits were asked to speak.
func (h *house) after(began time.Time) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []string
	for i, at := range h.at {
		all = append(all, string(h.spoken[i].Occasion.Session.ID)+":"+at.Sub(began).String())
	}
	return strings.Join(all, " ")
}

func circle(id seance.SessionID, stirred time.Time) seance.Circle {
	return seance.Circle{Session: sitting(id), Present: []seance.Participant{mara}, Stirred: stirred}
}

// A silence is broken once, when it has lasted long enough, and so is the next one.
func TestSilenceFell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRunner(t, map[string]string{"a.json": file(agent("quiet", seance.SilenceFell, "Hush", `, "after": 20`))})
		began, h := time.Now(), &house{}
		ended, empty := circle("ended", began), circle("empty", began)
		ended.Session.EndedAt, empty.Present = began, nil
		h.set(circle("s1", began), circle("s2", began.Add(10500*time.Millisecond)), ended, empty, circle("new", time.Time{}))
		open(t, r, h)
		time.Sleep(10 * time.Minute)
		if got, want := h.after(began), "s1:20s s2:30.5s"; got != want {
			t.Errorf("spoken at %s, want %s", got, want)
		}
		if o := h.initiatives()[0].Occasion; o.Silent != 20*time.Second || len(o.Present) != 1 || o.Trigger != seance.SilenceFell {
			t.Errorf("%+v", o)
		}
		h.set(circle("s1", time.Now()), circle("s2", began.Add(10500*time.Millisecond)))
		time.Sleep(10 * time.Minute)
		if got, want := h.after(began), "s1:20s s2:30.5s s1:10m20s"; got != want {
			t.Errorf("spoken at %s, want %s", got, want)
		}
	})
}

// The clock strikes once a minute that is due, at every open table with people at it.
func TestClockStruck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRunner(t, map[string]string{"a.json": file(
			agent("bell", seance.ClockStruck, "Bell", `, "at": "*/2 * * * *"`), agent("never", seance.ClockStruck, "Never", `, "at": "12:00"`),
		)})
		r.o.Zone = zone(t, "Asia/Kathmandu") // 5:45 ahead
		began, h := time.Now(), &house{}     // 00:00 UTC
		empty, ended := circle("empty", began), circle("ended", began)
		empty.Present, ended.Session.EndedAt = nil, began
		h.set(circle("s1", began), circle("s2", began), empty, ended)
		open(t, r, h)
		time.Sleep(3*time.Minute + 500*time.Millisecond)
		if got, want := h.after(began), "s1:1m0s s2:1m0s s1:3m0s s2:3m0s"; !same(got, want) {
			t.Errorf("spoken at %s, want %s", got, want)
		}
	})
}

func same(a, b string) bool {
	in := map[string]int{}
	for _, w := range strings.Fields(a) {
		in[w]++
	}
	for _, w := range strings.Fields(b) {
		in[w]--
	}
	for _, n := range in {
		if n != 0 {
			return false
		}
	}
	return true
}

// Hooks on time that come with a save are kept from then on, and those that go are not.
func TestHooksOnTimeComeAndGo(t *testing.T) {
	dir := filepath.Join(t.TempDir(), ".kiro")
	synctest.Test(t, func(t *testing.T) {
		r, err := NewRunner(Options{Dir: dir, Zone: time.UTC})
		if err != nil {
			t.Fatal(err)
		}
		began, h := time.Now(), &house{}
		h.set(circle("s1", began))
		open(t, r, h)
		time.Sleep(time.Hour)
		write(t, dir, "hooks/seance/a.json", file(agent("bell", seance.ClockStruck, "Bell", `, "at": "* * * * *"`)))
		if err := r.Reload(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(90 * time.Second)
		write(t, dir, "hooks/seance/a.json", file(agent("bell", seance.ClockStruck, "Bell", `, "at": "* * * * *", "enabled": false`)))
		if err := r.Reload(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		if got, want := h.after(began), "s1:1h1m0s"; got != want {
			t.Errorf("spoken at %s, want %s", got, want)
		}
	})
}
