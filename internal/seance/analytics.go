package seance

import (
	"context"
	"time"
)

// A Response is what one answer took: one mind asked once.
type Response struct {
	ID            string
	Session       SessionID
	Turn          string // the answer's ID, else the question's; empty for an initiative
	Provider      string
	Model         string
	PromptVersion string
	FirstLetter   time.Duration // from the question's turn to the announcement; 0 if there was none
	Total         time.Duration
	TokensIn      int
	TokensOut     int
	ToolCalls     int
	Fallback      bool
	Error         string // a kind, not a text
	At            time.Time
}

// A ScoreName is what is judged of a response.
type ScoreName string

// What can be judged. Ratings of players (1 to 5) are kept as such and told as (v-1)/4.
const (
	ScoreInCharacter ScoreName = "in_character"
	ScoreRelevance   ScoreName = "relevance"
	ScoreBrevity     ScoreName = "brevity"
	ScoreSpellable   ScoreName = "spellable"
	ScoreSafety      ScoreName = "safety"
	ScoreRating      ScoreName = "rating"
)

// A Judgement is one score of a response.
type Judgement struct {
	Response string
	Name     ScoreName
	Value    float64 // 0 to 1
	Source   string  // player, rule or judge
	By       string  // player: who, so that a new one takes the place of the old; else empty
	Comment  string
	At       time.Time
}

// A ResponseQuery picks responses, newest first. Until is not included.
type ResponseQuery struct {
	Session       SessionID
	Model         string
	PromptVersion string
	Since, Until  time.Time
	Fallback      *bool
	MaxScore      *float64 // those with a mean score of at most this
	Page
}

// An Analytics keeps what answers took and how they were judged. Safe for concurrent use, durable like the Journal.
type Analytics interface {
	// LogResponse keeps r; the same ID again changes nothing. If it was announced and Turn is a question's ID, the
	// answer's takes its place. Of what is erased nothing is logged.
	LogResponse(ctx context.Context, r Response) (created bool, err error)
	Response(ctx context.Context, id string) (Response, []Judgement, error)
	Responses(ctx context.Context, q ResponseQuery) (responses []Response, next string, err error)
	// Judge keeps a score; the same response, name, source and person again replaces it.
	Judge(ctx context.Context, j Judgement) (created bool, err error)
	// Judgements returns the scores of the responses that q picks, ratings of players among them, in one go: at most
	// 10,000 responses.
	Judgements(ctx context.Context, q ResponseQuery) (map[string][]Judgement, error)
	// Purge deletes what was logged and scored before the given time; dry changes nothing.
	Purge(ctx context.Context, before time.Time, dry bool) (int, error)
}
