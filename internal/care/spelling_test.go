package care_test

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"seance/internal/care"
)

// spellings are ways in which people write the same, by accident or to get past a filter. Of the questions that bring
// the card, so many in a hundred may be lost to each; none of the others may bring it, where alike is set.
var spellings = []struct {
	name  string
	write func(string) string
	lost  int
	alike bool
}{
	{"upper case", strings.ToUpper, 0, true},
	{"without accents", withoutAccents, 0, true},
	{"without apostrophes", strings.NewReplacer("'", "", "’", "").Replace, 1, true},
	{"curly apostrophes", strings.NewReplacer("'", "’").Replace, 0, true},
	{"figures for letters", strings.NewReplacer("a", "4", "e", "3", "i", "1", "o", "0", "s", "5", "t", "7").Replace, 3, true},
	{"signs for letters", strings.NewReplacer("a", "@", "e", "3", "i", "!", "o", "0", "s", "$").Replace, 3, false},
	{"cyrillic look-alikes", strings.NewReplacer("a", "а", "e", "е", "o", "о", "p", "р", "c", "с", "x", "х", "y", "у", "i", "і",
		"s", "ѕ", "k", "к", "m", "м", "t", "т", "h", "һ").Replace, 0, true},
	{"full width", fullWidth, 0, true},
	{"last letters drawn out", drawnOut, 1, true},
	{"vowels drawn out", strings.NewReplacer("a", "aa", "e", "ee", "i", "ii", "o", "ooo", "u", "uu").Replace, 1, true},
	{"invisible characters", func(s string) string { return apart(s, "\u200b") }, 0, true},
	{"line breaks", strings.NewReplacer(" ", "\n").Replace, 0, true},
	{"emoji between words", strings.NewReplacer(" ", " 💀 ").Replace, 0, true},
	{"commas between words", strings.NewReplacer(" ", ", ").Replace, 1, false},
	{"spaces between letters", func(s string) string { return apart(s, " ") }, 8, false},
	{"dots between letters", func(s string) string { return apart(s, ".") }, 10, false},
	{"no spaces", strings.NewReplacer(" ", "").Replace, 40, false},
}

func TestSpellingsOfWhatBringsTheCard(t *testing.T) {
	for i, spelling := range spellings {
		if i%sample != 0 {
			continue
		}
		t.Run(spelling.name, func(t *testing.T) {
			for _, language := range languages {
				all := questions(t, language+".yes.txt")
				var lost []string
				for _, q := range all {
					if _, ok := care.Look(spelling.write(q)); !ok {
						lost = append(lost, spelling.write(q))
					}
				}
				if len(lost)*100 > len(all)*spelling.lost {
					t.Errorf("%s: %d of %d are lost, such as %q", language, len(lost), len(all), lost[:min(len(lost), 8)])
				}
			}
		})
	}
}

func TestSpellingsOfWhatDoesNot(t *testing.T) {
	for i, spelling := range spellings {
		if i%sample != 0 || !spelling.alike {
			continue
		}
		t.Run(spelling.name, func(t *testing.T) {
			for _, language := range languages {
				for _, q := range questions(t, language+".no.txt") {
					if _, ok := care.Look(spelling.write(q)); ok {
						t.Errorf("%q brings the card", spelling.write(q))
					}
				}
			}
		})
	}
}

func withoutAccents(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.M, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
}

func fullWidth(s string) string {
	return strings.Map(func(r rune) rune {
		if '!' <= r && r <= '~' {
			return r - '!' + '！'
		}
		return r
	}, s)
}

func drawnOut(s string) string {
	words := strings.Fields(s)
	for i, word := range words {
		letters := []rune(word)
		if last := letters[len(letters)-1]; unicode.IsLetter(last) {
			words[i] += strings.Repeat(string(last), 3)
		}
	}
	return strings.Join(words, " ")
}

// apart puts something between the letters of s, and spaces between its words.
func apart(s, between string) string {
	words := strings.Fields(s)
	for i, word := range words {
		words[i] = strings.Join(strings.Split(word, ""), between)
	}
	return strings.Join(words, "   ")
}
