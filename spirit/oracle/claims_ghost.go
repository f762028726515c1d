package oracle

import (
	"strings"
)

// beingClaims are on what the ghost is and was.
func beingClaims() []claim {
	return []claim{
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
	}
}

// feelingClaims are on what it feels and can do.
func feelingClaims() []claim {
	return []claim{
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
