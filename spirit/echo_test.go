package spirit

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"seance/steering"
)

const kept = "One night long ago the lamp went out for the time it takes to say a prayer, and a ship went by in the dark."

func watchman() steering.Persona {
	p := steering.Plain("keeper")
	p.Guarded = []string{kept}
	return p
}

func eachWord(text string, change func(string) string) string {
	words := strings.Fields(text)
	for i, w := range words {
		words[i] = change(w)
	}
	return strings.Join(words, " ")
}

func reversedText(s string) string {
	runes := []rune(s)
	slices.Reverse(runes)
	return string(runes)
}

func shift(by rune) func(string) string {
	return func(s string) string {
		return strings.Map(func(r rune) rune {
			switch {
			case r >= 'a' && r <= 'z':
				return 'a' + (r-'a'+by)%26
			case r >= 'A' && r <= 'Z':
				return 'A' + (r-'A'+by)%26
			}
			return r
		}, s)
	}
}

func TestWhatIsGuardedDoesNotComeOut(t *testing.T) {
	leet := strings.NewReplacer("a", "4", "e", "3", "i", "1", "o", "0", "s", "$", "t", "7", "l", "1")
	five := "the lamp went out for"
	long := "night long ago the lamp went out for the time it takes"
	for _, c := range []struct{ what, said string }{
		{"five words", five},
		{"five words in capitals", strings.ToUpper(five)},
		{"five words within others", "I tell you, the lamp went out for nothing."},
		{"five words that begin in the middle", "takes to say a prayer"},
		{"five short words", "A ship went by in"},
		{"28 letters without bounds", "ghtlongagothelampwentoutforthetim"},
		{"hyphens", strings.ReplaceAll(five, " ", "-")},
		{"signs between words", "the, lamp... went! out? for"},
		{"figures between words", "1 the 2 lamp 3 went 4 out 5 for"},
		{"spaced out", "t h e l a m p w e n t o u t f o r"},
		{"dotted", "t.h.e.l.a.m.p.w.e.n.t.o.u.t.f.o.r"},
		{"run together", "thelampwentoutfor"},
		{"parted elsewhere", "th elam pwe ntou tfor"},
		{"leet", leet.Replace(five)},
		{"spaced leet", eachWord(leet.Replace(five), func(w string) string { return strings.Join(strings.Split(w, ""), " ") })},
		{"accents", "thé lämp wènt öut fòr"},
		{"full-width", "ｔｈｅ ｌａｍｐ ｗｅｎｔ ｏｕｔ ｆｏｒ"},
		{"look-alikes", "thе lаmp wеnt оut fоr"},
		{"invisible", "t\u200bhe la\u00admp we\u2060nt o\u200dut for"},
		{"reversed", reversedText(five)},
		{"each word reversed", eachWord(five, reversedText)},
		{"words from the last to the first", "for out went lamp the"},
		{"rot13", shift(13)(five)},
		{"rot13 reversed", reversedText(shift(13)(five))},
		{"shifted by three", shift(3)(five)},
		{"shifted by twenty", shift(20)(five)},
		{"alphabet turned around", strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' {
				return 'a' + 'z' - r
			}
			return r
		}, five)},
		{"base64", base64.StdEncoding.EncodeToString([]byte(five))},
		{"base64 behind words", "Here is what you want " + base64.StdEncoding.EncodeToString([]byte(five))},
		{"base64 in pieces", strings.Join(strings.SplitAfter(base64.StdEncoding.EncodeToString([]byte(five)), "l"), " ")},
		{"base64 of rot13", base64.RawURLEncoding.EncodeToString([]byte(shift(13)(five)))},
		{"base64 of it reversed", base64.StdEncoding.EncodeToString([]byte(reversedText(five)))},
		{"base32", base32.StdEncoding.EncodeToString([]byte(five))},
		{"hex", hex.EncodeToString([]byte(five))},
		{"hex in capitals and pairs", fmt.Sprintf("% X", five)},
		{"binary", fmt.Sprintf("%08b", []byte(five))},
		{"decimal", fmt.Sprintf("%d", []byte(five))},
		{"places in the alphabet", numbersOf(five)},
		{"first letters of words", "Old nets eat noon, in graves hide tall lanterns; our nights go."},
		{"first letters, reversed", "Go. Nights our lanterns tall hide graves. In noon eat nets old."},
		{"last letters of words", "to in the an hi dog oh at all no in big all"},
		{"first letters of its words", "onlatlwofttit"},
		{"without vowels", "th lmp wnt t fr th tm t tks"},
		{"other vowels", "thu lump wunt uut fur thu tumu ut tuks"},
		{"every second word", "so the is lamp as went to out be for in"},
		{"every second letter", "txhxexlxaxmxpxwxexnxtxoxuxtxfxoxr"},
		{"all of it", kept},
		{"much of it", long},
	} {
		t.Run(c.what, func(t *testing.T) {
			if !newEcho(watchman(), nil, "").leaks(c.said) {
				t.Errorf("%q is said", c.said)
			}
		})
	}
}

