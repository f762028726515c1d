package steering

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// ligatures are letters that stand for two and that no decomposition takes apart, letters with a stroke, and the
// dotless i.
var ligatures = map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ı': "i"}

// words takes a text apart into its words with case and accents folded. A word is letters and figures; what stands
// between them parts words, as do the characters of scripts that put no spaces between words, each being one of its own.
func words(text string) []string { return appendWords(nil, text) }

func appendWords(ws []string, text string) []string {
	text = folded(text)
	from := -1
	for i, r := range text {
		inside := r < utf8.RuneSelf && ('a' <= r && r <= 'z' || '0' <= r && r <= '9')
		alone := false
		if r >= utf8.RuneSelf {
			inside = unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r)
			alone = unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
		}
		if from >= 0 && (!inside || alone) {
			ws = append(ws, text[from:i])
			from = -1
		}
		switch {
		case alone:
			ws = append(ws, text[i:i+utf8.RuneLen(r)])
		case inside && from < 0:
			from = i
		}
	}
	if from >= 0 {
		ws = append(ws, text[from:])
	}
	return ws
}

func folded(text string) string {
	if isASCII(text) {
		return strings.ToLower(text)
	}
	out := make([]byte, 0, len(text))
	var whole [utf8.UTFMax]byte
	var apart []byte
	for _, r := range text { // a byte that is no UTF-8 becomes a sign that is no letter
		if r < utf8.RuneSelf {
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
			out = append(out, byte(r))
			continue
		}
		apart = norm.NFKD.Append(apart[:0], utf8.AppendRune(whole[:0], unicode.ToLower(r))...)
		for _, r := range string(apart) {
			if r >= utf8.RuneSelf && unicode.In(r, unicode.Mn, unicode.Cf) {
				continue // an accent, or what nobody sees
			}
			if two, ok := ligatures[unicode.ToLower(r)]; ok {
				out = append(out, two...)
			} else {
				out = utf8.AppendRune(out, unicode.ToLower(r))
			}
		}
	}
	return string(out)
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// small are words of three letters and more that say nothing about what a description is about, in the languages that
// the house's documents are most often written in: English, German, French, Spanish. Accents are folded.
var small = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(`
		about after again all and any are because been before being but can could did does doing down each ever every few
		for from further get got had has have having her here hers him his how into its just know like made make many may
		might more most much must never nor not now off once one only other our out over own said same say says see she
		should some still such tell than that the their them then there these they thing things this those through too
		two under until upon very was way were what when where whether which while who whom whose why will with would yes
		yet you your
		aber als auch auf aus bei bin bis das dass dem den der des die doch durch ein eine einem einen einer eines
		fur hat hatte ich ihm ihr ihre ist kann kein mein mit nach nicht noch nur oder sein seine sich sie sind uber und
		uns unter vom von vor war waren warum was weil wenn wer wie wird wir wo zum zur
		aux avec car ces cette comme dans des donc dont elle elles est ete etre fait ils les leur lui mais mes moi mon nos
		notre nous ont ou par pas plus pour quand que quel quelle qui quoi sans ses son sont sous sur tes toi ton tous tout
		une vos votre vous
		como con cual cuando del donde ella ellos era eran esta este esto estos fue fueron hay las los mas mis muy nada
		nos para pero por porque que quien ser sin sobre son sus tan tiene todo una uno unos`) {
		m[w] = true
	}
	return m
}()
