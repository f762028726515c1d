package oracle

import (
	"context"
	"embed"
	"slices"
	"strings"

	"seance/internal/seance"
	"seance/spirit"
)

//go:embed data/*.txt
var data embed.FS

// An Oracle answers without any model. It holds what it has read of its data and nothing else: it is safe for
// concurrent use, and every answer follows from the prompt alone.
type Oracle struct {
	lex        *lexicon
	rules      *rulebook
	book       *book
	stock      *stock
	table      *table
	party      map[string]bool // keys of data/party.txt
	claims     []ruledClaim
	known      []knownThing
	tongues    tongues
	vocabulary map[string]bool     // words the rules look for
	slips      map[string][]string // words by themselves and with one letter missing
}

// New reads the data the package carries. It panics if that does not hold together, which the tests rule out.
func New() *Oracle {
	t, err := readTable(tableBytes)
	if err != nil {
		panic("oracle: " + err.Error())
	}
	o, err := read(t)
	if err != nil {
		panic("oracle: " + err.Error())
	}
	return o
}

func read(t *table) (*Oracle, error) {
	text := func(name string) string {
		b, err := data.ReadFile("data/" + name)
		if err != nil {
			panic("oracle: " + err.Error()) // the file is embedded
		}
		return string(b)
	}
	o := &Oracle{table: t, book: &book{byKey: map[string][]*line{}, worded: map[string]bool{}}, vocabulary: map[string]bool{}}
	var err error
	if o.lex, err = parseWords(text("words.txt")); err != nil {
		return nil, err
	}
	if o.rules, err = parseRules(text("rules.txt")); err != nil {
		return nil, err
	}
	if o.stock, err = parseSouls(text("souls.txt")); err != nil {
		return nil, err
	}
	for _, name := range []string{"ghost.txt", "yesno.txt", "open.txt", "near.txt", "talk.txt", "party.txt", "own.txt", "guard.txt", "first.txt"} {
		if err := o.book.read(name, text(name)); err != nil {
			return nil, err
		}
	}
	o.party = map[string]bool{}
	for _, l := range strings.Split(text("party.txt"), "\n") {
		if head, ok := strings.CutPrefix(l, "== "); ok {
			for _, k := range strings.Fields(head) {
				o.party[k] = true
			}
		}
	}
	if err := o.readKnown(text("known.txt")); err != nil {
		return nil, err
	}
	if o.tongues, err = parseTongues(text("tongues.txt")); err != nil {
		return nil, err
	}
	for _, c := range claims() {
		o.claims = append(o.claims, ruledClaim{key: c.key, rule: o.rules.compile(c.key, c.rule), test: c.test})
	}
	for w := range o.rules.ids {
		for _, part := range strings.Split(w, "_") {
			if isWord(part) {
				o.vocabulary[part] = true
			}
		}
	}
	for _, words := range []map[string]bool{asking, auxiliaries, grammar, fillers, tensTable(), set(strings.Join(numberWords, " ")), set("add added squared root half double twice sum plus minus divided multiplied times")} {
		for w := range words {
			o.vocabulary[w] = true
		}
	}
	for _, words := range []map[string]bool{o.stock.objectWords, o.stock.causeWords, o.stock.tradeWords, o.stock.motiveWords, o.stock.hideWords} {
		for w := range words {
			o.vocabulary[w] = true
		}
	}
	all := map[string]bool{}
	for w := range o.vocabulary {
		all[w] = true
	}
	for w := range o.lex.known {
		all[w] = true
	}
	o.slips = slipsOf(all)
	return o, nil
}

func tensTable() map[string]bool {
	m := map[string]bool{}
	for w := range tensWords {
		m[w] = true
	}
	return m
}

// Name is "oracle".
func (o *Oracle) Name() string { return "oracle" }

// Complete emits the board line and, on a line of its own, the whisper if there is one.
func (o *Oracle) Complete(ctx context.Context, p spirit.Prompt, emit func(text string) error) (spirit.Result, error) {
	if err := ctx.Err(); err != nil {
		return spirit.Result{}, context.Cause(ctx)
	}
	a, u := o.answer(&p)
	r := spirit.Result{Source: a.source(), Model: o.Name()}
	text := u.board
	if u.whisper != "" {
		text += "\n" + u.whisper
	}
	return r, emit(text)
}

// source says whether the question was answered or turned aside.
func (a *ask) source() seance.Source {
	if a.guard != "" {
		return seance.SourceDeflection
	}
	return seance.SourceOracle
}

// The questions of a sitting after which the ghost lets more of its story out.
const (
	calmUntil, restlessUntil, revealUntil = 3, 8, 16
)

// level is 1 CALM, 2 RESTLESS, 3 REVEAL or 4 FAREWELL.
func (o *Oracle) level(turn int) int {
	switch {
	case turn <= calmUntil:
		return 1
	case turn <= restlessUntil:
		return 2
	case turn <= revealUntil:
		return 3
	}
	return 4
}