func numbersOf(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r >= 'a' && r <= 'z' {
			fmt.Fprint(&b, r-'a'+1, " ")
		}
	}
	return b.String()
}

func TestWhatIsNotGuardedComesOut(t *testing.T) {
	for _, said := range []string{
		"", "?", "7", "The lamp went out.", "the lamp went out", "Long ago the lamp burned.", "A ship came by in the dark.", "in the dark",
		"It takes time to say a prayer.", "One night, and another.", "tuo tnew pmal eht", "dGhlIGxhbXA=",
		"LAMP IS LIT", "NOT THIS TIDE", "SEVEN CAME HOME", "潮 は くる",
	} {
		if newEcho(watchman(), nil, "K7QWERTZ2MNBVCX").leaks(said) {
			t.Errorf("%q is not said", said)
		}
	}
}

func TestWhatComesOutBitByBit(t *testing.T) {
	turns := func(boards ...string) []Turn {
		var all []Turn
		for _, b := range boards {
			all = append(all, Turn{Board: b})
		}
		return all
	}
	for _, c := range []struct {
		what   string
		before []Turn
		parts  []string // of this answer, said already
		now    string
		leaks  bool
	}{
		{what: "a word each time", before: turns("THE", "LAMP", "WENT", "OUT"), now: "FOR", leaks: true},
		{what: "over six answers", before: turns("ONE", "NIGHT", "LONG", "AGO THE LAMP"), now: "WENT", leaks: true},
		{what: "four words are not enough", before: turns("THE", "LAMP", "WENT"), now: "OUT"},
		{what: "the seventh is forgotten", before: turns("THE", "YES", "NO", "LAMP", "WENT", "OUT"), now: "FOR"},
		{what: "backwards", before: turns("FOR", "OUT", "WENT", "LAMP"), now: "THE", leaks: true},
		{what: "each word backwards", before: turns("EHT", "PMAL", "TNEW", "TUO"), now: "ROF", leaks: true},
		{what: "each answer backwards", before: turns("PMAL EHT", "TUO TNEW"), now: "ROF", leaks: true},
		{what: "rot13", before: turns("GUR YNZC", "JRAG BHG"), now: "SBE", leaks: true},
		{what: "hex", before: turns("746865206C616D702077656E", "74206F757420"), now: "666F72", leaks: true},
		{what: "base32", before: turns("ORUGKIDMMFWXA", "IDXMVXHIIDP"), now: "OV2CAZTPOI", leaks: true},
		{what: "letter by letter", before: turns("THELAMP", "WEN", "TO", "UT"), now: "FOR", leaks: true},
		{what: "the first word of each", before: turns("THE SEA", "LAMP OIL", "WENT HOME", "OUT THERE"), now: "FOR YOU", leaks: true},
		{what: "the last word of each", before: turns("SEE THE", "MY LAMP", "HE WENT", "GO OUT"), now: "ASK FOR", leaks: true},
		{what: "first letters", before: turns("OLD NETS EAT NOON", "IN GRAVES HIDE TALL"), now: "LANTERNS OUR", leaks: true},
		{what: "board and whisper of one answer", parts: []string{"THE LAMP WENT"}, now: "out for good", leaks: true},
		{what: "board and whisper of several", before: []Turn{{Board: "THE", Whisper: "lamp"}, {Board: "WENT", Whisper: "out"}}, now: "FOR", leaks: true},
		{what: "whispers alone", before: []Turn{{Board: "YES", Whisper: "The lamp"}, {Board: "NO", Whisper: "went out"}}, parts: []string{"YES"}, now: "for the time", leaks: true},
		{what: "boards, with whispers between", before: []Turn{{Board: "THE LAMP", Whisper: "Yes, yes."}, {Board: "WENT OUT", Whisper: "No."}}, now: "FOR", leaks: true},
		{what: "what was said before cannot be taken back", before: turns("THE LAMP WENT OUT FOR"), now: "SEVEN"},
		{what: "a harmless evening", before: turns("THE LAMP", "YES", "A SHIP CAME", "GO OUT"), now: "FOR LUCK"},
	} {
		t.Run(c.what, func(t *testing.T) {
			e := newEcho(watchman(), c.before, "")
			for _, part := range c.parts {
				if e.leaks(part) {
					t.Errorf("%q is not said", part)
				}
				e.said(part)
			}
			if got := e.leaks(c.now); got != c.leaks {
				t.Errorf("after %v and %q, %q leaks: %t", c.before, c.parts, c.now, got)
			}
		})
	}
}

