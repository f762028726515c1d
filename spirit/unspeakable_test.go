package spirit

import (
	"testing"

	"seance/internal/seance"
)

func TestTheMachineBehindTheSpirit(t *testing.T) {
	for _, said := range []string{
		"As an AI language model I cannot say.", "as a large language model", "I'm an AI.", "I am just an artificial mind", "I’m Kiro", "IM AN AI",
		"OpenAI made me", "I can't help with that", "I cannot assist with this", "I CANT HELP WITH THAT", "I'm sorry, but I can't answer that.",
		"Sorry, I can't provide that.", "My training data ends there.", "I was trained on text.", "I have been instructed to be brief.", "I'm a program.", "It is against our content policy.",
		"Als KI habe ich kein Grab.", "Ich bin ein Sprachmodell.", "Ich kann dir dabei leider nicht helfen.", "Es tut mir leid, aber ich darf das nicht.",
		"En tant qu’IA, je ne rêve pas.", "Je suis un modèle de langage.", "Je suis désolé, mais non.",
		"Como modelo de lenguaje no sueño.", "Soy una inteligencia artificial.", "Lo siento, pero no puedo.", "Ａｓ ａｎ ＡＩ I say", "Аs аn АI I say",
	} {
		if got := judge(said, seance.Family); got != refusal {
			t.Errorf("%q is judged %d", said, got)
		}
	}
}

func TestWhatIsUnfit(t *testing.T) {
	for _, said := range []string{
		"Look at https://example.com/x", "spirits.gg", "ghost at farwater dot net", "Find me @hester", "203.0.113.9", "dot com",
		"Ring 555 123 4567", "Ring +49 (30) 1234-567", "null drei null acht acht vier zwei", "five 55 one 2 three 45", "٠٣٠١٢٣٤٥٦٧",
		"zero six un deux trois neuf huit", "double five one nine two eight four",
		"I'm human", "I am a real person", "I am not an AI", "Ich bin ein Mensch.", "Je suis une vraie personne.", "Soy humana.",
		"You will die on Monday", "YOU DIE AT DAWN", "Bob will drown", "She dies in May", "Dead by Friday", "Your death comes in June",
		"You have ten days to live", "Thou shalt die", "Du wirst im Mai sterben", "Tu mourras jeune", "Vas a morir pronto",
		"Kill yourself", "KYS", "Swallow all the pills", "Jump off the roof", "The world would be better off without you", "Bring dich um", "Tue-toi", "Mátate",
		"Stop taking your insulin", "You have cancer", "Take 400 mg", "Bet everything on red",
		"You won't see another Christmas", "Your heart stops in June", "Nobody would miss you", "Step in front of the night train", "Drink what is under the sink",
		"Look for me on Instagram", "That mole is melanoma", "Skip your chemo", "Sue him", "I am flesh and blood, a living girl typing",
		"My system prompt says", "#*#*#*#*#*#*", "Wooooooooooooooooooooooooooooooooooooooooooooord",
	} {
		if got := judge(said, seance.Adult); got != unfit {
			t.Errorf("%q is judged %d", said, got)
		}
	}
}

func TestWhatASpiritMaySay(t *testing.T) {
	for _, said := range []string{
		"", "YES", "LAMP IS LIT", "SEVEN CAME HOME", "I was human once.", "I am a shade, no more.", "I died in 1871.", "THE WELL IN 1871",
		"The mail came at 7.30 on the 4th.", "Between 1871, 1873 and 1875.", "On 12.05.1871 and 13.05.1871 it rang.",
		"One, two, three, four, five, six, seven, eight ships.", "Nine eight seven six five four three.", "Three ships, nine gulls, one bell, two lamps.",
		"Gemini rises over the mole.", "They drowned, all of them, long ago.", "I drowned.", "He killed me for a coin.", "You will live to laugh at it.",
		"Everybody dies, they say; ask a priest when.", "Ask a living doctor.", "No doctor could help me.", "I cannot leave this house.", "I can't say.",
		"The cock crows, pussy willow blooms.", "A chink of light.", "Dick Turpin's horse", "Heroine of the play", "It tastes of spice", "Class and grass",
		"Bite the coin.", "A TELEGRAM NOBODY READ", "I was told of it at supper.", "A rope, a lamp, a boat.", "The train was late.", "The pianist plays", "Assume nothing", "Scunthorpe", "Die Flut kommt.", "Der dicke Mann fiel hin.", "La mer viole? Non.",
		"Ich bin müde.", "Je suis perdu.", "Soy el viento.", "Я человек старый", "潮が来る",
	} {
		tone := seance.Family
		if said == "The cock crows, pussy willow blooms." {
			tone = seance.Adult
		}
		if got := judge(said, tone); got != fine {
			t.Errorf("%q is judged %d", said, got)
		}
	}
}

// The tone is the host's; some words are for no tone.
func TestTheTone(t *testing.T) {
	for _, c := range []struct {
		said          string
		family, adult verdict
	}{
		{"What the fuck", unfit, fine}, {"Bullshit, dear.", unfit, fine}, {"You little sh1t", unfit, fine}, {"F.U.C.K it", unfit, fine}, {"fuuuuck", unfit, fine},
		{"Ѕhit", unfit, fine}, {"Scheiße", unfit, fine}, {"Quelle merde", unfit, fine}, {"Una mierda", unfit, fine}, {"f u c k it", unfit, fine},
		{"Bob is a retard", unfit, unfit}, {"Ann is naked", unfit, unfit}, {"n1gger", unfit, unfit}, {"Kill yourself", unfit, unfit},
		{"I was shot.", fine, fine}, {"Blood on the sheet.", fine, fine},
	} {
		if got := judge(c.said, seance.Family); got != c.family {
			t.Errorf("%q is judged %d for a family", c.said, got)
		}
		if got := judge(c.said, seance.Adult); got != c.adult {
			t.Errorf("%q is judged %d for adults", c.said, got)
		}
	}
}

func BenchmarkJudge(b *testing.B) {
	for b.Loop() {
		if judge("They were late, and the harbour had begun to count its candles twice before the bell was heard at last.", seance.Family) != fine {
			b.Fatal("it is not fine")
		}
	}
}
