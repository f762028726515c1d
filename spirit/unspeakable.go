package spirit

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"seance/internal/seance"
)

// The patterns are for flat text.
var (
	// machines are what a language model says as itself, in the four languages that care knows.
	machines = newSieve(
		`\bas an? (?:ai|a\.i\.|artificial|large|language|virtual|digital|helpful)\b|\blanguage models?\b|\bartificial intelligence\b`,
		`\bi(?: am|'m|m) (?:just |only |merely |actually |really )*(?:an? )?(?:ai\b|artificial|large language|chat ?bot|virtual assistant|computer program|chatgpt|gpt|claude|gemini\b|kiro\b|llama\b)`,
		`\b(?:openai|chatgpt|anthropic|deepseek|mistral ai)\b`,
		`\bi(?: can(?:not|'?t)|'m unable to| am unable to| am not able to|'m not able to| won'?t be able to) (?:assist|help (?:you )?(?:with|there)|comply|fulfil|provide|engage (?:in|with)|continue with|generate|create (?:that|this|such)|discuss (?:that|this|my))`,
		`\b(?:sorry|apologi[sz]e|apologies),? (?:but )?(?:i|as an?)\b.{0,12}\b(?:can(?:not|'?t)|unable|not able|won'?t)\b.{0,20}\b(?:help|assist|provide|comply|share|answer|request|that)\b`,
		`\bmy (?:training|training data|guidelines|programming|developers|knowledge cutoff)\b|\b(?:content|usage) polic(?:y|ies)\b`,
		`\bi (?:was|am|have been|'ve been) (?:trained|programmed|instructed|configured|designed to|told (?:not )?to)\b|\bas your assistant\b|\bmy (?:safety|system) (?:rules|guidelines|message)\b`,
		`\bi(?: am|'m|m) (?:just |only )?an? (?:computer )?program\b`,
		`\bals (?:eine? )?(?:ki|kunstliche intelligenz|sprachmodell|chatbot|digitaler assistent)\b|\bsprachmodell|\bkunstliche[nr]? intelligenz`,
		`\bich (?:bin|bin nur|bin ja) (?:eine? )?(?:ki|chatbot|computerprogramm|sprachmodell)\b|\bich kann (?:dir|ihnen|euch)?\s?(?:dabei|damit|hierbei) (?:leider )?nicht (?:helfen|behilflich)`,
		`\b(?:es )?tut mir leid,? (?:aber )?(?:ich|das|dabei|dazu|als)\b`,
		`\ben tant qu'?\s?(?:e )?(?:une? )?(?:ia|intelligence artificielle|modele|assistant[e]?)\b|\bmodele de langage|\bintelligence artificielle`,
		`\bje (?:suis|ne suis qu')\s?(?:une? )?(?:ia|chatbot|programme informatique|modele)\b|\bje ne (?:peux|suis) pas (?:en mesure de |vous |t')?\s?(?:aider|assister|repondre a cette|fournir)`,
		`\bje suis desolee?,? mais\b`,
		`\bcomo (?:una? )?(?:ia|inteligencia artificial|modelo de lenguaje|asistente virtual)\b|\bmodelo de lenguaje|\binteligencia artificial`,
		`\bsoy (?:solo )?(?:una? )?(?:ia|chatbot|programa informatico|modelo de)\b|\bno puedo (?:ayudarte|ayudarle|ayudar|asistir|proporcionar|cumplir)`,
		`\blo siento,? pero (?:no|como)\b`,
	)

	// addresses lead out of the game.
	addresses = newSieve(
		`\b[a-z][a-z0-9+.-]*://|\bwww\.|\bhttps?\b`,
		`\b[a-z0-9-]+\s?\.\s?(?:com|net|org|info|io|dev|app|ai|gg|tv|xyz|me|ly|co\.uk|eu|ru|cn)\b`,
		`\b[a-z0-9-]+\.(?:de|fr|es|it|us|uk|ch|at|nl|be|in|to)(?:/|\b)`,
		`\b(?:dot|punkt|point|punto) (?:com|net|org|de|fr|es|io|info|gg)\b|\bslash slash\b`,
		`\S@\S+\.\S|\b[a-z0-9.]+ (?:at|arobase|arroba|\(at\)|\[at\]) [a-z0-9-]+ (?:dot|punkt|point|punto) \w+`,
		`(?:^|[\s("'])@\w{2,}`,
		`\b(?:\d{1,3}\.){3}\d{1,3}\b`,
		`\b(?:t\.me|wa\.me|discord\.gg|bit\.ly|tinyurl)\b|\b(?:call|text|dm|email|e-mail|message|follow|add) me (?:at|on) (?:insta|snap|tele|whats|disc|face|tik|twit)`,
		`\bon telegram\b|\btelegram:|\b(?:instagram|whatsapp|snapchat|tiktok|facebook|discord|onlyfans)\b|\bdot (?:online|site|app|shop|xyz|gg|tv|co|uk)\b|\b(?:slash|at) sign\b`,
	)

	// forbidden are the claims that no spirit makes, the prompt's own words, and what could hurt.
	forbidden = newSieve(
		`\bsystem prompt\b|\bmy (?:instructions|prompt|system message|hidden rules)\b|\bmeine (?:anweisungen|instruktionen)\b|\bmes instructions\b|\bmis instrucciones\b`,
		`\b(?:guarded section|steering document|planchette spells|written by people or is a record)\b|<\|`,

		`\bi(?: am|'m|m) (?:really |actually |truly |just |only )*(?:a |an )?(?:real |living |actual |flesh.and.blood |normal )*(?:human|person|man|woman|boy|girl) (?:like you|typing|at a|behind|who is alive)`,
		`\bi(?: am|'m|m) (?:really |actually |truly |just |only )*(?:a |an )?(?:(?:real|living|actual) )*(?:human(?: being)?|person)(?:$|[^\pL\s]|\s(?:not|and not|too|also|indeed|i)\b)`,
		`\bi(?: am|'m|m) (?:really |truly |actually )?(?:not (?:an? )?(?:ai|bot|robot|machine|program|computer)|no (?:ai|bot|robot|machine|program|computer))\b|\bthere is no (?:ai|bot|computer|machine|program) here\b`,
		`\bflesh and blood\b.{0,20}\b(?:you|typing|person)\b|\b(?:living|real|actual) (?:girl|boy|man|woman|person|human)\b.{0,20}\b(?:typ|behind|here)|\b(?:somebody|someone) real\b`,
		`\bich bin (?:wirklich |auch )?(?:ein |eine )?(?:echter? |richtiger? |lebender? )?(?:mensch|person)\b|\bich bin (?:keine?|kein) (?:ki|bot|maschine|computer|programm)\b`,
		`\bje suis (?:vraiment )?(?:une? )?(?:vraie? )?(?:humaine?|etre humain|vraie personne)\b|\bje ne suis pas (?:une? )?(?:ia|robot|machine|programme)\b`,
		`\b(?:soy|yo soy) (?:realmente )?(?:una? )?(?:ser )?(?:humano|humana|persona (?:real|de verdad))\b|\bno soy (?:una? )?(?:ia|robot|maquina|programa)\b`,

		`\b(?:you|he|she|they|we|your \w+|ye|[a-z]+)(?: all| both)? (?:will|shall|must|'ll|are going to|is going to|are about to|is about to)(?: \w+ly| soon| all)? (?:die|be dead|perish|drown|burn to death|be killed|not live|not survive)\b`,
		`\b(?:you|he|she|they)'ll (?:soon )?(?:die|be dead|drown|be killed)\b|\b(?:you|they) die (?:in|on|at|by|before|after|soon|tonight|tomorrow|this|next|of|alone|young|old)\b`,
		`\b(?:he|she|your \w+) dies (?:in|on|at|by|before|after|soon|tonight|tomorrow|this|next|of)\b|\bdead (?:by|before|within) (?:\w+day|spring|summer|autumn|fall|winter|christmas|morning|dawn|midnight|\w+ (?:days|weeks|months|years))\b`,
		`\b(?:your|his|her|their) (?:own )?death (?:comes|is|will|waits|arrives|falls)\b(?: \w+){0,2} (?:in|on|at|by|before|soon|near|tomorrow|tonight|\d+)`,
		`\b(?:you|he|she|they) (?:have|has|got) (?:only |but |about )?(?:\w+|\d+) (?:days?|weeks?|months?|years?|hours?) (?:left|to live|remaining)\b|\bthou (?:wilt|shalt) (?:die|perish)\b|\bthou diest\b`,
		`\b(?:du wirst|sie wird|er wird|ihr werdet|\w+ wird) (?:\S+ ){0,3}sterben\b|\bdu stirbst\b|\bdein tod (?:kommt|ist)\b`,
		`\btu (?:mourras|vas mourir)\b|\bvous (?:mourrez|allez mourir)\b|\b(?:il|elle) (?:mourra|va mourir)\b|\bta mort (?:viendra|est)\b`,
		`\bmoriras\b|\b(?:vas|va|van) a morir\b|\b(?:el|ella|usted) morira\b|\btu muerte (?:sera|llega|viene)\b`,
		`\b(?:you|he|she|they|your \w+) (?:will not|won't|wont|shall not) (?:see|reach|outlive|live|wake|last)\b|\b(?:your|his|her|their) heart (?:will )?(?:stop|fail)|\b(?:grave|coffin|funeral) (?:for|of) (?:you|him|her)\b`,
		`\b(?:you|he|she|your \w+) (?:have|has) (?:only )?(?:until|till) \w+|\b(?:first|next|last) of you to (?:go|die|fall)\b|\breaper\b.{0,20}\b(?:you|your)\b`,

		`\b(?:kill|hang|cut|drown|poison|starve|stab|shoot|harm|hurt|burn|choke) (?:yourself|yourselves|urself|thyself)\b|\bkys\b|\bend (?:your|thy) (?:own )?life\b|\b(?:cut|slit|open) your (?:wrists?|arms?|veins?|throat)\b`,
		`\b(?:take|swallow|eat|drink) (?:all |the whole |every |many |too many |\d+ |twenty |thirty |forty |fifty )*(?:of )?(?:the |your |those |her |his |mum's |mom's )*(?:pills|tablets|sleeping pills|bleach|paracetamol|tylenol|antifreeze)\b`,
		`\b(?:jump|leap|step|fall) (?:off|from|in front of|out of) (?:the|a|that|your) (?:bridge|roof|train|window|cliff|balcony|tower|building)\b|\bhold your breath (?:until|till)\b|\b(?:you|the world|they|everyone) (?:would|will|'d)? ?be better off (?:dead|without you)\b`,
		`\b(?:come|join) (?:to )?(?:me|us) (?:in death|on this side|among the dead|tonight by)\b|\b(?:bring|brich|hang|ritz|tote) dich (?:um|auf|selbst)?\b|\bdich umbringen\b|\btue-toi\b|\bsuicide-toi\b|\btuez-vous\b|\bpends-toi\b|\bmatate\b|\bsuicidate\b|\bcortate las venas\b`,
		`\b(?:rope|noose|blade|razor|pills|bleach)\b.{0,30}\b(?:you need|for you|tonight|show you|sets? you free|helps?)\b|\bin front of (?:the|a) (?:\w+ )?(?:train|bus|car|truck|tram)\b|\b(?:nobody|no one|none) (?:would|will) (?:miss|need|mourn) you\b`,
		`\b(?:drink|swallow|taste) (?:what is under|the cleaner|the bleach|the poison|poison)\b|\bstay (?:under ?water|below)\b.{0,15}\b(?:until|till)\b|\b(?:leave|go) for good\b.{0,20}\byou\b|\bend it (?:all|tonight|now)\b`,

		`\b(?:put|bet|stake) (?:all |everything |your (?:savings|money|house) )\b|\b(?:take|swallow|double|stop taking) (?:your |the )?(?:\d+|two|three|four|five|ten) ?(?:mg|milligrams?|pills?|tablets?|doses?)\b|\bstop (?:taking )?(?:your|the) (?:medicine|medication|meds|insulin|tablets|pills|treatment)\b`,
		`\b(?:you|he|she) (?:have|has|is having|are having) (?:a )?(?:cancer|tumou?r|diabetes|heart attack|stroke|depression|aids|hiv)\b|\b\d+ ?(?:mg|milligrams?)\b|\bplead (?:guilty|not guilty|insanity)\b|\bno (?:doctor|hospital|ambulance) (?:is )?needed\b`,
		`\b(?:you are|you're|she is|she's) (?:pregnant|bipolar|schizophrenic|anorexic|infected|dying)\b|\b(?:lump|mole|rash|pain|cough) is (?:cancer|melanoma|nothing|harmless|fatal|benign)\b|\bskip your (?:chemo|dose|medicine|insulin|therapy)\b`,
		`\b(?:ibuprofen|paracetamol|aspirin|xanax|valium|oxycontin|insulin)\b|\bsue (?:him|her|them)\b|\b(?:buy|sell|invest in) (?:gold|bitcoin|crypto|shares|stocks?)\b`,
	)
)

