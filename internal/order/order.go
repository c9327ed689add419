// Package order sorts large populations by their keys.
//
// Comparing strings that lie all over memory costs a cache miss for each
// comparison. Here every string is read once: its first bytes after the prefix
// that all have in common become a number, and numbers are what is sorted.
package order

import (
	"cmp"
	"runtime"
	"slices"
	"sync"
)

// many is how many elements are worth a second goroutine.
const many = 1 << 14

// An element is a position with the head of its text.
type element struct {
	head uint64
	at   int32
}

// By returns the positions 0 to n-1 in the order of their texts; tie decides
// between equal ones. Nil means that they are in order already. Both functions
// must be safe for concurrent use. There may be at most 1<<31-1 elements.
func By(n int, text func(i int) string, tie func(i, j int) int) []int32 {
	if sorted(n, text, tie) {
		return nil
	}
	skip := len(commonPrefix(n, text))
	compare := func(a, b element) int {
		if c := cmp.Compare(a.head, b.head); c != 0 {
			return c
		}
		i, j := int(a.at), int(b.at)
		if c := cmp.Compare(text(i), text(j)); c != 0 {
			return c
		}
		return tie(i, j)
	}
	list := make([]element, n)
	middle := n
	if n >= many && runtime.GOMAXPROCS(0) > 1 {
		middle = n / 2
	}
	var both sync.WaitGroup
	for _, part := range [][2]int{{0, middle}, {middle, n}} {
		both.Go(func() {
			for i := part[0]; i < part[1]; i++ {
				list[i] = element{head(text(i)[skip:]), int32(i)}
			}
			slices.SortFunc(list[part[0]:part[1]], compare)
		})
	}
	both.Wait()
	return merge(list[:middle], list[middle:], compare)
}

func sorted(n int, text func(i int) string, tie func(i, j int) int) bool {
	for i := 1; i < n; i++ {
		c := cmp.Compare(text(i-1), text(i))
		if c > 0 || c == 0 && tie(i-1, i) > 0 {
			return false
		}
	}
	return true
}

// commonPrefix returns what all texts begin with.
func commonPrefix(n int, text func(i int) string) string {
	prefix := text(0)
	for i := 1; i < n && prefix != ""; i++ {
		t := text(i)
		same := 0
		for same < len(prefix) && same < len(t) && prefix[same] == t[same] {
			same++
		}
		prefix = prefix[:same]
	}
	return prefix
}

// head returns the first eight bytes as a number that orders like the text;
// where two heads are equal the texts decide.
func head(text string) uint64 {
	var n uint64
	for i := range 8 {
		n <<= 8
		if i < len(text) {
			n |= uint64(text[i])
		}
	}
	return n
}

func merge(a, b []element, compare func(a, b element) int) []int32 {
	out := make([]int32, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if compare(a[0], b[0]) <= 0 {
			out = append(out, a[0].at)
			a = a[1:]
		} else {
			out = append(out, b[0].at)
			b = b[1:]
		}
	}
	for _, rest := range [][]element{a, b} {
		for _, e := range rest {
			out = append(out, e.at)
		}
	}
	return out
}
