package reconcile

import (
	"runtime"
	"sync"
)

// worthwhile is how many accounts or changes are worth a goroutine of their own.
const worthwhile = 1024

// parts returns into how many parts work on n elements is divided.
func parts(n, worth int) int { return max(min(runtime.GOMAXPROCS(0), n/worth), 1) }

// sideBySide has f work on parts of a list at once. What comes of it must not
// depend on how many there are.
func sideBySide[T any](list []T, worth int, f func(part []T)) {
	n := parts(len(list), worth)
	var others sync.WaitGroup
	for i := 1; i < n; i++ {
		others.Go(func() { f(list[len(list)*i/n : len(list)*(i+1)/n]) })
	}
	f(list[:len(list)/n])
	others.Wait()
}

// cuts divides n elements, sorted by identity, into parts none of which begins in
// the middle of a person. It returns where each part begins, and n.
func cuts(n int, identity func(i int) string) []int {
	count := parts(n, worthwhile)
	ends := make([]int, count+1)
	ends[count] = n
	for i := 1; i < count; i++ {
		at := max(n*i/count, ends[i-1])
		for at > 0 && at < n && identity(at) == identity(at-1) {
			at++
		}
		ends[i] = at
	}
	return ends
}

// divide has n planners plan a part each, side by side, and takes over what they
// planned, part by part, as if one had done it all. No person may be in two parts.
func (p *planner) divide(n int, f func(part *planner, i int)) {
	if n == 1 {
		f(p, 0)
		return
	}
	all := make([]planner, n)
	var others sync.WaitGroup
	for i := range all {
		all[i] = *p
		all[i].record = newRecord(&Plan{})
		if i > 0 {
			others.Go(func() { f(&all[i], i) })
		}
	}
	f(&all[0], 0)
	others.Wait()
	for i := range all {
		p.absorb(&all[i].record)
	}
}