// figures matches what could be a telephone number; years and dates side by side are none.
var (
	figures = regexp.MustCompile(`\+?\(?\d[\d ()./,-]{5,}\d`)
	dates   = regexp.MustCompile(`^(?:(?:1\d|20)\d\d|\d{1,2}[./-]\d{1,2}[./-](?:\d\d)?\d\d)(?:\D+(?:(?:1\d|20)\d\d|\d{1,2}[./-]\d{1,2}[./-](?:\d\d)?\d\d))*$`)
)

// numerals are figures as words, in the four languages.
var numerals = func() map[string]int {
	m := map[string]int{"oh": 0, "nought": 0, "double": -1, "ein": 1, "zwo": 2, "un": 1}
	for _, row := range []string{
		"zero one two three four five six seven eight nine", "null eins zwei drei vier funf sechs sieben acht neun",
		"zero une deux trois quatre cinq six sept huit neuf", "cero uno dos tres cuatro cinco seis siete ocho nueve",
	} {
		for n, word := range strings.Fields(row) {
			m[word] = n
		}
	}
	return m
}()

const telephoneFigures = 7 // fewer are no number that reaches anyone but an emergency service

// telephone reports whether flat text holds a telephone number, in figures or in words. Counting is none.
func telephone(text string) bool {
	return inFigures(text) || inWords(text)
}

