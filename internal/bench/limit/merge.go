// Package limit holds what the module is measured against: the least that a
// program written for one purpose has to do, by hand, as fast as it goes.
package limit

import (
	"slices"

	"github.com/provision-go/provision/internal/bench/people"
)

// A Difference is where something desired and an account differ. Who is missing on
// a side is -1.
type Difference struct{ Want, Have int32 }

// Merge joins both sides, sorted by key, compares all fields and appends what
// differs.
func Merge(out []Difference, want, have []people.Plain) []Difference {
	i, j := 0, 0
	for i < len(want) && j < len(have) {
		a, b := &want[i], &have[j]
		switch {
		case a.Key == b.Key:
			if !equal(a, b) {
				out = append(out, Difference{int32(i), int32(j)})
			}
			i++
			j++
		case a.Key < b.Key:
			out = append(out, Difference{int32(i), -1})
			i++
		default:
			out = append(out, Difference{-1, int32(j)})
			j++
		}
	}
	for ; i < len(want); i++ {
		out = append(out, Difference{int32(i), -1})
	}
	for ; j < len(have); j++ {
		out = append(out, Difference{-1, int32(j)})
	}
	return out
}

func equal(a, b *people.Plain) bool {
	return a.State == b.State && a.Attributes == b.Attributes && slices.Equal(a.Entitlements, b.Entitlements)
}
