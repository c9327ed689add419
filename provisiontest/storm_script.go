package provisiontest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// A stormStep is what happens between two checks: time passes, people come and go,
// things break, somebody decides at the desk, and the engine does one thing. It is
// drawn before anything runs, so a storm without some of its steps is the same
// storm otherwise.
type stormStep struct {
	wait   time.Duration
	events []stormAtom
	faults []stormAtom
	desk   []stormAtom
	act    stormAtom
	beside []stormStep // what a second tenant does
	turn   int         // how much of that it does before this
}

// A stormAtom is one thing that happens. What n and m mean is for the kind to say.
type stormAtom struct {
	kind string
	n, m int
}

func (a stormAtom) String() string { return fmt.Sprintf("%s(%d,%d)", a.kind, a.n, a.m) }

// String writes a step in one line.
func (s *stormStep) String() string {
	parts := []string{fmt.Sprintf("+%s", s.wait)}
	for _, list := range [][]stormAtom{s.events, s.faults, s.desk} {
		for _, a := range list {
			parts = append(parts, a.String())
		}
	}
	lines := []string{strings.Join(append(parts, s.act.String()), "; ")}
	before, after := s.around()
	for i := range before {
		lines = append(lines, "       "+secondTenant+", before: "+before[i].String())
	}
	for i := range after {
		lines = append(lines, "       "+secondTenant+", after:  "+after[i].String())
	}
	return strings.Join(lines, "\n")
}

// A weight is how often something is drawn.
type weight struct {
	kind  string
	times int
}

// stormEvents are what happens to people. n is whom, m is what of.
func stormEvents() []weight {
	return []weight{
		{"joins", 3},
		{"will-join", 2},
		{"leaves", 5},
		{"leaves-later", 2},
		{"returns", 4},
		{"moves", 5},
		{"promoted", 4},
		{"department-unknown", 2},
		{"on-leave", 2},
		{"back-from-leave", 2},
		{"unlisted", 3},
		{"listed", 3},
		{"manager", 3},
		{"shares-address", 1},
		{"own-address", 1},
		{"suspended", 1},
		{"married", 1},
	}
}

// stormFaults are what breaks in one step.
func stormFaults() []weight {
	return []weight{
		// Target: n is a method, m a class of error, or after how many.
		{"fail", 8},
		{"fail-after-commit", 6},
		{"timeout", 1},
		{"timeout-after-commit", 2},
		{"throttle", 2},
		{"throttle-for-hours", 1},
		{"panic", 1},
		{"panic-after-commit", 1},
		{"random-errors", 2},
		{"down", 1},
		{"list-fails", 2},
		{"list-cut", 1},
		{"list-repeats", 1},
		{"list-loses", 1},
		{"list-empty", 1},
		{"catalogue-fails", 1},
		{"catalogue-empty", 1},
		{"lag", 2},
		{"values-normalised", 1},
		{"values-dropped", 1},
		{"title-drifts", 1},
		{"group-drifts", 1},
		{"closed-by-hand", 1},
		// Source: n is how many, or whom.
		{"source-fails", 2},
		{"source-cut", 2},
		{"source-empty", 2},
		{"source-shrinks", 2},
		{"row-twice", 1},
		{"row-contested", 2},
		{"row-without-id", 1},
		{"department-vanishes", 2},
		{"status-vanishes", 1},
		{"title-vanishes", 1},
		{"read-fails", 1},
		{"read-stale", 2},
		{"read-not-found", 1},
		// Journal: n is which append.
		{"append-fails", 2},
		{"append-fails-after", 2},
		{"journal-unreadable", 1},
		// Clock: n is how far.
		{"clock-ahead", 1},
		{"clock-behind", 1},
	}
}

// stormActs are what the engine does.
func stormActs() []weight {
	return []weight{
		{"sync", 42},
		{"one", 14},
		{"one-twice", 3},
		{"one-forged", 2},
		{"interrupted", 5},
		{"killed", 8},
		{"restart", 3},
		{"plan", 4},
		{"apply-stored", 6},
		{"apply-twice", 2},
		{"two-engines", 4},
		{"side-by-side", 3},
		{"forecast", 1},
		{"other-rules", 1},
		{"nothing", 2},
	}
}

func draw(r *rand.Rand, weights []weight) stormAtom {
	total := 0
	for _, w := range weights {
		total += w.times
	}
	at := r.IntN(total)
	for _, w := range weights {
		if at -= w.times; at < 0 {
			return stormAtom{kind: w.kind, n: r.IntN(1 << 16), m: r.IntN(1 << 16)}
		}
	}
	return stormAtom{}
}

// stormScript draws the steps of a seed.
func stormScript(seed uint64, c *StormConfig) []stormStep {
	steps := drawSteps(stormRand(seed, 0x5707), c.Steps)
	besides(c, seed, steps)
	return steps
}

// stormRand draws what a seed says, for one of several purposes.
func stormRand(seed, purpose uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed, purpose)) //nolint:gosec // a storm has to be repeatable
}

func drawSteps(r *rand.Rand, n int) []stormStep {
	events, faults, acts := stormEvents(), stormFaults(), stormActs()
	desk := []weight{{"approve", 4}, {"reject", 2}, {"release", 4}}
	steps := make([]stormStep, n)
	for i := range steps {
		s := &steps[i]
		s.wait = time.Duration(r.IntN(30)) * time.Hour
		for range r.IntN(3) {
			s.events = append(s.events, draw(r, events))
		}
		for range r.IntN(3) {
			s.faults = append(s.faults, draw(r, faults))
		}
		if r.IntN(3) == 0 {
			s.desk = append(s.desk, draw(r, desk))
		}
		s.act = draw(r, acts)
	}
	return steps
}
