package oracle

// horizon says how far off the answer to a question about the future lies: tagTimed when the question names its own time,
// tagBrief when it is about what takes minutes, tagFar when a month or a season may be named.
func (a *ask) horizon() uint32 {
	for i, t := range a.tokens {
		w := t.word
		if timeNames[w] || timeNames[t.base] || i > 0 && (w == "time" && a.tokens[i-1].word == "in" || byNow[w] && a.tokens[i-1].word == "by") {
			return tagTimed
		}
	}
	for _, t := range a.tokens {
		if briefly[t.word] || briefly[t.base] {
			return tagBrief
		}
	}
	if a.noun != nil && briefly[a.noun.one] {
		return tagBrief
	}
	if p := a.prev; p != nil && p.tense == future && p.horizon() == tagTimed { // "will the neighbours complain?" of Friday's party
		return tagTimed
	}
	return tagFar
}

// timeNames are words by which a question about the future says when it means.
var timeNames = set("tomorrow tonight today now yet week weekend month year monday tuesday wednesday thursday friday saturday sunday january february " +
	"march april june july august september october november december spring summer autumn winter christmas easter halloween xmas birthday morning " +
	"evening afternoon noon midnight dawn supper lunch breakfast dinner late early before after during until first holiday wedding hours minutes days next " +
	"weather rain snow storm sunny exam test concert interview")

var byNow = set("then ten noon six seven eight nine five four")

// briefly are things that take minutes, or come at any moment.
var briefly = set("bread sourdough dough loaf cake souffle pudding kettle boil bus train taxi pizza delivery parcel candle meeting arrive match game film movie " +
	"toast egg rise fall drop spill collapse crash break bake cook burn call ring text reply answer knock turn move light flicker start stop win lose plug " +
	"battery charge phone laptop wifi signal queue sneeze laugh cry cat dog")