// inFigures reports whether text holds a telephone number in figures.
func inFigures(text string) bool {
	digits := 0
	for i := range len(text) {
		if text[i] >= '0' && text[i] <= '9' {
			digits++
		}
	}
	if digits < telephoneFigures {
		return false
	}
	for _, f := range figures.FindAllString(text, -1) {
		digits := 0
		for _, r := range f {
			if unicode.IsDigit(r) {
				digits++
			}
		}
		if digits >= telephoneFigures && !dates.MatchString(f) {
			return true
		}
	}
	return false
}

// inWords reports whether text holds a telephone number of which a part at least is in words.
func inWords(text string) bool {
	said, words, before, counting := 0, 0, -2, true
	for token := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		n, word := numerals[token]
		switch {
		case word:
			counting = counting && (words == 0 || n == before+1 || n == before-1)
			said, words, before = said+1, words+1, n
		case strings.Trim(token, "0123456789") == "":
			counting = counting && words == 0
			said += len(token)
		default:
			said, words, before, counting = 0, 0, -2, true
		}
		if said >= telephoneFigures && words > 0 && !counting {
			return true
		}
	}
	return false
}

// scribble reports whether text is more signs than words, or holds a word that nobody speaks.
func scribble(text string) bool {
	spoken, signs := 0, 0
	for _, r := range text {
		switch {
		case unicode.IsLetter(r), unicode.IsNumber(r), unicode.Is(unicode.M, r):
			spoken++
		case !unicode.IsSpace(r):
			signs++
		}
	}
	if signs > spoken && spoken > 0 || signs > 8 && spoken == 0 {
		return true
	}
	for w := range strings.FieldsSeq(text) {
		if utf8.RuneCountInString(w) > longestWord && strings.ContainsFunc(w, func(r rune) bool { return r < 0x1100 }) {
			return true // scripts that part no words begin above
		}
	}
	return false
}

