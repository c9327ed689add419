package reconcile

import (
	"runtime"
	"sync"
)

// worthwhile is how many elements are worth a goroutine of their own.
const worthwhile = 1024

// parts returns into how many parts work on n elements is divided.
func parts(n int) int { return min(runtime.GOMAXPROCS(0), n/worthwhile+1) }

// sideBySide has f work on parts of a list at once. What comes of it must not
// depend on how many there are.
func sideBySide[T any](list []T, f func(part []T)) {
	n := parts(len(list))
	var others sync.WaitGroup
	for i := 1; i < n; i++ {
		others.Go(func() { f(list[len(list)*i/n : len(list)*(i+1)/n]) })
	}
	f(list[:len(list)/n])
	others.Wait()
}
