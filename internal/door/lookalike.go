package door

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// lookalikes are, for each letter, characters that a reader takes for it: letters of Cyrillic, Greek, Armenian,
// Cherokee, Lisu and Coptic, small capitals, and digits and signs as they are used for letters. Accents, full-width,
// circled and mathematical letters are folded by NFKD before.
var lookalikes = map[byte]string{
	'a': "аɑαᴀ4@ꓮᎪⲀ∀λΛΔ",
	'b': "вВьЬβʙ86ꓐᏴ",
	'c': "сϲᴄ(¢©ꓚᏟⲤ",
	'd': "ԁժᴅđðꓓᎠ",
	'e': "еєεəᴇ3€зꓰᎬⲈΣξ",
	'f': "ƒꜰϝғꓝ",
	'g': "ɡցɢԍ9ꓖᏀ",
	'h': "һнηћհʜħ#ꓧᎻⲎ",
	'i': "іıιɪӏl1|!¡ꓲᎥⲒןǀ׀ł",
	'j': "јϳյᴊꓙᎫ",
	'k': "кκᴋқҡꓗᏦⲔ",
	'l': "ӏi1|!іıιꓡᏞⳐłŀ",
	'm': "мμΜᴍϻꓟᎷⲘ",
	'n': "пиηΝᴎɴոռꓠⲚ∩",
	'o': "оοσ0ᴏօøθѳөꓳⲞ○●◯°๐০٥ه",
	'p': "рρþᴘꓑᏢⲢ",
	'q': "ԛգզ9",
	'r': "гяʀ®ꓣᏒᎡ",
	's': "ѕꜱ5$ςσΣ§ʂՏꓢᏚ",
	't': "тτᴛ7+†ŧꓔᎢⲦ",
	'u': "υμսцᴜꓴ∪",
	'v': "νѵᴠꓦᏙ∨√",
	'w': "ѡԝաᴡωꓪᎳ",
	'x': "хχ×ꓫⲬ",
	'y': "уүγυʏ¥ꓬᎩⲨ",
	'z': "ᴢƶ2ꓜᏃ",
}

// readings are the lookalikes by character, in either case. A letter reads as itself first.
var readings = func() map[rune]string {
	m := make(map[rune]string)
	add := func(r rune, letter byte) {
		if strings.IndexByte(m[r], letter) < 0 {
			m[r] += string(letter)
		}
	}
	for letter := byte('a'); letter <= 'z'; letter++ {
		add(rune(letter), letter)
		add(unicode.ToUpper(rune(letter)), letter)
	}
	for letter := byte('a'); letter <= 'z'; letter++ {
		for _, r := range lookalikes[letter] {
			add(r, letter)
			add(unicode.ToLower(r), letter)
			add(unicode.ToUpper(r), letter)
		}
	}
	return m
}()

// Bare returns the characters of s as a reader tells them apart: decomposed, without marks, and out of the circles,
// squares and flags that letters are put into.
func Bare(s string) []rune {
	runes := make([]rune, 0, len(s))
	for _, r := range norm.NFKD.String(s) {
		if !unicode.Is(unicode.M, r) {
			runes = append(runes, unboxed(r))
		}
	}
	return runes
}

// Readings returns the letters a to z, lower case, that a reader may take r for; r is one of those that Bare returns.
// It is empty for most characters, and holds more than one letter for a few, like 1, which is read as i and as l.
func Readings(r rune) string { return readings[r] }

// readsAsAny reports whether a person would read s as one of the words, which are lower case.
func readsAsAny(s string, words []string) bool {
	runes := Bare(s)
	return slices.ContainsFunc(words, func(word string) bool { return readsAs(runes, word) })
}

// readsAs reports whether runes read as word when signs and spaces between the letters are passed over.
func readsAs(runes []rune, word string) bool {
	if len(runes) == 0 {
		return word == ""
	}
	r, rest := runes[0], runes[1:]
	if word != "" {
		if standsFor(r, word[0]) && readsAs(rest, word[1:]) {
			return true
		}
		if word[0] == 'm' && len(rest) > 0 && standsFor(r, 'r') && standsFor(rest[0], 'n') && readsAs(rest[1:], word[1:]) {
			return true
		}
	}
	return !unicode.IsLetter(r) && !unicode.IsNumber(r) && readsAs(rest, word)
}

func standsFor(r rune, letter byte) bool { return strings.IndexByte(Readings(r), letter) >= 0 }

// unboxed returns the letter inside the filled circles and squares and the flag letters, which NFKD leaves alone.
func unboxed(r rune) rune {
	for _, first := range []rune{'🅐', '🅰', '🇦'} {
		if r >= first && r < first+26 {
			return 'a' + r - first
		}
	}
	return r
}
