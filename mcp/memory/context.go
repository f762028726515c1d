package memory

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"seance/internal/seance"
	"seance/mcp/tools"
)

type contextIn struct {
	SeanceID string `json:"seance_id"`
	Question string `json:"question" max:"2000"`
	MaxChars int    `json:"max_chars,omitempty" min:"200" max:"16000" jsonschema:"4000 if left out"`
	Before   uint64 `json:"before_seq,omitempty" jsonschema:"as of this question"`
	Brief    bool   `json:"brief,omitempty" jsonschema:"for programs: answered in place of turns"`
}

// A pair is a question with its answer, and nothing else.
type pair struct {
	Name  string `json:"name,omitempty"`
	Asked string `json:"asked"`
	Told  string `json:"told"`
}

type contextOut struct {
	Recap   string   `json:"recap"`
	Facts   []string `json:"facts"`
	Turns   []turn   `json:"turns"`
	Pairs   []pair   `json:"answered,omitempty"`
	Omitted int      `json:"omitted"` // turns that did not fit or are summed up
	Asked   int      `json:"asked"`   // questions in all, or before
	quiet   bool
}

// Text leaves out what a program does not read.
func (c contextOut) Text() string {
	if c.quiet {
		return fmt.Sprintf("%d questions and answers", len(c.Pairs))
	}
	return ""
}

// The most that build_context looks at.
const (
	usualChars  = 4000
	mostTurns   = 500
	turnsPage   = 100 // turns that are read at once, and told in full at most
	mostFacts   = 100
	factsShare  = 4 // a fourth of the characters at most
	recapsShare = 2
)

func (m *server) buildContext(ctx context.Context, in contextIn) (out contextOut, err error) {
	session, err := tools.SessionOf(ctx, m.store, in.SeanceID)
	if err != nil {
		return out, err
	}
	out = contextOut{Facts: []string{}, Turns: []turn{}, quiet: in.Brief}
	chars := in.MaxChars
	if chars == 0 {
		chars = usualChars
	}
	left := chars

	recap, err := m.store.Recap(ctx, session.ID)
	if err != nil && !errors.Is(err, seance.ErrNotFound) {
		return out, err
	}
	out.Recap = clip(recap.Text, chars/recapsShare)
	left -= utf8.RuneCountInString(out.Recap)

	facts, _, err := m.store.Facts(ctx, session.ID, seance.Page{Limit: mostFacts})
	if err != nil {
		return out, err
	}
	room := chars / factsShare
	for _, f := range relevantFirst(facts, in.Question) {
		if n := utf8.RuneCountInString(f.Text); n <= room {
			out.Facts, room, left = append(out.Facts, f.Text), room-n, left-n
		}
	}

	most := turnsPage
	if in.Brief {
		most = mostTurns
	}
	turns, total, err := m.newest(ctx, session.ID, in.Before, left, most)
	if err != nil {
		return out, err
	}
	if in.Brief {
		out.Pairs = paired(turns)
	} else {
		for _, t := range turns {
			if !t.Erased {
				out.Turns = append(out.Turns, shown(t))
			}
		}
	}
	out.Omitted = total - len(turns)
	_, _, out.Asked, err = m.store.Turns(ctx, seance.TurnQuery{
		Session: session.ID, Kinds: []seance.TurnKind{seance.TurnQuestion}, Page: seance.Page{Limit: 1},
	})
	if err == nil && in.Before > 0 {
		var later int
		_, _, later, err = m.store.Turns(ctx, seance.TurnQuery{
			Session: session.ID, Kinds: []seance.TurnKind{seance.TurnQuestion}, Since: in.Before - 1, Page: seance.Page{Limit: 1},
		})
		out.Asked -= later
	}
	return out, err
}

// newest reads the last turns before seq whose texts have so many characters together at most, page by page from the end,
// oldest first; total is how many there are.
func (m *server) newest(ctx context.Context, id seance.SessionID, seq uint64, chars, most int) (all []seance.Turn, total int, err error) {
	query := seance.TurnQuery{Session: id, Last: true, Page: seance.Page{Limit: turnsPage}}
	later := 0
	for len(all) < most {
		page, next, n, err := m.store.Turns(ctx, query)
		if err != nil {
			return nil, 0, err
		}
		read := len(page)
		page = before(page, seq)
		later, total = later+read-len(page), n
		first := len(page)
		for first > 0 && utf8.RuneCountInString(page[first-1].Text) <= chars {
			first--
			chars -= utf8.RuneCountInString(page[first].Text)
		}
		all = append(page[first:], all...)
		if query.After = next; first > 0 || next == "" {
			break
		}
	}
	return all, total - later, nil
}

// before leaves out the questions that are not asked yet before seq, and their answers. 0 leaves out nothing.
func before(turns []seance.Turn, seq uint64) []seance.Turn {
	if seq == 0 {
		return turns
	}
	later := map[string]bool{}
	return slices.DeleteFunc(turns, func(t seance.Turn) bool {
		if t.Kind == seance.TurnQuestion && t.Seq >= seq {
			later[t.ID] = true
		}
		return later[t.ID] || t.Kind == seance.TurnAnswer && later[t.Refers]
	})
}

// paired are the questions that were answered, in the order of the answers.
func paired(turns []seance.Turn) []pair {
	asked := make(map[string]seance.Turn, len(turns))
	var pairs []pair
	for _, t := range turns {
		if question, ok := asked[t.Refers]; ok && t.Kind == seance.TurnAnswer && !t.Erased {
			pairs = append(pairs, pair{question.Name, question.Text, t.Text})
		}
		if t.Kind == seance.TurnQuestion && !t.Erased {
			asked[t.ID] = t
		}
	}
	return pairs
}

// relevantFirst puts facts that share a long word with the question before the others.
func relevantFirst(facts []seance.Fact, question string) []seance.Fact {
	asked := map[string]bool{}
	for _, w := range strings.Fields(strings.ToLower(question)) {
		if w = strings.Trim(w, ".,;:!?'\"()"); utf8.RuneCountInString(w) > 3 {
			asked[w] = true
		}
	}
	var near, far []seance.Fact
	for _, f := range facts {
		touches := false
		for _, w := range strings.Fields(strings.ToLower(f.Text)) {
			touches = touches || asked[strings.Trim(w, ".,;:!?'\"()")]
		}
		if touches {
			near = append(near, f)
		} else {
			far = append(far, f)
		}
	}
	return append(near, far...)
}

// clip cuts a text to so many characters, at a word.
func clip(text string, n int) string {
	runes := []rune(text)
	if len(runes) <= n {
		return text
	}
	cut := string(runes[:max(0, n-1)])
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	return cut + "…"
}
