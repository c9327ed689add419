package order_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/internal/order"
)

func by(texts []string) []int32 {
	return order.By(len(texts), func(i int) string { return texts[i] }, cmp.Compare)
}

func TestBySortsLikeAStableSortOfTexts(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, shape := range []string{"%d", "E%07d", "a-long-common-prefix/%d", "%x\x00", "%03d"} {
		for _, n := range []int{0, 1, 2, 3, 100, 40_000} {
			texts := make([]string, n)
			want := make([]int32, n)
			for i := range texts {
				texts[i], want[i] = fmt.Sprintf(shape, random.IntN(n)), int32(i)
			}
			slices.SortStableFunc(want, func(a, b int32) int { return cmp.Compare(texts[a], texts[b]) })
			got := by(texts)
			if got == nil {
				got = make([]int32, n)
				for i := range got {
					got[i] = int32(i)
				}
			}
			assert.Equal(t, want, got, "%s × %d", shape, n)
		}
	}
}

func TestByTellsThatTheOrderIsRight(t *testing.T) {
	assert.Nil(t, by([]string{"", "a", "a", "b"}))
	assert.Equal(t, []int32{1, 0}, by([]string{"a", ""}))
}

// A short text is a prefix of a longer one, and NUL is a byte like others.
func TestByTellsNulFromTheEndOfAText(t *testing.T) {
	assert.Equal(t, []int32{1, 3, 0, 2}, by([]string{"a\x00", "a", "b", "a"}))
}

func BenchmarkBy(b *testing.B) {
	texts := make([]string, 1_000_000)
	for i := range texts {
		texts[i] = fmt.Sprintf("E%07d", i)
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(texts), func(i, j int) { texts[i], texts[j] = texts[j], texts[i] })
	for b.Loop() {
		by(texts)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(texts)), "ns/text")
}
