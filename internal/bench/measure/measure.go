// Package measure times things against each other, in one process and in turns,
// so that what disturbs one disturbs the other as well.
package measure

import (
	"fmt"
	"runtime"
	"runtime/metrics"
	"slices"
	"time"
)

// A Side is one of the things that are timed. Setup, if set, comes before each
// Run and is not timed.
type Side struct {
	Name  string
	Setup func() error
	Run   func() error
}

// A Time is what one run took, or the median of several, each value for itself.
type Time struct {
	Wall time.Duration
	// CPU is the time that all cores spent, including the garbage collector's. It
	// repeats better than Wall where both sides use the same number of cores.
	CPU time.Duration
}

// Rounds is Cold after one more round that does not count, for what is short
// enough to depend on warm caches.
func Rounds(n int, sides ...Side) ([]Time, error) {
	if _, err := Cold(1, sides...); err != nil {
		return nil, err
	}
	return Cold(n, sides...)
}

// Cold runs the sides one after the other, again and again, and returns their
// medians. Garbage of an earlier run is collected before the next, so that nobody
// pays for somebody else's.
func Cold(n int, sides ...Side) ([]Time, error) { return turns(n, run, sides) }

// Again is Cold in which each run comes right after another one of the same side, which
// does not count, and with its garbage: for sides of which one needs far more memory.
// Otherwise it would map anew in each run what the runtime gave back while the other one
// ran, and that one would find its memory mapped.
func Again(n int, sides ...Side) ([]Time, error) {
	return turns(n, func(s Side) (Time, error) {
		if t, err := run(s); err != nil {
			return t, err
		}
		return timed(s, func() {})
	}, sides)
}

func turns(n int, run func(Side) (Time, error), sides []Side) ([]Time, error) {
	times := make([][]Time, len(sides))
	for range n {
		for i, s := range sides {
			t, err := run(s)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", s.Name, err)
			}
			times[i] = append(times[i], t)
		}
	}
	medians := make([]Time, len(sides))
	for i := range sides {
		var wall, cpu []time.Duration
		for _, t := range times[i] {
			wall, cpu = append(wall, t.Wall), append(cpu, t.CPU)
		}
		medians[i] = Time{Wall: Median(wall), CPU: Median(cpu)}
	}
	return medians, nil
}

func run(s Side) (Time, error) { return timed(s, settle) }

func timed(s Side, before func()) (Time, error) {
	if s.Setup != nil {
		if err := s.Setup(); err != nil {
			return Time{}, err
		}
	}
	before()
	cpu, begin := CPU(), time.Now()
	err := s.Run()
	return Time{Wall: time.Since(begin), CPU: CPU() - cpu}, err
}

// settle collects garbage, if there is enough of it to disturb a run.
func settle() {
	const enough = 8 << 20
	made := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/gc/heap/live:bytes"}}
	metrics.Read(made)
	if made[0].Value.Uint64() > made[1].Value.Uint64()+enough {
		runtime.GC()
	}
}

// Median returns the middle one, 0 if there are none.
func Median(list []time.Duration) time.Duration {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(list))
	return sorted[len(sorted)/2]
}

// Heap returns the bytes of live objects.
func Heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// Allocations returns how many objects f makes.
func Allocations(f func() error) (uint64, error) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	err := f()
	runtime.ReadMemStats(&after)
	return after.Mallocs - before.Mallocs, err
}
