package logic_test

import (
	"math/rand/v2"
	"testing"
)

// FuzzSound makes a world and two formulas of the bytes, and compares what is said
// of them with everybody in it.
func FuzzSound(f *testing.F) {
	f.Add([]byte("one formula and another"))
	f.Add([]byte{0, 9, 0, 9, 1, 2, 0, 9, 2, 1, 1, 9, 0, 1, 1, 1, 3, 1, 0, 0, 1, 0, 1, 0, 2})
	random := rand.New(rand.NewPCG(3, 3))
	for range 20 {
		seed := make([]byte, 120)
		for i := range seed {
			seed[i] = byte(random.Uint32())
		}
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		// Once the bytes are used up every choice is the last, which ends formulas
		// soon because their depth is bounded.
		d := func(n int) int {
			if len(data) == 0 {
				return n - 1
			}
			b := data[0]
			data = data[1:]
			return int(b) % n
		}
		w := newWorld(d, 1+d(6), d(5))
		a, b := w.rollPair(d)
		if !w.check(t, a, b, d, &tally{}) {
			t.Fatalf("a: %s\nb: %s", w.text(a), w.text(b))
		}
	})
}
