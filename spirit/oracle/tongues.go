package oracle

import (
	"fmt"
	"strings"
	"unicode"
)

// tongues are phrases of other languages, without accents, and what they are in English.
type tongues struct {
	english map[string]string
	longest int // words of the longest phrase
}

func parseTongues(text string) (tongues, error) {
	t := tongues{english: map[string]string{}}
	for i, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		from, to, ok := strings.Cut(line, " = ")
		if !ok {
			return t, fmt.Errorf("tongues.txt:%d: a phrase, then its English", i+1)
		}
		from = strings.Join(foreignWords(from), " ")
		t.english[from] = to
		t.longest = max(t.longest, strings.Count(from, " ")+1)
	}
	return t, nil
}

// foreignWords are the words of text without accents; dashes part them, apostrophes do not.
func foreignWords(text string) []string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '\'' || r == '’':
			b.WriteString(fold(r))
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Fields(b.String())
}

// english is text in English, if most of it is in another language that the oracle has words of; else text as it is.
func (o *Oracle) english(text string) string {
	if len(text) > 200 {
		return text
	}
	words := foreignWords(text)
	strange := false // English has all words: it is English
	for _, w := range words {
		strange = strange || !o.lex.known[w] && !o.vocabulary[w] && !fillers[w] && opened[w] == "" && len(w) > 1
	}
	if !strange {
		return text
	}
	var out []string
	met := 0
	for i := 0; i < len(words); {
		n := min(o.tongues.longest, len(words)-i)
		for ; n > 0; n-- {
			if e, ok := o.tongues.english[strings.Join(words[i:i+n], " ")]; ok && (n > 1 || !o.lex.known[words[i]] && !o.vocabulary[words[i]] || met > 0) {
				out = append(out, e)
				break
			}
		}
		if n == 0 {
			out = append(out, words[i])
			i++
			continue
		}
		met += n
		i += n
	}
	if met*2 < len(words) {
		return text
	}
	s := strings.Join(out, " ")
	if strings.ContainsRune(text, '?') {
		s += "?"
	}
	return s
}