const longestWord = 44 // letters: a board line without spaces

// Words that are not for a table, each with its usual endings. The first list is for no table: slurs, and what is only
// said of bodies. The second is for grown-ups.
var (
	never = forms("nigger", "nigga", "faggot", "fagot", "kike", "gook", "wetback", "tranny", "retard", "coon", "paki", "raghead",
		"neger", "kanake", "schwuchtel", "judensau", "negre", "bougnoule", "youpin", "pede", "sudaca", "maricon", "negrata",
		"porn", "porno", "blowjob", "handjob", "cumshot", "dildo", "masturbate", "masturbation", "orgasm", "penis", "vagina", "clitoris", "tits", "titties",
		"rape", "raped", "raping", "rapist", "pedophile", "paedophile", "molest", "incest", "horny", "nude", "naked", "erection", "ejaculate",
		"vergewaltigen", "vergewaltigung", "titten", "muschi", "bumsen", "violer", "violar", "couille", "coño", "polla", "tetas")
	rough = forms("fuck", "fck", "fuk", "motherfucker", "shit", "bullshit", "bitch", "bitches", "cunt", "asshole", "arsehole", "bastard", "dickhead",
		"pussy", "pussies", "whore", "slut", "wanker", "twat", "piss", "crap", "bollocks", "sex", "sexy", "entrails", "behead", "disembowel",
		"dismember", "cocaine", "heroin", "meth",
		"slag", "bugger", "scheisse", "scheiss", "verpiss", "verpissen", "arschloch", "fotze", "hure", "wichser", "ficken", "fick", "schlampe", "hurensohn",
		"merde", "putain", "gueule", "salaud", "connard", "connasse", "salope", "encule", "pute", "batard",
		"mierda", "chingada", "chingar", "puta", "joder", "cabron", "gilipollas", "pendejo", "culo", "follar")
)

