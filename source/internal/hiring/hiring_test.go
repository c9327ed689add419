package hiring_test

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/hiring"
)

func TestChoose(t *testing.T) {
	march, may := source.Day(2026, 3, 1), source.Day(2026, 5, 1)
	hired := hiring.Hire{ID: "1", Status: source.PreHire, Start: march}
	tests := map[string]struct {
		hires []hiring.Hire
		want  string
	}{
		"the later one":          {[]hiring.Hire{hired, {ID: "2", Status: source.PreHire, Start: may}}, "2"},
		"the one without a day":  {[]hiring.Hire{{ID: "2", Status: source.PreHire}, {ID: "3", Status: source.PreHire, Start: may}}, "2"},
		"a hire before anything": {[]hiring.Hire{{ID: "9", Status: source.Terminated, Start: may}, {ID: "8", Status: source.Candidate}, hired}, "1"},
		"the unknown word holds": {[]hiring.Hire{{ID: "1", Status: source.Candidate}, {ID: "2"}, {ID: "3", Status: source.Terminated}}, "2"},
		"in process, not ended":  {[]hiring.Hire{{ID: "1", Status: source.Candidate}, {ID: "2", Status: source.Terminated, Start: may}}, "1"},
		"the greater number":     {[]hiring.Hire{{ID: "9", Status: source.PreHire}, {ID: "10", Status: source.PreHire}}, "10"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tt.want, hiring.Choose(tt.hires).ID) })
	}
}

func TestHandover(t *testing.T) {
	start := source.Day(2026, 5, 1)
	hires := []hiring.Hire{{ID: "1", Status: source.PreHire, Raw: "hired", Start: start}}
	for days, want := range map[int]source.Status{-400: source.PreHire, 0: source.PreHire, 30: source.PreHire, 31: source.Unknown, 4000: source.Unknown} {
		var i source.Identity
		hiring.Fill(&i, hires, start.AddDays(days), 30)
		assert.Equal(t, want, i.Status, "%d days after", days)
		assert.Equal(t, start, i.StartDate)
		assert.Equal(t, "hired", i.StatusRaw)
		assert.Empty(t, i.Employments)
	}
	var i source.Identity
	hiring.Fill(&i, []hiring.Hire{{ID: "1", Status: source.PreHire}}, start, 30)
	assert.Equal(t, source.PreHire, i.Status, "without a first day the rules decide nothing")
}

// Whatever the applications say and in whatever order they come: nobody works
// because of them, the same one counts, and it is the first employment.
func TestFillProperties(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	statuses := []source.Status{source.Unknown, source.Candidate, source.PreHire, source.Terminated}
	today := source.Day(2026, 1, 1)
	for range 2000 {
		hires := make([]hiring.Hire, 1+random.IntN(6))
		for n := range hires {
			hires[n] = hiring.Hire{ID: strconv.Itoa(n + 7), Status: statuses[random.IntN(4)]}
			if random.IntN(2) == 0 {
				hires[n].Start = today.AddDays(random.IntN(20) - 10)
			}
		}
		var one, other source.Identity
		chosen := hiring.Fill(&one, hires, today, 3).ID
		random.Shuffle(len(hires), func(a, b int) { hires[a], hires[b] = hires[b], hires[a] })
		hiring.Fill(&other, hires, today, 3)
		require.Equal(t, one, other)
		require.True(t, hiring.Permitted(one.Status))
		if len(hires) > 1 {
			require.Len(t, one.Employments, len(hires))
			require.Equal(t, chosen, one.Employments[0].ID)
			require.True(t, one.Employments[0].Primary)
		}
		for _, h := range hires {
			require.True(t, !one.Status.Ended() || h.Status.Ended(), "a hire elsewhere is no end")
			require.True(t, h.Status != source.PreHire || one.Status == source.PreHire || one.Status == source.Unknown)
		}
	}
}

func TestDay(t *testing.T) {
	for text, want := range map[string]string{
		"2026-04-01": "2026-04-01", " 2026-04-01 ": "2026-04-01", "2026-04-01T00:00:00.000Z": "2026-04-01", "2026-04-01T00:00Z": "2026-04-01",
		"2026-04-01T00:00:00+02:00": "2026-04-01", "2026-04-01T00:00:00": "2026-04-01", "2026-04-01T07:00:00Z": "2026-04-01T07:00:00Z",
		"2026-04-01T": "2026-04-01T", "1T00:00": "1T00:00", "": "", "2026-04-01T00:00:00 PM": "2026-04-01T00:00:00 PM",
	} {
		assert.Equal(t, want, hiring.Day(text), text)
	}
}
