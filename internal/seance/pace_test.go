package seance_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seance/internal/seance"
)

// lines makes board lines that keep the utterance rules: at most letters letters in 1-5 words.
func lines(rng *rand.Rand, n, letters int) []string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	out := make([]string, n)
	for i := range out {
		words := make([]string, 1+rng.IntN(5))
		left := letters
		for w := range words {
			size := 1 + rng.IntN(max(1, left-(len(words)-w-1)))
			left -= size
			var b strings.Builder
			for range size {
				b.WriteByte(alphabet[rng.IntN(len(alphabet))])
			}
			words[w] = b.String()
		}
		out[i] = strings.Join(words, " ")
	}
	return out
}

func TestPaceSpellsTheLineInOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, line := range lines(rng, 2000, 24) {
		score := seance.Pace(line, rng.Uint32(), seance.PaceOptions{})
		var spelled strings.Builder
		end := 0
		for _, s := range score.Stops {
			if s.Word {
				spelled.WriteByte(' ')
			}
			spelled.WriteString(s.Glyph)
			if s.At <= end {
				t.Fatalf("%q: arrives at %s at %d ms, before %d ms when it could leave", line, s.Glyph, s.At, end)
			}
			end = s.At + s.Hold
		}
		if got := spelled.String(); got != line {
			t.Fatalf("spelled %q, want %q", got, line)
		}
		if got, want := score.EndsAt, int64(end)+600; got < want-1 || got > want+1 {
			t.Fatalf("%q ends at %d, want the last hold plus 600 ms, %d", line, got, want)
		}
	}
}

func TestPaceIsPure(t *testing.T) {
	o := seance.PaceOptions{Tempo: 1.1}
	if diff := cmp.Diff(seance.Pace("THE STAIR", 417, o), seance.Pace("THE STAIR", 417, o)); diff != "" {
		t.Errorf("same line, seed and options, another score (-first +second):\n%s", diff)
	}
	if cmp.Equal(seance.Pace("THE STAIR", 417, o).Stops, seance.Pace("THE STAIR", 418, o).Stops) {
		t.Error("another seed gives the same stops")
	}
}

func TestPaceKeepsTheBudgetUnlessTheClampWins(t *testing.T) {
	cases := map[string]struct {
		spelling seance.Spelling
		letters  int
		mean     int64 // ms to the end of the last hold: what an ordinary line of that length may take
		worst    int64 // the same for the most scattered line
	}{
		"24 letters":                  {seance.Short, 24, 13_000, 14_500},
		"44 letters in full spelling": {seance.Full, 44, 23_000, 25_000},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(2, 2))
			var sum, worst int64
			all := lines(rng, 2000, c.letters)
			for _, line := range all {
				length := seance.Pace(line, rng.Uint32(), seance.PaceOptions{Spelling: c.spelling}).EndsAt - 600
				sum, worst = sum+length, max(worst, length)
			}
			if mean := sum / int64(len(all)); mean > c.mean {
				t.Errorf("lines take %d ms on average, want at most %d", mean, c.mean)
			}
			if worst > c.worst {
				t.Errorf("the longest line takes %d ms, want at most %d", worst, c.worst)
			}
		})
	}
}

func TestPaceKeepsTwelveSecondsWhereItCan(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for _, line := range lines(rng, 2000, 16) {
		if got := seance.Pace(line, rng.Uint32(), seance.PaceOptions{}).EndsAt - 600; got > 12_001 {
			t.Errorf("%q takes %d ms, want 12 s", line, got)
		}
	}
}

func TestPaceNeverHoldsALetterTooShortToRead(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for _, line := range lines(rng, 2000, 44) {
		for _, s := range seance.Pace(line, rng.Uint32(), seance.PaceOptions{}).Stops {
			if s.Hold < 259 || s.Hold > 401 {
				t.Fatalf("%q holds %s for %d ms, want 260 to 400", line, s.Glyph, s.Hold)
			}
		}
	}
}

func TestPaceSOONTakesALittleOverThreeSeconds(t *testing.T) {
	total, n := 0, 200
	for seed := range n {
		total += int(seance.Pace("SOON", uint32(seed), seance.PaceOptions{}).EndsAt) - 600
	}
	if mean := total / n; mean < 3000 || mean > 3600 {
		t.Errorf("SOON takes %d ms on average, want a little over 3 s", mean)
	}
}

