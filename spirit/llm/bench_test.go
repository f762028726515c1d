package llm_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"seance/internal/seance"
	"seance/spirit"
	"seance/spirit/llm/llmtest"
	"seance/steering"
)

// pieces is an answer as models stream it: a few letters at a time.
var pieces = []string{"NI", "GHT", " CL", "ERK", "\n", "I ", "keep ", "the ", "keys ", "of ", "room ", "nine", "."}

// BenchmarkFirstLine measures what stands between a service and the planchette. On one scripted server, in turn: the raw
// stream read until its first line is whole; the same through a Provider; and through a whole Spirit, door, prompt, chain
// and guard included. It reports, in ms, the 50th and 99th percentile of each and what is beside the raw one.
func BenchmarkFirstLine(b *testing.B) {
	s := llmtest.New(b, llmtest.Say(pieces...))
	p := mind(b, s, "openai")
	body := []byte(`{"model":"scripted-1","stream":true,"messages":[{"role":"user","content":"Who is there?"}]}`)
	whole := spirit.New(spirit.Options{
		Personas: cast{}, Minds: []spirit.Mind{{Provider: p}}, Last: mute{},
	})
	enough := errors.New("enough")
	ways := []struct {
		name string
		once func(ctx context.Context) error
		took []time.Duration
	}{
		{name: "raw", once: func(ctx context.Context) error { return raw(ctx, s.URL+"/chat/completions", body) }},
		{name: "provider", once: func(ctx context.Context) error {
			var said strings.Builder
			_, err := p.Complete(ctx, question, func(text string) error {
				if said.WriteString(text); strings.Contains(text, "\n") {
					return enough
				}
				return nil
			})
			if !errors.Is(err, enough) {
				return errors.New("no line")
			}
			return nil
		}},
		{name: "spirit", once: func(ctx context.Context) error {
			ctx, cancel := context.WithCancel(ctx)
			defer cancel()
			board := ""
			_ = whole.Answer(ctx, asked(), func(part seance.Part) error {
				board = part.Text
				return enough // as soon as the line is there
			})
			if board != "NIGHT CLERK" {
				return errors.New("spelled " + board)
			}
			return nil
		}},
	}
	for b.Loop() {
		for i := range ways {
			began := time.Now()
			if err := ways[i].once(b.Context()); err != nil {
				b.Fatal(ways[i].name, err)
			}
			ways[i].took = append(ways[i].took, time.Since(began))
		}
	}
	at := func(list []time.Duration, share float64) float64 {
		slices.Sort(list)
		return float64(list[int(share*float64(len(list)-1))].Microseconds()) / 1000
	}
	for _, way := range ways {
		b.ReportMetric(at(way.took, 0.5), way.name+"-p50-ms")
		b.ReportMetric(at(way.took, 0.99), way.name+"-p99-ms")
	}
	b.ReportMetric(at(ways[2].took, 0.99)-at(ways[0].took, 0.99), "over-p99-ms")
}

// raw reads a stream until its first line is whole.
func raw(ctx context.Context, url string, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() {
		if strings.Contains(lines.Text(), `\n`) {
			return nil
		}
	}
	return errors.New("no line")
}

func asked() seance.Question {
	ann := seance.Participant{ID: "ann", Name: "Ann"}
	return seance.Question{
		Session: seance.Session{ID: "s", Spirit: "clerk", Settings: seance.DefaultSettings()},
		Message: seance.Message{Seq: 1, Kind: seance.KindQuestion, Text: "Who is there?"},
		Asker:   ann, Present: []seance.Participant{ann},
	}
}

type cast struct{}

func (cast) Persona(id string) (steering.Persona, bool) { return steering.Plain(id), true }
func (cast) Lore() []steering.Lore                      { return nil }

// mute is the last mind where it must not be needed.
type mute struct{}

func (mute) Name() string { return "mute" }
func (mute) Complete(context.Context, spirit.Prompt, func(string) error) (spirit.Result, error) {
	return spirit.Result{}, errors.New("asked")
}
