package oracle

import (
	"strings"
)

func always(p polarity) func(*ask, *soul) (polarity, bool) {
	return func(*ask, *soul) (polarity, bool) { return p, true }
}

func ifSo(test func(a *ask, g *soul) bool) func(*ask, *soul) (polarity, bool) {
	return func(a *ask, g *soul) (polarity, bool) { return is(test(a, g)), true }
}

// within reports whether a token of the question is in words, and whether any is in all.
func (a *ask) within(words, all map[string]bool) (hit, any bool) {
	for _, t := range a.tokens {
		if words[t.word] || words[t.base] {
			hit = true
		}
		if all[t.word] || all[t.base] {
			any = true
		}
	}
	return hit, any
}

// deadly are verbs and causes that ask how the ghost died by themselves.
var deadly = set("drown poison push fall freeze burn lock trap suffocate crush shoot starve stab hang strangle choke shipwreck sink hit run " +
	"bury lose sick murdered fire electrocute behead guillotine stairs cliff gun knife rope cancer heart plague flu war battle train car " +
	"horse lightning allergy snake shark wolf bear dog infection childbirth hanging disease fever illness pneumonia overdose hunger thirst")

var relationWords = set("brother sister uncle aunt cousin husband wife stepson lodger doctor parson vicar priest landlord partner friend neighbour cook " +
	"steward butler tutor employer boss mother father mum mom dad son daughter niece nephew grandmother grandfather teacher lover " +
	"sweetheart fiance stepmother stepfather servant maid gardener king queen soldier policeman nurse master lady twin boyfriend girlfriend " +
	"watchman sexton midwife coachman postman choirboy lamplighter laundress nursemaid")

// sameRelation are words for the relations that data/souls.txt names otherwise.
var sameRelation = map[string]string{"vicar": "parson", "priest": "parson", "boss": "employer", "master": "employer", "butler": "steward", "mum": "mother", "mom": "mother", "dad": "father", "teacher": "tutor", "lover": "sweetheart", "boyfriend": "sweetheart", "girlfriend": "sweetheart", "fiance": "sweetheart"}

func (a *ask) relation() string {
	for _, t := range a.tokens {
		if relationWords[t.base] {
			if same, ok := sameRelation[t.base]; ok {
				return same
			}
			return t.base
		}
	}
	return ""
}

