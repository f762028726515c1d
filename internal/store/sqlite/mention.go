package sqlite

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// everyday are words that a line holds without being about anybody. Somebody who is called so takes only their own lines
// along: else one name would empty a whole sitting.
var everyday = func() map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(`a about again all am an and any anybody anyone are as ask at be been but by can come could
		cat day dead did die do does dog door find for from get ghost give go good had hand has have he help her here him his home
		house how i if in is it know let life light like long look love man may me money more much my name never new night no
		nobody not now of old on one or our out people play said say see shall she should so somebody someone soon spirit stay tell
		that the their them then there they thing this time to tonight us want was way we well were what when where which who whom
		whose why will with woman word work would year yes yet you young your`) {
		set[word] = true
	}
	return set
}()

// mentioned reports whether a text has a name in it, as whole words and with case and accents folded.
func mentioned(text, name string) bool {
	words, wanted := wordsOf(fold(text)), wordsOf(fold(name))
	if len(wanted) == 1 && (utf8.RuneCountInString(wanted[0]) < 2 || everyday[wanted[0]]) {
		return false
	}
	for i := 0; len(wanted) > 0 && i+len(wanted) <= len(words); i++ {
		if slices.Equal(words[i:i+len(wanted)], wanted) {
			return true
		}
	}
	return false
}
