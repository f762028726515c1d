package broker

import (
	"context"
	"testing"
	"testing/synctest"
)

func TestMemory(t *testing.T) {
	exercise(t, func(*testing.T) (here, there carrier) {
		b := NewMemory()
		return b, b
	})
}

// A session that nobody listens to any more leaves nothing behind.
func TestMemoryForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewMemory()
		ctx, leave := context.WithCancel(t.Context())
		listen(ctx, t, b, "s")
		listen(ctx, t, b, "s")
		leave()
		synctest.Wait()
		if len(b.listeners) != 0 {
			t.Errorf("%d sessions are left", len(b.listeners))
		}
	})
}

// A reader that is behind still gets what its channel held when its context ended, and hears the end.
func TestMemoryEndsWithWhatWasHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewMemory()
		ctx, leave := context.WithCancel(t.Context())
		line := listen(ctx, t, b, "s")
		publish(t, b, said("s", 1))
		publish(t, b, said("s", 2))
		leave()
		synctest.Wait()
		publish(t, b, said("s", 3))
		var heard []uint64
		for ev := range line {
			heard = append(heard, ev.Seq())
		}
		if len(heard) != 2 || heard[0] != 1 || heard[1] != 2 {
			t.Errorf("heard %v, want 1 and 2", heard)
		}
	})
}

func BenchmarkPublish(b *testing.B) {
	m := NewMemory()
	for range 10 {
		line, err := m.Subscribe(b.Context(), "s")
		if err != nil {
			b.Fatal(err)
		}
		go func() {
			for range line {
			}
		}()
	}
	ev := said("s", 1)
	for b.Loop() {
		if err := m.Publish(b.Context(), ev); err != nil {
			b.Fatal(err)
		}
	}
}
