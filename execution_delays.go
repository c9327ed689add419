package provision

import "time"

// delay is a change that waits for its time.
type delay struct {
	at    time.Time
	index int32
}

// delays is a heap, soonest first.
type delays []delay

// Len is for container/heap.
func (q *delays) Len() int { return len(*q) }

// Less puts the soonest first, then the lowest.
func (q *delays) Less(i, j int) bool {
	a, b := (*q)[i], (*q)[j]
	if c := a.at.Compare(b.at); c != 0 {
		return c < 0
	}
	return a.index < b.index
}

// Swap is for container/heap.
func (q *delays) Swap(i, j int) { (*q)[i], (*q)[j] = (*q)[j], (*q)[i] }

// Push is for container/heap.
func (q *delays) Push(v any) { *q = append(*q, v.(delay)) } //nolint:forcetypeassert // as above

// Pop is for container/heap.
func (q *delays) Pop() any {
	s := *q
	v := s[len(s)-1]
	*q = s[:len(s)-1]
	return v
}
