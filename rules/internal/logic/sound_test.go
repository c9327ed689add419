package logic_test

import (
	"maps"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules/internal/logic"
)

// A tally counts what is true in a world and how much of it was recognised.
type tally struct {
	dead, deadFound, implied, impliedFound, other, otherFound int
}

// TestSound compares every answer with the people of generated worlds: no answer
// is wrong, and nearly none is missing. PROVISION_STORM=1 takes 200,000 pairs.
func TestSound(t *testing.T) {
	const pairs = 100
	worlds := 48
	if os.Getenv("PROVISION_STORM") != "" {
		worlds = 2_000
	}
	var n tally
	for seed := range worlds {
		random := rand.New(rand.NewPCG(uint64(seed), 1))
		w := newWorld(random.IntN, 3+seed%6, seed%4*2)
		for range pairs {
			a, b := w.rollPair(random.IntN)
			if !w.check(t, a, b, random.IntN, &n) {
				t.Fatalf("world %d\na: %s\nb: %s", seed, w.text(a), w.text(b))
			}
		}
	}
	t.Logf("recognised: %d of %d dead conditions, %d of %d implications, %d of %d opposites",
		n.deadFound, n.dead, n.impliedFound, n.implied, n.otherFound, n.other)
	require.Greater(t, n.dead, worlds, "too few dead conditions to say anything")
	require.Greater(t, n.implied, 10*worlds, "too few implications to say anything")
	assert.GreaterOrEqual(t, float64(n.deadFound), 0.99*float64(n.dead))
	assert.GreaterOrEqual(t, float64(n.impliedFound), 0.99*float64(n.implied))
	assert.GreaterOrEqual(t, float64(n.otherFound), 0.99*float64(n.other))
}

// check compares the answers about a and b with the people of w.
func (w *world) check(t *testing.T, a, b *tree, d dice, n *tally) bool {
	t.Helper()
	fa, fb := w.formula(a), w.formula(b)
	ok := true
	for range 8 {
		p := w.people[d(len(w.people))]
		ok = assert.Equal(t, w.truth(a, p), fa.Eval(p), "evaluated for %v", p) && ok
	}
	yesA, _ := w.sets(a)
	yesB, _ := w.sets(b)
	alive := some(yesA, yesA, false)
	ok = n.count(t, "can be yes", alive, logic.CanBeYes(fa), &n.dead, &n.deadFound) && ok
	ok = n.count(t, "can both be yes", some(yesA, yesB, false), logic.Overlap(fa, fb), &n.dead, &n.deadFound) && ok
	ok = n.count(t, "is not implied", some(yesA, yesB, true), opposite(logic.Implies(fa, fb)), &n.implied, &n.impliedFound) && ok

	example, found := logic.Witness(fa)
	ok = assert.Equal(t, logic.CanBeYes(fa) == logic.True, found, "an example exactly if there is one") && ok
	if !found {
		return ok
	}
	ok = assert.Equal(t, logic.Yes, w.truth(a, example), "for the example %v", example) && ok
	anybody := maps.Clone(w.people[d(len(w.people))])
	maps.Copy(anybody, example)
	return assert.Equal(t, logic.Yes, w.truth(a, anybody), "what the example leaves open does not matter: %v", anybody) && ok
}

// count compares one answer with what is so.
func (n *tally) count(t *testing.T, question string, is bool, got logic.Answer, none, noneFound *int) bool {
	t.Helper()
	total, recognised, want := none, noneFound, logic.False
	if is {
		total, recognised, want = &n.other, &n.otherFound, logic.True
	}
	*total++
	if got == logic.NotAnalysed {
		return true
	}
	*recognised++
	return assert.Equal(t, want.String(), got.String(), question)
}

func opposite(a logic.Answer) logic.Answer {
	switch a {
	case logic.True:
		return logic.False
	case logic.False:
		return logic.True
	default:
		return a
	}
}
