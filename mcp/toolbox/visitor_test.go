package toolbox

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"seance/internal/seance"
	"seance/spirit"
	"seance/steering"
)

var update = flag.Bool("update", false, "write the golden prompts anew")

// lastTime is an evening before, at which Mara asked for her cat. It is written down as a house does it.
func (h *house) lastTime() {
	h.t.Helper()
	h.opens("before", "CANDLE-100")
	mara := people("before")[1]
	h.Happened(joined("before", mara).Initiative.Occasion)
	m := h.asks("before", "m", "Where is the cat?")
	h.spells("before", m.Seq, "UNDER THE STAIRS")
	h.Told(questionOf(m), "UNDER THE STAIRS")
	h.drain()
}

// drain returns when everything that waited is written.
func (h *house) drain() {
	h.t.Helper()
	done := make(chan struct{})
	reached := sync.OnceFunc(func() { close(done) })
	h.jobs <- job{line: &line{name: "the end", dial: func(context.Context) (ends, func() error, error) {
		reached()
		return ends{}, nil, errors.New("nobody is there")
	}}}
	<-done
}

func known(was spirit.Recollection) []any { return []any{was.Known, was.LastSeen.IsZero()} }

func TestWhoComesBack(t *testing.T) {
	h := enter(t, Options{Within: time.Minute})
	mara, bob := people("s")[1], people("s")[2]
	nobody := []any{[]string(nil), true}
	same(t, "somebody who was never asked", nobody, known(h.recalls(joined("s", mara), 8)))
	h.agrees()
	h.lastTime()
	her := []any{[]string{"Asked “Where is the cat?” and was told UNDER THE STAIRS."}, false}
	same(t, "of who comes back", her, known(h.recalls(joined("s", mara), 8)))
	m := h.asks("s", "m", "Do you know me?")
	same(t, "of who asks", her, known(h.recalls(questionOf(m), 8)))
	h.Told(questionOf(m), "YES")
	h.drain()
	same(t, "without what she asked tonight", her, known(h.recalls(questionOf(m), 8)))

	same(t, "of others", nobody, known(h.recalls(joined("s", bob), 8)))
	stranger := bob
	stranger.Name = "Mara"
	same(t, "of others of her name", nobody, known(h.recalls(joined("s", stranger), 8)))
	silence := joined("s", mara)
	silence.Initiative.Occasion.Participant = nil
	same(t, "where it is about nobody", nobody, known(h.recalls(silence, 8)))

	_, _, err := h.Remember(t.Context(), seance.Person{ID: "soul-1", CreatedAt: began, SeenAt: began})
	must(t, err)
	same(t, "of who has taken it back", nobody, known(h.recalls(questionOf(m), 8)))
}

// The whole way from what is kept to what a mind is asked, before and after somebody wants to be forgotten.
func TestPromptsOfTheForgotten(t *testing.T) {
	h := enter(t, Options{Within: time.Minute})
	h.agrees()
	h.lastTime()
	cat := h.asks("s", "m", "Is Thimble with you?")
	h.whispers("s", h.spells("s", cat.Seq, "YES MARA").Seq, "Mara, Thimble purrs.")
	lamp := h.asks("s", "b", "Who lights the lamp?")
	h.spells("s", lamp.Seq, "NOBODY")
	named := h.asks("s", "b", "Does Mara lie?")
	h.spells("s", named.Seq, "SOMETIMES")
	for id, text := range map[string]string{"f1": "Mara lost a cat.", "f2": "The lamp is lit."} {
		_, _, err := h.PinFact(t.Context(), seance.Fact{ID: id, Session: "s", Text: text, At: began})
		must(t, err)
	}
	_, err := h.StoreRecap(t.Context(), seance.Recap{Session: "s", Text: "Mara seeks Thimble.", At: began})
	must(t, err)
	asked := h.asks("s", "m", "Where is it now?")
	persona := steering.Plain("keeper")
	persona.Text = "# The Keeper\nYou keep a lamp."
	prompt := func() spirit.Prompt {
		t.Helper()
		was := h.recalls(questionOf(asked), 200)
		if !was.LastSeen.IsZero() {
			was.LastSeen = began // notes are dated when they are written
		}
		return spirit.Render(questionOf(asked), persona, nil, was, "FENCE-2K7QZ")
	}
	golden(t, "known", prompt())

	_, err = h.ForgetPerson(t.Context(), "soul-1", false)
	must(t, err)
	// The room knows that she has no name any more; who is forgotten may sit on and ask.
	asked = h.keeps("s", seance.Message{Kind: seance.KindQuestion, Participant: "ms", Text: "Who am I?"})
	was := h.recalls(questionOf(asked), 200)
	q := questionOf(asked)
	q.Asker.Name, q.Present = "", nil
	told := spirit.Render(q, persona, nil, was, "FENCE-2K7QZ")
	for _, word := range []string{"mara", "thimble", "cat", "stairs", "soul-1"} {
		if strings.Contains(strings.ToLower(told.System+told.Asked), word) {
			t.Errorf("%q is in a prompt after she is forgotten", word)
		}
	}
	golden(t, "forgotten", told)

	// What was under way when she went comes too late.
	h.Told(questionOf(cat), "YES MARA")
	h.Happened(seance.Occasion{ID: "late", Trigger: seance.ParticipantLeft, Session: sessionOf("s", ""), Participant: &people("s")[1], At: began})
	h.drain()
	if visits, _, err := h.Visits(t.Context(), "soul-1", seance.Page{}); err != nil || len(visits) > 0 {
		t.Errorf("%d visits of who is forgotten, %v", len(visits), err)
	}
	same(t, "known of her", []any{[]string(nil), true}, known(h.recalls(questionOf(asked), 8)))
}

func golden(t *testing.T, name string, p spirit.Prompt) {
	t.Helper()
	got := "== system\n" + p.System + "\n== asked\n" + p.Asked + "\n"
	file := filepath.Join("testdata", "prompts", name+".txt")
	if *update {
		must(t, os.MkdirAll(filepath.Dir(file), 0o755))
		must(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	must(t, err)
	same(t, "prompt "+name, string(want), got)
}
