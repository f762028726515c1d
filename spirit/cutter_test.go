package spirit

import (
	"regexp"
	"strings"
	"testing"

	"seance/internal/seance"
)

func TestTheBoardLineAndTheRest(t *testing.T) {
	for _, c := range []struct {
		what, said     string
		board, whisper string
	}{
		{"as asked", "TIDE\nIt comes twice.", "TIDE", "It comes twice."},
		{"no whisper", "TIDE\n", "TIDE", ""},
		{"no line end", "TIDE", "TIDE", ""},
		{"carriage returns", "TIDE\r\nIt comes.\r\n", "TIDE", "It comes."},
		{"lower case, accents, signs", "  the séance, übermorgen!  ", "THE SEANCE UBERMORGEN", ""},
		{"letters that are two", "Straße Æon Þór Øre Łódź", "STRASSE AEON THOR ORE LODZ", ""},
		{"apostrophes", "don’t ma'am", "DONT MAAM", ""},
		{"full-width and figures", "ＷＡＩＴ ７ ½", "WAIT 7 1 2", ""},
		{"other scripts are not on the board", "Привет TIDE 潮", "TIDE", ""},
		{"YES", "Yes.", "YES", ""},
		{"GOODBYE", "goodbye", "GOODBYE", ""},
		{"blank lines first", "\n  \n***\nTIDE\nIt comes.", "TIDE", "It comes."},
		{"bold", "**TIDE**\nIt comes.", "TIDE", "It comes."},
		{"labels", "BOARD: TIDE\nWHISPER: It comes.", "TIDE", "WHISPER: It comes."},
		{"a label on its own line", "**Board:**\nTIDE", "TIDE", ""},
		{"model tokens", "<|im_start|>TIDE<|im_end|>\nIt comes.", "TIDE", "It comes."},
		{"a speaker tag", "Spirit: TIDE", "TIDE", ""},
		{"five words", "one two three four five\nsix", "ONE TWO THREE FOUR FIVE", "six"},
		{"six words", "one two three four five six\nseven", "ONE TWO THREE FOUR FIVE", "six\nseven"},
		{"prose", "The tide keeps what it takes, and I wait.\nAlways.", "THE TIDE KEEPS WHAT IT", "takes, and I wait.\nAlways."},
		{"24 letters", "ABCDEFGHIJKL MNOPQRSTUVWX", "ABCDEFGHIJKL MNOPQRSTUVWX", ""},
		{"25 letters", "ABCDEFGHIJKL MNOPQRSTUVWXY z", "ABCDEFGHIJKL", "MNOPQRSTUVWXY z"},
		{"not UTF-8", "TI\xffDE", "TI DE", ""},
		{"a first word that no board holds", "ABCDEFGHIJKLMNOPQRSTUVWXYZ\nTIDE", "", ""},
		{"nothing to spell", "…\n\n潮\n", "", ""},
		{"nothing", "", "", ""},
	} {
		t.Run(c.what, func(t *testing.T) {
			for _, step := range []int{1, 2, 3, 7, max(1, len(c.said))} {
				k := &cutter{letters: 24}
				settled := ""
				for at := 0; at < len(c.said); at += step {
					if k.add(c.said[at:min(at+step, len(c.said))]) && settled == "" {
						settled = k.board
					}
				}
				k.end()
				if settled != "" && settled != k.board {
					t.Errorf("in steps of %d the board line was %q and became %q", step, settled, k.board)
				}
				if k.board != c.board {
					t.Errorf("in steps of %d the board line is %q, want %q", step, k.board, c.board)
				}
				if c.board == "" {
					continue
				}
				if got := strings.ReplaceAll(k.whisper(), "\r", ""); got != c.whisper {
					t.Errorf("in steps of %d the rest is %q, want %q", step, got, c.whisper)
				}
			}
		})
	}
}

func TestTheBoardLineIsSettledAsSoonAsItCanBe(t *testing.T) {
	for _, c := range []struct{ pieces []string }{
		{[]string{"TI", "DE\n"}},
		{[]string{"The tide keeps what it ", "takes ", "and more"}[:2]},
		{[]string{"ABCDEFGHIJKL MNOPQRSTUVWXYZ", " "}},
	} {
		k := &cutter{letters: 24}
		for i, piece := range c.pieces {
			if got, want := k.add(piece), i == len(c.pieces)-1; got != want {
				t.Errorf("%q: settled after %q is %t", c.pieces, piece, got)
			}
		}
	}
}

func TestFullSpellingTakesMoreLetters(t *testing.T) {
	k := &cutter{letters: 44}
	k.add("ABCDEFGHIJKL MNOPQRSTUVWXY ABCDEFGHIJ\n")
	if want := "ABCDEFGHIJKL MNOPQRSTUVWXY ABCDEFGHIJ"; k.board != want {
		t.Errorf("board line %q, want %q", k.board, want)
	}
}

func TestAMindIsNotReadForEver(t *testing.T) {
	for what, piece := range map[string]string{
		"silence": strings.Repeat(" \n", 100), "one word": strings.Repeat("A", 100), "a whisper": "TIDE\n" + strings.Repeat("and ", 40),
	} {
		k := &cutter{letters: 24}
		for n := 0; !k.done(); n += len(piece) {
			if k.add(piece); n > 2*maxReply {
				t.Fatalf("%s is read on after %d bytes", what, n)
			}
		}
	}
}

var legal = regexp.MustCompile(`^[A-Z0-9]+( [A-Z0-9]+){0,4}$`)

// onBoard reports whether the planchette can spell line within so many letters.
func onBoard(line string, letters int) bool {
	return legal.MatchString(line) && len(strings.ReplaceAll(line, " ", "")) <= letters
}

func FuzzNoLetterIsOffTheBoard(f *testing.F) {
	for _, s := range []string{
		"TIDE\nIt comes.", "**Yes**\n", "The tide keeps what it takes, and I", "séance Straße ﬁ ½ ǆ", "Ⓐ🅰️ ａ", "ǅ ŉ ĳ Å",
		"<|a|>\nBOARD: x", "a\u0301\u0302", "don't", "\xff\xfe", "ⅷ ㎞ ℡", "İi ı",
	} {
		f.Add(s, 3)
	}
	f.Fuzz(func(t *testing.T, said string, step int) {
		step = max(1, step%64)
		for _, letters := range []int{24, 44} {
			k := &cutter{letters: letters}
			settled := ""
			for at := 0; at < len(said); at += step {
				if k.add(said[at:min(at+step, len(said))]) && settled == "" {
					settled = k.board
				}
			}
			if k.end() && !onBoard(k.board, letters) {
				t.Errorf("%+q became the board line %q", said, k.board)
			}
			if settled != "" && k.board != settled {
				t.Errorf("%+q: the board line was %q and became %q", said, settled, k.board)
			}
			if k.board == "" {
				continue
			}
			whisper, ok := plain(k.whisper(), maxSaid-1, seance.Family)
			if !ok {
				continue
			}
			if len(strings.Fields(whisper)) > maxSaid-1 || strings.ContainsAny(whisper, "\n\r*`#<>[]") || judge(whisper, seance.Family) != fine {
				t.Errorf("%+q became the whisper %q", said, whisper)
			}
		}
	})
}
