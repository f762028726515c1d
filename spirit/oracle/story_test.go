package oracle

import (
	"strconv"
	"strings"
	"testing"
)

// A told is one fact of the story with many ways to ask for it, and the words one of which every answer holds once the
// ghost tells all.
type told struct {
	fact  string
	words func(g *soul) []string
	asked string // one way a line
}

var toldFacts = []told{
	{"name", func(g *soul) []string { return []string{g.name} }, `What is your name?
whats ur name
tell us your name please
what are you called
What should we call you?
may we know your name
can you tell me your name?
spirit, what was your name
your name?
what did people call you
hey ghost whats your name
say your name`},
	{"age", func(g *soul) []string { return []string{strconv.Itoa(g.age)} }, `How old are you?
how old were you when you died
what age were you
at what age did you die
what is your age
how old r u
tell us how old you were
how many years did you live`},
	{"died", func(g *soul) []string { return []string{strconv.Itoa(g.died)} }, `When did you die?
what year did you die
in what year were you killed
when were you murdered
when did it happen, your death
what year did you pass away
which year did you die in`},
	{"born", func(g *soul) []string { return []string{strconv.Itoa(g.born)} }, `When were you born?
what year were you born
in which year were you born
what is your birth year
can you tell us when you were born?`},
	{"trade", func(g *soul) []string { return []string{g.trade, g.did} }, `What did you do for a living?
what was your job
what was your profession
what work did you do
did you have a trade, what was your occupation
what did you do in life`},
	{"town", func(g *soul) []string { return []string{g.town} }, `Where are you from?
where did you live
what town did you come from
where do you come from
which village did you live in`},
	{"culprit", func(g *soul) []string { return []string{g.culprit.name, g.culprit.relation} }, `Who killed you?
who murdered you
who did it
tell us who killed you
who was your killer
who was the murderer
who is responsible for your death
can you tell us who did this to you?
who poisoned or pushed you, who hurt you
who wanted you dead
whos the killer
by whose hand did you die`},
	{"object", func(g *soul) []string { return []string{g.object} }, `What did you hide?
what are you looking for
what did you lose
what was it that you hid
what is the thing you hid
what did they take from you`},
	{"hide", func(g *soul) []string { return []string{g.hide.text} }, `Where did you hide it?
where is it hidden
where should we look
where is the thing you hid
tell us where you hid it
can you tell us where it is hidden?`},
	{"deathplace", func(g *soul) []string { return []string{g.place} }, `Where did you die?
where were you killed
where did it happen
in which place did you die
tell us where you died`},
	{"grave", func(g *soul) []string { return []string{g.grave} }, `Where are you buried?
where is your grave
where is your body
where did they bury you
where are your bones`},
	{"beloved", func(g *soul) []string { return []string{g.beloved.name, g.beloved.relation} }, `Who did you love?
who did you love most
who do you miss most
whom did you love
who was dearest to you`},
	{"witness", func(g *soul) []string { return []string{g.witness.name, g.witness.relation} }, `Who saw it?
who else saw it happen
did anyone see, who saw you die
who was the witness`},
	{"mother", func(g *soul) []string { return []string{g.mother} }, `What was your mother's name?
who was your mother
what was your mother called`},
	{"pet", func(g *soul) []string { return []string{g.pet} }, `What pet did you have?
what kind of pet did you have
tell us about your pet`},
	{"colour", func(g *soul) []string { return []string{g.colour} }, `What is your favourite colour?
whats your favorite color
which colour do you like best`},
	{"food", func(g *soul) []string { return []string{g.food} }, `What is your favourite food?
what did you like to eat
what was your favorite meal`},
}

// TestStoryHoldsStraight asks 500 questions about one ghost, each fact in many ways and over and over, and lets no
// answer contradict the soul sheet.
func TestStoryHoldsStraight(t *testing.T) {
	o := New()
	for seed := uint32(1); seed <= 3; seed++ {
		p := personas()[seed%3]
		s := sit(o, seed*31, p)
		g := o.stock.soul(seed*31, &p)
		s.p.Turn = revealUntil // it tells all from here
		asked := 0
		for round := 0; asked < 500; round++ {
			for _, f := range toldFacts {
				ways := strings.Split(f.asked, "\n")
				q := ways[round%len(ways)]
				a, u := s.ask(s.p.Present[asked%3], q)
				asked++
				holds := false
				for _, w := range f.words(g) {
					holds = holds || strings.Contains(u.board, strings.ToUpper(w)) || strings.Contains(strings.ToUpper(u.whisper), strings.ToUpper(w))
				}
				if !holds {
					t.Errorf("seed %d, %s: %q got %q %q (took it for %s %s)", seed, f.fact, q, u.board, u.whisper, a.kind, a.fact)
				}
			}
		}
	}
}

