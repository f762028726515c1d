package steering

// A Persona is a spirit's character, from the front matter and the text of a document with `seance: spirit`.
type Persona struct {
	ID          string // `name`, or the file's stem
	Title       string
	Description string
	Lang        string
	Voice       string

	// The rest is for the offline spirit.
	Yes, No, Maybe float64  // weights of an answer's polarity; 1 each when unset
	Terseness      float64  // 0..1: how much it prefers few and short words
	Cruelty        float64  // 0..1
	Archaic        float64  // 0..1: thee and thou
	Pace           float64  // scales travel, dwell and gaps; 1 when unset
	Add, Ban       []string // words to add to its lexicon, words it never uses
	Favourites     []string // words it comes back to

	// Soul is what the document settles about who it was (`soul:`), one board word or figure each, by the names of the
	// soul sheet: name, born, died, trade, town, manner, culprit, object, kin, secret, want, room. The offline spirit
	// makes up the rest, and never contradicts these.
	Soul map[string]string

	Guard []string // headings whose text must not be leaked
	Text  string   // the document with its references expanded in place
}
