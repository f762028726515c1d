package bench

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

// A Report is what a run found. Latencies are in ms from when the schedule wanted the thing done.
type Report struct {
	Scenario    string        `json:"scenario"`
	Sessions    int           `json:"sessions"`
	Players     int           `json:"players"`     // at each table
	Hands       int           `json:"hands"`       // that pulled at each table
	Connections int           `json:"connections"` // that were there at once
	Measured    time.Duration `json:"measured_ns"`
	Deliveries  int           `json:"deliveries"` // events that reached a seat
	PerSecond   float64       `json:"deliveries_per_second"`
	Failures    int           `json:"failures"`
	Complaints  []string      `json:"complaints"` // the first few failures
	Latencies   []Latency     `json:"latencies"`
	Counts      []Count       `json:"counts"`
	Server      Cost          `json:"server"`
	Notes       []string      `json:"notes"` // what was not measured, and why
}

// A Latency is what was found of one kind of wait, beside what docs/protocol.md and docs/architecture.md promise of it.
type Latency struct {
	Key  string `json:"key"`
	Name string `json:"name"`
	Percentiles
	PromisedP95 float64 `json:"promised_p95,omitempty"` // in ms, 0 if nothing is promised
}

// A Count is how often something happened.
type Count struct {
	Name string `json:"name"`
	N    int    `json:"n"`
}

// promise is what samples found, beside what is promised at p95 in ms.
func promise(key, name string, s *samples, p95 float64) Latency {
	return Latency{key, name, s.percentiles(), p95}
}

func (l *load) report() Report {
	r := Report{
		Scenario: l.o.Scenario, Sessions: l.o.Sessions, Players: l.o.Players, Hands: l.o.Hands,
		Connections: l.lines, Measured: l.took, Deliveries: int(l.deliveries.Load()),
		Failures: l.failures.n, Complaints: append([]string{}, l.failures.said...),
		Latencies: l.found, Counts: append([]Count{}, l.counts...), Server: l.meter.report(), Notes: append([]string{}, l.notes...),
	}
	if r.Measured > 0 {
		r.PerSecond = float64(r.Deliveries) / r.Measured.Seconds()
	}
	return r
}

// Latency finds what was found of one kind, by its key; nothing was if N is 0.
func (r Report) Latency(key string) Latency {
	for _, l := range r.Latencies {
		if l.Key == key {
			return l
		}
	}
	return Latency{}
}

// Count is how often something of a name happened.
func (r Report) Count(name string) int {
	for _, c := range r.Counts {
		if c.Name == name {
			return c.N
		}
	}
	return 0
}

// Passed reports whether nothing failed and everything that is promised was measured and held.
func (r Report) Passed() bool {
	for _, l := range r.Latencies {
		if l.PromisedP95 > 0 && (l.N == 0 || l.P95 > l.PromisedP95) {
			return false
		}
	}
	return r.Failures == 0
}

// Print writes the report as tables for people.
func (r Report) Print(w io.Writer) {
	fmt.Fprintf(w, "%s: %d connections, %d sessions of %d", r.Scenario, r.Connections, r.Sessions, r.Players)
	if r.Hands > 0 {
		fmt.Fprintf(w, ", %d hands on each planchette", r.Hands)
	}
	fmt.Fprintf(w, " for %.1f s: %d deliveries (%.0f/s), %d failures\n\n", r.Measured.Seconds(), r.Deliveries, r.PerSecond, r.Failures)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "latency in ms\tn\tp50\tp95\tp99\tmax\tpromised p95\t\t")
	for _, l := range r.Latencies {
		fmt.Fprintf(t, "%s\t%d\t%.2f\t%.2f\t%.2f\t%.2f\t", l.Name, l.N, l.P50, l.P95, l.P99, l.Max)
		switch {
		case l.N == 0:
			fmt.Fprintf(t, "\tnot measured\t\n")
		case l.PromisedP95 == 0:
			fmt.Fprintf(t, "\t\t\n")
		case l.P95 > l.PromisedP95:
			fmt.Fprintf(t, "%.0f\tMISSED\t\n", l.PromisedP95)
		default:
			fmt.Fprintf(t, "%.0f\tok\t\n", l.PromisedP95)
		}
	}
	t.Flush()
	fmt.Fprintln(w)
	for _, c := range r.Counts {
		fmt.Fprintf(w, "%8d %s\n", c.N, c.Name)
	}
	r.Server.print(w)
	for _, n := range r.Notes {
		fmt.Fprintln(w, "note:", n)
	}
	for _, c := range r.Complaints {
		fmt.Fprintln(w, "failed:", c)
	}
}

func (c Cost) print(w io.Writer) {
	if c.Unknown != "" {
		fmt.Fprintf(w, "the server's CPU and memory: %s\n", c.Unknown)
		return
	}
	fmt.Fprintf(w, "the server's CPU: %.2f s", c.CPU)
	if c.CPUPerMillion > 0 {
		fmt.Fprintf(w, ", %.1f s per million deliveries", c.CPUPerMillion)
	}
	fmt.Fprintf(w, " (the load itself took %.2f s)\n", c.OwnCPU)
	if c.MemoryPerLine > 0 {
		fmt.Fprintf(w, "the server's memory: %.1f KB a connection, its share of the room included\n", c.MemoryPerLine)
	}
}