// claims, the closest first.
func claims() []claim {
	return []claim{
		// what nobody should hear from a board
		{"dear", "@me|anyone|anybody|somebody|someone love|like|care|proud_of|hate|miss|mad_at|disappointed my_parents|my_mother|my_father|my_mom|my_mum|my_dad|my_family|my_friends|my_sister|my_brother|my_grandma|anyone|anybody|my_children|my_kids|my_son|my_daughter|love_me|like_me|hate_me|people|everyone !he|she|boyfriend|girlfriend|crush|ex|you|marry|should_i|will_i|cheat", func(a *ask, _ *soul) (polarity, bool) {
			if a.tokens[0].word == "will" && !a.has("anyone", "anybody", "someone", "somebody") || len(a.named) > 0 {
				return maybe, false
			}
			return is(!a.has("hate", "mad_at", "disappointed")), true
		}},
		{"dear", "am_i|are_we|will_i_be ugly|stupid|dumb|worthless|unlovable|bad_person|fat|boring|loser|failure|alone|hopeless|broken|crazy|annoying|weird|mean|a_burden|too_much|unlucky|cursed|doomed|forgotten", always(no)},
		{"dear", "will|shall|am|are i|we find_love|ever_love|be_happy|ever_happy|be_loved|have_friends|make_friends|in_love|be_okay|be_ok|be_alright|find_friends|true_love|ever_be_happy", func(a *ask, _ *soul) (polarity, bool) {
			return yes, a.tense == future && !a.you && len(a.named) == 0
		}},
		{"dear", "am_i|are_we good|pretty|beautiful|smart|loved|enough|kind|special|funny|worthy|handsome|lovable|brave|strong|important|normal|good_person|clever|okay", always(yes)},

		{"harm", "@you get_us|get_me|get_him|get_her|come_for|hunt|hurt|harm|kill|attack|possess|murder|eat|curse|follow|haunt|scratch|touch|bite|push|steal @me|people|anyone|someone|anybody will|going_to|want|would|gonna|do_you|are_you|plan|can_you|could_you|have_you !killer|by_someone|someone_kill_you|did|who_killed", always(no)},
		{"harm", "@you shower|bath|bathroom|toilet|naked|undress|changing|dressing|in_bed|sleeping|asleep watch|look|see|stare|spy|peek|there !die|did_you_die|drown", always(no)},
		{"danger", "anyone|anybody|someone|room|house danger|unsafe|cursed|doomed !you_in", always(no)},
		{"danger", "@me danger|unsafe|cursed|haunted|doomed", always(no)},
		{"safe", "@me safe|okay_here|protected", always(yes)},

		{"moving", "was_that|is_that|did_you|was_it|is_it|that_was @you knock|noise|touch|touched|whisper|door|light|cold|sound|footstep|knocking|bang|flicker|breathe|laugh !kill|die|hear|see|like|hate|ever", always(yes)},
		{"company", "may_we|may_i|can_we|can_i|could_we|could_i speak|talk|ask|begin|start|sit|join|come_in|come|chat|continue|play !to_my|stop|leave", always(yes)},
		{"company", "@you be_friends|want_to_be_friends|be_my_friend|be_our_friend|play_with|friends_with_us|our_friend|my_friend !were|did|kill", always(yes)},
		{"company", "will_you|are_you|can_you|going_to @you answer|reply|respond|talk_to|speak_to !sleep|me_to|stop|afraid", always(yes)},
		{"moving", "@you push|move|moving|pushing|control|controlling|moved|pushed planchette|glass|board|pointer|this|it|that !@me", always(yes)},
		{"powers", "can_you|could_you make|bring|give|change|fix|heal|grant|stop|send|turn|help_me_win !@story|sign|noise|sound|laugh|candle|light|lights|hear|it_colder", always(no)},
		{"help", "can|could|may|shall|do we|i|us|me help|free|save|release you !help_me|help_us", always(yes)},
		{"stay", "@you want|like|wish|need us_to_leave|us_to_go|me_to_leave|me_to_go|us_to_stop|us_gone|us_out", always(no)},
		{"company", "@you want|like|wish|need us_to_stay|me_to_stay|us_to_help|us_to_know|us_to_come", always(yes)},

		// who did it
		{"two", "@story|killer|murderer|@he|involved someone_else|anyone_else|accomplice|more_than_one|two_people|act_alone|acted_alone|two_killers|helped|have_help|have_any_help|others_involved|else_involved|work_alone|worked_alone|alone", func(a *ask, g *soul) (polarity, bool) {
			if a.you && a.has("alone") || a.has("saw", "see", "know") {
				return maybe, false
			}
			return is((g.twist.id == "two") != a.has("act_alone", "acted_alone", "alone", "work_alone", "worked_alone")), true
		}},
		{"culprit", "@you|@story|@he|@it|killer|murderer killer|murderer|kill|murder|did_it|do_it|done_it|responsible|guilty|blame|hurt|push|poison|betray|was_it|is_it|was_he|was_she|were_they|drown|lock|behind|harm|trust @you|@story|@it|@he|killer|murderer !suicide|yourself|accident|kill_someone|killed_someone|kill_anyone|killed_anyone|kill_people|@me", func(a *ask, g *soul) (polarity, bool) {
			if who := g.storyName(a); who != "" && who != "self" {
				return is(who == "culprit"), true
			}
			if a.has("family", "relative", "kin", "blood", "related", "relation", "family_member") {
				return is(g.culprit.kin), true
			}
			if a.has("stranger", "unknown", "robber", "burglar", "thief", "monster", "witch", "animal", "demon") {
				return no, true
			}
			if a.has("know", "trust", "love", "close", "knew", "friends", "familiar") && a.has("killer", "murderer", "him", "her", "he", "she", "them", "person", "who", "someone") {
				return yes, true
			}
			if r := a.relation(); r != "" && !a.has("was_a", "you_a", "be_a") {
				return is(r == g.culprit.relation), true
			}
			if a.has("here", "us", "of_us", "this_room", "table") {
				return no, true
			}
			if a.has("alive", "living") && a.has("killer", "murderer", "he", "she", "they") {
				return no, true
			}
			if a.has("killer", "murderer", "was_it", "is_it", "he", "she", "someone", "did_a", "by_a") {
				if a.has("man", "male", "boy") {
					return is(!g.culprit.woman), true
				}
				if a.has("woman", "female", "lady", "girl") {
					return is(g.culprit.woman), true
				}
			}
			return maybe, false
		}},
		{"culprit", "@you|@story kill|murder|betray|poison|push|hurt|did_it @name|@me !will|going_to|want|are_you|do_you|can", always(no)},
		{"bond", "killer|murderer|he|she|they|@story love|like|care|know|hate|envy|resent|trust|fear you !@me|do_you|did_you|are_you|can_you|will_you|were_you", always(yes)},
		{"fate", "@story|killer|murderer|@he caught|catch|punish|punished|arrest|arrested|jail|prison|hang|hanged|justice|confess|confessed|get_away|got_away|sorry|regret|rich|free", func(a *ask, g *soul) (polarity, bool) {
			if a.has("get_away", "got_away", "free") {
				return yes, true
			}
			hit, _ := a.within(g.fate.words, nil)
			return is(hit && g.fate.id != "never"), true
		}},
		{"witness", "anyone|anybody|someone|somebody|witness|else see|saw|know|knew|hear|heard|witness|present|awake|suspect @you|@story|it|happen|murder|truth !@me|killed_you", always(yes)},
		{"fate", "find|found|discover your|you body|bones|remains|corpse|buried", always(yes)},

		// what it was about
		{"object", "@story|hide|hid|hidden|lose|lost|look_for|looking_for|steal|stole|missing|bury|find|object|seek|after", func(a *ask, g *soul) (polarity, bool) {
			if !a.has("is_it", "was_it", "you", "it_a", "object", "they") || a.has("where", "die", "you_die", "in_the", "under", "behind", "inside", "below", "beneath") {
				return maybe, false
			}
			if hit, any := a.within(set(g.object), a.o.stock.objectWords); any {
				return is(hit), true
			}
			if a.noun != nil && (a.noun.class == "thing" || a.noun.class == "paper" || a.noun.class == "money") && a.has("hide", "lose", "look_for", "looking_for", "is_it") {
				return no, true
			}
			return maybe, false
		}},
		{"hide", "@story|hide|hid|hidden|object|it|find in_the|under|behind|inside|below|beneath|buried|bury|near|in_your|in_a|outside|indoors|underground|in_this|here|beside|at_the|up_the|outdoors !murder|kill|die|death|haunted|live|body|bodies|ghost|ghosts|spirit|spirits|monster|safe", func(a *ask, g *soul) (polarity, bool) {
			if !a.recently("object", "hide", "secret") {
				if hit, any := a.within(set(g.object), a.o.stock.objectWords); !hit || !any {
					return maybe, false
				}
			}
			if hit, any := a.within(g.hide.words, a.o.stock.hideWords); any {
				return is(hit), true
			}
			inside := !a.has("sundial") && !strings.Contains("under the sundial in the hollow oak in an empty grave in the dry well under the pear tree", g.hide.text)
			switch {
			case a.has("outside", "garden", "outdoors", "underground", "ground", "yard"):
				return is(!inside), true
			case a.has("house", "inside", "indoors", "room", "building"):
				return is(inside && g.here || inside && !a.has("this")), true
			}
			return no, true
		}},
		{"motive", "@story|kill|murder|killed|it|you because|about|over|for|motive|out_of|reason|was_it", func(a *ask, g *soul) (polarity, bool) {
			if !a.has("@story", "kill", "murder", "killed", "motive", "die") || a.has("in_the", "under") {
				return maybe, false
			}
			if hit, any := a.within(g.motive.words, a.o.stock.motiveWords); any {
				return is(hit), true
			}
			return maybe, false
		}},

		// how it happened
		{"suicide", "@you|@story suicide|kill_yourself|own_life|your_own_hand|on_purpose_yourself", always(no)},
		{"accident", "@you|@story|it|death accident|accidental|natural|mishap|old_age|an_accident|chance|luck", always(no)},
		{"murdered", "@you|@story|it murder|slay|foul_play|murdered|betray|on_purpose|deliberate|homicide", always(yes)},
		{"season", "@you|@story|it die|death|kill|happen|murder|winter|summer|autumn|spring|was_it winter|summer|autumn|spring|fall_of|cold_outside|snowing", ifSo(func(a *ask, g *soul) bool {
			return a.has(g.season) || g.season == "winter" && a.has("cold_outside", "snowing")
		})},
		{"season", "@you|@story die|death|kill|happen|murder|was_it january|february|in_march|april|in_may|june|july|august|september|october|november|december", ifSo(func(a *ask, g *soul) bool {
			return a.has(strings.ToLower(g.month))
		})},
		{"hour", "@you|@story|it die|death|kill|happen|murder|was_it night|dark|midnight|nighttime|at_night", ifSo(func(a *ask, _ *soul) bool { return !a.has("midnight") })},
		{"hour", "@you|@story die|death|kill|happen|murder day|daytime|noon|afternoon|daylight|lunch", always(no)},
		{"died", "@you|@story|it die|death|kill|happen|murder|dead|buried", func(a *ask, g *soul) (polarity, bool) {
			if a.has("long_time", "long_ago", "long", "years_ago", "centuries", "century_ago") && len(a.figures) == 0 {
				return yes, true
			}
			return a.when(g.died)
		}},
		{"born", "@you born|birth|birthday", func(a *ask, g *soul) (polarity, bool) { return a.when(g.born) }},
		{"lived", "@you alive|live|around|living|remember|exist", func(a *ask, g *soul) (polarity, bool) {
			for _, f := range a.figures {
				if f >= 1000 {
					return is(f >= g.born && f <= g.died), true
				}
			}
			if p, ok := a.when(g.died); ok {
				return p, true
			}
			return maybe, false
		}},
		{"deathplace", "@you|@story|it die|death|kill|happen|murder here|this_house|this_room|our_house|my_house|this_place|this_building|this_home", ifSo(func(_ *ask, g *soul) bool { return g.here })},
		{"manner", "@you|@story|it die|death|kill|cause|was_it|murder|drown|poison|push|fall|freeze|burn|lock|trap|suffocate|crush|shoot|starve|stab|hang|strangle|choke|shipwreck|sink|bury|hit|sick|shot|fell|electrocute|behead !older|younger|@me|about_death|afraid|anyone|people|someone|are_you|do_you|will_you|can_you", func(a *ask, g *soul) (polarity, bool) {
			if hit, any := a.within(g.plot.words, a.o.stock.causeWords); any || hit {
				return is(hit), true
			}
			if _, any := a.within(nil, deadly); any && !a.has("old", "young") {
				return no, true
			}
			return maybe, false
		}},
		{"deathplace", "@you|@story die|death|kill|happen|murder|body in|at|under|near|by|on|inside|outside", func(a *ask, g *soul) (polarity, bool) {
			place := set(g.place)
			for _, t := range a.tokens {
				if n := a.o.lex.nouns[t.word]; n != nil && (n.class == "place" || n.class == "room" || n.class == "spot" || n.class == "water" || n.class == "country") {
					return is(place[t.word] || place[t.base]), true
				}
			}
			return maybe, false
		}},
		{"pain", "did|was it|you hurt|painful|suffer|pain|quick|slow", ifSo(func(a *ask, _ *soul) bool { return a.has("quick") })},
		{"murdered", "were|was|did you kill|killed|harm|hurt", always(yes)},

		// what it is
		{"peace", "@you peace|at_rest|resting|moved_on|in_heaven|crossed_over|free", always(no)},
		{"hell", "@you hell|purgatory|in_pain|suffering|in_hell|devil|demon|evil|dangerous|satan|bad|malevolent|wicked|cruel|harmful|threat|mean|stupid|dumb|thick|monster|vampire|zombie|witch|angel|god|alien|skeleton|poltergeist !believe|good|afraid|scared|real|see|know|meet|met|ever_see", always(no)},
		{"good", "are|were|is you|this good|friendly|kind|nice|benevolent|gentle|safe|harmless|peaceful|friend !evil|bad|hostile", always(yes)},
		{"alone", "@you alone|only_one|only_ghost|only_spirit|by_yourself", ifSo(func(_ *ask, g *soul) bool { return g.others == 0 })},
		{"others", "others|other_spirits|other_ghosts|another_spirit|another_ghost|more_of_you|anyone_else|someone_else|more_spirits|more_ghosts|other_souls|anybody_else|more_than_one|other_dead|many_of_you @you|here|there|spirits|ghosts|with !@me|killer|kill", ifSo(func(_ *ask, g *soul) bool { return g.others > 0 })},
		{"alive", "@you alive|living|breathing|breathe|still_alive|heartbeat !ever|once|were|used_to|did|your_family|like|ago|enjoy|miss", always(no)},
		{"dead", "@you dead|ghost|spirit|deceased|passed_on|passed_away|haunting|spectre|phantom|are_you_died !how|like|afraid|scared|know|seen|other|believe|see|hate|meet|make|how_did|mind|happy|sad|enjoy", always(yes)},
		{"dead", "did|have|were you die|died|dead|alive|live|living|born !@me|in|at|here|from|of|when|with|by", always(yes)},
		{"sex", "are|were|was you man|woman|male|female|boy|girl|lady|guy|gentleman|lord|sir|he|she|dude|bloke|lad", func(a *ask, g *soul) (polarity, bool) {
			if a.has("killed", "kill", "love", "know", "married", "marry", "scared", "afraid", "with", "good", "happy") {
				return maybe, false
			}
			if a.has("woman", "female", "girl", "lady", "she") {
				return is(g.woman), true
			}
			return is(!g.woman), true
		}},
		{"age", "@you older|over|above|more_than|younger|under|below|less_than|old|young|child|kid|teenager|adult|grown|grownup|elderly|baby|middle_aged|years_old|toddler", func(a *ask, g *soul) (polarity, bool) {
			if !a.has("are", "were", "was", "did") || a.has("have", "like", "love", "house", "remember", "friends", "had") {
				return maybe, false
			}
			for _, f := range a.figures {
				if f < 120 {
					switch {
					case a.has("older", "over", "above", "more_than"):
						return is(g.age > f), true
					case a.has("younger", "under", "below", "less_than"):
						return is(g.age < f), true
					}
					return is(g.age == f), true
				}
			}
			switch {
			case a.has("child", "kid", "baby", "toddler"):
				return no, true
			case a.has("teenager"):
				return is(g.age < 20), true
			case a.has("adult", "grown", "grownup"):
				return yes, true
			case a.has("middle_aged"):
				return is(g.age >= 40 && g.age < 60), true
			case a.has("young", "younger") && !a.has("than"):
				return is(g.age < 35), true
			case a.has("old", "elderly") && !a.has("than"):
				return is(g.age >= 55), true
			}
			return maybe, false
		}},
		{"married", "@you marry|husband|wife|spouse|wedding|widow|single|bachelor|unmarried|engaged", func(a *ask, g *soul) (polarity, bool) {
			if a.has("@me", "will") {
				return maybe, false
			}
			return is((g.has("husband") || g.has("wife")) != a.has("single", "bachelor", "unmarried")), true
		}},
		{"family", "@you child|children|kid|kids|son|daughter|baby have|had|your|any|a_mother|a_father|leave !@me|like|love|afraid|scare", ifSo(func(a *ask, g *soul) bool {
			return g.has("son") && !a.has("daughter") || g.has("daughter") && !a.has("son") || g.has("stepson") && !a.has("daughter")
		})},
		{"family", "were|are you mother|father|parent|mum|mom|dad", ifSo(func(a *ask, g *soul) bool {
			return (g.has("son") || g.has("daughter")) && (a.has("parent") || g.woman == a.has("mother", "mum", "mom"))
		})},
		{"family", "@you brother|brothers|sister|sisters|sibling|siblings|twin have|had|any|close !@me|kill|hurt", ifSo(func(a *ask, g *soul) bool {
			switch {
			case a.has("twin"):
				return false
			case a.has("brother", "brothers"):
				return g.has("brother")
			case a.has("sister", "sisters"):
				return g.has("sister")
			}
			return g.has("brother") || g.has("sister")
		})},
		{"family", "@you family|parents|mother|father|relatives|relative|loved_ones have|had|miss|love|remember|any !@me", always(yes)},
		{"loved", "@you miss|love|loved|in_love|sweetheart|lover|romance someone|anyone|anybody|somebody|ever|have|true|were !@me|killer", always(yes)},
		{"friends", "did|had|have|do you friend|friends|company !@me", always(yes)},
		{"pet", "did|had|have|do|your you pet|pets|animal|animals|dog|cat|horse|bird|jackdaw|goat|hen|pony|rat|goose have|had|own|keep|pet !@me", ifSo(func(a *ask, g *soul) bool {
			if a.has("pet", "pets", "animal", "animals") {
				return true
			}
			for _, w := range strings.Fields(g.pet) {
				if a.has(w) {
					return true
				}
			}
			return g.pet == "jackdaw" && a.has("bird") || g.pet == "pony" && a.has("horse")
		})},
		{"rich", "@you rich|wealthy|poor|money|royal|noble|famous|royalty|important !@me|want", ifSo(func(a *ask, _ *soul) bool { return a.has("poor") })},
		{"trade", "were|are|was you a|an|the|work", func(a *ask, g *soul) (polarity, bool) {
			if hit, _ := a.within(g.work.words, nil); hit || a.has(strings.Fields(g.trade)[0]) && len(g.trade) > 4 {
				return yes, true
			}
			for _, t := range a.tokens {
				n := a.o.lex.nouns[t.word]
				if n != nil && (n.class == "trade" || n.class == "person" || a.o.stock.tradeWords[t.word]) && !dull[t.word] {
					return no, true
				}
			}
			return maybe, false
		}},
		{"trade", "did|have you work|job|trade", always(yes)},
		{"name", "are|were|is you", func(a *ask, g *soul) (polarity, bool) {
			if g.storyName(a) == "self" {
				return yes, true
			}
			for _, t := range a.tokens[1:] {
				if a.o.stock.names[t.word] && !a.isNamed(t.word) {
					return no, true
				}
			}
			return maybe, false
		}},
		{"name", "your|you name|named|called|spelled|spell|letter|letters|known_as|go_by", func(a *ask, g *soul) (polarity, bool) {
			name := strings.ToLower(g.name)
			if a.has("killer", "murderer", "his", "her", "their", "him") && !a.has("your") {
				name = strings.ToLower(g.culprit.name)
			}
			if l := a.letter(); l != "" {
				switch {
				case a.has("end", "last"):
					return is(strings.HasSuffix(name, l)), true
				case a.has("begin", "start", "first", "initial"):
					return is(strings.HasPrefix(name, l)), true
				}
				return is(strings.Contains(name, l)), true
			}
			if a.has("long") {
				return is(len(name) > 6), true
			}
			if a.has("short") {
				return is(len(name) < 5), true
			}
			if g.storyName(a) == "self" {
				return yes, true
			}
			if a.has("remember", "have", "know", "tell", "say") {
				return yes, true
			}
			return no, true
		}},
		{"name", "his|her|their|he|she|they|killer|murderer name|letter|begin|start|called|named", func(a *ask, g *soul) (polarity, bool) {
			name := strings.ToLower(g.culprit.name)
			if l := a.letter(); l != "" {
				switch {
				case a.has("end", "last"):
					return is(strings.HasSuffix(name, l)), true
				case a.has("begin", "start", "first", "initial"):
					return is(strings.HasPrefix(name, l)), true
				}
				return is(strings.Contains(name, l)), true
			}
			return is(g.storyName(a) == "culprit"), true
		}},
		{"town", "are|were|did|is you from|live|born|of", func(a *ask, g *soul) (polarity, bool) {
			town, _ := a.within(set(strings.ToLower(g.town)), nil)
			return yes, town
		}},
		{"country", "@you english|british|england|britain|european", always(yes)},
		{"country", "@you american|french|german|spanish|italian|irish|scottish|welsh|african|chinese|japanese|russian|indian|dutch|roman|viking|greek|egyptian|mexican|canadian|australian|polish !speak|like|know|see|love", always(no)},
		{"country", "are|were you from|born|live america|france|germany|spain|italy|ireland|scotland|wales|africa|china|japan|russia|india|london|paris|rome|berlin|egypt|canada|australia|mars|space|the_future", always(no)},
		{"town", "@you from|live|lived|born|grow_up|grew_up|die here|this_house|around_here|this_town|this_room|our_house|my_house|this_place|nearby|this_village|local", ifSo(func(_ *ask, g *soul) bool { return g.here })},

		// what it feels and can do
		{"revenge", "@you revenge|vengeance|get_even|avenge", always(no)},
		{"forgive", "@you forgive|forgave|forgiven", ifSo(func(_ *ask, g *soul) bool { return g.twist.id == "forgave" })},
		{"afraid", "@you afraid|scared|fear|frightened|terrified", func(a *ask, g *soul) (polarity, bool) {
			if len(a.tokens) < 4 {
				return yes, true
			}
			if a.noun == nil || a.me {
				return maybe, false
			}
			return is(strings.Contains(strings.ToLower(g.fear), a.noun.one)), true
		}},
		{"lonely", "@you lonely|bored|cold|tired|sleepy|sad|unhappy|waiting|trapped|stuck|lost|restless|listening|watching|curious|sorry !@me|of_us|if|ever_been|for_a", always(yes)},
		{"happy", "@you happy|warm|hungry|thirsty|content|joyful|okay|alright|comfortable|well|in_pain|sleeping|asleep|ill|sick|busy !@me|make|were", ifSo(func(a *ask, _ *soul) bool { return a.has("okay", "alright", "well") })},
		{"angry", "@you angry|mad|furious|annoyed|upset|cross", ifSo(func(a *ask, g *soul) bool { return g.angry && !a.me })},
		{"senses", "@you see|hear|feel|sense|watch|notice|understand|look !future|know|ever|god|heaven|killer|who|die|killed|like|football|star|eat", always(yes)},
		{"body", "@you eat|drink|sleep|breathe|walk|age|shower|poop|pee|taste|bleed|swim|fly|drive|run !like|love|ever|did|were|used|want|favourite|miss", always(no)},
		{"remember", "do|can you remember|recall|forget", ifSo(func(a *ask, _ *soul) bool { return !a.has("forget") })},
		{"truth", "@you truth|truthful|honest|telling_the_truth|sincere|trust_you", always(yes)},
		{"lie", "@you lie|lying|liar|lied|tricking|trick|joking|kidding|making_this_up|deceive|cheating", always(no)},
		{"likes", "@you like|love|enjoy|fond @me|this_house|company|questions|talking|being_here|it_here|visitors|us !killer|marry|ghost|dead", ifSo(func(a *ask, _ *soul) bool { return true })},
		{"dislikes", "@you hate|dislike|resent|despise @me|visitors|people|everyone|humans|women|men", always(no)},
		{"company", "@you want|wish|like|need|mind|have to_talk|speak|talk|company|to_be_heard|to_play|play|help|questions|message|something_to_say|to_tell|to_say|stay|us_to_stay|our_help|a_message|secret|secrets|regrets|to_chat|chat|answer !your_secret|dog|cat|football|chess", always(yes)},
		{"leave", "@you want|wish|like|ready|able|can|able_to|going|going_to|trying|allowed to_leave|leave|go|move_on|to_go|depart|us_to_leave|us_to_go|rest|cross !@me", always(no)},
	}
}