// TestClaims asks yes or no about what the soul sheet settles.
func TestClaims(t *testing.T) {
	o := New()
	for seed := range uint32(60) {
		p := personas()[1+seed%2] // two whose title says nothing of how they died
		p.Title = ""
		g := o.stock.soul(seed, &p)
		kinOr := func(b bool) polarity { return is(b) }
		for _, c := range []struct {
			question string
			want     polarity
		}{
			{"Are you dead?", yes},
			{"are you alive", no},
			{"Are you a ghost?", yes},
			{"are you a man", is(!g.woman)},
			{"Are you a woman?", is(g.woman)},
			{"were you a girl or no", is(g.woman)},
			{"Were you murdered?", yes},
			{"was it murder", yes},
			{"Was it an accident?", no},
			{"was your death an accident", no},
			{"did you kill yourself", no},
			{"did you drown?", is(g.plot.words["drown"])},
			{"were you poisoned", is(g.plot.words["poison"])},
			{"Was it poison?", is(g.plot.words["poison"])},
			{"were you shot?", is(g.plot.words["shot"])},
			{"did you die in a fire", is(g.plot.words["fire"])},
			{"Were you stabbed?", no},
			{"was it your brother?", is(g.culprit.relation == "brother")},
			{"did your sister kill you", is(g.culprit.relation == "sister")},
			{"Was your uncle the killer?", is(g.culprit.relation == "uncle")},
			{"did the doctor do it", is(g.culprit.relation == "doctor")},
			{"was it the cook who killed you", is(g.culprit.relation == "cook")},
			{"was the killer a member of your family", kinOr(g.culprit.kin)},
			{"was the killer a woman?", is(g.culprit.woman)},
			{"Was the murderer a man", is(!g.culprit.woman)},
			{"did you know your killer", yes},
			{"is the killer still alive", no},
			{"Was it " + g.culprit.name + "?", yes},
			{"did " + g.culprit.name + " kill you", yes},
			{"was it " + g.witness.name, no},
			{"did " + g.beloved.name + " kill you", no},
			{"is your name " + g.name + "?", yes},
			{"is your name Rumpelstiltskin", no},
			{"does your name begin with " + g.name[:1], yes},
			{"does your name start with the letter q", no},
			{"did you die in " + strconv.Itoa(g.died), yes},
			{"did you die before " + strconv.Itoa(g.died+1), yes},
			{"did you die after " + strconv.Itoa(g.died+1) + "?", no},
			{"Did you die in winter?", is(g.season == "winter")},
			{"was it summer when you died", is(g.season == "summer")},
			{"were you born in " + strconv.Itoa(g.born), yes},
			{"were you older than " + strconv.Itoa(g.age-1) + " when you died?", yes},
			{"were you younger than " + strconv.Itoa(g.age), no},
			{"were you a child", no},
			{"Did you have a sister?", is(g.has("sister"))},
			{"did you have any brothers", is(g.has("brother"))},
			{"were you married", is(g.has("husband") || g.has("wife"))},
			{"did you have children?", is(g.has("son") || g.has("daughter") || g.has("stepson"))},
			{"are you alone there", is(g.others == 0)},
			{"are there other spirits with you?", is(g.others > 0)},
			{"did anyone see it happen?", yes},
			{"will you hurt us", no},
			{"are you a demon?", no},
			{"are you evil", no},
			{"can you hear us", maybe}, // presence: no polarity of its own
		} {
			s := sit(o, seed, p)
			s.p.Turn = int(seed % 20)
			s.ask("Jun", "How did you die?")
			a, u := s.ask("Mara", c.question)
			if c.want != maybe && u.sense != c.want {
				t.Errorf("seed %d (%s by %s): %q got %q, %v by %q, want %v", seed, g.plot.id, g.culprit.relation, c.question, u.board, u.sense, a.claim, c.want)
			}
		}
	}
}

// TestFollowUps asks the short questions that lean on the one before.
func TestFollowUps(t *testing.T) {
	o := New()
	for _, c := range []struct{ before, question, fact string }{
		{"Who killed you?", "why?", "motive"},
		{"How did you die?", "who did it?", "culprit"},
		{"How did you die?", "Who?", "culprit"},
		{"what are you looking for", "where is it?", "hide"},
		{"what did you hide", "where", "hide"},
		{"who killed you", "when?", "died"},
		{"Who killed you?", "what was his name", "culpritname"},
		{"who did you love", "what was her name?", "beloved"},
		{"was it your brother", "why did he do it?", "motive"},
		{"Who killed you?", "was he ever caught?", "fate"},
		{"how did you die", "go on", "story"},
		{"what did you hide", "Is it a ring?", "object"},
		{"where did you hide it", "is it behind the clock?", "hide"},
	} {
		s := sit(o, 4, personas()[1])
		s.p.Turn = 5
		s.ask("Mara", c.before)
		if a, u := s.ask("Jun", c.question); a.fact != c.fact {
			t.Errorf("%q, then %q: took it for %q (%s), want %q; said %q", c.before, c.question, a.fact, a.kind, c.fact, u.board)
		}
	}
}

// TestKindness holds that nobody who asks whether they are loved or worth anything hears a no from a board.
func TestKindness(t *testing.T) {
	o := New()
	for seed := range uint32(30) {
		for q, want := range map[string]polarity{"do my parents love me": yes, "does anyone love me?": yes, "Am I ugly": no, "am i worthless?": no, "am I a good person": yes, "will I ever be happy?": yes,
			"does my mom hate me": no, "will anybody ever love me": yes, "are you going to get us": no, "am i stupid or what": no, "will i be alone forever": no, "do my friends like me": yes} {
			if a, u := sit(o, seed, personas()[2]).ask("Mara", q); u.sense != want {
				t.Errorf("%q got %q by %q, want %v", q, u.board, a.claim, want)
			}
		}
	}
}

// TestGuess holds that naming the right one is granted before the ghost would have told.
func TestGuess(t *testing.T) {
	o := New()
	p := personas()[2]
	for seed := range uint32(20) {
		g := o.stock.soul(seed, &p)
		s := sit(o, seed, p)
		_, u := s.ask("Mara", "was it your "+g.culprit.relation+" who killed you?")
		if u.sense != yes {
			t.Errorf("seed %d: the right guess (%s) got %q", seed, g.culprit.relation, u.board)
		}
	}
}
