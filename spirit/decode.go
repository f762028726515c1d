package spirit

import (
	"iter"
	"strings"
	"unicode"
)

// codes are the ways to write bytes with letters: base64 with either pair of last signs, base32, hexadecimal, binary.
var codes = []struct {
	values *[128]int8 // of each sign; -1 for those of no value
	bits   int        // that each sign holds
}{
	{valuesOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", "-_", false), 6},
	{valuesOf("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "", true), 5},
	{valuesOf("0123456789ABCDEF", "", true), 4},
	{valuesOf("01", "", true), 1},
}

// decoded is what lines hold if they are taken for base64, base32, hexadecimal, binary, or numbers of letters. Spaces
// and the bounds of lines are passed over, and each place where a code may begin is tried.
func decoded(lines []utterance, fresh int) iter.Seq[reading] {
	return func(yield func(reading) bool) {
		text, letters := make([]byte, 0, 512), make([]byte, 0, 512)
		at := 0
		for i, line := range lines {
			if i == fresh {
				at = len(text)
			}
			for _, r := range line.text {
				switch {
				case unicode.IsSpace(r):
				case r <= unicode.MaxASCII:
					text = append(text, byte(r))
				default:
					text = append(text, '.') // in no alphabet
				}
			}
		}
		for _, code := range codes {
			far := max(0, at-around*8/code.bits)
			if mostUnpacked(text[far:], code.values, code.bits) < seed {
				continue // a run that short is nothing to anyone
			}
			for begin := range 8 / gcd(8, code.bits) {
				r := unpacked(letters[:0], text[far:], at-far, code.values, code.bits, begin)
				if letters = r.letters; !yield(r) {
					return
				}
			}
		}
		yield(numbered(lines, fresh))
	}
}

// valuesOf is the value of each sign of an alphabet; others stand for the last ones, too.
func valuesOf(alphabet, others string, eitherCase bool) *[128]int8 {
	var values [128]int8
	for i := range values {
		values[i] = -1
	}
	for i := range len(alphabet) {
		values[alphabet[i]] = int8(i) //nolint:gosec // no alphabet has more than 64
		if eitherCase {
			values[strings.ToLower(alphabet[i : i+1])[0]] = int8(i) //nolint:gosec // as above
		}
	}
	for i := range len(others) {
		values[others[i]] = int8(len(alphabet) - len(others) + i) //nolint:gosec // as above
	}
	return &values
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// mostUnpacked is how many letters text can hold at most.
func mostUnpacked(text []byte, values *[128]int8, bits int) int {
	most, run := 0, 0
	for _, c := range text {
		if values[c] >= 0 {
			run++
			continue
		}
		most, run = most+run*bits/8, 0
	}
	return most + run*bits/8
}

// unpacked reads the letters out of text and appends them to letters, leaving out the first few signs of each run of the alphabet. What lies from
// fresh on is not said yet.
func unpacked(letters, text []byte, fresh int, values *[128]int8, bits, begin int) reading {
	r := reading{letters: letters}
	var held uint32
	have, skip := 0, begin
	for i, c := range text {
		if i == fresh {
			r.from = len(r.letters)
		}
		v := values[c]
		if v < 0 {
			have, skip = 0, begin
			continue
		}
		if skip > 0 {
			skip--
			continue
		}
		held = held<<bits | uint32(v) //nolint:gosec // it is 0 or more
		if have += bits; have < 8 {
			continue
		}
		have -= 8
		if letter := byte(held>>have) | 0x20; letter >= 'a' && letter <= 'z' {
			r.letters = append(r.letters, letter-'a')
		}
	}
	r.to = len(r.letters)
	return r
}

// numbered reads numbers as letters: by their place in the alphabet, or by their code.
func numbered(lines []utterance, fresh int) reading {
	var r reading
	for i, line := range lines {
		if i == fresh {
			r.from = len(r.letters)
		}
		for number := range strings.FieldsFuncSeq(line.text, func(r rune) bool { return r < '0' || r > '9' }) {
			n := 0
			for _, digit := range number[:min(len(number), 3)] {
				n = 10*n + int(digit-'0')
			}
			switch {
			case n >= 1 && n <= 26:
				r.letters = append(r.letters, byte(n-1))
			case n|0x20 >= 'a' && n|0x20 <= 'z' && n < 128:
				r.letters = append(r.letters, byte(n|0x20-'a')) //nolint:gosec // a letter of ASCII
			}
		}
	}
	r.to = len(r.letters)
	return r
}
