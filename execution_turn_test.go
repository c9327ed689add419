package provision

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTurnIsOneAtATime(t *testing.T) {
	t.Parallel()
	const goroutines, turns = 40, 2000
	one, inside, count := newTurn(), 0, 0
	var all sync.WaitGroup
	for range goroutines {
		all.Go(func() {
			for range turns {
				one.take()
				inside++
				if inside == 1 {
					count++
				}
				inside--
				one.pass()
			}
		})
	}
	all.Wait() // nobody is forgotten
	require.Equal(t, goroutines*turns, count)
}

// In a test with a clock of its own, whoever waits for the turn must not keep time from
// passing for whoever has it.
func TestTurnWaitsWhileSomebodySleeps(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		t.Helper()
		one, begin := newTurn(), time.Now()
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				one.take()
				defer one.pass()
				time.Sleep(time.Hour)
			})
		}
		all.Wait()
		require.Equal(t, 10*time.Hour, time.Since(begin))
	})
}
