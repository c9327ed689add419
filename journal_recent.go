package provision

import (
	"cmp"
	"maps"
	"slices"
	"sort"
	"time"

	"github.com/provision-go/provision/target"
)

// recentKeys is on which accounts something was done lately, and when for the last
// time. It counts them without looking at each: a plan for one person asks, however
// much was done for others. The zero value is empty and ready.
type recentKeys struct {
	last   map[target.Key]doing
	doings []doing // sorted; one that is over has been done again since
	over   int     // how many of them are
	blocks []int   // how many are not over, by block
	seq    uint64
}

// doing is when something was done; seq tells apart what was done at one time.
type doing struct {
	at   int64 // Unix time in nanoseconds
	seq  uint64
	over bool
}

// blockSize is how many doings are counted together.
const blockSize = 512

// note remembers that something was done. What comes out of order, because several
// workers tell, does so by little. Told of an earlier time it keeps the later one: a process
// whose clock is behind may find out how a call has ended.
func (r *recentKeys) note(key target.Key, at time.Time) {
	if r.last == nil {
		r.last = map[target.Key]doing{}
	}
	if old, ok := r.last[key]; ok {
		if at.UnixNano() < old.at {
			return
		}
		i := r.from(old.at, old.seq)
		r.doings[i].over = true
		r.blocks[i/blockSize]--
		r.over++
	}
	r.seq++
	d := doing{at: at.UnixNano(), seq: r.seq}
	r.last[key] = d
	i := r.from(d.at, d.seq)
	r.doings = slices.Insert(r.doings, i, d)
	if last := len(r.doings) - 1; i == last && i%blockSize != 0 {
		r.blocks[i/blockSize]++
		return
	}
	if r.over > len(r.doings)/2 && r.over > blockSize {
		r.doings = slices.DeleteFunc(r.doings, func(d doing) bool { return d.over })
		r.over, i = 0, 0
	}
	r.recount(i)
}

// has reports whether something was done to an account after an instant.
func (r *recentKeys) has(key target.Key, at time.Time) bool {
	d, ok := r.last[key]
	return ok && d.at > at.UnixNano()
}

// since counts the accounts to which something was done after an instant.
func (r *recentKeys) since(at time.Time) int {
	i := r.from(at.UnixNano()+1, 0)
	n := 0
	for ; i < len(r.doings) && i%blockSize != 0; i++ {
		if !r.doings[i].over {
			n++
		}
	}
	if i < len(r.doings) {
		for _, count := range r.blocks[i/blockSize:] {
			n += count
		}
	}
	return n
}

// forget drops what was done at an instant or before.
func (r *recentKeys) forget(at time.Time) {
	until := at.UnixNano()
	i := r.from(until+1, 0)
	if i == 0 {
		return
	}
	maps.DeleteFunc(r.last, func(_ target.Key, d doing) bool { return d.at <= until })
	for _, d := range r.doings[:i] {
		if d.over {
			r.over--
		}
	}
	r.doings = slices.Delete(r.doings, 0, i)
	r.recount(0)
}

// from returns where what was done at a time, or later, begins.
func (r *recentKeys) from(at int64, seq uint64) int {
	// Nearly always it is asked about what comes last.
	if n := len(r.doings); n == 0 || before(r.doings[n-1], at, seq) {
		return n
	}
	return sort.Search(len(r.doings), func(i int) bool { return !before(r.doings[i], at, seq) })
}

func before(d doing, at int64, seq uint64) bool { return d.at < at || d.at == at && d.seq < seq }

// recount brings the blocks up to date from the one with an index on.
func (r *recentKeys) recount(i int) {
	block := i / blockSize
	r.blocks = r.blocks[:block]
	for part := range slices.Chunk(r.doings[block*blockSize:], blockSize) {
		n := 0
		for _, d := range part {
			if !d.over {
				n++
			}
		}
		r.blocks = append(r.blocks, n)
	}
}

// clamp takes what was done after an instant for done at it.
func (r *recentKeys) clamp(at time.Time) {
	limit := at.UnixNano()
	later := recentKeys{}
	keys := slices.SortedFunc(maps.Keys(r.last), func(a, b target.Key) int {
		return cmp.Or(cmp.Compare(r.last[a].at, r.last[b].at), cmp.Compare(r.last[a].seq, r.last[b].seq))
	})
	for _, key := range keys {
		later.note(key, time.Unix(0, min(r.last[key].at, limit)))
	}
	*r = later
}
