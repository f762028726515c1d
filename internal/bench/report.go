package bench

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

// A Report is what a run found. Latencies are in ms from when the schedule wanted the thing done.
type Report struct {
	Sessions   int           `json:"sessions"`
	Players    int           `json:"players"`
	Measured   time.Duration `json:"measured_ns"`
	Deliveries int           `json:"deliveries"` // events that reached a seat
	Failures   int           `json:"failures"`
	Complaints []string      `json:"complaints"` // the first few failures

	REST     Percentiles `json:"rest"`     // a call's answer
	Ack      Percentiles `json:"ack"`      // a question's acknowledgement, the journal's commit included
	FanOut   Percentiles `json:"fan_out"`  // from a kept event's own time, before its commit, to each seat
	Typing   Percentiles `json:"typing"`   // from one person's pen to each other seat: the relay without the journal
	Stir     Percentiles `json:"stir"`     // from a question's turn to the first thing that moves
	Announce Percentiles `json:"announce"` // from a question's turn to its announced answer
}

func (l *load) report() Report {
	return Report{
		Sessions: l.o.Sessions, Players: l.o.Players, Measured: l.o.Duration,
		Deliveries: l.deliveries.n, Failures: l.failures.n, Complaints: append([]string{}, l.failures.said...),
		REST: l.restTimes.percentiles(), Ack: l.ack.percentiles(), FanOut: l.fanOut.percentiles(),
		Typing: l.typing.percentiles(), Stir: l.stir.percentiles(), Announce: l.announce.percentiles(),
	}
}

// A Bar is what docs/protocol.md promises of one latency at p95, in ms.
type Bar struct {
	Name string
	Got  Percentiles
	P95  float64
}

// Bars are the promises, each beside what was found.
func (r Report) Bars() []Bar {
	return []Bar{
		{"REST", r.REST, 100},
		{"acknowledgement (with commit)", r.Ack, 50},
		{"fan-out of kept events", r.FanOut, 50},
		{"fan-out of typing", r.Typing, 50},
		{"first stir", r.Stir, 250},
		{"announcement", r.Announce, 3000},
	}
}

// Passed reports whether nothing failed and every bar was measured and held.
func (r Report) Passed() bool {
	for _, b := range r.Bars() {
		if b.Got.N == 0 || b.Got.P95 > b.P95 {
			return false
		}
	}
	return r.Failures == 0
}

// Print writes the report as a table for people.
func (r Report) Print(w io.Writer) {
	fmt.Fprintf(w, "%d sessions of %d for %s: %d deliveries (%.0f/s), %d failures\n\n", r.Sessions, r.Players, r.Measured,
		r.Deliveries, float64(r.Deliveries)/r.Measured.Seconds(), r.Failures)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "latency in ms\tn\tp50\tp95\tp99\tmax\tpromised p95\t\t")
	for _, b := range r.Bars() {
		verdict := "ok"
		if b.Got.N == 0 {
			verdict = "not measured"
		} else if b.Got.P95 > b.P95 {
			verdict = "MISSED"
		}
		fmt.Fprintf(t, "%s\t%d\t%.2f\t%.2f\t%.2f\t%.2f\t%.0f\t%s\t\n", b.Name, b.Got.N, b.Got.P50, b.Got.P95, b.Got.P99, b.Got.Max, b.P95, verdict)
	}
	t.Flush()
	for _, c := range r.Complaints {
		fmt.Fprintln(w, "failed:", c)
	}
}