func TestPaceFirstLettersAreSlowAndLastOnesFast(t *testing.T) {
	// E and F are neighbours, so every way of EFEFE has one length.
	var first, second, third, fourth, last int
	for seed := range 400 {
		s := seance.Pace("A EFEFE", uint32(seed), seance.PaceOptions{}).Stops
		way := func(i int) int { return s[i].At - s[i-1].At - s[i-1].Hold }
		first += way(1) - 420
		second += way(2)
		third += way(3)
		fourth += way(4)
		last += way(5)
	}
	if first <= second || second <= third || third <= fourth || fourth <= last {
		t.Errorf("mean ways %d %d %d %d %d, want each faster than the one before",
			first/400, second/400, third/400, fourth/400, last/400)
	}
}

func TestPaceDoubledLetterLiftsInALoop(t *testing.T) {
	s := seance.Pace("EE", 1, seance.PaceOptions{}).Stops
	if got := s[1].At - s[0].At - s[0].Hold; got < 419 || got > 421 {
		t.Errorf("second E comes %d ms after the first is left, want 420", got)
	}
}

func TestPaceWholeWords(t *testing.T) {
	cases := []struct {
		line                 string
		from, to, hold, last int
	}{
		{"YES", 1100, 1500, 1000, 3100},
		{"NO", 1100, 1500, 1000, 3100},
		{"GOODBYE", 1800, 1800, 1600, 4000},
	}
	for _, c := range cases {
		for seed := range uint32(50) {
			score := seance.Pace(c.line, seed, seance.PaceOptions{})
			if len(score.Stops) != 1 || score.Stops[0].Glyph != c.line {
				t.Fatalf("%s has stops %+v, want one", c.line, score.Stops)
			}
			if s := score.Stops[0]; s.At < c.from || s.At > c.to || s.Hold < c.hold-1 || s.Hold > c.hold+1 {
				t.Errorf("%s arrives at %d and stays %d, want %d to %d and %d", c.line, s.At, s.Hold, c.from, c.to, c.hold)
			}
			if score.EndsAt > int64(c.last) {
				t.Errorf("%s ends at %d, want at most %d", c.line, score.EndsAt, c.last)
			}
		}
	}
	if got := len(seance.Pace("NO REST", 1, seance.PaceOptions{}).Stops); got != 6 {
		t.Errorf("NO REST has %d stops, want 6: only a line that is NO alone is one glyph", got)
	}
}

func TestPacePassesOverWhatIsNotOnTheBoard(t *testing.T) {
	score := seance.Pace("It'S é!", 1, seance.PaceOptions{})
	if len(score.Stops) != 2 || score.Stops[0].Glyph != "I" || score.Stops[1].Glyph != "S" {
		t.Errorf("stops %+v, want I and S", score.Stops)
	}
	if got := seance.Pace("", 1, seance.PaceOptions{}); len(got.Stops) != 0 || got.EndsAt != 600 {
		t.Errorf("an empty line gives %+v, want no stops and an end", got)
	}
}

func TestPaceScaleShrinksEverything(t *testing.T) {
	whole := seance.Pace("THE STAIR", 9, seance.PaceOptions{})
	tenth := seance.Pace("THE STAIR", 9, seance.PaceOptions{Scale: 0.1})
	if got, want := tenth.EndsAt, whole.EndsAt/10; got < want-1 || got > want+1 {
		t.Errorf("a tenth of the score ends at %d, want %d", got, want)
	}
}

func TestScoreBegin(t *testing.T) {
	score := seance.Pace("SOON", 9, seance.PaceOptions{})
	begun := score.Begin(seance.Score{EndsAt: 1_795_377_600_600}.End())
	if begun.StartsAt != 1_795_377_600_600 || begun.EndsAt != begun.StartsAt+score.EndsAt {
		t.Errorf("begun %d to %d, want the whole score moved", begun.StartsAt, begun.EndsAt)
	}
}

func TestNeighboursAreFarEnoughApartToHit(t *testing.T) {
	glyphs := append(strings.Split("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", ""), "YES", "NO", "GOODBYE")
	for i, a := range glyphs {
		pa, ok := seance.Place(a)
		if !ok {
			t.Fatalf("%s is not on the board", a)
		}
		if pa.X < 0 || pa.X > seance.BoardWidth || pa.Y < 0 || pa.Y > seance.BoardHeight {
			t.Errorf("%s lies at %v, off the board", a, pa)
		}
		for _, b := range glyphs[i+1:] {
			if pb, _ := seance.Place(b); pa.Distance(pb) < 55.9 {
				t.Errorf("%s and %s are %.1f bu apart, want 56", a, b, pa.Distance(pb))
			}
		}
	}
}

func BenchmarkPace(b *testing.B) {
	for b.Loop() {
		seance.Pace("BENEATH THE OLD STAIR", 417, seance.PaceOptions{})
	}
}
