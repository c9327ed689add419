package limit

import "github.com/provision-go/provision/internal/bench/people"

// Hash joins both sides in any order by an index of the accounts that it builds,
// compares all fields and appends what differs.
func Hash(out []Difference, want, have []people.Plain) []Difference {
	index := make(map[string]int32, len(have))
	for j := range have {
		index[have[j].Key] = int32(j)
	}
	seen := make([]bool, len(have))
	for i := range want {
		j, ok := index[want[i].Key]
		if !ok {
			out = append(out, Difference{int32(i), -1})
			continue
		}
		seen[j] = true
		if !equal(&want[i], &have[j]) {
			out = append(out, Difference{int32(i), j})
		}
	}
	for j := range seen {
		if !seen[j] {
			out = append(out, Difference{-1, int32(j)})
		}
	}
	return out
}
