package oracle

import (
	"strings"
)

// blamedClaims are on who did it.
func blamedClaims() []claim {
	return []claim{
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
	}
}

// aboutClaims are on what it was about.
func aboutClaims() []claim {
	return []claim{
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
			if !a.has("@story", "kill", "murder", "killed", "motive", "die") && !a.tale() || a.has("in_the", "under") {
				return maybe, false
			}
			if hit, any := a.within(g.motive.words, a.o.stock.motiveWords); any {
				return is(hit), true
			}
			return maybe, false
		}},
	}
}

// happenedClaims are on how it happened.
func happenedClaims() []claim {
	return []claim{
		{"suicide", "@you|@story suicide|jump|kill_yourself|own_life|your_own_hand|on_purpose_yourself", always(no)},
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
	}
}
