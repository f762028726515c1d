package door

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// lookalikes are, for each letter of the reserved words, characters that a reader takes for it: letters of Cyrillic,
// Greek, Armenian, Cherokee, Lisu and Coptic, small capitals, and digits and signs as they are used for letters.
// Accents, full-width, circled and mathematical letters are folded by NFKD before.
var lookalikes = map[byte]string{
	'a': "аɑαᴀ4@ꓮᎪⲀ∀λΛΔ",
	'b': "вВьЬβʙ86ꓐᏴ",
	'c': "сϲᴄ(¢©ꓚᏟⲤ",
	'd': "ԁժᴅđðꓓᎠ",
	'e': "еєεəᴇ3€зꓰᎬⲈΣξ",
	'h': "һнηћհʜħ#ꓧᎻⲎ",
	'i': "іıιɪӏl1|!¡ꓲᎥⲒןǀ׀ł",
	'l': "ӏi1|!іıιꓡᏞⳐłŀ",
	'm': "мμΜᴍϻꓟᎷⲘ",
	'n': "пиηΝᴎɴոռꓠⲚ∩",
	'o': "оοσ0ᴏօøθѳөꓳⲞ○●◯°๐০٥ه",
	'p': "рρþᴘꓑᏢⲢ",
	'r': "гяʀ®ꓣᏒᎡ",
	's': "ѕꜱ5$ςσΣ§ʂՏꓢᏚ",
	't': "тτᴛ7+†ŧꓔᎢⲦ",
	'u': "υμսцᴜꓴ∪",
	'v': "νѵᴠꓦᏙ∨√",
	'y': "уүγυʏ¥ꓬᎩⲨ",
}

// readsAsAny reports whether a person would read s as one of the words, which are lower case.
func readsAsAny(s string, words []string) bool {
	runes := make([]rune, 0, len(s))
	for _, r := range norm.NFKD.String(s) {
		if !unicode.Is(unicode.M, r) {
			runes = append(runes, unboxed(r))
		}
	}
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

func standsFor(r rune, letter byte) bool {
	lower := unicode.ToLower(r)
	others := lookalikes[letter]
	return lower == rune(letter) || strings.ContainsRune(others, r) || strings.ContainsRune(others, lower) ||
		strings.ContainsRune(others, unicode.ToUpper(r))
}

// unboxed returns the letter inside the filled circles and squares and the flag letters, which NFKD leaves alone.
func unboxed(r rune) rune {
	for _, first := range []rune{'🅐', '🅰', '🇦'} {
		if r >= first && r < first+26 {
			return 'a' + r - first
		}
	}
	return r
}
