package relay

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"seance/internal/seance"
	"seance/relay/wire"
)

// An archive tells of erasures as a store does.
type archive struct {
	mu      sync.Mutex
	gone    []seance.Erasure
	changes int64
	looks   int
	fail    error
}

func (a *archive) Erased(_ context.Context, since time.Time) (gone []seance.Erasure, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.looks++
	for _, e := range a.gone {
		if e.At.After(since) {
			gone = append(gone, e)
		}
	}
	return gone, a.fail
}

func (a *archive) Changes(context.Context) (int64, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.changes, nil
}

// erases notes erasures as another process would: the hub is not told.
func (a *archive) erases(gone ...seance.Erasure) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.changes++
	for _, e := range gone {
		e.Session, e.At = "s1", time.Now()
		a.gone = append(a.gone, e)
	}
}

// withArchive plays with an archive behind the hub.
func withArchive(t *testing.T, story func(*table, *archive)) {
	a := &archive{}
	play(t, func(tb *table) { tb.opts.Erasures = a }, func(tb *table) { story(tb, a) })
}

const goneFrame = wire.EventMessagesErased + ` {"seqs":[1,2],"participant_ids":["p-ann"]}`

func TestWhatIsErasedLeavesTheTable(t *testing.T) {
	withArchive(t, func(tb *table, a *archive) {
		ann, bob := tb.As("ann"), tb.As("bob")
		ann.Asks("Where is Thimble?")
		bob.Reads("YES")
		a.erases(seance.Erasure{Seq: 1}, seance.Erasure{Seq: 2}, seance.Erasure{Participant: "p-ann"})
		tb.passes(1100 * time.Millisecond)
		for _, b := range []*board{ann, bob} {
			if !slices.Contains(b.raw(), goneFrame) {
				tb.t.Errorf("%s was told %q", b.who.Name, b.raw())
			}
		}
		late := tb.As("cid")
		told := strings.Join(late.raw(), "\n")
		if strings.Contains(told, "Thimble") || strings.Contains(told, "YES") || strings.Count(told, `"erased":true`) != 2 {
			tb.t.Errorf("who comes late is told %s", told)
		}
		if who := late.welcome.Participants[0]; who.Name != seance.Nameless || who.ID != "p-ann" {
			tb.t.Errorf("at the table sits %+v", who)
		}

		bob.Forgets()
		tb.passes(2 * time.Minute)
		a.erases() // something else changes
		tb.passes(2 * time.Second)
		if told := bob.of(wire.EventMessagesErased); len(told) != 0 {
			tb.t.Errorf("told again: %v", told)
		}
		ann.Asks("And now?")
		if asked := bob.of(wire.EventQuestionAsked); len(asked) != 1 || asked[0].Participant.Name != seance.Nameless {
			tb.t.Errorf("the nameless asks: %v", asked)
		}
		if q := tb.medium.asked[len(tb.medium.asked)-1]; q.Asker.Name != seance.Nameless || q.Present[0].Name != seance.Nameless {
			tb.t.Errorf("the spirit hears %+v", q)
		}
	})
}

func TestAnErasedQuestionIsNotAnswered(t *testing.T) {
	withArchive(t, func(tb *table, a *archive) {
		ann, bob := tb.As("ann"), tb.As("bob")
		tb.medium.answer = says(5*time.Second, spelled("NO"))
		bob.Asks("First?")
		ann.Asks("Where is Thimble?")
		a.erases(seance.Erasure{Seq: 2})
		tb.passes(time.Minute)
		for _, q := range tb.medium.asked {
			if strings.Contains(q.Message.Text, "Thimble") || q.Message.Erased {
				tb.t.Errorf("the spirit was asked %+v", q.Message)
			}
		}
		ann.Asks("Something else?") // she does not wait for what is gone
		bob.Reads("NO")
	})
}

func TestWhatIsErasedBeforeItIsHeard(t *testing.T) {
	withArchive(t, func(tb *table, a *archive) {
		ann, bob := tb.As("ann"), tb.As("bob")
		a.erases(seance.Erasure{Seq: 1})
		if err := tb.hub.LookForErased(tb.t.Context()); err != nil {
			tb.t.Fatal(err)
		}
		ann.Asks("Where is Thimble?")
		if told := strings.Join(bob.raw(), "\n"); strings.Contains(told, "Thimble") || !strings.Contains(told, `"seq":1,"erased":true`) {
			tb.t.Errorf("bob was told %s", told)
		}
		ann.Asks("Something else?")
	})
}

func TestErasuresAreLookedForWhenSomethingChanged(t *testing.T) {
	withArchive(t, func(tb *table, a *archive) {
		tb.passes(10 * time.Second)
		if a.looks != 1 {
			tb.t.Errorf("looked %d times though nothing changed", a.looks)
		}
		a.fail = seance.ErrUnavailable
		a.erases()
		tb.passes(5 * time.Second)
		if a.looks < 5 {
			tb.t.Errorf("tried again %d times", a.looks)
		}
	})
}

func TestWhoIsKnownFromNowOn(t *testing.T) {
	play(t, nil, func(tb *table) {
		ann := tb.As("ann")
		who := ann.who
		who.Soul = "soul-1"
		tb.hub.Known(tb.t.Context(), who)
		tb.passes(apart)
		ann.Asks("Do you know me?")
		tb.passes(time.Second)
		if q := tb.medium.asked[0]; q.Asker.Soul != "soul-1" || q.Present[0].Soul != "soul-1" {
			tb.t.Errorf("the spirit hears %+v", q)
		}
		if told := strings.Join(ann.raw(), "\n"); strings.Contains(told, "soul-1") {
			tb.t.Errorf("boards are told %s", told)
		}
	})
}
