package bench

import (
	"errors"
	"time"
)

// A Cost is what a load took of the server. If Unknown is set it says why that was not measured, and the rest is 0.
type Cost struct {
	Unknown       string  `json:"unknown,omitempty"`
	CPU           float64 `json:"cpu_seconds"`                        // its own and the kernel's for it, while measured
	CPUPerMillion float64 `json:"cpu_seconds_per_million_deliveries"` // 0 if nothing was delivered
	MemoryPerLine float64 `json:"kb_per_connection"`                  // its share of the room included
	OwnCPU        float64 `json:"own_cpu_seconds"`                    // this program's while measured: what the load itself took
}

// errNotOurs says why a server that somebody else started is not measured.
var errNotOurs = errors.New("only measured of a server that bench starts itself")

// A meter reads what a load takes of the server. Its methods are called by one goroutine, in the order they stand here;
// the first error is kept and ends it.
type meter struct {
	server   *Server
	self     int // this process
	err      error
	empty    int64 // memory before anybody came, in bytes
	cpu, own time.Duration
	cost     Cost
}

// before reads what the server holds while it is empty.
func (m *meter) before() {
	if m.server == nil {
		m.err = errNotOurs
		return
	}
	m.empty, m.err = memoryOf(m.server.PID())
}

// begin starts to count time.
func (m *meter) begin() { m.cpu, m.own = m.times() }

// end stops to count time, after so many deliveries.
func (m *meter) end(deliveries int) {
	cpu, own := m.times()
	m.cost.CPU = (cpu - m.cpu).Seconds()
	m.cost.OwnCPU = (own - m.own).Seconds()
	if deliveries > 0 {
		m.cost.CPUPerMillion = m.cost.CPU / float64(deliveries) * 1e6
	}
}

// seated reads what the server holds while so many connections are there.
func (m *meter) seated(connections int) {
	if m.err != nil {
		return
	}
	var now int64
	if now, m.err = memoryOf(m.server.PID()); m.err == nil {
		m.cost.MemoryPerLine = float64(now-m.empty) / 1024 / float64(connections)
	}
}

func (m *meter) times() (server, own time.Duration) {
	if m.err == nil {
		server, m.err = cpuOf(m.server.PID())
	}
	if m.err == nil {
		own, m.err = cpuOf(m.self)
	}
	return server, own
}

func (m *meter) report() Cost {
	if m.err != nil {
		return Cost{Unknown: m.err.Error()}
	}
	return m.cost
}
