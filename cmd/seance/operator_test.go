package main

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"seance/internal/operator"
	"seance/relay/wire"
)

// The operator's side tells of what happens on the public one.
func TestOperatorSees(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	back := free.Addr().String()
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	cfg, err := bound(t, map[string]string{
		"SEANCE_ADDR": "127.0.0.1:0", "SEANCE_OPERATOR_ADDR": back, "SEANCE_DATA": t.TempDir(), "SEANCE_TEMPO": "0.1", "SEANCE_HOOKS": "off",
	})
	if err != nil {
		t.Fatal(err)
	}
	house := serve(t, cfg)
	token := house.host(t)
	board := sit(t.Context(), t, house.url, wire.Plain, token, nil)
	if _, err := board.Ask(t.Context(), "m", "Who is there?"); err != nil {
		t.Fatal(err)
	}
	for event := range board.Events() {
		if event.Name == wire.EventSpiritResponse {
			break
		}
	}
	res, err := http.Get("http://" + back + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%d %s %v", res.StatusCode, text, err)
	}
	for _, line := range []string{
		`seance_build_info{version="test"} 1`, `seance_rooms 1`, `seance_seats 1`, `seance_people 1`, `seance_questions_total 1`,
		`seance_answers_total{source="oracle"} 1`, `seance_admissions_total{outcome="admitted"} 1`,
		`seance_http_request_seconds_count{method="POST",route="/api/sessions",status="201"} 1`,
		`seance_answer_seconds_count{mind="oracle",source="oracle"} 1`,
	} {
		if !strings.Contains(string(text), line+"\n") {
			t.Errorf("the metrics lack %q", line)
		}
	}
	if strings.Contains(string(text), "seance_journal_writes_total 0\n") {
		t.Error("the journal is said to have written nothing")
	}
	board.Cut()
	http.DefaultClient.CloseIdleConnections()
	house.close(t)
	if conn, err := net.DialTimeout("tcp", back, time.Second); err == nil {
		conn.Close()
		t.Error("the operator's side is open after the house has closed")
	}
}

// An address that is taken keeps the house closed only if it was asked for.
func TestOperatorAddressTaken(t *testing.T) {
	ln, err := net.Listen("tcp", usualOperator)
	if err == nil { // else somebody has it already, which is as good
		defer ln.Close()
	}
	metrics, log := operator.NewMetrics("test"), slog.New(slog.DiscardHandler)
	if s, err := (&config{Operator: usualOperator}).openOperator(metrics, log); s != nil || err != nil {
		t.Errorf("the usual address: %v, %v", s, err)
	}
	other, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	_, err = (&config{Operator: other.Addr().String()}).openOperator(metrics, log)
	if err == nil || !strings.Contains(err.Error(), "--operator-addr") {
		t.Errorf("another address: %v", err)
	}
	if s, err := (&config{}).openOperator(metrics, log); s != nil || err != nil {
		t.Errorf("off: %v, %v", s, err)
	}
}
