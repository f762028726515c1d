package operator

import (
	"context"
	"errors"
	"time"

	"seance/internal/seance"
	"seance/relay"
)

// Medium is inner with what it does counted: what becomes of questions at the door, and how long board lines take.
func (m *Metrics) Medium(inner relay.Medium) relay.Medium { return &medium{Medium: inner, metrics: m} }

type medium struct {
	relay.Medium
	metrics *Metrics
}

// Admit asks, and counts the outcome.
func (m *medium) Admit(ctx context.Context, q seance.Question) (seance.Admission, error) {
	admission, err := m.Medium.Admit(ctx, q)
	outcome := admitted
	var fault *seance.Fault
	switch {
	case errors.As(err, &fault) && !errors.Is(err, seance.ErrUnavailable):
		outcome = refused // with a sentence, which is an answer of its own
	case err != nil:
		outcome = failed
	case admission.Care != nil:
		outcome = cared
	}
	m.metrics.admissions.WithLabelValues(outcome).Inc()
	return admission, err
}

// Answer asks, and notes when the board line was whole.
func (m *medium) Answer(ctx context.Context, q seance.Question, say func(seance.Part) error) error {
	began := time.Now()
	return m.Medium.Answer(ctx, q, func(part seance.Part) error {
		m.metrics.said(part, time.Since(began))
		return say(part)
	})
}
