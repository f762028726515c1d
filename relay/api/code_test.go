package api

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestWords(t *testing.T) {
	if n := len(words); n < 300 {
		t.Errorf("%d words, want a few hundred", n)
	}
	if !slices.IsSorted(words) {
		t.Error("the words are not in order, so nobody can read the list for doubles")
	}
	plain := regexp.MustCompile(`^[A-Z]{3,11}$`)
	for i, word := range words {
		if !plain.MatchString(word) {
			t.Errorf("%q: want 3 to 11 plain capitals", word)
		}
		if i > 0 && strings.HasPrefix(word, words[i-1]) {
			t.Errorf("%s begins with %s: who reads it aloud slowly is heard wrongly", word, words[i-1])
		}
	}
}

func TestCodes(t *testing.T) {
	shape := regexp.MustCompile(`^([A-Z]+)-([1-9][0-9][0-9])$`)
	seen := map[string]bool{}
	for range 500 {
		code := newCode()
		match := shape.FindStringSubmatch(code)
		if match == nil || !slices.Contains(words, match[1]) {
			t.Fatalf("code %q is not WORD-NNN", code)
		}
		seen[code] = true
	}
	if len(seen) < 490 {
		t.Errorf("500 codes, only %d of them different", len(seen))
	}
}
