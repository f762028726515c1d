package oracle

import (
	"slices"
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
	return slices.Concat(gentleClaims(), blamedClaims(), aboutClaims(), happenedClaims(), beingClaims(), feelingClaims())
}

// gentleClaims are on what nobody should hear from a board, and what the board itself is asked.
func gentleClaims() []claim {
	return []claim{
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
	}
}
