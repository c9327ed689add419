package people

import (
	"runtime"
	"sync"
)

// An Order lists the numbers of a company's people.
type Order []int32

// Sorted lists people by ID.
func (c Company) Sorted() Order {
	order := make(Order, c.Size)
	for i := range order {
		order[i] = int32(i)
	}
	return order
}

// Shuffled lists people in an order without any system, which differs by salt.
func (c Company) Shuffled(salt uint64) Order {
	order := c.Sorted()
	h := mix(c.Seed ^ mix(salt))
	for i := len(order) - 1; i > 0; i-- {
		h = mix(h)
		j := int(h % uint64(i+1))
		order[i], order[j] = order[j], order[i]
	}
	return order
}

// without returns the order without people of a kind.
func (c Company) without(order Order, k Kind) Order {
	out := make(Order, 0, len(order))
	for _, n := range order {
		if c.Kind(int(n)) != k {
			out = append(out, n)
		}
	}
	return out
}

// split calls f for parts of a range, one goroutine each, and waits for them.
// Memory of each part is laid out in its order.
func split(n int, f func(from, to int)) {
	parts := runtime.GOMAXPROCS(0)
	var all sync.WaitGroup
	for i := range parts {
		all.Go(func() { f(n*i/parts, n*(i+1)/parts) })
	}
	all.Wait()
}
