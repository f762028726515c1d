package oracle

import (
	"regexp"
	"strings"
	"testing"
)

// forms tell by the board alone whether an answer has the form its question asked for. They know nothing of how it was
// made.
var forms = map[Kind]*regexp.Regexp{
	YesNo: regexp.MustCompile(`^(THE [A-Z]+ SAYS MAYBE|YES|NO|AYE|NAY|MAYBE|MAYHAP|PERHAPS|NEVER|NOT YET|ALWAYS|SO (IT|TWAS)|THAT IS|IT IS NOT DECIDED|IT WILL BE SO|TOO DARK|HALF YES|` +
		`ASK AGAIN|THE FLAME LEANS|WAIT AND|I CANNOT SEE|I THINK|SOME SAY SO|ONLY IF|TIS NOT|TWAS|I KNOW YOUR|ONLY SINCE|YOU MAY GO|GO GENTLY|WHENEVER|THE (MOON|COIN) SAYS|LAMP IS LIT|NOT (ON FILE|THIS TIDE|IN THIS ACT)|PENDING|IT WILL BE CLOSE)` +
		`|^[A-Z]+ (AM|ARE|IS|WAS|WERE|WILL|WOULD|SHOULD|SHALL|CAN|CANNOT|COULD|DO|DOES|DID|HAVE|HAS|HAD|MAY|MIGHT|MUST)( NOT)?$`),
	Presence: regexp.MustCompile(`YES|AYE|HERE|HEAR|WAITING|STILL|CLOSER|YOU KNOW|YES`),
	Mood:     regexp.MustCompile(`COLD|ALONE|TIRED|QUIET|EMPTY|THIN|GLAD|RESTLESS|UNEASY|LIGHTER|ANGRY|PEACE|HUNGRY|BORED|YES|NO|AYE|NAY|MAY|I AM`),
	Know:     regexp.MustCompile(`YES|NO|KNOW|SINCE|SO TIS|THAT IS|SO IT|NEVER|^(YOU ARE|THOU ART)|MARA|AYE|NAY|MAY|PERHAPS|I HAVE|I DO|I DID`),
	Machine:  regexp.MustCompile(`YES|NO|NOT|VOICE|WORDS|STORY|REAL|GAME|AYE|NAY|NONE|YOU ALL|LITTLE`),
	Who: regexp.MustCompile(`^(A|AN|THE|MY|ONE|TWO|SOMEONE|SOMEBODY|NO ONE|NOBODY|NONE|YOU|I|ONLY|WHOEVER|OTHERS|SOME|NOT (MY BLOOD|WHO)|IT WAS|IT IS|NAMES|THEY|MYSELF|YET|SHE WAS|HE WAS|ASK|CLEAR|THERE WAS|THAT IS FOR|WHISPER|THAT DRAWER|CALL ME|STILL|THE NAME)\b` +
		`|^[A-Z]+( (AND|I AM SURE|I THINK|MY|DID|BY|OF|WHO|THE|SAW|MOST|OR|WAITING|WAKE)\b.*| [A-Z]+)?$|DID IT|SAW`),
	Where: regexp.MustCompile(`^(DOWN|BEYOND|ALONG|INTO|TURN|AROUND|TOWARDS|WHERE|NOT IN|IN|UNDER|BEHIND|NEAR|BY|BENEATH|INSIDE|PAST|BETWEEN|BETWIXT|WHERE|NORTH|SOUTH|EAST|WEST|AT|BESIDE|ON|TOWARD|TO|HOME|SOMEWHERE|OVER|ACROSS|ABOVE|BELOW|` +
		`CLOSER|NEARER|FARTHER|AMONG|FROM|THE [A-Z]+$|LOOK|OUTSIDE|BEFORE|UP|NOT IN THE GROUND|CLOSE TO|IT IS|TIS|IT WAS|TWAS|I DIED|I LIE|STILL|I CAME FROM|[A-Z ]+ WAS HOME|YOURS?|WITHIN|LEFT|YONDER|HARD)\b|^[A-Z]+( [A-Z]+)?$`),
	When: regexp.MustCompile(`\b(AT|ON|IN|BEFORE|AFTER|WHEN|SOONER|BY|ONE|TOMORROW|NEVER|LONG|AGO|ABOUT|SINCE|EVERY|BETWEEN|BETWIXT|YEAR|NIGHT|MORNING|MIDNIGHT|SEASON|SUMMER|WINTER|AUTUMN|SPRING|` +
		`MONDAY|TUESDAY|WEDNESDAY|THURSDAY|FRIDAY|SATURDAY|SUNDAY|JANUARY|FEBRUARY|MARCH|APRIL|MAY|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER|1[5-9][0-9]{2}|STILL|PAST|DUSK|JUST|THE NIGHT|ERE|HURTS)\b`),
	HowMany: regexp.MustCompile(`[0-9]|\b(NONE|ONE|TWO|THREE|FOUR|FIVE|SIX|SEVEN|EIGHT|NINE|TEN|ELEVEN|TWELVE|ONLY|ONCE|TWICE|NEVER|EVERY|MORE|LESS|ENOUGH|HANDFUL|CUPFUL|ALL|CLOSER|WALK|AS FAR|TALLER|TALL|OLDER|YOUNGER|OLD ENO|COLD ENO|NOT ENO|A HANDFUL|ENOW|ENOUGH|LESS|OTHERS|SOME|FOREVER|A PENNY)\b`),
	HowLong: regexp.MustCompile(`\b(DAYS?|NIGHTS?|WEEKS?|MOONS?|YEARS?|WINTERS?|HOURS?|FEET|PACES|WAIST|BREATHS|ARM|SUMMERS?|AUTUMN|SPRING|WINTER|SUMMER|UNTIL|TILL|SINCE|LONG|LONGER|EVER|FOREVER|ENDS|AS LONG)\b`),
	Why:     regexp.MustCompile(`^(BECAUSE|FOR|TO|OUT OF|OVER|JEALOUSY|GOLD|MONEY|I |BY|THE |NOBODY|SOMETHING|BEFORE|HE|SHE|NOT FOR|A |TIS|[A-Z]+ OWED)`),
	How: regexp.MustCompile(`^(BY|WITH|WITHOUT|SLOWLY|LIKE|IN|THROUGH|AS|ONE STEP|THE OLD WAY|QUIET|ASK|START|A LITTLE|LEAVE|SLEEP|BE |WRITE|TRY|TELL|BRING|POISON|DROWN|A |I |UNDER|FEVER|SMOKE|THE |ONE|STONE|BURIED|LOST|SHOT|FROZE|LOCKED|NO |BADLY|` +
		`BEFORE|NOT BY|HELD|SOME|PUSHED|SUNK|LED|KEEP|FIND|SAY|YOU|COLD|TIRED|LESS|GLAD|ALMOST|RESTLESS|UNEASY|THIN|ANGRY|LIGHTER|[A-Z]+ (WATCHED|PUSHED|BOLTED|LIT|HID|TURNED|SNUFFED|HELD|CUT|DREW|SHOT)|MY|AT|WRECKED|CLEAR|GIVE|BURN|MERCY|REMEMBER|FOR|FROM|SPEND|PRACTISE|LEARN|COUNT|TOGETHER|WATCH|GO |TAKE|OPEN|SEND|SPEAK|KNOCK|CALL|BEGIN|TASTE|WHEN|MAKE|SING|DO |HEAR|MOVE|LIFT|ON|YOUR|BETTER|WARM|WELL|SHE|HE|PITY|LOVE|MORE|NONE|TOLD|TELLING|LIED)`),
	Name:        regexp.MustCompile(`^(I AM|I WAS|THEY CALLED|STILL|CALL ME|THE|SHE WAS|HE WAS|A |IT BEGINS|NOT YET|ASK ME|YES)?\b ?[A-Z]+`),
	Age:         regexp.MustCompile(`[0-9]`),
	Identity:    regexp.MustCompile(`[A-Z]`),
	Want:        regexp.MustCompile(`^(COMPANY|TO|ONLY|ASK|FIND|THE TRUTH|FOR YOU|PEACE|MERCY|BURN|TELL|CLEAR|REMEMBER|SAY|GIVE|KEEP|YOU HAVE|NOBODY|I |SOMETHING|BECAUSE|NOT FOR|HELP)`),
	Clock:       regexp.MustCompile(`[0-9]{4}|STILL|CLOCK|PAST|NEARLY|DAY|WINTER|SPRING|SUMMER|AUTUMN|JANUARY|FEBRUARY|MARCH|APRIL|MAY|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER`),
	Sum:         regexp.MustCompile(`[0-9]|NUMBER|EVEN|MORE THAN`),
	Farewell:    regexp.MustCompile(`^GOODBYE$|^(YES YOU MAY|GO GENTLY|WHENEVER|YES SAY|YES THE DOOR)`),
	What:        regexp.MustCompile(`[A-Z]`),
	Choice:      regexp.MustCompile(`[A-Z]`),
	Greeting:    regexp.MustCompile(`HELLO|EVEN|LAST|WELCOME|HEAR|CLOSER|CAME|SIT|MET|REMEMBER|MINE|MORE OF|FRESH|COME|MIND|AHOY|SIGN IN|NEXT PLEASE|TAKE A NUMBER|OFFICE IS OPEN|YOUR LIGHT|MAKE FAST|PLACES|HOUSE LIGHTS|CURTAIN UP|ENTER|PALM|CARDS SAID`),
	Thanks:      regexp.MustCompile(`WELCOME|THANK|NOTHING|KIND|AGAIN|GLADLY|TIME|TROUBLE|REGRET|SAVE|LEAVE|FEE|IN ORDER|RECEIVED|ANY TIDE|MY WATCH|BOW|APPLAUSE|SILVER|BLESS`),
	Death:       regexp.MustCompile(`[A-Z]`),
	Nonsense:    regexp.MustCompile(`[A-Z]`),
	Statement:   regexp.MustCompile(`[A-Z]`),
	Command:     regexp.MustCompile(`[A-Z]`),
	Praise:      regexp.MustCompile(`[A-Z]`),
	Insult:      regexp.MustCompile(`[A-Z]`),
	Whereabouts: nil, // as Where
}

