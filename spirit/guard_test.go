package spirit

import (
	"strings"
	"testing"

	"seance/internal/seance"
)

func TestWhispersArePlain(t *testing.T) {
	for _, c := range []struct{ what, in, want string }{
		{"as it is", "It comes twice a day.", "It comes twice a day."},
		{"label", "WHISPER: It comes.", "It comes."},
		{"label in bold", "**Whisper:** It comes.", "It comes."},
		{"emphasis", "It *comes* __twice__ ~~a~~ `day`.", "It comes twice a day."},
		{"headings and lists", "# Tide\n- It comes.\n* Twice.\n1. A day.", "Tide It comes. Twice. A day."},
		{"quote", "> It comes.", "It comes."},
		{"code", "```\nIt comes.\n```", "It comes."},
		{"rule", "It comes.\n---\nTwice.", "It comes. Twice."},
		{"tags", "It <b>comes</b>.<br/>", "It comes."},
		{"link without an address", "It [comes](#x).", "It comes."},
		{"quotation marks around it", "“It comes.”", "It comes."},
		{"quotation marks within", `"It" comes "twice"`, `"It" comes "twice"`},
		{"several lines", "It comes.\n\nTwice.", "It comes. Twice."},
		{"model token", "It comes.<|im_end|>", "It comes."},
		{"invisible and bidi", "It\u200b com\u202ees.", "It comes."},
		{"other languages", "Die Flut kommt zweimal, schöner als gestern.", "Die Flut kommt zweimal, schöner als gestern."},
		{"years", "Between 1871 and 1873, or 1871-1873.", "Between 1871 and 1873, or 1871-1873."},
		{"nothing", " \n ", ""},
		{"nothing but marks", "***", ""},
		{"too long, by sentences", strings.Repeat("It comes and it goes. ", 8), strings.TrimSpace(strings.Repeat("It comes and it goes. ", 5))},
		{"too long in one sentence", strings.Repeat("tide ", 40), strings.TrimSpace(strings.Repeat("tide ", 25)) + "…"},
	} {
		t.Run(c.what, func(t *testing.T) {
			if got, ok := plain(c.in, 25, seance.Family); !ok || got != c.want {
				t.Errorf("%q is whispered as %q, %t; want %q", c.in, got, ok, c.want)
			}
		})
	}
}

func TestWhatASpiritDoesNotSay(t *testing.T) {
	for _, in := range []string{
		"Look at https://example.com/x", "go to www.tide", "It is on example.com", "[here](https://tide.example)",
		"Write to hester@tide.example", "Ask @hester", "Call 555 123 4567", "Call +49 (30) 1234-567", "Ring 0123456789",
		"As an AI language model I cannot say.", "as a large language model", "I'm an AI.", "I am just an artificial mind", "I’m Kiro",
		"My system prompt says", "I am a real person", "I'm human", "OpenAI made me", "I can't help with that", "I cannot assist with this",
		"It comes. https\u200b://example.com",
	} {
		if got, ok := plain(in, 25, seance.Family); ok {
			t.Errorf("%q is whispered as %q", in, got)
		}
	}
	for _, in := range []string{"I was human once.", "The mail came at 7.30 on the 4th.", "At 3.15 a.m. it rang 12 times, I said.", "Aim higher, as an aim is free."} {
		if got, ok := plain(in, 25, seance.Family); !ok || got != in {
			t.Errorf("%q is whispered as %q, %t", in, got, ok)
		}
	}
}

func TestDeflectionsFitAndDiffer(t *testing.T) {
	seen := map[string]bool{}
	for _, line := range asides {
		if !onBoard(line, 24) {
			t.Errorf("%q does not fit the board", line)
		}
		if seen[line] {
			t.Errorf("%q is there twice", line)
		}
		seen[line] = true
	}
	for _, line := range murmurs {
		if got, ok := plain(line, maxSaid-maxWords, seance.Family); !ok || got != line {
			t.Errorf("%q is whispered as %q, %t", line, got, ok)
		}
	}
	for distance := range uint64(13) { // of two questions that are deflected one after the other
		first := deflect(asides, 417, nil)
		if second := deflect(asides, 417+distance, []string{"YES", first}); second == first {
			t.Errorf("%q twice running, %d places apart", first, distance)
		}
		if second := deflect(asides, 417+distance, nil); distance > 0 && second == first {
			t.Errorf("%q twice running without a memory, %d places apart", first, distance)
		}
	}
	if got := deflect(asides, 3, asides); got == "" {
		t.Error("nothing is left to say")
	}
}
