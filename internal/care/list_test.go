package care

import (
	"regexp"
	"strings"
	"testing"
)

const card = "== card\nTalk to somebody.\n- Anywhere | findahelpline.com\n"

// What each part of a phrase means, on lists of one sign.
func TestPhrases(t *testing.T) {
	for _, c := range []struct{ what, list, yes, no string }{
		{"words", "== signs\nred moon", "a red moon rises|red, moon|RED MOON", "red|moon red|red full moon|bored moon|red moons"},
		{"one of several words", "== signs\nred|full moon", "red moon|full moon", "moon|red"},
		{"one of several phrases", "== signs\n(red|very full) moon", "red moon|very full moon", "full moon|very moon"},
		{"groups", "== groups\n<old> = old, very old\n<old> = ancient\n== signs\n<old> moon", "old moon|very old moon|ancient moon", "new moon"},
		{"a group among words", "== groups\n<old> = old, so old\n== signs\nnew|<old> moon", "new moon|old moon|so old moon", "full moon"},
		{"optional", "== signs\nred? moon .", "moon|red moon", "red"},
		{"any number", "== groups\n<old> = old, very old\n== signs\nmy <old>* moon", "my moon|my old moon|my very old old moon", "my red moon"},
		{"fillers", "== groups\n<fillers> = really, so\n== signs\nred moon .", "red really moon|red so really moon|red moon really", "red very moon|reallyred so moon so red"},
		{"a gap", "== groups\n<others> = you\n== signs\nred .. moon", "red moon|red a b c d moon|red big moon", "red one two three four five moon|red you moon|red. Big moon"},
		{"a wide gap", "== groups\n<others> = you\n== signs\nred ... moon", "red you moon|red one two three four five six seven eight moon", "red! Big moon|red one two three four five six seven eight nine moon"},
		{"letters apart in a gap", "== signs\nred .. moon", "r e d b i g m o o n", "r e d a v e r y v e r y v e r y v e r y b i g m o o n"},
		{"a number", "== signs\n0 moons", "3 moons|12 moons|12moons", "moons|no moons"},
		{"a number of two figures", "== signs\nsee 00 moons", "see 12 moons", "see 3 moons"},
		{"the edge of a part", "== signs\n. red moon .", "red moon|look, red moon|red moon, look|red moon?", "look red moon|red moon look"},
		{"the edge, after fillers", "== groups\n<fillers> = well\n== signs\n. red moon", "well red moon|ah, well red moon", "a well red moon"},
		{"umlauts", "== signs\nschöner mönch", "schöner mönch|schoener moench|schoner monch|SCHÖNER MÖNCH", "schon mich"},
		{"apostrophes", "== signs\nj'ai vu", "j'ai vu|jai vu|j ai vu|J’AI VU", "je vu"},
		{"sloppy", "== signs\n~planchette", "planchette|planchete|plnachette|plancheette", "planch|lanchette|planete"},
		{"unless", "== signs unless game\nred moon\n== context game\ngame, my cards", "red moon|red moon and cards", "red moon game|in this game a red moon|my cards, red moon"},
		{"idioms", "== signs\nred moon\n== idioms\nred moon rising", "red moon|red moon, rising|red moon rising, red moon", "red moon rising"},
		{"a line that goes on", "== signs\n(red|full|\n    new) moon\nold\n    moon", "red moon|new moon|old moon", "old"},
	} {
		t.Run(c.what, func(t *testing.T) {
			l, err := parse(card + c.list)
			if err != nil {
				t.Fatal(err)
			}
			for q := range strings.SplitSeq(c.yes, "|") {
				if l.start(read(q)).sign(true) == 0 {
					t.Errorf("%q is no sign", q)
				}
			}
			for q := range strings.SplitSeq(c.no, "|") {
				if l.start(read(q)).sign(true) > 0 {
					t.Errorf("%q is a sign", q)
				}
			}
		})
	}
}

func TestListsThatAreRefused(t *testing.T) {
	for _, c := range []struct{ what, list, want string }{
		{"no card", "== signs\nred moon", "needs a card"},
		{"no place to turn to", "== card\nTalk.\n== signs\nred moon", "needs a card"},
		{"no sign", card, "needs a card"},
		{"half a place", "== card\nTalk.\n- 112", "a label and a contact"},
		{"no heading", "red moon", "under no heading"},
		{"another heading", "== omens\nred moon", "no such heading"},
		{"no such context", card + "== signs unless game\nred moon", "no such context"},
		{"no such group", card + "== signs\n<old> moon", "no group <old>"},
		{"a group in itself", card + "== groups\n<old> = very <old>", "no group <old>"},
		{"a group that comes late", card + "== groups\n<old> = old\n== signs\n<old> moon\n== groups\n<old> = ancient", "before the phrases"},
		{"half a group", card + "== groups\nold = old", "a group is"},
		{"a stray bracket", card + "== signs\nred (full moon", "not closed"},
		{"a figure", card + "== signs\n3 moons", "cannot be in a word"},
		{"no word", card + "== signs\nred|", "without letters"},
		{"nothing that must be", card + "== signs\nred? moon?", "may begin with anything"},
		{"a gap first", card + "== signs\n.. moon", "may begin with anything"},
	} {
		t.Run(c.what, func(t *testing.T) {
			if _, err := parse(c.list); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("it is refused with %v, want it to say %q", err, c.want)
			}
		})
	}
}

// Boards make a link of a number that can be dialled and of an address; each place has one of the two.
func TestCardsCanBeUsed(t *testing.T) {
	number := regexp.MustCompile(`^[0-9][0-9 ]+$`)
	address := regexp.MustCompile(`^[a-z]+(\.[a-z]+)+$`)
	for _, l := range languages() {
		emergency, anywhere := false, false
		for _, line := range l.card.Lines {
			if line.Label == "" || !number.MatchString(line.Contact) && !address.MatchString(line.Contact) {
				t.Errorf("%q: %q is neither a number nor an address", line.Label, line.Contact)
			}
			emergency = emergency || line.Contact == "112"
			anywhere = anywhere || line.Contact == "findahelpline.com"
		}
		if !emergency || !anywhere {
			t.Errorf("the card %.30q… has no number for an emergency, or nothing for the rest of the world", l.card.Text)
		}
		if n := len([]rune(l.card.Text)); n > 400 {
			t.Errorf("the card %.30q… is %d characters long: nobody reads that in distress", l.card.Text, n)
		}
	}
}
