package source

import (
	"runtime"
	"slices"
	"sync"
)

// Filled returns for how many people each field has a value, by the names of
// [Fields] and of custom fields as in [Field]. Fields that follow from others, the ID
// and fields that nobody has are left out. A plan compares it with the last read:
// a column that vanished from an export says nothing about anybody.
func (s Snapshot) Filled() map[string]int {
	fields := slices.DeleteFunc(fieldTable(), func(f FieldSpec) bool { return f.ReadOnly || f.Name == "id" })
	workers := min(runtime.GOMAXPROCS(0), len(s.identities)/10_000+1)
	counts, custom := make([][]int, workers), make([]map[string]int, workers)
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			part := s.identities[len(s.identities)*w/workers : len(s.identities)*(w+1)/workers]
			counts[w], custom[w] = filled(part, fields)
		})
	}
	all.Wait()
	out := map[string]int{}
	for w := range workers {
		for i, n := range counts[w] {
			if n > 0 {
				out[fields[i].Name] += n
			}
		}
		for key, n := range custom[w] {
			out[customPrefix+key] += n
		}
	}
	return out
}

func filled(people []*Identity, fields []FieldSpec) (counts []int, custom map[string]int) {
	counts, custom = make([]int, len(fields)), map[string]int{}
	for _, p := range people {
		for i := range fields {
			f := &fields[i] // Missing takes a copy, which costs more than the question
			if f.text != nil && *f.text(p) == "" || f.date != nil && f.date(p).IsZero() ||
				f.text == nil && f.date == nil && f.Missing(p) {
				continue
			}
			counts[i]++
		}
		for key, values := range p.Custom {
			if len(values) > 0 {
				custom[key]++
			}
		}
	}
	return counts, custom
}
