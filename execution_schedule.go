package provision

import (
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// schedule says which changes may run: those whose account nobody else writes
// to, in plan order on each account, and after what they need. It is used by one
// goroutine.
type schedule struct {
	changes []reconcile.Change
	index   map[string]int32 // change ID → place; nil if nothing needs anything
	ready   minHeap          // places of changes that may run, lowest first
	waits   []int32          // how many changes each one waits for
	before  []int32          // the change before it on the same account, -1 = none
	first   []int32          // first edge to a change that waits for this one, -1 = none
	edges   []edge
	taken   []bool // was ready once
	ended   []bool
	cursor  int // no change below it is open
	open    int // changes that have not ended
}

// edge is a list of the changes that wait for one change.
type edge struct{ to, next int32 }

func newSchedule(changes []reconcile.Change) schedule {
	n := len(changes)
	s := schedule{
		changes: changes, open: n,
		waits: make([]int32, n), before: make([]int32, n), first: make([]int32, n),
		taken: make([]bool, n), ended: make([]bool, n), edges: make([]edge, 0, n),
	}
	needs := 0
	for i := range changes {
		s.first[i] = -1
		s.before[i] = -1
		needs += len(changes[i].Needs)
	}
	s.queueAccounts()
	if needs > 0 {
		s.addNeeds()
	}
	for i := range changes {
		s.release(int32(i))
	}
	return s
}

// queueAccounts lines up the changes of each account, by key and by native id: a
// plan may name one account with its key in one change and without in another.
func (s *schedule) queueAccounts() {
	aliases := keysOf(s.changes)
	byKey := make(map[target.Key]int32, len(s.changes))
	byID := make(map[string]int32, len(s.changes))
	for n := range s.changes {
		i, c := int32(n), &s.changes[n]
		key := c.Key
		if key.IsZero() {
			key = aliases[c.Account]
		}
		if !key.IsZero() {
			if last, ok := byKey[key]; ok {
				s.follow(last, i)
				s.before[i] = last
			}
			byKey[key] = i
		}
		if c.Account != "" {
			if last, ok := byID[c.Account]; ok && s.before[i] != last {
				s.follow(last, i)
				if s.before[i] < last {
					s.before[i] = last
				}
			}
			byID[c.Account] = i
		}
	}
}

// keysOf returns the keys of the accounts that some change names by native id
// alone, as far as another change tells.
func keysOf(changes []reconcile.Change) map[string]target.Key {
	var keys map[string]target.Key
	for i := range changes {
		if c := &changes[i]; c.Key.IsZero() && c.Account != "" {
			if keys == nil {
				keys = map[string]target.Key{}
			}
			keys[c.Account] = target.Key{}
		}
	}
	if keys == nil {
		return nil
	}
	for i := range changes {
		if known, ok := keys[changes[i].Account]; ok && known.IsZero() {
			keys[changes[i].Account] = changes[i].Key
		}
	}
	return keys
}

func (s *schedule) addNeeds() {
	s.index = make(map[string]int32, len(s.changes))
	for n := range s.changes {
		if _, twice := s.index[s.changes[n].ID]; !twice {
			s.index[s.changes[n].ID] = int32(n)
		}
	}
	for n := range s.changes {
		for _, need := range s.changes[n].Needs {
			if on, ok := s.index[need.Change]; ok && int(on) != n {
				s.follow(on, int32(n))
			}
		}
	}
}

// follow makes one change wait for another.
func (s *schedule) follow(on, i int32) {
	s.edges = append(s.edges, edge{to: i, next: s.first[on]})
	s.first[on] = int32(len(s.edges) - 1)
	s.waits[i]++
}

func (s *schedule) release(i int32) {
	if s.waits[i] == 0 && !s.taken[i] {
		s.taken[i] = true
		s.ready.push(i)
	}
}

// end notes that a change has its result, and lets go what waited for it.
func (s *schedule) end(i int32) {
	s.ended[i] = true
	s.open--
	for e := s.first[i]; e >= 0; e = s.edges[e].next {
		s.waits[s.edges[e].to]--
		s.release(s.edges[e].to)
	}
}

// find returns the place of a change, and false if it is not among those to be
// run.
func (s *schedule) find(id string) (int32, bool) {
	i, ok := s.index[id]
	return i, ok
}

// knot returns the change to take next when every open change waits for another
// one: needs that form a circle, or that contradict the order on an account. It
// follows what is waited for, from the first open change, to one that lacks only
// references, or else to one in the circle.
func (s *schedule) knot() int32 {
	for s.ended[s.cursor] {
		s.cursor++
	}
	i := int32(s.cursor)
	seen := map[int32]bool{}
	for !seen[i] {
		seen[i] = true
		next, ok := s.obstacle(i)
		if !ok {
			break
		}
		i = next
	}
	s.taken[i] = true
	return i
}

// obstacle returns an open change without which i cannot run at all.
func (s *schedule) obstacle(i int32) (int32, bool) {
	if b := s.before[i]; b >= 0 && !s.ended[b] {
		return b, true
	}
	for _, need := range s.changes[i].Needs {
		if on, ok := s.index[need.Change]; ok && need.Field == "" && on != i && !s.ended[on] {
			return on, true
		}
	}
	return 0, false
}

// minHeap gives back the lowest number first.
type minHeap []int32

func (h *minHeap) push(v int32) {
	*h = append(*h, v)
	s := *h
	for i := len(s) - 1; i > 0; {
		up := (i - 1) / 2
		if s[up] <= s[i] {
			return
		}
		s[up], s[i] = s[i], s[up]
		i = up
	}
}

func (h *minHeap) pop() int32 {
	s := *h
	low, last := s[0], len(s)-1
	s[0] = s[last]
	s = s[:last]
	*h = s
	for i := 0; ; {
		down := 2*i + 1
		if down >= last {
			return low
		}
		if down+1 < last && s[down+1] < s[down] {
			down++
		}
		if s[i] <= s[down] {
			return low
		}
		s[i], s[down] = s[down], s[i]
		i = down
	}
}
