package steering_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"seance/steering"
)

// ids asks the questions in order and returns what lore each brought along.
func ids(lore []steering.Lore, questions ...string) []string {
	var all []string
	for i, q := range questions {
		var chosen []string
		for _, l := range steering.Choose(lore, questions[:i], q) {
			chosen = append(chosen, l.ID)
		}
		all = append(all, strings.Join(chosen, " "))
	}
	return all
}

func TestWhatCallsLoreUp(t *testing.T) {
	lore := []steering.Lore{
		{ID: "light", Keywords: []string{"Lámp", "north reef", "merry-go-round"}, Budget: 600, Text: "L"},
		{ID: "storm", Description: "The storm that took the ferry and its passengers.", Budget: 600, Text: "S"},
		{ID: "tower", Keywords: []string{"灯台", "Straße"}, Budget: 600, Text: "T"},
	}
	for question, want := range map[string]string{
		"Is the LAMP lit?":                     "light",
		"Is the lámp's wick dry":               "light",
		"lampoon or clamps":                    "",
		"Who is on the North  Reef?":           "light",
		"north of the reef":                    "",
		"Is there a merry go round?":           "light",
		"the ferry":                            "",
		"Was the ferry lost in the storm?":     "storm",
		"ferry ferry ferry":                    "",
		"that and its the":                     "",
		"Is the lamp for the ferry's storm":    "storm light",
		"あの灯台は":                                "tower",
		"台灯":                                   "",
		"DIE STRASSE":                          "tower",
		"ｌａｍｐ":                                 "light",
		"the storm, the ferry, and the lamp":   "storm light",
		"":                                     "",
		"la\u200bmp":                           "light",
		"\xff\xfe lamp":                        "light",
		"Strasse lamp NORTH REEF ferry storm!": "light storm tower",
	} {
		if got := ids(lore, question)[0]; got != want {
			t.Errorf("%q brought %q, want %q", question, got, want)
		}
	}
}

func TestLoreStaysAndRests(t *testing.T) {
	const hit, miss = "lamp", "nothing"
	for _, c := range []struct {
		what             string
		sticky, cooldown int
		asked            []string
		want             []string
	}{
		{"stays for two, rests for three", 2, 3,
			[]string{miss, hit, miss, miss, miss, hit, hit, hit}, []string{"", "a", "a", "a", "", "", "", "a"}},
		{"asked again while it stays, it stays no longer", 2, 1, []string{hit, hit, hit, hit, hit}, []string{"a", "a", "a", "", "a"}},
		{"neither", 0, 0, []string{hit, miss, hit, hit}, []string{"a", "", "a", "a"}},
		{"rests only", 0, 2, []string{hit, hit, hit, hit}, []string{"a", "", "", "a"}},
		{"stays only", 1, 0, []string{hit, miss, miss, hit, hit, miss}, []string{"a", "a", "", "a", "a", ""}},
	} {
		lore := []steering.Lore{{ID: "a", Keywords: []string{"lamp"}, Budget: 9, Sticky: c.sticky, Cooldown: c.cooldown, Text: "A"}}
		if diff := cmp.Diff(c.want, ids(lore, c.asked...)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}
}

func TestTheMostHitsComeFirstThenThePath(t *testing.T) {
	lore := []steering.Lore{
		{ID: "c", Path: "c.md", Keywords: []string{"lamp"}, Budget: 9, Text: "C"},
		{ID: "b", Path: "b.md", Keywords: []string{"lamp"}, Budget: 9, Sticky: 1, Text: "B"},
		{ID: "a", Path: "a.md", Keywords: []string{"sea", "lamp", "rope"}, Budget: 9, Text: "A"},
		{ID: "none", Path: "0.md", Keywords: []string{"lamp"}, Budget: 0, Text: "N"},
	}
	if got := ids(lore, "the lamp")[0]; got != "a b c" {
		t.Errorf("with one hit each: %q", got)
	}
	lore[2].Path = "z.md"
	if got := ids(lore, "the sea and the lamp")[0]; got != "a b c" {
		t.Errorf("with two hits for a: %q", got)
	}
	if got := ids(lore, "lamp", "rope")[1]; got != "a b" {
		t.Errorf("what only stays comes last: %q", got)
	}
}

func TestLoreIsCutToItsRoom(t *testing.T) {
	for _, c := range []struct {
		budget     int
		text, want string
	}{
		{20, "Twenty characters...", "Twenty characters..."},
		{20, "One is one. Two is two.", "One is one."},
		{20, "A. The keeper of the light", "A. The keeper of…"},
		{12, "The keeper, of the light", "The keeper…"},
		{5, "Lighthouse", ""},
		{0, "Lighthouse", ""},
		{9, "Ä é ü ö ß a b c d", "Ä é ü ö…"},
		{7, "灯台は。北の岩に立つ。", "灯台は。"},
		{9, "灯台は。北の岩に立つ。", ""}, // the sentence ends too early, and no word ends later
	} {
		got := steering.Choose([]steering.Lore{{Keywords: []string{"k"}, Budget: c.budget, Text: c.text}}, nil, "k")
		text := ""
		if len(got) > 0 {
			text = got[0].Text
		}
		if text != c.want {
			t.Errorf("%q in %d characters is %q, want %q", c.text, c.budget, text, c.want)
		}
	}
}

func TestAllLoreOfAQuestionHasTwoThousandCharacters(t *testing.T) {
	var lore []steering.Lore
	for i := range 5 {
		lore = append(lore, steering.Lore{ID: fmt.Sprint(i), Keywords: []string{"k"}, Budget: 900, Text: strings.Repeat("Words é. ", 120)})
	}
	total := 0
	chosen := steering.Choose(lore, nil, "k")
	for _, l := range chosen {
		total += utf8.RuneCountInString(l.Text)
	}
	if total > 2000 || total < 1900 || len(chosen) != 3 {
		t.Errorf("%d pieces with %d characters", len(chosen), total)
	}
	if len(lore[0].Text) != len(lore[4].Text) || utf8.RuneCountInString(lore[0].Text) != 120*9 {
		t.Error("what was given to choose from is changed")
	}
}

func BenchmarkChoose(b *testing.B) {
	files := map[string]string{}
	for i := range 30 {
		files[fmt.Sprintf(".kiro/steering/lore-%d.md", i)] = fmt.Sprintf(
			"---\nseance: lore\ninclusion: auto\nkeywords: [lamp%d, ferry, tide%d, north reef, \"keeper%d\", boat]\n---\nText.", i, i, i)
	}
	l := open(b, workspace(b, files))
	lore := l.Lore()
	var earlier []string
	for i := range 200 {
		earlier = append(earlier, fmt.Sprintf("Did the keeper%d row the boat across the wáter when the lamp%d went out that night?", i%40, i%50))
	}
	b.ReportAllocs()
	for b.Loop() {
		steering.Choose(lore, earlier, "Who was in the boat on the north reef?")
	}
}
