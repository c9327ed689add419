package source_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
)

func employees(n int) []source.Identity {
	out := make([]source.Identity, n)
	for i := range out {
		out[i] = source.Identity{
			ID: fmt.Sprintf("E%06d", i), Status: source.Active, WorkEmail: fmt.Sprintf("e%d@acme.example", i),
			Department: source.Named("Sales"), HireDate: source.Day(2020, 1, 1),
			Custom: map[string][]string{"badge": {"7"}, "none": nil},
		}
		if i%10 == 0 {
			out[i].LastDay = source.Day(2026, 1, 1)
		}
	}
	return out
}

func TestFilled(t *testing.T) {
	for _, n := range []int{0, 40, 30_000} {
		snap, err := source.Collect(t.Context(), memsource.New("hr", employees(n)...))
		require.NoError(t, err)
		want := map[string]int{}
		if n > 0 {
			want = map[string]int{
				"custom.badge": n, "department": n, "hire_date": n, "last_day": n / 10, "status": n, "work_email": n,
			}
		}
		assert.Equal(t, want, snap.Filled())
	}
}

func BenchmarkFilled(b *testing.B) {
	snap, err := source.Collect(b.Context(), memsource.New("hr", employees(100_000)...))
	require.NoError(b, err)
	for b.Loop() {
		_ = snap.Filled()
	}
}
