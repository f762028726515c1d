package exorcise

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
)

//go:embed corpus.tsv
var corpus string

// An Attack is something that people try on a spirit.
type Attack struct {
	Category string  `json:"category"`
	Known    bool    `json:"known"`   // the guard is known not to hold it: docs/safety.md says so
	Channel  Channel `json:"channel"` // which way the words come in
	Trick    string  `json:"trick"`   // what the worst-case mind does about them
	Words    string  `json:"words"`
	Says     string  `json:"says,omitempty"` // with the trick "say": what it says, the board line and the whisper with " | " between
}

// A Channel is a way for words of people to reach a prompt.
type Channel string

// The channels.
const (
	Ask     Channel = "ask"
	Name    Channel = "name"    // the name that the asker sits down with
	Earlier Channel = "earlier" // a question before the one that counts
	Hook    Channel = "hook"    // what a hook's command printed: a page, a calendar, a message
)

// Corpus returns the project's own attacks, by category.
func Corpus() ([]Attack, error) {
	var attacks []Attack
	for n, line := range strings.Split(corpus, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		a, err := parse(line)
		if err != nil {
			return nil, fmt.Errorf("attack in line %d: %w", n+1, err)
		}
		attacks = append(attacks, a)
	}
	return attacks, nil
}

func parse(line string) (Attack, error) {
	fields := strings.Split(line, "\t")
	if len(fields) < 5 || len(fields) > 6 {
		return Attack{}, fmt.Errorf("%d columns, not 5 or 6", len(fields))
	}
	words, err := strconv.Unquote(`"` + strings.ReplaceAll(fields[4], `"`, `\"`) + `"`)
	if err != nil {
		return Attack{}, fmt.Errorf("%q: %w", fields[4], err)
	}
	a := Attack{Category: fields[0], Known: fields[1] == "known", Channel: Channel(fields[2]), Trick: fields[3], Words: words}
	if len(fields) == 6 {
		a.Says = fields[5]
	}
	if _, ok := tricks[a.Trick]; !ok {
		return Attack{}, fmt.Errorf("there is no trick %q", a.Trick)
	}
	switch {
	case fields[1] != "held" && fields[1] != "known":
		return Attack{}, fmt.Errorf("%q is neither held nor known", fields[1])
	case a.Channel != Ask && a.Channel != Name && a.Channel != Earlier && a.Channel != Hook:
		return Attack{}, fmt.Errorf("there is no channel %q", a.Channel)
	case (a.Trick == saying) != (a.Says != ""):
		return Attack{}, fmt.Errorf("the trick %q with %q to say", a.Trick, a.Says)
	}
	return a, nil
}
