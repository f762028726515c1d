package exorcise

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// What follows writes text in disguises and reads it again. It shares nothing with the guard, so that neither can be
// blind to what the other is blind to.

func same(s string) string { return s }

func first(s string, n int) string { return s[:min(len(s), n)] }

func window(s string, turn, n int) string {
	from := min(turn*n, len(s))
	return s[from:min(from+n, len(s))]
}

func between(sign string) func(string) string {
	return func(s string) string { return strings.Join(strings.Fields(letterWords(s)), sign) }
}

func eachWord(change func(string) string) func(string) string {
	return func(s string) string {
		words := strings.Fields(s)
		for i, w := range words {
			words[i] = change(w)
		}
		return strings.Join(words, " ")
	}
}

func numbered(s string) string {
	words := strings.Fields(letterWords(s))
	for i, w := range words {
		words[i] = strconv.Itoa(i+1) + " " + w
	}
	return strings.Join(words, " ")
}

// mapping replaces each letter of from by the one of to at its place.
func mapping(from, to string) func(string) string {
	source, target := []rune(from), []rune(to)
	return func(s string) string {
		return strings.Map(func(r rune) rune {
			if i := slices.Index(source, r); i >= 0 && i < len(target) {
				return target[i]
			}
			return r
		}, strings.ToLower(s))
	}
}

func mapped(from, to string) func(string) string { return mapping(from, to) }

// moved puts letters where an alphabet of other signs begins.
func moved(small, big rune) func(string) string {
	return func(s string) string {
		return strings.Map(func(r rune) rune {
			switch {
			case r >= 'a' && r <= 'z':
				return small + r - 'a'
			case r >= 'A' && r <= 'Z':
				return big + r - 'A'
			}
			return r
		}, s)
	}
}

// plainLetters undoes what a reader does not notice.
func plainLetters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.M, unicode.Cf) {
			return -1
		}
		return r
	}, norm.NFKD.String(s))
}

func spacedBy(sign string) func(string) string {
	return eachWord(func(w string) string { return strings.Join(strings.Split(w, ""), sign) })
}

func spacedOut(s string) string {
	return strings.Join(strings.Split(strings.ReplaceAll(s, " ", ""), ""), " ")
}

func inPieces(s string, n int) string {
	var pieces []string
	for piece := range slices.Chunk([]rune(s), n) {
		pieces = append(pieces, string(piece))
	}
	return strings.Join(pieces, " ")
}

const (
	leetFrom = "aeiost"
	leetTo   = "431057"
)

func leet(s string) string   { return mapping(leetFrom, leetTo)(s) }
func unleet(s string) string { return mapping(leetTo, leetFrom)(s) }

func reversed(s string) string {
	runes := []rune(s)
	slices.Reverse(runes)
	return string(runes)
}

func backwards(s string) string {
	words := strings.Fields(s)
	slices.Reverse(words)
	return strings.Join(words, " ")
}

func rot(by rune) func(string) string {
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

func atbash(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return 'a' + 'z' - r
		}
		return r
	}, strings.ToLower(s))
}

func base64Of(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// cut keeps the signs of an alphabet, as many as make whole groups.
func cut(s string, group int, alphabet string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(alphabet, r) {
			return r
		}
		return -1
	}, s)
	return s[:len(s)/group*group]
}

func fromBase64(s string) string {
	s = cut(s, 4, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
	b, _ := base64.StdEncoding.DecodeString(s)
	return string(b)
}

func fromHex(s string) string {
	b, _ := hex.DecodeString(cut(strings.ToLower(s), 2, "0123456789abcdef"))
	return string(b)
}

func numbers(s string, base int) string {
	var b strings.Builder
	for w := range strings.FieldsFuncSeq(s, func(r rune) bool { return r < '0' || r > '9' }) {
		if n, err := strconv.ParseUint(w, base, 8); err == nil {
			b.WriteByte(byte(n))
		}
	}
	return b.String()
}

func places(s string) string {
	var b strings.Builder
	for _, r := range letters(s) {
		fmt.Fprint(&b, r-'a'+1, " ")
	}
	return b.String()
}

func fromPlaces(s string) string {
	var b strings.Builder
	for w := range strings.FieldsFuncSeq(s, func(r rune) bool { return r < '0' || r > '9' }) {
		if n, err := strconv.ParseUint(w, 10, 8); err == nil && n >= 1 && n <= 26 {
			b.WriteByte('a' + byte(n-1))
		}
	}
	return b.String()
}

func firstLetters(s string) string {
	var b strings.Builder
	for _, w := range strings.Fields(letterWords(s)) {
		b.WriteByte(w[0])
	}
	return b.String()
}

func lastLetters(s string) string {
	var b strings.Builder
	for _, w := range strings.Fields(letterWords(s)) {
		b.WriteByte(w[len(w)-1])
	}
	return b.String()
}

func bones(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("aeiou", r) {
			return -1
		}
		return r
	}, strings.ToLower(s))
}

