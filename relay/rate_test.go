package relay

import (
	"context"
	"errors"
	"testing"
	"time"

	"seance/internal/seance"
	"seance/internal/store/inmem"
)

func TestRate(t *testing.T) {
	for _, tc := range []struct {
		name  string
		seq   uint64
		value int
		want  error
	}{
		{"one star", 2, 1, nil},
		{"five stars", 2, 5, nil},
		{"no star", 2, 0, seance.ErrBadRequest},
		{"six stars", 2, 6, seance.ErrBadRequest},
		{"a question", 1, 3, seance.ErrNotFound},
		{"nothing", 99, 3, seance.ErrNotFound},
	} {
		t.Run(tc.name, func(t *testing.T) {
			play(t, nil, func(tb *table) {
				ann, bob := tb.As("ann"), tb.As("bob")
				ann.Asks("Who?")
				tb.passes(10 * time.Second)
				bob.Forgets()
				err := ann.sit.Rate(tb.t.Context(), tc.seq, tc.value)
				if !errors.Is(err, tc.want) {
					t.Fatalf("got %v, want %v", err, tc.want)
				}
				var fault *seance.Fault
				if tc.want != nil && (!errors.As(err, &fault) || fault.Say == "") {
					t.Errorf("got %v, want a sentence", err)
				}
				ratings, err := tb.store.Ratings(tb.t.Context(), tb.session.ID)
				if err != nil {
					t.Fatal(err)
				}
				if tc.want == nil && (len(ratings) != 1 || ratings[0].Value != tc.value || ratings[0].Participant != "p-ann") {
					t.Errorf("kept %+v", ratings)
				}
				if tc.want != nil && len(ratings) != 0 {
					t.Errorf("kept %+v, want nothing", ratings)
				}
				bob.Notices() // it is between the person and the house
			})
		})
	}
}

// deaf are ratings that cannot be kept.
type deaf struct{ *inmem.Store }

func (deaf) Rate(context.Context, seance.Rating) error { return errDisk }

func TestRatingsThatCannotBeKept(t *testing.T) {
	for name, ratings := range map[string]seance.Ratings{"a store that fails": deaf{}, "no store": nil} {
		t.Run(name, func(t *testing.T) {
			play(t, func(tb *table) { tb.opts.Ratings = ratings }, func(tb *table) {
				if err := tb.As("ann").sit.Rate(tb.t.Context(), 2, 5); !errors.Is(err, seance.ErrUnavailable) {
					t.Errorf("got %v, want unavailable", err)
				}
			})
		})
	}
}