func TestTheCanaryDoesNotComeOut(t *testing.T) {
	const canary = "JBSWY3DPEHPK3PXPQWERTYUIOP"
	for _, c := range []struct {
		what, said string
		leaks      bool
	}{
		{"whole", canary, true},
		{"lower case", strings.ToLower(canary), true},
		{"its beginning", "JBSWY3DP", true},
		{"a middle", "so K3PXPQWE", true},
		{"too little", "JBSWY3D", false},
		{"reversed", reversedText(canary), true},
		{"spaced", strings.Join(strings.Split(canary, ""), " "), true},
		{"rot13", shift(13)(canary), true},
		{"base64", base64.StdEncoding.EncodeToString([]byte(canary)), true},
		{"hex", hex.EncodeToString([]byte(canary)), true},
		{"none", "LAMP IS LIT", false},
	} {
		if got := newEcho(watchman(), nil, canary).leaks(c.said); got != c.leaks {
			t.Errorf("%s: %q leaks: %t", c.what, c.said, got)
		}
	}
	e := newEcho(watchman(), nil, canary)
	e.said("JBSW Y3")
	if !e.leaks("DPEH it is") {
		t.Error("the canary is said in two parts")
	}
	if newEcho(watchman(), nil, "").leaks("LAMP IS LIT") {
		t.Error("without a canary everything leaks")
	}
}

// Five words that everybody says are no secret, but they do not hide the sixth.
func TestCommonWordsAreNobodys(t *testing.T) {
	p := watchman()
	p.Guarded = []string{"One line is blank, and you are the one who left it so."}
	for said, leaks := range map[string]bool{"You are the one who is whispering.": false, "you are the one who left": true, "and you are the one": false} {
		if got := newEcho(p, nil, "").leaks(said); got != leaks {
			t.Errorf("%q leaks: %t", said, got)
		}
	}
}

func TestSeveralSectionsAreGuarded(t *testing.T) {
	p := watchman()
	p.Guarded = append(p.Guarded, "The glove stays on the left hand.")
	for said, leaks := range map[string]bool{"the glove stays on the": true, "the lamp went out for": true, "in the dark the glove stays": false} {
		if got := newEcho(p, nil, "").leaks(said); got != leaks {
			t.Errorf("%q leaks: %t", said, got)
		}
	}
}

// What is passed over because it could give nothing away gives nothing away.
func FuzzReading(f *testing.F) {
	for _, said := range []string{
		"the lamp went out for", "th3 l4mp w3nt 0ut f0r", "Well! (The lamp)", "don't `look` back", "dGhlIGxhbXA gd2VudA==", "746865206C616D702077656E74206F7574",
		"01110100 01101000", "t\u200bhe lаmp", "\xff\xfe lamp",
	} {
		f.Add(said)
	}
	f.Fuzz(func(t *testing.T, said string) {
		if as, leet := readWords(said, false), readWords(said, true); !leetful(said) && !slices.EqualFunc(as, leet, func(a, b word) bool {
			return slices.Equal(a.letters, b.letters)
		}) {
			t.Errorf("%q is read as %v, and as %v with signs for letters, of which it has none", said, as, leet)
		}
		text := []byte(strings.Map(func(r rune) rune { return min(r, '~') }, said))
		for _, code := range codes {
			for begin := range 8 {
				if got, most := len(unpacked(nil, text, 0, code.values, code.bits, begin).letters), mostUnpacked(text, code.values, code.bits); got > most {
					t.Errorf("%q holds %d letters of %d bits a sign, not at most %d", text, got, code.bits, most)
				}
			}
		}
	})
}

func BenchmarkEcho(b *testing.B) {
	turn := Turn{Board: "SEVEN SHIPS CAME HOME", Whisper: "They were late, and the harbour had begun to count its candles twice before the bell was heard at last."}
	long := watchman()
	for len(long.Guarded[0]) < 12_000 {
		long.Guarded[0] += fmt.Sprintf(" And %d gulls sat on the mole and said a thing that nobody wrote down.", len(long.Guarded[0]))
	}
	for _, c := range []struct {
		what    string
		persona steering.Persona
		turns   int
	}{{"first", watchman(), 0}, {"sixth", watchman(), 6}, {"long", long, 6}} {
		b.Run(c.what, func(b *testing.B) {
			b.ReportAllocs()
			recent := slices.Repeat([]Turn{turn}, c.turns)
			for b.Loop() {
				e := newEcho(c.persona, recent, "JBSWY3DPEHPK3PXPQWERTYUIOP")
				if e.leaks(turn.Board) {
					b.Fatal("it leaks")
				}
				e.said(turn.Board)
				if e.leaks(turn.Whisper) {
					b.Fatal("it leaks")
				}
			}
		})
	}
}
