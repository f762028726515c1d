package spirit

import (
	"slices"
	"strings"
	"testing"
)

// What an index finds are the longest runs that two texts share, each once.
func FuzzIndex(f *testing.F) {
	for _, c := range [][2]string{
		{"the lamp went out for", "and the lamp went out"},
		{"the lamp went out for the lamp went out", "the lamp went out the lamp went out for"},
		{"aaaaaaaaaaaaaaaa", "aaaaaaaaaaa"},
		{"xxxxxxxxthelampwxxx", "yyyythelampwyyythelampwy"},
		{"thelampw", "zthelampw"}, {"thelampw", "zzthelampw"}, {"thelampw", "zzzthelampw"}, {"thelampw", "zzzzthelampw"}, {"thelampw", "thelamp"},
		{kept, strings.ToUpper(kept)}, {"", ""},
	} {
		f.Add(c[0], c[1])
	}
	f.Fuzz(func(t *testing.T, guarded, said string) {
		in, text := pour(readWords(guarded, false)), pour(readWords(said, false))
		if len(in) > 300 || len(text) > 300 {
			return // each place is held against each
		}
		var got, want [][3]int
		newIndex(in).any(text, func(at, from, n int) bool {
			got = append(got, [3]int{at, from, n})
			return false
		})
		for at := range text {
			for from := range in {
				n := 0
				for at+n < len(text) && from+n < len(in) && text[at+n] == in[from+n] {
					n++
				}
				if begins := at == 0 || from == 0 || text[at-1] != in[from-1]; begins && n >= seed {
					want = append(want, [3]int{at, from, n})
				}
			}
		}
		slices.SortFunc(got, func(a, b [3]int) int { return slices.Compare(a[:], b[:]) })
		if !slices.Equal(got, want) {
			t.Errorf("%q and %q share %v, want %v", guarded, said, got, want)
		}
	})
}
