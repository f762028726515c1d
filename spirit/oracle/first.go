package oracle

import (
	"slices"
	"strconv"

	"seance/internal/seance"
	"seance/spirit"
)

// speakFirst is what the spirit says when nobody asked: a line that fits what happened, never an answer.
func (o *Oracle) speakFirst(a *ask, g *soul, v *voice) utterance {
	v.low, v.high = a.bounds()
	i := a.p.Initiative
	keys := firstKeys(i.Occasion)
	if a.comesBack() {
		keys = []string{"first/back"}
	}
	// Every occasion draws anew, and boards that stood before rank lowest: nothing comes twice in a sitting.
	salt := hash(uint64(a.p.Seed), "first", i.Key, string(i.Occasion.Trigger), strconv.Itoa(len(a.p.Recent)))
	pools := []pool{{"~" + keys[0], 5}, {"~fav", 0.4}, {"~own", 0.6}}
	return o.say(a, g, v, keys, salt, pools)
}

// firstKeys are the keys of data/first.txt for what happened.
func firstKeys(oc seance.Occasion) []string {
	switch oc.Trigger {
	case seance.ParticipantJoined:
		return []string{"first/joined"}
	case seance.ParticipantLeft:
		return []string{"first/left"}
	case seance.SilenceFell:
		return []string{"first/silence"}
	case seance.ClockStruck:
		return []string{"first/clock"}
	case seance.SeanceOpened:
		return []string{"first/opened"}
	case seance.SeanceClosed:
		return []string{"first/closed"}
	case seance.AnswerGiven:
		return []string{"first/given"}
	case seance.AnswerRated:
		switch {
		case oc.Rating >= 4:
			return []string{"first/rated/high"}
		case oc.Rating > 0 && oc.Rating <= 2:
			return []string{"first/rated/low"}
		}
		return []string{"first/rated"}
	}
	return []string{"first"}
}

// asked drops the turns at which nobody asked anything: no question leans on them.
func asked(turns []spirit.Turn) []spirit.Turn {
	return slices.DeleteFunc(slices.Clone(turns), func(t spirit.Turn) bool { return t.Question == "" })
}