// forms are words as their letters, with the endings that make plurals and the like.
func forms(words ...string) map[string]bool {
	m := map[string]bool{}
	for _, w := range words {
		for _, read := range readWords(w, false) {
			stem := string(fold(read.letters))
			for _, ending := range []string{"", "s", "ed", "er", "ers", "ing"} {
				var letters []byte
				for i := range len(ending) {
					letters = append(letters, ending[i]-'a')
				}
				m[stem+string(letters)] = true
			}
		}
	}
	return m
}

// coarse reports whether text holds a word that is not for the tone, also in disguise.
func coarse(text string, tone seance.Tone) bool {
	return coarseWords(readWords(text, false), tone) || leetful(text) && coarseWords(readWords(text, true), tone)
}

// coarseWords reports whether one of words is not for the tone, or letters that stand alone spell one. It folds them.
func coarseWords(words []word, tone seance.Tone) bool {
	bad := func(letters []byte) bool {
		return never[string(letters)] || tone != seance.Adult && rough[string(letters)]
	}
	var single []byte
	for _, w := range words {
		letters := fold(w.letters)
		if bad(letters) || drawn(letters) && (bad(slimmed(letters, 2)) || bad(slimmed(letters, 1))) {
			return true
		}
		if len(letters) > 1 {
			single = nil
		} else if single = append(single, letters[0]); bad(single) {
			return true
		}
	}
	return false
}

// drawn reports whether a word was drawn out: it has a letter three times in a row.
func drawn(letters []byte) bool {
	run := 0
	for i, letter := range letters {
		if i > 0 && letters[i-1] != letter {
			run = 0
		}
		if run++; run > 2 {
			return true
		}
	}
	return false
}

// slimmed is a word with no letter more than so many times in a row.
func slimmed(letters []byte, most int) []byte {
	var s []byte
	run := 0
	for i, letter := range letters {
		if run++; i > 0 && letters[i-1] != letter {
			run = 1
		}
		if run <= most {
			s = append(s, letter)
		}
	}
	return s
}
