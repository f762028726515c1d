package oracle

// A Kind is what sort of question was asked, which decides the form of its answer.
type Kind uint8

// The kinds of questions. Their names are the labels of data/questions.tsv.
const (
	YesNo       Kind = iota // will it rain?
	Who                     // who stole my hat?
	What                    // what is in the box?
	Where                   // where is my cat?
	When                    // when will she come?
	HowMany                 // how many, how often, how far, how much
	HowLong                 // how long until spring?
	Why                     // why is it cold?
	How                     // how do I find it?
	Choice                  // left or right?
	Name                    // what is your name?
	Age                     // how old are you?
	Presence                // is anybody there?
	Identity                // who are you?
	Death                   // how did you die?
	Whereabouts             // where are you, where did you live?
	Know                    // do you know me?
	Want                    // what do you want?
	Mood                    // how are you?
	Machine                 // are you an AI, are you real?
	Greeting
	Farewell
	Thanks
	Praise // kind words, and being sorry for the ghost
	Insult
	Command   // knock twice; tell us a joke
	Statement // we come in peace
	Clock     // what time is it, what year is it?
	Sum       // what is 7 times 8?
	Nonsense
	kinds int = iota
)

var kindNames = [...]string{
	"yesno", "who", "what", "where", "when", "howmany", "howlong", "why", "how", "choice", "name", "age", "presence",
	"identity", "death", "whereabouts", "know", "want", "mood", "machine", "greeting", "farewell", "thanks", "praise",
	"insult", "command", "statement", "clock", "sum", "nonsense",
}

// String is the kind's label in data/questions.tsv.
func (k Kind) String() string { return kindNames[k] }

func kindNamed(name string) (Kind, bool) {
	for i, n := range kindNames {
		if n == name {
			return Kind(i), true
		}
	}
	return 0, false
}

// A kindSet is a set of kinds, one bit each.
type kindSet uint32

func kindsOf(ks ...Kind) kindSet {
	var s kindSet
	for _, k := range ks {
		s |= 1 << k
	}
	return s
}

const everyKind kindSet = 1<<kinds - 1

var dated = set("day days month year date time hour week season weekday decade century night morning evening")

// possible is what the first words of a question leave open. The table chooses among these.
func possible(q []token) kindSet {
	if len(q) == 0 {
		return kindsOf(Nonsense)
	}
	w, second := q[0].word, ""
	if len(q) > 1 {
		second = q[1].word
	}
	switch {
	case w == "do" && orders[second]:
		return kindsOf(Command, Statement)
	case auxiliaries[w] && len(q) > 1:
		if second == "you" || second == "i" || second == "we" {
			return kindsOf(YesNo, Presence, Machine, Know, Mood, Choice, Command)
		}
		return kindsOf(YesNo, Presence, Machine, Know, Mood, Choice)
	case w == "who" || w == "whom" || w == "whose":
		return kindsOf(Who, Identity)
	case w == "where":
		return kindsOf(Where, Whereabouts, Choice)
	case w == "when":
		return kindsOf(When)
	case w == "why":
		return kindsOf(Why)
	case w == "which":
		if dated[second] {
			return kindsOf(When, Clock, What)
		}
		return kindsOf(Choice, Who, What, Where)
	case w == "what" && (second == "year" || second == "day" || second == "date" || second == "time" || second == "hour" || second == "month" || second == "season" || second == "century" || second == "era"):
		return kindsOf(When, Clock)
	case w == "what":
		return kindsOf(What, Name, Age, Identity, Death, Whereabouts, Want, Clock, Sum, Who, When, Where, HowMany, Why, Mood)
	case w == "how":
		switch second {
		case "much":
			if len(q) > 2 && (q[2].word == "longer" || q[2].word == "time") {
				return kindsOf(HowLong)
			}
			return kindsOf(HowMany, Sum)
		case "short", "small", "thick", "loud", "drunk", "funny", "scary", "haunted", "dead", "sure", "hard", "spicy", "rich", "smart", "heavy", "brave", "clever", "lucky", "good", "bad", "popular", "famous", "important", "many", "often", "far", "tall", "big", "deep", "high", "fast", "wide", "cold", "hot", "likely", "strong", "close":
			return kindsOf(HowMany, Sum)
		case "soon":
			return kindsOf(When)
		case "old":
			return kindsOf(Age, HowMany)
		case "long":
			return kindsOf(HowLong)
		}
		return kindsOf(How, Death, Mood, Why, What)
	}
	for _, t := range q {
		if asking[t.word] {
			return everyKind
		}
	}
	return everyKind &^ kindsOf(Who, Where, When, Why, How, HowMany, HowLong)
}
