package provisiontest

import (
	"slices"
	"testing"
)

// shrinkRuns is how often a seed is run again to shorten it.
const shrinkRuns = 300

// shrink leaves out what the violation does not need: whole steps first, in
// smaller and smaller pieces, then what happens in a step.
func (c *StormConfig) shrink(t *testing.T, b *failedSeed) {
	t.Helper()
	runs := 0
	fails := func(steps []stormStep) bool {
		if runs++; runs > shrinkRuns {
			return false
		}
		rule, what, at := c.play(t, b.seed, steps)
		if rule != b.rule {
			return false
		}
		b.steps, b.happened = steps[:min(at+1, len(steps))], what
		return true
	}
	for size := len(b.steps) / 2; size > 0; size /= 2 {
		for i := 0; i < len(b.steps); {
			end := min(i+size, len(b.steps))
			if !fails(slices.Delete(slices.Clone(b.steps), i, end)) {
				i = end
			}
		}
	}
	for i := len(b.steps) - 1; i >= 0; i-- {
		for n := 0; i < len(b.steps) && n < len(b.steps[i].beside); {
			steps := slices.Clone(b.steps)
			steps[i].beside = slices.Delete(slices.Clone(steps[i].beside), n, n+1)
			if n < steps[i].turn {
				steps[i].turn--
			}
			if !fails(steps) {
				n++
			}
		}
	}
	lists := []func(*stormStep) *[]stormAtom{
		func(s *stormStep) *[]stormAtom { return &s.events },
		func(s *stormStep) *[]stormAtom { return &s.faults },
		func(s *stormStep) *[]stormAtom { return &s.desk },
	}
	for _, list := range lists {
		for i := len(b.steps) - 1; i >= 0; i-- {
			for n := 0; i < len(b.steps) && n < len(*list(&b.steps[i])); {
				steps := slices.Clone(b.steps)
				part := list(&steps[i])
				*part = slices.Delete(slices.Clone(*part), n, n+1)
				if !fails(steps) {
					n++
				}
			}
		}
	}
}