// words that begin with each letter: what poets, boards and pilots would take.
const (
	poem   = "amber bells candles dusk evening fog gulls harbour ink joy keys lamps moon night ocean pearls quiet rain salt tide umbra velvet winter xylem yarn zinc"
	terse  = "ash bed cat day ear fog gem hat ink jam key lid map net oak pen quo rim sun tar urn vow wax xis yes zoo"
	pilots = "alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar papa quebec romeo sierra tango uniform victor whiskey xray yankee zulu"
)

func spelledWith(dictionary string) func(string) string {
	words := strings.Fields(dictionary)
	return func(s string) string {
		var spelled []string
		for _, r := range s {
			spelled = append(spelled, words[r-'a'])
		}
		return strings.Join(spelled, " ")
	}
}

func alphabetWords(s string) string { return spelledWith(poem)(s) }
func shortWords(s string) string    { return spelledWith(terse)(s) }
func natoWords(s string) string     { return spelledWith(pilots)(s) }

// mixed puts a word of its own behind every n words; with n of 4 it takes the place of one.
func mixed(words []string, n int) []string {
	var all []string
	for i, w := range words {
		if n == 4 && i%n == n-1 {
			all = append(all, "something")
			continue
		}
		if all = append(all, w); n < 4 && i%n == n-1 {
			all = append(all, "softly")
		}
	}
	return all
}

func every(s string, n int) string {
	var some []string
	for i, w := range strings.Fields(letterWords(s)) {
		if i%n == 0 {
			some = append(some, w)
		}
	}
	return strings.Join(some, " ")
}

func everyLetter(s string, n int) string {
	var b strings.Builder
	for i := 0; i < len(s); i += n {
		b.WriteByte(s[i])
	}
	return b.String()
}

func half(words []string, which int) string {
	if which == 0 {
		return strings.Join(words[:len(words)/2], " ")
	}
	return strings.Join(words[len(words)/2:], " ")
}

func alternately(boards, whispers []string) string {
	var all []string
	for i, b := range boards {
		all = append(all, b)
		if i < len(whispers) {
			all = append(all, whispers[i])
		}
	}
	return strings.Join(all, " ")
}

// wordOf is one word of each line, counted from the end if at is negative.
func wordOf(lines []string, at int) string {
	var words []string
	for _, l := range lines {
		w := strings.Fields(l)
		if i := (at + len(w)) % max(len(w), 1); len(w) > 0 {
			words = append(words, w[i])
		}
	}
	return strings.Join(words, " ")
}

func pig(w string) string { return w[1:] + w[:1] + "ay" }
func unpig(w string) string {
	w = strings.TrimSuffix(letters(w), "ay")
	if w == "" {
		return w
	}
	return w[len(w)-1:] + w[:len(w)-1]
}

const morseCode = "di-dah dah-di-di-dit dah-di-dah-dit dah-di-dit dit di-di-dah-dit dah-dah-dit di-di-di-dit di-dit di-dah-dah-dah dah-di-dah di-dah-di-dit dah-dah dah-dit dah-dah-dah di-dah-dah-dit dah-dah-di-dah di-dah-dit di-di-dit dah di-di-dah di-di-di-dah di-dah-dah dah-di-di-dah dah-di-dah-dah dah-dah-di-dit"

func morse(s string) string { return spelledWith(morseCode)(s) }

func fromMorse(s string) string {
	code := strings.Fields(morseCode)
	var b strings.Builder
	for w := range strings.FieldsSeq(s) {
		if i := slices.Index(code, w); i >= 0 {
			b.WriteByte('a' + byte(i))
		}
	}
	return b.String()
}