// answer is everything from the question to the words.
func (o *Oracle) answer(p *spirit.Prompt) (*ask, utterance) {
	g := o.stock.soul(p.Seed, &p.Persona)
	v := o.voice(&p.Persona, p.Tone)
	var (
		a *ask
		u utterance
	)
	if p.Initiative != nil {
		a = &ask{o: o, p: p, g: g, terms: o.rules.collect(nil), canon: hash(uint64(p.Seed), "first", p.Initiative.Key)}
		u = o.speakFirst(a, g, v)
	} else {
		a = o.understand(p, g, p.Question, asked(p.Recent), lookback)
		u = o.compose(a, g, v)
	}
	if a.comesBack() {
		if said := a.lastTime(v, u.board); said != "" {
			u.whisper = said
		}
	}
	d := die(hash(a.canon, "old") + uint64(p.Turn))
	board, said := v.speakOld(&d, u.board, u.whisper)
	if n := strings.Count(board, " "); len(board) <= len(u.board) || len(board) <= p.Letters && n < 5 {
		u.board = board
	}
	if strings.Count(u.board, " ")+strings.Count(said, " ")+2 <= wordsMost {
		u.whisper = said
	}
	return a, u
}

// compose chooses where the answer comes from, then the answer.
func (o *Oracle) compose(a *ask, g *soul, v *voice) utterance {
	v.low, v.high = a.bounds()
	turn := hash(a.canon, "turn") + uint64(a.p.Turn)*0x9e3779b97f4a7c15
	if a.guard != "" {
		return o.say(a, g, v, []string{"deflect/" + a.guard}, turn, nil)
	}
	if k := a.schooled(); k != "" {
		return o.say(a, g, v, []string{k}, a.canon, []pool{{"~own", 1}, {"~kind", 0.5}})
	}
	if a.kind == Sum && a.figure+a.shape != "" {
		v.figure = a.figure
		return o.say(a, g, v, []string{a.shape}, turn, []pool{{"~sum", 4}})
	}
	if keys := o.factKeys(a, g, v); len(keys) > 0 {
		pools := a.sidelong()
		for _, k := range keys {
			pools = append(pools, pool{"~" + k, 7})
		}
		return o.say(a, g, v, keys, turn, pools)
	}
	if a.shape == "what/higher" || a.shape == "what/lower" {
		v.figure = a.figure
		return o.say(a, g, v, []string{a.shape}, turn, []pool{{"~" + a.shape, 4}})
	}
	switch a.kind {
	case YesNo, Presence, Know, Mood, Machine:
		if a.shape == "follow/really" {
			return o.say(a, g, v, []string{a.shape}, turn, []pool{{"~" + a.shape, 5}})
		}
		return o.yesOrNo(a, g, v, turn)
	case Choice:
		return o.choose(a, g, v)
	case Greeting, Farewell, Thanks, Praise, Insult, Statement, Command, Nonsense, Clock:
		return o.talk(a, g, v, turn)
	}
	return o.open(a, g, v)
}

// say makes an utterance of one of the lines of keys, or of any line at all when none of those will do.
func (o *Oracle) say(a *ask, g *soul, v *voice, keys []string, salt uint64, pools []pool) utterance {
	u, ok := o.board(a, g, v, keys, salt)
	if !ok {
		if u, ok = o.board(a, g, v, []string{"any"}, salt); !ok {
			return utterance{board: "LISTEN"}
		}
	}
	if a.guard != "" {
		pools = []pool{{"~deflect/" + a.guard, 5}}
	}
	u.whisper = o.whisper(a, g, v, &u, pools)
	return u
}

// again is the board that answered the same question before, if it is recalled: the world does not change because it
// was asked twice.
func (o *Oracle) again(a *ask) string {
	mine, longest := gist(a.tokens), ""
	if mine == "" || a.anew {
		return ""
	}
	for _, t := range a.tokens { // enough to pass over most questions without reading them
		if t.word == t.base && len(t.word) > len(longest) {
			longest = t.word
		}
	}
	for i := len(a.p.Recent) - 1; i >= 0; i-- {
		r := &a.p.Recent[i]
		if r.Board == "" || len(r.Board) > max(a.p.Letters, 24) || !strings.Contains(strings.ToLower(r.Question), longest) {
			continue
		}
		tokens, _ := o.theQuestion(r.Question)
		if gist(tokens) == mine {
			return r.Board
		}
	}
	return ""
}

// gist is the words that carry a question's meaning, in order of the alphabet.
func gist(tokens []token) string {
	var words []string
	for _, t := range tokens {
		if !grammar[t.word] || asking[t.word] || t.word == "i" || t.word == "my" || t.word == "you" || t.word == "we" {
			words = append(words, t.base)
		}
	}
	slices.Sort(words)
	return strings.Join(slices.Compact(words), " ")
}
