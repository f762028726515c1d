package operator

import (
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"seance/relay"
)

// Metrics are what Prometheus is told of one house, in a registry of their own. The methods are handed to those who
// have something to tell; they are safe for concurrent use.
type Metrics struct {
	registry     *prometheus.Registry
	commits      prometheus.Histogram
	writes, lost prometheus.Counter
	requests     *prometheus.HistogramVec
	admissions   *prometheus.CounterVec
	answers      *prometheus.HistogramVec
	minds        mindMetrics
}

// NewMetrics makes metrics of the given version of the program.
func NewMetrics(version string) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		commits: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "seance_journal_commit_seconds", Help: "How long a transaction took until it was durable.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, 1, 5},
		}),
		writes: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "seance_journal_writes_total", Help: "Writes that became durable, or were refused for good reason.",
		}),
		lost: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "seance_journal_failed_total", Help: "Transactions that failed; their writes were tried again or not acknowledged.",
		}),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "seance_http_request_seconds", Help: "How long requests on the public side took.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"method", "route", "status"}),
		admissions: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "seance_admissions_total", Help: "What became of questions at the door: admitted, care, refused or failed.",
		}, []string{"outcome"}),
		answers: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "seance_answer_seconds", Help: "From a question's turn until its board line was whole.",
			Buckets: []float64{.01, .05, .1, .25, .5, 1, 2, 4, 8, 12, 20},
		}, []string{"source", "mind"}),
	}
	m.minds = newMindMetrics(m.registry)
	built := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "seance_build_info", Help: "The program's version, as a label.", ConstLabels: prometheus.Labels{"version": version},
	})
	built.Set(1)
	for _, outcome := range []string{admitted, cared, refused, failed} {
		m.admissions.WithLabelValues(outcome) // there from the start, so that a first one is seen as a change
	}
	m.registry.MustRegister(
		m.commits, m.writes, m.lost, m.requests, m.admissions, m.answers, built,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return m
}

// Transaction hears of one transaction of the journal: a store's Options.Observe.
func (m *Metrics) Transaction(writes int, took time.Duration, err error) {
	if err != nil {
		m.lost.Inc()
		return
	}
	m.commits.Observe(took.Seconds())
	m.writes.Add(float64(writes))
}

// Request hears of one request of the public side: relay/api's Options.Observe.
func (m *Metrics) Request(method, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}

// Hub has what stats counts told from now on. It is called once.
func (m *Metrics) Hub(stats func() relay.Stats) { m.registry.MustRegister(hub(stats)) }

func (m *Metrics) handler(log *slog.Logger) http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		ErrorLog: complaints{log}, ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: 4,
	})
}

// complaints passes on what cannot be told.
type complaints struct{ log *slog.Logger }

// Println logs one complaint.
func (c complaints) Println(what ...any) { c.log.Error("metrics not told", "err", fmt.Sprint(what...)) }

// hub collects a hub's counters when it is asked.
type hub func() relay.Stats

var (
	rooms     = prometheus.NewDesc("seance_rooms", "Sessions that are live on this node.", nil, nil)
	seats     = prometheus.NewDesc("seance_seats", "Connections that have a seat.", nil, nil)
	people    = prometheus.NewDesc("seance_people", "People who are present, spectators included.", nil, nil)
	questions = prometheus.NewDesc("seance_questions_total", "Questions that were acknowledged.", nil, nil)
	answered  = prometheus.NewDesc("seance_answers_total", "Answers that were kept.", []string{"source"}, nil)
	slow      = prometheus.NewDesc("seance_seats_dropped_total", "Seats given up because they took too little.", nil, nil)
	hushes    = prometheus.NewDesc("seance_hushes_total", "Times the candles guttered.", nil, nil)
	unheard   = prometheus.NewDesc("seance_events_unheard_total", "Events that the broker did not take.", nil, nil)
	frames    = prometheus.NewDesc("seance_frames_total", "Frames handed to seats.", nil, nil)
	fanOut    = prometheus.NewDesc("seance_fanout_seconds", "From the first frame of a pass to the last seat of its room.", nil, nil)
)

// Describe names what is collected.
func (hub) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		rooms, seats, people, questions, answered, slow, hushes, unheard, frames, fanOut,
	} {
		to <- d
	}
}

// Collect tells the counters as they are.
func (h hub) Collect(to chan<- prometheus.Metric) {
	s := h()
	for desc, n := range map[*prometheus.Desc]int{rooms: s.Rooms, seats: s.Seats, people: s.People} {
		to <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, float64(n))
	}
	for desc, n := range map[*prometheus.Desc]uint64{
		questions: s.Questions, slow: s.SlowSeats, hushes: s.Hushes, unheard: s.Unheard, frames: s.Frames,
	} {
		to <- prometheus.MustNewConstMetric(desc, prometheus.CounterValue, float64(n))
	}
	for source, n := range s.Answers {
		to <- prometheus.MustNewConstMetric(answered, prometheus.CounterValue, float64(n), string(source))
	}
	to <- histogram(fanOut, s.FanOut)
}

// histogram is a timing as Prometheus counts: each bound with all that were at most that.
func histogram(desc *prometheus.Desc, t relay.Timing) prometheus.Metric {
	below, total := make(map[float64]uint64, len(t.Bounds)), uint64(0)
	for i, n := range t.Counts {
		total += n
		if i < len(t.Bounds) {
			below[t.Bounds[i].Seconds()] = total
		}
	}
	return prometheus.MustNewConstHistogram(desc, total, t.Sum.Seconds(), below)
}

// The outcomes of asking.
const (
	admitted = "admitted"
	cared    = "care"
	refused  = "refused"
	failed   = "failed"
)