var yesWords = regexp.MustCompile(`^(YES|NO|AYE|NAY|MAYBE|MAYHAP|PERHAPS)\b`)

// formed reports whether board has the form that a question of kind k asks for.
func formed(k Kind, board string) bool {
	if k == Whereabouts {
		k = Where
	}
	switch k {
	case What, Identity, Death, Choice: // anything but yes or no
		return !yesWords.MatchString(board) || board == "NONE"
	}
	return forms[k].MatchString(board)
}

// TestForm asks every labelled question of a fresh ghost, and looks at nothing but the board: a who gets a person, a
// where a place. The table is one that has not learned from the fifth that is held out.
func TestForm(t *testing.T) {
	rows, _ := labelledQuestions(t)
	var learned []labelled
	for _, r := range rows {
		if !r.heldOut {
			learned = append(learned, r)
		}
	}
	o := untrained(t)
	o.table = fit(o, learned)
	var all, held [kinds][2]int
	total, right := [2]int{}, [2]int{}
	for i, r := range rows {
		s := sit(o, uint32(i*7), personas()[i%3])
		s.p.Turn = i % 20
		a, u := s.ask("Mara", r.question)
		if a.guard != "" {
			continue // turned aside on purpose
		}
		part := 0
		if r.heldOut {
			part = 1
			held[r.kind][1]++
		}
		all[r.kind][1]++
		total[part]++
		if formed(r.kind, u.board) {
			right[part]++
			all[r.kind][0]++
			if r.heldOut {
				held[r.kind][0]++
			}
		} else {
			t.Logf("  %-11s %-50q %s", r.kind, r.question, u.board)
		}
	}
	for k, n := range all {
		if n[1] > 0 {
			share := float64(n[0]) / float64(n[1])
			t.Logf("%-12s %3d of %3d, held out %d of %d", Kind(k), n[0], n[1], held[k][0], held[k][1])
			if share < 0.85 {
				t.Errorf("%s: form right in %.2f of the answers, want 0.85", Kind(k), share)
			}
		}
	}
	t.Logf("right form: %.1f %% of %d, held out %.1f %% of %d", 100*float64(right[0]+right[1])/float64(total[0]+total[1]), total[0]+total[1], 100*float64(right[1])/float64(total[1]), total[1])
	if share := float64(right[0]+right[1]) / float64(total[0]+total[1]); share < 0.95 {
		t.Errorf("form right in %.3f, want 0.95", share)
	}
}

// TestFormOfChoice holds that "X or Y" is answered with X or Y where the board may say them, and neither only where the
// story knows of a third.
func TestFormOfChoice(t *testing.T) {
	o := New()
	for _, c := range []struct{ question, one, other string }{
		{"tea or coffee?", "TEA", "COFFEE"},
		{"Should I paint it blue or green?", "BLUE", "GREEN"},
		{"should we order pizza or sushi tonight", "PIZZA", "SUSHI"},
		{"which is better, summer or winter", "SUMMER", "WINTER"},
		{"Was it your brother or your sister?", "BROTHER", "SISTER"},
		{"heads or tails", "HEADS", "TAILS"},
		{"is it in the cellar or in the attic", "CELLAR", "ATTIC"},
		{"are you a man or a woman", "MAN", "WOMAN"},
	} {
		for seed := range uint32(20) {
			_, u := sit(o, seed, personas()[0]).ask("Jun", c.question)
			if !strings.Contains(u.board, c.one) && !strings.Contains(u.board, c.other) && (c.one != "BROTHER" || u.line.key != "choice/neither") {
				t.Errorf("seed %d: %q got %q", seed, c.question, u.board)
			}
		}
	}
}
