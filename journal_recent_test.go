package provision

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/target"
)

// TestRecentKeys: the count is that of a map from keys to their latest times.
func TestRecentKeys(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for seed := range uint64(20) {
		d := rand.New(rand.NewPCG(seed, 1))
		var r recentKeys
		want := map[target.Key]time.Time{}
		now := noon
		for step := range 6000 {
			now = now.Add(time.Duration(d.IntN(int(seed)*1000 + 1)))
			at := now
			if d.IntN(10) == 0 {
				at = at.Add(-time.Duration(d.IntN(10_000)))
			}
			key := target.Key{Identity: string(rune('a' + d.IntN(3000)))}
			r.note(key, at)
			want[key] = later(want[key], at)
			if step%1999 == 1998 {
				cut := noon.Add(now.Sub(noon) / 3)
				r.forget(cut)
				for k, when := range want {
					if !when.After(cut) {
						delete(want, k)
					}
				}
			}
			if step%97 != 0 {
				continue
			}
			since := noon.Add(time.Duration(d.Int64N(int64(now.Sub(noon)) + 2)))
			n := 0
			for _, when := range want {
				if when.After(since) {
					n++
				}
			}
			require.Equal(t, n, r.since(since), "seed %d, step %d", seed, step)
			when, ok := want[key]
			require.Equal(t, ok && when.After(since), r.has(key, since))
		}
	}
}
