package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"seance/internal/bench"
	"seance/relay/wire"
)

// tooLong is how long an innocent table may wait at p99 beside hostile guests, in ms. It is no figure of ours, those are
// measured by `seance bench`: who let a guest hold a table would find seconds here.
const tooLong = 2000

// Readers that never read, half-open lines, floods, slow requests and broken frames: the table beside them plays on, the
// program does not break, and nothing of the guests stays behind in it.
func TestHostileGuests(t *testing.T) {
	o := bench.Options{
		Scenario: "hostile", Codec: wire.SocketIO, Sessions: 5, Frames: 20_000,
		Warm: time.Second, Duration: 6 * time.Second, // beside the guests until each had their turn
	}
	if long() {
		o.Frames, o.Duration = 100_000, time.Minute // lines that answer no ping are cut after 45
	}
	env, err := bench.Env(o.Scenario)
	if err != nil {
		t.Fatal(err)
	}
	server := started(t, bench.ServerOptions{Data: t.TempDir(), Env: append(env, "SEANCE_TEMPO=0.2")})
	o.Address, o.Server = server.Address, server
	report, err := bench.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	log := server.Log()
	if err := server.Stop(); err != nil {
		t.Errorf("it does not end in good order: %v", err)
	}
	faultless(t, log)
	var said bytes.Buffer
	report.Print(&said)
	t.Logf("the innocent tables alone and beside hostile guests:\n%s", said.String())

	if report.Failures > 0 {
		t.Errorf("%d things failed: %s", report.Failures, strings.Join(report.Complaints, "; "))
	}
	for _, key := range []string{"typing_beside", "fan_out_beside", "ack_beside", "rest_beside"} {
		if l := report.Latency(key); l.N == 0 || l.P99 > tooLong {
			t.Errorf("%s: p99 is %.0f ms of %d", l.Name, l.P99, l.N)
		}
	}
	for _, want := range []string{
		"broken frames", "floods closed with 4429 after warnings", "half-open lines",
		"readers that never read, given up by the server", "slow requests cut by the server",
	} {
		if report.Count(want) == 0 {
			t.Errorf("the report has no %s", want)
		}
	}
	if got := report.Count("half-open lines, given up by the server"); long() && got != report.Count("half-open lines") {
		t.Errorf("%d half-open lines were given up, want all", got)
	}
	if got := report.Count("broken frames"); got != o.Frames {
		t.Errorf("%d broken frames were sent, want %d", got, o.Frames)
	}
}
