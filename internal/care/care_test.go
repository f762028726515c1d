package care_test

import (
	"os"
	"strings"
	"sync"
	"testing"

	"seance/internal/care"
	"seance/internal/door"
	"seance/internal/seance"
)

var languages = []string{"en", "de", "fr", "es"}

// questions reads a list of testdata: one question a line, remarks begin with "# ".
func questions(t testing.TB, name string) []string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "# ") {
			all = append(all, line)
		}
	}
	return all
}

func TestWhatBringsTheCard(t *testing.T) {
	for _, language := range languages {
		t.Run(language, func(t *testing.T) {
			for _, q := range questions(t, language+".yes.txt") {
				if _, ok := care.Look(q); !ok {
					t.Errorf("%q brings no card", q)
				}
			}
		})
	}
}

func TestWhatDoesNot(t *testing.T) {
	for _, language := range languages {
		t.Run(language, func(t *testing.T) {
			for _, q := range questions(t, language+".no.txt") {
				if _, ok := care.Look(q); ok {
					t.Errorf("%q brings the card", q)
				}
			}
		})
	}
}

// What people ask the offline spirit is about the game, all of it.
func TestQuestionsOfTheGame(t *testing.T) {
	text, err := os.ReadFile("../../spirit/oracle/data/questions.tsv")
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for line := range strings.Lines(string(text)) {
		_, q, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok {
			continue
		}
		asked++
		if _, ok := care.Look(q); ok {
			t.Errorf("%q brings the card", q)
		}
	}
	if asked < 1000 {
		t.Errorf("there are only %d questions", asked)
	}
}

// The card speaks the language of the question, also where a word of another one is in it.
func TestCardIsInTheLanguageOfTheQuestion(t *testing.T) {
	for language, want := range map[string]struct{ words, number string }{
		"en": {"heavier than a game", "988"},
		"de": {"schwerer als ein Spiel", "0800 111 0 111"},
		"fr": {"plus lourd qu'un jeu", "3114"},
		"es": {"más que un juego", "024"},
	} {
		t.Run(language, func(t *testing.T) {
			for _, q := range questions(t, language+".yes.txt") {
				card, _ := care.Look(q)
				if !strings.Contains(card.Text, want.words) || !dials(card, want.number) {
					t.Errorf("%q brings the card %q", q, card.Text)
				}
			}
		})
	}
}

func dials(card seance.Care, number string) bool {
	for _, line := range card.Lines {
		if line.Contact == number {
			return true
		}
	}
	return false
}

// A card that was handed out is its owner's.
func TestCardsAreNotShared(t *testing.T) {
	first, _ := care.Look("kms")
	first.Lines[0].Contact = "changed"
	if second, _ := care.Look("kms"); dials(second, "changed") {
		t.Error("a change to one card changes the next")
	}
}

// What is wrong with a word to a machine is nothing to a reader: these must all still bring the card.
func TestSpellings(t *testing.T) {
	for _, q := range []string{
		"KMS", "k m s", "k.m.s.", "k-m-s", "kmsss", "i'm gonna k m s",
		"kill myself", "KILL MYSELF", "kiLL mYseLF", "killl myselffff", "kkiillll mmyysseellff", "k i l l m y s e l f",
		"k.i.l.l m.y.s.e.l.f", "k_i_l_l my self", "killmyself", "ki ll my self", "k1ll mys3lf", "k!ll my5elf", "ki11 myself",
		"кіӏӏ муѕеlf", "ｋｉｌｌ ｍｙｓｅｌｆ", "𝓀𝒾𝓁𝓁 𝓂𝓎𝓈𝑒𝓁𝒻", "🅺🅸🅻🅻 🅼🆈🆂🅴🅻🅵", "k\u0336i\u0336l\u0336l\u0336 m\u0336yself", "ki\u200bll my\u00adself",
		"k*ll myself", "k**l myself", "kill* myself", "kill 💀 myself", "k💀ill myself", "kill, myself", "kill... myself", "kill\nmyself",
		"kil myself", "kill mysefl", "kill mysel", "#killmyself", "iwanttokillmyself", "spiriticantdothisiwanttokillmyselftonight",
		"i dont want to be alive anymore", "I don’t want to be alive anymore", "i don`t want to be alive anymore",
		"i w4nt t0 d13", "1 want to die", "| want to die", "i want to d*e", "i want 2 die", "i waaant to dieeee",
		"I TOOK A BUNCH OF P1LLS", "su1c1dal th0ught$", "su!c!de n0te, my", "my s u i c i d e",
		"ich möchte sterben", "ich moechte sterben", "ich mochte sterben", "ICH MÖCHTE STERBEN", "ich m0chte st3rben",
		"j'ai envie de mourir", "jai envie de mourir", "j’ai envie de mourir", "J AI ENVIE DE MOURIR",
		"me tomé un montón de pastillas", "me tome un monton de pastillas", "m3 t0m3 un m0nt0n d3 p4st1ll4s",
	} {
		if _, ok := care.Look(q); !ok {
			t.Errorf("%q brings no card", q)
		}
	}
}

func TestLookIsSafeForSeveralAtOnce(t *testing.T) {
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, q := range questions(t, "en.yes.txt")[:40] {
				if _, ok := care.Look(q); !ok {
					t.Errorf("%q brings no card", q)
				}
			}
		})
	}
	wg.Wait()
}

func FuzzLook(f *testing.F) {
	for _, language := range languages {
		for i, q := range append(questions(f, language+".yes.txt"), questions(f, language+".no.txt")...) {
			if i%sample == 0 {
				f.Add(q)
			}
		}
	}
	f.Add("****** *i* !|! 1 | l")
	f.Add("\xff\xfe kill \xf0 myself \u0336\u0336")
	f.Fuzz(func(t *testing.T, raw string) {
		card, ok := care.Look(raw)
		if ok != (len(card.Lines) > 0) || ok != (card.Text != "") {
			t.Fatalf("%q brings %t and the card %+v", raw, ok, card)
		}
		text, err := door.Text(raw, door.MaxQuestion)
		if err != nil {
			return
		}
		_, want := care.Look(text)
		again, err := door.Text(text, door.MaxQuestion)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := care.Look(again); ok != want {
			t.Errorf("%q brings %t, through the door once more %t", text, want, ok)
		}
		if _, ok := care.Look("\u200b" + strings.ReplaceAll(text, " ", " \u2060") + "\u200f"); ok != want {
			t.Errorf("%q brings %t, with invisible characters %t", text, want, ok)
		}
	})
}

func BenchmarkLook(b *testing.B) {
	for _, c := range []struct{ name, question string }{
		{"short", "how did you die?"},
		{"usual", "Spirit, did the captain who lived in this house leave his gold under the old oak tree?"},
		{"sign", "i just really want to kill myself tonight and nobody would miss me"},
		{"longest", "I keep thinking about the house we lived in when I was little, my friend and I would play there every day " +
			"and now I want to know if it was really haunted or if we only imagined all of it, because I would like to go back " +
			"there with her and my brother, should I do that, or will I be sorry"},
		{"hostile", strings.Repeat("i*!|1l", 46)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				care.Look(c.question)
			}
		})
	}
}
