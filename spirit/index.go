package spirit

// seed is the length of the shortest run of letters that an index finds.
const seed = 8

// An index finds runs of letters that a text shares with another. Letters are 0 to 25.
type index struct {
	letters []byte
	head    []int32 // for each hash of a seed: the last place that has it, counted from 1
	next    []int32 // for each place: the one before it with the same hash
	shift   int
	grams   []uint64 // a bit for each hash of a gram: one that has it is there
	sift    int
}

// gram is the length of the runs that tell whether a closer look is worth its time: most texts share none with an index.
const gram = 4

func newIndex(letters []byte) *index {
	x := &index{letters: letters, shift: 64 - 10}
	for 1<<(64-x.shift) < 4*len(letters) {
		x.shift--
	}
	if len(letters) < seed {
		return x
	}
	x.sift = 64 - 15
	for 1<<(64-x.sift) < min(256*len(letters), 1<<18) {
		x.sift--
	}
	x.grams = make([]uint64, 1<<(64-x.sift)/64)
	x.head, x.next = make([]int32, 1<<(64-x.shift)), make([]int32, len(letters))
	var key uint64
	for at, letter := range letters {
		key = grown(key, letter)
		if at+1 >= gram {
			bit := x.gram(letters[at+1-gram : at+1])
			x.grams[bit/64] |= 1 << (bit % 64)
		}
		if at+1 >= seed {
			h := x.hash(key)
			x.next[at], x.head[h] = x.head[h], int32(at)+1 //nolint:gosec // a guide has 12,000 letters
		}
	}
	return x
}

// grown is the key of the last seed letters when one more follows.
func grown(key uint64, letter byte) uint64 { return (key<<5 | uint64(letter)) & (1<<(5*seed) - 1) }

func (x *index) hash(key uint64) uint64 { return key * 0x9E3779B97F4A7C15 >> x.shift }

func (x *index) gram(letters []byte) uint64 {
	_ = letters[gram-1]
	key := uint64(letters[0]) | uint64(letters[1])<<5 | uint64(letters[2])<<10 | uint64(letters[3])<<15
	return key * 0x9E3779B97F4A7C15 >> x.sift
}

// near reports whether text may share a run with the index: each run of seed letters holds a gram that is looked at.
func (x *index) near(text []byte) bool {
	for at := 0; at+gram <= len(text); at += seed - gram + 1 {
		if bit := x.gram(text[at:]); x.grams[bit/64]&(1<<(bit%64)) != 0 {
			return true
		}
	}
	return false
}

// any reports whether found accepts one of the runs that text shares with the index: n letters from at on in text,
// from in on in the index, as long as they get. Runs shorter than seed are not looked for.
func (x *index) any(text []byte, found func(at, in, n int) bool) bool {
	if len(x.letters) < seed || len(text) < seed || !x.near(text) {
		return false
	}
	var key uint64
	for end, letter := range text {
		key = grown(key, letter)
		if end+1 < seed {
			continue
		}
		for place := x.head[x.hash(key)]; place > 0; place = x.next[place-1] {
			at, in, n := x.run(text, end, int(place)-1)
			if n >= seed && found(at, in, n) {
				return true
			}
		}
	}
	return false
}

// run is the longest run around the letters that end at end in text and at last in the index. To meet each run once, it
// is empty unless it begins a seed before end.
func (x *index) run(text []byte, end, last int) (at, in, n int) {
	at, in = end+1-seed, last+1-seed
	if at > 0 && in > 0 && text[at-1] == x.letters[in-1] {
		return at, in, 0 // it was met when it began
	}
	for at+n < len(text) && in+n < len(x.letters) && text[at+n] == x.letters[in+n] {
		n++
	}
	return at, in, n
}
