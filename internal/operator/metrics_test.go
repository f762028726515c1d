package operator

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"seance/internal/seance"
	"seance/relay"
)

// What is told to the metrics can be read from them.
func TestMetrics(t *testing.T) {
	m := NewMetrics("1.2.3")
	m.Hub(func() relay.Stats {
		return relay.Stats{
			Rooms: 2, Seats: 5, People: 4, Questions: 7, SlowSeats: 1, Hushes: 3, Unheard: 6, Frames: 99,
			Answers: map[seance.Source]uint64{seance.SourceOracle: 8, seance.SourceModel: 9},
			FanOut: relay.Timing{
				Bounds: []time.Duration{time.Millisecond, 10 * time.Millisecond}, Counts: []uint64{4, 5, 6}, Sum: 3 * time.Second,
			},
		}
	})
	m.Transaction(12, 3*time.Millisecond, nil)
	m.Transaction(1, 30*time.Millisecond, nil)
	m.Transaction(9, time.Second, errors.New("disk full"))
	m.Request("GET", "/api/sessions/:key", 404, 20*time.Millisecond)

	_, text := serve(t, Options{Metrics: m}, usual, nil).get("/metrics")
	for _, line := range []string{
		`seance_build_info{version="1.2.3"} 1`,
		`seance_rooms 2`, `seance_seats 5`, `seance_people 4`, `seance_questions_total 7`, `seance_seats_dropped_total 1`,
		`seance_hushes_total 3`, `seance_events_unheard_total 6`, `seance_frames_total 99`,
		`seance_answers_total{source="oracle"} 8`, `seance_answers_total{source="model"} 9`,
		`seance_fanout_seconds_bucket{le="0.001"} 4`, `seance_fanout_seconds_bucket{le="0.01"} 9`,
		`seance_fanout_seconds_bucket{le="+Inf"} 15`, `seance_fanout_seconds_sum 3`, `seance_fanout_seconds_count 15`,
		`seance_journal_writes_total 13`, `seance_journal_failed_total 1`, `seance_journal_commit_seconds_count 2`,
		`seance_journal_commit_seconds_bucket{le="0.005"} 1`,
		`seance_http_request_seconds_count{method="GET",route="/api/sessions/:key",status="404"} 1`,
		`seance_admissions_total{outcome="care"} 0`,
		"# TYPE go_goroutines gauge", "# TYPE process_open_fds gauge",
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("the metrics lack %q", line)
		}
	}
}

// moody is a medium that does what a question's text says.
type moody struct{}

func (moody) Admit(_ context.Context, q seance.Question) (seance.Admission, error) {
	switch q.Message.Text {
	case "care":
		return seance.Admission{Care: &seance.Care{}}, nil
	case "refused":
		return seance.Admission{}, &seance.Fault{Kind: seance.ErrRefused, Say: "No."}
	case "too long":
		return seance.Admission{}, &seance.Fault{Kind: seance.ErrInvalidText, Say: "Shorter."}
	case "failed":
		return seance.Admission{}, errors.New("broken")
	}
	return seance.Admission{Text: q.Message.Text}, nil
}

func (moody) Answer(_ context.Context, _ seance.Question, say func(seance.Part) error) error {
	if err := say(seance.Part{Kind: seance.PartBoard, Text: "NO", Source: seance.SourceModel, Mind: "gemini"}); err != nil {
		return err
	}
	return say(seance.Part{Kind: seance.PartWhisper, Text: "Never."})
}

// A medium that is counted does what it did before.
func TestMedium(t *testing.T) {
	m := NewMetrics("test")
	counted := m.Medium(moody{})
	for _, text := range []string{"Who?", "care", "refused", "too long", "failed", "Where?"} {
		q := seance.Question{Message: seance.Message{Text: text}}
		got, err := counted.Admit(t.Context(), q)
		want, wantErr := moody{}.Admit(t.Context(), q)
		if got.Text != want.Text || (got.Care == nil) != (want.Care == nil) || (err == nil) != (wantErr == nil) ||
			err != nil && err.Error() != wantErr.Error() {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	var parts []string
	if err := counted.Answer(t.Context(), seance.Question{}, func(p seance.Part) error {
		parts = append(parts, p.Text)
		return nil
	}); err != nil || strings.Join(parts, " ") != "NO Never." {
		t.Errorf("said %q, %v", parts, err)
	}
	stop := errors.New("stop")
	if err := counted.Answer(t.Context(), seance.Question{}, func(seance.Part) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("not stopped: %v", err)
	}

	_, text := serve(t, Options{Metrics: m}, usual, nil).get("/metrics")
	for _, line := range []string{
		`seance_admissions_total{outcome="admitted"} 2`, `seance_admissions_total{outcome="care"} 1`,
		`seance_admissions_total{outcome="refused"} 2`, `seance_admissions_total{outcome="failed"} 1`,
		`seance_answer_seconds_count{mind="gemini",source="model"} 2`,
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("the metrics lack %q", line)
		}
	}
}
