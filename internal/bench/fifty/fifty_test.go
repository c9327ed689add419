package fifty_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/bench/engines"
	"github.com/provision-go/provision/internal/bench/fifty"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/target"
)

// Every form gives everybody the same.
func TestFormsAgree(t *testing.T) {
	list, err := fifty.Rules()
	require.NoError(t, err)
	require.Len(t, list, 50)
	set, err := fifty.Set()
	require.NoError(t, err)
	closures := fifty.Closures(fifty.Today())
	require.Len(t, closures, len(list))
	var forExpr, forCEL []string
	for _, r := range list {
		forExpr, forCEL = append(forExpr, r.Expr()), append(forCEL, r.CEL())
	}
	byExpr, err := engines.CompileExpr(forExpr...)
	require.NoError(t, err)
	byCEL, err := engines.CompileCEL(forCEL...)
	require.NoError(t, err)

	seen := make([]int, len(list))
	people := fifty.People(2000)
	for p := range people {
		i := &people[p]
		decision := set.Decide(rules.Person{Identity: i}, fifty.Noon())
		require.Empty(t, decision.Accounts[0].Desired.Undecided, i.ID)
		var expr, cel []target.Entitlement
		require.NoError(t, byExpr.Evaluate(engines.NewExprPerson(i, fifty.Today()), func(n int) { expr = append(expr, list[n].Give) }))
		forCEL, err := engines.NewCELPerson(i, fifty.Today())
		require.NoError(t, err)
		require.NoError(t, byCEL.Evaluate(forCEL, func(n int) { cel = append(cel, list[n].Give) }))
		var hand []target.Entitlement
		for n, c := range closures {
			if c(i) {
				seen[n]++
				hand = append(hand, list[n].Give)
			}
		}
		want := decision.Accounts[0].Desired.Entitlements
		require.ElementsMatch(t, want, hand, i.ID)
		require.Equal(t, hand, expr, i.ID)
		require.Equal(t, hand, cel, i.ID)
	}
	// A rule that is never, or always, yes measures nothing.
	for n, r := range list {
		assert.Positive(t, seen[n], r.ID)
		assert.Less(t, seen[n], len(people), r.ID)
	}
	t.Logf("%.1f of %d rules apply to a person", float64(sum(seen))/float64(len(people)), len(list))
}

func sum(list []int) int {
	total := 0
	for n := range slices.Values(list) {
		total += n
	}
	return total
}
